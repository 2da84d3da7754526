package report_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/endpoint"
	"postroom/session/history"
	"postroom/session/report"
	"postroom/session/result"
)

// placed is a server that says where it is.
type placed struct {
	*server
	at session.Target
}

func (p placed) Target() session.Target { return p.at }

// contoso is a tenant at an endpoint.
var contoso = session.Target{
	Endpoint: endpoint.Endpoint{Name: "Microsoft 365"}, Tenant: endpoint.Tenant{Domain: "contoso.example"}, Account: "ada@contoso.example",
}

// comparing plays the report of what changed, of these reports.
func comparing(t *testing.T, book *history.Book, s *server, answers map[string]string) *taken {
	t.Helper()
	kept := &report.Kept{Reports: catalogue(t), Book: book}
	plan, err := inCatalogue(t, "changes-since").Plan(report.Options{Service: "EXO", Answers: answers, Now: noon, Kept: kept})
	if err != nil {
		t.Fatal(err)
	}
	table := result.NewTable(result.Provenance{})
	got := &taken{Builder: table.Builder(), table: table}
	got.err = plan.Run(t.Context(), placed{s, contoso}, got)
	got.asked = s.lines
	got.lines = texts(table.Snapshot())
	return got
}

// keepRules keeps an earlier run of the domains, in these tenants.
func keepRules(t *testing.T, book *history.Book, at time.Time, tenants []string, state string, missing []string, rows ...[2]string) history.Entry {
	t.Helper()
	recording := book.Begin(at)
	for _, row := range rows {
		for _, tenant := range tenants {
			recording.BeginRow()
			if len(tenants) > 1 {
				recording.Own(result.TenantColumn, []byte(tenant))
			}
			recording.Text([]byte("DomainName"), []byte(row[0]))
			recording.Text([]byte("DomainType"), []byte(row[1]))
			if err := recording.EndRow(); err != nil {
				t.Fatal(err)
			}
		}
	}
	e, err := recording.Commit(t.Context(), history.Entry{
		Report: "accepted-domains", Command: "Get-AcceptedDomain", Endpoint: "Microsoft 365", Tenants: tenants, Started: at, State: state, Missing: missing,
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func domains(rows ...[2]string) *server {
	s := &server{rows: map[string][]map[string]any{"Get-AcceptedDomain": {}, "Get-InboundConnector": {{"Name": "In", "Enabled": true}}}}
	for _, row := range rows {
		s.rows["Get-AcceptedDomain"] = append(s.rows["Get-AcceptedDomain"], map[string]any{"DomainName": row[0], "DomainType": row[1], "Guid": row[0]})
	}
	return s
}

// What changed since last week is a report: it runs others again and compares with the
// run before that day, of this tenant alone, and keeps what came.
func TestWhatChangedSinceLastWeek(t *testing.T) {
	book := history.Open(t.TempDir())
	day := 24 * time.Hour
	both := []string{"contoso.example", "fabrikam.example"}
	keepRules(t, book, noon.Add(-20*day), both, "done", nil, [2]string{"older.example", "X"})
	keepRules(t, book, noon.Add(-9*day), both, "partial", []string{"fabrikam.example"}, [2]string{"a.example", "Authoritative"}, [2]string{"b.example", "Authoritative"}, [2]string{"gone.example", "InternalRelay"})
	keepRules(t, book, noon.Add(-8*day), []string{"fabrikam.example"}, "done", nil, [2]string{"theirs.example", "X"})
	keepRules(t, book, noon.Add(-8*day), both, "partial", both, [2]string{"half.example", "X"})
	keepRules(t, book, noon.Add(-2*day), both, "done", nil, [2]string{"late.example", "X"})
	s := domains([2]string{"a.example", "Authoritative"}, [2]string{"b.example", "InternalRelay"}, [2]string{"new.example", "Authoritative"})
	s.t = t
	got := comparing(t, book, s, map[string]string{"report": "accepted-domains,inbound-connectors"})
	if got.err != nil {
		t.Fatal(got.err)
	}
	since := noon.Add(-9 * day).Format("2006-01-02 15:04:05Z07:00")
	want := []string{
		"accepted-domains|changed|b.example|DomainType|Authoritative|InternalRelay|" + since,
		"accepted-domains|added|new.example||||" + since,
		"accepted-domains|removed|gone.example||||" + since,
		"inbound-connectors|no earlier run|||||",
	}
	if !slices.Equal(got.lines, want) {
		t.Errorf("got  %q\nwant %q", got.lines, want)
	}
	// The second time there is something to compare with, and nothing has changed.
	if again := comparing(t, book, s, map[string]string{"report": "inbound-connectors", "since": "now-1h"}); len(again.lines) != 0 || again.err != nil {
		t.Errorf("the second time: %q, %v", again.lines, again.err)
	}
	entries, err := book.Entries()
	if err != nil || len(entries) != 8 || entries[0].Report != "inbound-connectors" || !slices.Equal(entries[0].Tenants, []string{"contoso.example"}) || !entries[0].Kept {
		t.Errorf("%d entries, the last %+v, %v", len(entries), entries[0], err)
	}
}

// Rows that came in part are neither kept nor compared, and what the server refuses is
// said and does not keep the others from being compared.
func TestWhatChangedOfAPart(t *testing.T) {
	book := history.Open(t.TempDir())
	keepRules(t, book, noon.Add(-240*time.Hour), []string{"contoso.example"}, "done", nil, [2]string{"a.example", "Authoritative"})
	s := domains([2]string{"a.example", "Authoritative"})
	s.t = t
	s.fails = map[string]error{"Get-InboundConnector": cmdletError("refused")}
	got := comparing(t, book, s, map[string]string{"report": "inbound-connectors,accepted-domains"})
	if want := []string{"inbound-connectors|not compared|||||"}; !slices.Equal(got.lines, want) {
		t.Errorf("%q", got.lines)
	}
	var refused session.CmdletError
	if !errors.As(got.err, &refused) {
		t.Errorf("the error is %v", got.err)
	}
	if entries, err := book.Entries(); err != nil || len(entries) != 2 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}

// What cannot be compared is told before anything is sent.
func TestWhatCannotBeCompared(t *testing.T) {
	kept := &report.Kept{Reports: catalogue(t), Book: history.Open(t.TempDir())}
	changes := inCatalogue(t, "changes-since")
	for name, answers := range map[string]map[string]string{
		"no such report": {"report": "nothing"}, "itself": {"report": "changes-since"}, "no day": {"since": "whenever"},
		"a question that nobody asks": {"report": "accepted-domains", "user": "ada"}, "a question without an answer": {"report": "user-can-access"},
	} {
		_, err := changes.Plan(report.Options{Service: "EXO", Answers: answers, Now: noon, Kept: kept})
		var wrong *report.AnswerError
		if !errors.As(err, &wrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
	plan, err := changes.Plan(report.Options{Service: "EXO", Answers: map[string]string{"report": "user-can-access", "user": "ada"}, Now: noon, Kept: kept})
	if err != nil || len(plan.Commands()) != 2 {
		t.Errorf("%v, %v", plan.Commands(), err)
	}
	without, err := changes.Plan(report.Options{Service: "EXO", Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	if err := without.Run(t.Context(), nobody{}, nil); !errors.Is(err, report.ErrNothingKept) {
		t.Errorf("without a history: %v", err)
	}
}

// nobody is a session in which nothing runs.
type nobody struct{}

func (nobody) Run(context.Context, session.Command, session.Sink) error { return errors.New("sent") }
