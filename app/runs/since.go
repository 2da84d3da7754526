package runs

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session/history"
	"postroom/session/report"
	"postroom/session/result"
)

// titlesOf are the titles of reports, by name.
func titlesOf(reports []report.Report) map[string]string {
	titles := map[string]string{}
	for _, r := range reports {
		titles[r.Name] = words.Of(r.Title)
	}
	return titles
}

// titledList is an answer that names reports, by their titles.
func titledList(answer string, titles map[string]string) string {
	var list []string
	for name := range strings.SplitSeq(answer, ",") {
		list = append(list, cmp.Or(titles[name], name))
	}
	return strings.Join(list, ", ")
}

// Columns of a report that compares, as it gives them, and ours with the name of the
// report beside its title: it is hidden, and leads to the comparison.
const (
	comparedTitle  = "Report"
	comparedChange = "Change"
	comparedName   = "Report name"
)

// comparedSaid hands the rows of a report that compares on as a person reads them: reports
// by their titles, what became of a row in words of the language. What the history keeps
// is in the words that files have.
type comparedSaid struct {
	result.Appender
	titles map[string]string
}

// Text adds a text.
func (s comparedSaid) Text(name, v []byte) {
	switch string(name) {
	case comparedTitle:
		s.Appender.Text(name, []byte(cmp.Or(s.titles[string(v)], string(v))))
		s.Appender.Text([]byte(comparedName), v)
	case comparedChange:
		s.Appender.Text(name, []byte(becameText(string(v))))
	default:
		s.Appender.Text(name, v)
	}
}

// becameText says what became of a row.
func becameText(change string) string {
	switch change {
	case "added":
		return lang.L("added")
	case "removed":
		return lang.L("removed")
	case "changed":
		return lang.L("changed")
	case "no earlier run":
		return lang.L("no earlier run")
	case "not compared":
		return lang.L("not compared")
	}
	return change
}

// comparisons lead from a report of what changed to the two runs that it compared.
type comparisons struct {
	desk    *desk.Desk
	book    *history.Book
	report  *report.Report // nil for none
	notices *notices
	about   *origins
	open    leadOn
}

// items lead from a row of what changed since a day to the comparison of the two
// runs that it is from.
func (t comparisons) items(view *result.View, row int) []*fyne.MenuItem {
	name, named := single(view, row, comparedName)
	if t.report == nil || t.report.Compare == nil || !named {
		return nil
	}
	var since time.Time
	if col, there := view.Column("Since"); there {
		if at := view.Value(row, col); at.Kind == result.KindTime {
			since = at.Time.Time()
		}
	}
	tenant := t.about.ranOn(view)(row).Tenant.Domain
	return []*fyne.MenuItem{fyne.NewMenuItem(lang.L("Open the comparison"), func() { t.openSince(name, tenant, since) })}
}

// openSince opens what changed in a report of a tenant since a run.
func (t comparisons) openSince(name, tenant string, since time.Time) {
	t.desk.Spawn(func() { // ends when the file is read
		before, after, err := runsSince(t.book, name, tenant, since)
		t.desk.Post(func() {
			switch {
			case errors.Is(err, history.ErrFirst):
				t.notices.warn(lang.L("There is no earlier run of the same command, endpoint and tenant with kept rows."))
			case err != nil:
				t.notices.problem(err)
			default:
				t.open(func(d Deps) *Tab { return NewDifference(d, before, after) }).form.Run()
			}
		})
	})
}

// runsSince are the newest kept run of a report of a tenant, and the one of the same that it
// was compared with: the last until a time, else the oldest. It gives history.ErrFirst.
func runsSince(book *history.Book, name, tenant string, since time.Time) (before, after history.Entry, err error) {
	all, err := book.Entries()
	if err != nil {
		return before, after, err
	}
	i := slices.IndexFunc(all, func(e history.Entry) bool { return e.Kept && e.Report == name && e.Tenant() == tenant })
	if i < 0 {
		return before, after, history.ErrFirst
	}
	after = all[i]
	alike, err := book.Alike(after)
	if err != nil || len(alike) < 2 {
		return before, after, cmp.Or(err, error(history.ErrFirst))
	}
	earlier := alike[1:] // the newest is the first
	before = earlier[len(earlier)-1]
	if i = slices.IndexFunc(earlier, func(e history.Entry) bool { return !e.Started.After(since) }); i >= 0 {
		before = earlier[i]
	}
	return before, after, nil
}
