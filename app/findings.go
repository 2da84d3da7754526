package app

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/find"
	"postroom/app/words"
	"postroom/session/report"
	"postroom/session/search"
	"postroom/widgets"
)

// foundGroup begins the IDs of groups of reports in the list at the side.
const foundGroup = "group:"

// packGroup is the group of the packs: no group of reports is called so.
const packGroup = "packs"

// searching is the window's one search: it stands at the side, and what it finds, or what
// belongs to a group that is chosen there, stands in the gallery, with the preview of the
// current one. Typing brings the gallery to the front; arrows in the search go through what
// was found, Enter runs the current one, and Escape goes back.
type searching struct {
	accounts *accounts
	reports  *reportList
	cmdlets  *cmdletList
	side     *widgets.SideList
	gallery  *galleryPage
	middle   *middle
	finder   *find.Finder
	group    string // whose reports the gallery lists; "" lists the most useful
}

// results answers the search: a line that was pasted, reports and packs, cmdlets.
func (s *searching) results(text string) []widgets.SideSection {
	if line, is := findLine(s.accounts, text); is {
		item := widgets.SideItem{ID: line.id, Title: line.title, Detail: line.detail}
		return []widgets.SideSection{{Title: lang.L("Pasted line"), Items: []widgets.SideItem{item}}}
	}
	reports, section := widgets.SideSection{}, widgets.SideSection{}
	reports.Items = s.reports.found(text)
	for _, c := range s.cmdlets.found(text) {
		section.Items = append(section.Items, s.cmdlets.item(c))
	}
	reports.Title = fmt.Sprintf(lang.L("Reports · %s"), words.Number(len(reports.Items)))
	section.Title = fmt.Sprintf(lang.L("Cmdlets · %s"), words.Number(len(section.Items)))
	best, _ := s.finder.Best(text)
	if _, named := s.reports.itemNamed(strings.TrimSpace(text)); !named && (best == search.Cmdlet || strings.Contains(text, "-")) { // as the name of a cmdlet has
		return []widgets.SideSection{section, reports}
	}
	return []widgets.SideSection{reports, section}
}

// mostUseful is how many of the ranked reports stand in the gallery where no group is
// chosen.
const mostUseful = 20

// ofGroup are the reports of a group, the most useful first; "" gives those of all, and
// the packs.
func (s *searching) ofGroup(group string) []widgets.SideSection {
	packs := widgets.SideSection{Title: lang.L("Packs")}
	for _, p := range s.reports.packs {
		packs.Items = append(packs.Items, s.reports.packItem(p))
	}
	if group == packGroup {
		return []widgets.SideSection{packs}
	}
	var list []report.Report
	for _, r := range s.reports.all {
		if group == "" && r.Rank > 0 && s.reports.hint(r) == "" || group != "" && r.InGroup() == group {
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, func(a, b report.Report) int { return rankOf(a) - rankOf(b) })
	section := widgets.SideSection{Title: groupTitle(group)}
	if group == "" {
		section.Title, list = lang.L("Most useful"), list[:min(len(list), mostUseful)]
	}
	for _, r := range list {
		section.Items = append(section.Items, s.reports.item(r))
	}
	if group != "" {
		return []widgets.SideSection{section}
	}
	return []widgets.SideSection{section, packs}
}

// show lists in the gallery what was found, or what belongs to the chosen group.
func (s *searching) show() {
	if s.gallery.Gallery == nil {
		return
	}
	sections := s.ofGroup(s.group)
	if text := strings.TrimSpace(s.side.Search()); text != "" {
		sections = s.results(text)
	}
	s.gallery.List.SetSections(sections)
	s.gallery.Refresh()
}

// focus gives the keyboard to the search, over what it has found.
func (s *searching) focus() {
	if strings.TrimSpace(s.side.Search()) != "" {
		s.gallery.raise()
	}
	s.side.FocusSearch()
}

// typed shows what was found for a text, the best of it with its preview.
func (s *searching) typed(text string) {
	if strings.TrimSpace(text) != "" && !s.middle.reports.Visible() {
		s.gallery.raise()
	}
	s.show()
	if strings.TrimSpace(text) != "" {
		s.gallery.List.First()
	}
}

// key is a key in the search: what was found stands elsewhere.
func (s *searching) key(k *fyne.KeyEvent) bool {
	text := strings.TrimSpace(s.side.Search())
	switch k.Name {
	case fyne.KeyDown, fyne.KeyUp:
		if !s.middle.reports.Visible() {
			return false
		}
		s.gallery.List.Step(map[fyne.KeyName]int{fyne.KeyDown: 1, fyne.KeyUp: -1}[k.Name])
	case fyne.KeyReturn, fyne.KeyEnter:
		if !s.middle.reports.Visible() {
			return false
		}
		if text == "" && s.gallery.Chosen() == "" {
			s.gallery.List.First() // nothing was asked for yet: it is shown, not run
			return true
		}
		s.gallery.List.EnterCurrent()
	case fyne.KeyEscape:
		if text != "" || !s.middle.browse || len(s.middle.open) == 0 {
			return false // the list empties the search
		}
		s.gallery.leave()
	default:
		return false
	}
	return true
}

// showGroup lists a group in the gallery.
func (s *searching) showGroup(group string) {
	s.group = group
	s.side.SetSearch("")
	s.side.SetSelected(foundGroup + group)
	s.gallery.raise()
	s.show()
}
