package simulator_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"postroom/session/psrp"
	"postroom/session/simulator"
	"postroom/session/wsman"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func get(t *testing.T, s *simulator.Server, address string) (int, []byte) {
	t.Helper()
	hc := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: s.RootCAs()}, DisableKeepAlives: true}}
	r, err := hc.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, b
}

func TestStats(t *testing.T) {
	s := start(t, simulator.Options{})
	c := mustOpen(t, s, dial{})
	c.run(call("Get-AcceptedDomain"))
	c.run(call("Get-AcceptedDomain"))
	status, body := get(t, s, strings.TrimSuffix(s.URL(), "/powershell-liveid/")+"/simulator/stats")
	var got map[string]any
	if err := json.Unmarshal(body, &got); status != 200 || err != nil {
		t.Fatalf("%d %v: %s", status, err, body)
	}
	for name, want := range map[string]float64{"open_shells": 1, "shells_created": 1, "shells_deleted": 0, "max_open_by_account": 1, "commands": 2} {
		if n, ok := got[name].(float64); !ok || n != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	if n, _ := got["requests"].(float64); n < 6 {
		t.Errorf("requests: %v", got["requests"])
	}
	if names, _ := got["commands_by_name"].(map[string]any); names["Get-AcceptedDomain"] != 2.0 {
		t.Errorf("commands by name: %v", names)
	}
	c.close()
	if got := s.Stats(); got.OpenShells != 0 || got.ShellsDeleted != 1 {
		t.Errorf("after Delete: %+v", got)
	}
	if status, _ := get(t, s, strings.Replace(s.URL(), "/powershell-liveid/", "/elsewhere/", 1)); status != 404 {
		t.Errorf("another path: %d", status)
	}
}

func TestEachStartHasItsOwnAuthorityAndPassword(t *testing.T) {
	a, b := start(t, simulator.Options{}), start(t, simulator.Options{})
	if a.Password() == b.Password() || len(a.Password()) < 16 {
		t.Error("the passwords are equal or short")
	}
	pemA, errA := os.ReadFile(a.CAFile())
	pemB, errB := os.ReadFile(b.CAFile())
	if errA != nil || errB != nil || string(pemA) == string(pemB) || !strings.Contains(string(pemA), "BEGIN CERTIFICATE") || strings.Contains(string(pemA), "PRIVATE") {
		t.Errorf("ca.pem: %v %v %s", errA, errB, pemA)
	}
	dir := t.TempDir() + "/made"
	c := start(t, simulator.Options{Dir: dir, Account: "anna@partner.example", Password: "known"})
	if c.CAFile() != dir+"/ca.pem" || c.Account() != "anna@partner.example" || c.Password() != "known" {
		t.Errorf("%s %s %s", c.CAFile(), c.Account(), c.Password())
	}
	s := mustOpen(t, c, dial{path: "/PowerShell/"})
	s.close()
}

func TestSignIn(t *testing.T) {
	s := start(t, simulator.Options{Accounts: []simulator.Account{{User: "Jörg@partner.example", Password: "pässwörd"}}})
	var auth *wsman.AuthError
	if _, err := open(t, s, dial{password: "wrong"}); !errors.As(err, &auth) || auth.HTTP != 401 {
		t.Errorf("wrong password: %v", err)
	}
	if _, err := open(t, s, dial{user: "nobody@postroom.example"}); !errors.As(err, &auth) || auth.HTTP != 401 {
		t.Errorf("unknown account: %v", err)
	}
	var page *wsman.HTTPError
	if _, err := open(t, s, dial{user: "disabled@postroom.example"}); !errors.As(err, &page) || page.Status != 400 || !strings.Contains(string(page.Body), "Bad Request") {
		t.Errorf("not enabled: %v", err)
	}
	if _, err := open(t, s, dial{user: "mfa@postroom.example"}); !errors.As(err, &auth) || !strings.Contains(string(auth.Body), "AADSTS50076") {
		t.Errorf("mfa: %v", err)
	}
	var fault *wsman.Fault
	for _, d := range []struct {
		dial     dial
		category string
	}{
		{dial{user: "norole@postroom.example"}, "AuthZ-CmdletAccessDeniedException"},
		{dial{tenant: "closed.example"}, "AuthZ-CmdletAccessDeniedException"},
		{dial{tenant: "nowhere.example"}, "AuthZ-CannotResolveTenantNameException"},
	} {
		if _, err := open(t, s, d.dial); !errors.As(err, &fault) || fault.Exchange == nil || fault.Exchange.FailureCategory != d.category {
			t.Errorf("%+v: %v", d.dial, err)
		}
	}
	mustOpen(t, s, dial{user: "jörg@partner.example", password: "pässwörd"}).close()
	if got := s.Stats(); got.OpenShells != 0 || got.ShellsCreated != 1 || got.Unauthorized != 4 {
		t.Errorf("stats: %+v", got)
	}
}

func TestLimitOfThree(t *testing.T) {
	s := start(t, simulator.Options{Accounts: []simulator.Account{{User: "other@postroom.example", Password: "x"}}})
	var all []*client
	for _, tenant := range []string{"", "soleil.example", "alpenhof.example"} {
		all = append(all, mustOpen(t, s, dial{tenant: tenant}))
	}
	var fault *wsman.Fault
	_, err := open(t, s, dial{})
	if !errors.As(err, &fault) || !strings.Contains(fault.Error(), "exceeded the maximum number of connections allowed : 3") || fault.Exchange == nil || fault.Exchange.FailureCategory != "AuthZ-AuthorizationException" {
		t.Fatalf("the fourth: %v", err)
	}
	mustOpen(t, s, dial{user: "other@postroom.example", password: "x"}).close()
	all[1].close()
	fourth := mustOpen(t, s, dial{})
	for _, c := range []*client{all[0], all[2], fourth} {
		c.close()
	}
	got := s.Stats()
	if got.MaxOpenByAccount != 3 || got.MaxOpen["admin@postroom.example"] != 3 || got.ShellsRefused != 1 || got.OpenShells != 0 || got.ShellsCreated != 5 || got.ShellsDeleted != 5 {
		t.Errorf("stats: %+v", got)
	}
}

func TestIdleShellsEnd(t *testing.T) {
	clock := simulator.NewManualClock(epoch)
	s := start(t, simulator.Options{Clock: clock})
	idle := mustOpen(t, s, dial{idle: 5 * time.Minute})
	busy := mustOpen(t, s, dial{})
	if got := idle.shell.IdleTimeout(); got != 5*time.Minute {
		t.Errorf("idle timeout %s", got)
	}
	if got := busy.shell.IdleTimeout(); got != 15*time.Minute {
		t.Errorf("idle timeout %s", got)
	}
	for range 4 {
		clock.Advance(4 * time.Minute)
		busy.run(call("Get-AcceptedDomain"))
	}
	if got := s.Stats(); got.OpenShells != 1 || got.ShellsExpired != 1 {
		t.Fatalf("stats: %+v", got)
	}
	var fault *wsman.Fault
	if _, err := idle.try(call("Get-AcceptedDomain")); !errors.As(err, &fault) || !fault.ShellGone() || !strings.Contains(fault.Error(), "was not found on the server") {
		t.Errorf("an expired shell: %v", err)
	}
	busy.close()
}

func TestReceiveWaitsAndTimesOut(t *testing.T) {
	clock := simulator.NewManualClock(epoch)
	s := start(t, simulator.Options{Clock: clock})
	c := mustOpen(t, s, dial{timeout: 20 * time.Second})
	type outcome struct {
		got wsman.Received
		err error
	}
	done := make(chan outcome, 1)
	go func() { got, err := c.shell.Receive(c.ctx, ""); done <- outcome{got, err} }() // ends with its answer
	waits(t, clock, 20*time.Second)
	clock.Advance(20 * time.Second)
	if o := <-done; o.err != nil || len(o.got.Data) != 0 {
		t.Errorf("%d bytes, %v", len(o.got.Data), o.err)
	}
	c.close()
}

func TestSlowCmdletIsStopped(t *testing.T) {
	clock := simulator.NewManualClock(epoch)
	s := start(t, simulator.Options{Clock: clock, Faults: &simulator.Faults{Rules: []simulator.Rule{{Fault: simulator.SlowCmdlet, On: simulator.Cmdlet, Cmdlet: "Get-Mailbox", Delay: simulator.Duration(time.Hour)}}}})
	c := mustOpen(t, s, dial{})
	id, err := c.begin(call("Get-Mailbox"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Played(c.ctx, simulator.SlowCmdlet, 1); err != nil {
		t.Fatal(err)
	}
	if err := c.shell.Signal(c.ctx, strings.ToUpper(id.String()), wsman.SignalStop); err != nil {
		t.Fatal(err)
	}
	r, err := c.finish(id)
	if err != nil || r.state != psrp.PipelineStopped || r.err == nil || r.err.FullyQualifiedID != "PipelineStopped" {
		t.Errorf("state %v, %v, %v", r.state, r.err, err)
	}
	if r := c.run(call("Get-AcceptedDomain")); r.state != psrp.PipelineCompleted {
		t.Errorf("the session does not go on: %v", r.err)
	}
	c.close()
}

func TestAStoppedFlowOfRowsEnds(t *testing.T) {
	s := start(t, simulator.Options{Rows: 200_000})
	c := mustOpen(t, s, dial{})
	id, err := c.begin(call("Get-Mailbox", "ResultSize", "Unlimited"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.fetch(id); err != nil {
		t.Fatal(err)
	}
	if err := c.shell.Signal(c.ctx, strings.ToUpper(id.String()), wsman.SignalStop); err != nil {
		t.Fatal(err)
	}
	r, err := c.finish(id)
	if err != nil || r.state != psrp.PipelineStopped {
		t.Fatalf("state %v, %v", r.state, err)
	}
	if len(r.rows) > 3000 {
		t.Errorf("%d rows came after the stop", len(r.rows))
	}
	c.close()
}

func TestDeleteEndsWhatRuns(t *testing.T) {
	s := start(t, simulator.Options{Rows: 200_000})
	c := mustOpen(t, s, dial{})
	if _, err := c.begin(call("Get-Mailbox", "ResultSize", "Unlimited")); err != nil {
		t.Fatal(err)
	}
	c.close()
	var fault *wsman.Fault
	if _, err := c.shell.Receive(c.ctx, ""); !errors.As(err, &fault) || !fault.ShellGone() {
		t.Errorf("Receive after Delete: %v", err)
	}
	if got := s.Stats(); got.OpenShells != 0 || got.ShellsDeleted != 1 {
		t.Errorf("stats: %+v", got)
	}
}

func TestTwoReceivesOnAStream(t *testing.T) {
	s := start(t, simulator.Options{})
	c := mustOpen(t, s, dial{})
	ctx, cancel := context.WithCancel(c.ctx)
	var wait sync.WaitGroup
	errs := make(chan error, 2)
	for range 2 {
		wait.Go(func() { _, err := c.shell.Receive(ctx, ""); errs <- err }) // ends with ctx
	}
	var fault *wsman.Fault
	if err := <-errs; !errors.As(err, &fault) || fault.Subcode != "Concurrency" {
		t.Errorf("the second Receive: %v", err)
	}
	cancel()
	wait.Wait()
	c.close()
}

func TestAShellBelongsToItsAccountAndItsCookie(t *testing.T) {
	s := start(t, simulator.Options{Accounts: []simulator.Account{{User: "other@postroom.example", Password: "x"}}})
	c := mustOpen(t, s, dial{})
	var fault *wsman.Fault
	for name, change := range map[string]func(*wsman.Record, *dial){
		"without the cookie": func(r *wsman.Record, _ *dial) { r.Cookies = nil },
		"another account":    func(_ *wsman.Record, d *dial) { d.user, d.password = "other@postroom.example", "x" },
		"another shell":      func(r *wsman.Record, _ *dial) { r.ShellID = "00000000-0000-4000-8000-000000000001" },
	} {
		r, d := c.shell.Record(), dial{}
		change(&r, &d)
		sh, err := newClient(t, s, d).Attach(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sh.Receive(c.ctx, ""); !errors.As(err, &fault) || !fault.ShellGone() {
			t.Errorf("%s: %v", name, err)
		}
	}
	// the record of the ledger is enough to delete it
	sh, err := newClient(t, s, dial{}).Attach(c.shell.Record())
	if err != nil {
		t.Fatal(err)
	}
	if err := sh.Delete(c.ctx); err != nil {
		t.Error(err)
	}
	if got := s.Stats(); got.OpenShells != 0 || got.ShellsDeleted != 1 {
		t.Errorf("stats: %+v", got)
	}
}

func TestEnvelopesKeepWithinTheLimit(t *testing.T) {
	s := start(t, simulator.Options{MaxEnvelope: 64 << 10, Epoch: epoch})
	c := mustOpen(t, s, dial{tenant: "alpenhof.example"})
	id, err := c.begin(call("Get-Mailbox"))
	if err != nil {
		t.Fatal(err)
	}
	for state := psrp.PipelineState(0); !state.Final(); {
		got, err := c.shell.Receive(c.ctx, strings.ToUpper(id.String()))
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Data) > 48<<10 {
			t.Fatalf("%d bytes in an envelope of 64 KB", len(got.Data))
		}
		events, err := c.pool.Receive(id, got.Data)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if st, ok := e.(psrp.PipelineStateChanged); ok {
				state = st.State
			}
		}
	}
	var page *wsman.HTTPError
	if err := c.shell.Send(c.ctx, "", "stdin", make([]byte, 60<<10)); !errors.As(err, &page) || page.Status != 413 {
		t.Errorf("a long request: %v", err)
	}
	c.close()
}

func TestScriptsAreRefused(t *testing.T) {
	s := start(t, simulator.Options{})
	c := mustOpen(t, s, dial{})
	// what a script looks like on the wire: psrp's client half cannot send one
	id := newGUID()
	if err := c.pool.Start(id, psrp.PipelineOptions{}, call("1+1")); err != nil {
		t.Fatal(err)
	}
	p, ok := c.pool.Outgoing(c.shell.DataLimit())
	if !ok {
		t.Fatal("nothing to send")
	}
	plain, script := `<B N="IsScript">false</B>`, `<B N="IsScript">true</B>`
	data := strings.Replace(string(p.Data), plain, script+" ", 1) // as long as before
	if data == string(p.Data) {
		t.Fatal("the pipeline has no IsScript")
	}
	if err := c.shell.Command(c.ctx, strings.ToUpper(id.String()), []byte(data)); err != nil {
		t.Fatal(err)
	}
	r, err := c.finish(id)
	if err != nil || r.state != psrp.PipelineFailed || r.err.FullyQualifiedID != "ScriptsNotAllowed" || r.err.Category != 17 {
		t.Errorf("state %v, %v, %v", r.state, r.err, err)
	}
	c.close()
}

func TestManySessionsAtOnce(t *testing.T) {
	const rows = 60
	s := start(t, simulator.Options{SessionLimit: 16, Rows: rows})
	var wait sync.WaitGroup
	for n := range 12 {
		wait.Go(func() { // ends when its session is deleted
			tenants := s.Tenants()
			c, err := open(t, s, dial{tenant: tenants[n%len(tenants)].Domain})
			if err != nil {
				t.Error(err)
				return
			}
			for range 3 {
				r, err := c.try(call("Get-Recipient", "ResultSize", int64(rows)))
				if err != nil || len(r.rows) < rows {
					t.Errorf("%d rows, %v", len(r.rows), err)
				}
				if _, err := c.try(call("Set-OrganizationConfig", "RejectDirectSend", true)); err != nil {
					t.Error(err)
				}
			}
			c.close()
		})
	}
	wait.Wait()
	if got := s.Stats(); got.OpenShells != 0 || got.ShellsDeleted != 12 || got.MaxOpenByAccount > 12 {
		t.Errorf("stats: %+v", got)
	}
}

// Close ends everything, also what a client left behind; goleak looks after it.
func TestCloseLeavesNothing(t *testing.T) {
	s, err := simulator.Start(simulator.Options{Rows: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	c := mustOpen(t, s, dial{})
	if _, err := c.begin(call("Get-Mailbox", "ResultSize", "Unlimited")); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if got := s.Stats(); got.OpenShells != 0 {
		t.Errorf("stats: %+v", got)
	}
	if _, err := os.Stat(s.CAFile()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the temporary folder is still there: %v", err)
	}
}
