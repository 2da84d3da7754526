package runs

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/job"
	"postroom/session/report"
	"postroom/widgets"
)

// NewReport makes a tab of a report: what it asks is its form.
func NewReport(d Deps, r report.Report, target session.Target) *Tab {
	t := newTab(d, subject{
		report: &r, id: r.Name, title: words.Of(r.Title), spec: Asking{Report: r, Kept: d.comparable()}.Form(), reads: r.Reads(),
		arrange: func(names []string) (shown, hidden []string) { return arrangeReport(r, names) },
	}, target)
	if _, shape := r.For(report.ServiceOf(target.Endpoint)); shape.Grouped != "" {
		t.rows.grouping.groupBy(shape.Grouped)
	}
	t.form.OnRun = t.reporting.start
	t.about.Add(widgets.NewBanner(widgets.Information, aboutReport(r, report.ServiceOf(target.Endpoint))))
	return t
}

// aboutReport is what a person should know before running a report: the question
// that it answers, what to know of the answer, and what it costs.
func aboutReport(r report.Report, service string) string {
	parts := []string{words.Of(r.Asks)}
	if caveat := words.Of(r.Caveat); caveat != "" {
		parts = append(parts, caveat)
	}
	if r.Slow(service) {
		parts = append(parts, lang.L("Large tenants take a while."))
	}
	if len(r.Services) > 0 && service != "" && !r.Has(service) {
		parts = append(parts, fmt.Sprintf(lang.L("Made for other services: %s."), words.Services(r.Services)))
	}
	return strings.Join(parts, " ")
}

// Asking is a report that a person is asked about: its questions as a form, and how
// the answers are read.
type Asking struct {
	Report report.Report
	// Service is where it would run, as reports call it.
	Service string
	Kinds   cmdlet.Kinds
	// Kept is for a report that compares; nil where nothing is kept.
	Kept *report.Kept
}

// Form has a field for each question.
func (a Asking) Form() widgets.FormSpec {
	var spec widgets.FormSpec
	for i, q := range a.Report.Questions {
		f := widgets.Field{Name: q.Name, Label: words.Of(q.Label), Rank: i, Choices: q.Choices, Placeholder: q.Default}
		if f.Label == "" {
			f.Label = q.Name
		}
		if q.Kind == report.AskReports && a.Kept != nil {
			f.Titles = titlesOf(a.Kept.Reports)
			f.Placeholder = titledList(q.Default, f.Titles)
		}
		if q.Needed && q.Default == "" {
			f.Needs = widgets.Requirement{Always: true, Certain: true}
		}
		switch {
		case q.Kind == report.AskChoice && q.Several, q.Kind == report.AskReports:
			f.Kind = widgets.FieldMultiChoice
		case q.Kind == report.AskChoice:
			f.Kind = widgets.FieldChoice
		case q.Kind == report.AskNumber:
			f.Kind = widgets.FieldNumber
		case q.Kind == report.AskDate:
			f.Kind = widgets.FieldDateTime
		case q.Kind == report.AskIdentity:
			f.Kind = widgets.FieldIdentity
		}
		spec.Fields = append(spec.Fields, f)
	}
	return spec
}

// arrangeReport shows a report's columns in its order; what else came is hidden,
// and can be shown.
func arrangeReport(r report.Report, names []string) (shown, hidden []string) {
	_, shape := r.For("")
	ours := []string{report.MarksTitle(lang.L("en"))} // those in English are for files, and for what is kept
	if !slices.Contains(names, ours[0]) {
		ours[0] = report.MarksColumn
	}
	for _, v := range r.Variants {
		for _, c := range v.Columns {
			ours = append(ours, c.Name)
		}
	}
	for _, c := range shape.Columns {
		ours = append(ours, c.Name)
	}
	for _, name := range names {
		if slices.Contains(ours, name) {
			shown = append(shown, name)
		} else {
			hidden = append(hidden, name)
		}
	}
	return shown, hidden
}

