package connect

import (
	"errors"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/credential"
	"postroom/session/holder"
	"postroom/widgets"
)

// login is the part of the dialog that says who: the account, its password, and
// whether that is remembered.
type login struct {
	loginNeeds

	account  *widgets.Entry
	recall   *tapSign // offers the accounts that are remembered
	password *widgets.PasswordEntry
	stored   *widgets.Text // says that the password is remembered
	remember *widgets.Check
	keeping  *widgets.Text // says that there is no keyring

	remembering *fyne.Container // the row of remember and keeping

	lengths   map[*widgets.Entry]int // of their texts, to tell pasting from typing
	noKeyring bool                   // so nothing can be remembered
}

// loginNeeds are what login needs of the rest of the dialog.
type loginNeeds struct {
	board
	holder   func() holder.Holder                            // whose session it would be, as far as the dialog is filled in
	server   func() string                                   // that the password is for; "" while it is not known
	tokens   func() bool                                     // the place asks for tokens, and not for a password
	kept     func() []credential.Account                     // with a remembered password
	refused  func(holder.Holder) bool                        // whose remembered password is no longer accepted
	signedIn func() []string                                 // accounts, at a place that asks for tokens
	take     func(pasted string) (account string, err error) // fills the dialog in from a connection, or explains why not
	told     func()                                          // what follows from the account is shown
}

func newLogin(needs loginNeeds) *login {
	l := &login{
		loginNeeds: needs, account: widgets.NewEntry(), password: widgets.NewPasswordEntry(),
		stored:  widgets.NewParagraph("", widgets.CaptionText),
		keeping: widgets.NewParagraph("", widgets.CaptionText), lengths: map[*widgets.Entry]int{},
	}
	l.remember = widgets.NewCheck(lang.L("Remember in the keyring of this computer"), nil)
	l.recall = newTapSign(widgets.IconChevronDown, lang.L("Accounts"), l.offer)
	l.account.ActionItem = l.recall
	l.account.SetPlaceHolder("anna@contoso.example")
	l.account.OnChanged = func(text string) { l.typed(text, l.account); l.changed() }
	l.account.OnKey = l.accountKey
	l.account.OnSubmitted = func(string) { l.submit() }
	l.password.OnChanged = func(text string) { l.passwordTyped(text) }
	l.password.OnSubmitted = func(string) { l.submit() }
	for _, o := range []fyne.CanvasObject{l.stored, l.keeping, l.recall} {
		o.Hide()
	}
	return l
}

// rows are the rows of the dialog, in the order of the Tab key.
func (l *login) rows(all fields) []fyne.CanvasObject {
	l.remembering = widgets.NewFormRow(widgets.NewText("", widgets.LabelText), widgets.NewColumn(0, l.remember, l.keeping))
	return []fyne.CanvasObject{
		all.add(fieldAccount, lang.L("Account"), l.account),
		all.add(fieldPassword, lang.L("Password"), l.password, l.stored),
		l.remembering,
	}
}

