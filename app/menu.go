package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"postroom/app/endpoints"
	"postroom/app/runs"
	"postroom/app/settings"
	"postroom/widgets"
)

// action is something that can be done from the menu and from the palette.
type action struct {
	title string
	key   fyne.KeyName // with Ctrl, or Command on a Mac; empty for none
	do    func()
}

// actions are all of them, in the order of the menus.
func (w *mainWindow) actions() []action {
	var all []action
	for _, menu := range [][]action{w.sessionActions(), w.viewActions(), w.helpActions()} {
		all = append(all, menu...)
	}
	return all
}

func (w *mainWindow) sessionActions() []action {
	return []action{
		{title: lang.L("Connect ..."), key: fyne.KeyN, do: w.connector.Show},
		{title: lang.L("Disconnect all"), do: w.sessions.DisconnectAll},
		{title: lang.L("Endpoints ..."), do: func() { endpoints.Show(w.desk, w.app.directory, "") }},
		{title: lang.L("Tenants ..."), do: func() { w.currentBook().ShowSheet() }},
		{title: lang.L("Remembered passwords ..."), do: w.connector.ShowPasswords},
	}
}

func (w *mainWindow) viewActions() []action {
	return []action{
		{title: lang.L("Light"), do: func() { w.chooseTheme(settings.Light) }},
		{title: lang.L("Dark"), do: func() { w.chooseTheme(settings.Dark) }},
		{title: lang.L("As the desktop"), do: func() { w.chooseTheme(settings.AsDesktop) }},
		{title: lang.L("Fold or show the sessions"), key: fyne.KeyB, do: w.panels.toggle},
	}
}

func (w *mainWindow) helpActions() []action {
	return []action{
		{title: lang.L("Keyboard"), key: fyne.KeyF1, do: w.showKeys},
		{title: lang.L("About"), do: w.showAbout},
	}
}

func (w *mainWindow) mainMenu() *fyne.MainMenu {
	quit := fyne.NewMenuItem(lang.L("Quit"), w.requestQuit)
	quit.IsQuit = true // Fyne adds none of its own, which would not disconnect
	quit.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyQ, Modifier: fyne.KeyModifierShortcutDefault}
	w.traceItem = fyne.NewMenuItem(lang.L("Record a protocol trace ..."), w.whenFree(w.toggleTrace))
	sessions := w.menuOf(lang.L("Session"), w.sessionActions())
	sessions.Items = append(sessions.Items, fyne.NewMenuItemSeparator(), quit)
	help := w.menuOf(lang.L("Help"), w.helpActions())
	help.Items = append(help.Items, w.traceItem)
	return fyne.NewMainMenu(sessions, w.menuOf(lang.L("View"), w.viewActions()), help)
}

func (w *mainWindow) menuOf(title string, actions []action) *fyne.Menu {
	menu := fyne.NewMenu(title)
	for _, a := range actions {
		item := fyne.NewMenuItem(a.title, w.whenFree(a.do))
		if a.key != "" {
			item.Shortcut = &desktop.CustomShortcut{KeyName: a.key, Modifier: fyne.KeyModifierShortcutDefault}
		}
		menu.Items = append(menu.Items, item)
	}
	return menu
}

// whenFree does something only while nothing lies over the window: a key must
// not reach what lies behind a sheet that asks.
func (w *mainWindow) whenFree(do func()) func() {
	return func() {
		if w.desk.Free() {
			do()
		}
	}
}

// chooseTheme changes how the window looks, and remembers it.
func (w *mainWindow) chooseTheme(t settings.Theme) {
	w.setTheme(t)
	w.remember(func(s *settings.Settings) { s.Theme = t })
}

func (w *mainWindow) setTheme(t settings.Theme) {
	modes := map[settings.Theme]widgets.Mode{settings.Light: widgets.AlwaysLight, settings.Dark: widgets.AlwaysDark}
	w.app.fyne.Settings().SetTheme(widgets.NewTheme(modes[t])) // the zero mode follows the desktop
}

// shortcuts are those of no menu.
func (w *mainWindow) shortcuts() {
	add := func(key fyne.KeyName, more fyne.KeyModifier, do func()) {
		do = w.whenFree(do)
		s := &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault | more}
		w.keys.AddShortcut(s, func(fyne.Shortcut) { do() })
		w.window.Canvas().AddShortcut(s, w.keys.TypedShortcut)
	}
	add(fyne.KeyK, 0, w.showPalette)
	add(fyne.KeyReturn, 0, func() { w.middle.withFront(func(t *runs.Tab) { t.Form().Run() }) })
	add(fyne.KeyI, 0, func() { w.middle.withFront((*runs.Tab).WhatIf) })
	add(fyne.KeyE, 0, func() { w.middle.withFront((*runs.Tab).Export) })
	add(fyne.KeyW, 0, w.middle.closeFront)
	add(fyne.KeyF, 0, func() { w.middle.withFront((*runs.Tab).FocusFilter) })
	add(fyne.KeyTab, 0, func() { w.middle.tabs.SelectNext(1) })
	add(fyne.KeyTab, fyne.KeyModifierShift, func() { w.middle.tabs.SelectNext(-1) })
	add(fyne.KeyPageDown, 0, func() { w.middle.tabs.SelectNext(1) })
	add(fyne.KeyPageUp, 0, func() { w.middle.tabs.SelectNext(-1) })
	add(fyne.KeyL, 0, w.side.FocusSearch)
	add(fyne.KeyT, 0, w.bar.tenants.Open)
	w.window.Canvas().SetOnTypedKey(w.typedKey)
}

// typedKey takes the keys that no widget has a use for.
func (w *mainWindow) typedKey(k *fyne.KeyEvent) {
	if w.desk.Sheets.Typed(k) || !w.desk.Free() {
		return
	}
	switch k.Name {
	case fyne.KeyF1:
		w.showKeys()
	case fyne.KeyF5:
		w.middle.withFront(func(t *runs.Tab) { t.Form().Run() })
	case fyne.KeyEscape:
		w.middle.withFront((*runs.Tab).Escape)
	}
}
