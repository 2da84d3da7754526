package psrp

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"postroom/session/clixml"
)

// stream gives what is known of an incoming stream.
func (p *Pool) stream(id GUID) *inStream {
	s := p.in[id]
	if s == nil {
		s = &inStream{low: p.seen.last()}
		p.in[id] = s
	}
	return s
}

// Receive takes bytes of one stream, the pool's (zero) or a pipeline's, in
// pieces of any size and gives the events that they complete. Events that were
// complete before an error are returned with it. After an error the stream
// cannot be read further and gives the same error again. Errors:
// *ProtocolError, *LimitError, *VersionError.
func (p *Pool) Receive(stream GUID, b []byte) ([]Event, error) {
	s := p.stream(stream)
	if s.err != nil {
		return nil, s.err
	}
	var events []Event
	for {
		raw, rest, err := s.asm.take(b, p.options.Limits.Message, &p.held)
		if err == nil && raw == nil {
			return events, nil
		}
		b = rest
		if err == nil && s.arrived(&p.seen) {
			if stream == (GUID{}) {
				events = p.poolGap(s, events)
			}
			events, err = p.message(stream, s, raw, events)
		}
		if err != nil {
			s.err = onStream(err, stream)
			return events, s.err
		}
	}
}

// poolGap judges the pool's own stream, which has no end, at its next message.
func (p *Pool) poolGap(s *inStream, events []Event) []Event {
	if missing, lost := s.gap(&p.seen); lost {
		events = append(events, Gap{Missing: missing})
	}
	s.suspects, s.asm.torn = nil, false
	return events
}

// onStream notes in an error on which stream it happened.
func onStream(err error, stream GUID) error {
	var protocol *ProtocolError
	var limit *LimitError
	switch {
	case errors.As(err, &protocol):
		protocol.Stream = stream
	case errors.As(err, &limit):
		limit.Stream = stream
	}
	return err
}

// message turns a message into events.
func (p *Pool) message(stream GUID, s *inStream, raw []byte, events []Event) ([]Event, error) {
	m, err := parseMessage(raw)
	if err != nil {
		return events, err
	}
	if err := checkEnds(m, toClient, p.options.ID); err != nil {
		return events, err
	}
	if stream != (GUID{}) {
		// What comes on a pipeline's stream is the pipeline's, whatever the
		// message says: servers repeat the id that they were sent, in whichever
		// order of bytes.
		m.pipeline = stream
	}
	if err := p.mindSecure(m.payload); err != nil {
		return events, err
	}
	if m.typ == MsgPipelineOutput {
		return append(events, p.output(m)), nil
	}
	v, err := clixml.Decoder{Limits: p.options.Limits.CLIXML}.Decode(m.payload)
	if err != nil {
		if vital(m.typ) {
			return events, &ProtocolError{Type: m.typ, What: "payload", Err: err}
		}
		return append(events, unknown(m, err)), nil
	}
	if m.typ == MsgPipelineState {
		return p.pipelineEnd(m, s, v, events)
	}
	var e Event
	if m.typ < MsgPipelineInput {
		e, err = p.poolMessage(m, v)
	} else {
		e = p.pipelineMessage(m, v)
	}
	switch {
	case err != nil:
		return events, err
	case e == nil:
		return append(events, unknown(m, nil)), nil
	}
	if connected, ok := e.(PoolInitData); ok && p.state == PoolConnecting {
		p.state = PoolOpened
		return append(events, connected, PoolStateChanged{State: PoolOpened}), nil
	}
	return append(events, e), nil
}

// checkEnds checks that a message is for this end and of this pool. Servers
// leave the pool's id out of some messages.
func checkEnds(m message, end uint32, pool GUID) error {
	if m.destination != end {
		return &ProtocolError{Type: m.typ, What: "a message that is for the other end"}
	}
	if m.pool != (GUID{}) && m.pool != pool {
		return &ProtocolError{Type: m.typ, What: "a message of pool " + m.pool.String()}
	}
	return nil
}

// vital tells the messages without which nothing that follows makes sense.
func vital(t MessageType) bool {
	switch t {
	case MsgSessionCapability, MsgRunspacePoolState, MsgPipelineState, MsgEncryptedSessionKey, MsgRunspacePoolInitData,
		MsgInitRunspacePool, MsgConnectRunspacePool, MsgCreatePipeline, MsgPublicKey, MsgGetCommandMetadata:
		return true
	}
	return false
}

func unknown(m message, err error) Unknown {
	return Unknown{Pipeline: m.pipeline, Type: m.typ, Payload: bytes.Clone(m.payload), Err: err}
}

