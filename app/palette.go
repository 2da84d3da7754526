package app

import (
	"cmp"
	"slices"
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
	groups := [][]widgets.Item{w.paletteTenants(text), w.paletteReports(text), w.paletteCmdlets(text), w.paletteActions(text)}
	slices.SortStableFunc(groups, func(a, b []widgets.Item) int { return cmp.Compare(order(a, text), order(b, text)) })
	return slices.Concat(append([][]widgets.Item{items}, groups...)...)
}

// order puts a group first that has what was typed: whoever types the beginning of a name
// means that, and Enter opens what stands first.
func order(group []widgets.Item, text string) int {
	typed := strings.ToLower(strings.TrimSpace(text))
	if typed != "" && slices.ContainsFunc(group, func(i widgets.Item) bool { return strings.HasPrefix(strings.ToLower(i.Title), typed) }) {
		return 0
	}
	return 1
}

func (w *mainWindow) paletteTenants(text string) (items []widgets.Item) {
	for _, i := range w.searchTenants(text) {
		i.Group = lang.L("Tenants")
		i.ID = paletteTenant + ":" + i.ID
		items = append(items, i)
	}
	return items
}

func (w *mainWindow) paletteReports(text string) (items []widgets.Item) {
	for _, r := range w.foundReports(text) {
		items = append(items, widgets.Item{ID: r.ID, Title: r.Title, Detail: r.Detail, Hint: r.Hint, Group: lang.L("Reports"), Pinned: r.Favourite})
	}
	return items
}

func (w *mainWindow) paletteCmdlets(text string) (items []widgets.Item) {
	for _, c := range w.foundCmdlets(text) {
		items = append(items, widgets.Item{
			ID: paletteCmdlet + ":" + c.Name, Title: c.Name, Detail: synopsis(c), Hint: riskHint(c.Risk()),
			Group: lang.L("Cmdlets"), Pinned: w.finder.Favourite(cmdletKey(c.Name)),
		})
	}
	return items
}

func (w *mainWindow) paletteActions(text string) (items []widgets.Item) {
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
