package app

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/cmdlet"
	"postroom/session/reference"
	"postroom/session/search"
	"postroom/widgets"
)

// recentShown is how many of the things used last stand in the list at the side.
const recentShown = 5

// cmdletKey is the key of a cmdlet among all that can be found.
func cmdletKey(name string) string { return search.Entry{Kind: search.Cmdlet, ID: name}.Key() }

// sideItem is a cmdlet in the list at the side.
func (w *mainWindow) sideItem(c cmdlet.Cmdlet) widgets.SideItem {
	return widgets.SideItem{
		ID: c.Name, Title: c.Name, Detail: synopsis(c), Hint: riskHint(c.Risk()), Favourite: w.finder.Favourite(cmdletKey(c.Name)),
	}
}

// synopsis is the server's, else the reference's.
func synopsis(c cmdlet.Cmdlet) string {
	return cmp.Or(c.Synopsis, words.Of(reference.New().Synopsis(c.Name)))
}

// riskHint marks what changes or destroys something; most only read, and have no mark.
func riskHint(r cmdlet.Risk) string {
	switch r {
	case cmdlet.Changes:
		return lang.L("changes")
	case cmdlet.Destroys:
		return lang.L("destroys")
	}
	return ""
}

// sideSections are what the person marked and used last, the groups of the reports, and
// all cmdlets by noun, as they belong together, in the order in which people look for
// them: Mailbox before MailUser. What is in a group of reports stands in the gallery.
func (w *mainWindow) sideSections(cmdlets []cmdlet.Cmdlet) []widgets.SideSection {
	groups := map[string][]widgets.SideItem{}
	for _, c := range cmdlets {
		_, noun, _ := strings.Cut(c.Name, "-")
		groups[noun] = append(groups[noun], w.sideItem(c))
	}
	all := widgets.SideSection{Title: fmt.Sprintf(lang.L("Cmdlets · %s for your role"), words.Number(len(cmdlets)))}
	for noun, items := range groups {
		slices.SortFunc(items, func(a, b widgets.SideItem) int { return byName(a.Title, b.Title) })
		all.Groups = append(all.Groups, widgets.SideGroup{Title: noun, Items: items})
	}
	slices.SortFunc(all.Groups, func(a, b widgets.SideGroup) int { return byName(a.Title, b.Title) })
	return append(w.ownSections(), w.groupSection(nil), all)
}

// ownSections are what the person marked and used last, as far as it is there.
func (w *mainWindow) ownSections() []widgets.SideSection {
	byKey := map[string]widgets.SideItem{}
	if c := w.accounts.now; c != nil {
		for _, each := range c.cmdlets {
			byKey[cmdletKey(each.Name)] = w.sideItem(each)
		}
	}
	for _, r := range w.reports {
		byKey[reportKey(r.Name)] = w.reportItem(r)
	}
	for _, p := range w.packs {
		byKey[reportKey(p.Name)] = w.packItem(p)
	}
	listed := func(title string, keys []string, most int) widgets.SideSection {
		section := widgets.SideSection{Title: title}
		for _, key := range keys {
			if item, there := byKey[key]; there && len(section.Items) < most {
				item.Detail = "" // there is little room at the side
				section.Items = append(section.Items, item)
			}
		}
		return section
	}
	used := w.finder.Preference()
	return []widgets.SideSection{
		listed(lang.L("Favourites"), used.Favourites, len(used.Favourites)), listed(lang.L("Recent"), used.Recent, recentShown),
	}
}

// foundCmdlets are the account's cmdlets that a text means, the best first. Whoever
// types a whole name means that one, also while the index is still being made: else
// Enter would open what the index has already.
func (w *mainWindow) foundCmdlets(text string) []cmdlet.Cmdlet {
	c := w.accounts.now
	if c == nil {
		return nil
	}
	byName := make(map[string]cmdlet.Cmdlet, len(c.cmdlets))
	for _, each := range c.cmdlets {
		byName[each.Name] = each
	}
	var found []cmdlet.Cmdlet
	named := slices.IndexFunc(c.cmdlets, func(each cmdlet.Cmdlet) bool { return strings.EqualFold(each.Name, strings.TrimSpace(text)) })
	if named >= 0 {
		found = append(found, c.cmdlets[named])
		delete(byName, c.cmdlets[named].Name)
	}
	for _, e := range w.finder.Find(text) {
		if each, there := byName[e.ID]; there && e.Kind == search.Cmdlet {
			found = append(found, each)
		}
	}
	return found
}

// showSide lists at the side what the person marked and used last, the groups of reports
// and what the account may run; where nobody is signed in, the reports alone. The gallery
// shows what belongs to that.
func (w *mainWindow) showSide() {
	w.side.Find = nil // until there is an index, the list finds by names
	if w.finder.Ready() {
		w.side.Find = w.searchSide
	}
	if c := w.accounts.now; c != nil {
		w.side.SetSections(w.sideSections(c.cmdlets))
	} else {
		w.side.SetSections(append(w.ownSections(), w.groupSection(nil)))
	}
	w.showFound()
}

// findCmdlets makes what the account may run findable.
func (w *mainWindow) findCmdlets() {
	var names []string
	if c := w.accounts.now; c != nil {
		for _, each := range c.cmdlets {
			names = append(names, each.Name)
		}
	}
	w.finder.Set(search.Cmdlet, func() []search.Entry { return reference.New().Entries(names) })
}

// byName orders names as people do: without regard to the case of letters.
func byName(a, b string) int {
	if c := strings.Compare(strings.ToLower(a), strings.ToLower(b)); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}