// begin gives the keyboard to the account. What was filled in is replaced by what is typed
// next, not added to.
func (l *login) begin() {
	l.desk.Focus(l.account)
	l.account.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// read gives the account, without what pasting has added to it.
func (l *login) read() (string, error) {
	account, err := holder.Clean(l.account.Text)
	switch {
	case errors.Is(err, holder.ErrNoAccount) && l.tokens():
		return "", nil // chosen on the page
	case errors.Is(err, holder.ErrNoAccount):
		return "", &fieldError{field: fieldAccount, text: lang.L("Enter the account."), err: err}
	case err != nil:
		return "", &fieldError{field: fieldAccount, text: words.Explain(err).Title, err: err}
	}
	return account, nil
}

// knownHere are the accounts that need not be typed: with a password for the chosen
// server, or signed in to its cloud.
func (l *login) knownHere() []string {
	if l.tokens() {
		return l.signedIn()
	}
	var names []string
	for _, a := range l.rememberedHere() {
		names = append(names, a.Account)
	}
	return names
}

// rememberedHere are the accounts with a password for the chosen server.
func (l *login) rememberedHere() []credential.Account {
	server := l.server()
	var here []credential.Account
	for _, a := range l.kept() {
		if a.Holder.Server() == server {
			here = append(here, a)
		}
	}
	return here
}

func (l *login) isRemembered() bool {
	who := l.holder()
	return slices.ContainsFunc(l.kept(), func(a credential.Account) bool { return a.Holder == who })
}

// noLongerAccepted says that an empty password is of no use.
func noLongerAccepted() string {
	return lang.L("The remembered password is no longer accepted. Enter the new one.")
}

// changed says whether the password of the account is remembered, after the
// account or the server has changed.
func (l *login) changed() {
	if l.account.Text != "" {
		l.wrong(fieldAccount, "")
	}
	l.tellKept()
}

// tellKept says under the password what an empty one means.
func (l *login) tellKept() {
	text, who := "", l.holder()
	here := l.rememberedHere()
	for _, a := range here {
		if a.Holder != who {
			continue
		}
		text = lang.L("The password is in the keyring. Leave this empty to use it.")
		if a.Place == credential.InMemory {
			text = lang.L("The password is in memory until the program ends. Leave this empty to use it.")
		}
		if l.refused(who) {
			text = noLongerAccepted()
		}
	}
	known := l.knownHere()
	switch {
	case l.password.Error() != "":
		text = "" // that says it
	case text == "" && len(known) > 0 && l.account.Text == "":
		text = fmt.Sprintf(lang.L("Press Down in the account field to choose a remembered account (%s)."), words.Number(len(known)))
	}
	widgets.SetVisible(l.recall, len(known) > 0)
	l.told()
	if l.stored.Value() != text || l.stored.Visible() != (text != "") {
		l.stored.SetText(text)
		widgets.SetVisible(l.stored, text != "")
		l.arrange()
	}
}

// accountKey goes through the remembered accounts with Down and Up.
func (l *login) accountKey(k *fyne.KeyEvent) bool {
	here := l.knownHere()
	if k.Name != fyne.KeyDown && k.Name != fyne.KeyUp || len(here) == 0 {
		return false
	}
	at := slices.IndexFunc(here, func(name string) bool { return holder.SameAccount(name, l.account.Text) })
	switch {
	case k.Name == fyne.KeyDown:
		at++
	case at < 0:
		at = len(here) - 1
	default:
		at--
	}
	l.use(here[(at+len(here))%len(here)])
	return true
}

func (l *login) use(account string) {
	l.account.SetText(account)
	l.account.CursorColumn = len([]rune(account))
	l.account.Refresh()
}

// offer shows the remembered accounts in a menu.
func (l *login) offer() {
	var items []*fyne.MenuItem
	for _, name := range l.knownHere() {
		items = append(items, fyne.NewMenuItem(name, func() { l.use(name) }))
	}
	if len(items) == 0 {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l.account)
	at.Y += l.account.Size().Height
	l.desk.Menu(at, items...)
}

// setQuietly replaces a text that no person typed.
func (l *login) setQuietly(e *widgets.Entry, text string) {
	quietly(e, text)
	l.lengths[e] = len(text)
}

// keyringKnown says under Remember what becomes of the password.
func (l *login) keyringKnown(err error) {
	text := ""
	switch {
	case errors.Is(err, credential.ErrLocked):
		text = lang.L("The keyring is locked. You will be asked to unlock it when you connect; otherwise the password stays in memory.")
	case isSilent(err):
		text = words.Explain(err).Title + " " + lang.L("Until it does, the password stays in memory.")
	case errors.Is(err, credential.ErrUnavailable):
		text = lang.L("There is no keyring here: the password stays in memory until the program ends.") + " " + words.Explain(err).Cause
		l.remember.SetChecked(false)
		l.remember.Disable()
		l.noKeyring = true
	case err != nil:
		text = words.Explain(err).Title
	}
	l.keeping.SetText(text)
	widgets.SetVisible(l.keeping, text != "")
	l.arrange()
}

func (l *login) setBusy(busy bool) {
	for _, f := range []enabler{l.account, l.password} {
		enable(f, !busy)
	}
	enable(l.remember, !busy && !l.noKeyring)
}
