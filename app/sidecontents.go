package app

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/find"
	"postroom/app/words"
	"postroom/session/cmdlet"
	"postroom/widgets"
)

// recentShown is how many of the things used last stand in the list at the side.
const recentShown = 5

// sideContents are what stands in the list at the side, and what a click there does.
type sideContents struct {
	desk     *desk.Desk
	accounts *accounts
	reports  *reportList
	cmdlets  *cmdletList
	finder   *find.Finder
	side     *widgets.SideList
	search   *searching
	gallery  *galleryPage
	opening  *opening
}

// sections are what the person marked and used last, the groups of the reports, and
// all cmdlets by noun, as they belong together, in the order in which people look for
// them: Mailbox before MailUser. What is in a group of reports stands in the gallery.
func (s *sideContents) sections(cmdlets []cmdlet.Cmdlet) []widgets.SideSection {
	groups := map[string][]widgets.SideItem{}
	for _, c := range cmdlets {
		_, noun, _ := strings.Cut(c.Name, "-")
		groups[noun] = append(groups[noun], s.cmdlets.item(c))
	}
	all := widgets.SideSection{Title: fmt.Sprintf(lang.L("Cmdlets · %s for your role"), words.Number(len(cmdlets)))}
	for noun, items := range groups {
		slices.SortFunc(items, func(a, b widgets.SideItem) int { return byName(a.Title, b.Title) })
		all.Groups = append(all.Groups, widgets.SideGroup{Title: noun, Items: items})
	}
	slices.SortFunc(all.Groups, func(a, b widgets.SideGroup) int { return byName(a.Title, b.Title) })
	return append(s.own(), s.groups(nil), all)
}

// own are what the person marked and used last, as far as it is there.
func (s *sideContents) own() []widgets.SideSection {
	byKey := map[string]widgets.SideItem{}
	if c := s.accounts.now; c != nil {
		for _, each := range c.cmdlets {
			byKey[cmdletKey(each.Name)] = s.cmdlets.item(each)
		}
	}
	for _, r := range s.reports.all {
		byKey[reportKey(r.Name)] = s.reports.item(r)
	}
	for _, p := range s.reports.packs {
		byKey[reportKey(p.Name)] = s.reports.packItem(p)
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
	used := s.finder.Preference()
	return []widgets.SideSection{
		listed(lang.L("Favourites"), used.Favourites, len(used.Favourites)), listed(lang.L("Recent"), used.Recent, recentShown),
	}
}

// show lists at the side what the person marked and used last, the groups of reports
// and what the account may run; where nobody is signed in, the reports alone. The gallery
// shows what belongs to that.
func (s *sideContents) show() {
	s.side.Find = nil // until there is an index, the list finds by names
	if s.finder.Ready() {
		s.side.Find = s.searched
	}
	if c := s.accounts.now; c != nil {
		s.side.SetSections(s.sections(c.cmdlets))
	} else {
		s.side.SetSections(append(s.own(), s.groups(nil)))
	}
	s.search.show()
}

// groups lists the groups of reports, with how much is in each, or, where something
// is searched for, how much of it was found.
func (s *sideContents) groups(found []widgets.SideItem) widgets.SideSection {
	sizes, hits := map[string]int{packGroup: len(s.reports.packs)}, map[string]int{}
	for _, r := range s.reports.all {
		sizes[r.InGroup()]++
	}
	for _, item := range found {
		name := strings.TrimPrefix(item.ID, foundReport)
		if r, ok := s.reports.named(name); ok {
			hits[r.InGroup()]++
		} else if _, isPack := s.reports.packNamed(name); isPack {
			hits[packGroup]++
		}
	}
	section := widgets.SideSection{Title: fmt.Sprintf(lang.L("Reports · %s"), words.Number(len(s.reports.all)))}
	for name, size := range sizes {
		if size == 0 {
			continue
		}
		item := widgets.SideItem{ID: foundGroup + name, Title: groupTitle(name), Hint: words.Number(size), Plain: true}
		if found != nil {
			item.Hint = fmt.Sprintf(lang.L("%s of %s"), words.Number(hits[name]), words.Number(size))
			item.Muted = hits[name] == 0
		}
		section.Items = append(section.Items, item)
	}
	slices.SortFunc(section.Items, func(a, b widgets.SideItem) int { return byName(a.Title, b.Title) })
	if found == nil {
		section.Items = slices.Insert(section.Items, 0, widgets.SideItem{ID: foundGroup, Title: lang.L("Most useful"), Plain: true})
	}
	return section
}

// searched is what stands at the side while something is searched for: in which groups
// it was found.
func (s *sideContents) searched(text string) []widgets.SideSection {
	found := s.reports.found(text)
	if found == nil {
		found = []widgets.SideItem{}
	}
	return append(s.own(), s.groups(found))
}

// lookAt is a click at the side: a group is listed, a report is looked at, and the form
// of a cmdlet opens.
func (s *sideContents) lookAt(id string) {
	group, isGroup := strings.CutPrefix(id, foundGroup)
	switch {
	case isGroup:
		s.search.showGroup(group)
	case strings.HasPrefix(id, foundReport):
		s.gallery.lookAt(id)
	default:
		s.opening.found(id)
	}
}

// enter is Enter at the side: what can be run runs.
func (s *sideContents) enter(id string) {
	if strings.HasPrefix(id, foundGroup) {
		s.lookAt(id)
		s.desk.Focus(s.gallery.List.List())
		return
	}
	s.opening.found(id)
}
