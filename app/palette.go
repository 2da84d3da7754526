package app

import (
	"cmp"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/session/search"
	"postroom/widgets"
)

// palette searches over everything there is to do.
type palette struct{ window *mainWindow }

// show searches everything there is to do.
func (p *palette) show() {
	widgets.NewCommandPalette(p.search, p.chosen).Show(p.window.window.Canvas())
}

// What an item of the palette is, before the colon of its ID.
const (
	paletteTenant = "tenant"
	paletteCmdlet = "cmdlet"
	paletteAction = "action"
)

func (p *palette) search(text string) []widgets.Item {
	var items []widgets.Item
	if line, is := findLine(p.window.accounts, text); is {
		items = append(items, widgets.Item{ID: line.id, Title: line.title, Detail: line.detail, Group: lang.L("Pasted line")})
	}
	groups := [][]widgets.Item{p.tenants(text), p.reports(text), p.cmdlets(text), p.actions(text)}
	if best, found := p.window.finder.Best(text); found && best == search.Cmdlet {
		groups[1], groups[2] = groups[2], groups[1]
	}
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

func (p *palette) tenants(text string) (items []widgets.Item) {
	for _, i := range p.window.tenants.search(text) {
		i.Group = lang.L("Tenants")
		i.ID = paletteTenant + ":" + i.ID
		items = append(items, i)
	}
	return items
}

func (p *palette) reports(text string) (items []widgets.Item) {
	for _, r := range p.window.reports.found(text) {
		items = append(items, widgets.Item{ID: r.ID, Title: r.Title, Detail: r.Detail, Hint: r.Hint, Group: lang.L("Reports"), Pinned: r.Favourite})
	}
	return items
}

func (p *palette) cmdlets(text string) (items []widgets.Item) {
	for _, c := range p.window.cmdlets.found(text) {
		items = append(items, widgets.Item{
			ID: paletteCmdlet + ":" + c.Name, Title: c.Name, Detail: synopsis(c), Hint: riskHint(c.Risk()),
			Group: lang.L("Cmdlets"), Pinned: p.window.finder.Favourite(cmdletKey(c.Name)),
		})
	}
	return items
}

func (p *palette) actions(text string) (items []widgets.Item) {
	for _, e := range p.findActions(text) {
		items = append(items, widgets.Item{ID: paletteAction + ":" + e.ID, Title: e.Title, Group: lang.L("Actions")})
	}
	return items
}

// findActions finds what the program does; there is little of it.
func (p *palette) findActions(text string) []search.Entry {
	var entries []search.Entry
	for _, a := range p.window.commands.all() {
		entries = append(entries, search.Entry{Kind: search.Action, ID: a.title, Title: a.title})
	}
	return search.New(entries).Find(text, search.Preference{})
}

func (p *palette) chosen(i widgets.Item) {
	kind, id, _ := strings.Cut(i.ID, ":")
	switch kind {
	case strings.TrimSuffix(pastedLine, ":"):
		p.window.opening.found(i.ID)
	case paletteTenant:
		i.ID = id
		p.window.tenants.chosen(i)
	case strings.TrimSuffix(foundReport, ":"):
		p.window.opening.report(id)
	case paletteCmdlet:
		p.window.opening.cmdlet(id)
	case paletteAction:
		for _, a := range p.window.commands.all() {
			if a.title == id {
				a.do()
			}
		}
	}
}
