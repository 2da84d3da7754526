package connect

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/credential"
	"postroom/widgets"
)

// passwordSheet lists the accounts whose password is remembered: change one,
// forget one, forget all.
type passwordSheet struct {
	of     *Connector
	sheet  *widgets.Sheet
	rows   *fyne.Container
	wait   *widgets.Text // that the keyring waits, or what went wrong
	all    *widgets.Button
	cancel context.CancelFunc // of what is on its way; nil when nothing is
}

// ShowPasswords shows which accounts have a password that is remembered.
func (c *Connector) ShowPasswords() { c.newPasswordSheet().show() }

func (c *Connector) newPasswordSheet() *passwordSheet {
	s := &passwordSheet{of: c, rows: widgets.NewColumn(8), wait: widgets.NewParagraph("", widgets.WarningText)}
	s.wait.Hide()
	s.all = widgets.NewDangerButton(lang.L("Forget all"), s.forgetAll)
	done := widgets.NewButton(lang.L("Close"), s.leave)
	s.sheet = c.Desk.Sheets.New(widgets.SheetSpec{
		Title:       lang.L("Remembered passwords"),
		Explanation: lang.L("Passwords are kept in the keyring of this computer, or in memory until the program ends. Never in a file."),
		Width:       680, Foot: widgets.NewFoot(s.all, done),
	},
		s.rows,
		s.wait,
	)
	s.sheet.Leave = s.leave
	return s
}

func (s *passwordSheet) show() {
	s.sheet.Show(s.all)
	s.load()
}

// leave ends what still waits for the keyring, and closes the page.
func (s *passwordSheet) leave() {
	if s.cancel != nil {
		s.cancel()
	}
	s.sheet.Hide()
}

func (s *passwordSheet) load() { s.of.loadAccounts(s.fill) }

func (s *passwordSheet) fill() {
	s.rows.Objects = nil
	for _, a := range s.of.accounts {
		s.rows.Add(s.row(a))
	}
	if len(s.of.accounts) == 0 {
		s.rows.Add(widgets.NewParagraph(lang.L("No passwords are remembered."), widgets.MutedText))
		s.all.Disable()
	} else {
		s.all.Enable()
	}
	s.sheet.Arrange()
}

// row is an account with what can be done about it.
func (s *passwordSheet) row(a credential.Account) fyne.CanvasObject {
	place := fmt.Sprintf(lang.L("in the keyring since %s"), a.Stored.Local().Format(time.DateOnly))
	if a.Place == credential.InMemory {
		place = lang.L("in memory until the program ends")
	}
	words := widgets.NewColumn(2, widgets.NewCutText(a.Account, widgets.StrongText), widgets.NewParagraph(a.Server+" · "+place, widgets.CaptionText))
	entry := widgets.NewPasswordEntry()
	entry.SetPlaceHolder(lang.L("The new password"))
	change := widgets.NewColumn(6, entry)
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
	change.Add(widgets.NewFlow(8, widgets.NewPrimaryButton(lang.L("Save"), keep),
		widgets.NewButton(lang.L("Cancel"), func() { entry.SetText(""); change.Hide(); s.sheet.Arrange() })))
	buttons := widgets.NewFlow(8,
		widgets.NewButton(lang.L("Change"), func() {
			change.Show()
			s.sheet.Arrange()
			s.of.Desk.Focus(entry.Field()) // what was never drawn does not know its canvas
		}),
		widgets.NewButton(lang.L("Forget"), func() { s.forget(a) }))
	return widgets.NewCard(widgets.NewColumn(8, words, buttons, change))
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
		s.of.Desk.Post(func() {
			s.say("")
			if waiting {
				s.say(lang.L("Waiting for your keyring to be unlocked ..."))
			}
		})
	})
	s.of.Desk.Spawn(func() { // ends with the keyring's answer, or when the page is left
		err := work(ctx)
		s.of.Desk.Post(func() {
			s.say("")
			if err != nil && ctx.Err() == nil {
				s.say(words.Explain(err).Title + " " + words.Explain(err).Fix)
			}
			cancel()
			s.load()
		})
	})
}

func (s *passwordSheet) say(text string) {
	s.wait.SetText(text)
	widgets.SetVisible(s.wait, text != "")
	s.sheet.Arrange()
}

func (s *passwordSheet) remember(a credential.Account, secret credential.Secret) {
	keep := credential.KeepAlways
	if a.Place == credential.InMemory {
		keep = credential.KeepThisTime
	}
	s.do(func(ctx context.Context) error {
		kept, err := s.of.Vault.Remember(ctx, a.Account, a.Server, secret, keep)
		if err == nil {
			err = kept.Err
		}
		return err
	})
}

func (s *passwordSheet) forget(a credential.Account) {
	s.do(func(ctx context.Context) error { return s.of.Vault.Forget(ctx, a.Holder) })
}

// forgetAll asks once more: there is no way back.
func (s *passwordSheet) forgetAll() {
	var sure *widgets.Sheet
	no := widgets.NewButton(lang.L("Cancel"), func() { sure.Hide() })
	yes := widgets.NewDangerButton(lang.L("Forget all"), func() {
		sure.Hide()
		s.do(s.of.Vault.ForgetAll)
	})
	sure = s.of.Desk.Sheets.New(widgets.SheetSpec{
		Title: lang.L("Forget all passwords?"),
		Width: 480, Foot: widgets.NewFoot(nil, no, yes),
	}, widgets.NewParagraph(lang.L("All passwords that this program has saved are removed from the keyring and from memory. Open sessions stay open."), widgets.BodyText))
	sure.Show(no)
}
