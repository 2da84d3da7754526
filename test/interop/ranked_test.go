package interop

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/assets"
	"postroom/session"
	"postroom/session/endpoint"
	"postroom/session/ledger"
	"postroom/session/reference"
	"postroom/session/remoting"
	"postroom/session/report"
	"postroom/session/result"
	"postroom/session/simulator"
	"postroom/test/fixture"
	"postroom/test/given"
)

// The forty ranked reports against two servers, and each of their rows and values against
// what peer/ranked_reports.py works out: from the facts about reports and the rows of plain
// cmdlets, with nothing of ours.

// rankedNow is when the reports run.
var rankedNow = time.Date(2026, time.March, 31, 15, 30, 0, 0, time.UTC)

// workedOut is a report as Python has it.
type workedOut struct {
	Columns []string `json:"columns"`
	Rows    [][]any  `json:"rows"`
	Marks   []string `json:"marks"`
	// Answers are those to the report's questions.
	Answers map[string]string `json:"answers"`
}

// rankedFacts are the facts about the ranked reports: the ids, and where they are.
func rankedFacts(t *testing.T) (ids []string, file string) {
	t.Helper()
	file = filepath.Join(fixture.Root(t), "test", "interop", "testdata", "ranked.tsv")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n")[1:] {
		id, _, _ := strings.Cut(line, "\t")
		ids = append(ids, id)
	}
	if len(ids) != 40 {
		t.Fatalf("%d ranked reports", len(ids))
	}
	return ids, file
}

// rankedAnswers are those to the questions that need one.
func rankedAnswers(user string) map[string]string {
	return map[string]string{"user": user, "listtype": "Sender", "percent": "90"}
}

// workOut lets Python work the reports out.
func workOut(t *testing.T, job map[string]any) map[string]workedOut {
	t.Helper()
	input, err := json.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(patient(t), python(t), filepath.Join(fixture.Root(t), "test", "interop", "peer", "ranked_reports.py"))
	cmd.Stdin = bytes.NewReader(input)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("ranked_reports.py: %v\n%s", err, said.String())
	}
	var all map[string]workedOut
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return all
}

// oneSession runs commands in a session.
type oneSession struct {
	m  *session.Manager
	id session.ID
}

func (s oneSession) Run(ctx context.Context, c session.Command, to session.Sink) error {
	return s.m.Run(ctx, s.id, c, to)
}

// compareRanked runs every ranked report in a session and compares it with what Python has.
// It gives how many rows each has.
func compareRanked(t *testing.T, by session.Runner, ids []string, answers map[string]string, want map[string]workedOut) map[string]int {
	t.Helper()
	list, err := report.Load(assets.Reports())
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int{}
	for _, id := range ids {
		t.Run(id, func(t *testing.T) {
			i := slices.IndexFunc(list, func(r report.Report) bool { return r.Name == id })
			if i < 0 {
				t.Fatal("there is no such report")
			}
			r := list[i]
			service := "EXO"
			if !r.Has(service) {
				service = "ONPREM"
			}
			asked := map[string]string{}
			for _, q := range r.Questions {
				if q.Needed {
					asked[q.Name] = answers[q.Name]
				}
			}
			plan, err := r.Plan(report.Options{Service: service, Answers: asked, Now: rankedNow, Kinds: reference.New()})
			if err != nil {
				t.Fatal(err)
			}
			came := newSink()
			if err := plan.Run(patient(t), by, came); err != nil {
				t.Fatal(err)
			}
			for _, m := range came.messages {
				if m.Kind == session.MessageError {
					t.Errorf("the server said: %s", m.Text)
				}
			}
			rows[id] = compareRows(t, plan.Columns(), came.table.Snapshot(), want[id])
		})
	}
	return rows
}

// compareRows compares a table, row by row in order, with what Python has.
func compareRows(t *testing.T, columns []string, v *result.View, want workedOut) int {
	t.Helper()
	if marks := slices.Index(columns, report.MarksColumn); marks >= 0 {
		want.Columns = append(slices.Clone(want.Columns), report.MarksColumn)
		for i := range want.Rows {
			want.Rows[i] = append(want.Rows[i], want.Marks[i])
		}
	} else if slices.ContainsFunc(want.Marks, func(m string) bool { return m != "" }) {
		t.Error("the report marks nothing")
	}
	if !slices.Equal(columns, want.Columns) {
		t.Errorf("columns %q, want %q", columns, want.Columns)
		return 0
	}
	rows, _ := v.Size()
	if rows != len(want.Rows) {
		t.Errorf("%d rows, want %d", rows, len(want.Rows))
	}
	wrong := 0
	for row := range min(rows, len(want.Rows)) {
		for i, name := range columns {
			var got any
			if col, there := v.Column(name); there {
				got = cellValue(v, row, col)
			}
			if !sameValue(got, want.Rows[row][i]) {
				if wrong++; wrong <= 5 {
					t.Errorf("row %d, %s: got %#v, want %#v", row, name, got, want.Rows[row][i])
				}
			}
		}
	}
	return rows
}

