package app

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/credential"
	"postroom/widgets"
)

// loadAccounts reads which accounts have a password, and then calls done, which
// may be nil.
func (w *mainWindow) loadAccounts(done func()) {
	w.spawn(func() { // ends when the index is read
		accounts, err := w.app.vault.Accounts()
		w.post(func() {
			if err != nil {
				w.desk.Problem(err)
				return
			}
			w.accounts = accounts
			if done != nil {
				done()
			}
		})
	})
}

// keyringTime is how long to wait for a keyring that says nothing.
const keyringTime = 5 * time.Second

// checkKeyring looks whether there is a keyring, without making it ask for
// anything, and tells nil, credential.ErrLocked or why there is none.
func (w *mainWindow) checkKeyring(tell func(error)) {
	w.spawn(func() { // ends after keyringTime at the latest
		ctx, cancel := context.WithTimeout(credential.WithoutPrompt(context.Background()), keyringTime)
		defer cancel()
		_, err := w.app.keyring.Get(ctx, "no such reference")
		if errors.Is(err, credential.ErrNotFound) {
			err = nil
		}
		w.post(func() { tell(err) })
	})
}

// keyringKnown says under Remember what becomes of the password.
func (s *signIn) keyringKnown(err error) {
	text := ""
	switch {
	case errors.Is(err, credential.ErrLocked):
		text = lang.L("The keyring is locked. It asks to be unlocked when you connect; without it the password stays in memory.")
	case errors.Is(err, credential.ErrUnavailable):
		text = lang.L("There is no keyring here: the password stays in memory until the program ends.") + " " + words.Explain(err).Cause
		s.remember.SetChecked(false)
		s.remember.Disable()
		s.noKeyring = true
	case err != nil:
		text = words.Explain(err).Title
	}
	s.keeping.SetText(text)
	widgets.SetVisible(s.keeping, text != "")
	s.arrange()
}
