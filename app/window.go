package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/connect"
	"postroom/app/demo"
	"postroom/app/desk"
	"postroom/app/find"
	"postroom/app/runs"
	"postroom/app/saving"
	"postroom/app/system"
	"postroom/app/tenants"
	"postroom/app/tray"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/access"
	"postroom/session/catalogue"
	"postroom/session/credential"
	"postroom/session/discovery"
	"postroom/session/endpoint"
	"postroom/session/partner"
	"postroom/session/reference"
	"postroom/widgets"
)

// mainWindow is the frame of the program's window: it puts the panels together
// and carries news from one to the others. Connection on top, cmdlets on the
// left, runs in the middle, sessions on the right. UI thread only, apart from
// what says otherwise. It is the one place that knows all panels and parts; what
// they do is theirs.
type mainWindow struct {
	app    *App
	window fyne.Window
	desk   *desk.Desk
	windowPanels
	windowParts

	saver    *saving.Saver
	kept     remembering
	accounts *accounts // signed in to
	finder   *find.Finder
	demo     *demoPlace // nil while no demo runs
}

// windowPanels are what stands in the window.
type windowPanels struct {
	connector  *connect.Connector
	bar        *topBar
	side       *widgets.SideList
	gallery    *galleryPage
	middle     *middle
	sessions   *tray.Panel
	status     *statusLine
	look       *look
	systemTray *system.Tray
}

// demoPlace is the demo that runs, and the list of its tenants.
type demoPlace struct {
	*demo.Demo
	book *tenants.Book
}

// windowSize is the size at the first start: three panels and a form side by side.
var windowSize = fyne.NewSize(1360, 860)

func newMainWindow(a *App) *mainWindow {
	w := &mainWindow{app: a, window: a.fyne.NewWindow("Postroom"), accounts: newAccounts()}
	w.desk = desk.New(a.fyne, w.window, a.post, a.spawn)
	w.saver, w.kept = saving.New(w.desk, a.settings, a.fyne.OpenURL), remembering{w.desk, a.settings}
	w.finder = find.New(w.desk, a.settings)
	w.sessions, w.side, w.gallery, w.middle = tray.New(w.desk, a.manager), widgets.NewSideList(), &galleryPage{}, &middle{}
	w.windowParts = newWindowParts(w)
	w.tenants.own = tenants.NewBook(w.desk, a.tenants, w.saver)
	w.tenants.own.OnChanged = w.tenants.edited
	w.tenants.own.Lost = func() error { return access.Lost(a.tenants, a.directory) }
	w.tenants.own.Confirm = func(ctx context.Context) error { return access.Confirm(ctx, a.tenants, a.directory) }
	w.tenants.own.Find = func(ctx context.Context, domain string) (discovery.Found, error) {
		e, err := a.directory.Find("microsoft-365")
		if err != nil {
			return discovery.Found{}, err
		}
		return a.access.Finder.Find(ctx, e, a.roots, domain)
	}
	w.status = &statusLine{
		sessions: a.manager.Sessions, panel: w.sessions, running: w.middle.running, demo: func() bool { return w.demo != nil },
	}
	w.connector = connect.New(connect.Deps{
		Desk: w.desk, Manager: a.manager, Directory: a.directory, Vault: a.vault, Access: a.access, Keyring: a.keyring, Settings: a.settings, Roots: a.roots, Catalogues: catalogue.At(filepath.Join(a.state, catalogue.Folder)),
		Window: connect.Window{Book: w.tenants.of, Demo: w.demoRunning, Traced: w.recorder.traced, Offers: w.sessions.Offers, SignedIn: w.signedIn, OpenPage: a.fyne.OpenURL},
	})
	w.sessions.Reopen = func(lost session.Info) {
		w.connector.Open(w.recorder.traced(w.accounts.of(lost, w.connector.Target(lost.Endpoint, lost.Account))))
	}
	w.sessions.SignIn = func(i session.Info) {
		w.connector.SignInFor(w.accounts.of(i, w.connector.Target(i.Endpoint, i.Account)), w.sessionsChanged)
	}
	w.tenants.own.Partners = func(done func(partner.Found)) {
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
	w.roles.kept, w.roles.mayRun = w.connector.Catalogues, w.connector.MayRun
	w.bar = newTopBar(topActions{
		account: w.connector.Show, searchTenants: w.tenants.search, tenantChosen: w.tenants.chosen,
		connect: w.connectPressed, palette: w.palette.show,
	})
	w.side.SetPlaceHolder(lang.L("Find a report or cmdlet"))
	w.side.OnOpen, w.side.OnEnter = w.contents.lookAt, w.contents.enter
	w.side.OnSearch, w.side.OnSearchKey = w.search.typed, w.search.key
	w.side.OnFavourite = func(id string, favourite bool) { w.finder.Mark(keyOf(id), favourite) }
	w.finder.OnChanged = w.contents.show
	w.gallery.make(w.schedules.front, w.own.duplicate)
	w.reports.load()
	w.desk.Spawn(reference.Prepare) // ends when it is read; nobody has a list of cmdlets yet
	w.middle.make(newWelcome(w.connector.Show, w.startDemo, w.tenants.own.ShowSheet), w.gallery.Content)
	w.middle.deps = tabDeps(w)
	w.sessions.Works = w.middle.worksIn
	w.status.bar = widgets.NewStatusBar()

	panels, split := newPanels(shown{bar: w.bar.content, side: w.side, middle: w.middle.content, sessions: w.sessions.Content(), status: w.status.bar})
	w.look = &look{
		remembering: w.kept, window: w.window, useTheme: a.fyne.Settings().SetTheme, panels: panels, split: split,
		spoken: a.settings.Get().Language, chose: func() { w.commands.mark() },
	}
	w.commands = newCommands(w)
	w.desk.Toasts.Over = w.side
	w.window.SetContent(&fyne.Container{Layout: w.desk.Fill(), Objects: []fyne.CanvasObject{panels.body, w.desk.Toasts}})
	w.window.SetPadded(false) // the bars have room of their own
	w.window.SetMaster()
	w.window.SetMainMenu(w.commands.mainMenu())
	w.systemTray = system.NewTray(a.fyne, system.TrayActions{
		Show:       w.window.Show,
		Disconnect: func(id session.ID) { w.sessions.Disconnect(id); w.showQuestion() }, DisconnectAll: func() { w.sessions.DisconnectAll(); w.showQuestion() },
		Quit: func() { w.closing.request(); w.showQuestion() },
	})
	w.window.SetCloseIntercept(w.closing.request) // after the system tray, which sets its own
	w.commands.shortcuts()
	w.recorder.changed = func() { w.window.MainMenu().Refresh(); w.sessionsChanged() }
	w.look.restore(a.settings.Get())
	w.connectionChanged()
	w.sessionsChanged()
	return w
}

// showQuestion brings the window to the front where it asks something: what was chosen in
// the desktop's tray may need an answer.
func (w *mainWindow) showQuestion() {
	if w.desk.Sheets.Top() != nil {
		w.window.Show()
		w.window.RequestFocus()
	}
}

// quit ends the program, once its sessions are closed.
func (w *mainWindow) quit() {
	w.app.over.Store(true)
	w.app.endAfter(toolkitTime)
	w.app.fyne.Quit()
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
		d, err := demo.Start(context.Background(), w.app.directory, w.app.demoSize)
		w.desk.Post(func() {
			if err != nil {
				w.desk.Problem(err)
				return
			}
			w.demo = &demoPlace{Demo: d, book: tenants.NewBook(w.desk, d.Tenants, w.saver)}
			w.demo.book.OnChanged = w.tenants.edited
			w.demo.book.Find = func(ctx context.Context, domain string) (discovery.Found, error) {
				return w.app.access.Finder.Find(ctx, d.Online, d.Server.RootCAs(), domain)
			}
			w.demo.book.Partners = func(done func(partner.Found)) { w.connector.Customers(d.Online, done) }
			w.sessionsChanged()
			w.connector.ShowDemo(d)
		})
	})
}

