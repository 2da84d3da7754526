package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/connect"
	"postroom/app/demo"
	"postroom/app/desk"
	"postroom/app/find"
	"postroom/app/gallery"
	"postroom/app/runs"
	"postroom/app/saving"
	"postroom/app/system"
	"postroom/app/tenants"
	"postroom/app/tray"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/access"
	"postroom/session/catalogue"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/discovery"
	"postroom/session/endpoint"
	"postroom/session/history"
	"postroom/session/job"
	"postroom/session/partner"
	"postroom/session/report"
	"postroom/widgets"
)

// mainWindow is the frame of the program's window: it puts the panels together
// and carries news from one to the others. Connection on top, cmdlets on the
// left, runs in the middle, sessions on the right. UI thread only, apart from
// what says otherwise. It has a field for each panel, as it is the one place that
// knows them all; what a panel does is the panel's.
type mainWindow struct {
	app    *App
	window fyne.Window
	desk   *desk.Desk

	connector  *connect.Connector
	saver      *saving.Saver
	book       *tenants.Book // the person's own
	accounts   *accounts     // signed in to
	bar        *topBar
	side       *widgets.SideList
	finder     *find.Finder
	reports    []report.Report
	packs      []report.Pack
	library    *report.Library // nil until the catalogue is read
	things     report.Things   // what rows are about
	group      string          // whose reports the gallery lists; "" lists the most useful
	lastRuns   map[string]history.Entry
	gallery    *gallery.Gallery
	middle     *middle
	sessions   *tray.Panel
	status     *widgets.StatusBar
	look       *look
	commands   *commands
	systemTray *system.Tray
	closing    *closing
	demo       *demoPlace // nil while no demo runs

	asking   map[session.ID]string // keys of the sets of cmdlets that were asked for
	exporter *exporter
	recorder *recorder
}

// demoPlace is the demo that runs, and the list of its tenants.
type demoPlace struct {
	*demo.Demo
	book *tenants.Book
}

// windowSize is the size at the first start: three panels and a form side by side.
var windowSize = fyne.NewSize(1360, 860)

func newMainWindow(a *App) *mainWindow {
	w := &mainWindow{app: a, window: a.fyne.NewWindow("Postroom"), accounts: newAccounts(), asking: map[session.ID]string{}}
	w.desk = desk.New(a.fyne, w.window, a.post, a.spawn)
	w.saver = saving.New(w.desk, a.settings, a.fyne.OpenURL)
	w.recorder = newRecorder(w.desk, w.saver)
	w.book = tenants.NewBook(w.desk, a.tenants, w.saver)
	w.book.OnChanged = w.tenantEdited
	w.book.Lost = func() error { return access.Lost(a.tenants, a.directory) }
	w.book.Confirm = func(ctx context.Context) error { return access.Confirm(ctx, a.tenants, a.directory) }
	w.book.Find = func(ctx context.Context, domain string) (discovery.Found, error) {
		e, err := a.directory.Find("microsoft-365")
		if err != nil {
			return discovery.Found{}, err
		}
		return a.access.Finder.Find(ctx, e, a.roots, domain)
	}
	w.sessions = tray.New(w.desk, a.manager)
	w.connector = connect.New(connect.Deps{
		Desk: w.desk, Manager: a.manager, Directory: a.directory, Vault: a.vault, Access: a.access, Keyring: a.keyring, Settings: a.settings, Roots: a.roots, Catalogues: catalogue.At(filepath.Join(a.state, catalogue.Folder)),
		Window: connect.Window{Book: w.bookOf, Demo: w.demoRunning, Traced: w.recorder.traced, Offers: w.sessions.Offers, SignedIn: w.signedIn, OpenPage: a.fyne.OpenURL},
	})
	w.sessions.Reopen = func(lost session.Info) {
		w.connector.Open(w.recorder.traced(w.accounts.of(lost, w.connector.Target(lost.Endpoint, lost.Account))))
	}
	w.sessions.SignIn = func(i session.Info) {
		w.connector.SignInFor(w.accounts.of(i, w.connector.Target(i.Endpoint, i.Account)), w.sessionsChanged)
	}
	w.book.Partners = func(done func(partner.Found)) {
		e, err := a.directory.Find("microsoft-365")
		if err != nil {
			w.desk.Problem(err)
			return
		}
		if c := w.accounts.now; c != nil && c.base.Endpoint.Door == endpoint.REST {
			e = c.base.Endpoint
		}
		w.connector.Customers(e, done)
	}
	w.bar = newTopBar(topActions{
		account: w.connector.Show, searchTenants: w.searchTenants, tenantChosen: w.tenantChosen,
		connect: w.connectPressed, palette: w.showPalette,
	})
	w.side = widgets.NewSideList()
	w.side.SetPlaceHolder(lang.L("Find a report or cmdlet"))
	w.side.OnOpen, w.side.OnEnter = w.lookAtSide, w.enterSide
	w.side.OnSearch, w.side.OnSearchKey = w.searched, w.searchKey
	w.side.OnFavourite = func(id string, favourite bool) { w.finder.Mark(keyOf(id), favourite) }
	w.finder = find.New(w.desk, a.settings)
	w.finder.OnChanged = w.showSide
	w.gallery = newGallery(w)
	w.loadReports()
	w.exporter = &exporter{desk: w.desk, saver: w.saver, exports: a.exports, copy: func(png []byte) error { return system.CopyPicture(png, a.manager.Guard) }}
	w.middle = newMiddle(w)
	w.sessions.Works = w.middle.worksIn
	w.status = widgets.NewStatusBar()
	w.closing = &closing{window: w}

	panels, split := newPanels(w)
	w.look = &look{window: w, panels: panels, split: split}
	w.commands = &commands{window: w}
	w.window.SetContent(&fyne.Container{Layout: w.desk.Fill(), Objects: []fyne.CanvasObject{panels.body, w.desk.Toasts}})
	w.window.SetPadded(false) // the bars have room of their own
	w.window.SetMaster()
	w.window.SetMainMenu(w.commands.mainMenu())
	w.systemTray = system.NewTray(a.fyne, system.TrayActions{
		Show: w.window.Show, Disconnect: w.sessions.Disconnect, DisconnectAll: w.sessions.DisconnectAll, Quit: w.closing.request,
	})
	w.window.SetCloseIntercept(w.closing.request) // after the system tray, which sets its own
	w.commands.shortcuts()
	w.recorder.changed = func() { w.window.MainMenu().Refresh(); w.sessionsChanged() }
	w.look.restore(a.settings.Get())
	w.connectionChanged()
	w.sessionsChanged()
	return w
}

