package app

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/endpoint"
	"postroom/session/holder"
	"postroom/widgets"
)

// signIn is the dialog that connects. UI thread only, apart from what says
// otherwise. What it reads is in signinread.go, what it does in signinwork.go.
type signIn struct {
	window *mainWindow
	sheet  *widgets.Sheet

	where    *widgets.Picker
	note     *widgets.Text // what to know about the endpoint
	forget   *widgets.Button
	paste    *widgets.Button
	unallow  *widgets.Button // takes back the redirects that were allowed
	host     *widgets.Entry  // of a template
	auth     *widgets.Picker
	customer *widgets.Picker
	account  *widgets.Entry
	recall   *tapSign // offers the accounts that are remembered
	password *widgets.PasswordEntry
	stored   *widgets.Text // says that the password is remembered
	remember *widget.Check
	keeping  *widgets.Text // says that there is no keyring
	steps    *widgets.StepList
	queue    *fyne.Container // what may be disconnected while waiting
	problem  *fyne.Container
	connect  *widgets.Button
	test     *widgets.Button
	cancel   *widgets.Button
	rows     map[signInField]*signInRow

	failed    error                  // why the last attempt did
	lengths   map[*widgets.Entry]int // of their texts, to tell pasting from typing
	endpoint  endpoint.Endpoint
	user      string // named in the connection pasted last
	method    string // of signing in; empty for the endpoint's first
	tenant    endpoint.Tenant
	demo      *demo // whose certificate to trust, when it is the demo
	hidden    bool  // the sheet was left
	noKeyring bool  // so nothing can be remembered
	stop      context.CancelFunc
}

// signInField names a field of the dialog, for errors beside it.
type signInField int

const (
	fieldWhere signInField = iota
	fieldHost
	fieldAuth
	fieldCustomer
	fieldAccount
	fieldPassword
)

// signInRow is a field with its label and the error below it.
type signInRow struct {
	row   *fyne.Container
	wrong *widgets.Text
}

func (w *mainWindow) showSignIn() {
	if s := w.signIn; s != nil && !s.hidden { // it is there already: ready to type anew
		if s.stop == nil {
			s.password.SetText("")
			w.window.Canvas().Focus(s.account)
			s.account.TypedShortcut(&fyne.ShortcutSelectAll{})
		}
		return
	}
	w.newSignIn().show()
}

// signInAgain asks for the password of a target that is not known any more.
func (w *mainWindow) signInAgain(t session.Target) {
	if s := w.signIn; s != nil && !s.hidden {
		return // it is asked for already
	}
	s := w.newSignIn()
	s.demo = w.demoAt(t.Endpoint.URL)
	s.setEndpoint(t.Endpoint)
	s.setTenant(t.Tenant)
	s.setQuietly(s.account, t.Account)
	s.show()
	s.focus(fieldPassword)
}

// show shows the dialog, ready to type the account.
func (s *signIn) show() {
	s.window.signIn = s
	s.sheet.Show(s.account)
	s.window.loadAccounts(s.accountChanged)
	s.window.checkKeyring(s.keyringKnown)
}

const signInWidth = 640

func (w *mainWindow) newSignIn() *signIn {
	s := &signIn{
		window: w, host: widgets.NewEntry(), account: widgets.NewEntry(), password: widgets.NewPasswordEntry(),
		note: widgets.NewParagraph("", widgets.CaptionText), stored: widgets.NewParagraph("", widgets.CaptionText),
		keeping: widgets.NewParagraph("", widgets.CaptionText), steps: widgets.NewStepList(),
		queue: widgets.NewColumn(6), problem: widgets.NewColumn(0), rows: map[signInField]*signInRow{}, lengths: map[*widgets.Entry]int{},
	}
	s.where = widgets.NewPicker(s.searchEndpoints, s.endpointChosen)
	s.auth = widgets.NewPicker(s.searchMethods, s.methodChosen)
	s.customer = widgets.NewPicker(w.searchTenants, s.customerChosen)
	s.customer.PlaceHolder = lang.L("Own organisation")
	s.forget = widgets.NewLink(lang.L("Forget this address"), s.forgetEndpoint)
	s.unallow = widgets.NewLink(lang.L("Ask about redirects again"), s.forgetRedirects)
	s.remember = widget.NewCheck(lang.L("Remember in the keyring of this computer"), nil)
	s.recall = newTapSign(widgets.IconChevronDown, lang.L("Accounts"), s.offerAccounts)
	s.account.ActionItem = s.recall
	s.host.SetPlaceHolder("mail.contoso.example")
	s.account.SetPlaceHolder("anna@contoso.example")
	s.account.OnChanged = func(text string) { s.typed(text, s.account); s.accountChanged() }
	s.host.OnChanged = func(text string) { s.typed(text, s.host); s.accountChanged() }
	s.password.OnChanged = func(text string) { s.passwordTyped(text) }
	s.account.OnKey = s.accountKey
	s.host.OnSubmitted = func(string) { s.submit() }
	s.account.OnSubmitted = func(string) { s.submit() }
	s.password.OnSubmitted = func(string) { s.submit() }
	s.connect = widgets.NewPrimaryButton(lang.L("Connect"), s.submit)
	s.test = widgets.NewButton(lang.L("Test connection"), s.tryConnection)
	s.cancel = widgets.NewButton(lang.L("Cancel"), s.cancelled)
	s.build()
	s.begin()
	return s
}

