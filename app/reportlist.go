package app

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/app/cli"
	"postroom/app/desk"
	"postroom/app/find"
	"postroom/app/folders"
	"postroom/app/runs"
	"postroom/app/words"
	"postroom/assets"
	"postroom/session/cmdlet"
	"postroom/session/reference"
	"postroom/session/report"
	"postroom/session/search"
	"postroom/widgets"
)

// foundReport begins the IDs of reports among what can be found.
const foundReport = "report:"

// reportKey is the key of a report among all that can be found.
func reportKey(name string) string { return search.Entry{Kind: search.Report, ID: name}.Key() }

// keyOf is the key of what an item of the list stands for.
func keyOf(id string) string {
	if name, ok := strings.CutPrefix(id, foundReport); ok {
		return reportKey(name)
	}
	return cmdletKey(id)
}

// reportList are the reports and packs that there are, and how a list shows them.
type reportList struct {
	desk     *desk.Desk
	finder   *find.Finder
	accounts *accounts
	config   string          // folder of settings
	loaded   func()          // called when they have been read
	reading  desk.Order      // of what follows
	library  *report.Library // nil until the catalogue is read
	all      []report.Report
	needs    map[string]report.Needs // by name
	packs    []report.Pack
	things   report.Things // what rows are about
}

// load reads the reports and packs on a worker and makes them findable:
// those of the program and the person's own.
func (l *reportList) load() {
	library, overtaken := l.library, l.reading.Begin()
	l.desk.Spawn(func() { // ends when the files are read
		if library == nil {
			catalogue, err := cli.Reports()
			if err != nil {
				l.desk.Post(func() { l.desk.Problem(err) })
				return
			}
			library = report.NewLibrary(filepath.Join(l.config, folders.Reports), catalogue)
		}
		list, err := library.Reports()
		packs, packErr := library.Packs()
		things, thingsErr := report.LoadThings(assets.Things())
		needs := make(map[string]report.Needs, len(list))
		for _, r := range list {
			needs[r.Name] = r.Needs()
		}
		l.desk.Post(func() {
			if err = errors.Join(err, packErr, thingsErr); err != nil {
				l.desk.Problem(err) // the others are there
			}
			if overtaken() {
				return
			}
			l.library, l.all, l.needs, l.packs, l.things = library, list, needs, packs, things
			l.finder.Set(search.Report, func() *search.Index {
				return search.New(report.Entries(list, packs, lang.L("en"), reference.New().ReportWords()))
			})
			l.loaded()
		})
	})
}

// packItem is a pack in the list at the side.
func (l *reportList) packItem(p report.Pack) widgets.SideItem {
	return widgets.SideItem{
		ID: foundReport + p.Name, Title: words.Of(p.Title), Detail: words.Of(p.Asks), Hint: lang.L("pack"),
		Favourite: l.finder.Favourite(reportKey(p.Name)),
	}
}

// packNamed finds a pack.
func (l *reportList) packNamed(name string) (report.Pack, bool) {
	i := slices.IndexFunc(l.packs, func(p report.Pack) bool { return p.Name == name })
	if i < 0 {
		return report.Pack{}, false
	}
	return l.packs[i], true
}

// itemNamed is what the search has found among reports and packs.
func (l *reportList) itemNamed(name string) (widgets.SideItem, bool) {
	if r, ok := l.named(name); ok {
		return l.item(r), true
	}
	if p, ok := l.packNamed(name); ok {
		return l.packItem(p), true
	}
	return widgets.SideItem{}, false
}

// item is a report in the list at the side: greyed, with the reason, where
// the account or the service cannot run it.
func (l *reportList) item(r report.Report) widgets.SideItem {
	hint := l.hint(r)
	return widgets.SideItem{
		ID: foundReport + r.Name, Title: words.Of(r.Title), Detail: words.Of(r.Asks), Hint: hint, Muted: hint != "",
		Favourite: l.finder.Favourite(reportKey(r.Name)),
	}
}

// hint says why a report does not run here; nothing where it does.
func (l *reportList) hint(r report.Report) string {
	c := l.accounts.now
	if c == nil {
		return ""
	}
	err := l.needs[r.Name].Lacks(report.ServiceOf(c.base.Endpoint), func(name string) bool {
		return slices.ContainsFunc(c.cmdlets, func(mine cmdlet.Cmdlet) bool { return strings.EqualFold(mine.Name, name) })
	})
	lack, is := errors.AsType[*report.LackError](err)
	switch {
	case err == nil:
		return ""
	case is && lack.Cmdlet != "":
		return fmt.Sprintf(lang.L("needs %s"), lack.Cmdlet)
	case is:
		return fmt.Sprintf(lang.L("only in %s"), words.Services(lack.Services))
	}
	return lang.L("unreadable")
}

// rankOf puts what has no rank behind what has.
func rankOf(r report.Report) int {
	if r.Rank == 0 {
		return 1 << 20
	}
	return r.Rank
}

// named finds a report.
func (l *reportList) named(name string) (report.Report, bool) {
	i := slices.IndexFunc(l.all, func(r report.Report) bool { return r.Name == name })
	if i < 0 {
		return report.Report{}, false
	}
	return l.all[i], true
}

// titleOf is the title of a report or a pack; its name where there is none of it any more.
func (l *reportList) titleOf(name string) string {
	title := ""
	if r, ok := l.named(name); ok {
		title = words.Of(r.Title)
	} else if p, isPack := l.packNamed(name); isPack {
		title = words.Of(p.Title)
	}
	return cmp.Or(title, name)
}

// found are the reports and packs that a text means, the best first.
func (l *reportList) found(text string) []widgets.SideItem {
	var found []widgets.SideItem
	for _, e := range l.finder.Find(text) {
		if item, ok := l.itemNamed(e.ID); ok && e.Kind == search.Report {
			found = append(found, item)
		}
	}
	return found
}

// reportOf is the report of a tab; nil for none, and for a pack.
func reportOf(t *runs.Tab) *report.Report {
	if t == nil {
		return nil
	}
	return t.Report()
}

// groupTitle is a group of reports, or of the packs, in the window's language.
func groupTitle(name string) string {
	if name == packGroup {
		return lang.L("Packs")
	}
	return words.Of(report.GroupTitle(name))
}
