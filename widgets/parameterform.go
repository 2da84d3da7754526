package widgets

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	shownOptional = 7   // optional parameters in sight before 'More parameters'
	searchFrom    = 10  // parameters from which on a search is offered
	formHeight    = 300 // the fields take no more than this and scroll
)

// ParameterForm is a form made from descriptions: required parameters first, a few of the
// others, the rest on request or by search. It has Run and Stop, and room for more
// actions. Enter in a line of text runs, F5 runs from anywhere in it, F1 shows the help of
// a field.
type ParameterForm struct {
	widget.BaseWidget

	OnRun     func(values map[string]string) // a person asked to run, and all required fields are filled in
	OnStop    func()
	OnChanged func()                                  // a person changed a value
	Check     func(field, text string) (wrong string) // says what is wrong with a value that is set; nil: numbers and dates are checked

	spec    FormSpec
	set     string
	cells   map[string]*formCell // those made so far
	values  map[string]string    // of fields without a cell yet
	filled  map[string]bool      // came with a value: near the front
	more    bool
	running bool

	fields   *fyne.Container
	sets     *Picker
	search   *Entry
	moreLink *Button
	tools    *fyne.Container
	run      *Button
	stop     *Button
	actions  *fyne.Container
	scroller *container.Scroll
}

// NewParameterForm returns a form without fields.
func NewParameterForm() *ParameterForm {
	f := &ParameterForm{cells: map[string]*formCell{}, values: map[string]string{}}
	f.fields = &fyne.Container{Layout: &fieldLayout{}}
	f.sets = NewPicker(f.findSets, func(i Item) {
		f.set = i.ID
		f.rebuild()
		f.changed()
	})
	f.search = NewEntry()
	f.search.SetPlaceHolder(tr("Find a parameter"))
	f.search.OnChanged = func(string) { f.rebuild() }
	f.search.OnKey = f.searchKey
	f.moreLink = NewLink("", func() { f.more = !f.more; f.rebuild() })
	f.tools = hline(12, 2, sized(f.sets, 280, 30), sized(f.search, 240, 30), gap(), f.moreLink)
	f.run = NewPrimaryButton(tr("Run"), f.Run)
	f.stop = NewButton(tr("Stop"), func() {
		if f.OnStop != nil {
			f.OnStop()
		}
	})
	f.stop.Disable()
	f.actions = hline(8, 2, f.run, f.stop, gap())
	f.scroller = container.NewVScroll(padded(f.fields, 14, 10))
	f.ExtendBaseWidget(f)
	f.rebuild()
	return f
}

// SetSpec replaces the fields and forgets all values.
func (f *ParameterForm) SetSpec(s FormSpec) {
	s.Fields, s.Sets = slices.Clone(s.Fields), slices.Clone(s.Sets)
	f.spec, f.more = s, false
	f.cells, f.values = map[string]*formCell{}, map[string]string{}
	for _, field := range s.Fields {
		if field.Default != "" {
			f.values[field.Name] = field.Default
		}
	}
	f.fillFirst()
	f.set = ""
	for _, set := range s.Sets {
		if f.set == "" || set.Name == s.DefaultSet {
			f.set = set.Name
		}
	}
	f.search.setSilently("")
	f.scroller.Offset = fyne.Position{}
	f.rebuild()
}

// Values returns the values that are set, of the fields in the chosen parameter set.
// Switches and yes are "true"; lists have one item a line.
func (f *ParameterForm) Values() map[string]string {
	out := map[string]string{}
	for i := range f.spec.Fields {
		field := &f.spec.Fields[i]
		if v := f.value(field.Name); v != "" && field.in(f.set) {
			out[field.Name] = v
		}
	}
	return out
}

// SetValues sets every field: those that are not named are emptied. Names that the form
// does not have are ignored.
func (f *ParameterForm) SetValues(values map[string]string) {
	for _, field := range f.spec.Fields {
		v := values[field.Name]
		if c := f.cells[field.Name]; c != nil {
			c.editor.setText(v)
			c.setError("")
		}
		f.values[field.Name] = v
	}
	f.fillFirst()
	f.rebuild()
}

// fillFirst notes which fields have a value now. They stand near the front from now on;
// what a person fills in later does not jump about.
func (f *ParameterForm) fillFirst() {
	f.filled = map[string]bool{}
	for name, v := range f.values {
		f.filled[name] = v != ""
	}
}

func (f *ParameterForm) value(name string) string {
	if c := f.cells[name]; c != nil {
		return c.editor.text()
	}
	return f.values[name]
}

// ParameterSet returns the name of the chosen set, empty when there are none.
func (f *ParameterForm) ParameterSet() string { return f.set }

// SetParameterSet chooses a set; a name that the form does not have is ignored.
func (f *ParameterForm) SetParameterSet(name string) {
	for _, s := range f.spec.Sets {
		if s.Name == name {
			f.set = name
			f.rebuild()
		}
	}
}