// errShape says that a payload is not what its type demands.
var errShape = errors.New("psrp: the payload has another shape than its type demands")

// errNotAsked says that nothing waits for an answer that came.
var errNotAsked = errors.New("psrp: an answer to no question")

// poolMessage handles the messages about the pool.
func (p *Pool) poolMessage(m message, v clixml.Value) (Event, error) {
	o, _ := v.(*clixml.Object)
	switch m.typ {
	case MsgSessionCapability:
		return p.negotiate(o)
	case MsgApplicationPrivateData:
		if data, ok := o.Get("ApplicationPrivateData"); ok {
			return PrivateData{Value: data}, nil
		}
		return unknown(m, errShape), nil
	case MsgRunspacePoolState:
		n, ok := getNumber(o, "RunspaceState")
		if !ok {
			return nil, &ProtocolError{Type: m.typ, What: "no state", Err: errShape}
		}
		if err := p.enter(n); err != nil {
			return nil, err
		}
		return PoolStateChanged{State: p.state, Err: readError(get(o, "ExceptionAsErrorRecord"))}, nil
	case MsgRunspacePoolInitData:
		return PoolInitData{MinRunspaces: getInt32(o, "MinRunspaces", 0), MaxRunspaces: getInt32(o, "MaxRunspaces", 0)}, nil
	case MsgRunspaceAvailability:
		return p.availability(m, o), nil
	case MsgEncryptedSessionKey:
		if err := p.keyArrived(o); err != nil {
			return nil, &ProtocolError{Type: m.typ, What: "key exchange", Err: err}
		}
		return KeyReady{}, nil
	case MsgPublicKeyRequest:
		if err := p.RequestKey(); err != nil {
			return nil, &ProtocolError{Type: m.typ, What: "key exchange", Err: err}
		}
		return KeyRequested{}, nil
	case MsgUserEvent:
		if o == nil {
			return unknown(m, errShape), nil
		}
		return readUserEvent(o), nil
	case MsgRunspacePoolHostCall:
		return p.hostCall(GUID{}, m, o), nil
	}
	return nil, nil
}

// enter takes a state that the server tells of the pool: one of those that a
// server has to tell (MS-PSRP 3.2.5.4.9), and never back from an end. A pool
// whose server says anything else cannot be used further (3.1.5.1).
func (p *Pool) enter(n int64) error {
	next := PoolState(n)
	legal := false
	switch next {
	case PoolOpened:
		legal = p.state == PoolNegotiationSucceeded || p.state == PoolConnecting || p.state == PoolOpened
	case PoolClosing:
		legal = !p.state.Final()
	case PoolClosed, PoolBroken:
		legal = true
	}
	if int64(next) != n || !legal {
		return &ProtocolError{Type: MsgRunspacePoolState, What: fmt.Sprintf("state %d (%s) of a pool that is %s", n, next, p.state)}
	}
	p.state = next
	return nil
}

// negotiate accepts the server's version: 2.0 to 2.3, and not above ours.
func (p *Pool) negotiate(o *clixml.Object) (Event, error) {
	if p.state != PoolOpening && p.state != PoolConnecting {
		return nil, &ProtocolError{Type: MsgSessionCapability, What: "to a pool that is " + p.state.String()}
	}
	n := readCapability(o)
	theirs, ok := versionNumber(n.Version)
	ours, _ := versionNumber(p.options.Version)
	if !ok || theirs > ours {
		p.state = PoolBroken
		return nil, &VersionError{Ours: p.options.Version, Theirs: n.Version}
	}
	p.version = n.Version
	if p.state == PoolOpening {
		p.state = PoolNegotiationSucceeded
	}
	return n, nil
}

// availability reads RUNSPACE_AVAILABILITY (MS-PSRP 2.2.2.8): its one property
// is a number, of 32 or 64 bits, or a boolean.
func (p *Pool) availability(m message, o *clixml.Object) Event {
	id, ok := getNumber(o, "ci")
	if !ok {
		return unknown(m, errShape)
	}
	a := Availability{CallID: id, Count: -1}
	answer := get(o, "SetMinMaxRunspacesResponse")
	if n, ok := number(answer); ok {
		a.Count, a.Accepted = n, true
	} else if yes, ok := answer.(bool); ok {
		a.Accepted = yes
	} else {
		return unknown(m, errShape)
	}
	return a
}

