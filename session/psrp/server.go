package psrp

import (
	"errors"
	"fmt"
	"io"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
)

// Server is a server's half of one runspace pool: what the client asked for, and the bytes
// that wait for its Receive calls. One goroutine at a time. It has a method for each
// message that the protocol lets a server send or read, and a field for each state of
// these: the protocol is one machine, as the client's Pool is; a file each subject.
type Server struct {
	options  ServerOptions
	random   io.Reader
	state    PoolState
	pool     GUID
	version  string
	nullHost bool

	out      map[GUID]*sendQueue
	objectID uint64
	callID   int64 // of the last host call that needs an answer

	in        map[GUID]*inStream
	held      budget
	pipelines map[GUID]*serverPipeline
	asked     map[hostCallKey]HostMethod

	key       []byte
	cipher    *sessionCipher
	keyAsked  bool   // PUBLIC_KEY_REQUEST was sent
	keySent   bool   // ENCRYPTED_SESSION_KEY was sent
	deferred  []post // messages with secrets, and what must follow them
	announced bool   // SESSION_CAPABILITY has come
}

type serverPipeline struct {
	state    PipelineState
	input    bool
	nullHost bool
}

// NewServer makes a server that waits for its client.
func NewServer(o ServerOptions) *Server {
	o.Limits = o.Limits.orDefault()
	if _, ok := versionNumber(o.Version); !ok {
		o.Version = Version23
	}
	return &Server{
		options: o, random: randomOr(o.Rand), version: o.Version,
		out: make(map[GUID]*sendQueue), in: make(map[GUID]*inStream),
		pipelines: make(map[GUID]*serverPipeline), asked: make(map[hostCallKey]HostMethod),
		held: budget{max: o.Limits.Pending},
	}
}

// ID gives the pool's id, zero before Opening or Connecting.
func (s *Server) ID() GUID { return s.pool }

// State gives the pool's state.
func (s *Server) State() PoolState { return s.state }

// PipelineState gives a pipeline's state; PipelineNotStarted for one that is
// not known.
func (s *Server) PipelineState(id GUID) PipelineState {
	if p := s.pipelines[id]; p != nil {
		return p.state
	}
	return PipelineNotStarted
}

// Opened answers Opening: the private data, a dictionary or nil, and the state
// Opened. Error: *StateError.
func (s *Server) Opened(private clixml.Value) error {
	if s.state != PoolOpening {
		return &StateError{Action: "Opened", Is: s.state.String(), Want: PoolOpening.String()}
	}
	s.state = PoolOpened
	return errors.Join(s.privateData(private), s.poolState(PoolOpened, nil))
}

func (s *Server) privateData(v clixml.Value) error {
	return s.post(post{typ: MsgApplicationPrivateData, payload: func(c *converter) (clixml.Value, error) {
		data, err := c.value(v)
		return bag(prop("ApplicationPrivateData", data)), err
	}})
}

// Broken says that the pool cannot go on, and why.
func (s *Server) Broken(err *RemoteError) error {
	s.state = PoolBroken
	return s.poolState(PoolBroken, err)
}

// Closed sends the states Closing and Closed.
func (s *Server) Closed() error {
	s.state = PoolClosed
	return errors.Join(s.poolState(PoolClosing, nil), s.poolState(PoolClosed, nil))
}

func (s *Server) poolState(state PoolState, err *RemoteError) error {
	o := bag(prop("RunspaceState", int32(state)))
	if err != nil {
		o.Extended = append(o.Extended, prop("ExceptionAsErrorRecord", writeError(err)))
	}
	return s.post(post{typ: MsgRunspacePoolState, payload: fixed(o)})
}

// running checks that a pipeline may send.
func (s *Server) running(action string, id GUID) error {
	p := s.pipelines[id]
	if p == nil {
		return &StateError{Action: action, Pipeline: id, Is: "unknown", Want: PipelineRunning.String()}
	}
	if p.state.Final() {
		return &StateError{Action: action, Pipeline: id, Is: p.state.String(), Want: PipelineRunning.String()}
	}
	return nil
}

