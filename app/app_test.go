package app

import (
	"context"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/app/demo"
	"postroom/app/desktest"
	"postroom/app/settings"
	"postroom/app/tenants"
	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/result"
	"postroom/widgets"
)

// usual are the cmdlets that the tests' role has: a server tells of its thousand in
// a second of the race detector's, which every sign-in would take.
var usual = strings.Fields(`
	Get-AcceptedDomain Get-TransportRule New-TransportRule Set-TransportRule Remove-TransportRule Enable-TransportRule
	Get-Mailbox Set-Mailbox New-Mailbox Remove-Mailbox Get-MailboxStatistics Get-MailboxPermission Add-MailboxPermission
	Get-Recipient Get-MailContact Get-MailUser Get-DistributionGroup Get-DistributionGroupMember Get-MessageTrace Get-MessageTraceV2
	Get-QuarantineMessage Get-OrganizationConfig Set-OrganizationConfig Get-InboundConnector Get-User Get-MailboxDatabase`)

// mailboxes is how many a tenant has, and how many messages were traced: what a test
// shows of two hundred it shows of these.
const mailboxes = 40

// newTestApp is the program on the test driver.
func newTestApp(t *testing.T) (*App, *desktest.Queue) {
	t.Helper()
	return newTestAppWith(t, credential.NewMemory())
}

// newTestAppWith is the program over another keyring.
func newTestAppWith(t *testing.T, keyring credential.Store) (*App, *desktest.Queue) {
	t.Helper()
	return newTestAppFor(t, keyring, usual)
}

// newTestAppFor is the program with a demo whose accounts may run some cmdlets.
func newTestAppFor(t testing.TB, keyring credential.Store, cmdlets []string) (*App, *desktest.Queue) {
	t.Helper()
	return newTestAppIn(t, test.NewTempApp(t), keyring, cmdlets)
}

func newTestAppIn(t testing.TB, f fyne.App, keyring credential.Store, cmdlets []string) (*App, *desktest.Queue) {
	t.Helper()
	return newTestAppOver(t, f, keyring, cmdlets, t.TempDir())
}

// newTestAppOver is the program over a folder of settings.
func newTestAppOver(t testing.TB, f fyne.App, keyring credential.Store, cmdlets []string, config string) (*App, *desktest.Queue) {
	t.Helper()
	q := desktest.NewQueue()
	a, err := New(f, Deps{
		Post: q.Post, Passwords: keyring, Config: config, State: t.TempDir(), Demo: demo.Options{Cmdlets: cmdlets, Rows: mailboxes},
	})
	if err != nil {
		t.Fatal(err)
	}
	endsWith(t, a, q)
	a.window.window.Resize(windowSize)
	return a, q
}

// endsWith lets the program end with the test: its sessions, and its workers, before the
// folders go that they write into.
func endsWith(t testing.TB, a *App, q *desktest.Queue) {
	t.Helper()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), desktest.Patience)
		defer cancel()
		// Nobody may have confirmed the end of a session, but the server itself
		// must have none.
		var maybe *session.MaybeThereError
		empty := a.window.demo != nil && a.window.demo.Server.Stats().OpenShells == 0
		if err := a.Shutdown(ctx); err != nil && !(errors.As(err, &maybe) && empty) {
			t.Error(err)
		}
		if a.window.demo != nil {
			a.window.demo.Stop()
		}
		a.over.Store(true) // what is still posted starts nothing
		ended := make(chan struct{})
		go func() { a.work.Wait(); close(ended) }() // ends with the workers
		q.Until(t, "the end of the workers", func() bool { return closed(ended) })
		q.Drain()
		desktest.Forget()
	})
}

// closed tells whether a channel is.
func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// withDemo is the program with its simulator running and no dialog shown.
func withDemo(t *testing.T) (*mainWindow, *desktest.Queue) {
	t.Helper()
	return withDemoOver(t, credential.NewMemory())
}

