package runs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/report"
	"postroom/session/result"
	"postroom/widgets"
)

// computedColumns are the columns that a person made.
type computedColumns struct {
	*wishes
	rows   *onScreen
	newest string // a column that is to be shown when it is there
	// places say which of the other columns are shown, in which order, and which hidden.
	places      func(names []string) (shown, hidden []string)
	keepColumns func()
}

// computedIndex finds a computed column by the name that it has in the grid; -1 where it is
// none.
func (v *computedColumns) computedIndex(name string) int {
	return slices.IndexFunc(v.computed, func(c report.Column) bool { return c.Name == name })
}

// arrangeWithComputed arranges the columns of rows; those that a person made are shown.
func (v *computedColumns) arrangeWithComputed(names []string) (shown, hidden []string) {
	var own []string
	names = slices.Clone(names)
	for _, c := range v.computed {
		if i := slices.Index(names, c.Name); i >= 0 {
			own, names = append(own, c.Name), slices.Delete(names, i, i+1)
		}
	}
	shown, hidden = v.places(names)
	return slices.Concat(shown, own), hidden
}

// showNewest shows the column that was made last, once it is there, and goes to it.
func (v *computedColumns) showNewest() {
	source := v.rows.grid.Source()
	if v.newest == "" || source == nil {
		return
	}
	_, cols := source.Size()
	for col := range cols {
		if source.Header(col) == v.newest {
			v.newest = ""
			v.rows.grid.ShowColumn(col)
			row, _ := v.rows.grid.Current()
			v.rows.grid.SetCurrent(max(0, row), col)
			v.keepColumns()
			v.rows.columnsChanged()
			return
		}
	}
}

// setComputed computes these columns from now on, and goes to the one of the name.
func (v *computedColumns) setComputed(columns []report.Column, newest string) {
	v.computed, v.newest = columns, newest
	v.keepWanted()
	v.rows.change(func(l *look) { l.compute(columns) })
}

// computedEditor asks for the name and the value of a computed column. UI thread only.
type computedEditor struct {
	of    *computedColumns
	at    int // place of the column that is edited; behind the last for a new one
	name  *widgets.Entry
	value *widgets.Entry
	hint  *widgets.Text
	save  *widgets.Button
	sheet *widgets.Sheet
}

// editComputed asks for a computed column; an empty name makes a new one.
func (v *computedColumns) editComputed(name string) {
	e := &computedEditor{
		of: v, at: len(v.computed), name: widgets.NewEntry(), value: widgets.NewEntry(),
		hint: widgets.NewParagraph("", widgets.CaptionText),
	}
	title := lang.L("New computed column")
	remove := widgets.NewButton(lang.L("Remove the column"), e.remove)
	if i := v.computedIndex(name); name != "" && i >= 0 {
		e.at, title = i, fmt.Sprintf(lang.L("Computed column %s"), name)
		e.name.SetText(name)
		e.value.SetText(v.computed[i].Value)
	} else {
		remove.Disable()
	}
	e.value.SetPlaceHolder("bytes(TotalItemSize) / 1GB")
	e.save = widgets.NewPrimaryButton(lang.L("Save"), e.submit)
	for _, entry := range []*widgets.Entry{e.name, e.value} {
		entry.OnChanged = func(string) { e.look() }
		entry.OnSubmitted = func(string) { e.submit() }
	}
	columns := widgets.NewPicker(e.columns, func(i widgets.Item) { e.insert(i.ID) })
	columns.PlaceHolder = lang.L("Insert a column")
	functions := widgets.NewPicker(functionItems, func(i widgets.Item) { e.insert(i.ID) })
	functions.PlaceHolder = lang.L("Insert a function")
	label := func(text string) fyne.CanvasObject { return widgets.NewParagraph(text, widgets.LabelText) }
	cancel := widgets.NewButton(lang.L("Cancel"), func() { e.sheet.Hide() })
	e.sheet = v.rows.desk.Sheets.New(widgets.SheetSpec{
		Title:       title,
		Explanation: lang.L("The value is computed from the row's other columns, as in reports: property names, texts in 'quotes', + - * /, = < >, and, or, not, has, begins, ends."),
		Width:       640, Foot: widgets.NewFoot(remove, cancel, e.save),
	},
		widgets.NewFormRow(label(lang.L("Name")), e.name),
		widgets.NewFormRow(label(lang.L("Value")), e.value),
		widgets.NewFormRow(label(""), widgets.NewColumn(6, columns, functions)),
		e.hint)
	e.sheet.Show(e.name)
	e.look()
}

