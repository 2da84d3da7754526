package runs

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/settings"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/history"
	"postroom/session/job"
	"postroom/session/reference"
	"postroom/session/report"
	"postroom/session/result"
	"postroom/widgets"
)

// narrowing asks the server for the columns alone that a person has chosen to see.
type narrowing struct {
	cmdlet   cmdlet.Cmdlet
	known    *reference.Reference
	door     endpoint.Door
	arranged func() settings.Columns // as the person has them
	notices  *notices
	begin    func(job.Task, job.Answers)
}

// canNarrow says that the tab's server can be asked for some columns alone.
func (t narrowing) canNarrow() bool {
	return t.door == endpoint.REST && t.cmdlet.Name != "" && t.cmdlet.Risk() == cmdlet.Reads
}

// needed are the properties that the rows of a line need for what the person has chosen to
// see, where they want no others asked for; none means all. What is filtered, sorted,
// grouped or computed by comes along, and what tells rows apart.
func (t narrowing) needed(line cmdlet.Line) []string {
	kept := t.arranged()
	if !kept.Only || !t.canNarrow() || len(line.Pipeline) == 0 {
		return nil
	}
	looked := report.Looked{Shape: line.Shape, Ours: []string{result.TenantColumn.Name()}, Identities: slices.Concat(history.Identities(), identities())}
	for _, c := range kept.Now.Shown {
		looked.Columns = append(looked.Columns, c.Name)
	}
	for _, c := range kept.Computed {
		looked.Computed = append(looked.Computed, report.Column{Name: c.Name, Value: c.Value})
	}
	for _, k := range kept.Sort {
		looked.More = append(looked.More, k.Column)
	}
	for _, f := range kept.Filters {
		looked.More = append(looked.More, f.Column)
	}
	if kept.Group != "" {
		looked.More = append(looked.More, kept.Group)
	}
	last := line.Pipeline[len(line.Pipeline)-1].Cmdlet
	return report.Wanted(line.Pipeline, t.known.CloudProperties(last), looked)
}

// narrowing is the choice whether the next runs ask for the ticked columns alone; nil where
// the server gives all of them in any case.
func (v *arranging) narrowing() fyne.CanvasObject {
	if v.canNarrow == nil || !v.canNarrow() {
		return nil
	}
	only := widgets.NewCheck(lang.L("Ask the server for these columns only"), func(on bool) {
		v.keepColumns() // those that are ticked now are meant
		v.keep(func(c *settings.Columns) { c.Only = on })
	})
	only.SetChecked(v.columns().Only)
	return widgets.NewColumn(2, only, widgets.NewParagraph(lang.L("From the next run on. It is faster; a row's details show these columns only."), widgets.CaptionText))
}

// narrowed tells that other columns were not asked for, and offers them.
func (t narrowing) narrowed(r *run) {
	asked, is := r.command.(job.Command)
	if !is || len(asked.Columns) == 0 {
		return
	}
	t.notices.put(widgets.NewBanner(widgets.Information, lang.L("Only the chosen columns were asked for."), widgets.Action{Label: lang.L("Get all columns"), OnTapped: func() {
		all := asked
		all.Columns = nil
		t.begin(all, job.AskPerson)
	}}))
}
