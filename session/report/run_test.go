package report_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/report"
	"postroom/session/result"
)

var noon = time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)

// server answers commands with rows: by the whole line, else by its cmdlets.
type server struct {
	t     *testing.T
	rows  map[string][]map[string]any
	fails map[string]error
	says  map[string]string // errors beside the rows
	warns string            // a warning with every answer
	lines []string
}

func (s *server) Run(_ context.Context, c session.Command, to session.Sink) error {
	line := c.PowerShell()
	s.lines = append(s.lines, line)
	var names []string
	for _, inv := range c.Commands() {
		names = append(names, inv.Cmdlet)
	}
	rows, known := s.rows[line]
	if !known {
		rows, known = s.rows[strings.Join(names, " | ")]
	}
	if err := s.fails[line]; err != nil {
		return err
	}
	if said := s.says[line]; said != "" {
		to.Message(session.Message{Kind: session.MessageError, Text: said})
	}
	if s.warns != "" {
		to.Message(session.Message{Kind: session.MessageWarning, Text: s.warns})
	}
	if !known {
		s.t.Errorf("nobody answers %s", line)
	}
	for _, row := range rows {
		to.BeginRow()
		for _, name := range slices.Sorted(keys(row)) {
			add(to, name, row[name])
		}
		if err := to.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

func keys(m map[string]any) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func add(to result.Appender, name string, v any) {
	n := []byte(name)
	switch v := v.(type) {
	case nil:
		to.Null(n)
	case string:
		to.Text(n, []byte(v))
	case bool:
		to.Bool(n, v)
	case int64:
		to.Int(n, v)
	case time.Time:
		to.Time(n, result.Time{Ticks: v.UnixNano()/100 + 621_355_968_000_000_000, Kind: result.TimeUTC})
	case []string:
		list := make([][]byte, len(v))
		for i := range v {
			list[i] = []byte(v[i])
		}
		to.List(n, list, nil)
	default:
		panic(fmt.Sprintf("a %T", v))
	}
}

// taken is what a run gave.
type taken struct {
	*result.Builder
	table    *result.Table
	messages []session.Message
	header   string
	lines    []string
	err      error
	asked    []string
}

func (s *taken) Message(m session.Message) { s.messages = append(s.messages, m) }
func (s *taken) Ask(context.Context, session.Prompt) (session.Answer, error) {
	return session.Answer{}, session.ErrNoAnswer
}

// run plays a report against canned rows.
func run(t *testing.T, r report.Report, o report.Options, rows map[string][]map[string]any, fails ...map[string]error) *taken {
	t.Helper()
	s := &server{t: t, rows: rows}
	if len(fails) > 0 {
		s.fails = fails[0]
	}
	return play(t, r, o, s)
}

func play(t *testing.T, r report.Report, o report.Options, s *server) *taken {
	t.Helper()
	if o.Now.IsZero() {
		o.Now = noon
	}
	plan, err := r.Plan(o)
	if err != nil {
		t.Fatal(err)
	}
	table := result.NewTable(result.Provenance{})
	got := &taken{Builder: table.Builder(), table: table}
	got.err = plan.Run(t.Context(), s, got)
	got.asked = s.lines
	v := table.Snapshot()
	got.header = strings.Join(v.Headers(), ",")
	count, columns := v.Size()
	for row := range count {
		cells := make([]string, columns)
		for col := range columns {
			cells[col] = v.Cell(row, col)
		}
		got.lines = append(got.lines, strings.Join(cells, "|"))
	}
	return got
}

func (s *taken) want(t *testing.T, header string, lines ...string) {
	t.Helper()
	if s.header != header || !slices.Equal(s.lines, lines) {
		t.Errorf("got %s\n%s\nwant %s\n%s", s.header, strings.Join(s.lines, "\n"), header, strings.Join(lines, "\n"))
	}
}

var mailboxes = []map[string]any{
	{"Name": "ada", "Guid": "1", "Quota": "100 B (100 bytes)"}, {"Name": "bob", "Guid": "2", "Quota": "Unlimited"}, {"Name": "cy", "Guid": "3", "Quota": "50 B (50 bytes)"},
}

// A follow-up by a call for each row: rows of both steps side by side, one that
// fails stays and is named, one without rows stays.
func TestEachByCalls(t *testing.T) {
	r := report.Report{
		Name: "each", Steps: []report.Step{{Run: "Get-Box"}, {Run: "Get-Size -Identity {Guid}", How: report.Each, Keep: "2.Kind != 'old'"}},
		Shape: report.Shape{
			Columns: []report.Column{{Name: "Name", Value: "1.Name"}, {Name: "Size", Value: "2.Size"}, {Name: "Percent", Value: "bytes(2.Size) / bytes(1.Quota) * 100"}},
			Sort:    []string{"Percent desc"},
		},
	}
	got := run(t, r, report.Options{}, map[string][]map[string]any{
		"Get-Box":                mailboxes,
		"Get-Size -Identity '1'": {{"Size": "80 B (80 bytes)", "Kind": "new"}, {"Size": "9 B (9 bytes)", "Kind": "old"}},
		"Get-Size -Identity '2'": {},
	}, map[string]error{"Get-Size -Identity '3'": cmdletError("not found")})
	got.want(t, "Name,Size,Percent,Status", "ada|80 B (80 bytes)|80|", "bob|||", "cy|||not found")
	var row *report.RowError
	failed := slices.IndexFunc(got.messages, func(m session.Message) bool { return errors.As(m.Err, &row) })
	if failed < 0 || row.Row != "cy" || got.err != nil {
		t.Errorf("%+v, %v", got.messages, got.err)
	}
}

// One pipeline does for all rows where the report says how to tell them apart.
func TestEachByOnePipeline(t *testing.T) {
	r := report.Report{
		Name: "piped", Steps: []report.Step{
			{Run: "Get-Box -Kind user"},
			{Run: "Get-Size -Identity {Guid} -Fast", How: report.Each, On: &report.Join{Left: "1.Guid", Right: "2.BoxGuid"}},
		},
		Shape: report.Shape{Columns: []report.Column{{Name: "Name"}, {Name: "Size"}}},
	}
	got := run(t, r, report.Options{}, map[string][]map[string]any{
		"Get-Box": mailboxes, "Get-Box | Get-Size": {{"BoxGuid": "3", "Size": "3"}, {"BoxGuid": "1", "Size": "1"}},
	})
	got.want(t, "Name,Size", "ada|1", "bob|", "cy|3")
	if want := []string{"Get-Box -Kind user", "Get-Box -Kind user | Get-Size -Fast"}; !slices.Equal(got.asked, want) {
		t.Errorf("sent %q, want %q", got.asked, want)
	}
}

// A connection that breaks off ends the report with the rows so far.
func TestBrokenOff(t *testing.T) {
	r := report.Report{
		Name: "each", Steps: []report.Step{{Run: "Get-Box"}, {Run: "Get-Size -Identity {Guid}", How: report.Each}},
		Shape: report.Shape{Columns: []report.Column{{Name: "Name"}, {Name: "Size"}}},
	}
	lost := errors.New("lost")
	got := run(t, r, report.Options{}, map[string][]map[string]any{"Get-Box": mailboxes, "Get-Size -Identity '1'": {{"Size": "1"}}},
		map[string]error{"Get-Size -Identity '2'": lost})
	got.want(t, "Name,Size", "ada|1", "bob|", "cy|")
	if !errors.Is(got.err, lost) || len(got.asked) != 3 {
		t.Errorf("%v after %q", got.err, got.asked)
	}
}

// A report that shows what a later step gives has no row where that gave nothing; the same
// warning for each row is said once.
func TestNothingIsNoRow(t *testing.T) {
	r := report.Report{
		Name: "groups", Steps: []report.Step{{Run: "Get-Person"}, {Run: "Get-Group -Of {Guid}", How: report.Each}},
		Shape: report.Shape{Columns: []report.Column{{Name: "Group", Value: "2.Name"}}},
	}
	s := &server{t: t, rows: map[string][]map[string]any{
		"Get-Person": {{"Guid": "1"}, {"Guid": "2"}, {"Guid": "3"}}, "Get-Group -Of '1'": {{"Name": "staff"}}, "Get-Group -Of '2'": {}, "Get-Group -Of '3'": {},
	}, warns: "there are more"}
	got := play(t, r, report.Options{}, s)
	got.want(t, "Group", "staff")
	if len(got.messages) == 0 {
		t.Error("no warning")
	}
	warned := slices.DeleteFunc(slices.Clone(got.messages), func(m session.Message) bool { return m.Kind != session.MessageWarning })
	if len(warned) != 1 {
		t.Errorf("%d warnings", len(warned))
	}
	s.rows["Get-Group -Of '1'"] = nil
	if got := play(t, r, report.Options{}, s); len(got.lines) > 0 {
		t.Errorf("%q", got.lines)
	}
}

// A column is told as missing by rows that have it not: not where a step never ran, broke
// off, or found nothing.
func TestOnlyRowsTellWhatIsMissing(t *testing.T) {
	r := report.Report{
		Name: "each", Steps: []report.Step{{Run: "Get-Box"}, {Run: "Get-Size -Identity {Guid}", How: report.Each}},
		Shape: report.Shape{Columns: []report.Column{{Name: "Name"}, {Name: "Size"}}},
	}
	box := []map[string]any{{"Name": "ada", "Guid": "1"}}
	for name, c := range map[string]struct {
		rows  map[string][]map[string]any
		fails map[string]error
		want  string
	}{
		"stopped before rows":    {map[string][]map[string]any{"Get-Box": box}, map[string]error{"Get-Size -Identity '1'": errors.New("stopped")}, ""},
		"nothing found":          {map[string][]map[string]any{"Get-Box": box, "Get-Size": {}}, nil, ""},
		"every call was refused": {map[string][]map[string]any{"Get-Box": box}, map[string]error{"Get-Size -Identity '1'": cmdletError("no")}, ""},
		"rows without it":        {map[string][]map[string]any{"Get-Box": box, "Get-Size": {{"Kind": "new"}}}, nil, "Size"},
	} {
		got := run(t, r, report.Options{}, c.rows, c.fails)
		said := ""
		for _, m := range got.messages {
			if missing, is := errors.AsType[*report.MissingError](m.Err); is {
				said = strings.Join(missing.Columns, ",")
			}
		}
		if said != c.want {
			t.Errorf("%s: told as missing: %q, want %q", name, said, c.want)
		}
	}
}

func TestOnceWholeExpandGroupMarks(t *testing.T) {
	rules := map[string][]map[string]any{
		"Get-Policy": {{"Name": "a", "Allowed": []string{"x.com", "y.com"}, "Blocked": []string{}}, {"Name": "b", "Allowed": nil, "Blocked": []string{"z.com"}}},
		"Get-Rule":   {{"Policy": "A", "Priority": int64(3)}},
		"Get-Domain": {{"DomainName": "x.com"}},
	}
	once := report.Report{
		Name: "once", Steps: []report.Step{{Run: "Get-Policy"}, {Run: "Get-Rule", How: report.Once, On: &report.Join{Left: "1.Name", Right: "2.Policy"}}},
		Shape: report.Shape{Columns: []report.Column{{Name: "Name"}, {Name: "Priority"}}},
	}
	run(t, once, report.Options{}, rules).want(t, "Name,Priority", "a|3", "b|")
	entries := report.Report{
		Name: "entries", Steps: []report.Step{{Run: "Get-Policy"}, {Run: "Get-Domain", How: report.Whole}},
		Shape: report.Shape{
			Expand:  &report.Expand{Lists: []string{"Allowed", "Blocked"}, Entry: "Entry", List: "List"},
			Columns: []report.Column{{Name: "Name"}, {Name: "List"}, {Name: "Entry"}},
			Marks:   []report.Mark{{Column: "Entry", When: "Entry in 2.DomainName", Text: report.Text{En: "our own"}}},
		},
	}
	run(t, entries, report.Options{}, rules).want(t, "Name,List,Entry,Marks", "a|Allowed|x.com|our own", "a|Allowed|y.com|", "b|Blocked|z.com|")
	groups := report.Report{
		Name: "groups", Steps: []report.Step{{Run: "Get-Mail"}},
		Shape: report.Shape{
			GroupBy: []string{"From"}, Sort: []string{"Count desc"},
			Columns: []report.Column{
				{Name: "From"},
				{Name: "Count", Total: "count"},
				{Name: "Failed", Total: "count", Value: "Status = 'Failed'"},
				{Name: "To", Total: "distinct", Value: "Recipient"},
				{Name: "Bytes", Total: "sum", Value: "Size"},
				{Name: "Last", Total: "max", Value: "Size"},
			},
		},
	}
	run(t, groups, report.Options{}, map[string][]map[string]any{"Get-Mail": {
		{"From": "a", "Status": "Failed", "Recipient": "x", "Size": int64(1)},
		{"From": "b", "Status": "Delivered", "Recipient": "x", "Size": int64(2)},
		{"From": "B", "Status": "Failed", "Recipient": "X", "Size": int64(3)},
		{"From": "b", "Status": "Delivered", "Recipient": "y", "Size": int64(4)},
	}}).want(t, "From,Count,Failed,To,Bytes,Last", "b|3|1|2|9|4", "a|1|1|1|1|1")
}

// What a person answers and what a row holds is a value, never a command.
func TestValuesStayValues(t *testing.T) {
	r := report.Report{
		Name: "ask", Questions: []report.Question{{Name: "who", Kind: report.AskText}, {Name: "text", Kind: report.AskText}, {Name: "since", Kind: report.AskDate, Default: "today-7d"}},
		Steps: []report.Step{{Run: "Get-It -Who {?who} -Filter 'Name -like ''*{?text}*''' -Since {?since} -Id {guid} -Page {page}"}},
		Shape: report.Shape{Columns: []report.Column{{Name: "Name"}, {Name: "Gone"}}},
	}
	got := run(t, r, report.Options{Answers: map[string]string{"who": "x; Remove-Mailbox y", "Text": "a'b"}}, map[string][]map[string]any{"Get-It": {{"Name": "n"}}})
	got.want(t, "Name,Gone", "n|")
	line := got.asked[0]
	for _, part := range []string{"-Who 'x; Remove-Mailbox y'", "'Name -like ''*a''''b*'''", "2026-03-24"} {
		if !strings.Contains(line, part) {
			t.Errorf("%s lacks %s", line, part)
		}
	}
	if strings.Contains(line, "-Page") || strings.Contains(line, "{") {
		t.Errorf("a placeholder is left in %s", line)
	}
	var missing *report.MissingError
	if !slices.ContainsFunc(got.messages, func(m session.Message) bool { return errors.As(m.Err, &missing) }) || missing.Columns[0] != "Gone" {
		t.Errorf("%+v", got.messages)
	}
	got = run(t, r, report.Options{}, map[string][]map[string]any{"Get-It": {}})
	if strings.Contains(got.asked[0], "-Who") {
		t.Errorf("an unanswered question is sent: %s", got.asked[0])
	}
}

func TestAnswers(t *testing.T) {
	r := report.Report{
		Name: "ask", Steps: []report.Step{{Run: "Get-It -A {?a} -B {?b} -C {?c} -D {?d}"}}, Shape: report.Shape{Columns: []report.Column{{Name: "Name"}}},
		Questions: []report.Question{
			{Name: "a", Kind: report.AskIdentity, Needed: true},
			{Name: "b", Kind: report.AskChoice, Choices: []string{"One", "Two"}, Several: true},
			{Name: "c", Kind: report.AskDate},
			{Name: "d", Kind: report.AskNumber},
		},
	}
	for _, c := range []struct {
		answers map[string]string
		wrong   string
	}{
		{map[string]string{}, "a"},
		{map[string]string{"a": "x", "b": "three"}, "b"},
		{map[string]string{"a": "x", "c": "soon"}, "c"},
		{map[string]string{"a": "x", "d": "many"}, "d"},
		{map[string]string{"a": "x", "e": "1"}, "e"},
		{map[string]string{"A": "x", "b": "two,one", "c": "now-2h", "d": "1.5"}, ""},
		{map[string]string{"a": "x", "c": "2026-03-01"}, ""},
	} {
		_, err := r.Plan(report.Options{Now: noon, Answers: c.answers})
		var wrong *report.AnswerError
		if c.wrong == "" && err != nil || c.wrong != "" && (!errors.As(err, &wrong) || wrong.Question != c.wrong) {
			t.Errorf("%v: %v", c.answers, err)
		}
	}
}

// statuses is what is known of a cmdlet with a parameter for several and one for one.
type statuses struct{}

func (statuses) Describe(string) (cmdlet.Cmdlet, bool) {
	return cmdlet.Cmdlet{Name: "Get-It", Parameters: []cmdlet.Parameter{
		{Name: "Status", Type: "MultiValuedProperty", Kind: cmdlet.List}, {Name: "Since", Type: "DateTime", Kind: cmdlet.Date},
	}}, true
}

// What is chosen of several is one list, also for a parameter that is known to
// take a list; moments have whole seconds.
func TestSeveralAnswersAreOneList(t *testing.T) {
	r := report.Report{
		Name: "ask", Questions: []report.Question{{Name: "status", Kind: report.AskChoice, Choices: []string{"One", "Two"}, Several: true}},
		Steps: []report.Step{{Run: "Get-It -Status {?status} -Since {now}"}}, Shape: report.Shape{Columns: []report.Column{{Name: "Name"}}},
	}
	now := time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)
	for answer, want := range map[string]string{
		"one": "Get-It -Status @('One') -Since ([datetime]'2026-03-01T12:00:00Z')", "two,one": "Get-It -Status 'Two','One' -Since ([datetime]'2026-03-01T12:00:00Z')",
	} {
		p, err := r.Plan(report.Options{Now: now, Answers: map[string]string{"status": answer}, Kinds: statuses{}})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.PowerShell(); got != want {
			t.Errorf("%s: %s, want %s", answer, got, want)
		}
	}
}

// cmdletError is what a server reports.
type cmdletError string

func (e cmdletError) Error() string     { return string(e) }
func (e cmdletError) ErrorID() string   { return "" }
func (e cmdletError) Exception() string { return "" }
