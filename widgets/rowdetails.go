package widgets

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
)

// DetailModel is what RowDetails shows: rows with all their properties.
type DetailModel interface {
	// Rows returns the number of rows.
	Rows() int
	// Title names a row.
	Title(row int) string
	// Properties returns all that is known of a row, in the same order for every row.
	Properties(row int) []Detail
}

// RowDetails shows one row whole: every property, lists and objects folded, the current value
// laid out below. A search looks at names and values; arrows go to the next and previous row;
// another row can be put beside it.
type RowDetails struct {
	composite

	OnRow func(row int) // a person went to another row

	model  DetailModel
	row    int
	here   []Detail // what is known of the row
	other  int      // -1: none beside it
	there  []Detail // what is known of that one
	open   map[string]bool
	lines  []detailLine
	grid   *Grid
	value  *ReadText
	search *Entry
	place  *Text
	beside *Picker
	differ *Tick
}

// NewRowDetails returns the details of a row.
func NewRowDetails(m DetailModel, row int) *RowDetails {
	d := &RowDetails{model: m, row: row, other: -1, open: map[string]bool{}, grid: NewGrid(), value: NewReadText(5), search: NewEntry()}
	d.place = NewText("", MutedText)
	d.search.SetPlaceHolder(tr("Find a name or value"))
	d.search.OnChanged = func(string) { d.rebuild() }
	d.search.OnKey = func(k *fyne.KeyEvent) bool {
		if k.Name != fyne.KeyDown && k.Name != fyne.KeyReturn {
			return false
		}
		focus(d.grid)
		return true
	}
	d.beside = NewPicker(d.findRows, func(i Item) { d.compare(i) })
	d.beside.PlaceHolder = tr("Compare with")
	d.differ = NewTick(tr("Only differences"), func(bool) { d.rebuild() })
	d.differ.Hide()
	d.grid.OnCurrent = func(row, _ int) { d.showValue(row) }
	d.grid.OnFold = d.fold
	d.grid.OnDetails = func(int, int) { focus(d.value) }
	back := NewIconButton(IconChevronLeft, tr("Previous row"), func() { d.Go(d.row - 1) })
	on := NewIconButton(IconChevronRight, tr("Next row"), func() { d.Go(d.row + 1) })
	height := d.search.MinSize().Height
	tools := hline(8, 3, back, d.place, on, heightBox(d.search, height), d.differ, sized(d.beside, 190, height))
	d.body = &fyne.Container{Layout: &detailLayout{d}, Objects: []fyne.CanvasObject{tools, d.grid, d.value}}
	d.ExtendBaseWidget(d)
	d.Go(row)
	return d
}

// Row returns the row that is shown.
func (d *RowDetails) Row() int { return d.row }

// First is the part that takes the keyboard first.
func (d *RowDetails) First() fyne.Focusable { return d.search }

// Text returns all that is shown, a line a property, to copy it.
func (d *RowDetails) Text() string {
	var b strings.Builder
	for _, p := range d.here {
		b.WriteString(p.Name + "\t" + oneLine(p.line()) + "\n")
	}
	return b.String()
}

// Go shows another row; one that there is not is ignored.
func (d *RowDetails) Go(row int) {
	if row < 0 || row >= d.model.Rows() {
		return
	}
	moved := row != d.row
	d.row, d.here = row, d.model.Properties(row)
	d.place.SetText(tr("{{.row}} of {{.rows}}", "row", grouped(row+1), "rows", grouped(d.model.Rows())))
	d.rebuild()
	if moved && d.OnRow != nil {
		d.OnRow(row)
	}
}

// findRows lists the first rows whose title has a text, and the one whose number it is. It
// looks at as many as a key stroke has time for, from this row on and round the end: the one
// that is compared with is rarely far.
func (d *RowDetails) findRows(text string) []Item {
	const most, looked = 50, 10_000
	var items []Item
	if text == "" && d.other >= 0 {
		items = append(items, Item{Title: tr("nothing")})
	}
	rows := d.model.Rows()
	add := func(row int) {
		items = append(items, Item{ID: strconv.Itoa(row), Title: d.model.Title(row), Hint: grouped(row + 1)})
	}
	numbered := -1
	if n, err := strconv.Atoi(strings.NewReplacer(",", "", ".", "", " ", "", "\u00A0", "").Replace(text)); err == nil && n >= 1 && n <= rows && n-1 != d.row {
		numbered = n - 1
		add(numbered)
	}
	needle := []rune(strings.ToLower(text))
	from := 0
	if rows > looked {
		from = d.row
	}
	for n := 0; n < min(rows, looked) && len(items) < most; n++ {
		if row := (from + n) % rows; row != d.row && row != numbered && (text == "" || containsFold(d.model.Title(row), needle)) {
			add(row)
		}
	}
	return items
}

func (d *RowDetails) compare(i Item) {
	d.other, d.there = -1, nil
	if i.ID == "" {
		d.beside.Clear()
		d.differ.Set(false)
	} else {
		if row, err := strconv.Atoi(i.ID); err == nil && row >= 0 && row < d.model.Rows() {
			d.other, d.there = row, d.model.Properties(row)
		}
	}
	show(d.differ, d.other >= 0)
	d.rebuild()
}

