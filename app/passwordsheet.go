package app

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/session/credential"
	"postroom/widgets"
)

// passwordSheet lists the accounts whose password is remembered: change one,
// forget one, forget all.
type passwordSheet struct {
	window *mainWindow
	sheet  *sheet
	rows   *fyne.Container
	wait   *widgets.Text // that the keyring waits, or what went wrong
	all    *widgets.Button
	cancel context.CancelFunc // of what is on its way; nil when nothing is
}

func (w *mainWindow) showPasswords() { w.newPasswordSheet().show() }

func (w *mainWindow) newPasswordSheet() *passwordSheet {
	s := &passwordSheet{window: w, rows: newColumn(8), wait: widgets.NewParagraph("", widgets.WarningText)}
	s.wait.Hide()
	s.all = widgets.NewDangerButton(lang.L("Forget all"), s.forgetAll)
	done := widgets.NewButton(lang.L("Close"), s.leave)
	s.sheet = newSheet(w, lang.L("Remembered passwords"),
		lang.L("Passwords lie in the keyring of this computer, or in memory until the program ends. Never in a file."), 680,
		newFoot(s.all, done), s.rows, s.wait)
	s.sheet.leave = s.leave
	return s
}

func (s *passwordSheet) show() {
	s.sheet.show()
	s.load()
}

// leave ends what still waits for the keyring, and closes the page.
func (s *passwordSheet) leave() {
	if s.cancel != nil {
		s.cancel()
	}
	s.sheet.hide()
}

func (s *passwordSheet) load() { s.window.loadAccounts(s.fill) }

func (s *passwordSheet) fill() {
	s.rows.Objects = nil
	for _, a := range s.window.accounts {
		s.rows.Add(s.row(a))
	}
	if len(s.window.accounts) == 0 {
		s.rows.Add(widgets.NewParagraph(lang.L("No password is remembered."), widgets.MutedText))
		s.all.Disable()
	} else {
		s.all.Enable()
	}
	s.sheet.arrange()
}

// row is an account with what can be done about it.
func (s *passwordSheet) row(a credential.Account) fyne.CanvasObject {
	place := fmt.Sprintf(lang.L("in the keyring since %s"), a.Stored.Local().Format(time.DateOnly))
	if a.Place == credential.InMemory {
		place = lang.L("in memory until the program ends")
	}
	words := newColumn(2, widgets.NewCutText(a.Account, widgets.StrongText), widgets.NewParagraph(a.Server+" · "+place, widgets.CaptionText))
	entry := widgets.NewPasswordEntry()
	entry.SetPlaceHolder(lang.L("The new password"))
	change := newColumn(6, entry)
	change.Hide()
	keep := func() {
		if entry.Text() == "" {
			entry.SetError(lang.L("Enter the password."))
			return
		}
		secret := credential.NewSecret(entry.Text())
		entry.SetText("")
		s.remember(a, secret)
	}
	entry.OnSubmitted = func(string) { keep() }
	change.Add(newFlow(8, widgets.NewPrimaryButton(lang.L("Save"), keep),
		widgets.NewButton(lang.L("Cancel"), func() { entry.SetText(""); change.Hide(); s.sheet.arrange() })))
	buttons := newFlow(8,
		widgets.NewButton(lang.L("Change"), func() {
			change.Show()
			s.sheet.arrange()
			s.window.window.Canvas().Focus(entry.Field()) // what was never drawn does not know its canvas
		}),
		widgets.NewButton(lang.L("Forget"), func() { s.forget(a) }))
	return widgets.NewCard(newColumn(8, words, buttons, change))
}

// do works with the keyring on a worker, and says when that waits for the
// person.
func (s *passwordSheet) do(work func(context.Context) error) {
	if s.cancel != nil {
		s.cancel()
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	ctx = credential.NotifyWaiting(ctx, func(waiting bool) {
		s.window.post(func() {
			s.say("")
			if waiting {
				s.say(lang.L("Waiting for your keyring to be unlocked ..."))
			}
		})
	})
	s.window.spawn(func() { // ends with the keyring's answer, or when the page is left
		err := work(ctx)
		s.window.post(func() {
			s.say("")
			if err != nil && ctx.Err() == nil {
				s.say(explain(err).Title + " " + explain(err).Fix)
			}
			cancel()
			s.load()
		})
	})
}

func (s *passwordSheet) say(text string) {
	s.wait.SetText(text)
	setVisible(s.wait, text != "")
	s.sheet.arrange()
}

func (s *passwordSheet) remember(a credential.Account, secret credential.Secret) {
	keep := credential.KeepAlways
	if a.Place == credential.InMemory {
		keep = credential.KeepThisTime
	}
	s.do(func(ctx context.Context) error {
		kept, err := s.window.app.vault.Remember(ctx, a.Account, a.Server, secret, keep)
		if err == nil {
			err = kept.Err
		}
		return err
	})
}

func (s *passwordSheet) forget(a credential.Account) {
	s.do(func(ctx context.Context) error { return s.window.app.vault.Forget(ctx, a.Account, a.Server) })
}

// forgetAll asks once more: there is no way back.
func (s *passwordSheet) forgetAll() {
	var sure *sheet
	no := widgets.NewButton(lang.L("Cancel"), func() { sure.hide() })
	yes := widgets.NewDangerButton(lang.L("Forget all"), func() {
		sure.hide()
		s.do(s.window.app.vault.ForgetAll)
	})
	sure = newSheet(s.window, lang.L("Forget all passwords?"), "", 480, newFoot(nil, no, yes),
		widgets.NewParagraph(lang.L("Every password of this program is removed from the keyring and from memory. Sessions that are open stay open."), widgets.BodyText))
	sure.show()
	s.window.window.Canvas().Focus(no)
}
