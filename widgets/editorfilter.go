package widgets

import (
	"cmp"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// filterEditor builds a filter of conditions, and shows the OPATH that it makes. The text
// can be typed, and what the builder cannot show stays text.
type filterEditor struct {
	field *Field
	hooks editorHooks
	way   *Segments // builder or text
	joint *Segments // all or one of the conditions
	rows  *fyne.Container
	lines []*filterLine
	opath *Text
	typed *linesEditor
	build *fyne.Container
	note  *Text
	box   *fyne.Container
}

// The ways to write a filter.
const (
	buildFilter = iota
	typeFilter
)

func newFilterEditor(f *Field, h editorHooks) *filterEditor {
	e := &filterEditor{field: f, hooks: h, opath: NewParagraph("", CodeText), note: NewParagraph("", CaptionText)}
	text := *f
	text.Kind = FieldMultiline
	if text.Placeholder == "" {
		text.Placeholder = filterExample(f.Filter)
	}
	e.typed = newLinesEditor(&text, h)
	e.way = NewSegments(e.chooseWay, tr("Builder"), tr("Text"))
	e.joint = NewSegments(func(int) { e.changed() }, tr("all of these"), tr("at least one of these"))
	e.way.OnKey, e.joint.OnKey = h.key, h.key
	add := NewLink(tr("Add a condition"), func() {
		line := e.add(opathCondition{})
		e.arrange()
		focus(line.property)
	})
	add.Icon = IconPlus
	e.rows = NewColumn(4)
	e.build = NewColumn(5, hline(0, -1, e.joint), e.rows, hline(0, -1, add), e.opath)
	e.box = NewColumn(5, hline(0, -1, e.way), e.note, e.build, e.typed.object())
	if len(f.Filter) == 0 {
		e.way.SetChosen(typeFilter) // nothing is known to choose from
		e.way.Hide()
	}
	e.add(opathCondition{})
	e.arrange()
	return e
}

// filterExample is a filter of what there is to filter by; every object has a name.
func filterExample(properties []FilterProperty) string {
	has := func(name string) bool {
		return slices.ContainsFunc(properties, func(p FilterProperty) bool { return p.Name == name })
	}
	if has("Department") && has("City") {
		return "Department -eq 'Sales' -and City -like 'Ham*'"
	}
	return "Name -like 'A*'"
}

// filterLine is one condition.
type filterLine struct {
	property *Picker
	op       *Picker
	value    *Entry
	words    *Picker // in place of the value where words are known of the property
	remove   *Button
	box      *fyne.Container
	chosen   opathOp
}

// opWords are the comparisons in words.
func opWords() []string {
	return []string{
		tr("is"), tr("is not"), tr("begins with"), tr("ends with"), tr("contains"), tr("is more than"), tr("is at least"),
		tr("is less than"), tr("is at most"), tr("is empty"), tr("is not empty"),
	}
}

func (e *filterEditor) add(c opathCondition) *filterLine {
	l := &filterLine{chosen: c.Op}
	l.property = NewPicker(e.findProperties, func(Item) {
		e.dropOtherWord(l)
		e.changed()
	})
	l.property.PlaceHolder = tr("Property")
	if c.Property != "" {
		l.property.SetItem(Item{ID: c.Property, Title: c.Property})
	}
	words := opWords()
	l.op = NewPicker(func(text string) []Item {
		var items []Item
		for i, word := range words {
			if text == "" || containsFold(word, []rune(strings.ToLower(text))) {
				items = append(items, Item{ID: string(rune('a' + i)), Title: word})
			}
		}
		return items
	}, func(i Item) {
		l.chosen = opathOp(i.ID[0] - 'a')
		e.arrange()
		e.changed()
	})
	l.op.SetItem(Item{ID: string(rune('a' + int(c.Op))), Title: words[c.Op]})
	l.value = newLine(tr("Value"), editorHooks{changed: e.changed, submit: e.hooks.submit, key: e.hooks.key})
	l.value.setSilently(c.Value)
	l.words = NewPicker(func(text string) []Item {
		property := e.property(l)
		return findChoices(&Field{Choices: property.Words, Titles: truthTitles(), Open: !property.Truth}, text)
	}, func(i Item) {
		l.value.setSilently(i.ID)
		e.changed()
	})
	l.words.PlaceHolder = tr("Value")
	l.remove = NewIconButton(IconCross, tr("Remove the condition"), func() { e.drop(l) })
	l.property.OnKey, l.op.OnKey, l.words.OnKey = e.hooks.key, e.hooks.key, e.hooks.key
	h := l.value.MinSize().Height
	l.box = &fyne.Container{Layout: &conditionLayout{height: h}, Objects: []fyne.CanvasObject{
		l.property, l.op, container.NewStack(l.value, l.words), l.remove,
	}}
	e.lines = append(e.lines, l)
	return l
}

func (e *filterEditor) drop(l *filterLine) {
	e.lines = slices.DeleteFunc(e.lines, func(o *filterLine) bool { return o == l })
	if len(e.lines) == 0 {
		e.add(opathCondition{})
	}
	e.arrange()
	focus(e.lines[0].property)
	e.changed()
}

// arrange shows the conditions, and the words between them where there are several.
func (e *filterEditor) arrange() {
	e.rows.Objects = nil
	for _, l := range e.lines {
		property := e.property(l)
		// Words are compared whole: what begins with or contains is typed.
		named := len(property.Words) > 0 && (l.chosen == opIs || l.chosen == opIsNot)
		show(l.value, l.chosen.hasValue() && !named)
		show(l.words, l.chosen.hasValue() && named)
		l.showWord()
		e.rows.Objects = append(e.rows.Objects, l.box)
		l.box.Refresh()
	}
	show(e.joint, len(e.lines) > 1)
	show(e.build, e.way.Chosen() == buildFilter)
	show(e.typed.object(), e.way.Chosen() == typeFilter)
	show(e.note, e.note.Value() != "")
	e.opath.SetText(e.built())
	show(e.opath, e.built() != "")
	e.rows.Refresh()
}

func (e *filterEditor) findProperties(text string) []Item {
	var items []Item
	needle := []rune(strings.ToLower(text))
	for _, p := range e.field.Filter {
		if len(needle) == 0 || containsFold(p.Name, needle) {
			items = append(items, Item{ID: p.Name, Title: p.Name})
		}
	}
	return items
}

// property is what is known of the one that a condition asks for.
func (e *filterEditor) property(l *filterLine) FilterProperty {
	chosen, _ := l.property.Item()
	i := slices.IndexFunc(e.field.Filter, func(p FilterProperty) bool { return strings.EqualFold(p.Name, chosen.ID) })
	if i < 0 {
		return FilterProperty{}
	}
	return e.field.Filter[i]
}

// dropOtherWord empties the value where it is none that the property can have, or was one
// of another property alone.
func (e *filterEditor) dropOtherWord(l *filterLine) {
	property := e.property(l)
	same := func(word string) bool { return strings.EqualFold(word, l.value.Text) }
	if truthTitles()[strings.ToLower(l.value.Text)] != "" || len(property.Words) > 0 {
		if !slices.ContainsFunc(property.Words, same) {
			l.value.setSilently("")
		}
	}
}

// showWord shows the value among the words.
func (l *filterLine) showWord() {
	if l.value.Text == "" {
		l.words.Clear()
		return
	}
	l.words.SetItem(Item{ID: l.value.Text, Title: cmp.Or(truthTitles()[strings.ToLower(l.value.Text)], l.value.Text)})
}

// truthTitles are what people call the values of what is so or not.
func truthTitles() map[string]string {
	return map[string]string{"$true": tr("on"), "$false": tr("off")}
}

func (e *filterEditor) bare(property string) bool {
	return slices.ContainsFunc(e.field.Filter, func(p FilterProperty) bool { return p.Bare && strings.EqualFold(p.Name, property) })
}

// built is the OPATH of the conditions.
func (e *filterEditor) built() string {
	f := opathFilter{Any: e.joint.Chosen() == 1}
	for _, l := range e.lines {
		property, _ := l.property.Item()
		f.Conditions = append(f.Conditions, opathCondition{Property: property.ID, Op: l.chosen, Value: l.value.Text})
	}
	return f.text(e.bare)
}

func (e *filterEditor) changed() {
	e.arrange()
	e.hooks.changed()
}

// chooseWay carries the filter over to the other way of writing it.
func (e *filterEditor) chooseWay(way int) {
	if way == typeFilter {
		e.typed.setText(e.built())
		e.note.SetText("")
	} else if !e.read(e.typed.text()) {
		e.way.SetChosen(typeFilter)
		e.note.SetText(tr("The builder cannot show this filter. It stays as text."))
	}
	e.changed()
}

// read shows a filter in the builder, if it can.
func (e *filterEditor) read(text string) bool {
	f, ok := opathFilter{}, strings.TrimSpace(text) == ""
	if !ok {
		f, ok = parseOPATH(text)
	}
	if !ok || f.text(e.bare) != text && len(f.Conditions) > 0 && !sameFilter(f, text, e.bare) {
		return false
	}
	e.lines = nil
	for _, c := range f.Conditions {
		e.add(c)
	}
	if len(e.lines) == 0 {
		e.add(opathCondition{})
	}
	if f.Any {
		e.joint.SetChosen(1)
	} else {
		e.joint.SetChosen(0)
	}
	e.note.SetText("")
	return true
}

// sameFilter tells whether what the builder would write reads back as the same conditions.
func sameFilter(f opathFilter, text string, bare func(string) bool) bool {
	again, ok := parseOPATH(f.text(bare))
	was, _ := parseOPATH(text)
	return ok && again.Any == was.Any && slices.Equal(again.Conditions, was.Conditions)
}

func (e *filterEditor) object() fyne.CanvasObject { return e.box }

func (e *filterEditor) focusable() fyne.Focusable {
	if e.way.Chosen() == typeFilter {
		return e.typed.focusable()
	}
	return e.lines[0].property
}

func (e *filterEditor) text() string {
	if e.way.Chosen() == typeFilter {
		return strings.TrimSpace(e.typed.text())
	}
	return e.built()
}

func (e *filterEditor) setText(s string) {
	if e.way.Visible() && e.read(s) {
		e.way.SetChosen(buildFilter)
	} else {
		e.way.SetChosen(typeFilter)
		e.typed.setText(s)
	}
	e.arrange()
}

// conditionLayout gives a condition's property, comparison and value their share of a line.
type conditionLayout struct{ height float32 }

func (c *conditionLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, c.height) }

func (c *conditionLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	const gap, cross = 5, 26
	room := size.Width - cross - 3*gap
	property, op := room*0.38, room*0.28
	place(objects[0], 0, 0, property, c.height)
	place(objects[1], property+gap, 0, op, c.height)
	place(objects[2], property+op+2*gap, 0, room-property-op, c.height)
	place(objects[3], size.Width-cross, 0, cross, c.height)
}