func (s *Server) record(action string, id GUID, t MessageType, v clixml.Value) error {
	if err := s.running(action, id); err != nil {
		return err
	}
	return s.post(post{pipeline: id, typ: t, payload: fixed(v)})
}

// Output sends one object; nil is a null. Secrets in it are encrypted. Errors:
// *StateError, *clixml.EncodeError.
func (s *Server) Output(id GUID, v clixml.Value) error {
	if err := s.running("Output", id); err != nil {
		return err
	}
	return s.post(post{
		pipeline: id, typ: MsgPipelineOutput,
		payload: func(c *converter) (clixml.Value, error) { return c.value(v) },
	})
}

// OutputPayload sends one object that is CLIXML already, without a byte order
// mark; 0 bytes are a null. payload is borrowed until it is sent and may be
// given many times. Error: *StateError.
func (s *Server) OutputPayload(id GUID, payload []byte) error {
	if err := s.running("OutputPayload", id); err != nil {
		return err
	}
	m := post{pipeline: id, typ: MsgPipelineOutput}
	if len(s.deferred) == 0 {
		s.queue(m, payload)
		return nil
	}
	if payload == nil {
		payload = []byte{}
	}
	m.ready = payload
	return s.post(m)
}

// Error sends an error that does not end the pipeline. Error: *StateError.
func (s *Server) Error(id GUID, err *RemoteError) error {
	return s.record("Error", id, MsgErrorRecord, writeError(err))
}

// Record sends a warning, verbose or debug record to r.Pipeline. Error:
// *StateError.
func (s *Server) Record(r Record) error {
	return s.record("Record", r.Pipeline, recordMessage(r.Stream), writeRecord(r))
}

// Progress sends a progress record to p.Pipeline. Error: *StateError.
func (s *Server) Progress(p Progress) error {
	return s.record("Progress", p.Pipeline, MsgProgressRecord, writeProgress(p))
}

// Information sends an information record to i.Pipeline, if the client's
// version has them (2.3). Error: *StateError.
func (s *Server) Information(i Information) error {
	if s.version < Version23 {
		return s.running("Information", i.Pipeline)
	}
	return s.record("Information", i.Pipeline, MsgInformationRecord, writeInformation(i))
}

// HostCall calls a method of the client's host, for a pipeline or (id zero)
// for the pool; the answer is HostResponse with the id that is returned. Void
// methods have no answer and the id -100. Errors: *StateError (a null host
// takes no calls), *clixml.EncodeError.
func (s *Server) HostCall(id GUID, m HostMethod, params ...clixml.Value) (int64, error) {
	typ := MsgPipelineHostCall
	if id == (GUID{}) {
		typ = MsgRunspacePoolHostCall
	} else if err := s.running("HostCall", id); err != nil {
		return 0, err
	}
	if p := s.pipelines[id]; s.nullHost && p == nil || p != nil && p.nullHost {
		return 0, &StateError{Action: "HostCall", Pipeline: id, Is: "without a host", Want: "with a host"}
	}
	callID := voidCall
	if !m.isVoid() {
		callID = s.callID + 1
	}
	err := s.post(post{pipeline: id, typ: typ, payload: func(c *converter) (clixml.Value, error) {
		list := make([]clixml.Value, len(params))
		for i, v := range params {
			converted, err := c.value(v)
			if err != nil {
				return nil, err
			}
			list[i] = converted
		}
		return bag(prop("ci", callID), prop("mi", hostMethod(m)), prop("mp", listOf(arrayListTypes(), list))), nil
	}})
	if err == nil && !m.isVoid() {
		s.callID = callID
		s.asked[hostCallKey{id, callID}] = m
	}
	return callID, err
}

// Metadata answers GetCommandMetadata: the number of commands, then each.
// Finish must follow. Error: *StateError.
func (s *Server) Metadata(id GUID, cmdlets []cmdlet.Cmdlet) error {
	if err := s.record("Metadata", id, MsgPipelineOutput, writeMetadataCount(len(cmdlets))); err != nil {
		return err
	}
	for _, c := range cmdlets {
		if err := s.record("Metadata", id, MsgPipelineOutput, writeMetadata(c)); err != nil {
			return err
		}
	}
	return nil
}

