package access_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postroom/app/demo"
	"postroom/session"
	"postroom/session/access"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/job"
	"postroom/session/ledger"
	"postroom/session/result"
	"postroom/session/signin"
	"postroom/session/simulator"
)

// bench is a way in to the demo's REST door.
type bench struct {
	*access.Access
	demo  *demo.Demo
	asked int
}

// Browser is a person who signs in.
func (b *bench) Browser(ctx context.Context, address string, _ func()) error {
	b.asked++
	return b.demo.Visit(ctx, address, "")
}

// Device is a person who types the code.
func (b *bench) Device(ctx context.Context, c signin.DeviceCode) {
	b.asked++
	_ = b.demo.EnterCode(ctx, c.Address, c.Code, "") // the sign-in then ends in an error of its own
}

func newBench(t *testing.T) *bench {
	t.Helper()
	directory, err := endpoint.OpenDirectory(filepath.Join(t.TempDir(), "endpoints.json"), nil)
	if err != nil {
		t.Fatal(err)
	}
	d, err := demo.Start(t.Context(), directory, demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Stop)
	vault, err := credential.OpenVault(t.TempDir(), credential.NewMemory())
	if err != nil {
		t.Fatal(err)
	}
	return &bench{demo: d, Access: access.New(access.Options{
		SignIns: t.TempDir(), Keys: credential.NewMemory(), Passwords: signin.NewPasswords(vault), Version: "0",
	})}
}

func (b *bench) target(method, domain string) session.Target {
	return session.Target{
		Endpoint: b.demo.Online, Auth: method, RootCAs: b.demo.Server.RootCAs(), Tenant: endpoint.Tenant{Name: domain, Domain: domain},
	}
}

func (b *bench) refuse(t *testing.T, number int, domain string) {
	t.Helper()
	f := &simulator.Faults{}
	if number != 0 {
		f.Rules = []simulator.Rule{{On: simulator.Token, Fault: simulator.EntraError, Code: number, Tenant: domain}}
	}
	if err := b.demo.Server.SetFaults(f); err != nil {
		t.Fatal(err)
	}
}

