package widgets

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
)

// switchEditor is not sent, on or off.
type switchEditor struct {
	words *Segments
	box   *fyne.Container
}

func newSwitchEditor(h editorHooks) *switchEditor {
	e := &switchEditor{}
	e.words = NewSegments(func(int) { h.changed() }, tr("not sent"), tr("on"), tr("off"))
	e.words.OnKey = h.key
	e.box = hline(0, -1, e.words)
	return e
}

func (e *switchEditor) object() fyne.CanvasObject { return e.box }
func (e *switchEditor) focusable() fyne.Focusable { return e.words }

// switchValues are the values of the words.
func switchValues() []string { return []string{"", "true", "false"} }

func (e *switchEditor) text() string { return switchValues()[e.words.Chosen()] }

func (e *switchEditor) setText(s string) {
	s = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s), "$"))
	e.words.SetChosen(max(0, slices.Index(switchValues(), s)))
}

// choiceEditor is one of some words, or not set.
type choiceEditor struct {
	field  *Field
	picker *Picker
}

func newChoiceEditor(f *Field, h editorHooks) *choiceEditor {
	e := &choiceEditor{field: f}
	optional := !f.Needs.Always
	e.picker = NewPicker(func(text string) []Item {
		items := findChoices(f, text)
		if optional && text == "" {
			items = append([]Item{{Title: tr("not sent")}}, items...)
		}
		return items
	}, func(i Item) {
		if i.ID == "" {
			e.picker.Clear()
		} else {
			e.setText(i.ID)
		}
		h.changed()
	})
	e.picker.OnKey = h.key
	e.picker.PlaceHolder = tr("not sent")
	switch {
	case f.Placeholder != "":
		e.picker.PlaceHolder = tr("not sent") + " · " + f.Placeholder // what the server then takes
	case !optional:
		e.picker.PlaceHolder = tr("Choose a value")
	}
	return e
}

// findChoices are the choices that have the text, and the text itself where other values may
// be right.
func findChoices(f *Field, text string) []Item {
	text = strings.TrimSpace(text)
	needle := []rune(strings.ToLower(text))
	var items []Item
	exact := text == ""
	for _, c := range f.Choices {
		title := f.titled(c)
		if len(needle) == 0 || containsFold(c, needle) || containsFold(title, needle) {
			items = append(items, Item{ID: c, Title: title})
		}
		exact = exact || strings.EqualFold(c, text)
	}
	if f.Open && !exact {
		items = append(items, Item{ID: text, Title: text, Detail: tr("as typed")})
	}
	return items
}

func (e *choiceEditor) object() fyne.CanvasObject { return e.picker }
func (e *choiceEditor) focusable() fyne.Focusable { return e.picker }

func (e *choiceEditor) text() string {
	i, _ := e.picker.Item()
	return i.ID
}

func (e *choiceEditor) setText(s string) {
	if s == "" {
		e.picker.Clear()
		return
	}
	e.picker.SetItem(Item{ID: s, Title: e.field.titled(s)})
}

// multiEditor is some of the choices, ticked in a list.
type multiEditor struct{ picker *MultiPicker }

func newMultiEditor(f *Field, h editorHooks) *multiEditor {
	e := &multiEditor{picker: NewMultiPicker(f.Choices, func([]string) { h.changed() })}
	e.picker.Titled = f.titled
	e.picker.PlaceHolder = tr("not sent")
	if f.Placeholder != "" {
		e.picker.PlaceHolder = tr("not sent") + " · " + f.Placeholder // what the server then takes
	}
	e.picker.OnKey = h.key
	e.picker.Search = func(text string) []Item { return findChoices(f, text) }
	return e
}

func (e *multiEditor) object() fyne.CanvasObject { return e.picker }
func (e *multiEditor) focusable() fyne.Focusable { return e.picker }
func (e *multiEditor) text() string              { return strings.Join(e.picker.Chosen(), "\n") }

func (e *multiEditor) setText(s string) {
	e.picker.SetChosen(lines(strings.ReplaceAll(s, ",", "\n")))
}