// build puts the parts together. The order is that of the Tab key.
func (s *signIn) build() {
	s.paste = widgets.NewLink(lang.L("Paste an address or a New-PSSession line"), s.pasteConnection)
	s.paste.Small, s.forget.Small, s.unallow.Small = true, true, true
	foot := widgets.NewFoot(s.test, s.cancel, s.connect)
	s.sheet = s.window.desk.Sheets.New(widgets.SheetSpec{
		Title:       lang.L("Connect"),
		Explanation: lang.L("Sign in to the service that you look after."),
		Width:       signInWidth, Foot: foot,
	},
		s.row(fieldWhere, lang.L("Where"), s.where, s.note, widgets.NewFlow(14, s.paste, s.forget, s.unallow)),
		s.row(fieldHost, lang.L("Server"), s.host),
		s.row(fieldAuth, lang.L("Sign-in"), s.auth),
		s.row(fieldCustomer, lang.L("Customer"), s.customer),
		s.row(fieldAccount, lang.L("Account"), s.account),
		s.row(fieldPassword, lang.L("Password"), s.password, s.stored),
		widgets.NewFormRow(widgets.NewText("", widgets.LabelText), widgets.NewColumn(0, s.remember, s.keeping)),
		s.steps,
		s.queue,
		s.problem,
	)
	s.sheet.Leave = s.cancelled
	for _, o := range []fyne.CanvasObject{s.note, s.stored, s.keeping, s.steps, s.queue, s.problem, s.recall} {
		o.Hide()
	}
}

func (s *signIn) row(f signInField, label string, field ...fyne.CanvasObject) fyne.CanvasObject {
	r := &signInRow{wrong: widgets.NewParagraph("", widgets.ErrorText)}
	r.wrong.Hide()
	parts := append([]fyne.CanvasObject{field[0], r.wrong}, field[1:]...)
	r.row = widgets.NewFormRow(widgets.NewParagraph(label, widgets.LabelText), widgets.NewColumn(3, parts...))
	s.rows[f] = r
	return r.row
}

// begin fills in what was used last.
func (s *signIn) begin() {
	last := s.window.app.settings.get()
	s.setEndpoint(s.window.firstEndpoint(last.Endpoint))
	s.remember.SetChecked(last.Remember)
	if s.endpoint.ID != last.Endpoint {
		return
	}
	s.setQuietly(s.account, last.Account)
	if s.endpoint.Delegation {
		s.setTenant(s.window.tenantOf(last.Tenant))
	}
}

// firstEndpoint is the one that the person most likely wants: the last one,
// else one of their own, else the catalogue's first.
func (w *mainWindow) firstEndpoint(last string) endpoint.Endpoint {
	all := w.app.directory.All()
	for _, fits := range []func(endpoint.Endpoint) bool{
		func(e endpoint.Endpoint) bool { return last != "" && e.ID == last },
		func(e endpoint.Endpoint) bool { return e.Own },
		func(e endpoint.Endpoint) bool { return e.Kind != endpoint.KindDemo },
	} {
		if i := slices.IndexFunc(all, fits); i >= 0 {
			return all[i]
		}
	}
	return endpoint.Endpoint{}
}

func (s *signIn) searchEndpoints(text string) []widgets.Item {
	if at, err := s.window.app.directory.Read(text); err == nil && looksLikeConnection(text) {
		return []widgets.Item{{ID: pastedID + text, Title: at.Endpoint.In(lang.L("en")).Name, Detail: at.Endpoint.URL}}
	}
	var items []widgets.Item
	for _, e := range s.window.app.directory.All() {
		if e.Kind == endpoint.KindDemo {
			continue // it has a card of its own
		}
		e = e.In(lang.L("en"))
		if !words.Contains(e.Name+" "+e.URL, text) {
			continue
		}
		item := widgets.Item{ID: e.ID, Title: e.Name, Group: endpointGroup(e)}
		if s.window.app.directory.Closed(e, lang.L("en")) != "" {
			item.Detail = lang.L("closed")
		}
		items = append(items, item)
	}
	return items
}

// pastedID stands before a text that was pasted into the search for endpoints.
const pastedID = "pasted:"

func endpointGroup(e endpoint.Endpoint) string {
	switch {
	case e.Own:
		return lang.L("Your own")
	case e.Kind == endpoint.KindOnPremises, e.Kind == endpoint.KindWindows:
		return lang.L("Your own servers")
	}
	return lang.L("Microsoft's cloud")
}