// SetError shows what is wrong beside a field and brings it into sight; the empty text
// takes it away.
func (f *ParameterForm) SetError(field, text string) {
	c := f.cells[field]
	if c == nil {
		if c = f.cellFor(field); c == nil {
			return
		}
	}
	c.setError(text)
	if text != "" && !slices.Contains(f.fields.Objects, fyne.CanvasObject(c)) {
		f.rebuild()
	}
	f.relayout()
	if text != "" {
		f.bringIntoSight(c)
	}
}

// ClearErrors takes all errors away.
func (f *ParameterForm) ClearErrors() {
	for _, c := range f.cells {
		c.setError("")
	}
	f.relayout()
}

// SetRunning switches between Run and Stop.
func (f *ParameterForm) SetRunning(running bool) {
	f.running = running
	if running {
		f.run.Disable()
		f.stop.Enable()
	} else {
		f.run.Enable()
		f.stop.Disable()
	}
}

// SetRunText says what Run does, such as "Run on Nordsee Logistik".
func (f *ParameterForm) SetRunText(text string) {
	f.run.SetText(text)
	f.relayout()
}

// SetRunStyle is PrimaryButton, or DangerButton for what takes something away.
func (f *ParameterForm) SetRunStyle(s ButtonStyle) { f.run.SetStyle(s) }

// SetActions puts more buttons at the end of the row of Run and Stop.
func (f *ParameterForm) SetActions(actions ...fyne.CanvasObject) {
	f.actions.Objects = append([]fyne.CanvasObject{f.run, f.stop, gap()}, actions...)
	f.relayout()
}

// Run checks the form and calls OnRun, as the button does. While something runs it does
// nothing.
func (f *ParameterForm) Run() {
	if f.running {
		return
	}
	f.ClearErrors()
	first := ""
	for _, field := range f.spec.Fields {
		if !field.in(f.set) {
			continue
		}
		if wrong := f.wrong(&field); wrong != "" {
			f.SetError(field.Name, wrong)
			if first == "" {
				first = field.Name
			}
		}
	}
	if first != "" {
		f.FocusField(first)
		return
	}
	if f.OnRun != nil {
		f.OnRun(f.Values())
	}
}

func (f *ParameterForm) wrong(field *Field) string {
	text := f.value(field.Name)
	switch {
	case text == "" && field.Mandatory:
		return tr("Please fill in this field.")
	case text == "":
		return ""
	case f.Check != nil:
		return f.Check(field.Name, text)
	case field.Kind == FieldNumber:
		if _, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err != nil {
			return tr("This is not a number.")
		}
	case field.Kind == FieldDateTime:
		if _, ok := parseDate(text); !ok {
			return tr("This is not a date. Use 2026-12-31 or 2026-12-31 14:30.")
		}
	}
	return ""
}

// FocusFirst gives the keyboard to the first required field that is empty, else to the first.
func (f *ParameterForm) FocusFirst() {
	name := ""
	for _, o := range f.fields.Objects {
		c, ok := o.(*formCell)
		if !ok {
			continue
		}
		if name == "" {
			name = c.field.Name
		}
		if c.field.Mandatory && c.editor.text() == "" {
			name = c.field.Name
			break
		}
	}
	f.FocusField(name)
}

// FocusField gives the keyboard to a field.
func (f *ParameterForm) FocusField(name string) {
	if c := f.cellFor(name); c != nil {
		focus(c.editor.focusable())
		f.bringIntoSight(c)
	}
}

func (f *ParameterForm) changed() {
	if f.OnChanged != nil {
		f.OnChanged()
	}
}

func (f *ParameterForm) findSets(text string) []Item {
	var out []Item
	needle := []rune(strings.ToLower(text))
	for _, s := range f.spec.Sets {
		if len(needle) == 0 || containsFold(s.title(), needle) {
			out = append(out, Item{ID: s.Name, Title: s.title()})
		}
	}
	return out
}

func (s ParameterSet) title() string {
	if s.Label != "" {
		return s.Label
	}
	return s.Name
}

// searchKey leaves the search, or goes from it to the first field that it found.
func (f *ParameterForm) searchKey(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyEscape:
		f.search.SetText("")
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown:
		f.FocusFirst()
	default:
		return false
	}
	return true
}

// cellFor returns the cell of a field, made when it is needed, and nil for an unknown one.
func (f *ParameterForm) cellFor(name string) *formCell {
	if c := f.cells[name]; c != nil {
		return c
	}
	for i := range f.spec.Fields {
		if f.spec.Fields[i].Name == name {
			c := newFormCell(f, &f.spec.Fields[i])
			c.editor.setText(f.values[name])
			f.cells[name] = c
			return c
		}
	}
	return nil
}

// order lists the fields of the set: required, filled in at first, others, common ones.
func (f *ParameterForm) order() []*Field {
	var ranks [4][]*Field
	for i := range f.spec.Fields {
		field := &f.spec.Fields[i]
		if !field.in(f.set) {
			continue
		}
		rank := 2
		switch {
		case field.Mandatory:
			rank = 0
		case f.filled[field.Name]:
			rank = 1
		case field.Common:
			rank = 3
		}
		ranks[rank] = append(ranks[rank], field)
	}
	return slices.Concat(ranks[0], ranks[1], ranks[2], ranks[3])
}

