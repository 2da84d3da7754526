package app

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"postroom/app/cli"
	"postroom/app/desktest"
	"postroom/app/words"
	"postroom/session/simulator"
	"postroom/test/fixture"
)

// failure is a way in which connecting or running goes wrong, and the row of
// diagnose's table that has the words for it.
type failure struct {
	name     string
	rule     simulator.Rule
	want     string // the problem's id
	password string // typed instead of the right one
	address  string // asked for instead of the server's
	tenant   string
	run      bool // the sign-in works, the run fails
	waits    bool // the window waits, and says for what
}

// failures are first what the products' documentation names, then what else stands between a person and a server.
func failures() []failure {
	at := func(f simulator.Fault, on simulator.Kind) simulator.Rule { return simulator.Rule{Fault: f, On: on} }
	return []failure{
		{name: "wrong password", password: "not the password", want: "wrong-password"},
		{name: "more than three sessions", rule: at(simulator.Quota, simulator.Create), want: "session-limit", waits: true},
		{name: "port refused", address: "closed", want: "refused"},
		{name: "connection reset", rule: at(simulator.Refuse, simulator.Accept), want: "lost"},
		{name: "shell not found", rule: at(simulator.LostAffinity, simulator.Receive), want: "shell-gone"},
		{name: "not enabled for remote PowerShell", rule: at(simulator.NotEnabled, simulator.Create), want: "rps-disabled"},
		{name: "multi-factor sign-in", rule: at(simulator.MFA, simulator.Create), want: "mfa"},
		{name: "not delegated", rule: at(simulator.NotDelegated, simulator.Create), tenant: "contoso.example", want: "not-delegated"},
		{name: "unknown tenant", rule: at(simulator.UnknownTenant, simulator.Create), tenant: "nobody.example", want: "no-such-tenant"},

		{name: "certificate expired", rule: at(simulator.TLSExpired, simulator.Accept), want: "certificate-expired"},
		{name: "certificate not valid yet", rule: at(simulator.TLSNotYet, simulator.Accept), want: "certificate-early"},
		{name: "certificate of another host", rule: at(simulator.TLSWrongName, simulator.Accept), want: "certificate-name"},
		{name: "certificate of nobody", rule: at(simulator.TLSUnknownCA, simulator.Accept), want: "certificate-unknown"},

		{name: "captive portal", rule: at(simulator.HTML, simulator.Create), want: "captive-portal"},
		{name: "no WS-Management", rule: at(simulator.Garbage, simulator.Create), want: "protocol"},
		{name: "server down 503", rule: at(simulator.Unavailable, simulator.Create), want: "server-down"},
		{name: "gateway 502", rule: at(simulator.BadGateway, simulator.Create), want: "gateway"},
		{name: "server error 500", rule: at(simulator.InternalError, simulator.Create), want: "server-500"},
		{name: "throttled 429", rule: at(simulator.TooManyRequests, simulator.Create), want: "throttled"},
		{name: "proxy wants a sign-in 407", rule: at(simulator.ProxyAuthentication, simulator.Create), want: "proxy-sign-in"},
		{name: "not found 404", rule: at(simulator.NotFound, simulator.Create), want: "not-found"},
		{name: "forbidden 403", rule: at(simulator.Forbidden, simulator.Create), want: "access-denied"},

		{name: "redirect to http", rule: at(simulator.RedirectHTTP, simulator.Create), want: "redirect-http"},
		{name: "redirect in circles", rule: at(simulator.RedirectLoop, simulator.Create), want: "redirect-loop"},
		{name: "redirect without the tenant", rule: at(simulator.RedirectTenant, simulator.Create), tenant: "alpenhof.example", want: "redirect-tenant"},
		{name: "redirect to nowhere", rule: at(simulator.RedirectNowhere, simulator.Create), want: "redirect-form"},

		{name: "no role", rule: at(simulator.NoRole, simulator.Create), want: "no-role"},
		{name: "access denied", rule: at(simulator.AccessDenied, simulator.Create), want: "access-denied"},
		{name: "session rate", rule: at(simulator.Budget, simulator.Create), want: "limit-budget"},
		{name: "load quota", rule: at(simulator.Throttled, simulator.Create), want: "throttled"},
		{name: "wrong configuration", rule: at(simulator.WrongResource, simulator.Create), want: "no-resource"},
		{name: "back end not reached", rule: at(simulator.SendFailure, simulator.Create), want: "backend-certificate"},
		{name: "protocol version", rule: at(simulator.VersionRefused, simulator.Create), want: "protocol-version"},

		{name: "broken off half-way", rule: simulator.Rule{Fault: simulator.Expire, On: simulator.Receive, After: 40_000}, run: true, want: "partial"},
		{name: "connection cut at the command", rule: at(simulator.DropAfter, simulator.Command), run: true, want: "partial-unsure"},
	}
}

