package psrp

import (
	"errors"

	"postroom/session/clixml"
)

// Postroom leaves no pool behind, so the program connects to none. Recordings of Windows
// hosts have clients that did, and pipelines that others started: with these their traffic
// is replayed against the half that receives, which is the program's. Nothing of it is in
// the build.

// Connect queues the messages that connect to a pool of the same id that was
// disconnected (MS-PSRP 3.1.4.9). They travel in the transport's Connect.
// Error: *StateError.
func (p *Pool) Connect() error {
	if p.state != PoolBeforeOpen {
		return &StateError{Action: "Connect", Is: p.state.String(), Want: PoolBeforeOpen.String()}
	}
	if err := p.announce(); err != nil {
		return err
	}
	p.state = PoolConnecting
	// An empty string says that the numbers of runspaces stay (MS-PSRP 2.2.2.28).
	return p.post(post{typ: MsgConnectRunspacePool, opens: true, payload: fixed("")})
}

// Adopt notes a pipeline that runs on the server already: one of a pool that
// was connected to, or that the client of a recording started. Error: *StateError.
func (p *Pool) Adopt(id GUID) error {
	if p.pipelines[id] != nil || id == (GUID{}) {
		return &StateError{Action: "Adopt", Pipeline: id, Is: "known", Want: "new"}
	}
	p.pipelines[id] = &pipeline{state: PipelineRunning}
	p.stream(id)
	return nil
}

// Connected answers Connecting: the limits of the pool, and the private data
// when there is some (a Windows host sends none).
// Error: *StateError.
func (s *Server) Connected(minRunspaces, maxRunspaces int32, private clixml.Value) error {
	if s.state != PoolConnecting {
		return &StateError{Action: "Connected", Is: s.state.String(), Want: PoolConnecting.String()}
	}
	s.state = PoolOpened
	err := s.post(post{typ: MsgRunspacePoolInitData, payload: fixed(bag(prop("MinRunspaces", minRunspaces), prop("MaxRunspaces", maxRunspaces)))})
	if private != nil {
		err = errors.Join(err, s.privateData(private))
	}
	return err
}