// bookOf is the list that an endpoint's tenants are chosen from: those of the
// demo are made up, and kept apart.
func (w *mainWindow) bookOf(e endpoint.Endpoint) *tenants.Book {
	if w.demo != nil && (e.Kind == endpoint.KindDemo || w.demo.At(e.URL)) {
		return w.demo.book
	}
	return w.book
}

// marks knows for which tenants the person lets nothing be changed where a target leads.
func (w *mainWindow) marks(t session.Target) job.Marks {
	list := w.app.tenants
	if w.demo != nil && w.bookOf(t.Endpoint) == w.demo.book {
		list = w.demo.Tenants
	}
	return access.Marks{Tenants: list, Directory: w.app.directory, Find: w.app.access.Finder.Tenant}
}

// tellLost says that one of the person's lists could not be read, as long as they have not
// confirmed them: until then nothing is changed.
func (w *mainWindow) tellLost() {
	err := access.Lost(w.app.tenants, w.app.directory)
	if err == nil {
		return
	}
	w.desk.Post(func() {
		w.desk.Problem(err, widgets.Action{Label: lang.L("Tenants ..."), OnTapped: w.book.ShowSheet})
	})
}

// demoRunning is the demo, nil while none runs.
func (w *mainWindow) demoRunning() *demo.Demo {
	if w.demo == nil {
		return nil
	}
	return w.demo.Demo
}

// startDemo starts the simulator and offers to sign in to it.
func (w *mainWindow) startDemo() {
	if w.demo != nil {
		w.connector.ShowDemo(w.demo.Demo)
		return
	}
	w.desk.Spawn(func() { // ends when the simulator listens
		d, err := demo.Start(context.Background(), w.app.directory, w.app.demoCmdlets...)
		w.desk.Post(func() {
			if err != nil {
				w.desk.Problem(err)
				return
			}
			w.demo = &demoPlace{Demo: d, book: tenants.NewBook(w.desk, d.Tenants, w.saver)}
			w.demo.book.OnChanged = w.tenantEdited
			w.demo.book.Find = func(ctx context.Context, domain string) (discovery.Found, error) {
				return w.app.access.Finder.Find(ctx, d.Online, d.Server.RootCAs(), domain)
			}
			w.demo.book.Partners = func(done func(partner.Found)) { w.connector.Customers(d.Online, done) }
			w.sessionsChanged()
			w.connector.ShowDemo(d)
		})
	})
}

