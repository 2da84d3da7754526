package psrp

import (
	"postroom/session/clixml"
)

// Receive takes bytes of one stream of the client, the pool's (zero) or a
// pipeline's, in pieces of any size and gives the requests that they complete.
// Requests that were complete before an error are returned with it. After an
// error the stream cannot be read further and gives the same error again.
// Errors: *ProtocolError, *LimitError, *VersionError.
func (s *Server) Receive(stream GUID, b []byte) ([]Event, error) {
	in := s.in[stream]
	if in == nil {
		in = new(inStream)
		s.in[stream] = in
	}
	if in.err != nil {
		return nil, in.err
	}
	var events []Event
	for {
		raw, rest, err := in.asm.take(b, s.options.Limits.Message, &s.held)
		if err == nil && raw == nil {
			return events, nil
		}
		b = rest
		var e Event
		if err == nil {
			e, err = s.message(stream, raw)
		}
		if err != nil {
			in.err = onStream(err, stream)
			return events, in.err
		}
		if e != nil {
			events = append(events, e)
		}
	}
}

func (s *Server) message(stream GUID, raw []byte) (Event, error) {
	m, err := parseMessage(raw)
	if err != nil {
		return nil, err
	}
	pool := s.pool
	if pool == (GUID{}) {
		pool = m.pool
	}
	if err := checkEnds(m, toServer, pool); err != nil {
		return nil, err
	}
	if m.pipeline == (GUID{}) {
		m.pipeline = stream
	}
	if m.typ != MsgSessionCapability && !s.announced {
		return nil, &ProtocolError{Type: m.typ, What: "a message before SESSION_CAPABILITY"}
	}
	v, err := clixml.Decoder{Limits: s.options.Limits.CLIXML}.Decode(m.payload)
	if err != nil {
		if vital(m.typ) {
			return nil, &ProtocolError{Type: m.typ, What: "payload", Err: err}
		}
		return unknown(m, err), nil
	}
	if m.typ >= MsgPipelineInput || m.typ == MsgCreatePipeline || m.typ == MsgGetCommandMetadata {
		return s.pipelineRequest(m, v)
	}
	return s.poolRequest(m, v)
}

// poolRequest handles the messages about the pool.
func (s *Server) poolRequest(m message, v clixml.Value) (Event, error) {
	o, _ := v.(*clixml.Object)
	switch m.typ {
	case MsgSessionCapability:
		return nil, s.negotiate(m, o)
	case MsgInitRunspacePool:
		return s.opening(m, o)
	case MsgConnectRunspacePool:
		return s.connecting(m, o)
	case MsgPublicKey:
		if err := s.keyArrived(getText(o, "PublicKey")); err != nil {
			return nil, &ProtocolError{Type: m.typ, What: "key exchange", Err: err}
		}
		return KeyReady{}, nil
	case MsgRunspacePoolHostResponse:
		return s.hostResponse(GUID{}, m, o), nil
	}
	id, ok := getNumber(o, "ci")
	if !ok {
		return unknown(m, errShape), nil
	}
	switch m.typ {
	case MsgSetMinRunspaces:
		return SetRunspaces{CallID: id, Which: MinRunspaces, Count: getInt32(o, "MinRunspaces", 0)}, nil
	case MsgSetMaxRunspaces:
		return SetRunspaces{CallID: id, Which: MaxRunspaces, Count: getInt32(o, "MaxRunspaces", 0)}, nil
	case MsgGetAvailableRunspaces:
		return GetAvailable{CallID: id}, nil
	case MsgResetRunspaceState:
		return ResetState{CallID: id}, nil
	}
	return unknown(m, nil), nil
}

