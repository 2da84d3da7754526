package cli_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/app/cli"
	"postroom/session/ledger"
	"postroom/session/simulator"
)

// TestEveryFault plays all that the simulator can do wrong. Whatever it is, the
// run ends with a code of the table and sentences.
func TestEveryFault(t *testing.T) {
	delay := simulator.Duration(20 * time.Millisecond)
	codes := map[simulator.Fault]int{
		simulator.Quota: cli.ExitLimit, simulator.QuotaLimit: cli.ExitLimit, simulator.Unauthorized: cli.ExitConnect,
		simulator.MFA: cli.ExitConnect, simulator.NotEnabled: cli.ExitConnect, simulator.Refuse: cli.ExitConnect,
		simulator.TLSUnknownCA: cli.ExitConnect, simulator.TLSExpired: cli.ExitConnect, simulator.TLSWrongName: cli.ExitConnect,
		simulator.RedirectHTTP: cli.ExitConnect, simulator.RedirectForeign: cli.ExitConnect, simulator.RedirectTenant: cli.ExitConnect,
		simulator.HTML: cli.ExitConnect, simulator.Garbage: cli.ExitConnect, simulator.BrokenPool: cli.ExitConnect,
		simulator.Transient: cli.ExitCmdletErrors, simulator.NotInRole: cli.ExitCmdletErrors,
		simulator.SlowCmdlet: cli.ExitDone, simulator.MicroDelay: cli.ExitDone, simulator.Delayed: cli.ExitDone, simulator.Slow: cli.ExitDone,
	}
	for _, fault := range simulator.AllFaults() {
		t.Run(string(fault), func(t *testing.T) {
			rule := simulator.Rule{Fault: fault, On: simulator.Create, Delay: delay, Retry: delay, Rate: 1 << 20}
			f := &simulator.Faults{Rules: []simulator.Rule{rule}}
			for _, on := range []simulator.Kind{simulator.Accept, simulator.Cmdlet} {
				if f.Validate() != nil {
					f.Rules[0].On = on
				}
			}
			if f.Validate() != nil {
				t.Skip("it is of the REST door")
			}
			s := start(t, simulator.Options{Rows: 20, Faults: f})
			got := do(t, s.Password()+"\n", at(s, "--tenant", "alpenhof.example", "--csv", "-", "Get-Mailbox")...)
			code, known := codes[fault]
			if !known {
				code = got.code
			}
			got.fits(t, code, s.Password())
			if got.code < cli.ExitDone || got.code > cli.ExitLimit {
				t.Errorf("exit code %d", got.code)
			}
			if got.code != cli.ExitDone && len(strings.Fields(got.stderr)) < 5 {
				t.Errorf("no sentence: %q", got.stderr)
			}
		})
	}
}

func TestRedirects(t *testing.T) {
	s := start(t, simulator.Options{Faults: &simulator.Faults{Rules: []simulator.Rule{
		{Fault: simulator.Redirect, On: simulator.Create, Nth: []int{1, 2}},
	}}})
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	refused := do(t, s.Password()+"\n", at(s, "--csv", "-", "Get-TransportRule")...)
	refused.fits(t, cli.ExitConnect, s.Password(), u.Hostname(), "localhost", "--allow-redirect localhost")
	allowed := do(t, s.Password()+"\n", at(s, "--allow-redirect", "localhost", "--csv", "-", "Get-TransportRule")...)
	allowed.fits(t, cli.ExitDone, s.Password())
	nothingLeft(t, s)
}

func TestTheTraceHasNoSecret(t *testing.T) {
	s := start(t, simulator.Options{})
	file := filepath.Join(t.TempDir(), "trace.jsonl")
	got := do(t, s.Password()+"\n", at(s, "--trace", file, "--csv", "-", "Get-TransportRule")...)
	got.fits(t, cli.ExitDone, s.Password())
	b, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(b), "Create") {
		t.Fatalf("trace of %d bytes: %v", len(b), err)
	}
	for _, never := range []string{s.Password(), base64.StdEncoding.EncodeToString([]byte(s.Account() + ":" + s.Password()))} {
		if strings.Contains(string(b), never) {
			t.Errorf("the trace has %q in it", never)
		}
	}
}

func TestThePasswordIsAskedForAtATerminal(t *testing.T) {
	s := start(t, simulator.Options{})
	args := slices.DeleteFunc(at(s, "--csv", "-", "Get-TransportRule"), func(a string) bool { return a == "--password-stdin" })
	nobody := do(t, s.Password()+"\n", args...)
	nobody.fits(t, cli.ExitConnect, s.Password(), "password", "--password-stdin")
	got, asked := typing(t, s.Password()+"\n", args...)
	got.fits(t, cli.ExitDone, s.Password(), "Password of "+s.Account())
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
	got, _ = typing(t, "", args...)
	got.fits(t, cli.ExitUsage, s.Password(), "no password was given")
}

