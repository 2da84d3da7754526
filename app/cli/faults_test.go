package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"postroom/session/simulator"
)

// The help of simulate names every fault and every kind that a file of faults may hold, and
// its example is one.
func TestHelpSaysWhatFaultsThereAre(t *testing.T) {
	help := do(t, "", "help", "simulate").stdout
	for _, f := range simulator.AllFaults() {
		if !regexp.MustCompile(`(?m)[ ,]` + regexp.QuoteMeta(string(f)) + `(,|$)`).MatchString(help) {
			t.Errorf("the help does not name the fault %s", f)
		}
	}
	for _, k := range simulator.Kinds() {
		if simulator.FaultsOn(k) == nil || !regexp.MustCompile(`Faults on [^\n]*\b`+string(k)+`\b`).MatchString(help) {
			t.Errorf("the help does not name the kind %s", k)
		}
	}
	_, example, _ := strings.Cut(help, "is played:\n\n")
	example, _, _ = strings.Cut(example, "\n\n")
	f, err := simulator.ParseFaults(strings.NewReader(example))
	if err != nil || len(f.Rules) != 2 {
		t.Errorf("the example %s is read as %+v, %v", example, f, err)
	}
	for line := range strings.Lines(help) {
		if strings.HasPrefix(line, "  ") && len(line) > 100 {
			t.Errorf("a line of the help is %d long: %s", len(line), line)
		}
	}
	name := filepath.Join(t.TempDir(), "faults.json")
	if err := os.WriteFile(name, []byte(example), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := simulator.ReadFaults(name); err != nil {
		t.Error(err)
	}
}
