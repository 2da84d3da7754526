package e2e

import (
	"encoding/csv"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"postroom/test/fixture"
)

// 'Run this every Monday' in the real window: a report is put on a schedule, listed, tried
// without a password and with one, and removed; what failed is told at the next start.
func TestAScheduleInTheWindow(t *testing.T) {
	fixture.Long(t) // it draws, and asks the server from three processes
	d := startDisplay(t)
	s := startServer(t, "--rows", "12")
	env := withKeyring(t, withEndpoint(t, s))
	env, tools, record := withSystemctl(t, env)
	w := watch(t, d, s, env)
	w.signIn(t, s)

	w.key(t, "ctrl+l")
	w.typed(t, "accepted domains")
	w.says(t, "Which domains do we accept mail for?")
	w.click(t, "Run regularly ...")
	w.says(t, "This computer's scheduler runs it")
	w.shot(t, "schedule new")
	w.key(t, "Return") // the keyboard is in When, which says Monday
	w.noted(t, "runs Monday 07:00")
	told, err := os.ReadFile(record)
	if err != nil || !strings.Contains(string(told), "--user enable --now postroom-") {
		t.Fatalf("systemd was told %s, %v", told, err)
	}
	timers, _ := filepath.Glob(filepath.Join(variable(t, env, "XDG_CONFIG_HOME"), "systemd", "user", "postroom-*.timer"))
	if len(timers) != 1 {
		t.Fatalf("%d timers", len(timers))
	}
	judged(t, timers[0])

	scheduled := func() {
		t.Helper()
		w.key(t, "ctrl+k")
		w.typed(t, "scheduled runs")
		w.key(t, "Return")
		w.says(t, "To add one, choose Run regularly")
	}
	scheduled()
	w.says(t, "Not run yet.")
	w.click(t, "Try now")
	w.says(t, "failed, exit code 3")
	w.shot(t, "schedule failed")
	remember(t, env, s)
	w.click(t, "Try now")
	w.says(t, "succeeded")
	w.shot(t, "schedule tried")
	files, _ := filepath.Glob(filepath.Join(variable(t, env, "HOME"), "*", "*.csv"))
	more, _ := filepath.Glob(filepath.Join(variable(t, env, "HOME"), "*.csv"))
	if files = append(files, more...); len(files) != 1 {
		t.Fatalf("files: %q", files)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff"))).ReadAll()
	if err != nil || len(rows) < 2 || rows[0][0] != "DomainName" {
		t.Errorf("%v: %s", err, raw)
	}
	w.key(t, "Escape")
	w.key(t, "ctrl+q")
	w.awaitEnd(t)

	// What the scheduler fires fails while nobody looks: the next start tells.
	fired := exec.CommandContext(t.Context(), program, "schedule", "--run", strings.TrimSuffix(filepath.Base(timers[0]), ".timer"))
	fired.Env = append(env, "SSL_CERT_FILE="+filepath.Join(tools, "none"))
	out, err := fired.CombinedOutput()
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.ExitCode() != 3 {
		t.Fatalf("%v: %s", err, out)
	}
	w = watch(t, d, s, env)
	w.says(t, "Accepted domains failed on")
	w.shot(t, "schedule told")
	w.click(t, "Show")
	w.says(t, "failed, exit code 3")
	w.click(t, "Remove")
	w.says(t, "None yet")
	w.shot(t, "schedule removed")
	if left, _ := filepath.Glob(filepath.Join(variable(t, env, "XDG_CONFIG_HOME"), "systemd", "user", "*")); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
}

// judged lets systemd itself say whether it takes a timer.
func judged(t *testing.T, timer string) {
	t.Helper()
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		return // session/schedule says that it was skipped
	}
	raw, err := os.ReadFile(timer)
	if err != nil {
		t.Fatal(err)
	}
	calendar := line(string(raw), "OnCalendar=")
	out, err := exec.CommandContext(t.Context(), analyze, "calendar", calendar).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Mon") || !strings.Contains(string(out), "07:00:00") {
		t.Errorf("systemd makes of %q: %s, %v", calendar, out, err)
	}
}

// shot keeps a picture of the display where somebody wants to look at it.
func (w *window) shot(t *testing.T, name string) {
	t.Helper()
	if dir := os.Getenv("POSTROOM_PICTURES"); dir != "" {
		w.must(t, "import", "-window", "root", filepath.Join(dir, name+".png"))
	}
}
