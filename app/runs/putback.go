package runs

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/cmdlet"
	"postroom/session/history"
	"postroom/session/job"
	"postroom/session/report"
	"postroom/session/result"
	"postroom/widgets"
)

// rowBefore is a row as it was read before something changed.
type rowBefore struct {
	view *result.View
	row  int
}

// value is job.Before.
func (b rowBefore) value(property string) (result.Value, bool) {
	if b.view == nil {
		return result.Value{}, false
	}
	col, there := b.view.Column(property)
	if !there {
		return result.Value{}, false
	}
	return b.view.Value(b.row, col), true
}

// puttingBack undoes a change that a comparison shows.
type puttingBack struct {
	compared *comparing             // nil where nothing is compared
	cmdlets  func() []cmdlet.Cmdlet // those that the account may run
	about    *origins
	open     leadOn
}

// items offer to put a change back that a comparison shows: a form with the old
// values, which the person reviews.
func (t puttingBack) items(view *result.View, row int) []*fyne.MenuItem {
	change, ok := t.compared.changedAt(view, row)
	if !ok {
		return nil
	}
	target, live := t.about.targetOf(view, row)
	subject := t.about.subjectOf(view.Headers())
	object, named := single(view, row, subject.Column)
	if !live || !named {
		return nil
	}
	var columns []string
	for _, cell := range change.Cells {
		columns = append(columns, cell.Column)
	}
	before := rowBefore{t.compared.came.Before, change.Before}
	var items []*fyne.MenuItem
	for _, set := range t.setters(subject.Thing) {
		call, left := job.PutBack(set, object, columns, before.value)
		if len(call.Args) == 0 {
			continue
		}
		items = append(items, fyne.NewMenuItem(fmt.Sprintf(lang.L("Put back by %s ..."), set.Name), func() {
			t.open(func(d Deps) *Tab {
				next := New(d, set, target)
				next.fillOld(call, left, t.compared.before)
				return next
			})
		}))
	}
	return items
}

// setters are the cmdlets of the account that set properties of a thing.
func (t puttingBack) setters(thing report.Thing) []cmdlet.Cmdlet {
	return slices.DeleteFunc(slices.Clone(t.cmdlets()), func(c cmdlet.Cmdlet) bool {
		verb, noun, _ := strings.Cut(c.Name, "-")
		mine := func(n string) bool { return strings.EqualFold(n, noun) }
		_, takes := c.Parameter("Identity")
		return !strings.EqualFold(verb, "Set") || !takes || !slices.ContainsFunc(thing.Nouns, mine) && !slices.ContainsFunc(thing.Acts, mine)
	})
}

// fillOld fills the form with old values, and says what it cannot put back.
func (t *Tab) fillOld(call cmdlet.Invocation, left []string, from history.Entry) {
	values, err := laidOver(t.deps.Known, t.cmdlet).Fields(call)
	t.form.SetValues(values)
	text := fmt.Sprintf(lang.L("The values are those of %s. Nothing is sent before you run this."), runText(from))
	for _, wrong := range cmdlet.BindErrors(err) {
		left = append(left, wrong.Parameter)
	}
	if len(left) > 0 {
		text += " " + fmt.Sprintf(lang.L("Not put back: %s."), strings.Join(left, ", "))
	}
	t.about.Add(widgets.NewBanner(widgets.Information, text))
}

// offerPutBack offers to put back what a change of chosen rows did, to the values that were
// read before.
func (f *forRows) offerPutBack() {
	rows, left := f.rowsToPutBack()
	widgets.SetVisible(f.back, len(rows.list) > 0)
	if len(rows.list) == 0 {
		return
	}
	f.back.SetText(fmt.Sprintf(lang.L("Put back (%s) ..."), words.Number(len(rows.list))))
	f.back.OnTapped = func() { f.open(func(d Deps) *Tab { return newPutBack(d, f.cmdlet, rows, left) }) }
}

// rowsToPutBack are the rows that were changed, each with the call that puts it back; left
// are the properties that were not read before.
func (f *forRows) rowsToPutBack() (rows chosenRows, left []string) {
	rows = f.rows
	rows.list, rows.from = nil, f.title
	if verb, _, _ := strings.Cut(f.cmdlet.Name, "-"); f.reads || !strings.EqualFold(verb, "Set") {
		return rows, nil // what was made or removed has no values to go back to
	}
	for i, row := range f.rows.list {
		var not []string
		if row.call, not = job.PutBack(f.cmdlet, row.object, f.setOf(i), row.before.value); len(row.call.Args) > 0 {
			rows.list = append(rows.list, row)
		}
		for _, name := range not {
			if !slices.Contains(left, name) {
				left = append(left, name)
			}
		}
	}
	return rows, left
}

// setOf are the properties that were set for a row.
func (f *forRows) setOf(row int) (names []string) {
	of, targets := f.rows.list[row], f.to.targets()
	for _, sent := range f.sent {
		for i, came := range sent.Results() {
			r := sent.Rows()[i]
			if came.State != job.RowDone || r.Object != of.object || targets[r.Target].Tenant.Domain != of.target.Tenant.Domain {
				continue
			}
			for _, a := range r.Task.Commands()[0].Args {
				if a.Name != f.identity && !common(a.Name) && !slices.Contains(names, a.Name) {
					names = append(names, a.Name)
				}
			}
		}
	}
	return names
}

// newPutBack makes a tab that puts rows back, each by a call of its own: as every change of
// rows it shows all of them, and sends none before the person agrees.
func newPutBack(d Deps, c cmdlet.Cmdlet, rows chosenRows, left []string) *Tab {
	t := newForRows(d, subject{
		cmdlet: c, id: "put back " + c.Name, title: fmt.Sprintf(lang.L("Put back · %s"), c.Name),
		arrange: func(names []string) (shown, hidden []string) { return d.Known.Arrange(c.Name, names) },
	}, rows)
	t.each.identity = identityOf(c)
	t.form.OnRun = t.each.start
	t.form.SetRunStyle(runStyle(c.Risk()))
	t.form.Preview = func(map[string]string) string {
		lines := make([]string, len(rows.list))
		for i, r := range rows.list {
			lines[i] = r.call.PowerShell()
		}
		return strings.Join(lines, "\n")
	}
	t.form.SetSpec(t.spec) // for the preview
	text := lang.L("Each row goes back to the values that were read before it was changed. Nothing is sent before you agree to all commands.")
	if len(left) > 0 {
		text += " " + fmt.Sprintf(lang.L("Not read before, and not put back: %s."), strings.Join(left, ", "))
	}
	t.about.Add(widgets.NewBanner(widgets.Information, text))
	return t
}