// columns lists the columns of the rows whose names an expression can have.
func (e *computedEditor) columns(text string) []widgets.Item {
	var items []widgets.Item
	for _, name := range e.of.rows.now.headers() {
		if _, err := report.Parse(name); err == nil && words.Contains(name, text) {
			items = append(items, widgets.Item{ID: name, Title: name})
		}
	}
	return items
}

func functionItems(text string) []widgets.Item {
	var items []widgets.Item
	for _, usage := range report.Usages() {
		if words.Contains(usage, text) && usage != "question(name)" { // rows ask nothing
			items = append(items, widgets.Item{ID: usage, Title: usage})
		}
	}
	return items
}

// insert puts a text where the cursor is in the value.
func (e *computedEditor) insert(text string) {
	before := []rune(e.value.Text)
	at := min(e.value.CursorColumn, len(before))
	e.value.SetText(string(before[:at]) + text + string(before[at:]))
	e.value.CursorColumn = at + len([]rune(text))
	e.of.rows.desk.Focus(e.value)
}

// column is what is typed.
func (e *computedEditor) column() report.Column {
	return report.Column{Name: strings.TrimSpace(e.name.Text), Value: strings.TrimSpace(e.value.Text)}
}

// all are the computed columns with the one that is edited in its place.
func (e *computedEditor) all() []report.Column {
	all := slices.Clone(e.of.computed)
	if e.at == len(all) {
		return append(all, e.column())
	}
	all[e.at] = e.column()
	return all
}

// look says what the value is for a row, or what is wrong with it; false then.
func (e *computedEditor) look() bool {
	text, role, fine := "", widgets.CaptionText, false
	all := e.all()
	column := all[e.at]
	c, err := report.Compute(all, time.Now())
	_, taken := e.of.rows.now.column(column.Name)
	switch {
	case column.Name == "" || column.Value == "":
		text = lang.L("Enter a name and a value.")
	case err != nil:
		text, role = computedProblem(err), widgets.ErrorText
	case taken && e.of.computedIndex(column.Name) < 0:
		text, role = fmt.Sprintf(lang.L("There is a column %s already. Choose another name."), column.Name), widgets.ErrorText
	default:
		fine = true
		text = e.sample(c)
		if missing := e.missing(c); missing != "" { // they may come with other rows
			text, role = missing, widgets.WarningText
		}
	}
	e.hint.SetText(text)
	e.hint.SetRole(role)
	if fine {
		e.save.Enable()
	} else {
		e.save.Disable()
	}
	e.sheet.Arrange()
	return fine
}

// sample says what the value is in the current row.
func (e *computedEditor) sample(c *report.Computing) string {
	whole := e.of.rows.now.whole
	row, _ := e.of.rows.grid.Current()
	at, ok := e.of.rows.viewRow(max(0, row))
	if !ok || whole == nil {
		return lang.L("There is no row to try the formula on.")
	}
	one, err := oneRow(e.of.rows.now.view, at)
	if err == nil {
		one, err = c.View(context.Background(), one)
	}
	if err != nil {
		return words.Explain(err).Title
	}
	_, cols := one.Size()
	value := viewSource{View: one}.Cell(0, cols-len(e.all())+e.at)
	if value == "" {
		value = emptyWord()
	}
	return fmt.Sprintf(lang.L("For %s: %s"), e.of.rows.now.view.Cell(at, e.of.rows.nameColumn()), value)
}

// missing names the columns that the value looks at and that the rows do not have.
func (e *computedEditor) missing(c *report.Computing) string {
	whole := e.of.rows.now.whole
	if whole == nil {
		return ""
	}
	names := c.Missing(whole)
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf(lang.L("These rows have no column %s."), strings.Join(names, ", "))
}

// oneRow is a row of a view in a table of its own, without what was computed: trying a value
// must not wait for a million rows.
func oneRow(v *result.View, row int) (*result.View, error) {
	table := result.NewTable(v.Provenance())
	b := table.Builder()
	b.BeginRow()
	for col, name := range v.Headers() {
		result.Copy(b, []byte(name), v.Value(row, col))
	}
	if err := b.EndRow(); err != nil {
		return nil, fmt.Errorf("take a row: %w", err)
	}
	return table.Snapshot(), nil
}

func (e *computedEditor) submit() {
	if !e.look() {
		return
	}
	e.sheet.Hide()
	e.of.setComputed(e.all(), e.column().Name)
}

func (e *computedEditor) remove() {
	e.sheet.Hide()
	e.of.setComputed(slices.Delete(slices.Clone(e.of.computed), e.at, e.at+1), "")
}

// computedProblem says what is wrong with a computed column.
func computedProblem(err error) string {
	syntax, is := errors.AsType[*report.SyntaxError](err)
	if !is {
		return lang.L("Give each column a name of its own.")
	}
	return words.Explain(syntax).Title
}
