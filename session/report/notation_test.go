package report_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"postroom/assets"
	"postroom/session/report"
)

// What is edited and not changed stays as it was, for every report that there is.
func TestNotationGivesTheReportBack(t *testing.T) {
	list, err := report.Load(assets.Reports())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		again, err := r.Noted(r.Notation())
		if err != nil {
			t.Errorf("%s: %v", r.Name, err)
			continue
		}
		want := r
		want.Variants, again.Order = nil, nil
		want.Services = again.Services
		a, _ := json.Marshal(want)
		b, _ := json.Marshal(again)
		if string(a) != string(b) {
			t.Errorf("%s\n%s\nbecame\n%s", r.Name, a, b)
		}
	}
}

func TestNotation(t *testing.T) {
	n := report.Notation{
		Steps: "Get-Mailbox\neach: Get-MailboxStatistics -Identity {ExchangeGuid}", Columns: "Name\nGB := bytes(TotalItemSize) / 1GB\n# Age := days(LastLogonTime)",
		Keep: "Age > 90", Sort: "GB desc, Name",
	}
	r, err := (report.Report{Name: "mine"}).Noted(n)
	if err != nil || len(r.Steps) != 2 || r.Steps[1].How != report.Each || !r.Columns[2].Hidden || strings.Join(r.Given(), ",") != "Name,GB" || r.Notation() != n {
		t.Errorf("%+v, %v\n%+v", r, err, r.Notation())
	}
	for _, wrong := range []report.Notation{{}, {Steps: "Get-Mailbox"}, {Steps: "Get-Mailbox", Columns: "A := 1 +"}, {Steps: "{ x }", Columns: "A"}, {Steps: "Get-Mailbox", Columns: "A", Sort: "B"}} {
		var format *report.FormatError
		if _, err := (report.Report{Name: "mine"}).Noted(wrong); !errors.As(err, &format) {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
	p, err := (report.Pack{Name: "p", Parts: []report.Part{{Report: "b", Answers: map[string]string{"x": "1"}}}}).Noted("a: X, Y\nb\n")
	if err != nil || p.Notation() != "a: X, Y\nb" || p.Parts[1].Answers["x"] != "1" {
		t.Errorf("%+v, %v", p, err)
	}
}
