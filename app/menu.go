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
		{title: lang.L("History ..."), key: fyne.KeyH, do: w.showHistory},
		{title: lang.L("Tenants ..."), do: func() { w.currentBook().ShowSheet() }},
		{title: lang.L("Remembered passwords ..."), do: w.connector.ShowPasswords},
	}
}

func (c *commands) reportActions() []action {
	w := c.window
	return []action{
		{title: lang.L("Save as a report ..."), key: fyne.KeyS, do: func() { w.middle.withFront(w.keepReport) }},
		{title: lang.L("Copy the rows as PowerShell"), do: func() { w.middle.withFront((*runs.Tab).CopyLine) }},
		{title: lang.L("My reports ..."), key: fyne.KeyR, do: func() { w.showOwnReports("") }},
		{title: lang.L("Run regularly ..."), do: w.scheduleFront},
		{title: lang.L("Scheduled runs ..."), do: w.showSchedules},
		{title: lang.L("What changed since last week"), do: w.showLastWeek},
	}
}

func (c *commands) viewActions() []action {
	w := c.window
	return []action{
		{title: lang.L("Light"), do: func() { w.look.choose(settings.Light) }},
		{title: lang.L("Dark"), do: func() { w.look.choose(settings.Dark) }},
		{title: lang.L("Same as the desktop"), do: func() { w.look.choose(settings.AsDesktop) }},
		{title: lang.L("Reports ..."), key: fyne.KeyG, do: w.browseReports},
		{title: lang.L("Fold or show the sessions"), key: fyne.KeyB, do: w.look.panels.toggle},
	}
}

func (c *commands) helpActions() []action {
	w := c.window
	return []action{
		{title: lang.L("Keyboard"), key: fyne.KeyF1, do: func() { showKeys(w.desk) }},
		{title: lang.L("About"), do: func() { showAbout(w.desk, w.app.config, w.app.state) }},
	}
}

func (c *commands) mainMenu() *fyne.MainMenu {
	w := c.window
	quit := fyne.NewMenuItem(lang.L("Quit"), w.closing.request)
	quit.IsQuit = true // Fyne adds none of its own, which would not disconnect
	quit.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyQ, Modifier: fyne.KeyModifierShortcutDefault}
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

// shortcuts are those of no menu.
func (c *commands) shortcuts() {
	w := c.window
	add := func(key fyne.KeyName, more fyne.KeyModifier, do func()) {
		do = c.whenFree(do)
		s := &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault | more}
		c.keys.AddShortcut(s, func(fyne.Shortcut) { do() })
		w.window.Canvas().AddShortcut(s, c.keys.TypedShortcut)
	}
	add(fyne.KeyK, 0, w.showPalette)
	add(fyne.KeyReturn, 0, func() { w.middle.withFront(func(t *runs.Tab) { t.Form().Run() }) })
	add(fyne.KeyI, 0, func() { w.middle.withFront((*runs.Tab).WhatIf) })
	add(fyne.KeyE, 0, func() { w.middle.withFront((*runs.Tab).Export) })
	add(fyne.KeyD, fyne.KeyModifierShift, func() { w.middle.withFront((*runs.Tab).Chart) })
	add(fyne.KeyJ, 0, func() { w.middle.withFront((*runs.Tab).MoreAbout) })
	add(fyne.KeyJ, fyne.KeyModifierShift, func() { w.middle.withFront((*runs.Tab).ForRows) })
	add(fyne.KeyW, 0, w.middle.closeFront)
	add(fyne.KeyF, 0, func() { w.middle.withFront((*runs.Tab).FocusFilter) })
	add(fyne.KeyTab, 0, func() { w.middle.tabs.SelectNext(1) })
	add(fyne.KeyTab, fyne.KeyModifierShift, func() { w.middle.tabs.SelectNext(-1) })
	add(fyne.KeyPageDown, 0, func() { w.middle.tabs.SelectNext(1) })
	add(fyne.KeyPageUp, 0, func() { w.middle.tabs.SelectNext(-1) })
	add(fyne.KeyL, 0, w.search)
	add(fyne.KeyT, 0, w.bar.tenants.Open)
	w.window.Canvas().SetOnTypedKey(c.typedKey)
}

// typedKey takes the keys that no widget has a use for.
func (c *commands) typedKey(k *fyne.KeyEvent) {
	w := c.window
	if w.desk.Sheets.Typed(k) || !w.desk.Free() {
		return
	}
	switch k.Name {
	case fyne.KeyF1:
		showKeys(w.desk)
	case fyne.KeyF5:
		w.middle.withFront(func(t *runs.Tab) { t.Form().Run() })
	case fyne.KeyEscape:
		w.middle.withFront((*runs.Tab).Escape)
	}
}
