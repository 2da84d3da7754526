package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Entry is Fyne's entry with three things added: a hook for keys; shortcuts and keys
// that it has no use for go on to the window (Fyne gives them to the focused widget
// alone, so that Ctrl+K and F5 would be dead while somebody types); and a place holder that
// has no room is cut (Fyne would show a scroll bar under it).
type Entry struct {
	widget.Entry
	inSight

	Name          string                    // what is to be typed, for screen readers; none: the place holder says it
	OnKey         func(*fyne.KeyEvent) bool // sees each key first; true means that it is used up
	OnPaste       func(text string) bool    // sees what is pasted first; true means that it is used up
	TakesTab      bool                      // OnKey sees the Tab key, too; else it goes on to the next field
	OnShortcut    func(fyne.Shortcut)       // gets the shortcuts that do not edit; nil: the window's canvas
	OnFocusGained func()
	OnFocusLost   func()

	hint string      // the whole place holder
	self fyne.Widget // this entry, or the widget that embeds it: the one that Fyne knows
}

var (
	_ fyne.Focusable    = (*Entry)(nil)
	_ fyne.Shortcutable = (*Entry)(nil)
	_ fyne.Accessible   = (*Entry)(nil)
)

// NewEntry returns an entry of one line.
func NewEntry() *Entry {
	e := &Entry{}
	e.ExtendBaseWidget(e)
	return e
}

// NewMultiLineEntry returns an entry of several lines.
func NewMultiLineEntry() *Entry {
	e := &Entry{}
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.ExtendBaseWidget(e)
	return e
}

// ExtendBaseWidget is Fyne's: it is told which widget embeds this one.
func (e *Entry) ExtendBaseWidget(w fyne.Widget) {
	if e.self == nil {
		e.self = w
	}
	e.Entry.ExtendBaseWidget(w)
}

// SetPlaceHolder sets what stands in the entry while it is empty, cut where there is no room
// for it.
func (e *Entry) SetPlaceHolder(text string) {
	e.hint = text
	e.Entry.SetPlaceHolder(e.fitting(text))
}

// AccessibilityLabel says what is to be typed and what is; of a secret only the first.
func (e *Entry) AccessibilityLabel() string {
	label := e.Name
	if label == "" {
		label = e.hint
	}
	if e.Text != "" && !e.Password {
		label = strings.TrimPrefix(label+": "+e.Text, ": ")
	}
	return label
}

// AccessibilityRole says that it can be read: Fyne has no role for what is typed into.
func (e *Entry) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// AcceptsTab tells that the Tab key goes on to the next field, also from several lines,
// where Fyne's would take it for a character: whoever has only a keyboard could not leave.
func (e *Entry) AcceptsTab() bool { return e.TakesTab }

// inside are the widgets at the end of the entry.
func (e *Entry) inside() []fyne.CanvasObject { return []fyne.CanvasObject{e.ActionItem} }

func (e *Entry) setName(name string) { e.Name = name }

// Hint returns the whole place holder.
func (e *Entry) Hint() string { return e.hint }

// Resize gives the entry another size.
func (e *Entry) Resize(size fyne.Size) {
	e.Entry.Resize(size)
	if text := e.fitting(e.hint); text != e.PlaceHolder && e.hint != "" {
		e.Entry.SetPlaceHolder(text)
	}
}

// fitting cuts a text to the width of the entry; before there is one it stays whole.
func (e *Entry) fitting(text string) string {
	room := e.Size().Width
	if room <= 0 || e.MultiLine {
		return text
	}
	size := e.Theme().Size(theme.SizeNameText)
	room -= 2*e.Theme().Size(theme.SizeNameInnerPadding) + 1
	if e.ActionItem != nil {
		room -= e.Theme().Size(theme.SizeNameInlineIcon) + e.Theme().Size(theme.SizeNameLineSpacing)
	}
	if fyne.MeasureText(text, size, e.TextStyle).Width <= room {
		return text
	}
	return newRuler(textStyle{size: size, style: e.TextStyle}).cut(text, room)
}

// TypedKey gives the key to OnKey and, when that does not use it up, to the text, or to
// the window when it is none that edits.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	spent = false
	switch {
	case e.OnKey != nil && e.OnKey(k):
	case forWindow(k.Name):
		passKey(e.self, k)
	default:
		e.Entry.TypedKey(k)
	}
}

// TypedRune puts a letter into the text, but for the blank of a Space that was meant for
// what had the keyboard before.
func (e *Entry) TypedRune(c rune) {
	meant := c != ' ' || !spent
	spent = false
	if meant {
		e.Entry.TypedRune(c)
	}
}

// TypedShortcut edits the text, or goes on to the window.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	if c, ok := s.(*desktop.CustomShortcut); ok && !editsText(c) {
		passShortcut(e.self, s, e.OnShortcut)
		return
	}
	if p, ok := s.(*fyne.ShortcutPaste); ok && e.OnPaste != nil && e.OnPaste(p.Clipboard.Content()) {
		return
	}
	e.Entry.TypedShortcut(s)
}

// FocusGained calls OnFocusGained.
func (e *Entry) FocusGained() {
	e.Entry.FocusGained()
	e.bring(e.self)
	if e.OnFocusGained != nil {
		e.OnFocusGained()
	}
}

// FocusLost calls OnFocusLost.
func (e *Entry) FocusLost() {
	e.Entry.FocusLost()
	if e.OnFocusLost != nil {
		e.OnFocusLost()
	}
}

// setSilently replaces the text without a callback.
func (e *Entry) setSilently(text string) {
	changed := e.OnChanged
	e.OnChanged = nil
	e.SetText(text)
	e.OnChanged = changed
}

// editsText tells the shortcuts that move or delete by word from those of the window.
func editsText(c *desktop.CustomShortcut) bool {
	switch c.KeyName {
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp, fyne.KeyDown, fyne.KeyHome, fyne.KeyEnd, fyne.KeyBackspace, fyne.KeyDelete:
		return true
	}
	return false
}
