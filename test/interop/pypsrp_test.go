package interop

import (
	"encoding/json"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"postroom/session/simulator"
	"postroom/test/fixture"
)

// step is one thing that peer/pypsrp_client.py does.
type step struct {
	Cmdlet     string            `json:"cmdlet"`
	Parameters map[string]any    `json:"parameters,omitempty"`
	Secrets    map[string]string `json:"secrets,omitempty"`
	Stop       bool              `json:"stop,omitempty"`
}

// outcome is what pypsrp says came of a step. State has the numbers of MS-PSRP:
// 3 stopped, 4 completed, 5 failed.
type outcome struct {
	State    int               `json:"state"`
	Failure  string            `json:"failure"`
	Output   []json.RawMessage `json:"output"`
	Warnings []string          `json:"warnings"`
	Progress []string          `json:"progress"`
	Errors   []struct {
		Text     string `json:"text"`
		ID       string `json:"id"`
		Category int    `json:"category"`
	} `json:"errors"`
}

// row is one object of output.
type row struct {
	Types      []string       `json:"types"`
	Properties map[string]any `json:"properties"`
}

func (o outcome) rows(t *testing.T) []row {
	t.Helper()
	rows := make([]row, len(o.Output))
	for i, raw := range o.Output {
		if err := json.Unmarshal(raw, &rows[i]); err != nil {
			t.Fatalf("output %d: %v: %s", i, err, raw)
		}
	}
	return rows
}

// pypsrp runs the steps in one pool of pypsrp's and gives the version in force.
func pypsrp(t *testing.T, s *simulator.Server, tenant string, steps ...step) (string, []outcome) {
	t.Helper()
	interpreter := python(t)
	job, err := json.Marshal(map[string]any{
		"url": s.URL() + "?DelegatedOrg=" + tenant, "user": s.Account(), "password": s.Password(), "ca": s.CAFile(), "steps": steps,
	})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(patient(t), interpreter, filepath.Join(fixture.Root(t), "test", "interop", "peer", "pypsrp_client.py"))
	cmd.Stdin = strings.NewReader(string(job))
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pypsrp: %v\n%s", err, said.String())
	}
	var result struct {
		Version string    `json:"version"`
		Results []outcome `json:"results"`
	}
	if err := json.Unmarshal(out, &result); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if len(result.Results) != len(steps) {
		t.Fatalf("%d results of %d steps", len(result.Results), len(steps))
	}
	return result.Version, result.Results
}

func startSimulator(t *testing.T) *simulator.Server {
	t.Helper()
	s, err := simulator.Start(simulator.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the simulator: %v", err)
		}
	})
	return s
}

func TestPypsrpUsesTheSimulator(t *testing.T) {
	s := startSimulator(t)
	const tenant = "nordsee-logistik.example"
	const note = "Zo\u00eb <&> \U0001f4ec\r\nline two"
	version, results := pypsrp(t, s, tenant,
		step{Cmdlet: "Get-Mailbox", Parameters: map[string]any{"ResultSize": 3}},
		step{Cmdlet: "Get-TransportRule"},
		step{Cmdlet: "Get-Nothing"},
		step{Cmdlet: "Get-Mailbox", Parameters: map[string]any{"Identity": "nobody.of.this.name"}},
		step{Cmdlet: "New-Mailbox", Parameters: map[string]any{
			"Name": "Interop Test", "MicrosoftOnlineServicesID": "interop@" + tenant, "Alias": "interop",
		}, Secrets: map[string]string{"Password": "p\u00e4ssw\u00f6rd \U0001f511"}},
		step{Cmdlet: "Set-Mailbox", Parameters: map[string]any{"Identity": "interop", "CustomAttribute1": note}},
		step{Cmdlet: "Get-Mailbox", Parameters: map[string]any{"Identity": "interop"}},
		step{Cmdlet: "Remove-Mailbox", Parameters: map[string]any{"Identity": "interop", "Confirm": false}},
		step{Cmdlet: "Get-MessageTrace", Parameters: map[string]any{"PageSize": 1000}},
	)
	if version != "2.3" {
		t.Errorf("protocol version %s", version)
	}
	completed := func(i, rows int) []row {
		t.Helper()
		r := results[i]
		if r.State != 4 || len(r.Errors) != 0 {
			t.Errorf("step %d: state %d, %q, errors %v", i, r.State, r.Failure, r.Errors)
		}
		if got := r.rows(t); rows >= 0 && len(got) != rows {
			t.Errorf("step %d: %d rows, want %d", i, len(got), rows)
		}
		return r.rows(t)
	}
	for _, mailbox := range completed(0, 3) {
		if mailbox.Properties["PrimarySmtpAddress"] == nil || len(mailbox.Types) == 0 {
			t.Errorf("a mailbox without address or type: %v", mailbox)
		}
	}
	if len(completed(1, -1)) == 0 {
		t.Error("no transport rules")
	}
	if r := results[2]; r.State != 5 || len(r.Errors) != 1 || r.Errors[0].ID != "CommandNotFoundException" {
		t.Errorf("an unknown cmdlet: state %d, %v", r.State, r.Errors)
	}
	if r := results[3]; len(r.Errors) == 0 && r.State != 5 {
		t.Errorf("an unknown mailbox: state %d, no error", r.State)
	}
	completed(4, 1)
	completed(5, 0)
	if changed := completed(6, 1); len(changed) == 1 && changed[0].Properties["CustomAttribute1"] != note {
		t.Errorf("CustomAttribute1 is %q, want %q", changed[0].Properties["CustomAttribute1"], note)
	}
	completed(7, 0)
	if len(completed(8, -1)) < 500 {
		t.Error("a message trace of less than 500 rows")
	}
	nothingLeft(t, s)
}

func TestPypsrpStopsOnTheSimulator(t *testing.T) {
	s := startSimulator(t)
	_, results := pypsrp(t, s, "nordsee-logistik.example",
		step{Cmdlet: "Get-Mailbox", Parameters: map[string]any{"ResultSize": "Unlimited"}, Stop: true},
		step{Cmdlet: "Get-AcceptedDomain"},
	)
	if results[0].State != 3 {
		t.Errorf("stopped as %d", results[0].State)
	}
	if results[1].State != 4 || len(results[1].Output) == 0 {
		t.Errorf("after a stop: state %d, %d rows, %s", results[1].State, len(results[1].Output), results[1].Failure)
	}
	nothingLeft(t, s)
}

func nothingLeft(t *testing.T, s *simulator.Server) {
	t.Helper()
	base, _, _ := strings.Cut(s.URL(), "/powershell")
	req, err := http.NewRequestWithContext(patient(t), http.MethodGet, base+"/simulator/stats", nil)
	if err != nil {
		t.Fatal(err)
	}
	stats := getJSON(t, s.RootCAs(), req)
	for name, want := range map[string]float64{"open_shells": 0, "shells_created": 1, "shells_deleted": 1} {
		if got, _ := stats[name].(float64); got != want {
			t.Errorf("%s is %v, want %v", name, stats[name], want)
		}
	}
}
