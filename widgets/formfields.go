package widgets

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
)

const (
	shownOptional = 8  // optional parameters in sight before 'More parameters'
	searchFrom    = 10 // parameters from which on a search is offered
	formPad       = 14
)

// formFields are the fields of a form and their values. A field has a cell from the moment
// that it is shown; before, its value waits in texts.
type formFields struct {
	hooks  *FormHooks
	asks   fieldAsks
	spec   FormSpec
	set    string
	cells  map[string]*formCell
	texts  map[string]string
	filled map[string]bool // came with a value: near the front
	more   bool
	needle string          // of the search
	warned map[string]bool // fields of which was said that they are usually needed
	about  *Text
	box    *fyne.Container
}

// fieldAsks is what the fields ask of the form that they stand in.
type fieldAsks struct {
	run       func()
	tell      func()                // to show what follows from the values
	count     func(all, hidden int) // to say how many fields there are, and how many are not shown
	endSearch func()                // to empty the search
	choose    func(set string)      // as a person who chooses a parameter set
	sight     func(*formCell)       // to scroll to a field
	layOut    func()                // the fields take another height
}

func newFormFields(hooks *FormHooks, asks fieldAsks) formFields {
	return formFields{hooks: hooks, asks: asks, cells: map[string]*formCell{}, texts: map[string]string{}, warned: map[string]bool{}, about: NewText("", MutedText), box: NewColumn(5)}
}

func (f *formFields) setSpec(s FormSpec) {
	s.Fields, s.Sets = slices.Clone(s.Fields), slices.Clone(s.Sets)
	f.spec, f.more, f.set, f.needle = s, false, "", ""
	f.cells, f.texts, f.filled, f.warned = map[string]*formCell{}, map[string]string{}, map[string]bool{}, map[string]bool{}
	for _, set := range s.Sets {
		if f.set == "" || set.Name == s.DefaultSet {
			f.set = set.Name
		}
	}
}

// setHelp takes what is said about the fields from another spec.
func (f *formFields) setHelp(s FormSpec) {
	f.spec.About = s.About
	f.about.SetText(s.About)
	for _, said := range s.Fields {
		field := f.field(said.Name)
		if field == nil || field.Help == said.Help && slices.Equal(field.Needs.In, said.Needs.In) && field.Needs.Always == said.Needs.Always {
			continue
		}
		field.Help, field.Needs = said.Help, said.Needs
		if c := f.cells[said.Name]; c != nil {
			c.tell()
		}
	}
	f.relayout()
}

// field finds a field by name, nil when there is none.
func (f *formFields) field(name string) *Field {
	for i := range f.spec.Fields {
		if f.spec.Fields[i].Name == name {
			return &f.spec.Fields[i]
		}
	}
	return nil
}

// cellFor returns the cell of a field, made when it is needed, and nil for an unknown one.
func (f *formFields) cellFor(name string) *formCell {
	if c := f.cells[name]; c != nil {
		return c
	}
	field := f.field(name)
	if field == nil {
		return nil
	}
	c := newFormCell(f, field)
	if text := f.texts[name]; text != "" {
		c.setText(text)
	}
	f.cells[name] = c
	return c
}

func (f *formFields) text(name string) string {
	if c := f.cells[name]; c != nil {
		return c.editor.text()
	}
	return f.texts[name]
}

func (f *formFields) values() map[string]string {
	out := map[string]string{}
	for i := range f.spec.Fields {
		field := &f.spec.Fields[i]
		if v := f.text(field.Name); v != "" && field.in(f.set) {
			out[field.Name] = v
		}
	}
	return out
}

func (f *formFields) setValues(values map[string]string) {
	f.filled = map[string]bool{}
	for _, field := range f.spec.Fields {
		v := values[field.Name]
		f.texts[field.Name] = v
		f.filled[field.Name] = v != "" // what a person fills in later does not jump about
		if c := f.cells[field.Name]; c != nil {
			c.setText(v)
		}
	}
	f.rebuild()
}

