package app

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/report"
	"postroom/widgets"
)

// The part of the window that is about its one search: it stands at the side, and what it
// finds, or what belongs to a group that is chosen there, stands in the gallery, with the
// preview of the current one. Typing brings the gallery to the front; arrows in the search
// go through what was found, Enter runs the current one, and Escape goes back.

// foundGroup begins the IDs of groups of reports in the list at the side.
const foundGroup = "group:"

// packGroup is the group of the packs, and ownGroup that of a person's own reports that
// have none: no group of the catalogue is called so.
const (
	packGroup = "packs"
	ownGroup  = "own"
)

// groupOf is the group of a report.
func groupOf(r report.Report) string {
	if r.Own && r.Group == "" {
		return ownGroup
	}
	return r.Group
}

// groupSection lists the groups of reports, with how much is in each, or, where something
// is searched for, how much of it was found.
func (w *mainWindow) groupSection(found []widgets.SideItem) widgets.SideSection {
	sizes, hits := map[string]int{packGroup: len(w.packs)}, map[string]int{}
	for _, r := range w.reports {
		sizes[groupOf(r)]++
	}
	for _, item := range found {
		name := strings.TrimPrefix(item.ID, foundReport)
		if r, ok := w.reportNamed(name); ok {
			hits[groupOf(r)]++
		} else if _, isPack := w.packNamed(name); isPack {
			hits[packGroup]++
		}
	}
	section := widgets.SideSection{Title: fmt.Sprintf(lang.L("Reports · %s"), words.Number(len(w.reports)))}
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

// searchSide is what stands at the side while something is searched for: in which groups
// it was found.
func (w *mainWindow) searchSide(text string) []widgets.SideSection {
	found := w.foundReports(text)
	if found == nil {
		found = []widgets.SideItem{}
	}
	return append(w.ownSections(), w.groupSection(found))
}

// results answers the search: a line that was pasted, reports and packs, cmdlets.
func (w *mainWindow) results(text string) []widgets.SideSection {
	if line, is := w.findLine(text); is {
		item := widgets.SideItem{ID: line.id, Title: line.title, Detail: line.detail}
		return []widgets.SideSection{{Title: lang.L("Pasted line"), Items: []widgets.SideItem{item}}}
	}
	reports, section := widgets.SideSection{}, widgets.SideSection{}
	reports.Items = w.foundReports(text)
	for _, c := range w.foundCmdlets(text) {
		section.Items = append(section.Items, w.sideItem(c))
	}
	reports.Title = fmt.Sprintf(lang.L("Reports · %s"), words.Number(len(reports.Items)))
	section.Title = fmt.Sprintf(lang.L("Cmdlets · %s"), words.Number(len(section.Items)))
	if _, named := w.foundItem(strings.TrimSpace(text)); !named && strings.Contains(text, "-") { // as the name of a cmdlet has
		return []widgets.SideSection{section, reports}
	}
	return []widgets.SideSection{reports, section}
}

// mostUseful is how many of the ranked reports stand in the gallery where no group is
// chosen.
const mostUseful = 20

// ofGroup are the reports of a group, the most useful first; "" gives those of all, and
// the packs.
func (w *mainWindow) ofGroup(group string) []widgets.SideSection {
	packs := widgets.SideSection{Title: lang.L("Packs")}
	for _, p := range w.packs {
		packs.Items = append(packs.Items, w.packItem(p))
	}
	if group == packGroup {
		return []widgets.SideSection{packs}
	}
	var list []report.Report
	for _, r := range w.reports {
		if group == "" && r.Rank > 0 && w.reportHint(r) == "" || group != "" && groupOf(r) == group {
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, func(a, b report.Report) int { return rankOf(a) - rankOf(b) })
	section := widgets.SideSection{Title: groupTitle(group)}
	if group == "" {
		section.Title, list = lang.L("Most useful"), list[:min(len(list), mostUseful)]
	}
	for _, r := range list {
		section.Items = append(section.Items, w.reportItem(r))
	}
	if group != "" {
		return []widgets.SideSection{section}
	}
	return []widgets.SideSection{section, packs}
}

// showFound lists in the gallery what was found, or what belongs to the chosen group.
func (w *mainWindow) showFound() {
	if w.gallery == nil {
		return
	}
	sections := w.ofGroup(w.group)
	if text := strings.TrimSpace(w.side.Search()); text != "" {
		sections = w.results(text)
	}
	w.gallery.List.SetSections(sections)
	w.gallery.Refresh()
}

// search gives the keyboard to the search, over what it has found.
func (w *mainWindow) search() {
	if strings.TrimSpace(w.side.Search()) != "" {
		w.raiseGallery()
	}
	w.side.FocusSearch()
}

// searched shows what was found for a text, the best of it with its preview.
func (w *mainWindow) searched(text string) {
	if strings.TrimSpace(text) != "" && !w.middle.reports.Visible() {
		w.raiseGallery()
	}
	w.showFound()
	if strings.TrimSpace(text) != "" {
		w.gallery.List.First()
	}
}

// searchKey is a key in the search: what was found stands elsewhere.
func (w *mainWindow) searchKey(k *fyne.KeyEvent) bool {
	text := strings.TrimSpace(w.side.Search())
	switch k.Name {
	case fyne.KeyDown, fyne.KeyUp:
		if !w.middle.reports.Visible() {
			return false
		}
		w.gallery.List.Step(map[fyne.KeyName]int{fyne.KeyDown: 1, fyne.KeyUp: -1}[k.Name])
	case fyne.KeyReturn, fyne.KeyEnter:
		if !w.middle.reports.Visible() {
			return false
		}
		if text == "" && w.gallery.Chosen() == "" {
			w.gallery.List.First() // nothing was asked for yet: it is shown, not run
			return true
		}
		w.gallery.List.EnterCurrent()
	case fyne.KeyEscape:
		if text != "" || !w.middle.browse || len(w.middle.open) == 0 {
			return false // the list empties the search
		}
		w.leaveGallery()
	default:
		return false
	}
	return true
}

// lookAtSide is a click at the side: a group is listed, a report is looked at, and the form
// of a cmdlet opens.
func (w *mainWindow) lookAtSide(id string) {
	group, isGroup := strings.CutPrefix(id, foundGroup)
	switch {
	case isGroup:
		w.showGroup(group)
	case strings.HasPrefix(id, foundReport):
		w.lookAt(id)
	default:
		w.openFound(id)
	}
}

// enterSide is Enter at the side: what can be run runs.
func (w *mainWindow) enterSide(id string) {
	if strings.HasPrefix(id, foundGroup) {
		w.lookAtSide(id)
		w.desk.Focus(w.gallery.List.List())
		return
	}
	w.openFound(id)
}

// showGroup lists a group in the gallery.
func (w *mainWindow) showGroup(group string) {
	w.group = group
	w.side.SetSearch("")
	w.side.SetSelected(foundGroup + group)
	w.raiseGallery()
	w.showFound()
}
