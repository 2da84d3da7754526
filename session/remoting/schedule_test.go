package remoting_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/ledger"
	"postroom/session/remoting"
	"postroom/session/result"
	"postroom/session/simulator"
	"postroom/test/fixture"
	"postroom/test/given"
	"postroom/test/schedules"
)

const allSchedules = 1000

// TestSchedules plays seeded faults, cancels and exits against the simulator.
// Whatever happens, the server is left clean, no account is above its limit,
// nothing that changes is sent twice, and delivered rows are kept.
func TestSchedules(t *testing.T) {
	schedules.Play(t, allSchedules/fixture.OneOf(10), 16, func(t *testing.T, _ int, seed uint64) {
		if seed%20 == 0 { // an exit without a goodbye needs a process of its own
			playCrash(t, seed)
			return
		}
		play(t, seed)
	})
}

// faultsOf makes the faults of a seed.
func faultsOf(seed uint64) *simulator.Faults {
	return schedules.Draw(seed, 20*time.Millisecond, 200*time.Millisecond, append(schedules.Network(), []simulator.Rule{
		{Fault: simulator.DropAfter, On: simulator.Create},
		{Fault: simulator.DropAfter, On: simulator.Command},
		{Fault: simulator.DropAfter, On: simulator.Receive},
		{Fault: simulator.DropAfter, On: simulator.Delete},
		{Fault: simulator.Hang},
		{Fault: simulator.HangAfter},
		{Fault: simulator.Unavailable},
		{Fault: simulator.RedirectLoop, On: simulator.Create},
		{Fault: simulator.RedirectForeign, On: simulator.Create},
		{Fault: simulator.Redirect, On: simulator.Create},
		{Fault: simulator.LostAffinity},
		{Fault: simulator.Expire},
		{Fault: simulator.Quota, On: simulator.Create},
		{Fault: simulator.BrokenPool, On: simulator.Create},
		{Fault: simulator.SlowCmdlet, On: simulator.Cmdlet},
	}...)...)
}

