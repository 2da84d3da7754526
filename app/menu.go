package app

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"postroom/app/desk"
)

// action is something that can be done from the menu and from the palette.
type action struct {
	title string
	words string       // that people say for it, parted by commas; for the palette
	key   fyne.KeyName // with Ctrl, or Command on a Mac; empty for none
	apart bool         // in its menu, a line stands before it
	// chosen tells whether it is the one that a person has chosen of several; nil where there is nothing to choose.
	chosen func() bool
	do     func()
}

// actionMenu is a menu of actions.
type actionMenu struct {
	title   string
	actions []action
	more    []*fyne.MenuItem // at its end
}

// commands are what can be done in the window, by menu, palette and keys.
type commands struct {
	desk     *desk.Desk
	window   fyne.Window
	menus    []actionMenu
	ofWindow []windowKey // the keys of no menu, in the order of the page of keys
	keys     fyne.ShortcutHandler
	marks    []func() // bring the marks of the menus up to date
}

// found are the actions that the palette finds: those of the menus, and what the window's keys
// do, but for the key that opens the palette itself.
func (c *commands) found() []action {
	all := c.all()
	for _, menu := range c.menus {
		for _, item := range menu.more {
			if !item.IsSeparator {
				all = append(all, action{title: item.Label, do: item.Action})
			}
		}
	}
	for _, k := range c.ofWindow {
		if k.held == 0 || k.key == paletteKey || slices.ContainsFunc(all, func(a action) bool { return a.title == k.does }) {
			continue
		}
		all = append(all, action{title: k.does, words: k.words, do: k.do})
	}
	return all
}

// all are the actions, in the order of the menus.
func (c *commands) all() []action {
	var all []action
	for _, menu := range c.menus {
		all = append(all, menu.actions...)
	}
	return all
}

// quitKey ends the program, paletteKey opens the palette, with Ctrl.
const (
	quitKey    = fyne.KeyQ
	paletteKey = fyne.KeyK
)

func (c *commands) mainMenu() *fyne.MainMenu {
	menus := make([]*fyne.Menu, len(c.menus))
	for i, m := range c.menus {
		menus[i] = c.menuOf(m)
	}
	return fyne.NewMainMenu(menus...)
}

func (c *commands) menuOf(m actionMenu) *fyne.Menu {
	menu := fyne.NewMenu(m.title)
	for _, a := range m.actions {
		if a.apart {
			menu.Items = append(menu.Items, fyne.NewMenuItemSeparator())
		}
		item := fyne.NewMenuItem(a.title, c.whenFree(a.do))
		if a.key != "" {
			item.Shortcut = &desktop.CustomShortcut{KeyName: a.key, Modifier: fyne.KeyModifierShortcutDefault}
		}
		if chosen := a.chosen; chosen != nil {
			mark := func() { item.Checked = chosen() }
			mark()
			c.marks = append(c.marks, mark)
		}
		menu.Items = append(menu.Items, item)
	}
	menu.Items = append(menu.Items, m.more...)
	return menu
}

// mark marks in the menus what a person has chosen.
func (c *commands) mark() {
	for _, mark := range c.marks {
		mark()
	}
	c.window.MainMenu().Refresh()
}

// whenFree does something only while nothing lies over the window: a key must
// not reach what lies behind a sheet that asks.
func (c *commands) whenFree(do func()) func() {
	return func() {
		if c.desk.Free() {
			do()
		}
	}
}

// windowKey is a key of the window that no menu has.
type windowKey struct {
	key  fyne.KeyName
	held fyne.KeyModifier // 0: a key that no widget has a use for
	does string           // for the page of keys and the palette
	do   func()
	// words are those that people say for it, parted by commas; for the palette.
	words string
}

// shortcuts gives the window its keys.
func (c *commands) shortcuts() {
	for _, k := range c.ofWindow {
		if k.held != 0 {
			do := c.whenFree(k.do)
			s := &desktop.CustomShortcut{KeyName: k.key, Modifier: k.held}
			c.keys.AddShortcut(s, func(fyne.Shortcut) { do() })
			c.window.Canvas().AddShortcut(s, c.keys.TypedShortcut)
		}
	}
	c.window.Canvas().SetOnTypedKey(c.typedKey)
}

// typedKey takes the keys that no widget has a use for.
func (c *commands) typedKey(k *fyne.KeyEvent) {
	if c.desk.Sheets.Typed(k) || !c.desk.Free() {
		return
	}
	for _, of := range c.ofWindow {
		if of.held == 0 && of.key == k.Name {
			of.do()
			return
		}
	}
}