// connectPressed signs in, opens a session again where all were disconnected, or
// disconnects.
func (w *mainWindow) connectPressed() {
	target, signedIn := w.opening.target()
	switch {
	case !signedIn:
		w.connector.Show()
	case !w.accounts.connected(w.app.manager.Sessions()):
		w.connector.Open(target)
	default:
		w.sessions.DisconnectThen(func() {
			w.accounts.leave(w.app.manager.Sessions())
			w.connectionChanged()
		})
	}
}

// checkAccess checks the way to the account's tenants; where nobody is signed in, the dialog
// that connects has a test of its own.
func (w *mainWindow) checkAccess() {
	ways := w.tenants.reached()
	if len(ways) == 0 {
		w.connector.Show()
		return
	}
	for i := range ways {
		ways[i] = w.recorder.traced(ways[i])
	}
	w.connector.ShowChecks(ways)
}

// signedIn takes a connection over, once its first session is open.
func (w *mainWindow) signedIn(t session.Target, may catalogue.Catalogue) {
	w.accounts.signedIn(t, may)
	w.cmdlets.makeFindable()
	w.tenants.current().Use(t.Tenant)
	w.connectionChanged()
}

// connectionChanged shows who is signed in, and for which tenant.
func (w *mainWindow) connectionChanged() {
	w.bar.setConnection(w.accounts.now)
	w.contents.show()
	w.bar.setState(w.accounts, w.app.manager.Sessions())
	w.middle.arrange(w.accounts.now != nil)
}

// heard hears of every change of a session, and shows them together.
func (w *mainWindow) heard(news []session.Info) {
	for _, i := range news {
		w.sessionChanged(i)
	}
	w.sessionsChanged()
}

// sessionChanged hears of a change of a session.
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
		w.tenants.of(i.Endpoint).Learn(i.Tenant, i.TenantID)
		w.roles.ask(i)
	}
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
	w.status.show()
}

// finished tells of the end of a run that nobody looks at.
func (w *mainWindow) finished(t *runs.Tab, rows int) {
	if errors.Is(t.Err(), credential.ErrNotFound) {
		w.connector.Again(w.recorder.traced(t.Target())) // the password was forgotten
	}
	w.gallery.readLastRuns()
	if !w.middle.inFront(t) {
		w.desk.Note(widgets.Information, fmt.Sprintf(lang.L("%s has finished: %s"), t.Strip.Name(), words.Rows(rows)))
	}
}
