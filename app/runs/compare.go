package runs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"postroom/app/words"
	"postroom/session/history"
	"postroom/session/job"
	"postroom/session/reference"
	"postroom/session/result"
	"postroom/widgets"
)

// comparing is a tab that shows what changed from one kept run to another: which two,
// and what of it. An added or a removed row is one row, a changed one a pair, was and now.
// UI thread only.
type comparing struct {
	tab           *Tab
	before, after history.Entry
	only          history.Change // the kind that is shown; 0 is all
	came          *history.Comparison

	against *widgets.Button // chooses another run to compare with
	kinds   *widgets.Segments
	said    *widgets.Text // how many are the same
	notRead *widgets.Banner
}

// The kinds of changes, in the order of the segments; all of them first.
var changeKinds = []history.Change{0, history.Added, history.Removed, history.Changed}

// NewDifference makes a tab of what changed from one run to another.
func NewDifference(d Deps, before, after history.Entry) *Tab {
	c := &comparing{before: before, after: after, said: widgets.NewText("", widgets.MutedText), notRead: widgets.NewBanner(widgets.Warning, "")}
	t := newKept(d, after, keptAs{
		id: "changes ", title: fmt.Sprintf(lang.L("Changes · %s"), d.titleOf(after)), about: lang.L("Both runs are kept on this computer. No server is asked."), arrange: c.inFront,
	})
	c.tab = t
	t.rows.marked = differs
	c.against = widgets.NewButton("", c.choose)
	c.kinds = widgets.NewSegments(func(i int) {
		c.only = changeKinds[i]
		t.form.Run()
	})
	swap := widgets.NewLink(lang.L("Swap"), func() {
		c.before, c.after = c.after, c.before
		t.form.Run()
	})
	line := widgets.NewFlow(8, c.against, swap, c.kinds, c.said)
	t.about.Add(container.New(layout.NewCustomPaddedLayout(4, 2, tabPad, tabPad), line))
	t.about.Add(c.notRead)
	c.notRead.Hide()
	t.compared = c
	t.form.OnRun = func(map[string]string) { c.begin() }
	c.show()
	return t
}

// begin compares.
func (c *comparing) begin() {
	before, after, only := c.before, c.after, c.only
	c.tab.running.beginTask(kept{entry: after, rows: func(ctx context.Context, to result.Appender) error {
		came, err := c.tab.History.Compare(ctx, before, after, reference.Incidental)
		if err != nil {
			return err
		}
		c.tab.Desk.Post(func() {
			if c.before.ID == before.ID && c.after.ID == after.ID {
				c.came = came
				c.show()
			}
		})
		return giveChanges(ctx, came, only, to)
	}}, job.AskPerson)
}

// show says which runs are compared, and how many changes of which kind there are.
func (c *comparing) show() {
	c.against.SetText(fmt.Sprintf(lang.L("%s against %s"), runText(c.after), runText(c.before)))
	names := []string{lang.L("Differences"), lang.L("Added"), lang.L("Removed"), lang.L("Changed")}
	if c.came != nil {
		var n [4]int
		for _, row := range c.came.Rows {
			n[0]++
			n[slices.Index(changeKinds, row.Change)]++
		}
		for i := range names {
			names[i] += " " + words.Number(n[i])
		}
		c.said.SetText(fmt.Sprintf(lang.L("%s the same"), words.Rows(c.came.Same)))
		widgets.SetVisible(c.notRead, len(c.came.NotRead) > 0)
		c.notRead.SetText(widgets.Warning, fmt.Sprintf(lang.L("Not compared, since not all of their rows came: %s."), strings.Join(c.came.NotRead, ", ")))
	}
	c.kinds.SetWords(names, slices.Index(changeKinds, c.only))
	c.tab.about.Refresh()
	c.tab.arrangeParts()
}

// runText names a run among others of the same.
func runText(e history.Entry) string {
	return e.Started.Local().Format("2006-01-02 15:04") + " · " + words.Rows(e.Rows)
}

// choose offers the other runs of the same to compare with.
func (c *comparing) choose() {
	c.tab.Desk.Spawn(func() { // ends when the file is read
		others, err := c.tab.History.Alike(c.after)
		c.tab.Desk.Post(func() {
			if err != nil {
				c.tab.Desk.Problem(err)
				return
			}
			var items []*fyne.MenuItem
			for _, e := range others {
				if e.ID == c.after.ID {
					continue
				}
				item := fyne.NewMenuItem(runText(e), func() {
					c.before = e
					c.tab.form.Run()
				})
				item.Checked = e.ID == c.before.ID
				items = append(items, item)
			}
			if len(items) > 0 {
				at := fyne.CurrentApp().Driver().AbsolutePositionForObject(c.against)
				c.tab.Desk.Menu(at.AddXY(0, c.against.Size().Height), items...)
			}
		})
	})
}

// comparisons lead from a report of what changed to the two runs that it compared.
type comparisons struct{ *Tab }

