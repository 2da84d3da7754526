package report_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"postroom/assets"
	"postroom/session/reference"
	"postroom/session/report"
)

func things(t testing.TB) report.Things {
	t.Helper()
	all, err := report.LoadThings(assets.Things())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func inCatalogue(t testing.TB, name string) report.Report {
	t.Helper()
	for _, r := range catalogue(t) {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("there is no report %s", name)
	return report.Report{}
}

// linked names the reports that a row of texts leads to.
func linked(t *testing.T, service string, s report.Subject, column string, row map[string]string) []string {
	t.Helper()
	var names []string
	for _, l := range things(t).Links(catalogue(t), service, report.Row{Subject: s, Column: column, Value: func(c string) (string, bool) { v, ok := row[c]; return v, ok }}) {
		names = append(names, l.Report.Name+" "+l.Question+"="+l.Answers[l.Question])
	}
	return names
}

func TestLinksOfCells(t *testing.T) {
	all := things(t)
	columns := []string{"DisplayName", "PrimarySmtpAddress", "ForwardingSmtpAddress", "Identity"}
	mailbox, ok := all.OfReport(inCatalogue(t, "mailbox-forwarding"), "EXO", columns)
	if !ok || mailbox.Thing.Name != "mailbox" || mailbox.Column != "PrimarySmtpAddress" {
		t.Fatalf("mailboxes that forward are about %+v", mailbox)
	}
	row := map[string]string{"DisplayName": "Ada", "PrimarySmtpAddress": "ada@contoso.example", "ForwardingSmtpAddress": "smtp:x@y.example"}
	for column, want := range map[string][]string{
		"DisplayName": {
			"mailbox-permissions-one mailbox=ada@contoso.example", "mailbox-folders mailbox=ada@contoso.example",
			"inbox-rules-one mailbox=ada@contoso.example", "mobile-devices-one mailbox=ada@contoso.example",
			"mailbox-size-one mailbox=ada@contoso.example", "message-trace sender=ada@contoso.example",
		},
		"ForwardingSmtpAddress": {"message-trace recipient=x@y.example", "find-address text=x@y.example", "inbox-rules-one mailbox=ada@contoso.example"},
	} {
		got := linked(t, "EXO", mailbox, column, row)
		for _, name := range want {
			if !slices.Contains(got, name) {
				t.Errorf("%s does not lead to %s, but to %q", column, name, got)
			}
		}
	}
	if got := linked(t, "EXO", mailbox, "ForwardingSmtpAddress", row); !strings.Contains(got[0], "x@y.example") {
		t.Errorf("the cell's own is not first: %q", got)
	}
}

func TestLinksOfOtherThings(t *testing.T) {
	all := things(t)
	group, ok := all.OfRows("Get-DistributionGroup", []string{"Name", "PrimarySmtpAddress"})
	if got := linked(t, "EXO", group, "Name", map[string]string{"Name": "Sales", "PrimarySmtpAddress": "sales@contoso.example"}); !ok || !slices.Contains(got, "group-members-one group=sales@contoso.example") {
		t.Errorf("a group leads to %q", got)
	}
	message, ok := all.OfReport(inCatalogue(t, "message-trace"), "EXO", []string{"Received", "SenderAddress", "RecipientAddress", "MessageTraceId"})
	if !ok || message.Thing.Name != "message" {
		t.Fatalf("a trace is about %+v", message)
	}
	full := map[string]string{"MessageTraceId": "42", "RecipientAddress": "ada@contoso.example", "SenderAddress": "x@y.example"}
	value := func(row map[string]string) func(string) (string, bool) {
		return func(c string) (string, bool) { text, there := row[c]; return text, there }
	}
	links := all.Links(catalogue(t), "EXO", report.Row{Subject: message, Column: "Received", Value: value(full)})
	if len(links) == 0 || links[0].Report.Name != "message-trace-detail" || links[0].Answers["RecipientAddress"] != "ada@contoso.example" || links[0].Answers["MessageTraceId"] != "42" {
		t.Errorf("a message leads to %+v", links)
	}
	delete(full, "RecipientAddress")
	if links = all.Links(catalogue(t), "EXO", report.Row{Subject: message, Column: "Received", Value: value(full)}); len(links) != 0 {
		t.Errorf("without the recipient there is no detail, but %+v", links)
	}
	if got := linked(t, "ONPREM", message, "SenderAddress", map[string]string{"SenderAddress": "x@y.example"}); !slices.Contains(got, "message-tracking sender=x@y.example") || slices.Contains(got, "message-trace sender=x@y.example") {
		t.Errorf("on-premises an address leads to %q", got)
	}
	if _, ok = all.OfReport(inCatalogue(t, "message-trace-senders"), "EXO", []string{"SenderAddress"}); ok {
		t.Error("a row of groups is about one thing")
	}
	if _, ok = all.OfRows("Set-Mailbox", []string{"Identity"}); ok {
		t.Error("what a change gives is about something")
	}
}

// The catalogue's questions and things name what there is: kinds, nouns of
// cmdlets, columns of rows.
func TestThingsAgainstTheReference(t *testing.T) {
	known, all := reference.New(), things(t)
	nouns := map[string]bool{}
	for _, name := range known.Names(0) {
		_, noun, _ := strings.Cut(name, "-")
		nouns[noun] = true
	}
	for _, thing := range all {
		for _, noun := range append(slices.Clone(thing.Nouns), thing.Acts...) {
			if !nouns[noun] {
				t.Errorf("%s: no cmdlet has the noun %s", thing.Name, noun)
			}
		}
		if thing.Title.De == "" || thing.Titles.De == "" {
			t.Errorf("%s has no German name", thing.Name)
		}
		explained := thing.Name == "device" || thing.Name == "folder" || thing.Name == "public-folder" || thing.Name == "server" || thing.Name == "request" || thing.Name == "contact"
		for _, r := range catalogue(t) {
			explained = explained || r.Explains(thing.Name)
		}
		if !explained {
			t.Errorf("no report says more of a %s", thing.Name)
		}
	}
	for _, r := range catalogue(t) {
		for _, q := range r.Questions {
			for _, name := range q.Of {
				if !slices.ContainsFunc(all, func(t report.Thing) bool { return t.Name == name }) {
					t.Errorf("%s, %s: there is no thing %s", r.Name, q.Name, name)
				}
			}
		}
	}
}

func TestLoadThingsRefuses(t *testing.T) {
	for name, file := range map[string]string{
		"no JSON": `{`, "an unknown field": `[{"name":"a","script":"x"}]`,
		"a name twice": `[{"name":"a"},{"name":"a"}]`, "a noun twice": `[{"name":"a","nouns":["X"]},{"name":"b","nouns":["X"]}]`,
	} {
		var wrong *report.FormatError
		if _, err := report.LoadThings([]byte(file)); !errors.As(err, &wrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCost(t *testing.T) {
	for name, c := range map[string]struct{ en, de string }{
		"accepted-domains":     {"one call", "ein Aufruf"},
		"mailbox-forwarding":   {"2 calls", "2 Aufrufe"},
		"mailbox-full-access":  {"2 calls", "2 Aufrufe"}, // one pipeline for all mailboxes
		"inbox-rules-external": {"one call per mailbox, 3 at once: about 7 minutes for 5,000", "ein Aufruf je Postfach, 3 zugleich: etwa 7 Minuten für 5.000"},
		"admin-roles":          {"one call per role group, 3 at once: about 4 seconds for 50", "ein Aufruf je Rollengruppe, 3 zugleich: etwa 4 Sekunden für 50"},
	} {
		plan, err := inCatalogue(t, name).Plan(report.Options{Service: "EXO", Now: noon})
		if err != nil {
			t.Fatal(err)
		}
		if got := plan.Cost().In("en", things(t)); got != c.en {
			t.Errorf("%s: %q", name, got)
		}
		if got := plan.Cost().In("de-AT", things(t)); got != c.de {
			t.Errorf("%s: %q", name, got)
		}
	}
	// The largest cost in the catalogue still reads as one.
	for _, r := range catalogue(t) {
		answers := map[string]string{}
		for _, q := range r.Questions {
			answers[q.Name] = someAnswer(q)
		}
		for _, service := range r.Services {
			plan, err := r.Plan(report.Options{Service: service, Now: noon, Answers: answers})
			if err != nil {
				t.Fatal(err)
			}
			if text := plan.Cost().In("en", things(t)); strings.Contains(text, "row of Get-") && !slices.Contains([]string{"mailbox-folders"}, r.Name) {
				t.Errorf("%s for %s costs %q: nobody knows what its rows are", r.Name, service, text)
			}
		}
	}
}

func TestLacks(t *testing.T) {
	everything := func(string) bool { return true }
	var lack *report.LackError
	if err := inCatalogue(t, "receive-connectors").Needs().Lacks("EXO", everything); !errors.As(err, &lack) || !slices.Equal(lack.Services, []string{"ONPREM"}) {
		t.Errorf("%v", err)
	}
	if err := inCatalogue(t, "mailbox-sizes").Needs().Lacks("EXO", func(name string) bool { return name != "Get-MailboxStatistics" }); !errors.As(err, &lack) || lack.Cmdlet != "Get-MailboxStatistics" {
		t.Errorf("%v", err)
	}
	if err := inCatalogue(t, "mailbox-sizes").Needs().Lacks("EXO", everything); err != nil {
		t.Error(err)
	}
	// Each report needs in each service what its steps there run: none is asked for another's.
	for _, r := range catalogue(t) {
		needs := r.Needs()
		for _, service := range []string{"EXO", "EOP", "ONPREM", ""} {
			names, err := r.Commands(service)
			if err != nil || !r.Has(service) {
				continue
			}
			for _, missing := range names {
				err := needs.Lacks(service, func(name string) bool { return name != missing })
				if !errors.As(err, &lack) || lack.Cmdlet != missing {
					t.Errorf("%s for %s without %s: %v", r.Name, service, missing, err)
				}
			}
			if err := needs.Lacks(service, func(name string) bool { return slices.Contains(names, name) }); err != nil {
				t.Errorf("%s for %s with all that it runs: %v", r.Name, service, err)
			}
		}
	}
}
