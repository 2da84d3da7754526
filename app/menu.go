package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"postroom/app/endpoints"
	"postroom/app/runs"
	"postroom/app/settings"
)

// action is something that can be done from the menu and from the palette.
type action struct {
	title string
	key   fyne.KeyName // with Ctrl, or Command on a Mac; empty for none
	do    func()
}

// commands are what can be done in the window, by menu, palette and keys.
type commands struct {
	window *mainWindow
	keys   fyne.ShortcutHandler
}

// all are the actions, in the order of the menus.
func (c *commands) all() []action {
	var all []action
	for _, menu := range [][]action{c.sessionActions(), c.reportActions(), c.viewActions(), c.helpActions()} {
		all = append(all, menu...)
	}
	return all
}

func (c *commands) sessionActions() []action {
	w := c.window
	return []action{
		{title: lang.L("Connect ..."), key: fyne.KeyN, do: w.connector.Show},
		{title: lang.L("Disconnect all"), do: w.sessions.DisconnectAll},
		{title: lang.L("Endpoints ..."), do: func() { endpoints.Show(w.desk, w.app.directory, "") }},
		{title: lang.L("History ..."), key: fyne.KeyH, do: w.history.show},
		{title: lang.L("Tenants ..."), do: func() { w.tenants.current().ShowSheet() }},
		{title: lang.L("Check access ..."), do: w.tenants.check},
		{title: lang.L("Remembered passwords ..."), do: w.connector.ShowPasswords},
	}
}

func (c *commands) reportActions() []action {
	w := c.window
	return []action{
		{title: lang.L("Save as a report ..."), key: fyne.KeyS, do: func() { w.middle.withFront(w.own.keep) }},
		{title: lang.L("Copy the rows as PowerShell"), do: func() { w.middle.withFront((*runs.Tab).CopyLine) }},
		{title: lang.L("My reports ..."), key: fyne.KeyR, do: func() { w.own.show("") }},
		{title: lang.L("Run regularly ..."), do: w.schedules.front},
		{title: lang.L("Scheduled runs ..."), do: w.schedules.show},
		{title: lang.L("What changed since last week"), do: w.gallery.showChanges},
	}
}

func (c *commands) viewActions() []action {
	w := c.window
	return []action{
		{title: lang.L("Light"), do: func() { w.look.choose(settings.Light) }},
		{title: lang.L("Dark"), do: func() { w.look.choose(settings.Dark) }},
		{title: lang.L("Same as the desktop"), do: func() { w.look.choose(settings.AsDesktop) }},
		{title: lang.L("Reports ..."), key: fyne.KeyG, do: w.gallery.browse},
		{title: lang.L("Fold or show the sessions"), key: fyne.KeyB, do: w.look.panels.toggle},
	}
}

func (c *commands) helpActions() []action {
	w := c.window
	return []action{
		{title: lang.L("Keyboard"), key: fyne.KeyF1, do: func() { showKeys(w.desk, c) }},
		{title: lang.L("About"), do: func() { showAbout(w.desk, w.app.config, w.app.state) }},
	}
}

// quitKey ends the program, with Ctrl.
const quitKey = fyne.KeyQ

func (c *commands) mainMenu() *fyne.MainMenu {
	w := c.window
	quit := fyne.NewMenuItem(lang.L("Quit"), w.closing.request)
	quit.IsQuit = true // Fyne adds none of its own, which would not disconnect
	quit.Shortcut = &desktop.CustomShortcut{KeyName: quitKey, Modifier: fyne.KeyModifierShortcutDefault}
	w.recorder.item.Action = c.whenFree(w.recorder.toggle)
	sessions := c.menuOf(lang.L("Session"), c.sessionActions())
	sessions.Items = append(sessions.Items, fyne.NewMenuItemSeparator(), quit)
	help := c.menuOf(lang.L("Help"), c.helpActions())
	help.Items = append(help.Items, w.recorder.item)
	return fyne.NewMainMenu(sessions, c.menuOf(lang.L("Reports"), c.reportActions()), c.menuOf(lang.L("View"), c.viewActions()), help)
}

