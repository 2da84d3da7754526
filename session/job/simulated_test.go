package job_test

import (
	"context"
	"crypto/x509"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/atomicfile"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/job"
	"postroom/session/ledger"
	"postroom/session/remoting"
	"postroom/session/result"
	"postroom/session/simulator"
	"postroom/test/given"
)

// simulated is a simulator with a manager before it.
type simulated struct {
	server  *simulator.Server
	manager *session.Manager
	roots   *x509.CertPool
}

func simulate(t testing.TB, o simulator.Options) *simulated {
	t.Helper()
	o.Seed, o.Dir = 1, t.TempDir()
	server, err := simulator.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	pem, err := os.ReadFile(server.CAFile())
	if err != nil {
		t.Fatal(err)
	}
	s := &simulated{server: server, roots: x509.NewCertPool()}
	if !s.roots.AppendCertsFromPEM(pem) {
		t.Fatal("the simulator's certificate cannot be read")
	}
	book, err := ledger.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s.manager = session.NewManager(session.Options{
		Doors:  session.Doors{endpoint.Remoting: remoting.NewDoor(given.Password(server.Password()))},
		Ledger: book,
	})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.manager.CloseAll(ctx); err != nil {
			t.Error(err)
		}
		if err := book.Close(); err != nil {
			t.Error(err)
		}
		if now := server.Stats(); now.OpenShells != 0 {
			t.Errorf("%d sessions are left", now.OpenShells)
		}
	})
	return s
}

// targets gives n places. The simulator has six tenants; where more are wanted
// they are asked for under other addresses of the same server, which makes them
// sessions of their own.
func (s *simulated) targets(n int) []session.Target {
	tenants := s.server.Tenants()
	list := make([]session.Target, n)
	for i := range list {
		tenant := tenants[i%len(tenants)]
		list[i] = session.Target{
			Endpoint: endpoint.Endpoint{
				Name: "Simulator", URL: fmt.Sprintf("%s?round=%d", s.server.URL(), i/len(tenants)), Kind: endpoint.KindOwn,
				Configuration: "Microsoft.Exchange", Auth: []string{endpoint.AuthBasic}, SessionLimit: 3, Delegation: true,
			},
			Tenant: endpoint.Tenant{Name: tenant.Domain, Domain: tenant.Domain}, Account: s.server.Account(), RootCAs: s.roots,
		}
	}
	return list
}

// work is a command on the targets, with a table for its rows.
func (s *simulated) work(targets []session.Target, name string, args ...cmdlet.Arg) (job.Work, *result.Table, *face) {
	table, shown := result.NewTable(result.Provenance{}, result.TenantColumn), &face{}
	return job.Work{
		Sessions: s.manager, Task: job.Command{Pipeline: cmdlet.Pipeline{{Cmdlet: name, Args: args}}},
		Targets: targets, Rows: table.Builder(), Face: shown,
	}, table, shown
}

// Thirty sessions over three slots: each is opened and closed once, the account
// is never above its limit, and each tenant is asked for nothing twice.
func TestThirtyTenantsKeepToTheLimit(t *testing.T) {
	s := simulate(t, simulator.Options{Rows: 20})
	w, table, _ := s.work(s.targets(30), "Get-AcceptedDomain")
	j := job.New(w)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	sum := job.Summarize(j.Status())
	if !sum.Whole() || sum.Rows != table.Len() || sum.Rows == 0 {
		t.Fatalf("%+v, %d rows in the table", sum, table.Len())
	}
	now := s.server.Stats()
	if now.MaxOpenByAccount > 3 {
		t.Errorf("%d sessions at once, 3 are allowed", now.MaxOpenByAccount)
	}
	if now.ShellsCreated != 30 || now.ShellsDeleted != 30 {
		t.Errorf("%d sessions made, %d deleted, of 30", now.ShellsCreated, now.ShellsDeleted)
	}
	rest := now.Requests
	for kind, most := range map[simulator.Kind]int{
		simulator.Create: 1, simulator.Command: 1, simulator.Signal: 1, simulator.Delete: 1,
		// The pool's opening and what comes after it; rows and the command's end, which may
		// come together.
		simulator.Receive: 4,
	} {
		n := now.RequestsByKind[string(kind)]
		if rest -= n; n > 30*most {
			t.Errorf("%d times %s, thirty tenants take %d at most", n, kind, 30*most)
		}
	}
	if rest > 1 {
		t.Errorf("%d other requests: the front end is asked once for its cookie", rest)
	}
}

func TestAStopInTheMiddle(t *testing.T) {
	s := simulate(t, simulator.Options{Rows: 2000})
	w, table, _ := s.work(s.targets(5), "Get-Mailbox", cmdlet.Arg{Name: "ResultSize", Value: "Unlimited"})
	var j *job.Job
	w.Rows = &counting{Appender: table.Builder(), at: 500, do: func() { j.Stop() }}
	j = job.New(w)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	sum := job.Summarize(j.Status())
	if sum.ByState[job.Stopped] == 0 || sum.ByState[job.Failed]+sum.ByState[job.Partial] > 0 || sum.Rows < 500 || sum.Rows != table.Len() {
		t.Errorf("%+v, %d rows", sum, table.Len())
	}
	for _, status := range j.Status() {
		if status.State == job.Stopped && !errors.Is(status.Err, job.ErrStopped) {
			t.Errorf("stopped for %v", status.Err)
		}
	}
}

