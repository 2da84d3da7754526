package app

import (
	"context"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/credential"
	"postroom/session/result"
	"postroom/widgets"
)

// newTestApp is the program on the test driver.
func newTestApp(t *testing.T) (*App, *uiQueue) {
	t.Helper()
	return newTestAppWith(t, credential.NewMemory())
}

// newTestAppWith is the program over another keyring.
func newTestAppWith(t *testing.T, keyring credential.Store) (*App, *uiQueue) {
	t.Helper()
	q := newUIQueue()
	a, err := New(test.NewTempApp(t), Deps{
		Post: q.post, Passwords: keyring, Config: t.TempDir(), State: t.TempDir(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
		defer cancel()
		// Nobody may have confirmed the end of a session, but the server itself
		// must have none.
		var maybe *session.MaybeThereError
		empty := a.window.demo != nil && a.window.demo.server.Stats().OpenShells == 0
		if err := a.Shutdown(ctx); err != nil && !(errors.As(err, &maybe) && empty) {
			t.Error(err)
		}
		if a.window.demo != nil {
			a.window.demo.stop()
		}
		q.drain()
	})
	a.window.window.Resize(windowSize)
	return a, q
}

// connected signs in to the demo for its first customer.
func connected(t *testing.T) (*App, *uiQueue) {
	t.Helper()
	a, q := newTestApp(t)
	w := a.window
	w.startDemo()
	q.until(t, "the demo", func() bool { return w.demo != nil && w.window.Canvas().Overlays().Top() != nil })
	w.desk.Sheets.Top().Leave()
	s := w.showDemoSignIn()
	s.setTenant(w.demo.tenants[0])
	s.submit()
	q.until(t, "the connection", func() bool { return w.connection != nil || len(s.problem.Objects) > 0 })
	if w.connection == nil {
		t.Fatal("signing in to the demo failed")
	}
	return a, q
}

// shot keeps a picture of the window for people to look at.
func shot(t *testing.T, w *mainWindow, name string) {
	t.Helper()
	if raceDetector {
		return
	}
	dir := filepath.Join("..", "out", "app")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := capture(w.window.Canvas(), filepath.Join(dir, name+".png")); err != nil {
		t.Fatal(err)
	}
}

func TestTheWholeJob(t *testing.T) {
	a, q := connected(t)
	w := a.window
	if n := len(w.connection.cmdlets); n < 20 {
		t.Errorf("the server offers %d cmdlets, want 20 or more", n)
	}
	w.openCmdlet("Get-TransportRule")
	tab := w.open[0]
	tab.form.Run()
	q.until(t, "the run", func() bool { return tab.run != nil && !tab.run.running })
	if tab.run.err != nil {
		t.Fatal(tab.run.err)
	}
	rows, cols := tab.run.view.Size()
	if rows == 0 || cols < 3 {
		t.Fatalf("%d rows of %d columns", rows, cols)
	}
	shot(t, w, "rows")

	tab.filter.SetText("\"no such text anywhere\"")
	q.until(t, "the filter", func() bool { n, _ := tab.run.view.Size(); return n == 0 })
	tab.filter.SetText("")
	q.until(t, "all rows", func() bool { n, _ := tab.run.view.Size(); return n == rows })

	name := filepath.Join(t.TempDir(), "rules.csv")
	if err := writeExport(t.Context(), name, tab.shown()); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil || len(lines) != rows+1 {
		t.Errorf("the export has %d lines, %v; want %d", len(lines), err, rows+1)
	}
	if p := tab.run.view.Provenance(); p.Tenant != w.demo.tenants[0].Domain || p.Account == "" || p.Command != "Get-TransportRule" {
		t.Errorf("the result says it is from %+v", p)
	}
}

// TestAnotherTenantTouchesNoSession: choosing a customer opens its own session
// with the next run, and what was open stays.
func TestAnotherTenantTouchesNoSession(t *testing.T) {
	a, q := connected(t)
	w := a.window
	first := a.manager.Sessions()[0]
	w.tenantChosen(tenantItem(w.demo.tenants[1]))
	w.openCmdlet("Get-AcceptedDomain")
	tab := w.open[0]
	tab.form.Run()
	q.until(t, "the run", func() bool { return tab.run != nil && !tab.run.running })
	if tab.run.err != nil {
		t.Fatal(tab.run.err)
	}
	infos := a.manager.Sessions()
	if len(infos) != 2 || infos[0].ID != first.ID || infos[0].Tenant.Domain != w.demo.tenants[0].Domain {
		t.Errorf("sessions are %+v", infos)
	}
	if got := tab.run.view.Provenance().Tenant; got != w.demo.tenants[1].Domain {
		t.Errorf("the rows say they are of %s", got)
	}
	q.drain()
	shot(t, w, "two tenants")
	w.disconnectAll()
	q.until(t, "the end of the sessions", func() bool { return len(a.manager.Sessions()) == 0 })
	if open := w.demo.server.Stats().OpenShells; open != 0 {
		t.Errorf("%d sessions are left on the server", open)
	}
}

func TestAWrongPasswordIsExplainedBesideTheForm(t *testing.T) {
	a, q := newTestApp(t)
	w := a.window
	w.startDemo()
	q.until(t, "the demo", func() bool { return w.demo != nil && w.window.Canvas().Overlays().Top() != nil })
	w.desk.Sheets.Top().Leave()
	s := w.showDemoSignIn()
	s.password.SetText("wrong")
	s.submit()
	q.until(t, "the explanation", func() bool { return len(s.problem.Objects) > 0 })
	shot(t, w, "wrong password")
	if w.connection != nil {
		t.Error("a wrong password connected")
	}
	if open := w.demo.server.Stats().OpenShells; open != 0 {
		t.Errorf("%d sessions are left on the server", open)
	}
}

func TestStopKeepsTheRows(t *testing.T) {
	a, q := connected(t)
	w := a.window
	w.openCmdlet("Get-Mailbox")
	tab := w.open[0]
	tab.form.Run()
	q.until(t, "some rows", func() bool { return tab.run.total > 0 || !tab.run.running })
	tab.stop()
	q.until(t, "the end", func() bool { return !tab.run.running })
	if tab.run.total == 0 {
		t.Error("the rows that came were lost")
	}
}

// TestAFieldThatIsWrongSaysSo: a wrong value is told beside its field, and
// nothing is sent.
func TestAFieldThatIsWrongSaysSo(t *testing.T) {
	a, q := connected(t)
	w := a.window
	before := w.demo.server.Stats().Commands
	w.openCmdlet("Get-Mailbox")
	tab := w.open[0]
	tab.start(map[string]string{"ResultSize": "many"})
	q.drain()
	if tab.run != nil || w.demo.server.Stats().Commands != before {
		t.Error("a call with a wrong value was sent")
	}
}

// TestQuitLeavesTheServerClean: quitting deletes every session; asking twice
// changes nothing.
func TestQuitLeavesTheServerClean(t *testing.T) {
	a, q := connected(t)
	w := a.window
	server := w.demo.server
	w.requestQuit()
	w.requestQuit()
	done := make(chan struct{})
	go func() { _ = a.Shutdown(t.Context()); close(done) }() // waits for the one under way
	q.until(t, "the end", func() bool {
		select {
		case <-done:
			return true
		default:
			return false
		}
	})
	if open := server.Stats().OpenShells; open != 0 {
		t.Errorf("%d sessions are left on the server", open)
	}
	if _, err := a.manager.Open(t.Context(), session.Target{}); err == nil {
		t.Error("a session can be opened after the program has quit")
	}
}

func TestExportLeavesNoHalfFile(t *testing.T) {
	dir := t.TempDir()
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	b.BeginRow()
	b.Text([]byte("Name"), []byte("Ada"))
	if err := b.EndRow(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := writeExport(ctx, filepath.Join(dir, "x.csv"), table.Snapshot()); err == nil {
		t.Error("a cancelled export reports no error")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("%v is left in the folder", left)
	}
	if err := writeExport(t.Context(), filepath.Join(dir, "no", "x.csv"), table.Snapshot()); err == nil {
		t.Error("an export into a folder that is not there reports no error")
	}
}

// TestQuittingFinishesExports: a file that is being written when the program
// ends is whole; one that takes too long is taken away.
func TestQuittingFinishesExports(t *testing.T) {
	dir := t.TempDir()
	view := result.NewTable(result.Provenance{}).Snapshot()
	e := newExports()
	end, name := e.begin(), filepath.Join(dir, "whole.csv")
	go func() { // ends with the file
		defer end()
		if err := e.write(name, view); err != nil {
			t.Error(err)
		}
	}()
	e.finish(t.Context())
	if _, err := os.Stat(name); err != nil {
		t.Error(err)
	}

	e = newExports()
	end, name = e.begin(), filepath.Join(dir, "late.csv")
	if err := os.WriteFile(name, nil, 0o600); err != nil { // as the dialog leaves it
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	go func() { // ends when the export is given up
		defer end()
		<-e.giveUp
		if err := e.write(name, tableOf(t, 10)); !errors.Is(err, context.Canceled) {
			t.Errorf("a late export gives %v", err)
		}
	}()
	e.finish(ctx)
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("%v is left in the folder, %v", left, err)
	}
}

// tableOf is a table of one column.
func tableOf(t *testing.T, rows int) *result.View {
	t.Helper()
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	for i := range rows {
		b.BeginRow()
		b.Int([]byte("N"), int64(i))
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	return table.Snapshot()
}

// TestManyTenantsAreSearchedAsOneTypes holds the search to its answer, not to
// a time: the first of a thousand is found by its name.
func TestATenantIsFoundByItsName(t *testing.T) {
	a, _ := newTestApp(t)
	var csv strings.Builder
	for i := range 1000 {
		csv.WriteString("Customer " + words.Number(i) + ";c" + strings.ReplaceAll(words.Number(i), " ", "") + ".example\n")
	}
	if _, err := a.tenants.Import(t.Context(), strings.NewReader(csv.String())); err != nil {
		t.Fatal(err)
	}
	items := a.window.searchTenants("c777.example")
	if len(items) == 0 || items[0].ID != "c777.example" {
		t.Errorf("found %+v", items)
	}
}

func TestLookInDarkAndNarrow(t *testing.T) {
	a, q := connected(t)
	w := a.window
	w.openCmdlet("Get-Mailbox")
	w.open[0].form.Run()
	q.until(t, "the run", func() bool { return !w.open[0].run.running })
	w.setTheme(widgets.AlwaysDark)
	w.window.Resize(fyne.NewSize(1024, 700))
	shot(t, w, "dark narrow")
}