func (c *commands) menuOf(title string, actions []action) *fyne.Menu {
	menu := fyne.NewMenu(title)
	for _, a := range actions {
		item := fyne.NewMenuItem(a.title, c.whenFree(a.do))
		if a.key != "" {
			item.Shortcut = &desktop.CustomShortcut{KeyName: a.key, Modifier: fyne.KeyModifierShortcutDefault}
		}
		menu.Items = append(menu.Items, item)
	}
	return menu
}

// whenFree does something only while nothing lies over the window: a key must
// not reach what lies behind a sheet that asks.
func (c *commands) whenFree(do func()) func() {
	return func() {
		if c.window.desk.Free() {
			do()
		}
	}
}

// windowKey is a key of the window that no menu has.
type windowKey struct {
	key  fyne.KeyName
	held fyne.KeyModifier // 0: a key that no widget has a use for
	does string           // for the page of keys
	do   func()
}

// windowKeys are the keys of no menu, in the order of the page of keys.
func (c *commands) windowKeys() []windowKey {
	w := c.window
	front := func(do func(*runs.Tab)) func() { return func() { w.middle.withFront(do) } }
	run := front(func(t *runs.Tab) { t.Form().Run() })
	next, before := func() { w.middle.tabs.SelectNext(1) }, func() { w.middle.tabs.SelectNext(-1) }
	const ctrl, shift = fyne.KeyModifierShortcutDefault, fyne.KeyModifierShift
	return []windowKey{
		{fyne.KeyF1, 0, lang.L("This page; in a form, the name and type of the field"), func() { showKeys(w.desk, c) }},
		{fyne.KeyK, ctrl, lang.L("Search everything"), w.palette.show},
		{fyne.KeyL, ctrl, lang.L("Find a report or cmdlet"), w.search.focus},
		{fyne.KeyT, ctrl, lang.L("Choose the tenant"), w.bar.tenants.Open},
		{fyne.KeyF5, 0, lang.L("Run"), run},
		{fyne.KeyReturn, ctrl, lang.L("Run"), run},
		{fyne.KeyI, ctrl, lang.L("Show what it would change (What if)"), front((*runs.Tab).WhatIf)},
		{fyne.KeyF, ctrl, lang.L("Filter rows"), front((*runs.Tab).FocusFilter)},
		{fyne.KeyE, ctrl, lang.L("Export"), front((*runs.Tab).Export)},
		{fyne.KeyJ, ctrl, lang.L("More about the current cell"), front((*runs.Tab).MoreAbout)},
		{fyne.KeyJ, ctrl | shift, lang.L("Do something for the selected rows"), front((*runs.Tab).ForRows)},
		{fyne.KeyD, ctrl | shift, lang.L("Show or hide the chart"), front((*runs.Tab).Chart)},
		{fyne.KeyTab, ctrl, lang.L("Next tab"), next},
		{fyne.KeyPageDown, ctrl, lang.L("Next tab"), next},
		{fyne.KeyTab, ctrl | shift, lang.L("Previous tab"), before},
		{fyne.KeyPageUp, ctrl, lang.L("Previous tab"), before},
		{fyne.KeyW, ctrl, lang.L("Close the tab"), w.middle.closeFront},
		{fyne.KeyEscape, 0, lang.L("Close a dialog or list; stop a read-only run"), front((*runs.Tab).Escape)},
	}
}

// shortcuts gives the window its keys.
func (c *commands) shortcuts() {
	w := c.window
	for _, k := range c.windowKeys() {
		if k.held != 0 {
			do := c.whenFree(k.do)
			s := &desktop.CustomShortcut{KeyName: k.key, Modifier: k.held}
			c.keys.AddShortcut(s, func(fyne.Shortcut) { do() })
			w.window.Canvas().AddShortcut(s, c.keys.TypedShortcut)
		}
	}
	w.window.Canvas().SetOnTypedKey(c.typedKey)
}

// typedKey takes the keys that no widget has a use for.
func (c *commands) typedKey(k *fyne.KeyEvent) {
	w := c.window
	if w.desk.Sheets.Typed(k) || !w.desk.Free() {
		return
	}
	for _, of := range c.windowKeys() {
		if of.held == 0 && of.key == k.Name {
			of.do()
			return
		}
	}
}