// counting does something when so many rows have come.
type counting struct {
	result.Appender
	at int
	do func()
}

func (c *counting) EndRow() error {
	if c.at--; c.at == 0 {
		c.do()
	}
	return c.Appender.EndRow()
}

// A session that breaks off leaves its rows, is marked as partial, and does not
// end the others; tried again, the whole is whole, and so is what is exported.
func TestAPartialEndAndItsExport(t *testing.T) {
	s := simulate(t, simulator.Options{Rows: 600})
	targets := s.targets(3)
	broken := targets[1].Tenant.Domain
	if err := s.server.SetFaults(&simulator.Faults{Rules: []simulator.Rule{
		{Fault: simulator.Expire, On: simulator.Receive, Tenant: broken, After: 40_000, Limit: 1},
	}}); err != nil {
		t.Fatal(err)
	}
	w, table, _ := s.work(targets, "Get-Mailbox", cmdlet.Arg{Name: "ResultSize", Value: "Unlimited"})
	j := job.New(w)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	list := j.Status()
	if got := states(j); !slices.Equal(got, []job.State{job.Done, job.Partial, job.Done}) {
		t.Fatalf("%v, %v", got, list[1].Err)
	}
	if list[1].Rows == 0 || list[1].Rows >= 600 || table.Len() != list[0].Rows+list[1].Rows+list[2].Rows {
		t.Errorf("%d rows of %d came of the broken one, %d in all", list[1].Rows, 600, table.Len())
	}
	whole := result.NewTable(result.Provenance{}, result.TenantColumn)
	if err := j.Carry(t.Context(), whole.Builder(), table.Snapshot(), j.Retryable()...); err != nil {
		t.Fatal(err)
	}
	if err := j.Retry(t.Context(), whole.Builder()); err != nil {
		t.Fatal(err)
	}
	if !job.Summarize(j.Status()).Whole() || whole.Len() != 1800 {
		t.Errorf("%v, %d rows of 1800", states(j), whole.Len())
	}
	file := exported(t, whole)
	lines, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, line := range lines[1:] {
		count[line[0]]++
	}
	for _, at := range targets {
		if count[at.Tenant.Domain] != 600 {
			t.Errorf("%d rows of %s are in the file", count[at.Tenant.Domain], at.Tenant.Domain)
		}
	}
}

// exported writes a table over an older file, as both faces do, and gives what stands
// there then. An export that breaks off leaves the older one, and nothing of itself.
func exported(t *testing.T, table *result.Table) string {
	t.Helper()
	dir := t.TempDir()
	name := filepath.Join(dir, "report.csv")
	stands := func() string {
		t.Helper()
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if err := os.WriteFile(name, []byte("older"), 0o600); err != nil {
		t.Fatal(err)
	}
	export := func(at int, do func() error) error {
		return atomicfile.Replace(name, atomicfile.Shared, func(w io.Writer) error {
			_, err := result.Write(t.Context(), &watched{Writer: w, at: at, do: do}, table.Snapshot(),
				result.Options{Format: result.CSV, CSV: result.CSVOptions{NoBOM: true}})
			return err
		})
	}
	broken := errors.New("broken off")
	if err := export(100_000, func() error { return broken }); !errors.Is(err, broken) {
		t.Errorf("an export that breaks off gives %v", err)
	}
	if left, err := os.ReadDir(dir); stands() != "older" || len(left) != 1 || err != nil {
		t.Errorf("an export that broke off left %d bytes, files %v, %v", len(stands()), left, err)
	}
	if err := export(100_000, func() error {
		if stands() != "older" {
			t.Error("the file has its name before it is whole")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return stands()
}

// watched does something when so many bytes have been written.
type watched struct {
	io.Writer
	at int
	do func() error
}

func (w *watched) Write(p []byte) (int, error) {
	before := w.at
	if w.at -= len(p); before > 0 && w.at <= 0 {
		if err := w.do(); err != nil {
			return 0, err
		}
	}
	return w.Writer.Write(p)
}

// BenchmarkThirtyTenants gives, as x/bound, how long thirty tenants take beside
// what three slots allow: ten times the time of one alone, with 100 ms added to
// each request.
func BenchmarkThirtyTenants(b *testing.B) {
	slow := &simulator.Faults{Rules: []simulator.Rule{{Fault: simulator.Delayed, Delay: simulator.Duration(100 * time.Millisecond)}}}
	took := func(n, parallel int) time.Duration {
		s := simulate(b, simulator.Options{Rows: 50, Faults: slow})
		w, _, _ := s.work(s.targets(n), "Get-AcceptedDomain")
		w.Parallel = parallel
		began := time.Now()
		if err := job.New(w).Run(b.Context()); err != nil {
			b.Fatal(err)
		}
		return time.Since(began)
	}
	for b.Loop() {
		one := took(2, 1) / 2 // two sessions, one after the other
		all := took(30, 3)
		b.ReportMetric(float64(all)/float64(10*one), "x/bound")
		b.ReportMetric(all.Seconds(), "s/30-tenants")
	}
}