// unanswering is a standard input at which a person thinks for ever.
type unanswering struct{ asked context.CancelFunc }

func (u unanswering) Read([]byte) (int, error) {
	u.asked()
	select {}
}

func TestQuestions(t *testing.T) {
	s := start(t, simulator.Options{})
	remove := func(more ...string) []string {
		return slices.Concat(at(s), more, []string{"Remove-TransportRule", "Extern kennzeichnen"})
	}
	rules := func(tenant string) int {
		return len(readCSV(t, do(t, s.Password()+"\n", at(s, "--tenant", tenant, "--csv", "-", "Get-TransportRule")...).stdout))
	}
	before := rules("nordsee-logistik.example")
	do(t, s.Password()+"\n", remove("--tenant", "nordsee-logistik.example")...).fits(t, cli.ExitCmdletErrors, s.Password(), "postroom: the server", "--yes", "ERROR")
	do(t, s.Password()+"\n", append(at(s), "Set-Mailbox")...).fits(t, cli.ExitCmdletErrors, s.Password(), "postroom: the server", "Identity", "question was not answered")
	if n := rules("nordsee-logistik.example"); n != before {
		t.Fatalf("%d rules were removed without an answer", before-n)
	}
	for _, c := range []struct {
		name, stdin string
		terminal    bool
		more        []string
		tenant      string
		removed     int
	}{
		{"no", "9\nnonsense\n3\n", true, nil, "nordsee-logistik.example", 0}, // Yes, Yes to All, No
		{"yes", "1\n", true, nil, "nordsee-logistik.example", 1},
		{"--yes", "", false, []string{"--yes"}, "alpenhof.example", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := rules(c.tenant)
			args := remove(append(c.more, "--tenant", c.tenant)...)
			got := doIn(t.Context(), cli.Streams{In: strings.NewReader(s.Password() + "\n" + c.stdin), Terminal: c.terminal}, args...)
			got.fits(t, cli.ExitDone, s.Password())
			if n := before - rules(c.tenant); n != c.removed {
				t.Errorf("%d rules removed, want %d", n, c.removed)
			}
			if c.terminal && !strings.Contains(got.stderr, "Number: ") {
				t.Errorf("nobody was asked: %q", got.stderr)
			}
		})
	}
	t.Run("interrupted while it waits", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		in := io.MultiReader(strings.NewReader(s.Password()+"\n"), unanswering{cancel})
		got := doIn(ctx, cli.Streams{In: in, Terminal: true}, remove()...)
		got.fits(t, cli.ExitInterrupted, s.Password())
	})
	nothingLeft(t, s)
}

// occupy takes n of the account's sessions, as other windows would.
func occupy(t *testing.T, state string, s *simulator.Server, n int) (*ledger.Ledger, []*ledger.Slot) {
	t.Helper()
	book, err := ledger.Open(state)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	var slots []*ledger.Slot
	for i := range n {
		slot, err := book.Reserve(t.Context(), ledger.Entry{
			ShellID: fmt.Sprintf("0000000%d-0000-4000-8000-000000000000", i), URL: s.URL(), Configuration: "Microsoft.Exchange",
			Auth: "basic", Account: s.Account(), Server: u.Host, IdleTimeout: time.Hour,
		}, n, nil)
		if err == nil {
			err = slot.Intend(s.URL(), nil)
		}
		if err == nil {
			err = slot.Opened(s.URL(), nil, 0)
		}
		if err != nil {
			t.Fatal(err)
		}
		slots = append(slots, slot)
	}
	return book, slots
}

// hearing tells of a word in what is written.
type hearing struct {
	word  string
	heard func()

	mu   sync.Mutex
	text strings.Builder
}

func (h *hearing) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if strings.Contains(string(p), h.word) {
		h.heard()
	}
	return h.text.Write(p)
}

func TestTheFourthWaitsItsTurn(t *testing.T) {
	s := start(t, simulator.Options{})
	_, state := home(t)
	book, slots := occupy(t, state, s, 3)
	freed := make(chan error, 1)
	heard := &hearing{word: "waiting for one to end (place 1)", heard: func() {
		go func() { freed <- slots[0].Cleared() }() // ends when the slot is free
	}}
	got := doIn(t.Context(), cli.Streams{In: strings.NewReader(s.Password() + "\n"), Err: heard}, at(s, "--csv", "-", "Get-TransportRule")...)
	got.stderr = heard.text.String()
	got.fits(t, cli.ExitDone, s.Password(), "all 3 sessions of "+s.Account()+" are in use: ", "in process ", "gives up at ")
	if n := strings.Count(got.stderr, "waiting"); n != 1 {
		t.Errorf("told %d times", n)
	}
	if err := errors.Join(<-freed, slots[1].Cleared(), slots[2].Cleared(), book.Close()); err != nil {
		t.Error(err)
	}
}

