package connect

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/demo"
	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/holder"
	"postroom/session/partner"
	"postroom/widgets"
)

// Dialog is the sheet that connects. UI thread only, apart from what says
// otherwise. Where to is place's, who is login's, how far it has come is
// progress's, what is done on a worker attempt's.
type Dialog struct {
	of    *Connector
	sheet *widgets.Sheet

	place    *place
	login    *login
	modern   *modern
	progress *progress
	fields   fields
	problem  *fyne.Container
	connect  *widgets.Button
	test     *widgets.Button

	deed    string              // what the primary button says
	graph   func(partner.Found) // takes the partner's tenants, in place of a session; nil where one is wanted
	only    func()              // called when the sign-in has worked, in place of all else; nil where a session is wanted
	failed  error               // why the last attempt did
	attempt *attempt            // that is on its way; nil when none is
}

const dialogWidth = 740

func (c *Connector) newDialog() *Dialog {
	return c.newDialogOf(widgets.SheetSpec{Title: lang.L("Connect"), Explanation: lang.L("Sign in to the service you manage.")}, lang.L("Connect"))
}

// newDialogOf is newDialog with another title, and another word on its primary button.
func (c *Connector) newDialogOf(spec widgets.SheetSpec, deed string) *Dialog {
	d := &Dialog{of: c, deed: deed, fields: fields{}, problem: widgets.NewColumn(0)}
	d.progress = newProgress(d.arrange)
	d.makeParts(board{desk: c.Desk, fields: d.fields, arrange: d.arrange, submit: d.Submit, wrong: d.setError, problem: d.showProblem})
	d.connect = widgets.NewPrimaryButton(deed, d.Submit)
	d.test = widgets.NewButton(lang.L("Test connection"), d.tryConnection)
	// The order is that of the Tab key.
	content := append(d.place.rows(d.fields), d.login.rows(d.fields)...)
	content = append(content, d.modern.rows(d.fields)...)
	content = append(content, d.modern.waiting.content, d.progress.steps, d.progress.queue, d.problem)
	d.problem.Hide()
	spec.Width, spec.Foot = dialogWidth, widgets.NewFoot(d.test, widgets.NewButton(lang.L("Cancel"), d.cancelled), d.connect)
	d.sheet = c.Desk.Sheets.New(spec, content...)
	d.sheet.Leave = d.cancelled
	d.begin()
	return d
}

// makeParts makes the parts, each with what it needs of the others.
func (d *Dialog) makeParts(on board) {
	c := d.of
	take := func(text string) (string, error) { return d.takeConnection(text) }
	graph := func() bool { return d.graph != nil }
	d.place = newPlace(placeNeeds{
		board: on, directory: c.Directory, book: c.Window.Book, running: c.Window.Demo, graph: graph, pasting: d.pasteConnection,
		shows:   func(e endpoint.Endpoint, method string) { d.modern.show(e, method) },
		changed: func() { d.clearErrors(); d.login.changed() },
		typed:   func(into *widgets.Entry) { d.login.typed(into.Text, into); d.login.changed() },
		take:    func(text string) { _, _ = take(text) }, takeDemo: d.forDemo,
	})
	d.login = newLogin(loginNeeds{
		board: on, holder: func() holder.Holder { return d.aim().Holder() }, server: d.place.server,
		tokens: func() bool { return d.place.endpoint.Door == endpoint.REST }, kept: func() []credential.Account { return c.accounts }, refused: func(h holder.Holder) bool { return c.refused[h] },
		signedIn: func() []string { return d.modern.names() }, take: take, told: func() { d.modern.tellSignedIn() },
	})
	d.modern = newModern(modernNeeds{
		board: on, graph: graph, account: func() string { return d.login.account.Text }, target: func() session.Target {
			return session.Target{Endpoint: d.place.chosen(), RootCAs: c.roots(d.place.chosen())}
		},
		accounts: c.Access.Tokens.Accounts, signOff: c.Access.SignOut, known: d.login.changed,
		shown: func(tokens bool) {
			widgets.SetVisible(d.login.remembering, !tokens)
			widgets.SetVisible(d.test, d.graph == nil)
		},
	}, newWaiting(waitingNeeds{board: on, cancelled: d.cancelled, notice: d.progress.notice, toEnd: func() { d.sheet.ScrollToEnd() }}))
}

// show shows the dialog, ready to type the account.
func (d *Dialog) show() {
	d.of.dialog = d
	d.sheet.Show(d.login.account)
	d.login.begin()
	d.of.loadAccounts(d.login.changed)
	d.of.checkKeyring(func(err error) {
		d.login.keyringKnown(err)
		d.modern.keyringKnown(err)
	})
}