// setFor is the set that has the most fields of those that are filled in: the chosen one as
// long as no other has more, though it may lack what others do not need, since a tab that a
// person chose stays as in Show-Command; of several others, the one that needs the least
// besides.
func (f *formFields) setFor(values map[string]string) string {
	best, most, least := f.set, 0, 0
	for _, set := range append([]ParameterSet{{Name: f.set}}, f.spec.Sets...) {
		has, lacks := f.filledIn(set.Name, values)
		if has > most || has == most && best != f.set && lacks < least {
			best, most, least = set.Name, has, lacks
		}
	}
	return best
}

// filledIn counts the filled-in fields that a set has, and those that it needs and lacks.
func (f *formFields) filledIn(set string, values map[string]string) (has, lacks int) {
	for _, field := range f.spec.Fields {
		switch filled := values[field.Name] != ""; {
		case !field.in(set): // what every set with it needs is still nothing to this one
		case filled:
			has++
		case field.needed(set):
			lacks++
		}
	}
	return has, lacks
}

// changed tells of a person's change.
func (f *formFields) changed() {
	f.asks.tell()
	f.hooks.tellChanged()
}

// wrong says why a text cannot be read as the field's kind.
func (f *formFields) wrong(field *Field, text string) string {
	switch {
	case text == "":
		return ""
	case f.hooks.Check != nil:
		return f.hooks.Check(field.Name, text)
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

// check looks at every field of the set, and returns the first that holds Run back.
func (f *formFields) check() (first string) {
	for _, field := range f.order() {
		text := f.text(field.Name)
		wrong := f.wrong(field, text)
		if text == "" && field.needed(f.set) {
			wrong = f.missing(field)
		}
		if wrong == "" {
			continue
		}
		f.setError(field.Name, wrong)
		if first == "" {
			first = field.Name
		}
	}
	f.asks.tell()
	return first
}

// missing says that a needed field is empty. What the server did not say itself holds Run back
// once.
func (f *formFields) missing(field *Field) string {
	switch {
	case field.Needs.Certain:
		return tr("Fill in this field.")
	case f.warned[field.Name]:
		return ""
	}
	f.warned[field.Name] = true
	return tr("This is usually required. Fill it in, or run again to send without it.")
}

// badFields are the fields of the set whose value cannot be sent, in their order.
func (f *formFields) badFields() []*formCell {
	var bad []*formCell
	for _, field := range f.order() {
		if c := f.cells[field.Name]; c != nil && c.bad() {
			bad = append(bad, c)
		}
	}
	return bad
}

func (f *formFields) setError(name, text string) {
	c := f.cellFor(name)
	if c == nil {
		return
	}
	c.setError(text)
	if text != "" {
		f.bringIn(c)
		f.asks.sight(c)
	}
	f.asks.tell()
}

func (f *formFields) clearErrors() {
	for _, c := range f.cells {
		if c.told != "" {
			c.setError("")
		}
	}
	f.asks.tell()
}

// bringIn shows a field that was not in sight.
func (f *formFields) bringIn(c *formCell) {
	if slices.Contains(f.box.Objects, fyne.CanvasObject(c)) {
		return
	}
	f.filled[c.field.Name] = true
	f.needle = ""
	f.asks.endSearch()
	f.rebuild()
}

// focus gives the keyboard to a field.
func (f *formFields) focus(name string) {
	if c := f.cellFor(name); c != nil {
		f.bringIn(c)
		focus(c.editor.focusable())
		f.asks.sight(c)
	}
}

// asked says what the fields hold, secrets aside, for the line of a folded form.
func (f *formFields) asked(values map[string]string) string {
	var parts []string
	for _, field := range f.order() {
		value, has := values[field.Name]
		if !has {
			continue
		}
		text := strings.Join(lines(value), ", ")
		if file, is := f.cellFor(field.Name).editor.(*fileEditor); is {
			text = file.name.Value() // what it holds is nothing to read
		}
		switch {
		case field.hidden():
			text = "***"
		case text == "true":
			text = tr("on")
		case text == "false":
			text = tr("off")
		}
		parts = append(parts, field.label()+": "+text)
	}
	if len(parts) == 0 {
		return tr("everything")
	}
	return strings.Join(parts, " · ")
}

// inOrder names the fields that are shown.
func (f *formFields) inOrder() (names []string) {
	for _, o := range f.box.Objects {
		if c, is := o.(*formCell); is {
			names = append(names, c.field.Name)
		}
	}
	return names
}

// first is the first required field that is empty, else the first.
func (f *formFields) first() string {
	name := ""
	for _, o := range f.box.Objects {
		c, ok := o.(*formCell)
		if !ok {
			continue
		}
		if c.field.needed(f.set) && c.editor.text() == "" {
			return c.field.Name
		}
		if name == "" {
			name = c.field.Name
		}
	}
	return name
}

// order lists the fields of the set: required, filled in at first, others by use, common
// ones.
func (f *formFields) order() []*Field {
	rank := func(field *Field) int {
		switch {
		case field.needed(f.set):
			return 0
		case f.filled[field.Name]:
			return 1
		case field.Common:
			return 3
		}
		return 2
	}
	var out []*Field
	for i := range f.spec.Fields {
		if f.spec.Fields[i].in(f.set) {
			out = append(out, &f.spec.Fields[i])
		}
	}
	slices.SortStableFunc(out, func(a, b *Field) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Rank, b.Rank))
	})
	return out
}

