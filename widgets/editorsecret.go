package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
)

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

// credentialEditor is a user's name and a password.
type credentialEditor struct {
	user     *Entry
	password *secretEditor
	box      *fyne.Container
}

func newCredentialEditor(h editorHooks) *credentialEditor {
	e := &credentialEditor{user: newLine(tr("User name"), h)}
	e.password = newSecretEditor(&Field{Placeholder: tr("Password")}, h)
	e.box = NewColumn(4, e.user, e.password.object())
	return e
}

func (e *credentialEditor) object() fyne.CanvasObject { return e.box }
func (e *credentialEditor) focusable() fyne.Focusable { return e.user }

// text is the name, a line end and the password.
func (e *credentialEditor) text() string {
	if e.user.Text == "" && e.password.text() == "" {
		return ""
	}
	return e.user.Text + "\n" + e.password.text()
}

func (e *credentialEditor) setText(s string) {
	user, password, _ := strings.Cut(s, "\n")
	e.user.setSilently(user)
	e.password.setText(password)
}
