package connect

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/holder"
	"postroom/session/signin"
	"postroom/widgets"
)

// modern is the part of the dialog for endpoints that ask for tokens: the
// application and its certificate, who is signed in, and what is to be done in the
// browser or on another device.
type modern struct {
	modernNeeds

	app        *widgets.Entry // the client id
	borrowed   *widgets.Text  // says whose the application is
	file       *widgets.Entry // of the certificate
	browse     *widgets.Button
	passphrase *widgets.PasswordEntry
	signOut    *widgets.Button
	own        *widgets.Button // lets another application be named
	keeping    *widgets.Text   // where sign-ins are kept
	waiting    *waiting        // for the browser, or another device

	signedIn []signin.Account
	reading  desk.Order     // of signedIn
	asked    session.Target // whose accounts signedIn are
	keyring  error          // what is wrong with it
	looked   bool           // keyring is known
}

// modernNeeds are what modern needs of the rest of the dialog.
type modernNeeds struct {
	board
	graph    func() bool   // the sign-in is for Microsoft Graph, and for no session
	account  func() string // as it is typed
	target   func() session.Target
	accounts func(context.Context, session.Target) ([]signin.Account, error) // that are signed in
	signOff  func(context.Context, session.Target) error
	shown    func(tokens bool) // the place asks for tokens, or for none
	known    func()            // who is signed in has become known
}

func newModern(needs modernNeeds, w *waiting) *modern {
	m := &modern{
		modernNeeds: needs, app: widgets.NewEntry(), borrowed: widgets.NewParagraph("", widgets.CaptionText), file: widgets.NewEntry(),
		passphrase: widgets.NewPasswordEntry(), keeping: widgets.NewParagraph("", widgets.CaptionText), waiting: w,
	}
	m.app.SetPlaceHolder(endpoint.ModuleClientID)
	m.app.OnChanged = func(string) { m.tellBorrowed(); m.wrong(fieldApp, "") }
	m.app.OnSubmitted = func(string) { m.submit() }
	m.file.SetPlaceHolder("application.pfx")
	m.file.OnChanged = func(string) { m.wrong(fieldCertificate, "") }
	m.file.OnSubmitted = func(string) { m.submit() }
	m.passphrase.OnSubmitted = func(string) { m.submit() }
	m.browse = widgets.NewLink(lang.L("Choose a file ..."), m.chooseFile)
	m.signOut = widgets.NewLink(lang.L("Sign out"), m.leave)
	m.own = widgets.NewLink(lang.L("Use an application of your own ..."), func() {
		m.own.Hide()
		m.fields[fieldApp].row.Show()
		m.arrange()
		m.desk.Focus(m.app)
	})
	m.browse.Small, m.signOut.Small, m.own.Small = true, true, true
	m.signOut.Hide()
	return m
}

// rows are the rows of the dialog, in the order of the Tab key.
func (m *modern) rows(all fields) []fyne.CanvasObject {
	return []fyne.CanvasObject{
		all.add(fieldApp, lang.L("Application"), m.app, m.borrowed),
		all.add(fieldCertificate, lang.L("Certificate"), m.file, m.browse),
		all.add(fieldPassphrase, lang.L("Passphrase"), m.passphrase),
		all.add(fieldKept, "", m.keeping, widgets.NewFlow(14, m.signOut, m.own)),
	}
}

// show shows what an endpoint and a way of signing in need.
func (m *modern) show(e endpoint.Endpoint, method string) {
	rest, app := e.Door == endpoint.REST, method == endpoint.AuthApp
	rows := m.fields
	widgets.SetVisible(rows[fieldApp].row, rest && (app || e.Modern.ClientID != "" || m.graph()))
	widgets.SetVisible(m.own, e.Modern.ClientID == "" && !m.graph())
	widgets.SetVisible(rows[fieldCertificate].row, rest && app)
	widgets.SetVisible(rows[fieldPassphrase].row, rest && app)
	widgets.SetVisible(rows[fieldKept].row, rest && !app)
	widgets.SetVisible(rows[fieldAccount].row, !rest || !app)
	widgets.SetVisible(rows[fieldPassword].row, !rest)
	widgets.SetVisible(rows[fieldTenant].row, e.Delegation && (app || !m.graph()))
	m.waiting.hide()
	m.shown(rest)
	if !rest {
		return
	}
	m.tellKeeping()
	quietly(m.app, e.Modern.ClientID)
	quietly(m.file, e.Modern.Certificate)
	m.tellBorrowed()
	m.loadAccounts()
}

// keyringKnown takes over what is known of the keyring.
func (m *modern) keyringKnown(err error) {
	m.keyring, m.looked = err, true
	m.tellKeeping()
	m.arrange()
}