// begin fills in what was used last.
func (d *Dialog) begin() {
	last := d.of.Settings.Get()
	d.place.set(d.place.first(last.Endpoint))
	d.login.remember.SetChecked(last.Remember)
	if d.place.endpoint.ID != last.Endpoint {
		return
	}
	d.login.setQuietly(d.login.account, last.Account)
	if d.place.endpoint.Delegation {
		d.SetTenant(d.place.tenantsHere().Of(last.Tenant))
	}
}

// forDemo fills the dialog in for the simulator's classic door; the other is among
// the places.
func (d *Dialog) forDemo(of *demo.Demo) {
	d.place.set(of.Endpoint)
	d.login.setQuietly(d.login.account, of.Server.Account())
	d.login.password.SetText(of.Server.Password())
	d.SetTenant(endpoint.Tenant{})
	d.login.changed()
}

// SetEndpoint chooses where to.
func (d *Dialog) SetEndpoint(e endpoint.Endpoint) { d.place.set(e) }

// SetTenant chooses the tenant; the zero tenant is the account's own.
func (d *Dialog) SetTenant(t endpoint.Tenant) { d.place.setTenant(t) }

// aim is the target as far as it stands in the dialog.
func (d *Dialog) aim() session.Target {
	return session.Target{
		Endpoint: d.place.chosen(), Tenant: d.place.tenant, Account: d.login.account.Text,
	}
}

// setError shows what is wrong beside a field; the empty text takes it away.
func (d *Dialog) setError(f field, text string) {
	if f == fieldPassword {
		d.login.password.SetError(text)
		return
	}
	if d.fields[f].setError(text) {
		d.arrange()
	}
}

func (d *Dialog) clearErrors() {
	for f := range d.fields {
		d.setError(f, "")
	}
	d.hideProblem()
}

// focus gives the keyboard to a field.
func (d *Dialog) focus(f field) {
	of := map[field]fyne.Focusable{
		fieldWhere: d.place.where, fieldHost: d.place.host, fieldAuth: d.place.auth, fieldTenant: d.place.tenants,
		fieldAccount: d.login.account, fieldPassword: d.login.password.Field(),
		fieldApp: d.modern.app, fieldCertificate: d.modern.file, fieldPassphrase: d.modern.passphrase.Field(),
	}
	d.of.Desk.Focus(of[f])
	if f != fieldPassword {
		return
	}
	// What was refused is replaced by what is typed next, not added to.
	if entry, ok := of[f].(fyne.Shortcutable); ok {
		entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
}

// blame shows an error beside the field that caused it, if one did, and in a
// card.
func (d *Dialog) blame(err error) {
	var wrong *fieldError
	if errors.As(err, &wrong) {
		d.setError(wrong.field, wrong.text)
		d.focus(wrong.field)
		return
	}
	if f, text, ok := blamed(err, d.place); ok {
		d.setError(f, text)
		d.focus(f)
	}
	d.showProblem(err)
}

// cancelled stops the attempt, or leaves the dialog when none is on its way.
func (d *Dialog) cancelled() {
	if d.attempt != nil {
		d.attempt.cancel()
		return
	}
	d.leave()
}

// leave closes the dialog. The password is gone from it, undo included.
func (d *Dialog) leave() {
	for _, secret := range []*widgets.PasswordEntry{d.login.password, d.modern.passphrase} {
		secret.SetText("")
		secret.Conceal()
	}
	d.sheet.Hide()
}

// setBusy closes the fields to changes while an attempt is on its way.
func (d *Dialog) setBusy(busy bool) {
	for _, f := range []enabler{d.connect, d.test} {
		enable(f, !busy)
	}
	d.place.setBusy(busy)
	d.login.setBusy(busy)
	d.modern.setBusy(busy)
	if busy {
		d.of.Desk.Focus(nil) // Escape then reaches the sheet
	}
}

// enabler can be closed to changes, and opened.
type enabler interface {
	Enable()
	Disable()
}

func enable(f enabler, enabled bool) {
	if enabled {
		f.Enable()
	} else {
		f.Disable()
	}
}

func (d *Dialog) showProblem(err error) {
	d.problem.Objects = []fyne.CanvasObject{d.of.Desk.ProblemCard(err)}
	d.problem.Show()
	d.arrange()
	d.sheet.ScrollToEnd()
}

func (d *Dialog) hideProblem() {
	d.problem.Objects = nil
	d.problem.Hide()
	d.arrange()
}

// arrange gives the dialog the size of what is in it.
func (d *Dialog) arrange() {
	if d.sheet != nil {
		d.sheet.Arrange()
	}
}

// sessionsChanged shows a place in the queue, and what could be disconnected to
// come first.
func (d *Dialog) sessionsChanged(infos []session.Info) {
	if d.attempt == nil {
		return
	}
	d.progress.queued(infos, d.aim(), d.of.Window.Offers)
}
