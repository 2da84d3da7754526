package app

import (
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/widgets"
)

// showPalette searches everything there is to do.
func (w *mainWindow) showPalette() {
	widgets.NewCommandPalette(w.searchEverything, w.everythingChosen).Show(w.window.Canvas())
}

// What an item of the palette is, before the colon of its ID.
const (
	paletteTenant = "tenant"
	paletteCmdlet = "cmdlet"
	paletteAction = "action"
)

func (w *mainWindow) searchEverything(text string) []widgets.Item {
	var items []widgets.Item
	for _, i := range w.searchTenants(text) {
		i.Group = lang.L("Tenants")
		i.ID = paletteTenant + ":" + i.ID
		items = append(items, i)
	}
	if c := w.accounts.now; c != nil {
		for _, c := range c.cmdlets {
			if words.Contains(c.Name, text) {
				items = append(items, widgets.Item{ID: paletteCmdlet + ":" + c.Name, Title: c.Name, Detail: c.Synopsis, Group: lang.L("Cmdlets")})
			}
		}
	}
	for _, a := range w.actions() {
		if words.Contains(a.title, text) {
			items = append(items, widgets.Item{ID: paletteAction + ":" + a.title, Title: a.title, Group: lang.L("Actions")})
		}
	}
	return items
}

func (w *mainWindow) everythingChosen(i widgets.Item) {
	kind, id, _ := strings.Cut(i.ID, ":")
	switch kind {
	case paletteTenant:
		i.ID = id
		w.tenantChosen(i)
	case paletteCmdlet:
		w.openCmdlet(id)
	case paletteAction:
		for _, a := range w.actions() {
			if a.title == id {
				a.do()
			}
		}
	}
}