// keep remembers the values: a field with one is always shown.
func (f *ParameterForm) keep() {
	for name, c := range f.cells {
		f.values[name] = c.editor.text()
	}
}

func (f *ParameterForm) rebuild() {
	f.keep()
	all := f.order()
	needle := []rune(strings.ToLower(strings.TrimSpace(f.search.Text)))
	var shown []*Field
	optional, hidden := 0, 0
	for _, field := range all {
		c := f.cells[field.Name]
		needed := field.Mandatory || f.values[field.Name] != "" || c != nil && c.err != ""
		if !needed {
			optional++
		}
		switch {
		case len(needle) > 0:
			if field.found(needle) {
				shown = append(shown, field)
			}
		case needed || f.more || optional <= shownOptional && !field.Common:
			shown = append(shown, field)
		default:
			hidden++
		}
	}
	f.fields.Objects = nil
	for _, field := range shown {
		f.fields.Objects = append(f.fields.Objects, f.cellFor(field.Name))
	}
	if len(shown) == 0 && len(needle) > 0 {
		f.fields.Objects = []fyne.CanvasObject{NewText(tr("No parameter matches."), MutedText)}
	}
	show(f.tools.Objects[0], len(f.spec.Sets) > 1)
	show(f.tools.Objects[1], len(all) >= searchFrom)
	show(f.moreLink, len(needle) == 0 && (hidden > 0 || f.more))
	f.moreLink.SetText(tr("More parameters ({{.count}})", "count", strconv.Itoa(hidden)))
	if f.more {
		f.moreLink.SetText(tr("Fewer parameters"))
	}
	for _, s := range f.spec.Sets {
		if s.Name == f.set {
			f.sets.SetItem(Item{ID: s.Name, Title: s.title()})
		}
	}
	f.relayout()
}

// relayout fits the form to what is in it now.
func (f *ParameterForm) relayout() {
	f.fields.Refresh()
	f.scroller.Refresh()
	f.Refresh()
}

func (f *ParameterForm) bringIntoSight(c *formCell) {
	top, bottom := c.Position().Y, c.Position().Y+c.Size().Height+20
	view := f.scroller.Size().Height
	switch {
	case top < f.scroller.Offset.Y:
		f.scroller.ScrollToOffset(fyne.NewPos(0, top))
	case bottom > f.scroller.Offset.Y+view:
		f.scroller.ScrollToOffset(fyne.NewPos(0, bottom-view))
	}
}

// hasTools tells whether the row above the fields has something in it.
func (f *ParameterForm) hasTools() bool {
	for i, o := range f.tools.Objects {
		if i != 2 && o.Visible() {
			return true
		}
	}
	return false
}

// HeightFor returns the height that the form takes at a width.
func (f *ParameterForm) HeightFor(width float32) float32 {
	h := f.run.MinSize().Height + 18
	if f.hasTools() {
		h += 30 + 10
	}
	if len(f.fields.Objects) > 0 {
		h += min(formHeight, heightFor(f.fields, width-28)+20)
	}
	return h
}

// CreateRenderer is Fyne's.
func (f *ParameterForm) CreateRenderer() fyne.WidgetRenderer {
	r := &formRenderer{f: f, back: newFlat(), line: newFlat(), under: newFlat()}
	r.objs = []fyne.CanvasObject{r.back, f.tools, f.scroller, r.line, f.actions, r.under}
	r.Refresh()
	return r
}

type formRenderer struct {
	f                 *ParameterForm
	back, line, under *canvas.Rectangle
	objs              []fyne.CanvasObject
}

func (r *formRenderer) Destroy()                     {}
func (r *formRenderer) Objects() []fyne.CanvasObject { return r.objs }

func (r *formRenderer) MinSize() fyne.Size {
	w := r.f.actions.MinSize().Width + 28
	at := r.f.Size().Width
	if at <= 0 {
		at = 800
	}
	return fyne.NewSize(w, r.f.HeightFor(at))
}

func (r *formRenderer) Layout(s fyne.Size) {
	f := r.f
	place(r.back, 0, 0, s.Width, s.Height)
	var y float32
	show(f.tools, f.hasTools())
	if f.hasTools() {
		place(f.tools, 14, 10, s.Width-28, 30)
		y = 40
	}
	foot := f.run.MinSize().Height + 18
	place(f.scroller, 0, y, s.Width, s.Height-y-foot)
	place(r.line, 0, s.Height-foot, s.Width, 1)
	place(f.actions, 14, s.Height-foot+9, s.Width-28, foot-18)
	place(r.under, 0, s.Height-1, s.Width, 1)
}

func (r *formRenderer) Refresh() {
	r.back.FillColor = colorOf(r.f, ColorNamePanel)
	r.line.FillColor = colorOf(r.f, theme.ColorNameSeparator)
	r.under.FillColor = colorOf(r.f, theme.ColorNameSeparator)
	r.Layout(r.f.Size())
	canvas.Refresh(r.f)
}