// Finish ends a pipeline: PipelineCompleted, PipelineFailed or PipelineStopped.
// err is the terminating error, nil for none; a stop without one gets
// PowerShell's own. Error: *StateError.
func (s *Server) Finish(id GUID, state PipelineState, err *RemoteError) error {
	if e := s.running("Finish", id); e != nil {
		return e
	}
	if !state.Final() {
		return &StateError{Action: "Finish", Pipeline: id, Is: "to be " + state.String(), Want: "to be Completed, Failed or Stopped"}
	}
	if err == nil && state == PipelineStopped {
		err = stoppedError()
	}
	o := bag(prop("PipelineState", int32(state)))
	if err != nil {
		o.Extended = append(o.Extended, prop("ExceptionAsErrorRecord", writeError(err)))
	}
	p := s.pipelines[id]
	p.state, p.input = state, false
	return s.post(post{pipeline: id, typ: MsgPipelineState, payload: fixed(o)})
}

// stoppedError is what PowerShell gives as the reason of Stopped.
func stoppedError() *RemoteError {
	return &RemoteError{
		Message: "The pipeline has been stopped.", FullyQualifiedID: "PipelineStopped",
		Category: 14, CategoryReason: "PipelineStoppedException",
		CategoryText:  "OperationStopped: (:) [], PipelineStoppedException",
		ExceptionType: "System.Management.Automation.PipelineStoppedException",
	}
}

// Available answers GetAvailable.
func (s *Server) Available(callID, count int64) error { return s.availability(callID, count) }

// Accept answers SetRunspaces or ResetState with yes.
func (s *Server) Accept(callID int64) error { return s.availability(callID, true) }

// Refuse answers SetRunspaces or ResetState with no.
func (s *Server) Refuse(callID int64) error { return s.availability(callID, false) }

func (s *Server) availability(callID int64, v clixml.Value) error {
	return s.post(post{typ: MsgRunspaceAvailability, payload: fixed(bag(prop("SetMinMaxRunspacesResponse", v), prop("ci", callID)))})
}

// UserEvent forwards an event to the client.
func (s *Server) UserEvent(e UserEvent) error {
	return s.post(post{typ: MsgUserEvent, payload: fixed(writeUserEvent(e))})
}

// RequestKey asks the client for its public key, unless that was done: the
// event is KeyReady.
func (s *Server) RequestKey() error {
	if s.keyAsked || s.keySent {
		return nil
	}
	s.keyAsked = true
	s.queue(post{typ: MsgPublicKeyRequest}, []byte("<S></S>"))
	return nil
}

// Decrypt gives the text of a SecureString. Errors: ErrNoKey before the
// exchange, ErrBadSecureString.
func (s *Server) Decrypt(v clixml.SecureString) (string, error) {
	if s.cipher == nil {
		return "", ErrNoKey
	}
	return s.cipher.decrypt(v)
}

// makeKey makes the session key, once.
func (s *Server) makeKey() error {
	if s.cipher != nil {
		return nil
	}
	key := make([]byte, sessionKeyLen)
	if _, err := io.ReadFull(s.random, key); err != nil {
		return fmt.Errorf("psrp: session key: %w", err)
	}
	c, err := newSessionCipher(key)
	if err != nil {
		return err
	}
	s.key, s.cipher = key, c
	return nil
}

// keyArrived takes PUBLIC_KEY, answers it and queues what waited for it.
func (s *Server) keyArrived(text string) error {
	client, err := parsePublicKeyBlob(text)
	if err != nil {
		return err
	}
	if err := s.makeKey(); err != nil {
		return err
	}
	wrapped, err := wrapSessionKey(s.random, client, s.key)
	if err != nil {
		return err
	}
	s.keySent = true
	if err := s.post(post{typ: MsgEncryptedSessionKey, payload: fixed(bag(prop("EncryptedSessionKey", wrapped)))}); err != nil {
		return err
	}
	waiting := s.deferred
	s.deferred = nil
	for _, m := range waiting {
		if err := s.post(m); err != nil {
			return err
		}
	}
	return nil
}

