package e2e

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/godbus/dbus/v5"

	"postroom/app/demo"
	"postroom/session/simulator"
)

var typedCode = regexp.MustCompile(`open (\S+) in any browser and enter the code (\S+)`)

// keyringItems are how many items a keyring holds that is reached by a home.
func keyringItems(t *testing.T, env []string) int {
	t.Helper()
	bus, err := dbus.Connect(variable(t, env, "DBUS_SESSION_BUS_ADDRESS"))
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close() //nolint:errcheck // it was only asked
	var open, locked []dbus.ObjectPath
	secrets := bus.Object("org.freedesktop.secrets", "/org/freedesktop/secrets")
	if err := secrets.Call("org.freedesktop.Secret.Service.SearchItems", 0, map[string]string{}).Store(&open, &locked); err != nil {
		t.Fatal(err)
	}
	return len(open) + len(locked)
}

// Sign-ins are sealed with a key in the keyring: who has signed in by a code in one
// process is signed in silently in the next ones, two at once lose nothing of each
// other's, and the sign-out takes file and key.
func TestSignInsInARealKeyring(t *testing.T) {
	t.Parallel()
	s, err := simulator.Start(simulator.Options{Rows: 5, REST: true, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	env := withKeyring(t, home(t))
	before := keyringItems(t, env)
	flags := []string{
		"--url", s.RESTURL(), "--auth", "device", "--authority", s.AuthorityURL(), "--client-id", s.ClientID(), "--ca", s.CAFile(), "--user", s.Account(),
	}
	files := func() []string {
		found, err := filepath.Glob(filepath.Join(variable(t, env, "XDG_STATE_HOME"), "postroom", "*", "*.sealed"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	ask := func(domain string) result {
		return run(t, env, "", append(append([]string{"run"}, flags...), "--tenant", domain, "--csv", "-", "Get-AcceptedDomain")...)
	}
	tenants := s.Tenants()
	// Nobody sits there, and nobody has signed in.
	if got := ask(tenants[0].Domain); got.code != 3 || strings.Contains(got.stderr, "enter the code") {
		t.Fatalf("without a sign-in: exit %d\n%s", got.code, got.stderr)
	}
	signInAtTerminal(t, env, s, append(append([]string{"run"}, flags...), "--csv", filepath.Join(t.TempDir(), "rows.csv"), "Get-AcceptedDomain"))
	if n := len(files()); n != 1 || keyringItems(t, env) != before+1 {
		t.Fatalf("after the sign-in: %d files, %d items beside those before", n, keyringItems(t, env)-before)
	}
	// Two at once, each for a tenant that the other does not know.
	var both sync.WaitGroup
	for _, tenant := range tenants[1:3] {
		both.Go(func() {
			if got := ask(tenant.Domain); got.code != 0 || strings.Count(got.stdout, "\n") < 2 {
				t.Errorf("%s: exit %d\n%s%s", tenant.Domain, got.code, got.stdout, got.stderr)
			}
		})
	}
	both.Wait()
	var list []struct {
		Account string
		Tenants []string
	}
	got := run(t, env, "", "sign-ins", "--json")
	if err := json.Unmarshal([]byte(got.stdout), &list); err != nil || len(list) != 1 {
		t.Fatalf("sign-ins: %v\n%s%s", err, got.stdout, got.stderr)
	}
	for _, tenant := range tenants[1:3] {
		if !slices.ContainsFunc(list[0].Tenants, func(id string) bool { return strings.EqualFold(id, tenant.ID) }) {
			t.Errorf("the sign-in for %s (%s) was lost: %v", tenant.Domain, tenant.ID, list[0].Tenants)
		}
	}
	if got := run(t, env, "", "sign-ins", "--sign-out"); got.code != 0 || !strings.Contains(got.stdout, s.Account()) {
		t.Errorf("sign-out: exit %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	if n := len(files()); n != 0 || keyringItems(t, env) != before {
		t.Errorf("after the sign-out: %d files, %d items beside those before", n, keyringItems(t, env)-before)
	}
	if got := ask(tenants[1].Domain); got.code != 3 {
		t.Errorf("after the sign-out: exit %d\n%s", got.code, got.stdout)
	}
}

// signInAtTerminal runs the program at a terminal, and types the code that it shows on
// another device.
func signInAtTerminal(t *testing.T, env []string, s *simulator.Server, args []string) {
	t.Helper()
	if said, err := atTerminalWithCode(t, env, s, args, func() {}); err != nil {
		t.Fatalf("the sign-in at a terminal: %v\n%s", err, said)
	}
}

// errNoCode is a program that has shown no code.
var errNoCode = errors.New("no code was shown")

// atTerminalWithCode is atTerminal for a program that shows a code; before is called
// before it is typed on another device.
func atTerminalWithCode(t *testing.T, env []string, s *simulator.Server, args []string, before func()) (string, error) {
	t.Helper()
	entered := false
	said, err := atTerminal(t, env, args, func(said string) {
		if found := typedCode.FindStringSubmatch(said); found != nil && !entered {
			entered = true
			before()
			if err := (&demo.Demo{Server: s}).EnterCode(t.Context(), found[1], found[2], s.Account()); err != nil {
				t.Error(err)
			}
		}
	})
	if err == nil && !entered {
		err = errNoCode
	}
	return said, err
}

// startAtTerminal starts the program at a terminal, whose other end is the caller's.
func startAtTerminal(t *testing.T, env, args []string) (*exec.Cmd, *os.File) {
	t.Helper()
	master, terminal := openTerminal(t)
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = env, terminal, terminal, terminal
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	err := cmd.Start()
	_ = terminal.Close() // the program has its own
	if err != nil {
		_ = master.Close()
		t.Fatal(err)
	}
	return cmd, master
}

// atTerminal runs the program at a terminal to its end; each hears what it has said so
// far, line by line.
func atTerminal(t *testing.T, env, args []string, each func(said string)) (string, error) {
	t.Helper()
	cmd, master := startAtTerminal(t, env, args)
	defer master.Close() //nolint:errcheck // the program has ended
	said := ""
	for lines := bufio.NewScanner(master); lines.Scan(); { // ends with the program
		said += lines.Text() + "\n"
		each(said)
	}
	return said, cmd.Wait()
}
