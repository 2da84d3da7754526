package report_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"postroom/session"
	"postroom/session/report"
	"postroom/session/result"
)

// crew is a server of which several commands can be asked at once: a call for a
// row waits until as many as there are hands are under way.
type crew struct {
	*server
	hands int
	mu    sync.Mutex
	under sync.WaitGroup
	let   int
}

func (c *crew) Hands(_ context.Context, n int) (hands []session.Runner, release func()) {
	c.let = min(n, c.hands)
	c.under.Add(c.let)
	for range c.let {
		hands = append(hands, &hand{crew: c})
	}
	return hands, func() { c.let = 0 }
}

// hand waits in its first call for those of the others.
type hand struct {
	*crew
	began bool
}

func (h *hand) Run(ctx context.Context, c session.Command, to session.Sink) error {
	if !h.began {
		h.began = true
		h.under.Done()
		h.under.Wait()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.server.Run(ctx, c, to)
}

var ofEach = report.Report{
	Name: "each", Steps: []report.Step{{Run: "Get-Box"}, {Run: "Get-Size -Identity {Guid}", How: report.Each}},
	Shape: report.Shape{Columns: []report.Column{{Name: "Name"}, {Name: "Size"}}},
}

// boxes are so many rows of Get-Box and their sizes.
func boxes(n int) map[string][]map[string]any {
	rows := map[string][]map[string]any{}
	for i := range n {
		rows["Get-Box"] = append(rows["Get-Box"], map[string]any{"Name": fmt.Sprintf("box%d", i), "Guid": fmt.Sprint(i)})
		rows[fmt.Sprintf("Get-Size -Identity '%d'", i)] = []map[string]any{{"Size": fmt.Sprint(i * i)}}
	}
	return rows
}

// The calls for rows go out at once, as many as there are hands; the rows come in
// their order all the same.
func TestEachInParallel(t *testing.T) {
	plan, err := ofEach.Plan(report.Options{Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	by := &crew{server: &server{t: t, rows: boxes(40)}, hands: 4}
	table := result.NewTable(result.Provenance{})
	to := &taken{Builder: table.Builder(), table: table}
	if err := plan.Run(t.Context(), by, to); err != nil {
		t.Fatal(err)
	}
	v := table.Snapshot()
	if n, _ := v.Size(); n != 40 || len(by.lines) != 41 {
		t.Fatalf("%d rows by %d calls", n, len(by.lines))
	}
	for i := range 40 {
		if v.Cell(i, 0) != fmt.Sprintf("box%d", i) || v.Cell(i, 1) != fmt.Sprint(i*i) {
			t.Fatalf("row %d is %s, %s", i, v.Cell(i, 0), v.Cell(i, 1))
		}
	}
	last := to.messages[len(to.messages)-1].Progress
	if last.Done != 40 || last.Total != 40 || !last.Completed {
		t.Errorf("the last progress is %+v", last)
	}
}

// together is a server that takes many calls in one request.
type together struct{ *server }

func (s together) RunEach(ctx context.Context, calls []session.Call) ([]error, bool) {
	errs := make([]error, len(calls))
	for i, c := range calls {
		errs[i] = s.Run(ctx, c.Command, c.Sink)
	}
	return errs, true
}

// A server reports most of what it cannot do for a mailbox as an error record, and its command
// comes to its end all the same: that is said at the row, by its name, and asked for again.
func TestWhatIsReportedOfARowIsAtTheRow(t *testing.T) {
	plan, err := ofEach.Plan(report.Options{Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	for door, by := range map[string]func(*server) session.Runner{
		"one by one": func(s *server) session.Runner { return s },
		"at once":    func(s *server) session.Runner { return &crew{server: s, hands: 1} },
		"together":   func(s *server) session.Runner { return together{s} },
	} {
		t.Run(door, func(t *testing.T) {
			s := &server{t: t, rows: boxes(3), says: map[string]string{"Get-Size -Identity '1'": "out of scope"}}
			s.rows["Get-Size -Identity '1'"] = nil
			again := plan.Resumable()
			var to *taken
			run := func() []string {
				table := result.NewTable(result.Provenance{})
				to = &taken{Builder: table.Builder(), table: table}
				if err := again.RunOn(t.Context(), 0, by(s), to); err != nil {
					t.Fatal(err)
				}
				return texts(table.Snapshot())
			}
			if got, want := run(), []string{"box0|0|", "box1||out of scope", "box2|4|"}; !slices.Equal(got, want) || again.Failed(0) != 1 {
				t.Errorf("%q, want %q; %d failed", got, want, again.Failed(0))
			}
			var said []string
			for _, m := range to.messages {
				if m.Kind == session.MessageError {
					said = append(said, m.Text)
				}
			}
			if !slices.Equal(said, []string{"box1: out of scope"}) {
				t.Errorf("said %q", said)
			}
			s.says, s.lines, s.rows = nil, nil, boxes(3)
			if got, want := run(), []string{"box0|0", "box1|1", "box2|4"}; !slices.Equal(got, want) || again.Failed(0) != 0 {
				t.Errorf("%q, want %q; %d failed", got, want, again.Failed(0))
			}
			if !slices.Equal(s.lines, []string{"Get-Size -Identity '1'"}) {
				t.Errorf("asked again: %q", s.lines)
			}
		})
	}
}

// A report that is run again asks only for the rows that failed, and gives all.
func TestResume(t *testing.T) {
	plan, err := ofEach.Plan(report.Options{Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	again := plan.Resumable()
	s := &server{t: t, rows: boxes(5), fails: map[string]error{
		"Get-Size -Identity '1'": cmdletError("busy"), "Get-Size -Identity '3'": cmdletError("busy"),
	}}
	run := func() []string {
		table := result.NewTable(result.Provenance{})
		if err := again.RunOn(t.Context(), 0, s, &taken{Builder: table.Builder(), table: table}); err != nil {
			t.Fatal(err)
		}
		return texts(table.Snapshot())
	}
	first := run()
	if want := []string{"box0|0|", "box1||busy", "box2|4|", "box3||busy", "box4|16|"}; !slices.Equal(first, want) || again.Failed(0) != 2 {
		t.Errorf("%q, %d failed", first, again.Failed(0))
	}
	delete(s.fails, "Get-Size -Identity '1'")
	s.lines = nil
	second := run()
	if want := []string{"box0|0|", "box1|1|", "box2|4|", "box3||busy", "box4|16|"}; !slices.Equal(second, want) || again.Failed(0) != 1 {
		t.Errorf("%q, %d failed", second, again.Failed(0))
	}
	if want := []string{"Get-Size -Identity '1'", "Get-Size -Identity '3'"}; !slices.Equal(s.lines, want) {
		t.Errorf("asked again: %q", s.lines)
	}
	s.fails, s.lines = nil, nil
	if third := run(); !slices.Equal(third, []string{"box0|0", "box1|1", "box2|4", "box3|9", "box4|16"}) || again.Failed(0) != 0 {
		t.Errorf("%q", third)
	}
}

// The errors of a pipeline for all rows stand at their rows, and only those rows
// are asked for again, each by a call.
func TestResumeAfterAPipeline(t *testing.T) {
	r := report.Report{
		Name: "piped", Steps: []report.Step{
			{Run: "Get-Box"}, {Run: "Get-Size -Identity {Guid}", How: report.Each, On: &report.Join{Left: "1.Guid", Right: "2.BoxGuid"}},
		},
		Shape: report.Shape{Columns: []report.Column{{Name: "Name"}, {Name: "Size"}}},
	}
	plan, err := r.Plan(report.Options{Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	rows := boxes(3)
	rows["Get-Box | Get-Size"] = []map[string]any{{"BoxGuid": "0", "Size": "0"}, {"BoxGuid": "2", "Size": "4"}}
	s := &server{t: t, rows: rows, says: map[string]string{"Get-Box | Get-Size": "box1 cannot be read"}}
	again := plan.Resumable()
	run := func() []string {
		table := result.NewTable(result.Provenance{})
		if err := again.RunOn(t.Context(), 7, s, &taken{Builder: table.Builder(), table: table}); err != nil {
			t.Fatal(err)
		}
		return texts(table.Snapshot())
	}
	if got := run(); !slices.Equal(got, []string{"box0|0|", "box1||box1 cannot be read", "box2|4|"}) || again.Failed(7) != 1 {
		t.Errorf("%q", got)
	}
	s.lines = nil
	if got := run(); !slices.Equal(got, []string{"box0|0", "box1|1", "box2|4"}) || again.Failed(7) != 0 {
		t.Errorf("%q", got)
	}
	if !slices.Equal(s.lines, []string{"Get-Size -Identity '1'"}) {
		t.Errorf("asked again: %q", s.lines)
	}
}

// texts are the rows of a view, cells apart by bars.
func texts(v *result.View) []string {
	n, cols := v.Size()
	lines := make([]string, n)
	for row := range lines {
		cells := make([]string, cols)
		for col := range cells {
			cells[col] = v.Cell(row, col)
		}
		lines[row] = strings.Join(cells, "|")
	}
	return lines
}

// A row whose follow-up failed stays, whatever the report keeps: it could be one of those.
func TestARowWithoutItsFollowUpStays(t *testing.T) {
	r := ofEach
	r.Keep = "Size > 5"
	plan, err := r.Plan(report.Options{Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	table := result.NewTable(result.Provenance{})
	s := &server{t: t, rows: boxes(4), fails: map[string]error{"Get-Size -Identity '1'": cmdletError("busy")}}
	if err := plan.Run(t.Context(), s, &taken{Builder: table.Builder(), table: table}); err != nil {
		t.Fatal(err)
	}
	if got, want := texts(table.Snapshot()), []string{"box1||busy", "box3|9|"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A row for which a step gave nothing is not asked for by the next one, and that is no error;
// one for which it failed keeps that reason.
func TestNothingIsAskedOfNothing(t *testing.T) {
	r := report.Report{Name: "three", Steps: []report.Step{
		{Run: "Get-Box"}, {Run: "Get-Lid -Identity {Guid}", How: report.Each}, {Run: "Get-Size -Identity {Lid}", How: report.Each},
	}, Shape: report.Shape{Columns: []report.Column{{Name: "Name"}, {Name: "Size"}}}}
	plan, err := r.Plan(report.Options{Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	table := result.NewTable(result.Provenance{})
	rows := boxes(3)
	rows["Get-Lid -Identity '0'"] = []map[string]any{{"Lid": "2"}}
	rows["Get-Lid -Identity '1'"] = []map[string]any{}
	s := &server{t: t, rows: rows, fails: map[string]error{"Get-Lid -Identity '2'": cmdletError("busy")}}
	to := &taken{Builder: table.Builder(), table: table}
	if err := plan.Run(t.Context(), s, to); err != nil {
		t.Fatal(err)
	}
	if got, want := texts(table.Snapshot()), []string{"box0|4|", "box1||", "box2||busy"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	said := 0
	for _, m := range to.messages {
		if m.Kind == session.MessageError {
			said++
		}
	}
	if said != 1 || len(s.lines) != 5 {
		t.Errorf("%d errors, %q", said, s.lines)
	}
}

// noPipes is a server that takes one cmdlet at a time.
type noPipes struct{ *server }

func (noPipes) Pipes() bool { return false }

// ofHolders is a report whose second step can be asked by what holds its rows.
var ofHolders = report.Report{
	Name: "holders", Steps: []report.Step{{Run: "Get-Box"}, {
		Run: "Get-Size -Identity {Guid}", How: report.Each, On: &report.Join{Left: "1.Guid", Right: "2.Guid"},
		Per: &report.Per{Services: []string{"ONPREM"}, Of: "Get-Shelf", Run: "Get-Size -Database {Name}"},
	}},
	Shape: report.Shape{Columns: []report.Column{{Name: "Name", Value: "1.Name"}, {Name: "Size", Value: "2.Size"}}},
}

// Where no pipeline serves, a step is asked for by what holds its rows, where the
// service has that, else row by row; where the server refuses the pipeline too.
func TestEachPerDatabase(t *testing.T) {
	rows := map[string][]map[string]any{
		"Get-Shelf":              {{"Name": "A"}, {"Name": "B"}},
		"Get-Size -Database A":   {{"Guid": "2", "Size": "20"}, {"Guid": "0", "Size": "0"}, {"Guid": "9", "Size": "of no box"}},
		"Get-Size -Database B":   {{"Guid": "1", "Size": "10"}},
		"Get-Size -Identity '0'": {{"Guid": "0", "Size": "0"}},
		"Get-Size -Identity '1'": {{"Guid": "1", "Size": "10"}},
		"Get-Size -Identity '2'": {{"Guid": "2", "Size": "20"}},
		"Get-Box | Get-Size":     {{"Guid": "0", "Size": "0"}, {"Guid": "1", "Size": "10"}, {"Guid": "2", "Size": "20"}},
	}
	for i := range 3 {
		rows["Get-Box"] = append(rows["Get-Box"], map[string]any{"Name": fmt.Sprintf("box%d", i), "Guid": fmt.Sprint(i)})
	}
	for name, c := range map[string]struct {
		service string
		pipes   bool
		refused bool
		calls   []string
	}{
		"a pipeline":            {"ONPREM", true, false, []string{"Get-Box", "Get-Box | Get-Size"}},
		"no pipeline":           {"ONPREM", false, false, []string{"Get-Box", "Get-Shelf", "Get-Size -Database A", "Get-Size -Database B"}},
		"a pipeline is refused": {"ONPREM", true, true, []string{"Get-Box", "Get-Box | Get-Size", "Get-Shelf", "Get-Size -Database A", "Get-Size -Database B"}},
		"no databases":          {"EXO", false, false, []string{"Get-Box", "Get-Size -Identity '0'", "Get-Size -Identity '1'", "Get-Size -Identity '2'"}},
	} {
		s := &server{t: t, rows: rows}
		if c.refused {
			s.fails = map[string]error{"Get-Box | Get-Size": cmdletError("one cmdlet at a time")}
		}
		plan, err := ofHolders.Plan(report.Options{Service: c.service, Now: noon})
		if err != nil {
			t.Fatal(err)
		}
		table := result.NewTable(result.Provenance{})
		to := &taken{Builder: table.Builder(), table: table}
		var by session.Runner = s
		if !c.pipes {
			by = noPipes{s}
		}
		if err := plan.Run(t.Context(), by, to); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got, want := texts(table.Snapshot()), []string{"box0|0", "box1|10", "box2|20"}; !slices.Equal(got, want) {
			t.Errorf("%s: %q", name, got)
		}
		if !slices.Equal(s.lines, c.calls) {
			t.Errorf("%s: sent %q", name, s.lines)
		}
	}
}
