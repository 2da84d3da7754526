package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"postroom/app/endpoints"
	"postroom/app/runs"
	"postroom/app/settings"
)

// newCommands lists what can be done in a window that has its panels.
func newCommands(w *mainWindow) *commands {
	c := &commands{desk: w.desk, window: w.window}
	quit := fyne.NewMenuItem(lang.L("Quit"), w.closing.request)
	quit.IsQuit = true // Fyne adds none of its own, which would not disconnect
	quit.Shortcut = &desktop.CustomShortcut{KeyName: quitKey, Modifier: fyne.KeyModifierShortcutDefault}
	w.recorder.item.Action = c.whenFree(w.recorder.toggle)
	showKeys := func() { showKeys(w.desk, c) }
	c.menus = []actionMenu{
		{lang.L("Session"), sessionActions(w), []*fyne.MenuItem{fyne.NewMenuItemSeparator(), quit}},
		{lang.L("Reports"), reportActions(w), nil},
		{lang.L("View"), viewActions(w), nil},
		{lang.L("Help"), []action{
			{title: lang.L("Keyboard"), key: fyne.KeyF1, do: showKeys},
			{title: lang.L("About"), do: func() { showAbout(w.desk, w.app.config, w.app.state) }},
		}, []*fyne.MenuItem{w.recorder.item}},
	}
	c.ofWindow = append([]windowKey{{key: fyne.KeyF1, does: lang.L("This page; in a form, the name and type of the field"), do: showKeys}}, windowKeys(w)...)
	return c
}

func sessionActions(w *mainWindow) []action {
	return []action{
		{title: lang.L("Connect ..."), key: fyne.KeyN, do: w.connector.Show},
		{title: lang.L("Disconnect all"), words: lang.L("end the sessions, close the sessions"), do: w.sessions.DisconnectAll},
		{title: lang.L("Endpoints ..."), do: func() { endpoints.Show(w.desk, w.app.directory, "") }},
		{title: lang.L("History ..."), words: lang.L("earlier runs, open the rows again"), key: fyne.KeyH, do: w.history.show},
		{title: lang.L("Tenants ..."), do: func() { w.tenants.current().ShowSheet() }},
		{title: lang.L("Check access ..."), do: w.checkAccess},
		{title: lang.L("Sign-ins ..."), words: lang.L("sign out, log out, log off, account"), do: w.connector.ShowSignIns},
		{title: lang.L("Remembered passwords ..."), words: lang.L("forget passwords, change a password, credentials, keyring"), do: w.connector.ShowPasswords},
	}
}

func reportActions(w *mainWindow) []action {
	return []action{
		{title: lang.L("Save as a report ..."), key: fyne.KeyS, do: func() { w.middle.withFront(w.own.keep) }},
		{title: lang.L("Compare with the run before"), words: lang.L("comparison, difference, diff, changes"), do: w.gallery.compareFront},
		{title: lang.L("Copy the rows as PowerShell"), do: func() { w.middle.withFront((*runs.Tab).CopyLine) }},
		{title: lang.L("My reports ..."), key: fyne.KeyR, do: func() { w.own.show("") }},
		{title: lang.L("Run regularly ..."), words: lang.L("schedule, timer, every week"), do: w.schedules.front},
		{title: lang.L("Scheduled runs ..."), do: w.schedules.show},
		{title: lang.L("What changed since last week"), words: lang.L("comparison, difference, diff, changes"), do: w.gallery.showChanges},
	}
}

func viewActions(w *mainWindow) []action {
	look, language := lang.L("theme, appearance, colours"), lang.L("language, Sprache")
	themed := func(t settings.Theme) func() bool { return func() bool { return w.look.settings.Get().Theme == t } }
	spoken := func(l settings.Language) func() bool {
		return func() bool { return w.look.settings.Get().Language == l }
	}
	return []action{
		{title: lang.L("Light"), words: look, chosen: themed(settings.Light), do: func() { w.look.choose(settings.Light) }},
		{title: lang.L("Dark"), words: look, chosen: themed(settings.Dark), do: func() { w.look.choose(settings.Dark) }},
		{title: lang.L("Light or dark as the desktop"), words: look, chosen: themed(settings.AsDesktop), do: func() { w.look.choose(settings.AsDesktop) }},
		{title: lang.L("Language: English"), apart: true, words: language + ", Englisch", chosen: spoken(settings.English), do: func() { w.look.speak(settings.English) }},
		{title: lang.L("Language: Deutsch"), words: language + ", German", chosen: spoken(settings.German), do: func() { w.look.speak(settings.German) }},
		{title: lang.L("Language: as the desktop"), words: language, chosen: spoken(settings.DesktopLanguage), do: func() { w.look.speak(settings.DesktopLanguage) }},
		{title: lang.L("Reports ..."), apart: true, key: fyne.KeyG, do: w.gallery.browse},
		{title: lang.L("Fold or show the sessions"), key: fyne.KeyB, do: w.look.panels.toggle},
	}
}

// windowKeys are keys of no menu, in the order of the page of keys.
func windowKeys(w *mainWindow) []windowKey {
	front := func(do func(*runs.Tab)) func() { return func() { w.middle.withFront(do) } }
	run := front(func(t *runs.Tab) { t.Form().Run() })
	next, before := func() { w.middle.tabs.SelectNext(1) }, func() { w.middle.tabs.SelectNext(-1) }
	const ctrl, shift = fyne.KeyModifierShortcutDefault, fyne.KeyModifierShift
	return []windowKey{
		{key: paletteKey, held: ctrl, does: lang.L("Search everything"), do: w.palette.show},
		{key: fyne.KeyL, held: ctrl, does: lang.L("Find a report or cmdlet"), do: w.search.focus},
		{key: fyne.KeyT, held: ctrl, does: lang.L("Choose the tenant"), do: w.bar.tenants.Open},
		{key: fyne.KeyF5, does: lang.L("Run"), do: run},
		{key: fyne.KeyReturn, held: ctrl, does: lang.L("Run"), do: run},
		{key: fyne.KeyI, held: ctrl, does: lang.L("Show what it would change (What if)"), do: front((*runs.Tab).WhatIf)},
		{key: fyne.KeyF, held: ctrl, does: lang.L("Filter rows"), do: front((*runs.Tab).FocusFilter)},
		{key: fyne.KeyE, held: ctrl, does: lang.L("Export"), do: front((*runs.Tab).Export), words: lang.L("save, file, CSV, Excel, JSON")},
		{key: fyne.KeyJ, held: ctrl, does: lang.L("More about the current cell"), do: front((*runs.Tab).MoreAbout)},
		{key: fyne.KeyJ, held: ctrl | shift, does: lang.L("Do something for the selected rows"), do: front((*runs.Tab).ForRows)},
		{key: fyne.KeyD, held: ctrl | shift, does: lang.L("Show or hide the chart"), do: front((*runs.Tab).Chart), words: lang.L("picture, bars, graph")},
		{key: fyne.KeyTab, held: ctrl, does: lang.L("Next tab"), do: next},
		{key: fyne.KeyPageDown, held: ctrl, does: lang.L("Next tab"), do: next},
		{key: fyne.KeyTab, held: ctrl | shift, does: lang.L("Previous tab"), do: before},
		{key: fyne.KeyPageUp, held: ctrl, does: lang.L("Previous tab"), do: before},
		{key: fyne.KeyW, held: ctrl, does: lang.L("Close the tab"), do: w.middle.closeFront},
		{key: fyne.KeyEscape, does: lang.L("Close a dialog or list; stop a read-only run"), do: front((*runs.Tab).Escape)},
	}
}
