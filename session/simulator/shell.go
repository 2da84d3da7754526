package simulator

import (
	"context"
	"sync"
	"time"

	"postroom/session/clixml"
	"postroom/session/psrp"
	"postroom/session/simulator/exchange"
	"postroom/session/wsman"
)

// shell is a runspace pool that a client opened. One goroutine, the loop, owns the
// protocol and all that is marked as the loop's; everything else reaches it by do. Its
// fields stand in three groups, as what does not change, what is the loop's, and what the
// mutex guards are all the state of one client.
type shell struct {
	id       string // as the client chose it, upper case
	name     string
	server   *Server
	account  string
	tenant   *exchange.Tenant
	affinity string // value of the affinity cookie
	idle     time.Duration
	ctx      context.Context //nolint:containedctx // a lifetime: it ends with the shell
	cancel   context.CancelFunc
	calls    chan func()
	running  sync.WaitGroup // the loop and the pipelines

	// of the loop
	psrp      *psrp.Server
	runspace  psrp.GUID
	nullHost  bool
	commands  map[psrp.GUID]bool // that were begun, until Terminate
	pipelines map[psrp.GUID]*pipeline
	fetching  map[psrp.GUID]*fetch
	broken    bool // a fault: the pool breaks instead of opening
	err       error

	mu       sync.Mutex        // guards what follows
	busy     int               // requests under way
	given    map[psrp.GUID]int // bytes of output by command, until Terminate
	lastSeen time.Time
	stopIdle func()
}

// fetch is a Receive that waits for output.
type fetch struct {
	room  int
	reply chan fetched // buffered: the loop never waits
}

type fetched struct {
	data    []byte
	state   string
	aborted bool
}

func (s *Server) newShell(r *wsman.Request, who signedIn) *shell {
	sh := &shell{
		id: r.ShellID, name: r.Name, server: s, account: who.account, tenant: who.tenant, idle: r.IdleTimeout,
		calls: make(chan func()), commands: map[psrp.GUID]bool{}, pipelines: map[psrp.GUID]*pipeline{}, fetching: map[psrp.GUID]*fetch{}, given: map[psrp.GUID]int{}, affinity: newPassword(), lastSeen: s.options.Clock.Now(),
	}
	if sh.idle <= 0 || sh.idle > s.options.IdleTimeout {
		sh.idle = s.options.IdleTimeout
	}
	sh.psrp = psrp.NewServer(psrp.ServerOptions{IsSwitch: who.tenant.IsSwitch})
	sh.ctx, sh.cancel = context.WithCancel(s.ctx)
	sh.running.Go(sh.loop) // ends with sh.ctx
	return sh
}

// loop runs what do gives it, and hands out output to whoever waits for it.
func (sh *shell) loop() {
	for {
		select {
		case f := <-sh.calls:
			f()
			sh.serveFetches()
		case <-sh.ctx.Done():
			for id, f := range sh.fetching {
				delete(sh.fetching, id)
				f.reply <- fetched{aborted: true}
			}
			return
		}
	}
}

// do runs f on the loop and waits for it; false when the shell has ended.
func (sh *shell) do(f func()) bool {
	done := make(chan struct{})
	select {
	case sh.calls <- func() { f(); close(done) }:
		<-done
		return true
	case <-sh.ctx.Done():
		return false
	}
}

// check keeps the first error of the protocol; on the loop. Such an error is a
// mistake of this package, or the result of a pipeline that was dropped.
func (sh *shell) check(err error) {
	if err != nil && sh.err == nil {
		sh.err = err
	}
}

// serveFetches answers each Receive for which there is output; on the loop.
func (sh *shell) serveFetches() {
	for id, f := range sh.fetching {
		data := sh.psrp.Outgoing(id, f.room)
		p := sh.pipelines[id]
		state := ""
		if p != nil {
			if p.finished && sh.psrp.Pending(id) == 0 {
				state = "Done"
			}
			p.roomAgain()
		}
		if len(data) == 0 && state == "" {
			continue
		}
		if state == "" && p != nil && len(p.answers) > 0 {
			state = "Pending"
		}
		delete(sh.fetching, id)
		sh.server.counters.count(func(st *Stats) { st.Bytes += int64(len(data)) })
		sh.mu.Lock()
		sh.given[id] += len(data)
		sh.mu.Unlock()
		f.reply <- fetched{data: data, state: state}
	}
}