// rebuild shows the fields that belong to the set, the search and 'More parameters'.
func (f *formFields) rebuild() {
	all := f.order()
	needle := []rune(strings.ToLower(strings.TrimSpace(f.needle)))
	var shown []*Field
	hidden := 0
	if len(needle) > 0 {
		shown = slices.DeleteFunc(slices.Clone(all), func(field *Field) bool { return !field.found(needle) })
	} else {
		shown, hidden = f.inSight(all)
	}
	f.box.Objects = nil
	if f.spec.About != "" && len(needle) == 0 {
		f.about.SetText(f.spec.About)
		f.box.Objects = append(f.box.Objects, f.about)
	}
	for _, field := range shown {
		c := f.cellFor(field.Name)
		c.tell() // the set may need it now, or no longer
		f.box.Objects = append(f.box.Objects, c)
	}
	if len(needle) > 0 {
		f.box.Objects = append(f.box.Objects, f.elsewhere(needle)...)
		if len(f.box.Objects) == 0 {
			f.box.Objects = []fyne.CanvasObject{NewText(tr("No parameter matches."), MutedText)}
		}
	}
	f.asks.count(len(all), hidden)
	f.asks.tell()
	f.relayout()
}

// elsewhere offers the parameter sets that have what a search finds and the chosen set has not.
func (f *formFields) elsewhere(needle []rune) []fyne.CanvasObject {
	const most = 5
	var offers []fyne.CanvasObject
	for i := range f.spec.Fields {
		field := &f.spec.Fields[i]
		if field.in(f.set) || !field.found(needle) || len(offers) == most {
			continue
		}
		for _, set := range f.spec.Sets {
			if !field.in(set.Name) {
				continue
			}
			offer := NewLink(tr("{{.field}} belongs to another parameter set: {{.set}}", "field", field.label(), "set", set.title()), func() {
				f.needle = ""
				f.asks.choose(set.Name)
				f.focus(field.Name)
			})
			offer.Icon = IconChevronRight
			offers = append(offers, hline(0, -1, offer))
			break
		}
	}
	return offers
}

// inSight picks the fields that are shown without a search, and counts the others.
func (f *formFields) inSight(all []*Field) (shown []*Field, hidden int) {
	optional := 0
	for _, field := range all {
		needed := field.needed(f.set) || f.filled[field.Name] || f.text(field.Name) != "" || f.isBad(field.Name)
		if !needed {
			optional++
		}
		if needed || f.more || optional <= shownOptional && !field.Common {
			shown = append(shown, field)
		} else {
			hidden++
		}
	}
	return shown, hidden
}

func (f *formFields) isBad(name string) bool {
	c := f.cells[name]
	return c != nil && c.bad()
}

// relayout fits the form to what is in it now.
func (f *formFields) relayout() {
	f.box.Refresh()
	f.asks.layOut()
}
