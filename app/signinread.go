package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/holder"
	"postroom/widgets"
)

// fieldError is something that is missing or wrong in a field.
type fieldError struct {
	field signInField
	text  string // for people
	err   error
}

// Error gives the cause.
func (e *fieldError) Error() string {
	if e.err != nil {
		return "sign in: " + e.err.Error()
	}
	return "sign in: a field is empty"
}

// Unwrap gives the cause.
func (e *fieldError) Unwrap() error { return e.err }

// read makes a target of what was typed. The password may be missing where one
// is remembered.
func (s *signIn) read() (session.Target, error) {
	if s.endpoint.Template() && looksLikeConnection(s.host.Text) { // typed as an address
		s.takeConnection(s.host.Text)
	}
	e := s.chosen()
	if s.endpoint.Template() && strings.TrimSpace(s.host.Text) == "" {
		return session.Target{}, &fieldError{field: fieldHost, text: lang.L("Enter the name of the server.")}
	}
	t := session.Target{Endpoint: e, Auth: s.method, Tenant: s.tenant, RootCAs: s.window.app.roots}
	if err := e.Validate(); err != nil {
		return t, s.invalid(err)
	}
	if _, err := e.For(s.tenant); err != nil {
		return t, &fieldError{field: fieldCustomer, text: words.Explain(err).Title, err: err}
	}
	if s.demo != nil && e.URL == s.demo.endpoint.URL {
		t.RootCAs = s.demo.server.RootCAs()
	}
	t.AllowRedirect = s.window.allowRedirect(e)
	account, err := readAccount(s.account.Text)
	if err != nil {
		return t, err
	}
	t.Account = account
	if s.password.Text() == "" && !s.isRemembered() && !byTicket(t) {
		return t, &fieldError{field: fieldPassword, text: lang.L("Enter the password."), err: credential.ErrNoAccount}
	}
	return t, nil
}

// byTicket says that the account signs in by Kerberos, which may need no password.
func byTicket(t session.Target) bool {
	return t.Auth == endpoint.AuthKerberos ||
		t.Auth == "" && len(t.Endpoint.Auth) > 0 && t.Endpoint.Auth[0] == endpoint.AuthKerberos
}

// readAccount takes off the account what pasting has added to it.
func readAccount(text string) (string, error) {
	account, err := holder.Clean(text)
	switch {
	case errors.Is(err, holder.ErrNoAccount):
		return "", &fieldError{field: fieldAccount, text: lang.L("Enter the account."), err: err}
	case err != nil:
		return "", &fieldError{field: fieldAccount, text: words.Explain(err).Title, err: err}
	}
	return account, nil
}

// invalid puts what is wrong with an endpoint where it was typed.
func (s *signIn) invalid(err error) error {
	field := fieldWhere
	if s.endpoint.Template() {
		field = fieldHost
	}
	return &fieldError{field: field, text: words.Explain(err).Title, err: err}
}

// setError shows what is wrong beside a field; the empty text takes it away.
func (s *signIn) setError(f signInField, text string) {
	if f == fieldPassword {
		s.password.SetError(text)
		return
	}
	r := s.rows[f]
	if r.wrong.Value() == text && r.wrong.Visible() == (text != "") {
		return
	}
	r.wrong.SetText(text)
	widgets.SetVisible(r.wrong, text != "")
	s.arrange()
}

func (s *signIn) clearErrors() {
	for f := range s.rows {
		s.setError(f, "")
	}
	s.hideProblem()
}