func startSimulator(t *testing.T, seed uint64) *simulator.Server {
	t.Helper()
	s, err := simulator.Start(simulator.Options{Seed: int64(seed), Rows: 60, MaxEnvelope: 100_000, Dir: t.TempDir(), Faults: faultsOf(seed)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// targetAt is a target on the simulator; the names are those that it prints.
func targetAt(url, account, domain string) session.Target {
	t := session.Target{
		Endpoint: endpoint.Endpoint{
			ID: "sim", Name: "Simulator", URL: url, Kind: endpoint.KindOwn, Configuration: "Microsoft.Exchange",
			Auth: []string{endpoint.AuthBasic}, SessionLimit: 3, Delegation: true, RedirectHosts: []string{"127.0.0.1", "localhost"},
		},
		Account: account,
	}
	if domain != "" {
		t.Tenant = endpoint.Tenant{Name: domain, Domain: domain}
	}
	return t
}

// behind leads to servers by the classic door.
func behind(d session.Door) session.Doors { return session.Doors{endpoint.Remoting: d} }

// knows is a door that signs everybody in with one password.
func knows(password string) *remoting.Door {
	return remoting.NewDoor(given.Password(password))
}

// play is one schedule in this process.
func play(t *testing.T, seed uint64) {
	server := startSimulator(t, seed)
	book, err := ledger.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m := session.NewManager(session.Options{Doors: behind(knows(server.Password())), Ledger: book})
	w := workload{manager: m, seed: seed, fail: func(format string, args ...any) { t.Errorf(format, args...) }}
	for _, tenant := range server.Tenants() {
		target := targetAt(server.URL(), server.Account(), tenant.Domain)
		target.RootCAs = server.RootCAs()
		w.targets = append(w.targets, target)
	}
	w.work(t.Context())
	err = closeAll(m)
	if open, kept := server.Stats().OpenShells, entries(t, book); open > kept {
		t.Errorf("%d sessions are open on the server and %d in the ledger: %v", open, kept, err)
	}
	if err := server.SetFaults(nil); err != nil { // the next start finds a server that is well
		t.Error(err)
	}
	check(t, server, book, notConfirmed(t, closeAll(m)))
}

// notConfirmed is what CloseAll said of sessions that it could not confirm.
func notConfirmed(t *testing.T, err error) []error {
	t.Helper()
	var left *session.LeftOpenError
	if errors.As(err, &left) {
		return left.Errs
	}
	if err != nil {
		t.Errorf("CloseAll: %v", err)
	}
	return nil
}

// check holds the promises against the server's own count. unsure is what was
// said of sessions that could not be confirmed, now that the server is well: a
// Create without an answer alone leaves something to say.
func check(t *testing.T, server *simulator.Server, book *ledger.Ledger, unsure []error) {
	t.Helper()
	now := server.Stats()
	if now.OpenShells != 0 {
		t.Errorf("%d sessions are left on the server", now.OpenShells)
	}
	for _, err := range unsure {
		var maybe *session.MaybeThereError
		if !errors.As(err, &maybe) || maybe.Until.IsZero() || time.Until(maybe.Until) > 20*time.Minute {
			t.Errorf("not confirmed: %v", err)
		}
	}
	if n := entries(t, book); n != len(unsure) {
		t.Errorf("%d entries are left in the ledger, %d are told of", n, len(unsure))
	}
	if now.MaxOpenByAccount > 3 {
		t.Errorf("the account held %d sessions, its limit is 3", now.MaxOpenByAccount)
	}
	for call, times := range now.ChangesByCall {
		if times > 1 {
			t.Errorf("%s was run %d times", call, times)
		}
	}
}

func closeAll(m *session.Manager) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return m.CloseAll(ctx)
}

// workload is what the users of a schedule do.
type workload struct {
	manager *session.Manager
	targets []session.Target
	seed    uint64
	fail    func(format string, args ...any)
}

// work lets some users do some jobs each, and waits for them.
func (w *workload) work(ctx context.Context) {
	r := rand.New(rand.NewPCG(w.seed, 2))
	var users sync.WaitGroup
	for user := range 1 + r.IntN(5) {
		users.Go(func() {
			own := rand.New(rand.NewPCG(w.seed, uint64(user)+3))
			for job := range 1 + own.IntN(3) {
				w.job(ctx, own, fmt.Sprintf("%d-%d-%d", w.seed, user, job))
			}
		})
	}
	users.Wait()
}

// job opens a session, runs something, and perhaps closes it; it may lose its
// patience at any time.
func (w *workload) job(ctx context.Context, r *rand.Rand, name string) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(r.IntN(1500)+5)*time.Millisecond)
	defer cancel()
	target := w.targets[r.IntN(len(w.targets))]
	id, err := w.manager.Open(ctx, target)
	if err != nil {
		return
	}
	w.run(ctx, r, id, name)
	if r.IntN(2) == 0 {
		_ = w.manager.Close(ctx, id) // what is not confirmed, CloseAll names
	}
}

func (w *workload) run(ctx context.Context, r *rand.Rand, id session.ID, name string) {
	sink := &countingSink{Builder: result.NewTable(result.Provenance{}).Builder()}
	inv := cmdlet.Invocation{Cmdlet: "Get-Mailbox", Args: []cmdlet.Arg{{Name: "ResultSize", Value: int64(10 + r.IntN(60))}}}
	if r.IntN(2) == 0 {
		// The simulator counts a call when it begins, whether there is such a mailbox or not.
		inv = cmdlet.Invocation{Cmdlet: "Set-Mailbox", Args: []cmdlet.Arg{
			{Name: "Identity", Value: "nobody"}, {Name: "CustomAttribute1", Value: name}, {Name: "Confirm", Value: cmdlet.Switch(false)},
		}}
	}
	err := w.manager.Run(ctx, id, inv, sink)
	var partial *session.PartialError
	if errors.As(err, &partial) && !partial.Unsure && partial.Rows != sink.rows {
		w.fail("%s: the error speaks of %d rows, %d were delivered", name, partial.Rows, sink.rows)
	}
}

