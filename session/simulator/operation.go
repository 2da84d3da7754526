package simulator

import (
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"postroom/session/clixml"
	"postroom/session/psrp"
	"postroom/session/simulator/exchange"
	"postroom/session/wsman"
)

func itoa(n int) string { return strconv.Itoa(n) }

// longestWait is how long a Receive may wait when the client did not say, and
// at most.
const (
	usualWait   = 60 * time.Second
	longestWait = 180 * time.Second
)

// operation serves a WS-Man operation of an account that is signed in.
func (s *Server) operation(r *http.Request, q *wsman.Request, who signedIn, rule Rule) answer {
	if Kind(q.Op) == Create {
		return s.create(r, q, who, rule)
	}
	sh := s.shells.find(q.ShellID)
	if sh == nil || sh.account != who.account {
		return s.faultAnswer(q, s.shellGone(who.tenant, q.ShellID))
	}
	if !s.reaches(r, sh) {
		return s.faultAnswer(q, wsman.ShellGoneFault(who.tenant.Server(), q.ShellID))
	}
	sh.enter()
	defer sh.leave()
	switch Kind(q.Op) {
	case Command:
		return s.command(q, sh)
	case Send:
		return s.send(q, sh)
	case Receive:
		return s.fetch(r, q, sh)
	case Signal:
		return s.signal(q, sh)
	case Delete:
		if !s.shells.end(sh, func(st *Stats) { st.ShellsDeleted++ }) {
			return s.faultAnswer(q, s.shellGone(sh.tenant, q.ShellID))
		}
		return envelopeAnswer(200, wsman.AppendAck(nil, q))
	}
	// Disconnect, Reconnect and Connect: neither our client nor those of test/interop send one.
	return s.faultAnswer(q, simpleFault(sh.tenant.Server(), "UnsupportedFeature", codeNotSupported, "The WS-Management service does not support the specified feature. Remove the unsupported feature from the request and retry. "))
}

// farm is how many servers stand behind the one name.
const farm = 2

// reaches says whether a request comes to the server that has the shell. The
// affinity cookie leads there; a request without one is handed out in turn, as
// a load balancer does.
func (s *Server) reaches(r *http.Request, sh *shell) bool {
	c, err := r.Cookie(affinityCookie)
	if err != nil {
		return s.balance.Add(1)%farm == 0
	}
	return c.Value == sh.affinity
}

// balanceTo hands the affinity cookie out to a client that has none, as the load
// balancer before a farm does with any answer.
func (s *Server) balanceTo(a answer, r *http.Request) {
	if _, err := r.Cookie(affinityCookie); err != nil {
		a.header.Set("Set-Cookie", affinity(r, newPassword()))
	}
}

// affinity is the affinity cookie as a header has it.
func affinity(r *http.Request, value string) string {
	return affinityCookie + "=" + value + "; path=" + strings.TrimSuffix(r.URL.Path, "/") + "; secure; HttpOnly"
}

func (s *Server) create(r *http.Request, q *wsman.Request, who signedIn, rule Rule) answer {
	refuse := func(with Fault) answer {
		f, _ := s.refusal(Rule{Fault: with}, q, who)
		return s.faultAnswer(q, f)
	}
	switch {
	case !strings.HasSuffix(q.ResourceURI, "/powershell/Microsoft.Exchange"):
		return refuse(WrongResource)
	case who.state == AccountNoRole:
		return refuse(NoRole)
	case who.asked != "" && s.service.Find(who.asked) == nil:
		return refuse(UnknownTenant)
	case !who.tenant.Delegated:
		return refuse(NotDelegated)
	case q.ShellID == "":
		q.ShellID = strings.ToUpper(exchange.GUID(q.MessageID))
	}
	sh := s.newShell(q, who)
	if c, err := r.Cookie(affinityCookie); err == nil {
		sh.affinity = c.Value // where the front end sends this client
	}
	sh.broken = rule.Fault == BrokenPool
	switch s.shells.add(sh) {
	case overLimit:
		sh.stop()
		return refuse(Quota)
	case conflict:
		sh.stop()
		return s.faultAnswer(q, simpleFault(who.tenant.Server(), "InternalError", codeShellIDConflict, "The WS-Management service cannot process the request because the shell ID is already in use. "))
	}
	var err error
	if !sh.do(func() { err = sh.receive(psrp.GUID{}, q.Data) }) {
		err = errEnded
	}
	if err != nil {
		s.shells.end(sh, func(st *Stats) { st.ShellsLost++ })
		return s.faultAnswer(q, simpleFault(who.tenant.Server(), "InternalError", codePluginFailed, "The creationXml could not be read: "+err.Error()))
	}
	client, _, _ := net.SplitHostPort(r.RemoteAddr)
	a := envelopeAnswer(200, wsman.AppendCreated(nil, q, wsman.Created{
		URL: "https://" + r.Host + r.URL.RequestURI(), ShellID: q.ShellID, ResourceURI: q.ResourceURI, Name: q.Name, Owner: who.account, ClientIP: client,
		IdleTimeout: sh.idle, MaxIdleTimeout: s.options.IdleTimeout,
	}))
	a.header.Set("Set-Cookie", affinity(r, sh.affinity))
	a.header.Set("Request-Id", exchange.GUID(q.MessageID))
	a.header.Set("X-FEServer", who.tenant.Server())
	return a
}