// TestEveryFailureIsExplained plays each failure in the window and on the
// command line. Both show the same title and what to do.
func TestEveryFailureIsExplained(t *testing.T) {
	all := failures()
	for n := 0; n < len(all); n += fixture.OneOf(12) {
		f := all[n]
		t.Run(f.name, func(t *testing.T) {
			w, q := withDemo(t)
			address := w.demo.Server.URL()
			if f.address == "closed" {
				address = "https://" + closedPort(t) + "/powershell-liveid/"
			}
			title, fix, id := f.inTheWindow(t, w, q, address)
			if id != f.want {
				t.Errorf("the window explains it as %s: %s", id, title)
			}
			said := f.onTheCommandLine(t, w, address)
			keepText(t, f.name, said)
			if f.run { // the fix goes on with that of the cause, and either connection may notice first
				fix, _, _ = strings.Cut(fix, ". ")
			}
			for _, text := range []string{title, fix} {
				if text == "" || !strings.Contains(withoutNumbers(said), withoutNumbers(text)) {
					t.Errorf("the command line does not say %q; it says\n%s", text, said)
				}
			}
			if strings.Contains(said, "goroutine ") || strings.Contains(said, "<s:") {
				t.Errorf("the command line shows innards:\n%s", said)
			}
		})
	}
}

// inTheWindow lets the failure happen in the window and gives what is shown.
func (f failure) inTheWindow(t *testing.T, w *mainWindow, q *desktest.Queue, address string) (title, fix, id string) {
	t.Helper()
	s := w.connector.ShowDemo(w.demo.Demo)
	if address != w.demo.Endpoint.URL {
		w.desk.Copy(address)
		desktest.Press(t, w.desk, "Paste an address or a New-PSSession line")
	}
	if f.tenant != "" {
		s.SetTenant(w.demo.book.Of(f.tenant))
	}
	if f.password != "" {
		desktest.Password(t, w.desk).SetText(f.password)
	}
	if !f.run {
		f.play(t, w)
	}
	desktest.Press(t, w.desk, "Connect")
	if f.waits {
		return f.wait(t, w, q)
	}
	q.Until(t, "the end of the sign-in", func() bool {
		return w.desk.Sheets.Top() == nil || desktest.Buttons(w.desk)["Details for support"] != nil
	})
	if f.run {
		if w.accounts.now == nil {
			t.Fatal("the sign-in was to work")
		}
		f.play(t, w)
		ran(t, w, q, "Get-Mailbox")
	}
	picture(t, w, f.name)
	desktest.Press(t, w.desk, "Details for support")
	card := desktest.Card(w.desk)
	if len(card) < 3 {
		t.Fatalf("nothing is explained: %q", card)
	}
	id, _, _ = strings.Cut(strings.TrimPrefix(card[len(card)-1], "problem: "), "\n")
	return card[0], card[len(card)-2], id
}

// wait lets the window wait for what the server refused, and gives how that is
// explained where nobody waits.
func (f failure) wait(t *testing.T, w *mainWindow, q *desktest.Queue) (title, fix, id string) {
	t.Helper()
	q.Until(t, "the wait", func() bool { return desktest.Buttons(w.desk)["Try now"] != nil })
	picture(t, w, f.name)
	p := words.Explain(w.app.manager.Sessions()[0].Wait.Err)
	desktest.Press(t, w.desk, "Cancel")
	q.Until(t, "the end of the wait", func() bool { return desktest.Buttons(w.desk)["Try now"] == nil })
	return p.Title, p.Fix, p.ID
}

func (f failure) play(t *testing.T, w *mainWindow) {
	t.Helper()
	if f.rule.Fault != "" {
		faults(t, w, f.rule)
	}
}

// onTheCommandLine lets it happen to `postroom run` and gives standard error.
func (f failure) onTheCommandLine(t *testing.T, w *mainWindow, address string) string {
	t.Helper()
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	faults(t, w)
	f.play(t, w)
	password := w.demo.Server.Password()
	if f.password != "" {
		password = f.password
	}
	args := []string{"run", "--url", address, "--user", w.demo.Server.Account(), "--password-stdin", "--ca", w.demo.Server.CAFile()}
	if f.tenant != "" {
		args = append(args, "--tenant", f.tenant)
	}
	var out, messages bytes.Buffer
	code := cli.Run(t.Context(), append(args, "Get-Mailbox"), cli.Streams{
		In: strings.NewReader(password + "\n"), Out: &out, Err: &messages,
	})
	if code == cli.ExitDone {
		t.Error("the command line reports success")
	}
	if strings.Contains(out.String()+messages.String(), password) {
		t.Error("the password is in what the command line says")
	}
	return messages.String()
}

// closedPort is an address at which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // that it is closed is what it is for
	return l.Addr().String()
}

// withoutNumbers makes texts comparable that name times, ports and how many rows came.
func withoutNumbers(text string) string {
	return regexp.MustCompile(`[0-9]+( rows?\b)?`).ReplaceAllString(strings.Join(strings.Fields(text), " "), "#")
}

func problemFile(t *testing.T, name string) string {
	t.Helper()
	dir := filepath.Join("..", "out", "problems")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
}

func picture(t *testing.T, w *mainWindow, name string) {
	t.Helper()
	w.window.Resize(fyne.NewSize(1100, 800))
	desktest.Shot(t, w.desk, "problem "+name)
}

func keepText(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(problemFile(t, name)+".txt", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
