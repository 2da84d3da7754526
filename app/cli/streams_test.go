package cli_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"postroom/app/cli"
)

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room for it") }

// What could not be written on standard output is an error of every command; a
// reader that has enough, as head has, is none.
func TestStandardOutputThatFails(t *testing.T) {
	home(t)
	r, closed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer closed.Close()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	at := []string{"--url", "https://mail.contoso.example/PowerShell/", "--user", "ada@contoso.example"}
	for _, args := range [][]string{
		{"help"},
		{"help", "run"},
		append([]string{"run", "--show"}, append(at, "Get-Mailbox")...),
		append([]string{"report", "accepted-domains", "--show"}, at...),
		{"report", "--json"},
		{"report", "--export", "accepted-domains"},
		{"history", "--json"},
		{"schedule", "--json"},
		{"sign-ins", "--json"},
		{"cmdlets", "--offline", "Get-Mailbox"},
	} {
		name := strings.Join(args, " ")
		if got := doIn(t.Context(), cli.Streams{Out: full{}}, args...); got.code != cli.ExitConnect || !strings.Contains(got.stderr, "no room for it") {
			t.Errorf("%s: exit code %d where the disk is full: %s", name, got.code, got.stderr)
		}
		if got := doIn(t.Context(), cli.Streams{Out: closed}, args...); got.code != cli.ExitDone || got.stderr != "" {
			t.Errorf("%s: exit code %d where nobody reads: %s", name, got.code, got.stderr)
		}
	}
}