// countingSink counts the rows.
type countingSink struct {
	*result.Builder
	rows int
}

func (s *countingSink) EndRow() error {
	s.rows++
	return s.Builder.EndRow()
}

func (s *countingSink) Message(session.Message) {}

func (s *countingSink) Ask(context.Context, session.Prompt) (session.Answer, error) {
	return session.Answer{}, session.ErrNoAnswer
}

// The environment of a process that is to be killed.
const crashEnv = "POSTROOM_TEST_CRASH"

// playCrash is a schedule whose process is killed at some time; the next start
// deletes what it left.
func playCrash(t *testing.T, seed uint64) {
	server := startSimulator(t, seed)
	dir := t.TempDir()
	var domains []string
	for _, tenant := range server.Tenants() {
		domains = append(domains, tenant.Domain)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestCrashed$")
	cmd.Env = append(os.Environ(), "SSL_CERT_FILE="+server.CAFile(), crashEnv+"="+strings.Join(
		append([]string{fmt.Sprint(seed), dir, server.URL(), server.Account()}, domains...), " "))
	cmd.Stdin = strings.NewReader(server.Password())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(seed, 4))
	timer := time.NewTimer(time.Duration(100+r.IntN(1200)) * time.Millisecond)
	<-timer.C
	_ = cmd.Process.Kill() // it may have come to its end before
	_ = cmd.Wait()
	if err := server.SetFaults(nil); err != nil {
		t.Error(err)
	}
	// A Create that the dead process sent may still be on its way: it must not come
	// after the Delete that looks for its shell.
	if err := server.Until(t.Context(), func(s *simulator.Stats) bool { return s.Connections == 0 }); err != nil {
		t.Fatal(err)
	}

	book, err := ledger.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	m := session.NewManager(session.Options{Doors: behind(knows(server.Password())), Ledger: book})
	left, err := m.Leftovers()
	if err != nil {
		t.Fatal(err)
	}
	var unsure []error
	for _, r := range m.CleanUp(t.Context(), left, func(_ context.Context, e ledger.Entry) (session.Target, error) {
		target := targetAt(server.URL(), e.Account, "")
		target.RootCAs = server.RootCAs()
		return target, nil
	}) {
		if r.Err != nil {
			unsure = append(unsure, r.Err)
		}
	}
	check(t, server, book, unsure)
}

// TestCrashed is the process of playCrash; by itself it does nothing.
func TestCrashed(t *testing.T) {
	order := strings.Fields(os.Getenv(crashEnv))
	if len(order) < 5 {
		t.Skip("it is only run by TestSchedules, in a process of its own")
	}
	var seed uint64
	if _, err := fmt.Sscan(order[0], &seed); err != nil {
		t.Fatal(err)
	}
	password := make([]byte, 256)
	n, err := os.Stdin.Read(password)
	if err != nil {
		t.Fatal(err)
	}
	book, err := ledger.Open(order[1])
	if err != nil {
		t.Fatal(err)
	}
	w := workload{manager: session.NewManager(session.Options{Doors: behind(knows(string(password[:n]))), Ledger: book}), seed: seed, fail: t.Errorf}
	for _, domain := range order[4:] {
		w.targets = append(w.targets, targetAt(order[2], order[3], domain))
	}
	w.work(t.Context())
	<-t.Context().Done() // stays until it is killed
}

// TestNoGoroutineIsLeft: after a manager has closed everything, nothing of it
// runs on.
func TestNoGoroutineIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	for seed := range uint64(5) { // each in a test of its own, so that its simulator is closed
		t.Run(fmt.Sprint(seed), func(t *testing.T) { play(t, seed) })
	}
	wanted := func() bool { return runtime.NumGoroutine() <= before+1 }
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 3000 { // connections of the simulator end a moment after Close
		if wanted() {
			return
		}
		<-tick.C
	}
	buf := make([]byte, 1<<20)
	lines := strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n")
	slices.Sort(lines)
	t.Errorf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), strings.Join(lines, "\n\n"))
}
