package widgets

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
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
	paste   func(text string) bool              // true: it was for the whole form
	pick    func(took func(values []string))    // nil: nothing to pick from
	file    func(took func(name, value string)) // nil: no files
}

func newEditor(f *Field, h editorHooks) editor {
	switch f.Kind {
	case FieldMultiline, FieldList:
		return newLinesEditor(f, h)
	case FieldBool, FieldSwitch:
		return newSwitchEditor(h)
	case FieldChoice:
		return newChoiceEditor(f, h)
	case FieldMultiChoice:
		return newMultiEditor(f, h)
	case FieldAddRemove:
		return newAddRemoveEditor(f, h)
	case FieldDateTime:
		return newDateEditor(f, h)
	case FieldSize, FieldDuration:
		return newQuantityEditor(f, h)
	case FieldSecret:
		return newSecretEditor(f, h)
	case FieldCredential:
		return newCredentialEditor(h)
	case FieldFile:
		return newFileEditor(h)
	case FieldIdentity:
		return newIdentityEditor(f, h)
	case FieldFilter:
		return newFilterEditor(f, h)
	default:
		return newTextEditor(f, h)
	}
}

// textEditor is a line of text or a number.
type textEditor struct{ entry *Entry }

func newTextEditor(f *Field, h editorHooks) *textEditor {
	e := &textEditor{entry: newLine(f.Placeholder, h)}
	number := f.Kind == FieldNumber
	e.entry.OnKey = func(k *fyne.KeyEvent) bool {
		if number && (k.Name == fyne.KeyUp || k.Name == fyne.KeyDown) {
			return e.step(k.Name == fyne.KeyUp)
		}
		return h.key(k)
	}
	return e
}

// newLine returns an entry of one line with the hooks of an editor.
func newLine(placeholder string, h editorHooks) *Entry {
	e := NewEntry()
	e.SetPlaceHolder(placeholder)
	e.OnChanged = func(string) { h.changed() }
	e.OnSubmitted = func(string) { h.submit() }
	e.OnKey = h.key
	e.OnPaste = h.paste
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
	e := &linesEditor{entry: NewMultiLineEntry(), list: f.Kind != FieldMultiline}
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
	e.entry.OnPaste = func(text string) bool { return h.paste(text) || e.list && e.takeCells(text) }
	return e
}

// takeCells takes the cells of a spreadsheet out of the quotation marks that it put round
// them; false where there are none.
func (e *linesEditor) takeCells(text string) bool {
	cells := lines(text)
	changed := false
	for i, cell := range cells {
		if plain, quoted := unquotedCell(cell); quoted {
			cells[i], changed = plain, true
		}
	}
	if !changed || len(cells) < 2 { // one alone was typed so
		return false
	}
	e.add(cells)
	return true
}

// unquotedCell is a cell without the quotation marks of a spreadsheet, which doubles those
// that are part of it.
func unquotedCell(cell string) (plain string, quoted bool) {
	if len(cell) < 2 || cell[0] != '"' || cell[len(cell)-1] != '"' {
		return cell, false
	}
	inner := cell[1 : len(cell)-1]
	if strings.Contains(strings.ReplaceAll(inner, `""`, ""), `"`) {
		return cell, false
	}
	return strings.ReplaceAll(inner, `""`, `"`), true
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
	return strings.Join(lines(e.entry.Text), "\n")
}

// add puts items behind those that are there, without those that are there already.
func (e *linesEditor) add(items []string) {
	have := lines(e.entry.Text)
	for _, item := range items {
		if !slices.Contains(have, item) {
			have = append(have, item)
		}
	}
	e.entry.SetText(strings.Join(have, "\n"))
}
