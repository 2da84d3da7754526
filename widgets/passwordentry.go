package widgets

import (
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// PasswordEntry is an entry for a secret: it can be shown and pasted into, and it says
// when Caps Lock seems to be on. Fyne cannot ask the keyboard for that: it follows from
// the key itself and from capitals that come without Shift.
type PasswordEntry struct {
	composite

	OnChanged   func(text string) // a person changed the text
	OnSubmitted func(text string) // Enter

	field *passwordField
	show  *Button
	paste *Button
	frame *errorFrame
	hint  *Text
	err   string
}

// NewPasswordEntry returns an empty entry.
func NewPasswordEntry() *PasswordEntry {
	e := &PasswordEntry{hint: NewParagraph("", ErrorText)}
	e.field = &passwordField{caps: e.capsChanged}
	e.field.Password = true
	e.field.ExtendBaseWidget(e.field)
	e.field.OnChanged = func(text string) {
		e.SetError("")
		if e.OnChanged != nil {
			e.OnChanged(text)
		}
	}
	e.field.Entry.OnSubmitted = func(text string) {
		if e.OnSubmitted != nil {
			e.OnSubmitted(text)
		}
	}
	e.show = NewLink(tr("Show"), e.toggle)
	e.paste = NewLink(tr("Paste"), e.pasteClipboard)
	e.show.Small, e.paste.Small = true, true
	e.field.ActionItem = padded(hline(8, -1, e.paste, e.show), 6, 0)
	e.frame = newErrorFrame(e.field)
	e.hint.Hide()
	e.body = NewColumn(3, e.frame, e.hint)
	e.ExtendBaseWidget(e)
	return e
}

func (e *PasswordEntry) setName(name string) { e.field.Name = name }

// Text returns the secret.
func (e *PasswordEntry) Text() string { return e.field.Text }

// SetText replaces the secret without a callback; the empty text also clears what undo
// remembers.
func (e *PasswordEntry) SetText(text string) {
	e.field.setSilently(text)
	e.SetError("")
}

// SetPlaceHolder sets what stands in the empty entry.
func (e *PasswordEntry) SetPlaceHolder(text string) { e.field.SetPlaceHolder(text) }

// Error gives what SetError has set, until a person types.
func (e *PasswordEntry) Error() string { return e.err }

// SetError shows what is wrong under the entry; the empty text takes it away.
func (e *PasswordEntry) SetError(text string) {
	e.err = text
	e.frame.set(text != "", ErrorText)
	e.showHint()
}

// Disable takes no more input.
func (e *PasswordEntry) Disable() { e.field.Disable(); e.show.Disable(); e.paste.Disable() }

// Enable takes input again.
func (e *PasswordEntry) Enable() { e.field.Enable(); e.show.Enable(); e.paste.Enable() }

// Focus gives the keyboard to the entry.
func (e *PasswordEntry) Focus() { focus(e.field) }

// Field returns the part that takes the keyboard.
func (e *PasswordEntry) Field() fyne.Focusable { return e.field }

// Conceal hides the secret again when it was shown.
func (e *PasswordEntry) Conceal() {
	if !e.field.Password {
		e.toggle()
	}
}

func (e *PasswordEntry) toggle() {
	e.field.Password = !e.field.Password
	e.show.SetText(tr("Hide"))
	if e.field.Password {
		e.show.SetText(tr("Show"))
	}
	e.field.Refresh()
	e.Focus()
}

func (e *PasswordEntry) pasteClipboard() {
	e.field.TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()})
	e.Focus()
}

func (e *PasswordEntry) capsChanged() { e.showHint() }

func (e *PasswordEntry) showHint() {
	text := e.err
	if e.field.capsOn {
		if text != "" {
			text += " "
		}
		text += tr("Caps Lock is on.")
	}
	e.hint.SetText(text)
	e.hint.SetRole(WarningText)
	if e.err != "" {
		e.hint.SetRole(ErrorText)
	}
	if e.hint.Visible() != (text != "") {
		show(e.hint, text != "")
		e.Refresh()
	}
}

// passwordField watches the keys for Caps Lock.
type passwordField struct {
	Entry
	caps   func()
	capsOn bool
	shift  bool
}

var (
	_ desktop.Keyable = (*passwordField)(nil)
	_ fyne.Accessible = (*passwordField)(nil)
)

// AccessibilityLabel says that a secret is to be typed; it is never read out, also while it
// can be seen.
func (f *passwordField) AccessibilityLabel() string {
	if f.Name != "" {
		return f.Name
	}
	return tr("Password")
}

// KeyDown notes Shift and Caps Lock.
func (f *passwordField) KeyDown(k *fyne.KeyEvent) {
	switch k.Name {
	case desktop.KeyShiftLeft, desktop.KeyShiftRight:
		f.shift = true
	case desktop.KeyCapsLock:
		f.setCaps(!f.capsOn)
	}
	f.Entry.KeyDown(k)
}

// KeyUp notes Shift.
func (f *passwordField) KeyUp(k *fyne.KeyEvent) {
	if k.Name == desktop.KeyShiftLeft || k.Name == desktop.KeyShiftRight {
		f.shift = false
	}
	f.Entry.KeyUp(k)
}

// FocusLost forgets Shift: its release goes to somebody else.
func (f *passwordField) FocusLost() {
	f.shift = false
	f.Entry.FocusLost()
}

// TypedRune draws its conclusion from letters.
func (f *passwordField) TypedRune(c rune) {
	if unicode.IsUpper(c) || unicode.IsLower(c) {
		f.setCaps(unicode.IsUpper(c) != f.shift)
	}
	f.Entry.TypedRune(c)
}

func (f *passwordField) setCaps(on bool) {
	if f.capsOn != on {
		f.capsOn = on
		f.caps()
	}
}
