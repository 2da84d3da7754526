package app

import (
	"cmp"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/find"
	"postroom/session/search"
	"postroom/widgets"
)

// palette searches over everything there is to do.
type palette struct {
	window   fyne.Window
	accounts *accounts
	tenants  *tenantLists
	reports  *reportList
	cmdlets  *cmdletList
	finder   *find.Finder
	opening  *opening
	actions  func() []action
}

// show searches everything there is to do.
func (p *palette) show() {
	widgets.NewCommandPalette(p.search, p.chosen).Show(p.window.Canvas())
}

// What an item of the palette is, before the colon of its ID.
const (
	paletteTenant = "tenant"
	paletteCmdlet = "cmdlet"
	paletteAction = "action"
)

func (p *palette) search(text string) []widgets.Item {
	var items []widgets.Item
	if line, is := findLine(p.accounts, text); is {
		items = append(items, widgets.Item{ID: line.id, Title: line.title, Detail: line.detail, Group: lang.L("Pasted line")})
	}
	reports, cmdlets := p.findReports(text), p.findCmdlets(text)
	if best, found := p.finder.Best(text); found && best == search.Cmdlet {
		reports, cmdlets = cmdlets, reports
	}
	actions, fit := p.findActions(text)
	groups := [][]widgets.Item{p.findTenants(text), reports, cmdlets, actions}
	if fit > p.finder.Fit(text) { // "theme" is within a parameter's name, too
		groups[1], groups[2], groups[3] = actions, reports, cmdlets
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

func (p *palette) findTenants(text string) (items []widgets.Item) {
	for _, i := range p.tenants.search(text) {
		i.Group = lang.L("Tenants")
		i.ID = paletteTenant + ":" + i.ID
		items = append(items, i)
	}
	return items
}

func (p *palette) findReports(text string) (items []widgets.Item) {
	for _, r := range p.reports.found(text) {
		items = append(items, widgets.Item{ID: r.ID, Title: r.Title, Detail: r.Detail, Hint: r.Hint, Group: lang.L("Reports"), Pinned: r.Favourite})
	}
	return items
}

func (p *palette) findCmdlets(text string) (items []widgets.Item) {
	for _, c := range p.cmdlets.found(text) {
		items = append(items, widgets.Item{
			ID: paletteCmdlet + ":" + c.Name, Title: c.Name, Detail: synopsis(c), Hint: riskHint(c.Risk()),
			Group: lang.L("Cmdlets"), Pinned: p.finder.Favourite(cmdletKey(c.Name)),
		})
	}
	return items
}

// findActions finds what the program does; there is little of it. It also says how well
// the best of it fits.
func (p *palette) findActions(text string) (items []widgets.Item, fit int) {
	var entries []search.Entry
	for i, a := range p.actions() {
		entries = append(entries, search.Entry{Kind: search.Action, ID: a.title, Title: a.title, Names: strings.Split(a.words, ","), Order: i})
	}
	index := search.New(entries)
	for _, e := range index.Find(text, search.Preference{}) {
		items = append(items, widgets.Item{ID: paletteAction + ":" + e.ID, Title: e.Title, Group: lang.L("Actions")})
	}
	return items, index.Fit(text, search.Preference{})
}

func (p *palette) chosen(i widgets.Item) {
	kind, id, _ := strings.Cut(i.ID, ":")
	switch kind {
	case strings.TrimSuffix(pastedLine, ":"):
		p.opening.found(i.ID)
	case paletteTenant:
		i.ID = id
		p.tenants.chosen(i)
	case strings.TrimSuffix(foundReport, ":"):
		p.opening.report(id)
	case paletteCmdlet:
		p.opening.cmdlet(id)
	case paletteAction:
		for _, a := range p.actions() {
			if a.title == id {
				a.do()
			}
		}
	}
}
