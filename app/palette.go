package app

import (
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/session/search"
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
	if line, is := w.findLine(text); is {
		items = append(items, widgets.Item{ID: line.id, Title: line.title, Detail: line.detail, Group: lang.L("Pasted line")})
	}
	for _, i := range w.searchTenants(text) {
		i.Group = lang.L("Tenants")
		i.ID = paletteTenant + ":" + i.ID
		items = append(items, i)
	}
	for _, r := range w.foundReports(text) {
		items = append(items, widgets.Item{ID: r.ID, Title: r.Title, Detail: r.Detail, Hint: r.Hint, Group: lang.L("Reports"), Pinned: r.Favourite})
	}
	for _, c := range w.foundCmdlets(text) {
		items = append(items, widgets.Item{
			ID: paletteCmdlet + ":" + c.Name, Title: c.Name, Detail: synopsis(c), Hint: riskHint(c.Risk()),
			Group: lang.L("Cmdlets"), Pinned: w.finder.Favourite(cmdletKey(c.Name)),
		})
	}
	for _, e := range w.findActions(text) {
		items = append(items, widgets.Item{ID: paletteAction + ":" + e.ID, Title: e.Title, Group: lang.L("Actions")})
	}
	return items
}

// findActions finds what the program does; there is little of it.
func (w *mainWindow) findActions(text string) []search.Entry {
	var entries []search.Entry
	for _, a := range w.commands.all() {
		entries = append(entries, search.Entry{Kind: search.Action, ID: a.title, Title: a.title})
	}
	return search.New(entries).Find(text, search.Preference{})
}

func (w *mainWindow) everythingChosen(i widgets.Item) {
	kind, id, _ := strings.Cut(i.ID, ":")
	switch kind {
	case strings.TrimSuffix(pastedLine, ":"):
		w.openFound(i.ID)
	case paletteTenant:
		i.ID = id
		w.tenantChosen(i)
	case strings.TrimSuffix(foundReport, ":"):
		w.openReport(id)
	case paletteCmdlet:
		w.openCmdlet(id)
	case paletteAction:
		for _, a := range w.commands.all() {
			if a.title == id {
				a.do()
			}
		}
	}
}