// plan reads the report with the answers of the form. Errors are those of
// report.Report.Plan.
func (a Asking) plan(values map[string]string) (*report.Plan, error) {
	answers := map[string]string{}
	for name, v := range values {
		answers[name] = AnswerOf(v)
	}
	return a.Report.Plan(report.Options{Service: a.Service, Answers: answers, Now: time.Now(), Kinds: a.Kinds, Everything: true, Kept: a.Kept})
}

// AnswerOf is an answer as reports read it: in the form several choices stand one a line.
func AnswerOf(value string) string { return strings.ReplaceAll(value, "\n", ",") }

// Check says why an answer cannot be read; "" when it can.
func (a Asking) Check(field, text string) string {
	q, _ := a.Report.Question(field)
	if wrong, is := errors.AsType[*report.AnswerError](q.Check(AnswerOf(text), time.Now())); is && text != "" {
		return answerText(wrong)
	}
	return ""
}

// PowerShell is what the steps would send, a line each; what has no answer yet stands in
// braces.
func (a Asking) PowerShell(values map[string]string) string {
	answers := maps.Clone(values)
	if answers == nil {
		answers = map[string]string{}
	}
	for _, q := range a.Report.Questions {
		if !q.Needed || q.Default != "" || answers[q.Name] != "" {
			continue
		}
		if answers[q.Name] = "{" + q.Name + "}"; len(q.Choices) > 0 {
			answers[q.Name] = q.Choices[0]
		}
	}
	plan, err := a.plan(answers)
	if err != nil { // an answer is missing or wrong, which stands beside its field
		if len(a.Report.Steps) == 0 {
			return ""
		}
		return a.Report.Steps[0].Run
	}
	return plan.PowerShell()
}

// comparable is what a report that compares needs; nil where nothing is kept.
func (d Deps) comparable() *report.Kept {
	if d.Window.Catalogue == nil || d.History == nil {
		return nil
	}
	return &report.Kept{Reports: d.Window.Catalogue.Reports(), Book: d.History}
}

// reporting runs the report of a tab.
type reporting struct {
	starts
	subject
	asking func() Asking // the report as the form asks it
}

// start runs the report with the answers of the form.
func (t reporting) start(values map[string]string) {
	if t.last.busy() {
		return
	}
	t.anew()
	plan, err := t.asking().plan(values)
	if wrong, is := errors.AsType[*report.AnswerError](err); is {
		t.wrong(wrong.Question, answerText(wrong))
		return
	}
	if err != nil {
		t.notices.problem(err)
		return
	}
	if !t.reads {
		t.confirm(plan)
		return
	}
	t.begin(plan.Resumable(), job.AskPerson)
}

// confirm asks once before a report runs that may change something; it shows
// every command.
func (t reporting) confirm(plan *report.Plan) {
	t.last.ask(widgets.SheetSpec{
		Title:       fmt.Sprintf(lang.L("%s may change something"), t.title),
		Explanation: fmt.Sprintf(lang.L("These commands run on %s, the later ones for each row of the first."), place(t.to.targets())),
		Width:       confirmWidth,
	}, []answer{{label: lang.L("Run"), style: widgets.DangerButton, do: func() { t.begin(plan.Resumable(), job.ConfirmedOnce) }}},
		widgets.NewParagraph(plan.PowerShell(), widgets.CodeText))
}

// confirmWidth is that of the sheet that asks before a report changes something.
const confirmWidth = 620

// answerText says what is wrong with an answer.
func answerText(e *report.AnswerError) string {
	switch {
	case e.Text == "":
		return lang.L("The report needs an answer.")
	case len(e.Choices) > 0:
		return fmt.Sprintf(lang.L("Choose one of these: %s"), strings.Join(e.Choices, ", "))
	}
	return lang.L("This is not a date. Use 2026-12-31 or today-7d.")
}
