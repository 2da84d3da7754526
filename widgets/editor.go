package widgets

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// editor edits the value of one field. Setting it calls nothing back.
type editor interface {
	object() fyne.CanvasObject
	text() string // empty: not set
	setText(string)
	focusable() fyne.Focusable
}

// editorHooks are what an editor calls when a person does something.
type editorHooks struct {
	changed func()
	submit  func() // Enter in a line of text
	key     func(*fyne.KeyEvent) bool
}

func newEditor(f *Field, h editorHooks) editor {
	switch f.Kind {
	case FieldMultiline, FieldList:
		return newLinesEditor(f, h)
	case FieldBool:
		return newBoolEditor(f, h)
	case FieldSwitch:
		return newSwitchEditor(h)
	case FieldChoice:
		return newChoiceEditor(f, h)
	case FieldMultiChoice:
		return newMultiEditor(f, h)
	case FieldDateTime:
		return newDateEditor(f, h)
	case FieldSecret:
		return newSecretEditor(f, h)
	default:
		return newTextEditor(f, h)
	}
}

// textEditor is a line of text or a number.
type textEditor struct{ entry *Entry }

func newTextEditor(f *Field, h editorHooks) *textEditor {
	e := &textEditor{entry: NewEntry()}
	e.entry.SetPlaceHolder(f.Placeholder)
	e.entry.OnChanged = func(string) { h.changed() }
	e.entry.OnSubmitted = func(string) { h.submit() }
	number := f.Kind == FieldNumber
	e.entry.OnKey = func(k *fyne.KeyEvent) bool {
		if number && (k.Name == fyne.KeyUp || k.Name == fyne.KeyDown) {
			return e.step(k.Name == fyne.KeyUp)
		}
		return h.key(k)
	}
	return e
}

// step counts a whole number up or down.
func (e *textEditor) step(up bool) bool {
	n, err := strconv.ParseInt(strings.TrimSpace(e.entry.Text), 10, 64)
	if err != nil && e.entry.Text != "" {
		return false
	}
	if up {
		n++
	} else {
		n--
	}
	e.entry.SetText(strconv.FormatInt(n, 10))
	return true
}

func (e *textEditor) object() fyne.CanvasObject { return e.entry }
func (e *textEditor) text() string              { return e.entry.Text }
func (e *textEditor) setText(s string)          { e.entry.setSilently(s) }
func (e *textEditor) focusable() fyne.Focusable { return e.entry }

// linesEditor is text of several lines, or a list with one item a line, so that a column
// from a spreadsheet can be pasted.
type linesEditor struct {
	entry *Entry
	list  bool
}

func newLinesEditor(f *Field, h editorHooks) *linesEditor {
	e := &linesEditor{entry: NewMultiLineEntry(), list: f.Kind == FieldList}
	e.entry.SetMinRowsVisible(2)
	e.entry.SetPlaceHolder(f.Placeholder)
	if e.list {
		e.entry.Wrapping = fyne.TextWrapOff
		if f.Placeholder == "" {
			e.entry.SetPlaceHolder(tr("one per line"))
		}
	}
	e.entry.OnChanged = func(text string) {
		e.grow(text)
		h.changed()
	}
	e.entry.OnKey = h.key
	return e
}

// grow shows up to six lines.
func (e *linesEditor) grow(text string) {
	e.entry.SetMinRowsVisible(max(2, min(6, strings.Count(text, "\n")+1)))
}

func (e *linesEditor) object() fyne.CanvasObject { return e.entry }
func (e *linesEditor) focusable() fyne.Focusable { return e.entry }

func (e *linesEditor) setText(s string) {
	e.grow(s)
	e.entry.setSilently(s)
}

// text leaves out the empty lines of a list.
func (e *linesEditor) text() string {
	if !e.list {
		return e.entry.Text
	}
	var items []string
	for line := range strings.Lines(e.entry.Text) {
		if line = strings.TrimSpace(line); line != "" {
			items = append(items, line)
		}
	}
	return strings.Join(items, "\n")
}

// choiceEditor is one of some words, or not set. A bool is one of two.
type choiceEditor struct {
	picker *Picker
	words  map[string]string // shown word of a value
	notSet bool
}

func newBoolEditor(f *Field, h editorHooks) *choiceEditor {
	e := newChoiceOf([]string{"true", "false"}, f.Mandatory, h)
	e.words = map[string]string{"true": tr("Yes"), "false": tr("No")}
	return e
}

func newChoiceEditor(f *Field, h editorHooks) *choiceEditor {
	return newChoiceOf(f.Choices, f.Mandatory, h)
}

func newChoiceOf(choices []string, mandatory bool, h editorHooks) *choiceEditor {
	e := &choiceEditor{notSet: !mandatory}
	search := func(text string) []Item {
		var items []Item
		needle := []rune(strings.ToLower(text))
		if e.notSet && text == "" {
			items = append(items, Item{Title: tr("not set")})
		}
		for _, c := range choices {
			if word := e.word(c); len(needle) == 0 || containsFold(word, needle) {
				items = append(items, Item{ID: c, Title: word})
			}
		}
		return items
	}
	e.picker = NewPicker(search, func(i Item) {
		if i.ID == "" {
			e.picker.Clear()
		}
		h.changed()
	})
	e.picker.PlaceHolder = tr("not set")
	if mandatory {
		e.picker.PlaceHolder = tr("Choose a value")
	}
	return e
}