// receive takes bytes of the client and does what they ask; on the loop.
func (sh *shell) receive(stream psrp.GUID, data []byte) error {
	events, err := sh.psrp.Receive(stream, data)
	for _, e := range events {
		sh.event(e)
	}
	return err
}

func (sh *shell) event(e psrp.Event) {
	switch e := e.(type) {
	case psrp.Opening:
		sh.nullHost, sh.runspace = e.NullHost, e.Pool
		if sh.broken {
			sh.check(sh.psrp.Broken(exchange.Problem(7, "InvalidRunspaceState", "System.Management.Automation.Runspaces.InvalidRunspacePoolStateException",
				"The runspace pool could not be opened: the initial session state of the account could not be built.")))
			return
		}
		sh.check(sh.psrp.Opened(sh.privateData()))
	case psrp.CreatePipeline:
		sh.newPipeline(e.ID, e.NullHost).start(e)
	case psrp.GetCommandMetadata:
		sh.metadata(e)
	case psrp.HostResponse:
		if p := sh.pipelines[e.Pipeline]; p != nil && p.answers[e.ID] != nil {
			p.answers[e.ID] <- e
			delete(p.answers, e.ID)
		}
	case psrp.GetAvailable:
		n := int64(1)
		for _, p := range sh.pipelines {
			if !p.finished {
				n = 0
			}
		}
		sh.check(sh.psrp.Available(e.CallID, n))
	case psrp.SetRunspaces:
		if e.Count == 1 {
			sh.check(sh.psrp.Accept(e.CallID))
		} else {
			sh.check(sh.psrp.Refuse(e.CallID))
		}
	case psrp.ResetState:
		sh.check(sh.psrp.Accept(e.CallID))
	}
}

// privateData is what Exchange says when a session opens: the hash is a key
// for caches of the cmdlets.
func (sh *shell) privateData() clixml.Value {
	entry := func(k string, v clixml.Value) clixml.Entry { return clixml.Entry{Key: k, Value: v} }
	dictionary := func(entries ...clixml.Entry) *clixml.Object {
		return &clixml.Object{Types: []string{"System.Management.Automation.PSPrimitiveDictionary", "System.Collections.Hashtable", "System.Object"}, Kind: clixml.Dictionary, Entries: entries}
	}
	return dictionary(
		entry("SupportedVersions", "1.0"),
		entry("ImplicitRemoting", dictionary(entry("Hash", int32(sh.tenant.CmdletsKey()&0x7FFFFFFF)))),
		entry("PSVersionTable", dictionary(
			entry("PSVersion", clixml.Version("5.1.20348.2849")), entry("PSEdition", "Desktop"), entry("BuildVersion", clixml.Version("10.0.20348.2849")),
			entry("CLRVersion", clixml.Version("4.0.30319.42000")), entry("WSManStackVersion", clixml.Version("3.0")),
			entry("PSRemotingProtocolVersion", clixml.Version("2.3")), entry("SerializationVersion", clixml.Version("1.1.0.1")),
		)),
	)
}

// metadata answers GET_COMMAND_METADATA; on the loop.
func (sh *shell) metadata(e psrp.GetCommandMetadata) {
	p := sh.newPipeline(e.ID, true)
	sh.check(sh.psrp.Metadata(e.ID, sh.tenant.Cmdlets(e.Names)))
	p.finish(psrp.PipelineCompleted, nil)
}

// terminate ends a pipeline and forgets it; on the loop.
func (sh *shell) terminate(id psrp.GUID) bool {
	if !sh.commands[id] {
		return false
	}
	delete(sh.commands, id)
	if p := sh.pipelines[id]; p != nil {
		p.cancel()
		delete(sh.pipelines, id)
	}
	sh.psrp.Drop(id)
	sh.mu.Lock()
	delete(sh.given, id)
	sh.mu.Unlock()
	if f := sh.fetching[id]; f != nil {
		delete(sh.fetching, id)
		f.reply <- fetched{aborted: true}
	}
	return true
}