// focus gives the keyboard to a field.
func (s *signIn) focus(f signInField) {
	fields := map[signInField]fyne.Focusable{
		fieldWhere: s.where, fieldHost: s.host, fieldAuth: s.auth, fieldCustomer: s.customer,
		fieldAccount: s.account, fieldPassword: s.password.Field(),
	}
	s.window.window.Canvas().Focus(fields[f])
	if f != fieldPassword {
		return
	}
	// What was refused is replaced by what is typed next, not added to.
	if field, ok := fields[f].(fyne.Shortcutable); ok {
		field.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
}

// blamed says which field caused a problem, by the row of diagnose's table.
var blamed = map[string]signInField{
	"wrong-password": fieldPassword, "password-expired": fieldPassword, "account-locked": fieldAccount,
	"account-disabled": fieldAccount, "account-unknown": fieldAccount, "rps-disabled": fieldAccount, "mfa": fieldAccount,
	"account-colon": fieldAccount, "account-control": fieldAccount, "password-control": fieldPassword,
	"secret-not-found": fieldPassword, "dns": fieldWhere, "no-name": fieldWhere, "refused": fieldWhere,
	"unreachable": fieldWhere, "not-found": fieldWhere, "not-wsman": fieldWhere, "endpoint-host": fieldWhere,
	"not-https": fieldWhere, "bad-domain": fieldCustomer, "not-delegated": fieldCustomer, "wrong-tenant": fieldCustomer,
	"no-such-tenant": fieldCustomer, "no-delegation": fieldCustomer, "not-in-tenant": fieldCustomer,
}

// beside are the few words that stand beside the field; the card below says
// the rest.
func beside(id string, f signInField) string {
	switch {
	case id == "wrong-password":
		return lang.L("Not accepted.")
	case f == fieldWhere, f == fieldHost:
		return lang.L("Cannot be reached.")
	case f == fieldCustomer:
		return lang.L("Not for this customer.")
	}
	return lang.L("See below.")
}

// blame shows an error beside the field that caused it, if one did, and in a
// card.
func (s *signIn) blame(err error) {
	var wrong *fieldError
	if errors.As(err, &wrong) {
		s.setError(wrong.field, wrong.text)
		s.focus(wrong.field)
		return
	}
	p := words.Explain(err)
	f, ok := blamed[p.ID]
	if p.ID == "no-role" && !s.tenant.IsZero() {
		f, ok = fieldCustomer, true // the customer has not delegated to this account
	}
	if ok {
		if f == fieldWhere && s.endpoint.Template() {
			f = fieldHost
		}
		s.setError(f, beside(p.ID, f))
		s.focus(f)
	}
	s.showProblem(err)
}

// looksLikeConnection says that a text is an address or a command rather than
// an account or a search.
func looksLikeConnection(text string) bool {
	lower := strings.ToLower(text)
	return strings.Contains(lower, "://") || strings.Contains(lower, "-pssession") ||
		strings.Contains(lower, "-connectionuri") || strings.Contains(lower, "connect-exchangeonline") ||
		strings.Contains(lower, "connect-ippssession") || strings.Contains(lower, "connect-exchangeserver")
}

// pastedAtLeast is how many letters come at once when a connection is pasted:
// more than a key or a composed character gives.
const pastedAtLeast = 8

// typed looks whether what was just pasted is a connection. An address that is
// typed letter by letter is one only when it is complete, see read.
func (s *signIn) typed(text string, into *widgets.Entry) {
	came := len(text) - s.lengths[into]
	s.lengths[into] = len(text)
	if came < pastedAtLeast || !looksLikeConnection(text) {
		return
	}
	if s.takeConnection(s.whole(text)) {
		if into == s.host || into.Text == text {
			s.setQuietly(into, s.pastedUser(into))
		}
	}
}

// pastedUser is what stays in an entry into which a connection was pasted.
func (s *signIn) pastedUser(into *widgets.Entry) string {
	if into == s.account {
		return s.user
	}
	return ""
}

// passwordTyped looks for a whole command: a password may have anything in it,
// but hardly that.
func (s *signIn) passwordTyped(text string) {
	s.arrange() // the error below it has gone
	if strings.Contains(strings.ToLower(text), "-pssession") && s.takeConnection(s.whole(text)) {
		s.password.SetText("")
	}
}

// whole is the pasted text with its lines: an entry of one line joins them.
func (s *signIn) whole(text string) string {
	clip := s.window.app.fyne.Clipboard().Content()
	if strings.Contains(clip, "\n") && looksLikeConnection(clip) {
		return clip
	}
	return text
}

// pasteConnection takes a connection from the clipboard.
func (s *signIn) pasteConnection() {
	text := s.window.app.fyne.Clipboard().Content()
	if _, err := s.window.app.directory.Read(text); err != nil {
		s.setError(fieldWhere, words.Explain(err).Title)
		s.showProblem(err)
		return
	}
	s.takeConnection(text)
}

// takeConnection fills the dialog in from a pasted ConnectionUri or command.
// Text that cannot be understood changes nothing.
func (s *signIn) takeConnection(text string) bool {
	at, err := s.window.app.directory.Read(text)
	if err != nil {
		return false
	}
	s.demo = s.window.demoAt(at.Endpoint.URL)
	s.setEndpoint(at.Endpoint)
	if !at.Tenant.IsZero() {
		s.setTenant(s.window.tenantOf(at.Tenant.Domain))
	}
	s.user = at.User
	if at.User != "" {
		s.setQuietly(s.account, at.User)
	}
	s.accountChanged()
	s.arrange()
	return true
}

// demoAt is the running demo if the address is its own.
func (w *mainWindow) demoAt(address string) *demo {
	if w.demo != nil && strings.EqualFold(strings.TrimRight(address, "/"), strings.TrimRight(w.demo.endpoint.URL, "/")) {
		return w.demo
	}
	return nil
}

// rememberedHere are the accounts with a password for the chosen server.
func (s *signIn) rememberedHere() []credential.Account {
	server := s.server()
	var here []credential.Account
	for _, a := range s.window.accounts {
		if a.Holder.Server() == server {
			here = append(here, a)
		}
	}
	return here
}

func (s *signIn) isRemembered() bool {
	who := s.aim().Holder()
	return slices.ContainsFunc(s.window.accounts, func(a credential.Account) bool { return a.Holder == who })
}

// accountChanged says whether the password is remembered.
func (s *signIn) accountChanged() {
	if s.account.Text != "" {
		s.setError(fieldAccount, "")
	}
	text, who := "", s.aim().Holder()
	for _, a := range s.rememberedHere() {
		if a.Holder != who {
			continue
		}
		text = lang.L("The password is in the keyring: leave this empty to use it.")
		if a.Place == credential.InMemory {
			text = lang.L("The password is known until the program ends: leave this empty to use it.")
		}
	}
	if others := len(s.rememberedHere()); text == "" && others > 0 && s.account.Text == "" {
		text = fmt.Sprintf(lang.L("Down in the account field: %s remembered accounts"), words.Number(others))
	}
	widgets.SetVisible(s.recall, len(s.rememberedHere()) > 0)
	if s.stored.Value() != text || s.stored.Visible() != (text != "") {
		s.stored.SetText(text)
		widgets.SetVisible(s.stored, text != "")
		s.arrange()
	}
}

// accountKey goes through the remembered accounts with Down and Up.
func (s *signIn) accountKey(k *fyne.KeyEvent) bool {
	here := s.rememberedHere()
	if k.Name != fyne.KeyDown && k.Name != fyne.KeyUp || len(here) == 0 {
		return false
	}
	who := s.aim().Holder()
	at := slices.IndexFunc(here, func(a credential.Account) bool { return a.Holder == who })
	switch {
	case k.Name == fyne.KeyDown:
		at++
	case at < 0:
		at = len(here) - 1
	default:
		at--
	}
	s.useAccount(here[(at+len(here))%len(here)].Account)
	return true
}

func (s *signIn) useAccount(account string) {
	s.account.SetText(account)
	s.account.CursorColumn = len([]rune(account))
	s.account.Refresh()
}

// offerAccounts shows the remembered accounts in a menu.
func (s *signIn) offerAccounts() {
	var items []*fyne.MenuItem
	for _, a := range s.rememberedHere() {
		items = append(items, fyne.NewMenuItem(a.Account, func() { s.useAccount(a.Account) }))
	}
	if len(items) == 0 {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(s.account)
	at.Y += s.account.Size().Height
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), s.window.window.Canvas(), at)
}