// rebuild lists the lines for row, comparison and search.
func (d *RowDetails) rebuild() {
	list := detailLines{
		open: d.open, compared: d.other >= 0, differing: d.differ.On(),
		needle: []rune(strings.ToLower(strings.TrimSpace(d.search.Text))),
	}
	list.add(d.here, d.there, detailPlace{})
	d.lines = list.lines
	d.grid.SetSource(&detailSource{lines: slices.Clone(d.lines), title: d.title(d.row), other: d.otherTitle()})
	d.fit()
	row, _ := d.grid.Current()
	d.showValue(max(0, row))
	d.body.Refresh()
}

func (d *RowDetails) otherTitle() string {
	if d.other < 0 {
		return ""
	}
	return d.title(d.other)
}

// title names a row, with its number where it is compared with one of the same name.
func (d *RowDetails) title(row int) string {
	title := d.model.Title(row)
	if d.other >= 0 && d.model.Title(d.row) == d.model.Title(d.other) {
		title += " (" + grouped(row+1) + ")"
	}
	return title
}

func (d *RowDetails) fold(row int) {
	if row < len(d.lines) {
		d.open[d.lines[row].path] = !d.lines[row].open
		d.rebuild()
	}
}

// showValue lays the value of a line out below the list.
func (d *RowDetails) showValue(row int) {
	text := ""
	if row >= 0 && row < len(d.lines) {
		line := d.lines[row]
		text = line.laidOut(line.whole)
		if line.different {
			text += "\n\n" + d.otherTitle() + ":\n" + line.laidOut(line.wholeThere)
		}
	}
	d.value.setSilently(text)
	d.share()
}

// share gives the list and the value their heights: a value that is longer than its usual
// room gets what the list leaves.
func (d *RowDetails) share() {
	size, tools := d.body.Size(), d.body.Objects[0].MinSize().Height
	room := size.Height - tools - 2*detailGap
	if room <= 0 {
		return // not laid out yet
	}
	look := d.grid.look.measured()
	list := look.headH + float32(len(d.lines))*look.rowH + gridBar
	value := float32(detailValue)
	if more := strings.Count(d.value.Text, "\n") + 1 - detailValueLines; more > 0 {
		value = max(value, min(value+float32(more)*look.cell.lineHeight(), room-list))
	}
	list = max(60, room-value)
	place(d.grid, 0, tools+detailGap, size.Width, list)
	place(d.value, 0, tools+list+2*detailGap, size.Width, value)
}

// fit gives the names the room that they need and the values the rest.
func (d *RowDetails) fit() {
	width := d.grid.Size().Width
	if width <= 0 {
		width = 700
	}
	const names = 230
	cols := []GridColumn{{Source: 0, Width: names}, {Source: 1, Width: max(120, width-names-gridBar-2)}}
	if d.other >= 0 {
		half := max(120, (width-names-gridBar-2)/2)
		cols = []GridColumn{{Source: 0, Width: names}, {Source: 1, Width: half}, {Source: 2, Width: half}}
	}
	d.grid.SetColumns(cols)
}

// detailSource shows the lines in a grid.
type detailSource struct {
	lines        []detailLine
	title, other string
}

// Size gives the lines, and a third column for another row.
func (s *detailSource) Size() (rows, cols int) {
	if s.other == "" {
		return len(s.lines), 2
	}
	return len(s.lines), 3
}

// Header names the columns.
func (s *detailSource) Header(col int) string {
	switch col {
	case 0:
		return tr("Property")
	case 1:
		if s.other == "" {
			return tr("Value")
		}
		return s.title
	default:
		return s.other
	}
}

// Cell gives a name or value.
func (s *detailSource) Cell(row, col int) string {
	l := s.lines[row]
	switch col {
	case 0:
		if l.name == "" {
			return ""
		}
		return strings.Repeat("\u2003", l.level) + l.name
	case 1:
		return l.text
	default:
		return l.there
	}
}

// IsNull tells a property without a value.
func (s *detailSource) IsNull(row, col int) bool {
	l := s.lines[row]
	return col == 1 && l.null || col == 2 && l.nullThere
}

// Marked tells that a value is not that of the other row.
func (s *detailSource) Marked(row, col int) bool {
	return col > 0 && s.other != "" && s.lines[row].different
}

// Group tells that a list or an object is folded under its name.
func (s *detailSource) Group(row int) (GridGroup, bool) {
	l := s.lines[row]
	return GridGroup{Title: l.name, Count: l.count, Open: l.open, Level: l.level}, l.heading
}

// detailLayout shares a height that stays between the list and the value: a long value gets
// what the list leaves.
type detailLayout struct{ d *RowDetails }

const (
	detailHeight     = 460
	detailValue      = 120 // height of a value that is not long
	detailValueLines = 5   // that has room for
	detailGap        = 8
)

// HeightFor keeps the height, whatever is shown.
func (*detailLayout) HeightFor([]fyne.CanvasObject, float32) float32 { return detailHeight }

// MinSize is Fyne's.
func (*detailLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(300, detailHeight) }

// Layout is Fyne's.
func (l *detailLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, size.Width, objects[0].MinSize().Height)
	if l.d.share(); l.d.grid.data.rows > 0 {
		l.d.fit()
	}
}
