package widgets

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
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
