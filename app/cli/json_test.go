package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/app/folders"
	"postroom/session/endpoint"
	"postroom/session/schedule"
	"postroom/session/simulator"
)

// marked has what writers of JSON for browsers escape.
const marked = "R&D <all>"

// Every --json writes <, > and & as they are, and is indented alike; rows are written by
// session/result and keep them as well. Each command with the flag is tried here, with
// marked in its data where somebody can put it there.
func TestEveryJSONIsWrittenAlike(t *testing.T) {
	s := start(t, simulator.Options{Rows: 5})
	config := filepath.Join(os.Getenv("XDG_CONFIG_HOME"), "postroom")
	tenants, err := endpoint.OpenTenants(filepath.Join(config, folders.Tenants))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tenants.Add(t.Context(), endpoint.Tenant{Domain: "nordsee.example", Name: marked}); err != nil {
		t.Fatal(err)
	}
	if _, err := schedule.Open(filepath.Join(config, "schedules.json")).Add(t.Context(), schedule.Schedule{Title: marked, Dir: t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	do(t, "", "report", "--save", "marked", "--title", marked, "--line", "Get-Mailbox", "--columns", "Name").fits(t, cli.ExitDone, "")
	run := func(args ...string) outcome {
		got := do(t, s.Password()+"\n", at(s, args...)...)
		got.fits(t, cli.ExitDone, s.Password())
		return got
	}
	run("New-DistributionGroup", "-Name", marked)
	rows := run("--json", "-", "--columns", "Name", "Get-DistributionGroup", "-Identity", marked)
	var runs []struct{ ID string }
	if err := json.Unmarshal([]byte(do(t, "", "history", "--json").stdout), &runs); err != nil || len(runs) != 2 {
		t.Fatalf("%+v, %v", runs, err)
	}
	place := []string{"--url", s.URL(), "--ca", s.CAFile(), "--user", "r&d@contoso.example", "--password-stdin"}
	outputs := map[string][]outcome{
		"run":       {rows},
		"report":    {do(t, "", "report", "--json")},
		"history":   {do(t, "", "history", "--json"), do(t, "", "history", runs[0].ID, "--json", "-")},
		"tenants":   {do(t, "", "tenants", "--json")},
		"schedule":  {do(t, "", "schedule", "--json")},
		"check":     {do(t, "wrong\n", append([]string{"check", "--json"}, place...)...)},
		"cmdlets":   {do(t, "", "cmdlets", "--offline", "--json", "Get-Mailbox")},
		"sign-ins":  {do(t, "", "sign-ins", "--json")},
		"passwords": nil, // there is no keyring here: test/e2e lists them
	}
	plain := map[string]string{"cmdlets": "Get-Mailbox", "sign-ins": "[]", "check": "r&d@contoso.example"}
	commands := do(t, "", "no-such").stderr
	_, commands, _ = strings.Cut(commands, "there are: ")
	commands, _, _ = strings.Cut(commands, "\n")
	for _, command := range strings.Split(commands, ", ") {
		tried, ok := outputs[command]
		if has := strings.Contains(do(t, "", "help", command).stdout, "--json"); has != ok {
			t.Errorf("postroom %s has --json: %v, and is tried: %v", command, has, ok)
		}
		for _, got := range tried {
			want := marked
			if other := plain[command]; other != "" {
				want = other
			}
			if !json.Valid([]byte(got.stdout)) || !strings.Contains(got.stdout, want) || strings.Contains(got.stdout, `\u00`) {
				t.Errorf("%s: no JSON with %q as it is:\n%.600s\n%s", command, want, got.stdout, got.stderr)
			}
			var indented bytes.Buffer
			if err := json.Indent(&indented, []byte(got.stdout), "", "  "); command != "run" && command != "history" && (err != nil || indented.String() != got.stdout) {
				t.Errorf("%s is not indented as the others are, %v:\n%.600s", command, err, got.stdout)
			}
		}
	}
	if !slices.Contains(strings.Split(commands, ", "), "check") {
		t.Errorf("the commands are %q", commands)
	}
	nothingLeft(t, s)
}

// TestJSONIsWrittenInOnePlace keeps a second way out.
func TestJSONIsWrittenInOnePlace(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 10 {
		t.Fatal(len(files), err)
	}
	for _, name := range files {
		if name == "json.go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, way := range []string{"json.NewEncoder", "json.Marshal"} {
			if bytes.Contains(text, []byte(way)) {
				t.Errorf("%s writes JSON by %s: writeJSON does", name, way)
			}
		}
	}
}
