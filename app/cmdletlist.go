package app

import (
	"cmp"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/app/find"
	"postroom/app/words"
	"postroom/session/cmdlet"
	"postroom/session/reference"
	"postroom/session/result"
	"postroom/session/search"
	"postroom/widgets"
)

// cmdletKey is the key of a cmdlet among all that can be found.
func cmdletKey(name string) string { return search.Entry{Kind: search.Cmdlet, ID: name}.Key() }

// cmdletList are the cmdlets that the account may run, and how a list shows them.
type cmdletList struct {
	accounts *accounts
	finder   *find.Finder
}

// item is a cmdlet in the list at the side.
func (l *cmdletList) item(c cmdlet.Cmdlet) widgets.SideItem {
	return widgets.SideItem{
		ID: c.Name, Title: c.Name, Detail: synopsis(c), Hint: riskHint(c.Risk()), Favourite: l.finder.Favourite(cmdletKey(c.Name)),
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

// found are the account's cmdlets that a text means, the best first. Whoever
// types a whole name means that one, also while the index is still being made: else
// Enter would open what the index has already.
func (l *cmdletList) found(text string) []cmdlet.Cmdlet {
	c := l.accounts.now
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
	for _, e := range l.finder.Find(text) {
		if each, there := byName[e.ID]; there && e.Kind == search.Cmdlet {
			found = append(found, each)
		}
	}
	return found
}

// makeFindable makes what the account may run findable.
func (l *cmdletList) makeFindable() {
	var names []string
	if c := l.accounts.now; c != nil {
		for _, each := range c.cmdlets {
			names = append(names, each.Name)
		}
	}
	l.finder.Set(search.Cmdlet, func() *search.Index { return reference.New().Index(names) })
}

// byName orders names as rows are: Ö stands with O.
func byName(a, b string) int { return cmp.Or(result.CompareTexts(a, b), strings.Compare(a, b)) }