// negotiate answers SESSION_CAPABILITY with the lower of both versions; a newer
// client of the same major number gets ours.
func (s *Server) negotiate(m message, o *clixml.Object) error {
	theirs := readCapability(o).Version
	minor, ok := versionNumber(theirs)
	ours, _ := versionNumber(s.options.Version)
	switch {
	case !ok && !newerMinor(theirs):
		return &VersionError{Ours: s.options.Version, Theirs: theirs}
	case ok && minor < ours:
		s.version = theirs
	default:
		s.version = s.options.Version
	}
	s.announced = true
	s.pool = m.pool
	return s.post(post{typ: MsgSessionCapability, payload: fixed(capability(s.version))})
}

func (s *Server) opening(m message, o *clixml.Object) (Event, error) {
	if s.state != PoolBeforeOpen {
		return nil, &ProtocolError{Type: m.typ, What: "the pool is " + s.state.String()}
	}
	s.state = PoolOpening
	s.pool = m.pool
	s.nullHost = getBool(getObject(o, "HostInfo"), "_isHostNull")
	return Opening{
		Pool: s.pool, Version: s.version, NullHost: s.nullHost,
		MinRunspaces: getInt32(o, "MinRunspaces", 1), MaxRunspaces: getInt32(o, "MaxRunspaces", 1),
		Arguments: get(o, "ApplicationArguments"),
	}, nil
}

// connecting takes a client that connects: a pool that was opened by another
// one, or that this server was made to stand for.
func (s *Server) connecting(m message, o *clixml.Object) (Event, error) {
	s.state = PoolConnecting
	s.pool = m.pool
	return Connecting{
		Pool: s.pool, Version: s.version,
		MinRunspaces: getInt32(o, "MinRunspaces", -1), MaxRunspaces: getInt32(o, "MaxRunspaces", -1),
	}, nil
}

// pipelineRequest handles the messages of a pipeline.
func (s *Server) pipelineRequest(m message, v clixml.Value) (Event, error) {
	o, _ := v.(*clixml.Object)
	switch m.typ {
	case MsgCreatePipeline:
		if err := s.begin(m); err != nil {
			return nil, err
		}
		r, err := s.readPipeline(m.pipeline, o)
		if err != nil {
			return nil, err
		}
		s.pipelines[m.pipeline] = &serverPipeline{state: PipelineRunning, input: r.Input, nullHost: r.NullHost}
		return r, nil
	case MsgGetCommandMetadata:
		if err := s.begin(m); err != nil {
			return nil, err
		}
		s.pipelines[m.pipeline] = &serverPipeline{state: PipelineRunning, nullHost: s.nullHost}
		return readGetMetadata(m.pipeline, o), nil
	case MsgPipelineHostResponse:
		return s.hostResponse(m.pipeline, m, o), nil
	}
	p := s.pipelines[m.pipeline]
	if p == nil || !p.input {
		// Input may still be on its way when the pipeline has ended.
		return nil, nil
	}
	switch m.typ {
	case MsgPipelineInput:
		return PipelineInput{Pipeline: m.pipeline, Value: v, Payload: m.payload}, nil
	case MsgEndOfPipelineInput:
		p.input = false
		return EndOfInput{Pipeline: m.pipeline}, nil
	}
	return unknown(m, nil), nil
}

func (s *Server) begin(m message) error {
	if s.state != PoolOpened {
		return &ProtocolError{Type: m.typ, What: "the pool is " + s.state.String()}
	}
	if m.pipeline == (GUID{}) || s.pipelines[m.pipeline] != nil {
		return &ProtocolError{Type: m.typ, What: "pipeline " + m.pipeline.String() + " exists"}
	}
	return nil
}

func (s *Server) hostResponse(pipeline GUID, m message, o *clixml.Object) Event {
	id, ok := getNumber(o, "ci")
	if !ok {
		return unknown(m, errShape)
	}
	key := hostCallKey{pipeline, id}
	method, asked := s.asked[key]
	if !asked {
		return unknown(m, errNotAsked)
	}
	delete(s.asked, key)
	return HostResponse{Pipeline: pipeline, ID: id, Method: method, Value: get(o, "mr"), Err: readError(get(o, "me"))}
}