// currentBook is the list of the account that is signed in.
func (w *mainWindow) currentBook() *tenants.Book {
	if c := w.accounts.now; c != nil {
		return w.bookOf(c.base.Endpoint)
	}
	return w.book
}

func (w *mainWindow) searchTenants(text string) []widgets.Item { return w.currentBook().Search(text) }

// connectPressed signs in, opens a session again where all were disconnected, or
// disconnects.
func (w *mainWindow) connectPressed() {
	target, signedIn := w.target()
	switch {
	case !signedIn:
		w.connector.Show()
	case !w.accounts.connected(w.app.manager.Sessions()):
		w.connector.Open(target)
	default:
		w.accounts.leave(w.app.manager.Sessions())
		w.sessions.DisconnectAll()
		w.connectionChanged()
	}
}

// signedIn takes a connection over, once its first session is open.
func (w *mainWindow) signedIn(t session.Target, may catalogue.Catalogue) {
	w.accounts.signedIn(t, may)
	w.findCmdlets()
	w.currentBook().Use(t.Tenant)
	w.connectionChanged()
}

// tenantChosen makes further forms go to another tenant. It touches no session
// and no form that is open: where one is open for another tenant, the same
// cmdlet gets a form of its own.
func (w *mainWindow) tenantChosen(i widgets.Item) {
	c := w.accounts.now
	if c == nil {
		return
	}
	c.tenant = w.currentBook().Of(i.ID)
	w.currentBook().Use(c.tenant)
	w.connectionChanged()
	w.middle.follow(c.tenant)
	w.cmdletsOf(c.tenant)
}

// tenantEdited takes over the name and the colour of a tenant that is in use.
func (w *mainWindow) tenantEdited(t endpoint.Tenant) {
	if c := w.accounts.now; c != nil && c.tenant.Domain == t.Domain {
		c.tenant = t
		w.connectionChanged()
	}
}

// connectionChanged shows who is signed in, and for which tenant.
func (w *mainWindow) connectionChanged() {
	w.bar.setConnection(w.accounts.now)
	w.showSide()
	w.bar.setState(w.accounts, w.app.manager.Sessions())
	w.middle.arrange(w.accounts.now != nil)
}

// target is where the next form goes.
func (w *mainWindow) target() (session.Target, bool) {
	c := w.accounts.now
	if c == nil {
		return session.Target{}, false
	}
	t := c.base
	t.Tenant = c.tenant
	return w.recorder.traced(t), true
}

// openCmdlet opens a form for a cmdlet, for the tenant that is chosen; nil when nobody is
// signed in or the account may not run it.
func (w *mainWindow) openCmdlet(name string) *runs.Tab {
	target, ok := w.target()
	if !ok {
		return nil
	}
	i := slices.IndexFunc(w.accounts.now.cmdlets, func(c cmdlet.Cmdlet) bool { return c.Name == name })
	if i >= 0 {
		w.finder.Used(cmdletKey(name))
		return w.middle.openForm(w.accounts.now.cmdlets[i], target)
	}
	return nil
}

// sessionChanged hears of every change of a session.
func (w *mainWindow) sessionChanged(i session.Info) {
	if i.State == session.Connecting {
		w.app.claim()
	}
	if !w.closing.begun {
		w.sessions.Heard(i)
	}
	if w.accounts.back(i) {
		w.connectionChanged()
	}
	if i.State == session.Idle {
		w.bookOf(i.Endpoint).Learn(i.Tenant, i.TenantID)
		w.askCmdlets(i)
	}
	w.sessionsChanged()
}

// sessionsChanged shows the sessions in the panel, the system tray and the
// status bar.
func (w *mainWindow) sessionsChanged() {
	infos := w.app.manager.Sessions()
	w.sessions.SetSessions(infos)
	w.systemTray.SetSessions(infos)
	w.connector.SetSessions(infos)
	w.middle.setSessions(infos)
	w.bar.setState(w.accounts, infos)
	w.look.panels.count.SetText(words.Number(len(infos)))
	w.showStatus()
}

// finished tells of the end of a run that nobody looks at.
func (w *mainWindow) finished(t *runs.Tab, rows int) {
	if errors.Is(t.Err(), credential.ErrNotFound) {
		w.connector.Again(w.recorder.traced(t.Target())) // the password was forgotten
	}
	w.readLastRuns()
	if !w.middle.inFront(t) {
		w.desk.Note(widgets.Information, fmt.Sprintf(lang.L("%s has finished: %s"), t.Strip.Name(), words.Rows(rows)))
	}
}