func (s *Server) command(q *wsman.Request, sh *shell) answer {
	id, err := clixml.ParseGUID(q.CommandID)
	if err != nil {
		return s.faultAnswer(q, simpleFault(sh.tenant.Server(), "InvalidParameter", codeSchemaError, "The CommandId is not a GUID. "))
	}
	taken := false
	if !sh.do(func() {
		if taken = sh.commands[id]; !taken {
			sh.commands[id] = true
			err = sh.receive(id, q.Data)
		}
	}) {
		return s.faultAnswer(q, s.shellGone(sh.tenant, q.ShellID))
	}
	switch {
	case taken:
		return s.faultAnswer(q, simpleFault(sh.tenant.Server(), "InternalError", codeCommandConflict, "The WS-Management service cannot process the request because the command ID is already in use. "))
	case err != nil:
		return s.faultAnswer(q, simpleFault(sh.tenant.Server(), "InternalError", codePluginFailed, "The arguments could not be read: "+err.Error()))
	}
	return envelopeAnswer(200, wsman.AppendCommandResponse(nil, q, q.CommandID))
}

func (s *Server) send(q *wsman.Request, sh *shell) answer {
	id, known := stream(q.CommandID)
	var err error
	if !known || !sh.do(func() { err = sh.receive(id, q.Data) }) {
		return s.faultAnswer(q, s.shellGone(sh.tenant, q.ShellID))
	}
	if err != nil {
		return s.faultAnswer(q, simpleFault(sh.tenant.Server(), "InternalError", codePluginFailed, "The data could not be read: "+err.Error()))
	}
	return envelopeAnswer(200, wsman.AppendAck(nil, q))
}

// stream is the pool's stream or a pipeline's.
func stream(commandID string) (psrp.GUID, bool) {
	if commandID == "" {
		return psrp.GUID{}, true
	}
	id, err := clixml.ParseGUID(commandID)
	return id, err == nil
}

// fetch serves a Receive: at once when there is output, else when some comes,
// at the latest after the operation timeout.
func (s *Server) fetch(r *http.Request, q *wsman.Request, sh *shell) answer {
	id, known := stream(q.CommandID)
	if !known {
		return s.faultAnswer(q, s.shellGone(sh.tenant, q.ShellID))
	}
	limit := s.options.MaxEnvelope
	if q.MaxEnvelope > 0 {
		limit = min(limit, q.MaxEnvelope)
	}
	f := &fetch{room: wsman.ReceiveRoom(limit, 1), reply: make(chan fetched, 1)}
	two, gone := false, false
	alive := sh.do(func() {
		two = sh.fetching[id] != nil
		gone = id != (psrp.GUID{}) && !sh.commands[id]
		if !two && !gone {
			sh.fetching[id] = f
		}
	})
	switch {
	case !alive:
		return s.faultAnswer(q, s.shellGone(sh.tenant, q.ShellID))
	case gone:
		return s.faultAnswer(q, s.commandGone(sh, q))
	case two:
		return s.faultAnswer(q, simpleFault(sh.tenant.Server(), "Concurrency", codeConcurrency, "The WS-Management service cannot process the request because of a concurrency conflict: another Receive on this stream is under way. "))
	}
	got := s.await(r, q, sh, id, f)
	switch {
	case got.aborted:
		return s.faultAnswer(q, aborted(sh.tenant))
	case got.data == nil && got.state == "":
		return s.faultAnswer(q, wsman.TimedOutFault(sh.tenant.Server()))
	}
	reply := wsman.ReceiveAnswer{CommandID: q.CommandID, State: got.state}
	if len(got.data) > 0 {
		reply.Data = [][]byte{got.data}
	}
	return envelopeAnswer(200, wsman.AppendReceive(make([]byte, 0, len(got.data)/3*4+4096), q, reply))
}

func (s *Server) commandGone(sh *shell, q *wsman.Request) wsman.Fault {
	f := wsman.ShellGoneFault(sh.tenant.Server(), q.ShellID)
	f.Message = "The request for the Windows Remote Shell with ShellId " + q.ShellID + " failed because the command " + q.CommandID + " was not found on the server. "
	f.Reason = f.Message
	return f
}

// await waits for the loop's reply. A client that gives up, and a wait that is
// over, take the fetch back; what the loop replied before that is answered.
func (s *Server) await(r *http.Request, q *wsman.Request, sh *shell, id psrp.GUID, f *fetch) fetched {
	wait := usualWait
	if q.OperationTimeout > 0 {
		wait = min(q.OperationTimeout, longestWait)
	}
	over := make(chan struct{})
	stop := s.options.Clock.AfterFunc(wait, func() { close(over) })
	defer stop()
	select {
	case got := <-f.reply:
		return got
	case <-over:
	case <-r.Context().Done():
	}
	sh.do(func() {
		if sh.fetching[id] == f {
			delete(sh.fetching, id)
			f.reply <- fetched{}
		}
	})
	return <-f.reply // the loop answers each fetch, also when it ends
}

func (s *Server) signal(q *wsman.Request, sh *shell) answer {
	id, known := stream(q.CommandID)
	found := false
	alive := known && sh.do(func() {
		if found = sh.commands[id]; !found {
			return
		}
		if q.Signal == wsman.SignalStop {
			if p := sh.pipelines[id]; p != nil {
				p.cancel() // its goroutine says that it was stopped
			}
			return
		}
		sh.terminate(id) // every other signal ends the command, as on Windows
	})
	switch {
	case !alive:
		return s.faultAnswer(q, s.shellGone(sh.tenant, q.ShellID))
	case !found:
		return s.faultAnswer(q, s.commandGone(sh, q))
	}
	return envelopeAnswer(200, wsman.AppendAck(nil, q))
}
