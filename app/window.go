package app

import (
	"errors"
	"fmt"
	"image/color"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/widgets"
)

// mainWindow is the program's window: connection on top, cmdlets on the left,
// runs in the middle, sessions on the right. UI thread only, apart from what
// says otherwise.
type mainWindow struct {
	app    *App
	window fyne.Window
	desk   *desk.Desk

	account *widgets.Button
	tenants *widgets.Picker
	connect *widgets.Button
	side    *widgets.SideList
	tabs    *widgets.Tabs
	tray    *widgets.SessionTray
	status  *widgets.StatusBar
	palette *widgets.CommandPalette
	state   *widgets.Text // of the connection, in a word
	welcome fyne.CanvasObject
	ready   fyne.CanvasObject // connected, and nothing open yet
	top     *fyne.Container   // account, tenant, connect, state, search

	connection *connection
	open       []*runTab      // in the order of the tabs
	ended      []session.Info // lost sessions that the tray still shows
	elsewhere  slots          // what others hold of the accounts in use here
	systemTray *systemTray    // nil where the desktop has none
	farewell   *farewell      // shown while the program closes; nil before
	quitting   bool
	exporting  int // files that are being written
	demo       *demo

	bases    map[base]session.Target // signed in to since the start
	signIn   *signIn                 // the dialog shown last
	accounts []credential.Account    // with a remembered password
	asking   chan struct{}           // held by the worker that asks about a redirect

	recording *recording // nil while no trace is recorded
	traceItem *fyne.MenuItem
}

// connection is the account that is signed in, and the tenant chosen last.
type connection struct {
	base    session.Target // without tenant
	tenant  endpoint.Tenant
	cmdlets []cmdlet.Cmdlet
}

// windowSize is the size at the first start: three panels and a form side by side.
var windowSize = fyne.NewSize(1360, 860)

func newMainWindow(a *App) *mainWindow {
	w := &mainWindow{app: a, window: a.fyne.NewWindow("Postroom"), asking: make(chan struct{}, 1), bases: map[base]session.Target{}}
	w.desk = desk.New(a.fyne, w.window, a.post, a.spawn)
	w.account = widgets.NewButton(lang.L("Not connected"), w.showSignIn)
	w.tenants = widgets.NewPicker(w.searchTenants, w.tenantChosen)
	w.tenants.PlaceHolder = lang.L("Own organisation")
	w.connect = widgets.NewPrimaryButton(lang.L("Connect"), w.connectPressed)
	w.side = widgets.NewSideList()
	w.side.SetPlaceHolder(lang.L("Find a cmdlet"))
	w.side.OnOpen = w.openCmdlet
	w.tabs = widgets.NewTabs()
	w.tabs.OnClose = w.closeTab
	w.tray = widgets.NewSessionTray()
	w.tray.OnDisconnect = w.disconnect
	w.tray.OnDisconnectAll = w.disconnectAll
	w.tray.OnReconnect = w.reconnect
	w.tray.OnKeep = w.keep
	w.tray.OnGiveUp = w.disconnect
	w.status = widgets.NewStatusBar()
	w.state = widgets.NewCutText("", widgets.MutedText)
	w.palette = widgets.NewCommandPalette(w.searchEverything, w.everythingChosen)
	w.welcome = w.newWelcome()
	w.ready = w.newReady()

	w.window.SetContent(&fyne.Container{Layout: w.desk.Fill(), Objects: []fyne.CanvasObject{w.layout(), w.desk.Toasts}})
	w.window.SetPadded(false) // the bars have room of their own
	w.window.Resize(windowSize)
	w.window.SetMaster()
	w.window.SetMainMenu(w.mainMenu())
	w.systemTray = newSystemTray(w)
	w.window.SetCloseIntercept(w.requestQuit) // after the system tray, which sets its own
	w.shortcuts()
	w.connectionChanged()
	w.sessionsChanged()
	return w
}