func (e *choiceEditor) word(value string) string {
	if w, ok := e.words[value]; ok {
		return w
	}
	return value
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
	if e.words != nil {
		s = strings.ToLower(s)
	}
	e.picker.SetItem(Item{ID: s, Title: e.word(s)})
}

// switchEditor is set or not.
type switchEditor struct {
	check *widget.Check
	quiet bool
}

func newSwitchEditor(h editorHooks) *switchEditor {
	e := &switchEditor{}
	e.check = widget.NewCheck(tr("Yes"), func(bool) {
		if !e.quiet {
			h.changed()
		}
	})
	return e
}

func (e *switchEditor) object() fyne.CanvasObject { return e.check }
func (e *switchEditor) focusable() fyne.Focusable { return e.check }

func (e *switchEditor) text() string {
	if e.check.Checked {
		return "true"
	}
	return ""
}

func (e *switchEditor) setText(s string) {
	e.quiet = true
	e.check.SetChecked(strings.EqualFold(s, "true"))
	e.quiet = false
}

// multiEditor is some of the choices, ticked in a list.
type multiEditor struct {
	picker *MultiPicker
}

func newMultiEditor(f *Field, h editorHooks) *multiEditor {
	return &multiEditor{picker: NewMultiPicker(f.Choices, func([]string) { h.changed() })}
}

func (e *multiEditor) object() fyne.CanvasObject { return e.picker }
func (e *multiEditor) focusable() fyne.Focusable { return e.picker }
func (e *multiEditor) text() string              { return strings.Join(e.picker.Chosen(), "\n") }

func (e *multiEditor) setText(s string) {
	items := strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == ',' })
	for i := range items {
		items[i] = strings.TrimSpace(items[i])
	}
	e.picker.SetChosen(slices.DeleteFunc(items, func(s string) bool { return s == "" }))
}

// dateLayouts are what a date can be typed as without more being said.
var dateLayouts = [...]string{"2006-01-02", "2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05", time.RFC3339}

func parseDate(text string) (time.Time, bool) {
	for _, l := range dateLayouts {
		if t, err := time.Parse(l, strings.TrimSpace(text)); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// dateEditor is a date with or without a time, typed or taken from a calendar. Up and
// Down go a day on or back.
type dateEditor struct {
	textEditor
	popup *widget.PopUp
}

func newDateEditor(f *Field, h editorHooks) *dateEditor {
	e := &dateEditor{textEditor: textEditor{entry: NewEntry()}}
	place := f.Placeholder
	if place == "" {
		place = "2026-12-31 14:30"
	}
	e.entry.SetPlaceHolder(place)
	e.entry.OnChanged = func(string) { h.changed() }
	e.entry.OnSubmitted = func(string) { h.submit() }
	e.entry.OnKey = func(k *fyne.KeyEvent) bool {
		switch k.Name {
		case fyne.KeyUp, fyne.KeyDown:
			return e.stepDay(k.Name == fyne.KeyUp)
		case fyne.KeyF4:
			e.showCalendar()
			return true
		}
		return h.key(k)
	}
	open := NewLink(tr("Date"), e.showCalendar)
	open.Small = true
	e.entry.ActionItem = padded(hline(0, -1, open), 6, 0)
	return e
}

func (e *dateEditor) stepDay(on bool) bool {
	t, ok := parseDate(e.entry.Text)
	if !ok {
		return false
	}
	days := -1
	if on {
		days = 1
	}
	e.setDay(t.AddDate(0, 0, days))
	return true
}

// setDay replaces the day and leaves the time as it was typed.
func (e *dateEditor) setDay(t time.Time) {
	rest := ""
	if _, ok := parseDate(e.entry.Text); ok {
		rest = strings.TrimSpace(e.entry.Text)[len("2006-01-02"):]
	}
	e.entry.SetText(t.Format("2006-01-02") + rest)
}

func (e *dateEditor) showCalendar() {
	on := fyne.CurrentApp().Driver().CanvasForObject(e.entry)
	if on == nil {
		return
	}
	from, ok := parseDate(e.entry.Text)
	if !ok {
		from = time.Now()
	}
	calendar := widget.NewCalendar(from, func(t time.Time) {
		e.popup.Hide()
		e.setDay(t)
		on.Focus(e.entry)
	})
	e.popup = widget.NewPopUp(calendar, on)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(e.entry)
	e.popup.ShowAtPosition(fyne.NewPos(at.X, at.Y+e.entry.Size().Height))
}

// secretEditor hides what is typed.
type secretEditor struct{ entry *PasswordEntry }

func newSecretEditor(f *Field, h editorHooks) *secretEditor {
	e := &secretEditor{entry: NewPasswordEntry()}
	e.entry.SetPlaceHolder(f.Placeholder)
	e.entry.OnChanged = func(string) { h.changed() }
	e.entry.OnSubmitted = func(string) { h.submit() }
	e.entry.field.OnKey = h.key
	return e
}

func (e *secretEditor) object() fyne.CanvasObject { return e.entry }
func (e *secretEditor) text() string              { return e.entry.Text() }
func (e *secretEditor) setText(s string)          { e.entry.SetText(s) }
func (e *secretEditor) focusable() fyne.Focusable { return e.entry.field }
