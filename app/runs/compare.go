package runs

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"postroom/app/desk"
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
	desk          *desk.Desk
	book          *history.Book
	begin         func(job.Task, job.Answers)
	again         func() // compares anew
	arrange       func()
	before, after history.Entry
	only          history.Change // the kind that is shown; 0 is all that differs
	by            []string       // columns that rows are matched by; none are the surest
	came          *history.Comparison

	against *widgets.Button // chooses another run to compare with
	matched *widgets.Button // chooses what rows are matched by
	kinds   *widgets.Segments
	notRead *widgets.Banner
}

// The kinds of changes, in the order of the segments; all of them first.
var changeKinds = []history.Change{0, history.Added, history.Removed, history.Changed, history.Same}

// NewDifference makes a tab of what changed from one run to another.
func NewDifference(d Deps, before, after history.Entry) *Tab {
	c := &comparing{desk: d.Desk, book: d.History, before: before, after: after, notRead: widgets.NewBanner(widgets.Warning, "")}
	t := newKept(d, after, keptAs{
		id: "changes ", title: fmt.Sprintf(lang.L("Changes · %s"), d.titleOf(after)), about: lang.L("Both runs are kept on this computer. No server is asked."), arrange: c.inFront,
	})
	c.begin, c.again, c.arrange = t.running.beginTask, t.form.Run, func() { t.about.Refresh(); t.arrangeParts() }
	t.rows.marked = differs
	c.against = widgets.NewButton("", c.choose)
	c.matched = widgets.NewButton("", c.match)
	c.kinds = widgets.NewSegments(func(i int) {
		c.only = changeKinds[i]
		c.again()
	})
	swap := widgets.NewLink(lang.L("Swap"), func() {
		c.before, c.after = c.after, c.before
		c.again()
	})
	line := widgets.NewFlow(8, c.against, swap, c.matched, c.kinds)
	t.about.Add(container.New(layout.NewCustomPaddedLayout(4, 2, tabPad, tabPad), line))
	t.about.Add(c.notRead)
	c.notRead.Hide()
	t.puttingBack.compared = c
	t.form.OnRun = func(map[string]string) { c.compare() }
	c.show()
	return t
}

// compare compares.
func (c *comparing) compare() {
	before, after, only, by := c.before, c.after, c.only, c.by
	c.begin(kept{entry: after, rows: func(ctx context.Context, to result.Appender) error {
		came, err := c.book.Compare(ctx, before, after, history.How{By: by, LeaveOut: reference.Incidental})
		if err != nil {
			return err
		}
		c.desk.Post(func() {
			if c.before.ID == before.ID && c.after.ID == after.ID && slices.Equal(c.by, by) {
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
	names := []string{lang.L("Differences"), lang.L("Added"), lang.L("Removed"), lang.L("Changed"), lang.L("Same")}
	c.matched.SetText(lang.L("Matched by ..."))
	if c.came != nil {
		var n [5]int
		n[4] = len(c.came.Same)
		for _, row := range c.came.Rows {
			n[0]++
			n[slices.Index(changeKinds, row.Change)]++
		}
		for i := range names {
			names[i] += " " + words.Number(n[i])
		}
		c.matched.SetText(fmt.Sprintf(lang.L("Matched by %s"), keyText(c.came.Key)))
		widgets.SetVisible(c.notRead, len(c.came.NotRead) > 0)
		c.notRead.SetText(widgets.Warning, fmt.Sprintf(lang.L("Not compared, because rows are missing: %s."), strings.Join(c.came.NotRead, ", ")))
	}
	c.kinds.SetWords(names, slices.Index(changeKinds, c.only))
	c.arrange()
}

// runText names a run among others of the same.
func runText(e history.Entry) string {
	return e.Started.Local().Format(time.DateTime) + " · " + words.Rows(e.Rows)
}

// choose offers the other runs of the same to compare with.
func (c *comparing) choose() {
	c.desk.Spawn(func() { // ends when the file is read
		others, err := c.book.Alike(c.after)
		c.desk.Post(func() {
			if err != nil {
				c.desk.Problem(err)
				return
			}
			var items []*fyne.MenuItem
			for _, e := range others {
				if e.ID == c.after.ID {
					continue
				}
				item := fyne.NewMenuItem(runText(e), func() {
					c.before = e
					c.again()
				})
				item.Checked = e.ID == c.before.ID
				items = append(items, item)
			}
			if len(items) > 0 {
				at := fyne.CurrentApp().Driver().AbsolutePositionForObject(c.against)
				c.desk.Menu(at.AddXY(0, c.against.Size().Height), items...)
			}
		})
	})
}

// keyText names the columns that rows are matched by.
func keyText(key []string) string {
	if len(key) == 0 {
		return lang.L("whole rows")
	}
	return strings.Join(key, ", ")
}

// match offers the columns that tell all rows of both runs apart, to match them by.
func (c *comparing) match() {
	came := c.came
	if came == nil {
		return
	}
	c.desk.Spawn(func() { // ends when the rows are looked through
		keys, _ := history.Keys(context.Background(), came.Before, came.After)
		c.desk.Post(func() {
			item := func(title string, by ...string) *fyne.MenuItem {
				i := fyne.NewMenuItem(title, func() {
					c.by = by
					c.again()
				})
				i.Checked = slices.Equal(by, c.by)
				return i
			}
			items := []*fyne.MenuItem{item(lang.L("The most reliable column"))}
			for _, key := range keys {
				items = append(items, item(key, key))
			}
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(c.matched)
			c.desk.Menu(at.AddXY(0, c.matched.Size().Height), items...)
		})
	})
}

// The columns of a difference that are ours.
const (
	changeColumn  = "Change"
	changedColumn = "Changed columns"
)

// giveChanges gives what changed as rows: all, or those of a kind; those that are the same
// by themselves.
func giveChanges(ctx context.Context, c *history.Comparison, only history.Change, to result.Appender) error {
	if only == history.Same {
		return giveSame(ctx, c, to)
	}
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

// giveSame gives the rows that are in both runs.
func giveSame(ctx context.Context, c *history.Comparison, to result.Appender) error {
	for i, row := range c.Same {
		if i%512 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := giveRow(to, lang.L("same"), "", c.After, row); err != nil {
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
