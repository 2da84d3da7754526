package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/app/settings"
)

// TestTheLanguageOfTheSession: that of the terminal, and where that has none the one chosen
// in the window. What scripts read stays.
func TestTheLanguageOfTheSession(t *testing.T) {
	config, _ := home(t)
	kept, err := settings.Open(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := kept.Change(func(s *settings.Settings) { s.Language = settings.German })(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		lang   string
		german bool
	}{{"", true}, {"de_AT.UTF-8", true}, {"en_US.UTF-8", false}, {"C", false}} {
		for _, name := range []string{"LC_ALL", "LC_MESSAGES"} {
			t.Setenv(name, "")
		}
		t.Setenv("LANG", test.lang)
		if list := do(t, "", "report").stdout; strings.Contains(list, "Nachrichtenfluss") != test.german || strings.Contains(list, "Mail flow") == test.german {
			t.Errorf("LANG=%s: %.300s", test.lang, list)
		}
	}
	t.Setenv("LANG", "")
	if list := do(t, "", "report", "--json").stdout; !strings.Contains(list, `"group": "Mail flow"`) || !strings.Contains(list, "Postfächer") {
		t.Errorf("%.300s", list)
	}
	o := do(t, "", "cmdlets", "--offline", "Get-Mailbox")
	o.fits(t, cli.ExitDone, "")
	if !strings.Contains(o.stdout, "Postfächer") || !strings.Contains(o.stdout, "Parameter sets:") {
		t.Errorf("%.300s", o.stdout)
	}
	file := filepath.Join(config, "settings.json")
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	o = do(t, "", "report")
	if o.code != cli.ExitDone || !strings.Contains(o.stdout, "Mail flow") || strings.Count(o.stderr, file) != 1 || strings.Count(o.stderr, "\n") != 1 {
		t.Errorf("settings that cannot be read: exit %d, %s", o.code, o.stderr)
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "{" {
		t.Errorf("they were moved away from the window, which tells of them: %q, %v", b, err)
	}
}