// One session is not 'all 1 sessions'; nothing that lives is tried anyway; and who sits there
// is told how to give up.
func TestTheOnlySessionIsWaitedFor(t *testing.T) {
	s := start(t, simulator.Options{})
	_, state := home(t)
	book, slots := occupy(t, state, s, 1)
	freed := make(chan error, 1)
	heard := &hearing{word: "waiting for one to end", heard: func() {
		go func() { freed <- slots[0].Cleared() }() // ends when the slot is free
	}}
	args := slices.Concat([]string{"run", "--session-limit", "1"}, at(s, "Get-TransportRule")[1:])
	got := doIn(t.Context(), cli.Streams{In: strings.NewReader(s.Password() + "\n"), Err: heard, Terminal: true}, args...)
	got.stderr = heard.text.String()
	got.fits(t, cli.ExitDone, s.Password(), "postroom: the only session of "+s.Account()+" is in use: a session", "in process ", " (since ", "(place 1); Ctrl+C gives up")
	for _, never := range []string{"all 1", "--try-now", "may be gone"} {
		if strings.Contains(got.stderr, never) {
			t.Errorf("it says %q:\n%s", never, got.stderr)
		}
	}
	if err := book.Close(); err != nil {
		t.Error(err)
	}
}

func TestTheWaitEndsWhereNobodySits(t *testing.T) {
	s := start(t, simulator.Options{})
	config, state := home(t)
	if err := os.MkdirAll(config, 0o700); err != nil {
		t.Fatal(err)
	}
	own := fmt.Sprintf(`{"version": 1, "data": {"own": [{"id": "bench", "name": "Bench", "url": %q, "kind": "own",
		"configuration": "Microsoft.Exchange", "auth": ["basic"], "session_limit": 2, "idle_timeout": "50ms", "own": true}]}}`, s.URL())
	if err := os.WriteFile(filepath.Join(config, "endpoints.json"), []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	book, slots := occupy(t, state, s, 2)
	args := []string{"run", "--endpoint", "bench", "--ca", s.CAFile(), "--user", s.Account(), "--password-stdin", "Get-TransportRule"}
	got := do(t, s.Password()+"\n", args...)
	got.fits(t, cli.ExitLimit, s.Password(), "all 2 sessions of ", "became free", "postroom sessions")
	if created := s.Stats().ShellsCreated; created != 0 {
		t.Errorf("%d sessions were opened beyond the limit", created)
	}
	if err := errors.Join(slots[0].Cleared(), slots[1].Cleared(), book.Close()); err != nil {
		t.Error(err)
	}
}

func TestWhatAKilledRunLeftIsDeletedByTheNext(t *testing.T) {
	s := start(t, simulator.Options{})
	_, state := home(t)
	book, _ := occupy(t, state, s, 3)
	listed := do(t, "", "sessions")
	if listed.code != cli.ExitDone || strings.Count(listed.stdout, "in use") != 3 {
		t.Errorf("sessions: exit %d\n%s", listed.code, listed.stdout)
	}
	if err := book.Close(); err != nil { // as the end of the process does
		t.Fatal(err)
	}
	listed = do(t, "", "sessions")
	if strings.Count(listed.stdout, "left open") != 3 {
		t.Errorf("sessions:\n%s", listed.stdout)
	}
	got := do(t, s.Password()+"\n", at(s, "--csv", "-", "Get-TransportRule")...)
	got.fits(t, cli.ExitDone, s.Password(), "closed a session that was left open")
	if after := do(t, "", "sessions"); after.stdout != "" {
		t.Errorf("the ledger still lists\n%s", after.stdout)
	}
}

func TestSessionsAreClosedOnRequest(t *testing.T) {
	s := start(t, simulator.Options{})
	_, state := home(t)
	book, _ := occupy(t, state, s, 1)
	other, err := book.Reserve(t.Context(), ledger.Entry{
		ShellID: "other", URL: "https://mail.elsewhere.invalid/PowerShell/", Account: "someone@else.example", Auth: "basic",
	}, 3, nil)
	if err == nil {
		err = other.Intend("https://mail.elsewhere.invalid/PowerShell/", nil)
	}
	if err == nil {
		err = book.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	secret := s.Password() + "\n"
	flags := []string{"sessions", "--close", "--password-stdin", "--ca", s.CAFile()}
	do(t, secret, flags...).fits(t, cli.ExitUsage, s.Password(), "--user is missing")
	do(t, "wrong\n", append(flags, "--user", s.Account())...).fits(t, cli.ExitConnect, s.Password(), "password")
	// Without its port it is another server: what is open there still is named.
	do(t, secret, append(flags, "--user", s.Account(), "--server", "127.0.0.1")...).fits(t, cli.ExitDone, s.Password(), "none of the sessions is of that account and server", s.Account()+" at 127.0.0.1:", "someone@else.example at mail.elsewhere.invalid")
	got := do(t, secret, append(flags, "--user", s.Account())...)
	got.fits(t, cli.ExitDone, s.Password())
	if !strings.Contains(got.stdout, "closed: "+s.Account()) {
		t.Errorf("standard output: %q", got.stdout)
	}
	if rest := do(t, "", "sessions"); strings.Contains(rest.stdout, s.Account()) || !strings.Contains(rest.stdout, "someone@else.example") {
		t.Errorf("sessions:\n%s", rest.stdout)
	}
}

func TestSimulateServesUntilInterrupted(t *testing.T) {
	home(t)
	ctx, cancel := context.WithCancel(t.Context())
	printed := &hearing{word: "password: ", heard: cancel}
	got := doIn(ctx, cli.Streams{Out: printed}, "simulate", "--rows", "5", "--seed", "3")
	got.fits(t, cli.ExitDone, "")
	lines := strings.Split(strings.TrimSpace(printed.text.String()), "\n")
	for i, name := range []string{"url: https://127.0.0.1:", "ca: ", "account: ", "password: "} {
		if len(lines) != 4 || !strings.HasPrefix(lines[i], name) {
			t.Fatalf("printed %q", lines)
		}
	}
	// Nobody could sign in where what is needed for it was not written.
	doIn(t.Context(), cli.Streams{Out: full{}}, "simulate", "--rows", "5").fits(t, cli.ExitConnect, "", "no room for it")
	do(t, "", "simulate", "--listen", "nowhere").fits(t, cli.ExitUsage, "", "simulator does not start")
}

// What a killed run left at a host that it was redirected to is closed only
// where that host is allowed again: the ledger alone is not to be trusted with a
// password.
func TestLeftoversAreClosedOnlyWhereThePasswordMayGo(t *testing.T) {
	s := start(t, simulator.Options{})
	_, state := home(t)
	book, slots := occupy(t, state, s, 1)
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	u.Host = "localhost:" + u.Port()
	elsewhere, err := book.Reserve(t.Context(), ledger.Entry{
		ShellID: "B", URL: "https://mail.elsewhere.invalid/PowerShell/", Account: s.Account(), Auth: "basic",
	}, 3, nil)
	if err := errors.Join(err, elsewhere.Intend("https://mail.elsewhere.invalid/PowerShell/", nil), slots[0].Opened(u.String(), nil, 0), book.Close()); err != nil {
		t.Fatal(err)
	}
	flags := []string{"sessions", "--close", "--password-stdin", "--ca", s.CAFile(), "--user", s.Account()}
	do(t, s.Password()+"\n", flags...).fits(t, cli.ExitUsage, s.Password(), "--server is missing")
	asked, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	flags = append(flags, "--server", asked.Host)
	requests := s.Stats().Requests
	do(t, s.Password()+"\n", flags...).fits(t, cli.ExitConnect, s.Password(), "may not have your password", "--allow-redirect localhost ")
	if n := s.Stats().Requests - requests; n != 0 {
		t.Errorf("%d requests were sent to a host that was not allowed", n)
	}
	do(t, s.Password()+"\n", append(flags, "--allow-redirect", "https://localhost/")...).fits(t, cli.ExitUsage, s.Password(), "name of a host")
	do(t, s.Password()+"\n", append(flags, "--allow-redirect", "localhost")...).fits(t, cli.ExitDone, s.Password())
	if rest := do(t, "", "sessions", "--server", asked.Host); rest.stdout != "" {
		t.Errorf("left:\n%s", rest.stdout)
	}
}

// Advice that sends people to the details has them beneath it.
func TestDetailsStandBelowTheAdvice(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the folders of other systems need no HOME")
	}
	home(t)
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"} {
		t.Setenv(name, "")
	}
	got := do(t, "", "sessions")
	got.fits(t, cli.ExitConnect, "", "report it with the details below.\n  Details: Problem: unknown\n    ", "Error: find the folder for state")
	home(t)
	if wrong := do(t, "", "run", "--csv", "/nowhere/x", "--url", "https://mail.contoso.example", "--user", "a@b.example", "Get-Mailbox"); strings.Contains(wrong.stderr, "Details") {
		t.Errorf("details that nobody is sent to:\n%s", wrong.stderr)
	}
}
