package app

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/widgets"
)

// windowKeys are the keys of the window; those of the grid are the grid's to
// tell.
func windowKeys() []widgets.KeyHelp {
	return []widgets.KeyHelp{
		{Keys: lang.L("F1 or Ctrl+F1"), Does: lang.L("This page; in a form, the name and type of the field")},
		{Keys: lang.L("Ctrl+N"), Does: lang.L("Connect")},
		{Keys: lang.L("Ctrl+T"), Does: lang.L("Choose the tenant")},
		{Keys: lang.L("Ctrl+K"), Does: lang.L("Search everything")},
		{Keys: lang.L("Ctrl+L"), Does: lang.L("Find a report or cmdlet")},
		{Keys: lang.L("Ctrl+G"), Does: lang.L("Reports, with a preview of each")},
		{Keys: lang.L("Ctrl+J"), Does: lang.L("More about the current cell")},
		{Keys: lang.L("Ctrl+Shift+J"), Does: lang.L("Do something for the selected rows")},
		{Keys: lang.L("Ctrl+Shift+D"), Does: lang.L("Show or hide the chart")},
		{Keys: lang.L("Ctrl+H"), Does: lang.L("History")},
		{Keys: lang.L("F5 or Ctrl+Enter"), Does: lang.L("Run")},
		{Keys: lang.L("Ctrl+F"), Does: lang.L("Filter rows")},
		{Keys: lang.L("Ctrl+E"), Does: lang.L("Export")},
		{Keys: lang.L("Ctrl+W"), Does: lang.L("Close the tab")},
		{Keys: lang.L("Ctrl+Tab, Ctrl+Shift+Tab"), Does: lang.L("Next and previous tab")},
		{Keys: lang.L("Ctrl+Q"), Does: lang.L("Disconnect everything and quit")},
		{Keys: lang.L("Tab, Shift+Tab"), Does: lang.L("Next and previous field")},
		{Keys: lang.L("Escape"), Does: lang.L("Close a dialog or list; stop a read-only run")},
	}
}

// showKeys shows what the keyboard does.
func showKeys(d *desk.Desk) {
	var s *widgets.Sheet
	done := widgets.NewPrimaryButton(lang.L("Close"), func() { s.Hide() })
	s = d.Sheets.New(widgets.SheetSpec{
		Title: lang.L("Keyboard"),
		Width: 640, Foot: widgets.NewFoot(nil, done),
	}, widgets.NewSectionTitle(lang.L("Window")))
	for _, k := range windowKeys() {
		s.Add(keyRow(k))
	}
	for _, part := range []struct {
		title string
		keys  []widgets.KeyHelp
	}{{lang.L("Form"), widgets.FormKeys()}, {lang.L("Table of rows"), widgets.GridKeys()}} {
		s.Add(widgets.NewSectionTitle(part.title))
		for _, k := range part.keys {
			s.Add(keyRow(widgets.KeyHelp{Keys: translated(k.Keys), Does: translated(k.Does)}))
		}
	}
	s.Show(done)
}

// translated is a text of the widgets, which widgets.Texts lists.
func translated(text string) string { return lang.LocalizeKey(text, text) }

func keyRow(k widgets.KeyHelp) fyne.CanvasObject {
	return widgets.NewFormRow(widgets.NewParagraph(k.Keys, widgets.StrongText), widgets.NewDropped(widgets.NewParagraph(k.Does, widgets.BodyText)))
}

// showAbout says what this program is, which version, and in which folders its
// files are.
func showAbout(d *desk.Desk, config, state string) {
	var s *widgets.Sheet
	done := widgets.NewPrimaryButton(lang.L("Close"), func() { s.Hide() })
	row := func(label, text string) fyne.CanvasObject {
		return widgets.NewTextRow(label, widgets.NewParagraph(text, widgets.BodyText))
	}
	s = d.Sheets.New(widgets.SheetSpec{
		Title:       "Postroom",
		Explanation: lang.L("Exchange and Exchange Online Protection reports and cmdlets, without scripts."),
		Width:       600, Foot: widgets.NewFoot(nil, done),
	},
		row(lang.L("Version"), version()),
		row(lang.L("Runs on"), fmt.Sprintf("%s %s, %s", runtime.GOOS, runtime.GOARCH, runtime.Version())),
		row(lang.L("Licence"), "Apache-2.0"),
		row(lang.L("Settings"), config),
		row(lang.L("Open sessions"), state),
		row(lang.L("Passwords"), lang.L("In the keyring of this computer, or in memory until the program ends. Never in a file.")),
	)
	s.Show(done)
}

// version is that of the build, and the commit it was made from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return lang.L("unknown")
	}
	text := info.Main.Version
	if meta := fyne.CurrentApp().Metadata(); meta.Version != "" {
		text = meta.Version
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= 12 {
			text += " (" + setting.Value[:12] + ")"
		}
	}
	return text
}