func (w *mainWindow) layout() fyne.CanvasObject {
	search := widgets.NewButton(lang.L("Search everything")+"   "+lang.L("Ctrl+K"), w.showPalette)
	w.top = &fyne.Container{Layout: &topLayout{w.state}, Objects: []fyne.CanvasObject{w.account, w.tenants, w.connect, w.state, search}}
	left := widgets.NewSideSplit(w.side, container.NewStack(w.welcome, w.ready, w.tabs), sideWidth)
	return &fyne.Container{Layout: &panelsLayout{}, Objects: []fyne.CanvasObject{
		w.top, widget.NewSeparator(), left, widget.NewSeparator(), w.tray, w.status,
	}}
}

// fixedWidth keeps an object at a width, whatever it would like.
func fixedWidth(o fyne.CanvasObject, width float32) fyne.CanvasObject {
	strut := canvas.NewRectangle(color.Transparent)
	strut.SetMinSize(fyne.NewSize(width, 0))
	return container.NewStack(strut, o)
}

func (w *mainWindow) mainMenu() *fyne.MainMenu {
	quit := fyne.NewMenuItem(lang.L("Quit"), w.requestQuit)
	quit.IsQuit = true // Fyne adds none of its own, which would not disconnect
	quit.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyQ, Modifier: fyne.KeyModifierShortcutDefault}
	connect := fyne.NewMenuItem(lang.L("Connect ..."), w.showSignIn)
	connect.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyN, Modifier: fyne.KeyModifierShortcutDefault}
	w.traceItem = fyne.NewMenuItem(lang.L("Record a protocol trace ..."), w.toggleTrace)
	keys := fyne.NewMenuItem(lang.L("Keyboard"), w.showKeys)
	keys.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyF1, Modifier: fyne.KeyModifierShortcutDefault}
	return fyne.NewMainMenu(
		fyne.NewMenu(lang.L("Session"), connect,
			fyne.NewMenuItem(lang.L("Disconnect all"), w.disconnectAll),
			fyne.NewMenuItemSeparator(),
			fyne.NewMenuItem(lang.L("Tenants ..."), w.showTenants),
			fyne.NewMenuItem(lang.L("Remembered passwords ..."), w.showPasswords),
			fyne.NewMenuItemSeparator(), quit),
		fyne.NewMenu(lang.L("View"),
			fyne.NewMenuItem(lang.L("Light"), func() { w.setTheme(widgets.AlwaysLight) }),
			fyne.NewMenuItem(lang.L("Dark"), func() { w.setTheme(widgets.AlwaysDark) }),
			fyne.NewMenuItem(lang.L("As the desktop"), func() { w.setTheme(widgets.FollowSystem) })),
		fyne.NewMenu(lang.L("Help"), keys, w.traceItem, fyne.NewMenuItem(lang.L("About"), w.showAbout)),
	)
}

func (w *mainWindow) setTheme(m widgets.Mode) { w.app.fyne.Settings().SetTheme(widgets.NewTheme(m)) }

// shortcuts are those of no menu.
func (w *mainWindow) shortcuts() {
	add := func(key fyne.KeyName, do func()) {
		w.window.Canvas().AddShortcut(
			&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault},
			func(fyne.Shortcut) { do() })
	}
	add(fyne.KeyK, w.showPalette)
	add(fyne.KeyReturn, func() { w.withTab(func(t *runTab) { t.form.Run() }) })
	add(fyne.KeyE, func() { w.withTab((*runTab).exportShown) })
	add(fyne.KeyW, func() {
		if tab := w.tabs.Selected(); tab != nil {
			w.closeTab(tab)
		}
	})
	add(fyne.KeyF, func() { w.withTab(func(t *runTab) { w.focus(t.filter) }) })
	add(fyne.KeyTab, func() { w.tabs.SelectNext(1) })
	add(fyne.KeyPageDown, func() { w.tabs.SelectNext(1) })
	add(fyne.KeyPageUp, func() { w.tabs.SelectNext(-1) })
	w.window.Canvas().AddShortcut(
		&desktop.CustomShortcut{KeyName: fyne.KeyTab, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift},
		func(fyne.Shortcut) { w.tabs.SelectNext(-1) })
	add(fyne.KeyL, w.side.FocusSearch)
	add(fyne.KeyT, w.tenants.Open)
	w.window.Canvas().SetOnTypedKey(w.typedKey)
}