// output makes the event of PIPELINE_OUTPUT.
func (p *Pool) output(m message) Event {
	if pipe := p.pipelines[m.pipeline]; pipe != nil && pipe.metadata {
		v, err := clixml.Decoder{Limits: p.options.Limits.CLIXML}.Decode(m.payload)
		if err != nil {
			return unknown(m, err)
		}
		if e := readMetadata(m.pipeline, v); e != nil {
			return e
		}
	}
	return Output{Pipeline: m.pipeline, Payload: m.payload}
}

// pipelineMessage handles the messages of a pipeline but its output and state.
func (p *Pool) pipelineMessage(m message, v clixml.Value) Event {
	recent := &recentRecords{}
	if pipe := p.pipelines[m.pipeline]; pipe != nil {
		recent = &pipe.recent
	}
	o, isObject := v.(*clixml.Object)
	switch m.typ {
	case MsgErrorRecord:
		if v == nil {
			return unknown(m, errShape)
		}
		return ErrorRecord{Pipeline: m.pipeline, Err: readError(v)}
	case MsgDebugRecord, MsgVerboseRecord, MsgWarningRecord:
		stream := Warning
		if m.typ == MsgDebugRecord {
			stream = Debug
		} else if m.typ == MsgVerboseRecord {
			stream = Verbose
		}
		r := readRecord(m.pipeline, stream, v)
		recent.add(stream.String(), r.Text)
		return r
	}
	if !isObject || o == nil {
		return unknown(m, errShape)
	}
	switch m.typ {
	case MsgProgressRecord:
		r := readProgress(m.pipeline, o)
		recent.add("progress", progressKey(r))
		return r
	case MsgInformationRecord:
		i := readInformation(m.pipeline, o)
		if i.isHostText() {
			recent.add(hostTextKind, i.Text)
		}
		return i
	case MsgPipelineHostCall:
		return p.hostCall(m.pipeline, m, o)
	}
	return nil
}

func (p *Pool) hostCall(pipeline GUID, m message, o *clixml.Object) Event {
	c, ok := readHostCall(pipeline, o)
	if !ok {
		return unknown(m, errShape)
	}
	if pipe := p.pipelines[pipeline]; pipe != nil {
		c.Repeats = pipe.recent.repeats(c)
	}
	if c.NeedsAnswer() {
		p.asked[hostCallKey{pipeline, c.ID}] = true
	}
	return c
}

// pipelineEnd handles PIPELINE_STATE.
func (p *Pool) pipelineEnd(m message, s *inStream, v clixml.Value, events []Event) ([]Event, error) {
	o, _ := v.(*clixml.Object)
	n, ok := getNumber(o, "PipelineState")
	if !ok {
		return events, &ProtocolError{Type: m.typ, What: "no state", Err: errShape}
	}
	e := PipelineStateChanged{Pipeline: m.pipeline, State: PipelineState(n), Err: readError(get(o, "ExceptionAsErrorRecord"))}
	switch pipe := p.pipelines[m.pipeline]; {
	case int64(e.State) != n || n < int64(PipelineNotStarted) || n > int64(PipelineDisconnected):
		return events, &ProtocolError{Type: m.typ, What: "state " + strconv.FormatInt(n, 10)}
	case m.pipeline == (GUID{}), pipe != nil && pipe.state.Final():
		return append(events, unknown(m, nil)), nil // to be ignored (MS-PSRP 3.1.5.4.21)
	case pipe != nil && e.State.Final():
		pipe.state, pipe.input = e.State, false
	}
	if e.State.Final() {
		if missing, lost := s.gap(&p.seen); lost {
			events = append(events, Gap{Pipeline: m.pipeline, Missing: missing})
			s.suspects, s.asm.torn = nil, false
		}
	}
	return append(events, e), nil
}

// LostReply says that the transport's answer with bytes of this stream may have
// been lost. The bytes that come next must begin with a fragment. From then on
// the object ids of the messages are watched: where ids are missing on all
// streams, a Gap comes before the pipeline's final state.
func (p *Pool) LostReply(stream GUID) {
	if s := p.stream(stream); s.err == nil {
		s.asm.mayHaveLost(&p.held)
	}
}

// Ended says that the transport closed a pipeline's stream: the command is
// done. When its final state has not come, something was lost: the events are
// a Gap and the state Failed without a reason. Else there are none.
func (p *Pool) Ended(id GUID) []Event {
	pipe := p.pipelines[id]
	if pipe == nil || pipe.state.Final() {
		return nil
	}
	missing, _ := p.stream(id).gap(&p.seen)
	pipe.state, pipe.input = PipelineFailed, false
	return []Event{Gap{Pipeline: id, Missing: missing}, PipelineStateChanged{Pipeline: id, State: PipelineFailed}}
}
