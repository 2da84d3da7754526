package app

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/ownreports"
	"postroom/app/runs"
	"postroom/app/saving"
	"postroom/session/report"
	"postroom/widgets"
)

// ownReports are the pages of one's own reports and packs, as the window has them.
type ownReports struct {
	desk      *desk.Desk
	saver     *saving.Saver
	reports   *reportList
	opening   *opening
	schedules *scheduling
}

// deps are what the pages of one's own reports work with.
func (o *ownReports) deps() ownreports.Deps {
	return ownreports.Deps{
		Desk: o.desk, Library: o.reports.library, Saver: o.saver, Changed: o.reports.load,
		Open: func(name string) { o.opening.report(name) }, Schedule: o.schedules.report,
	}
}

// show shows the page of one's own reports and packs.
func (o *ownReports) show(name string) {
	if o.reports.library != nil { // else the catalogue is still being read
		ownreports.Show(o.deps(), name)
	}
}

// duplicate makes a report of one's own of one, and shows it.
func (o *ownReports) duplicate(name string) {
	library := o.reports.library
	if library == nil {
		return
	}
	o.desk.Spawn(func() { // ends when the file is written
		copied, err := library.Duplicate(context.Background(), name, "")
		o.desk.Post(func() {
			if err != nil {
				o.desk.Problem(err)
				return
			}
			o.reports.load()
			o.show(copied)
		})
	})
}

// keep asks for a title and keeps a tab as a report.
func (o *ownReports) keep(t *runs.Tab) {
	if o.reports.library == nil || t.Pack() != nil {
		return
	}
	r, left, err := t.Saved()
	if err != nil {
		o.desk.Problem(err)
		return
	}
	if len(left) > 0 {
		o.desk.Note(widgets.Information, fmt.Sprintf(lang.L("A report keeps no tenants: without %s."), strings.Join(left, ", ")))
	}
	var own *report.Report
	if of := t.Report(); of != nil && of.Own {
		own = of
	}
	ownreports.Save(o.deps(), r, t.Title(), own)
}