// typedKey takes the keys that no widget has a use for.
func (w *mainWindow) typedKey(k *fyne.KeyEvent) {
	if w.desk.Sheets.Typed(k) {
		return
	}
	switch k.Name {
	case fyne.KeyF1:
		w.showKeys()
	case fyne.KeyF5:
		w.withTab(func(t *runTab) { t.form.Run() })
	case fyne.KeyEscape:
		w.withTab((*runTab).escape)
	}
}

func (w *mainWindow) withTab(do func(*runTab)) {
	if i := w.tabs.SelectedIndex(); i >= 0 && i < len(w.open) {
		do(w.open[i])
	}
}

func (w *mainWindow) showPalette() { w.palette.Show(w.window.Canvas()) }

// connectPressed signs in, opens a session again where all were disconnected, or
// disconnects.
func (w *mainWindow) connectPressed() {
	target, signedIn := w.target()
	switch {
	case !signedIn:
		w.showSignIn()
	case !w.connected():
		w.openSession(target)
	default:
		w.disconnectAll()
		w.connection = nil
		w.connectionChanged()
	}
}

// connected tells whether the account that is signed in has a session, or gets
// one.
func (w *mainWindow) connected() bool {
	c := w.connection
	return c != nil && slices.ContainsFunc(w.app.manager.Sessions(), func(i session.Info) bool {
		return i.Holder == c.base.Holder() && i.Endpoint.URL == c.base.Endpoint.URL
	})
}

// showState says at the top how the connection is, and what its button does.
func (w *mainWindow) showState() {
	text, role, button, style := "", widgets.MutedText, lang.L("Connect"), widgets.PrimaryButton
	switch {
	case w.connected():
		text, role, button, style = lang.L("connected"), widgets.SuccessText, lang.L("Disconnect"), widgets.PlainButton
	case w.connection != nil:
		text = lang.L("no session open; a run opens one")
	}
	w.state.SetText(text)
	w.state.SetRole(role)
	w.connect.SetText(button)
	w.connect.SetStyle(style)
	w.top.Refresh() // the texts may need more room
}

// signedIn takes a connection over, once its first session is open.
func (w *mainWindow) signedIn(t session.Target, cmdlets []cmdlet.Cmdlet) {
	own := t
	own.Tenant = endpoint.Tenant{}
	w.bases[base{own.Holder(), own.Endpoint.URL}] = own
	w.connection = &connection{base: own, tenant: t.Tenant, cmdlets: slices.DeleteFunc(slices.Clone(cmdlets), plumbing)}
	w.useTenant(t.Tenant)
	w.connectionChanged()
}

// connectionChanged shows who is signed in, and for which tenant.
func (w *mainWindow) connectionChanged() {
	c := w.connection
	if c == nil {
		w.account.SetText(lang.L("Not connected"))
		w.tenants.Clear()
		w.side.SetSections(nil)
	} else {
		w.account.SetText(c.base.Account + " · " + c.base.Endpoint.Name)
		w.tenants.SetItem(tenantItem(c.tenant))
		w.side.SetSections(cmdletSections(c.cmdlets))
	}
	w.showState()
	for _, t := range w.open {
		t.tenantChanged()
	}
	w.showMiddle()
}

// showMiddle shows the tabs or, without any, what there is to do next.
func (w *mainWindow) showMiddle() {
	widgets.SetVisible(w.tabs, len(w.open) > 0)
	widgets.SetVisible(w.welcome, len(w.open) == 0 && w.connection == nil)
	widgets.SetVisible(w.ready, len(w.open) == 0 && w.connection != nil)
}

// plumbing tells the commands that every restricted session has for the sake of
// PowerShell's own client (InitialSessionState.CreateRestricted): they look after
// no mail, and to leave the session by one of them would only confuse.
func plumbing(c cmdlet.Cmdlet) bool {
	switch c.Name {
	case "Exit-PSSession", "Get-Command", "Get-FormatData", "Measure-Object", "Out-Default", "Select-Object":
		return true
	}
	return false
}