// cellValue is a cell with its kind: nil, a bool, a float64, a time, texts or a text.
func cellValue(v *result.View, row, col int) any {
	switch c := v.Value(row, col); c.Kind {
	case result.KindNull, result.KindAbsent:
		return nil
	case result.KindBool:
		return c.Bool
	case result.KindInt:
		return float64(c.Int)
	case result.KindUint:
		return float64(c.Uint)
	case result.KindFloat:
		return c.Float
	case result.KindTime:
		return c.Time.Time()
	case result.KindList:
		return c.Items
	}
	return v.Cell(row, col)
}

// sameValue compares a cell with a value of JSON; nothing is null, an empty text or list.
func sameValue(got, want any) bool {
	if object, is := want.(map[string]any); is {
		at, err := time.Parse(time.RFC3339Nano, fmt.Sprint(object["time"]))
		when, isTime := got.(time.Time)
		return err == nil && isTime && when.Truncate(time.Microsecond).Equal(at) // Python has no more
	}
	if list, is := want.([]any); is {
		texts := make([]string, len(list))
		for i := range list {
			texts[i] = fmt.Sprint(list[i])
		}
		items, isList := got.([]string)
		return isList && slices.Equal(items, texts) || len(texts) == 0 && isNothing(got)
	}
	return got == want || isNothing(got) && isNothing(want)
}

func isNothing(v any) bool {
	list, isList := v.([]string)
	return v == nil || v == "" || isList && len(list) == 0
}

// TestRankedReportsOnPsrpcore: the forty reports against psrpcore's server, whose cmdlets
// show tables made by a seed.
func TestRankedReportsOnPsrpcore(t *testing.T) {
	fixture.Long(t)
	ids, facts := rankedFacts(t)
	const mailboxes = 400
	for _, seed := range []int{1, 2} {
		t.Run(fmt.Sprint("seed", seed), func(t *testing.T) {
			answers := rankedAnswers("nina@contoso.example")
			want := workOut(t, map[string]any{"facts": facts, "now": rankedNow, "seed": seed, "mailboxes": mailboxes, "answers": answers})
			t.Setenv("POSTROOM_TEST_EXCHANGE", fmt.Sprintf("%d %s %d", seed, rankedNow.Format(time.RFC3339), mailboxes))
			p := startBasic(t)
			m := manage(t, p)
			id, err := m.Open(patient(t), target(p, "contoso.example"))
			if err != nil {
				t.Fatal(err)
			}
			for report, rows := range compareRanked(t, oneSession{m, id}, ids, answers, want) {
				if rows == 0 {
					t.Errorf("%s has no row, and shows nothing", report)
				}
			}
		})
	}
}

// TestRankedReportsOnTheSimulator: the forty reports against our simulator, whose rows pypsrp
// reads by plain cmdlets, one at a time, for Python to work the reports out. The same reports
// against a foreign server are in every run: TestRankedReportsOnPsrpcore.
func TestRankedReportsOnTheSimulator(t *testing.T) {
	fixture.Long(t)
	ids, facts := rankedFacts(t)
	python(t) // or skip
	s, err := simulator.Start(simulator.Options{Dir: t.TempDir(), Rows: 28, Seed: 78, Epoch: rankedNow})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the simulator: %v", err)
		}
	})
	const tenant = "postroom.example"
	book, err := ledger.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m := session.NewManager(session.Options{Doors: session.Doors{endpoint.Remoting: remoting.NewDoor(given.Password(s.Password()))}, Ledger: book})
	t.Cleanup(func() {
		if err := m.CloseAll(patient(t)); err != nil {
			t.Error(err)
		}
	})
	want := workOut(t, map[string]any{
		"facts": facts, "now": rankedNow, "url": s.URL() + "?DelegatedOrg=" + tenant, "user": s.Account(), "password": s.Password(), "ca": s.CAFile(), "answers": rankedAnswers(""),
	})
	id, err := m.Open(patient(t), session.Target{
		Endpoint: endpoint.Endpoint{
			ID: "simulator", Name: "simulator", URL: s.URL(), Configuration: "Microsoft.Exchange", Auth: []string{endpoint.AuthBasic}, SessionLimit: 3, Delegation: true,
		},
		Tenant: endpoint.Tenant{Domain: tenant}, Account: s.Account(), RootCAs: s.RootCAs(),
	})
	if err != nil {
		t.Fatal(err)
	}
	for report, rows := range compareRanked(t, oneSession{m, id}, ids, want["user-can-access"].Answers, want) {
		if rows == 0 {
			t.Errorf("%s has no row, and shows nothing", report)
		}
	}
}

// TestRankedFactsAreTheShared: what the tests of the ranked reports read is what was found out
// about reports.
func TestRankedFactsAreTheShared(t *testing.T) {
	shared, err := os.ReadFile(fixture.Facts(t, "reports.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	_, file := rankedFacts(t)
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for n, line := range strings.Split(strings.TrimSpace(string(shared)), "\n") {
		cells := strings.Split(line, "\t")
		if n == 0 || cells[1] != "" {
			want = append(want, strings.Join(append(cells[:2:2], cells[5:11]...), "\t"))
		}
	}
	if got := strings.Split(strings.TrimSpace(string(raw)), "\n"); !slices.Equal(got, want) {
		t.Errorf("testdata/ranked.tsv differs from the facts: %d and %d lines", len(got), len(want))
	}
}
