package e2e

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"postroom/app/folders"
	"postroom/session/endpoint"
	"postroom/session/simulator"
)

// browser stands for the person's browser: what the desktop's xdg-open starts, a process
// of its own that is no part of the program. It notes what it was started with.
type browser struct {
	tools  string // the folder of xdg-open, for PATH
	record string // the folder of its notes
}

// visits is what xdg-open does: it notes the address, its own environment and its
// caller's arguments; then, unless this page is to be closed at once, it signs in on it
// and hands the answer on. What is secret comes from files and pipes.
const visits = `#!/bin/sh
record=%s
printf '%%s\n' "$1" >> "$record/addresses"
cat /proc/$$/environ > "$record/environ.$$"
cat "/proc/$PPID/cmdline" "/proc/$PPID/environ" > "$record/parent.$$"
if [ -e "$record/closed.$(wc -l < "$record/addresses")" ]; then
	exit 0
fi
answer=$(curl -sS --cacert %s --data-urlencode "login@$record/account" --data-urlencode passwd@%s "$1")
to=$(printf '%%s' "$answer" | sed -n 's/.*<form method="post" action="\([^"]*\)".*/\1/p')
field() { printf '%%s' "$answer" | sed -n "s/.*name=\"$1\" value=\"\([^\"]*\)\".*/\1/p"; }
printf 'code=%%s&state=%%s&session_state=%%s' "$(field code)" "$(field state)" "$(field session_state)" | curl -sS --data @- "$to" > "$record/said.$$"
`

// newBrowser makes xdg-open, which signs an account in at a simulator.
func newBrowser(t *testing.T, s *simulator.Server, account string) *browser {
	t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	b := &browser{tools: t.TempDir(), record: t.TempDir()}
	password := filepath.Join(t.TempDir(), "password")
	for file, text := range map[string]string{
		filepath.Join(b.record, "account"): account, password: s.Password(), filepath.Join(b.tools, "xdg-open"): fmt.Sprintf(visits, b.record, s.CAFile(), password),
	} {
		if err := os.WriteFile(file, []byte(text), 0o700); err != nil { //nolint:gosec // one of them is run
			t.Fatal(err)
		}
	}
	return b
}

// path is PATH with the browser before all else.
func (b *browser) path() string { return "PATH=" + b.tools + ":" + os.Getenv("PATH") }

// closes lets the first pages be closed without an answer.
func (b *browser) closes(t *testing.T, first int) {
	t.Helper()
	for n := range first {
		if err := os.WriteFile(filepath.Join(b.record, fmt.Sprintf("closed.%d", n+1)), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// opened are the addresses that were opened.
func (b *browser) opened(t *testing.T) []*url.URL {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(b.record, "addresses"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var all []*url.URL
	for text := range strings.Lines(string(raw)) {
		u, err := url.Parse(strings.TrimSpace(text))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, u)
	}
	return all
}

// listens says whether somebody waits for the answer to an address.
func listens(t *testing.T, address *url.URL) bool {
	t.Helper()
	back, err := url.Parse(address.Query().Get("redirect_uri"))
	if err != nil || back.Port() == "" {
		t.Fatalf("%s has no way back: %v", address, err)
	}
	conn, err := net.Dial("tcp", net.JoinHostPort("localhost", back.Port()))
	if err == nil {
		_ = conn.Close()
	}
	return err == nil
}

// withModern is a home in which the person has an endpoint of their own: a simulator's
// REST door, as one of Security & Compliance.
func withModern(t *testing.T, s *simulator.Server) []string {
	t.Helper()
	env := home(t)
	own, err := endpoint.OpenDirectory(filepath.Join(variable(t, env, "XDG_CONFIG_HOME"), "postroom", folders.Endpoints), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = own.Add(t.Context(), endpoint.Endpoint{
		Name: "Compliance of the test", URL: s.RESTURL(), Kind: endpoint.KindCompliance, Door: endpoint.REST,
		Auth: []string{endpoint.AuthModern, endpoint.AuthDevice, endpoint.AuthApp}, Delegation: true,
		Modern: endpoint.Modern{Authority: s.AuthorityURL(), ClientID: s.ClientID()},
	})
	if err != nil {
		t.Fatal(err)
	}
	return env
}

// A page of the browser that was closed is opened anew by 'Try again', which has the
// keyboard; Cancel ends the sign-in and its listener, and keeps what was filled in; then
// the sign-in of a process that is no part of the program connects, to Security &
// Compliance, and its row in the tray says what the connection depends on.
func TestSigningInWithTheBrowser(t *testing.T) {
	t.Parallel()
	d := startDisplay(t)
	sim, err := simulator.Start(simulator.Options{Rows: 5, REST: true, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	b := newBrowser(t, sim, sim.Account())
	w := watch(t, d, &server{ca: sim.CAFile()}, append(withModern(t, sim), b.path()))
	pages := func(n int) {
		t.Helper()
		wait(t, "the browser", long, func() bool { return len(b.opened(t)) == n })
	}
	b.closes(t, 2)
	w.key(t, "ctrl+n")
	w.says(t, "Compliance of the test")
	w.typed(t, sim.Account())
	w.key(t, "Return")
	pages(1)
	w.says(t, "Continue in your browser")

	wait(t, "the keyboard at Try again", long, func() bool {
		for _, s := range w.see(t) {
			if s.Text == "Try again" && s.Focused {
				return true
			}
		}
		return false
	})
	w.key(t, "space")
	pages(2)
	first, second := b.opened(t)[0], b.opened(t)[1]
	if first.Query().Get("state") == second.Query().Get("state") || first.Query().Get("code_challenge") == second.Query().Get("code_challenge") {
		t.Errorf("the second page asks with the marks of the first: %s", second)
	}
	wait(t, "the end of the first listener", long, func() bool { return !listens(t, first) })
	w.click(t, "Cancel the sign-in")
	wait(t, "the end of the second listener", long, func() bool {
		return !listens(t, second) && !strings.Contains(w.text(t), "Continue in your browser")
	})
	w.says(t, sim.Account())

	w.key(t, "Return")
	pages(3)
	w.says(t, "for your role")
	w.says(t, "Token valid until")
	w.says(t, "Requests left")
	w.runs(t, "Get-AcceptedDomain")
	w.says(t, "DomainName")
	w.shot(t, "compliance-connected")
	w.key(t, "ctrl+q")
	w.awaitEnd(t)
}
