package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// ReadText shows a text of several lines that can be read, selected and copied, and not
// changed. Keys that it has no use for go to the window.
type ReadText struct{ Entry }

// NewReadText returns an empty one that shows a number of lines at least.
func NewReadText(lines int) *ReadText {
	t := &ReadText{}
	t.MultiLine = true
	t.Wrapping = fyne.TextWrapBreak
	t.ExtendBaseWidget(t)
	t.SetMinRowsVisible(lines)
	return t
}

// TypedRune changes nothing.
func (t *ReadText) TypedRune(rune) {}

// TypedKey moves in the text.
func (t *ReadText) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd, fyne.KeyPageUp, fyne.KeyPageDown,
		desktop.KeyShiftLeft, desktop.KeyShiftRight:
		t.Entry.TypedKey(k)
	default:
		passKey(t, k)
	}
}

// AcceptsTab tells that the Tab key goes on to the next widget.
func (t *ReadText) AcceptsTab() bool { return false }

// TypedShortcut selects and copies.
func (t *ReadText) TypedShortcut(s fyne.Shortcut) {
	switch s.(type) {
	case *fyne.ShortcutCut, *fyne.ShortcutPaste, *fyne.ShortcutUndo, *fyne.ShortcutRedo:
	default:
		t.Entry.TypedShortcut(s)
	}
}