// cmdletSections groups the cmdlets by noun, as they belong together.
func cmdletSections(cmdlets []cmdlet.Cmdlet) []widgets.SideSection {
	groups := map[string][]widgets.SideItem{}
	for _, c := range cmdlets {
		_, noun, _ := strings.Cut(c.Name, "-")
		groups[noun] = append(groups[noun], widgets.SideItem{ID: c.Name, Title: c.Name, Hint: c.Synopsis})
	}
	section := widgets.SideSection{Title: fmt.Sprintf(lang.L("Cmdlets · %s for your role"), words.Number(len(cmdlets)))}
	for noun, items := range groups {
		slices.SortFunc(items, func(a, b widgets.SideItem) int { return strings.Compare(a.Title, b.Title) })
		section.Groups = append(section.Groups, widgets.SideGroup{Title: noun, Items: items})
	}
	slices.SortFunc(section.Groups, func(a, b widgets.SideGroup) int { return strings.Compare(a.Title, b.Title) })
	return []widgets.SideSection{section}
}

// openCmdlet opens a tab for a cmdlet.
func (w *mainWindow) openCmdlet(name string) {
	if w.connection == nil {
		return
	}
	i := slices.IndexFunc(w.connection.cmdlets, func(c cmdlet.Cmdlet) bool { return c.Name == name })
	if i < 0 {
		return
	}
	t := newRunTab(w, w.connection.cmdlets[i])
	w.open = append(w.open, t)
	w.tabs.Append(t.tab)
	w.tabs.Select(t.tab)
	w.showMiddle()
	t.form.FocusFirst()
}

// closeTab closes a tab and stops its run. The session stays.
func (w *mainWindow) closeTab(tab *widgets.Tab) {
	i := slices.Index(w.tabs.Items(), tab)
	if i < 0 || i >= len(w.open) {
		return
	}
	w.open[i].close()
	w.open = slices.Delete(w.open, i, i+1)
	w.tabs.Remove(tab)
	w.showMiddle()
}

func (w *mainWindow) searchEverything(text string) []widgets.Item {
	var items []widgets.Item
	for _, i := range w.searchTenants(text) {
		i.Group = lang.L("Tenants")
		i.ID = "tenant:" + i.ID
		items = append(items, i)
	}
	if w.connection == nil {
		return items
	}
	text = strings.ToLower(strings.TrimSpace(text))
	for _, c := range w.connection.cmdlets {
		if strings.Contains(strings.ToLower(c.Name), text) {
			items = append(items, widgets.Item{ID: "cmdlet:" + c.Name, Title: c.Name, Detail: c.Synopsis, Group: lang.L("Cmdlets")})
		}
	}
	return items
}

func (w *mainWindow) everythingChosen(i widgets.Item) {
	kind, id, _ := strings.Cut(i.ID, ":")
	if kind == "tenant" {
		i.ID = id
		w.tenantChosen(i)
		return
	}
	w.openCmdlet(id)
}

// target is where the next run goes.
func (w *mainWindow) target() (session.Target, bool) {
	if w.connection == nil {
		return session.Target{}, false
	}
	t := w.connection.base
	t.Tenant = w.connection.tenant
	return w.traced(t), true
}

func (w *mainWindow) sessions() *session.Manager { return w.app.manager }

func (w *mainWindow) menu(at fyne.Position, items ...*fyne.MenuItem) { w.desk.Menu(at, items...) }

func (w *mainWindow) problemCard(err error) *widgets.ProblemCard { return w.desk.ProblemCard(err) }

func (w *mainWindow) post(f func()) { w.app.post(f) }

func (w *mainWindow) spawn(f func()) { w.app.spawn(f) }

func (w *mainWindow) focus(f fyne.Focusable) { w.desk.Focus(f) }

func (w *mainWindow) tabsChanged() { w.tabs.Refresh() }

func (w *mainWindow) copied(text string) { w.desk.Copy(text) }

// finished tells of the end of a run that nobody looks at.
func (w *mainWindow) finished(t *runTab) {
	if errors.Is(t.run.err, credential.ErrNotFound) {
		w.signInAgain(t.run.target) // the password was forgotten
	}
	if i := slices.Index(w.open, t); i >= 0 && w.tabs.SelectedIndex() != i {
		w.desk.Note(widgets.Information, fmt.Sprintf(lang.L("%s has finished: %s"), t.tab.Title, words.Rows(t.run.total)))
	}
}
