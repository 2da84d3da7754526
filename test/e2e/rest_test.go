package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postroom/session/simulator"
)

// The built program runs cmdlets, a pipeline, a change and a report through the
// REST door, signed in as an application; the same command through the classic
// door gives the same file; no token is in what it leaves behind.
func TestRESTDoorOfTheCommandLine(t *testing.T) {
	s, err := simulator.Start(simulator.Options{Rows: 30, REST: true, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	env := home(t)
	trace := filepath.Join(t.TempDir(), "trace.json")
	rest := []string{
		"--url", s.RESTURL(), "--auth", "app", "--authority", s.AuthorityURL(), "--client-id", s.ClientID(), "--certificate", s.CertificateFile(),
		"--ca", s.CAFile(), "--tenant", "soleil.example", "--csv", "-",
	}
	classic := []string{"--url", s.URL(), "--user", s.Account(), "--password-stdin", "--ca", s.CAFile(), "--tenant", "soleil.example", "--csv", "-"}
	with := func(verb string, flags []string, words ...string) []string {
		return append(append([]string{verb}, flags...), words...)
	}
	for _, words := range [][]string{
		{"Get-AcceptedDomain"},
		{"--columns", "DisplayName,PrimarySmtpAddress", "Get-Mailbox", "-ResultSize", "Unlimited"},
		{"--line", "Get-Mailbox -ResultSize Unlimited | Get-MailboxStatistics | Select-Object DisplayName,ItemCount"},
	} {
		modern := run(t, env, "", with("run", append(rest, "--trace", trace), words...)...)
		old := run(t, env, s.Password()+"\n", with("run", classic, words...)...)
		if modern.code != 0 || modern.stdout != old.stdout || strings.Count(modern.stdout, "\n") < 3 {
			t.Errorf("%v: exit %d: %s\n%.600s\nthe classic door: %d %s\n%.600s", words, modern.code, modern.stderr, modern.stdout, old.code, old.stderr, old.stdout)
		}
	}
	if got := run(t, env, "", append([]string{"report", "mailbox-sizes"}, rest...)...); got.code != 0 || strings.Count(got.stdout, "\n") < 30 {
		t.Errorf("report: exit %d: %s\n%.300s", got.code, got.stderr, got.stdout)
	}
	// What asks is not sent where nobody sits, and sent once with --yes.
	if got := run(t, env, "", with("run", rest, "Remove-TransportRule", "-Identity", "no such rule")...); got.code == 0 {
		t.Errorf("a change without an answer: exit %d", got.code)
	}
	if got := run(t, env, "", with("run", rest, "Get-NoSuchThing")...); got.code != 1 || !strings.Contains(got.stderr, "Get-NoSuchThing") {
		t.Errorf("a cmdlet that there is not: exit %d: %s", got.code, got.stderr)
	}
	for call, times := range s.Stats().ChangesByCall {
		if times > 2 { // what would be done, and the change
			t.Errorf("%s was sent %d times", call, times)
		}
	}
	for _, root := range []string{variable(t, env, "HOME"), filepath.Dir(trace)} {
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			if strings.Contains(string(b), "eyJ") { // every token of the authority begins so
				t.Errorf("a token is in %s", path)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