// enter counts a request that is under way and keeps the shell from idling. A
// Receive that is out does so as well, as on Windows, where the idle time begins
// when no client answers any more (.NET:
// PSSessionOption.IdleTimeout, "declares the client dead"). What a service does
// beyond that, dropping a session that runs nothing, is the fault Expire.
func (sh *shell) enter() {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.busy++
	sh.lastSeen = sh.server.options.Clock.Now()
}

func (sh *shell) leave() {
	now := sh.server.options.Clock.Now()
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.busy--
	sh.lastSeen = now
}

// watchIdle ends the shell when no request came for its idle timeout.
func (sh *shell) watchIdle(d time.Duration) {
	stop := sh.server.options.Clock.AfterFunc(d, sh.idleOut)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.stopIdle = stop
}

func (sh *shell) idleOut() {
	if sh.ctx.Err() != nil {
		return
	}
	now := sh.server.options.Clock.Now()
	sh.mu.Lock()
	rest := sh.idle - now.Sub(sh.lastSeen)
	busy := sh.busy > 0
	sh.mu.Unlock()
	switch {
	case busy:
		sh.watchIdle(sh.idle)
	case rest > 0:
		sh.watchIdle(rest)
	default:
		sh.server.shells.end(sh, func(s *Stats) { s.ShellsExpired++ })
	}
}

// shells are the shells that are open.
type shells struct {
	server *Server
	mu     sync.Mutex
	open   map[string]*shell
	ended  sync.WaitGroup // shells that were taken out and have not quite ended
}

func newShells(s *Server) *shells { return &shells{server: s, open: map[string]*shell{}} }

func (l *shells) find(id string) *shell {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.open[id]
}

// admission is what came of asking for a shell.
type admission uint8

const (
	admitted admission = iota
	conflict
	overLimit
)

// add admits a shell unless its account holds as many as it may.
func (l *shells) add(sh *shell) admission {
	l.mu.Lock()
	result := l.admit(sh)
	l.mu.Unlock()
	if result == overLimit {
		l.server.counters.count(func(s *Stats) { s.ShellsRefused++ })
	}
	if result == admitted {
		sh.watchIdle(sh.idle)
	}
	return result
}

func (l *shells) admit(sh *shell) admission {
	if l.open[sh.id] != nil {
		return conflict
	}
	n := 1
	for _, other := range l.open {
		if other.account == sh.account {
			n++
		}
	}
	if n > l.server.options.SessionLimit {
		return overLimit
	}
	l.open[sh.id] = sh
	// counted under this lock, so that a Delete cannot be counted before
	l.server.counters.count(func(s *Stats) {
		s.OpenShells, s.ShellsCreated = s.OpenShells+1, s.ShellsCreated+1
		s.OpenByAccount[sh.account] = n
		s.MaxOpen[sh.account] = max(s.MaxOpen[sh.account], n)
		s.MaxOpenByAccount = max(s.MaxOpenByAccount, n)
	})
	return admitted
}

// end takes a shell out and ends it; why counts the reason. false when it had
// ended before.
func (l *shells) end(sh *shell, why func(*Stats)) bool {
	l.mu.Lock()
	if l.open[sh.id] != sh {
		l.mu.Unlock()
		return false
	}
	delete(l.open, sh.id)
	l.ended.Add(1)
	l.server.counters.count(func(s *Stats) {
		s.OpenShells--
		if s.OpenByAccount[sh.account]--; s.OpenByAccount[sh.account] == 0 {
			delete(s.OpenByAccount, sh.account)
		}
		why(s)
	})
	l.mu.Unlock()
	sh.stop()
	l.ended.Done()
	return true
}

// stop ends the shell's goroutines and waits for them.
func (sh *shell) stop() {
	sh.cancel()
	sh.mu.Lock()
	stop := sh.stopIdle
	sh.mu.Unlock()
	if stop != nil {
		stop()
	}
	sh.running.Wait()
}

// close ends all shells.
func (l *shells) close() {
	l.mu.Lock()
	all := make([]*shell, 0, len(l.open))
	for _, sh := range l.open {
		all = append(all, sh)
	}
	l.mu.Unlock()
	for _, sh := range all {
		l.end(sh, func(*Stats) {})
	}
	l.ended.Wait()
}