func (s *signIn) endpointChosen(i widgets.Item) {
	if text, pasted := strings.CutPrefix(i.ID, pastedID); pasted {
		s.takeConnection(text)
		return
	}
	e, err := s.window.app.directory.Find(i.ID)
	if err != nil {
		s.showProblem(err)
		return
	}
	s.demo = nil
	s.setEndpoint(e)
}

func (s *signIn) setEndpoint(e endpoint.Endpoint) {
	s.endpoint, s.method = e, ""
	shown := e.In(lang.L("en"))
	s.where.SetItem(widgets.Item{ID: e.ID, Title: shown.Name})
	note, role := shown.Note, widgets.CaptionText
	if closed := s.window.app.directory.Closed(e, lang.L("en")); closed != "" {
		note, role = strings.TrimSpace(closed+" "+shown.Note), widgets.WarningText
	}
	if note == "" && !e.Template() {
		note = e.URL
	}
	s.note.SetText(note)
	s.note.SetRole(role)
	widgets.SetVisible(s.note, note != "")
	widgets.SetVisible(s.forget, e.Own && e.ID != "")
	widgets.SetVisible(s.unallow, len(s.window.app.directory.Redirects(e.ID)) > 0)
	widgets.SetVisible(s.rows[fieldHost].row, e.Template())
	widgets.SetVisible(s.rows[fieldAuth].row, len(e.Auth) > 1)
	if len(e.Auth) > 0 {
		s.auth.SetItem(methodItem(e.Auth[0]))
	}
	widgets.SetVisible(s.rows[fieldCustomer].row, e.Delegation)
	if !e.Delegation {
		s.setTenant(endpoint.Tenant{})
	}
	s.clearErrors()
	s.accountChanged()
}

func (s *signIn) searchMethods(text string) []widgets.Item {
	var items []widgets.Item
	for _, m := range s.endpoint.Auth {
		if item := methodItem(m); words.Contains(item.Title, text) {
			items = append(items, item)
		}
	}
	return items
}

func methodItem(method string) widgets.Item {
	titles := map[string]string{endpoint.AuthBasic: "Basic", endpoint.AuthNTLM: "NTLM", endpoint.AuthKerberos: "Kerberos"}
	return widgets.Item{ID: method, Title: titles[method]}
}

func (s *signIn) methodChosen(i widgets.Item) { s.method = i.ID }

func (s *signIn) customerChosen(i widgets.Item) {
	s.tenant = s.window.tenantOf(i.ID)
	s.setError(fieldCustomer, "")
}

func (s *signIn) setTenant(t endpoint.Tenant) {
	s.tenant = t
	s.customer.SetItem(tenantItem(t))
}

// forDemo fills the dialog in for the simulator.
func (s *signIn) forDemo(d *demo) {
	s.demo = d
	s.setEndpoint(d.endpoint)
	s.setQuietly(s.account, d.server.Account())
	s.password.SetText(d.server.Password())
	s.setTenant(endpoint.Tenant{})
	s.accountChanged()
}

// forgetRedirects takes back what was allowed for the endpoint.
func (s *signIn) forgetRedirects() {
	id, w := s.endpoint.ID, s.window
	w.spawn(func() { // ends when the file is written
		err := w.app.directory.ForgetRedirects(context.Background(), id)
		w.post(func() {
			if err != nil {
				s.showProblem(err)
				return
			}
			s.unallow.Hide()
			s.arrange()
		})
	})
}

// forgetEndpoint takes an endpoint of the person off the list.
func (s *signIn) forgetEndpoint() {
	id := s.endpoint.ID
	w := s.window
	w.spawn(func() { // ends when the file is written
		err := w.app.directory.Remove(context.Background(), id)
		w.post(func() {
			if err != nil {
				s.showProblem(err)
				return
			}
			s.setEndpoint(w.firstEndpoint(""))
		})
	})
}

// server is the host that the password is for; empty while it is not known.
func (s *signIn) server() string {
	server, err := holder.ServerOf(s.chosen().URL)
	if err != nil {
		return ""
	}
	return server
}

// aim is the target as far as it stands in the dialog.
func (s *signIn) aim() session.Target {
	return session.Target{
		Endpoint: s.chosen(), Tenant: s.tenant, Account: s.account.Text,
	}
}

// chosen is the endpoint with the host that was typed.
func (s *signIn) chosen() endpoint.Endpoint {
	if s.endpoint.Template() {
		return s.endpoint.WithHost(strings.TrimSpace(s.host.Text))
	}
	return s.endpoint
}

// setQuietly replaces a text that no person typed.
func (s *signIn) setQuietly(e *widgets.Entry, text string) {
	changed := e.OnChanged
	e.OnChanged = nil
	e.SetText(text)
	e.OnChanged = changed
	s.lengths[e] = len(text)
}
