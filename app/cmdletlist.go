package app

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/cmdlet"
	"postroom/widgets"
)

// cmdletSections groups the cmdlets by noun, as they belong together, and in the
// order in which people look for them: Mailbox before MailUser.
func cmdletSections(cmdlets []cmdlet.Cmdlet) []widgets.SideSection {
	groups := map[string][]widgets.SideItem{}
	for _, c := range cmdlets {
		_, noun, _ := strings.Cut(c.Name, "-")
		groups[noun] = append(groups[noun], widgets.SideItem{ID: c.Name, Title: c.Name, Hint: c.Synopsis})
	}
	section := widgets.SideSection{Title: fmt.Sprintf(lang.L("Cmdlets · %s for your role"), words.Number(len(cmdlets)))}
	for noun, items := range groups {
		slices.SortFunc(items, func(a, b widgets.SideItem) int { return byName(a.Title, b.Title) })
		section.Groups = append(section.Groups, widgets.SideGroup{Title: noun, Items: items})
	}
	slices.SortFunc(section.Groups, func(a, b widgets.SideGroup) int { return byName(a.Title, b.Title) })
	return []widgets.SideSection{section}
}

// byName orders names as people do: without regard to the case of letters.
func byName(a, b string) int {
	if c := strings.Compare(strings.ToLower(a), strings.ToLower(b)); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}
