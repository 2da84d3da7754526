package app

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/cli"
	"postroom/app/desk"
	"postroom/widgets"
)

// keyHelp are the keys of the window as its menus and its table of keys have them; those of
// the grid and of forms are theirs to tell.
func (c *commands) keyHelp() []widgets.KeyHelp {
	var lines []widgets.KeyHelp
	add := func(does string, key fyne.KeyName, held fyne.KeyModifier) {
		name := keyText(key, held)
		if i := slices.IndexFunc(lines, func(k widgets.KeyHelp) bool { return k.Does == does }); i >= 0 {
			lines[i].Keys += ", " + name
			return
		}
		lines = append(lines, widgets.KeyHelp{Keys: name, Does: does})
	}
	for _, k := range c.ofWindow {
		add(k.does, k.key, k.held)
	}
	for _, a := range c.all() {
		if a.key != "" {
			add(strings.TrimSuffix(a.title, " ..."), a.key, fyne.KeyModifierShortcutDefault)
		}
	}
	add(lang.L("Next and previous field"), fyne.KeyTab, 0)
	add(lang.L("Next and previous field"), fyne.KeyTab, fyne.KeyModifierShift)
	add(lang.L("Disconnect everything and quit"), quitKey, fyne.KeyModifierShortcutDefault)
	return lines
}

// keyText is what stands on the keys.
func keyText(key fyne.KeyName, held fyne.KeyModifier) string {
	text := map[fyne.KeyName]string{
		fyne.KeyReturn: lang.L("Enter"), fyne.KeyEscape: lang.L("Escape"),
		fyne.KeyPageUp: lang.L("Page Up"), fyne.KeyPageDown: lang.L("Page Down"),
	}[key]
	if text == "" {
		text = string(key)
	}
	for _, m := range []struct {
		held fyne.KeyModifier
		text string
	}{{fyne.KeyModifierShift, lang.L("Shift")}, {fyne.KeyModifierAlt, "Alt"}, {fyne.KeyModifierControl, lang.L("Ctrl")}, {fyne.KeyModifierSuper, "Cmd"}} {
		if held&m.held != 0 {
			text = m.text + "+" + text
		}
	}
	return text
}

// showKeys shows what the keyboard does.
func showKeys(d *desk.Desk, c *commands) {
	var s *widgets.Sheet
	done := widgets.NewPrimaryButton(lang.L("Close"), func() { s.Hide() })
	s = d.Sheets.New(widgets.SheetSpec{
		Title: lang.L("Keyboard"),
		Width: 640, Foot: widgets.NewFoot(nil, done),
	}, widgets.NewSectionTitle(lang.L("Window")))
	for _, k := range c.keyHelp() {
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
		row(lang.L("Version"), cli.Version()),
		row(lang.L("Runs on"), fmt.Sprintf("%s %s, %s", runtime.GOOS, runtime.GOARCH, runtime.Version())),
		row(lang.L("Licence"), "Apache-2.0"),
		row(lang.L("Settings"), config),
		row(lang.L("Open sessions"), state),
		row(lang.L("Passwords"), lang.L("In the keyring of this computer, or in memory until the program ends. Never in a file.")),
	)
	s.Show(done)
}