func withDemoOver(t *testing.T, keyring credential.Store) (*mainWindow, *desktest.Queue) {
	t.Helper()
	a, q := newTestAppWith(t, keyring)
	w := a.window
	w.startDemo()
	q.Until(t, "the demo", func() bool { return w.demo != nil && w.desk.Sheets.Top() != nil })
	w.desk.Sheets.Top().Leave()
	return w, q
}

// demoTenant is one of the demo's tenants, in the simulator's order.
func demoTenant(w *mainWindow, i int) endpoint.Tenant {
	return w.demo.book.Of(w.demo.Server.Tenants()[i].Domain)
}

// connected signs in to the demo for its first tenant.
func connected(t *testing.T) (*App, *desktest.Queue) {
	t.Helper()
	w, q := withDemo(t)
	dialog := w.connector.ShowDemo(w.demo.Demo)
	dialog.SetTenant(demoTenant(w, 0))
	dialog.Submit()
	q.Until(t, "the connection", func() bool {
		return w.accounts.now != nil || len(desktest.Card(w.desk)) > 0
	})
	if w.accounts.now == nil {
		t.Fatal("signing in to the demo failed: " + desktest.Text(w.desk))
	}
	return w.app, q
}

// bornIn is an application that remembers the theme under which its first window was made.
type bornIn struct {
	fyne.App
	theme fyne.Theme
}

func (b *bornIn) NewWindow(title string) fyne.Window {
	if b.theme == nil {
		b.theme = b.Settings().Theme()
	}
	return b.App.NewWindow(title)
}

// TestTheWindowIsBornUnderItsTheme: Fyne's entries keep the theme that stood when they were
// made until somebody draws them anew, in letters and colours that are not the window's.
func TestTheWindowIsBornUnderItsTheme(t *testing.T) {
	b := &bornIn{App: test.NewTempApp(t)}
	newTestAppIn(t, b, credential.NewMemory(), usual)
	if reflect.TypeOf(b.theme) != reflect.TypeOf(widgets.NewTheme(widgets.AlwaysLight)) {
		t.Errorf("the window was made under %T", b.theme)
	}
}