// tellKeeping says where sign-ins are kept, once that is known.
func (m *modern) tellKeeping() {
	text := lang.L("Postroom never sees your password.")
	switch {
	case !m.looked:
	case m.keyring == nil:
		text = lang.L("Sign-ins are kept in a sealed file; its key is in the keyring.") + " " + text
	case errors.Is(m.keyring, credential.ErrLocked):
		text = lang.L("The keyring is locked. You will be asked to unlock it when you connect; otherwise the sign-in stays in memory.") + " " + text
	case isSilent(m.keyring):
		text = words.Explain(m.keyring).Title + " " + lang.L("Until it does, sign-ins stay in memory.") + " " + text
	default:
		text = lang.L("There is no keyring here: sign-ins stay in memory until the program ends.") + " " + text
	}
	m.keeping.SetText(text)
}

// tellBorrowed says that the application is Microsoft's own, where it is.
func (m *modern) tellBorrowed() {
	text := ""
	if id := strings.TrimSpace(m.app.Text); id == "" || strings.EqualFold(id, endpoint.ModuleClientID) {
		text = lang.L("Empty: the client ID of Microsoft's own Exchange module, which Microsoft may restrict.")
	}
	m.borrowed.SetText(text)
	widgets.SetVisible(m.borrowed, text != "")
	m.arrange()
}

// accountsTime bounds the reading of who is signed in.
const accountsTime = 10 * time.Second

// loadAccounts reads who is signed in to the endpoint's cloud.
func (m *modern) loadAccounts() {
	to := m.target()
	m.signedIn, m.asked = nil, to
	overtaken := m.reading.Begin()
	m.desk.Spawn(func() { // ends when the file is read, at the latest after accountsTime
		ctx, cancel := context.WithTimeout(credential.WithoutPrompt(context.Background()), accountsTime)
		defer cancel()
		list, err := m.accounts(ctx, to)
		m.desk.Post(func() {
			if overtaken() || err != nil || m.asked.Endpoint.URL != to.Endpoint.URL {
				return // an endpoint that is not complete has nobody; another was chosen since
			}
			m.signedIn = list
			m.known()
			m.tellSignedIn()
		})
	})
}

// tellSignedIn offers to sign out who is signed in.
func (m *modern) tellSignedIn() {
	_, ok := m.ofField()
	if m.signOut.Visible() != ok {
		widgets.SetVisible(m.signOut, ok)
		m.arrange()
	}
}

// ofField is the account in the field, if it is signed in.
func (m *modern) ofField() (signin.Account, bool) {
	i := slices.IndexFunc(m.signedIn, func(a signin.Account) bool { return holder.SameAccount(a.Name, m.account()) })
	if i < 0 {
		return signin.Account{}, false
	}
	return m.signedIn[i], true
}

// names are the accounts that are signed in.
func (m *modern) names() []string {
	var names []string
	for _, a := range m.signedIn {
		names = append(names, a.Name)
	}
	return names
}

// leave signs the account out: its tokens, what the file has of it, and the key
// when it was the last.
func (m *modern) leave() {
	to := m.asked
	to.Account = m.account()
	m.change(func() error { return m.signOff(context.Background(), to) }, func() {
		m.desk.Note(widgets.Success, lang.L("Signed out."))
		m.loadAccounts()
		m.signOut.Hide()
		m.arrange()
	})
}

func (m *modern) chooseFile() {
	d := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			m.wrong(fieldCertificate, words.Explain(err).Title)
		case f != nil: // nil: cancelled
			m.file.SetText(f.URI().Path())
			_ = f.Close() // only its name is wanted

		}
	}, m.desk.Window)
	d.Show()
}

// read puts application and certificate into the endpoint.
func (m *modern) read(e endpoint.Endpoint, method string) (endpoint.Endpoint, error) {
	e.Modern.ClientID = strings.TrimSpace(m.app.Text)
	e.Modern.Certificate = strings.TrimSpace(m.file.Text)
	if _, err := e.SignIn(); err != nil {
		var invalid *endpoint.InvalidError
		if errors.As(err, &invalid) && invalid.Field == "Modern.ClientID" {
			return e, &fieldError{field: fieldApp, text: lang.L("This is not an application ID."), err: err}
		}
		return e, &fieldError{field: fieldWhere, text: words.Explain(err).Title, err: err}
	}
	if method == endpoint.AuthApp && e.Modern.Certificate == "" {
		return e, &fieldError{field: fieldCertificate, text: lang.L("Choose the file of the application's certificate."), err: signin.ErrNoCertificate}
	}
	return e, nil
}

func (m *modern) setBusy(busy bool) {
	for _, f := range []enabler{m.app, m.file, m.browse, m.passphrase, m.signOut, m.own} {
		enable(f, !busy)
	}
}