// items lead from a row of what changed since a day to the comparison of the two
// runs that it is from.
func (t comparisons) items(view *result.View, row int) []*fyne.MenuItem {
	name, named := single(view, row, "Report") // as the report's columns are called
	if t.report == nil || t.report.Compare == nil || !named {
		return nil
	}
	var since time.Time
	if col, there := view.Column("Since"); there {
		if at := view.Value(row, col); at.Kind == result.KindTime {
			since = at.Time.Time()
		}
	}
	tenant := t.linking.ranOn(view, row).Tenant.Domain
	return []*fyne.MenuItem{fyne.NewMenuItem(lang.L("Open the comparison"), func() { t.open(name, tenant, since) })}
}

// open opens what changed in a report of a tenant since a run.
func (t comparisons) open(name, tenant string, since time.Time) {
	t.Desk.Spawn(func() { // ends when the file is read
		before, after, err := runsSince(t.History, name, tenant, since)
		t.Desk.Post(func() {
			switch {
			case errors.Is(err, history.ErrFirst):
				t.notices.warn(lang.L("There is no earlier run of the same command, endpoint and tenant with kept rows."))
			case err != nil:
				t.notices.problem(err)
			default:
				next := NewDifference(t.Deps, before, after)
				t.Window.Catalogue.Show(next)
				next.form.Run()
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

// The columns of a difference that are ours.
const (
	changeColumn  = "Change"
	changedColumn = "Changed columns"
)

// giveChanges gives what changed as rows: all, or those of a kind.
func giveChanges(ctx context.Context, c *history.Comparison, only history.Change, to result.Appender) error {
	for i, row := range c.Rows {
		if i%512 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if only != 0 && row.Change != only {
			continue
		}
		var columns []string
		for _, cell := range row.Cells {
			columns = append(columns, cell.Column)
		}
		what := strings.Join(columns, ", ")
		var err error
		switch row.Change {
		case history.Added:
			err = giveRow(to, lang.L("added"), "", c.After, row.After)
		case history.Removed:
			err = giveRow(to, lang.L("removed"), "", c.Before, row.Before)
		case history.Changed:
			if err = giveRow(to, lang.L("now"), what, c.After, row.After); err == nil {
				err = giveRow(to, lang.L("was"), what, c.Before, row.Before)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// giveRow hands a row of a view on, with what became of it in front.
func giveRow(to result.Appender, change, columns string, v *result.View, row int) error {
	to.BeginRow()
	to.Text([]byte(changeColumn), []byte(change))
	to.Text([]byte(changedColumn), []byte(columns))
	for col, name := range v.Headers() {
		if name == result.TenantColumn.Name() {
			to.Own(result.TenantColumn, []byte(v.Cell(row, col)))
			continue
		}
		result.Copy(to, []byte(name), v.Value(row, col))
	}
	return to.EndRow()
}

// differs says whether a cell of a difference is one that changed.
func differs(v *result.View, row, col int) bool {
	changed, _ := single(v, row, changedColumn)
	return changed != "" && slices.Contains(strings.Split(changed, ", "), v.Header(col))
}

// inFront puts what became of a row before its columns, and shows what changed in any of them.
func (c *comparing) inFront(shown, hidden []string) (front, behind []string) {
	front = []string{changeColumn}
	take := func(names []string, wanted func(string) bool) {
		for _, name := range names {
			if wanted(name) && !slices.Contains(front, name) {
				front = append(front, name)
			}
		}
	}
	all := slices.Concat(shown, hidden)
	take(all, func(name string) bool { return name == result.TenantColumn.Name() })
	take(shown, func(string) bool { return true })
	take(hidden, c.changed)
	front = slices.DeleteFunc(front, func(name string) bool { return name == changedColumn })
	return front, slices.DeleteFunc(all, func(name string) bool { return slices.Contains(front, name) })
}

// changed says that a column changed in a row at least.
func (c *comparing) changed(column string) bool {
	return c.came != nil && slices.ContainsFunc(c.came.Rows, func(r history.RowChange) bool {
		return slices.ContainsFunc(r.Cells, func(cell history.CellChange) bool { return cell.Column == column })
	})
}

// changedAt is the change whose row stands in a row of the view, now or was; false where
// it is none that changed.
func (c *comparing) changedAt(view *result.View, row int) (history.RowChange, bool) {
	if c == nil || c.came == nil {
		return history.RowChange{}, false
	}
	change, _ := single(view, row, changeColumn)
	from := c.came.After
	if change == lang.L("was") {
		from = c.came.Before
	} else if change != lang.L("now") {
		return history.RowChange{}, false
	}
	for _, r := range c.came.Rows {
		at := r.After
		if from == c.came.Before {
			at = r.Before
		}
		if r.Change == history.Changed && sameRow(view, row, from, at) {
			return r, true
		}
	}
	return history.RowChange{}, false
}

// sameRow says that a row of a difference was made of a row of a run.
func sameRow(view *result.View, row int, of *result.View, at int) bool {
	for col, name := range of.Headers() {
		mine, there := view.Column(name)
		if there && view.Cell(row, mine) != of.Cell(at, col) {
			return false
		}
	}
	return true
}