// post queues a message. From version 2.2 on a secret is encrypted under a key
// of the server's own making, which the client asks for when it reads it; an
// older client must be asked for its public key first, and the message and
// what follows it on its pipeline wait.
func (s *Server) post(m post) error {
	for i := range s.deferred {
		if s.deferred[i].pipeline == m.pipeline && m.typ != MsgEncryptedSessionKey {
			return s.defers(m)
		}
	}
	if m.ready != nil {
		s.queue(m, m.ready)
		return nil
	}
	payload, err := encodePayload(&converter{seal: s.sealer()}, m.payload)
	if errors.Is(err, errSecret) && s.version >= Version22 {
		if err := s.makeKey(); err != nil {
			return err
		}
		payload, err = encodePayload(&converter{seal: s.sealer()}, m.payload)
	}
	switch {
	case errors.Is(err, errSecret):
		return errors.Join(s.RequestKey(), s.defers(m))
	case err != nil:
		return err
	}
	s.queue(m, payload)
	return nil
}

// defers puts a message aside until the key exchange.
func (s *Server) defers(m post) error {
	if m.ready == nil {
		if _, err := encodePayload(&converter{seal: func(string) clixml.SecureString { return "" }}, m.payload); err != nil {
			return err
		}
	}
	s.deferred = append(s.deferred, m)
	return nil
}

func (s *Server) sealer() func(string) clixml.SecureString {
	if s.cipher == nil {
		return nil
	}
	return s.cipher.encrypt
}

// queue puts a message where the client's Receive will find it: a pipeline's on
// its own stream, all others on the pool's.
func (s *Server) queue(m post, payload []byte) {
	pool := s.pool
	switch m.typ {
	case MsgSessionCapability, MsgEncryptedSessionKey, MsgPublicKeyRequest:
		pool = GUID{} // as real servers do
	}
	q := s.out[m.pipeline]
	if q == nil {
		q = new(sendQueue)
		s.out[m.pipeline] = q
	}
	q.push(newOutMessage(toClient, m.typ, pool, m.pipeline, "", payload))
}

// Drop forgets a pipeline and what is still to be sent for it.
func (s *Server) Drop(id GUID) {
	if id == (GUID{}) {
		return
	}
	if in := s.in[id]; in != nil {
		in.asm.release(&s.held)
		delete(s.in, id)
	}
	delete(s.pipelines, id)
	delete(s.out, id)
	for key := range s.asked {
		if key.pipeline == id {
			delete(s.asked, key)
		}
	}
	kept := s.deferred[:0]
	for _, m := range s.deferred {
		if m.pipeline != id {
			kept = append(kept, m)
		}
	}
	clear(s.deferred[len(kept):])
	s.deferred = kept
}

// Pending gives the number of bytes that wait to be sent on a stream, without
// the headers of fragments.
func (s *Server) Pending(stream GUID) int {
	if q := s.out[stream]; q != nil {
		return q.bytes
	}
	return 0
}

// Outgoing gives whole fragments of a stream, at most max bytes, of which
// MinPacket is the least; nil when nothing waits.
func (s *Server) Outgoing(stream GUID, max int) []byte { return s.AppendOutgoing(nil, stream, max) }

// AppendOutgoing is Outgoing into the caller's buffer: the bytes are copied
// once, from what was given to OutputPayload to dst.
func (s *Server) AppendOutgoing(dst []byte, stream GUID, max int) []byte {
	q := s.out[stream]
	if q == nil || q.front() == nil || max < MinPacket {
		return dst
	}
	if dst == nil {
		dst = make([]byte, 0, min(max, q.bytes+fragmentHeader*(len(q.waiting)-q.first+1)))
	}
	return q.appendFragments(dst, max, s.nextObjectID, func(*outMessage) bool { return true })
}

func (s *Server) nextObjectID() uint64 {
	if s.options.NextObjectID != nil {
		return s.options.NextObjectID()
	}
	s.objectID++
	return s.objectID
}
