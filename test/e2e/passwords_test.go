package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"postroom/session/simulator"
)

// answered runs the program at a terminal, types an answer at a question, and gives what it
// said.
func answered(t *testing.T, env, args []string, question, answer string) (said string, code int) {
	t.Helper()
	cmd, master := startAtTerminal(t, env, args)
	defer master.Close() //nolint:errcheck // the program has ended
	typed := false
	for buf := make([]byte, 4096); ; { // ends with the program
		n, err := master.Read(buf)
		said += string(buf[:n])
		if !typed && strings.Contains(said, question) {
			typed = true
			if _, err := master.WriteString(answer + "\n"); err != nil {
				t.Error(err)
			}
		}
		if err != nil {
			break
		}
	}
	_ = cmd.Wait() // its exit code says how it was
	return said, cmd.ProcessState.ExitCode()
}

// With a real keyring: what is kept is used, what is forgotten is not, what was changed is
// used by the next dial; an old one is sent once in a run, however many tenants there are,
// and who sits there is asked for the new one, which is kept. No password is ever shown.
func TestPasswordsOnTheCommandLine(t *testing.T) {
	t.Parallel()
	s := serve(t, simulator.Options{Rows: 3})
	env := withKeyring(t, home(t))
	var known secrets
	known.note("password", s.password)
	const old = "the one of last month"
	known.note("old password", old)
	host := strings.TrimPrefix(strings.SplitN(s.url, "/powershell", 2)[0], "https://")
	at := []string{"--user", s.account, "--server", host}
	postroom := func(stdin string, args ...string) result {
		t.Helper()
		got := run(t, env, stdin, args...)
		known.none(t, strings.Join(args, " "), []byte(got.stdout+got.stderr))
		return got
	}
	reads := func(more ...string) []string {
		return slices.Concat([]string{"run", "--url", s.url, "--user", s.account, "--ca", s.ca, "--csv", "-"}, more, []string{"Get-AcceptedDomain"})
	}
	// runs checks how a run comes out, and how many requests with a wrong password it sends.
	runs := func(what string, code, refused int, says string, more ...string) {
		t.Helper()
		before := s.stats(t)
		got := postroom("", reads(more...)...)
		now := s.stats(t)
		if got.code != code || now.Unauthorized-before.Unauthorized != refused || !strings.Contains(got.stderr, says) || now.OpenShells != 0 {
			t.Errorf("%s: exit %d, want %d; %d refused, want %d; %d shells open\n%s", what, got.code, code, now.Unauthorized-before.Unauthorized, refused, now.OpenShells, got.stderr)
		}
	}
	keep := func(password string) {
		t.Helper()
		if got := postroom(password+"\n", slices.Concat([]string{"passwords", "--change", "--password-stdin"}, at)...); got.code != 0 || !strings.Contains(got.stdout, "kept in the keyring") {
			t.Fatalf("--change: %+v", got)
		}
	}

	if got := postroom("", "passwords", "--json"); got.code != 0 || strings.TrimSpace(got.stdout) != "[]" {
		t.Errorf("nothing is kept: %+v", got)
	}
	runs("nothing is kept", 3, 0, "no stored password")
	keep(s.password)
	runs("it is kept", 0, 0, "")
	keep(old)
	runs("an old one", 3, 1, "wrong")
	runs("an old one, three tenants", 3, 1, "wrong", "--tenant", "nordsee.example", "--tenant", "customer01.example", "--tenant", "customer02.example")
	before := s.stats(t).Unauthorized
	said, code := answered(t, env, reads(), "give up): ", s.password)
	known.none(t, "the terminal", []byte(said))
	if now := s.stats(t).Unauthorized; code != 0 || now != before+1 || !strings.Contains(said, "did not accept the password of "+s.account) {
		t.Errorf("at a terminal: exit %d, %d refused\n%s", code, now-before, said)
	}
	runs("what was typed is kept", 0, 0, "")
	keep(old)
	if said, code = answered(t, env, reads(), "give up): ", ""); code != 3 {
		t.Errorf("nothing was typed: exit %d\n%s", code, said)
	}
	keep(s.password)
	runs("another one", 0, 0, "")

	var list []struct{ Account, Server, Stored string }
	got := postroom("", "passwords", "--json")
	if err := json.Unmarshal([]byte(got.stdout), &list); err != nil || len(list) != 1 || list[0].Account != s.account || list[0].Server != host || list[0].Stored == "" {
		t.Errorf("the list: %v, %v\n%s", list, err, got.stdout)
	}
	got = postroom("", "passwords", "--forget", "--user", s.account, "--server", "elsewhere.example")
	if got.code != 0 || got.stdout != "" || !strings.Contains(got.stderr, s.account+" at "+host) {
		t.Errorf("none of those: %+v", got)
	}
	spelled := "mailto:" + strings.ReplaceAll(strings.ToUpper(s.account), "@", "%40")
	if got = postroom("", "passwords", "--forget", "--user", spelled); got.code != 0 || !strings.Contains(got.stdout, "forgotten: the password of "+s.account+" at "+host) {
		t.Errorf("one by another spelling: %+v", got)
	}
	runs("it was forgotten", 3, 0, "no stored password")
	keep(s.password)
	if got = postroom("other\n", "passwords", "--change", "--user", "ben@contoso.example", "--server", "mail.contoso.example", "--password-stdin"); got.code != 0 {
		t.Errorf("another account: %+v", got)
	}
	if got = postroom("", "passwords", "--forget"); got.code != 0 || strings.Count(got.stdout, "forgotten: ") != 2 {
		t.Errorf("all: %+v", got)
	}
	runs("all were forgotten", 3, 0, "no stored password")
	if got = postroom("", "passwords", "--forget"); got.code != 0 || !strings.Contains(got.stderr, "no password was kept") {
		t.Errorf("nothing to forget: %+v", got)
	}
	known.noneBelow(t, variable(t, env, "XDG_CONFIG_HOME"))
	known.noneBelow(t, variable(t, env, "XDG_STATE_HOME"))
}