// The person is asked once; then every tenant of theirs is had without them.
func TestThePersonIsAskedOnce(t *testing.T) {
	for _, method := range []string{endpoint.AuthModern, endpoint.AuthDevice} {
		b := newBench(t)
		first := b.target(method, "")
		first.Tenant = endpoint.Tenant{}
		own, err := b.Get(t.Context(), first, credential.Secret{}, b)
		if err != nil || own.Account != b.demo.Server.Account() || b.asked != 1 {
			t.Fatalf("%s: %s, asked %d times, %v", method, own.Account, b.asked, err)
		}
		for _, tenant := range b.demo.Server.Tenants() {
			to := b.target(method, tenant.Domain)
			to.Account = own.Account
			got, err := b.Get(t.Context(), to, credential.Secret{}, nil)
			if err != nil || !strings.EqualFold(got.Tenant.ID, tenant.ID) {
				t.Errorf("%s: %s is %s, %v", method, tenant.Domain, got.Tenant.ID, err)
			}
		}
		if b.asked != 1 {
			t.Errorf("%s: asked %d times", method, b.asked)
		}
		if err := b.SignOut(t.Context(), own); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Get(t.Context(), own, credential.Secret{}, nil); !is[*session.NeedsSignInError](err) {
			t.Errorf("%s: after the sign-out: %v", method, err)
		}
	}
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// An application signs in with its certificate and for a tenant, or says why not.
func TestAnApplicationSignsIn(t *testing.T) {
	b := newBench(t)
	to := b.target(endpoint.AuthApp, b.demo.Server.Tenants()[1].Domain)
	got, err := b.Get(t.Context(), to, credential.Secret{}, nil)
	if err != nil || got.Account != b.demo.Server.ClientID() || got.Tenant.ID == "" {
		t.Fatalf("%s, %v", got.Account, err)
	}
	own := to
	own.Tenant = endpoint.Tenant{}
	if _, err := b.Get(t.Context(), own, credential.Secret{}, nil); !errors.Is(err, access.ErrNoTenant) {
		t.Errorf("without a tenant: %v", err)
	}
	without := to
	without.Endpoint.Modern.Certificate = ""
	if _, err := b.Get(t.Context(), without, credential.Secret{}, nil); !errors.Is(err, signin.ErrNoCertificate) {
		t.Errorf("without a certificate: %v", err)
	}
	broken := to
	broken.Endpoint.Modern.Certificate = filepath.Join(t.TempDir(), "app.pem")
	if err := os.WriteFile(broken.Endpoint.Modern.Certificate, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Get(t.Context(), broken, credential.Secret{}, nil); err == nil {
		t.Error("a file that is no certificate signs in")
	}
}

// The password door is left as it is.
func TestTheClassicDoorIsNotAskedForTokens(t *testing.T) {
	b := newBench(t)
	to := session.Target{Endpoint: b.demo.Endpoint, Account: "anna@postroom.example"}
	if got, err := b.Get(t.Context(), to, credential.Secret{}, nil); err != nil || got.Account != to.Account || b.asked != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

// One tenant that wants a second factor does not end the job of the others; after
// the sign-in that tenant alone is asked, and its rows are added.
func TestManyTenantsAndASignInOfOne(t *testing.T) {
	b := newBench(t)
	start := b.target(endpoint.AuthModern, "")
	start.Tenant = endpoint.Tenant{}
	own, err := b.Get(t.Context(), start, credential.Secret{}, b)
	if err != nil {
		t.Fatal(err)
	}
	book, err := ledger.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	manager := session.NewManager(session.Options{Doors: b.Doors, Ledger: book})
	t.Cleanup(func() {
		if err := manager.CloseAll(context.Background()); err != nil {
			t.Error(err)
		}
	})
	var targets []session.Target
	for _, tenant := range b.demo.Server.Tenants() {
		to := own
		to.Tenant = endpoint.Tenant{Name: tenant.Name, Domain: tenant.Domain}
		targets = append(targets, to)
	}
	refused := 2
	b.refuse(t, 50076, targets[refused].Tenant.Domain)
	table := result.NewTable(result.Provenance{})
	j := job.New(job.Work{
		Targets: targets, Task: job.Command{Pipeline: cmdlet.Pipeline{{Cmdlet: "Get-AcceptedDomain"}}}, Sessions: manager,
		Rows: table.Builder(), Face: quiet{}, InOrder: true,
	})
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, s := range j.Status() {
		if want := map[bool]job.State{true: job.SignIn, false: job.Done}[i == refused]; s.State != want {
			t.Errorf("%s is %s, want %s: %v", s.Target.Tenant.Domain, s.State, want, s.Err)
		}
	}
	rows := func() map[string]int {
		v, of := table.Snapshot(), map[string]int{}
		n, _ := v.Size()
		for row := range n {
			of[v.Value(row, 0).Text]++
		}
		return of
	}
	before := rows()
	if before[targets[refused].Tenant.Domain] != 0 || len(before) != len(targets)-1 {
		t.Errorf("rows %v", before)
	}
	b.refuse(t, 0, "")
	if _, err := b.SignIn(t.Context(), targets[refused], signin.SignIn{}, b); err != nil {
		t.Fatal(err)
	}
	if err := j.Resume(t.Context(), table.Builder(), refused); err != nil {
		t.Fatal(err)
	}
	if s := job.Summarize(j.Status()); !s.Whole() || rows()[targets[refused].Tenant.Domain] == 0 {
		t.Errorf("after the sign-in: %+v, %v", s, rows())
	}
	for domain, n := range before {
		if rows()[domain] != n {
			t.Errorf("%s has %d rows, had %d", domain, rows()[domain], n)
		}
	}
}

// quiet is a face that shows nothing.
type quiet struct{}

func (quiet) Changed()                     {}
func (quiet) Message(int, session.Message) {}
func (quiet) Ended(int, job.Status)        {}
func (quiet) Ask(context.Context, int, session.Prompt) (session.Answer, error) {
	return session.Answer{}, session.ErrNoAnswer
}

// Several tenants are checked at once: the first alone, in which the person signs in for
// all of them; one that fails is told with its steps, and the others go on. What holds
// for the account everywhere ends it.
func TestCheckAll(t *testing.T) {
	b := newBench(t)
	book, err := ledger.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	m := session.NewManager(session.Options{Doors: b.Doors, Ledger: book})
	var targets []session.Target
	for _, tenant := range b.demo.Server.Tenants() {
		targets = append(targets, b.target(endpoint.AuthModern, tenant.Domain))
	}
	at := len(targets) - 1
	b.refuse(t, 53003, targets[at].Tenant.Domain) // by a policy of that tenant
	running, most, steps := 0, 0, make([]int, len(targets))
	how := access.Several{AtOnce: 3, Changed: func(i int, c access.Checked) {
		switch {
		case c.State == access.CheckRunning && len(c.Steps) == 0 && steps[i] == 0:
			if running++; i > 0 && running > 1 {
				most = max(most, running)
			} else if i > 0 && c.Target.Account == "" {
				t.Errorf("%d began before somebody had signed in", i)
			}
		case c.State != access.CheckRunning:
			running--
		}
		if len(c.Steps) > 0 {
			steps[i] = len(c.Steps)
		}
	}}
	all := b.CheckAll(t.Context(), targets, access.Checking{Manager: m, Face: b}, how)
	for i, c := range all {
		switch {
		case c.Target.Account == "" || len(c.Steps) != steps[i]:
			t.Errorf("%d: as %q, %d steps were told of %d", i, c.Target.Account, steps[i], len(c.Steps))
		case i == at && (c.State != access.CheckFailed || c.Err == nil || len(c.Steps) != 4 || c.Steps[3].Err == nil):
			t.Errorf("%d: %+v", i, c)
		case i != at && (c.State != access.CheckDone || c.Err != nil || len(c.Steps) < 9):
			t.Errorf("%d: %+v", i, c)
		}
	}
	if b.asked != 1 || most < 2 || most > 3 || running != 0 {
		t.Errorf("the person was asked %d times; at most %d at once; %d are under way", b.asked, most, running)
	}
	ended, skipped := 0, 0
	how = access.Several{AtOnce: 2, Everywhere: func(error) bool { return true }, Changed: func(_ int, c access.Checked) {
		switch c.State {
		case access.CheckDone, access.CheckFailed:
			ended++
		case access.CheckSkipped:
			skipped++
		case access.CheckQueued, access.CheckRunning:
		}
	}}
	b.refuse(t, 53003, "")
	all = b.CheckAll(t.Context(), append(targets[at:], targets[:at]...), access.Checking{Manager: m}, how)
	if all[0].State != access.CheckFailed || ended != 1 || skipped != at {
		t.Errorf("%d ended, %d were skipped; the first: %+v", ended, skipped, all[0])
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	for i, c := range b.CheckAll(stopped, targets, access.Checking{Manager: m}, how) {
		if c.State != access.CheckSkipped {
			t.Errorf("%d of a check that was stopped: %+v", i, c)
		}
	}
}