func TestTheWholeJob(t *testing.T) {
	a, q := connected(t)
	w := a.window
	if n := len(w.accounts.now.cmdlets); n < 20 {
		t.Errorf("the server offers %d cmdlets, want 20 or more", n)
	}
	w.opening.cmdlet("Get-TransportRule")
	tab := w.middle.open[0]
	tab.Form().Run()
	q.Until(t, "the run", func() bool { return tab.Ran() })
	if tab.Err() != nil {
		t.Fatal(tab.Err())
	}
	rows, cols := tab.Shown().Size()
	if rows == 0 || cols < 3 {
		t.Fatalf("%d rows of %d columns", rows, cols)
	}
	desktest.Shot(t, w.desk, "rows")

	tab.Filter("\"no such text anywhere\"")
	q.Until(t, "the filter", func() bool { n, _ := tab.Shown().Size(); return n == 0 })
	tab.Filter("")
	q.Until(t, "all rows", func() bool { n, _ := tab.Shown().Size(); return n == rows })

	name := filepath.Join(t.TempDir(), "rules.csv")
	if _, err := writeExport(t.Context(), name, tab.Shown(), result.Options{}); err != nil {
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
	if p := tab.Shown().Provenance(); p.Tenant != demoTenant(w, 0).Domain || p.Account == "" || p.Command != "Get-TransportRule" {
		t.Errorf("the result says it is from %+v", p)
	}
}

// TestAnotherTenantTouchesNoSession: choosing a customer opens its own session
// with the next run, and what was open stays.
func TestAnotherTenantTouchesNoSession(t *testing.T) {
	a, q := connected(t)
	w := a.window
	first := a.manager.Sessions()[0]
	w.tenants.chosen(tenants.Item(demoTenant(w, 1)))
	w.opening.cmdlet("Get-AcceptedDomain")
	tab := w.middle.open[0]
	tab.Form().Run()
	q.Until(t, "the run", func() bool { return tab.Ran() })
	if tab.Err() != nil {
		t.Fatal(tab.Err())
	}
	infos := a.manager.Sessions()
	if len(infos) != 2 || infos[0].ID != first.ID || infos[0].Tenant.Domain != demoTenant(w, 0).Domain {
		t.Errorf("sessions are %+v", infos)
	}
	if got := tab.Shown().Provenance().Tenant; got != demoTenant(w, 1).Domain {
		t.Errorf("the rows say they are of %s", got)
	}
	q.Drain()
	desktest.Shot(t, w.desk, "two tenants")
	w.sessions.DisconnectAll()
	desktest.Press(t, w.desk, "Disconnect")
	q.Until(t, "the end of the sessions", func() bool { return len(a.manager.Sessions()) == 0 })
	if open := w.demo.Server.Stats().OpenShells; open != 0 {
		t.Errorf("%d sessions are left on the server", open)
	}
}

func TestStopKeepsTheRows(t *testing.T) {
	a, q := connected(t)
	w := a.window
	w.opening.cmdlet("Get-Mailbox")
	tab := w.middle.open[0]
	tab.Form().Run()
	q.Until(t, "some rows", func() bool { return tab.Summary().Rows > 0 || !tab.Running() })
	tab.Stop()
	q.Until(t, "the end", func() bool { return !tab.Running() })
	if tab.Summary().Rows == 0 {
		t.Error("the rows that came were lost")
	}
}

// TestAFieldThatIsWrongSaysSo: a wrong value is told beside its field, and
// nothing is sent.
func TestAFieldThatIsWrongSaysSo(t *testing.T) {
	a, q := connected(t)
	w := a.window
	w.opening.cmdlet("Get-Mailbox")
	tab := w.middle.open[0]
	tab.Form().SetValues(map[string]string{"ResultSize": "many"})
	tab.Form().Run()
	q.Drain()
	if tab.Running() || tab.Ran() || w.demo.Server.Stats().CommandsByName["Get-Mailbox"] != 0 {
		t.Error("a call with a wrong value was sent")
	}
}

// TestQuitLeavesTheServerClean: quitting deletes every session; asking twice
// changes nothing.
func TestQuitLeavesTheServerClean(t *testing.T) {
	a, q := connected(t)
	w := a.window
	server := w.demo.Server
	w.closing.request()
	w.closing.request()
	done := make(chan struct{})
	go func() { _ = a.Shutdown(t.Context()); close(done) }() // waits for the one under way
	q.Until(t, "the end", func() bool { return closed(done) })
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
	if _, err := writeExport(ctx, filepath.Join(dir, "x.csv"), table.Snapshot(), result.Options{}); err == nil {
		t.Error("a cancelled export reports no error")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("%v is left in the folder", left)
	}
	if _, err := writeExport(t.Context(), filepath.Join(dir, "no", "x.csv"), table.Snapshot(), result.Options{}); err == nil {
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
		if _, err := e.write(t.Context(), name, view, result.Options{}); err != nil {
			t.Error(err)
		}
	}()
	e.finish(t.Context())
	if _, err := os.Stat(name); err != nil {
		t.Error(err)
	}

	e = newExports()
	end, name = e.begin(), filepath.Join(dir, "late.csv")
	if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	go func() { // ends when the export is given up
		defer end()
		<-e.giveUp
		if _, err := e.write(t.Context(), name, tableOf(t, 10), result.Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("a late export gives %v", err)
		}
	}()
	e.finish(ctx)
	if b, err := os.ReadFile(name); err != nil || string(b) != "old" {
		t.Errorf("a late export leaves %q in place of the old file, %v", b, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
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

func TestLookInDarkAndNarrow(t *testing.T) {
	if desktest.RaceDetector {
		t.Skip("it takes a picture, which is not drawn beside the race detector")
	}
	a, q := connected(t)
	w := a.window
	w.opening.cmdlet("Get-Mailbox")
	w.middle.open[0].Form().Run()
	q.Until(t, "the run", func() bool { return w.middle.open[0].Ran() })
	w.look.setTheme(settings.Dark)
	w.window.Resize(fyne.NewSize(1024, 700))
	desktest.Shot(t, w.desk, "dark narrow")
}
