package connect

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
type passwordSheet struct{ *keptSheet }

// ShowPasswords shows which accounts have a password that is remembered.
func (c *Connector) ShowPasswords() { c.newPasswordSheet().show() }

func (c *Connector) newPasswordSheet() *passwordSheet {
	s := &passwordSheet{}
	s.keptSheet = c.newKeptSheet(widgets.SheetSpec{
		Title:       lang.L("Remembered passwords"),
		Explanation: lang.L("Passwords are kept in the keyring of this computer, or in memory until the program ends. Never in a file."),
	}, widgets.NewDangerButton(lang.L("Forget all"), s.forgetAll))
	s.load = s.loadPasswords
	return s
}

func (s *passwordSheet) loadPasswords() { s.of.loadAccounts(s.fill) }

func (s *passwordSheet) fill() {
	var rows []fyne.CanvasObject
	for _, a := range s.of.accounts {
		rows = append(rows, s.row(a))
	}
	s.list(rows, lang.L("No passwords are remembered."))
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
	}, s.load)
}

func (s *passwordSheet) forget(a credential.Account) {
	s.do(func(ctx context.Context) error { return s.of.Vault.Forget(ctx, a.Holder) }, s.load)
}

// forgetAll asks once more.
func (s *passwordSheet) forgetAll() {
	s.sure(lang.L("Forget all passwords?"), lang.L("All passwords that this program has saved are removed from the keyring and from memory. Open sessions stay open."),
		lang.L("Forget all"), s.of.Vault.ForgetAll)
}
