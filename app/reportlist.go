package app

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/app/folders"
	"postroom/app/gallery"
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

// loadReports reads the reports and packs on a worker and makes them findable:
// those of the program and the person's own.
func (w *mainWindow) loadReports() {
	library := w.library
	w.desk.Spawn(func() { // ends when the files are read
		var err error
		if library == nil {
			if library, err = report.NewLibrary(filepath.Join(w.app.config, folders.Reports), assets.Reports(), assets.Packs()); err != nil {
				w.desk.Post(func() { w.desk.Problem(err) })
				return
			}
		}
		list, err := library.Reports()
		packs, packErr := library.Packs()
		things, thingsErr := report.LoadThings(assets.Things())
		w.desk.Post(func() {
			if err = errors.Join(err, packErr, thingsErr); err != nil {
				w.desk.Problem(err) // the others are there
			}
			w.library, w.reports, w.packs, w.things = library, list, packs, things
			w.finder.Set(search.Report, func() []search.Entry { return append(reportEntries(list), packEntries(packs)...) })
			w.showSide()
			w.readLastRuns()
		})
	})
}

func reportEntries(list []report.Report) []search.Entry {
	known := reference.New()
	entries := make([]search.Entry, len(list))
	for i, r := range list {
		entries[i] = search.Entry{
			Kind: search.Report, ID: r.Name, Title: words.Of(r.Title), Names: append(known.ReportWords(r.Name), r.Title.En, r.Title.De),
			Texts: []string{r.Asks.En, r.Asks.De}, Common: r.Rank > 0,
		}
		for _, c := range r.Columns {
			entries[i].Details = append(entries[i].Details, c.Name)
		}
	}
	return entries
}

// packEntries make packs findable among the reports; their names tell them apart.
func packEntries(packs []report.Pack) []search.Entry {
	entries := make([]search.Entry, len(packs))
	for i, p := range packs {
		entries[i] = search.Entry{
			Kind: search.Report, ID: p.Name, Title: words.Of(p.Title), Names: []string{p.Title.En, p.Title.De, "Pack", "Paket"},
			Texts: []string{p.Asks.En, p.Asks.De}, Common: true,
		}
	}
	return entries
}

// packItem is a pack in the list at the side.
func (w *mainWindow) packItem(p report.Pack) widgets.SideItem {
	return widgets.SideItem{
		ID: foundReport + p.Name, Title: words.Of(p.Title), Detail: words.Of(p.Asks), Hint: lang.L("pack"),
		Favourite: w.finder.Favourite(reportKey(p.Name)),
	}
}

// packNamed finds a pack.
func (w *mainWindow) packNamed(name string) (report.Pack, bool) {
	i := slices.IndexFunc(w.packs, func(p report.Pack) bool { return p.Name == name })
	if i < 0 {
		return report.Pack{}, false
	}
	return w.packs[i], true
}

// foundItem is what the search has found among reports and packs.
func (w *mainWindow) foundItem(name string) (widgets.SideItem, bool) {
	if r, ok := w.reportNamed(name); ok {
		return w.reportItem(r), true
	}
	if p, ok := w.packNamed(name); ok {
		return w.packItem(p), true
	}
	return widgets.SideItem{}, false
}

// reportItem is a report in the list at the side: greyed, with the reason, where
// the account or the service cannot run it.
func (w *mainWindow) reportItem(r report.Report) widgets.SideItem {
	hint := w.reportHint(r)
	return widgets.SideItem{
		ID: foundReport + r.Name, Title: words.Of(r.Title), Detail: words.Of(r.Asks), Hint: hint, Muted: hint != "",
		Favourite: w.finder.Favourite(reportKey(r.Name)),
	}
}

// reportHint says why a report does not run here; nothing where it does.
func (w *mainWindow) reportHint(r report.Report) string {
	c := w.accounts.now
	if c == nil {
		return ""
	}
	err := r.Lacks(report.ServiceOf(c.base.Endpoint), func(name string) bool {
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

// reportNamed finds a report.
func (w *mainWindow) reportNamed(name string) (report.Report, bool) {
	i := slices.IndexFunc(w.reports, func(r report.Report) bool { return r.Name == name })
	if i < 0 {
		return report.Report{}, false
	}
	return w.reports[i], true
}

// titleOf is the title of a report or a pack; its name where there is none of it any more.
func (w *mainWindow) titleOf(name string) string {
	title := ""
	if r, ok := w.reportNamed(name); ok {
		title = words.Of(r.Title)
	} else if p, isPack := w.packNamed(name); isPack {
		title = words.Of(p.Title)
	}
	return cmp.Or(title, name)
}

// foundReports are the reports and packs that a text means, the best first.
func (w *mainWindow) foundReports(text string) []widgets.SideItem {
	var found []widgets.SideItem
	for _, e := range w.finder.Find(text) {
		if item, ok := w.foundItem(e.ID); ok && e.Kind == search.Report {
			found = append(found, item)
		}
	}
	return found
}

// openReport opens a report for the tenant at the top. One that asks nothing runs
// at once; a pack never does, since it writes files.
func (w *mainWindow) openReport(name string) *runs.Tab {
	t := w.showReport(name)
	if r := reportOf(t); r != nil && len(r.Questions) == 0 && r.Reads() {
		t.Form().Run()
	}
	return t
}

// reportOf is the report of a tab; nil for none, and for a pack.
func reportOf(t *runs.Tab) *report.Report {
	if t == nil {
		return nil
	}
	return t.Report()
}

// showReport opens a report or a pack for the tenant at the top; nil when nobody is signed
// in, who is asked to.
func (w *mainWindow) showReport(name string) *runs.Tab {
	return w.openChosen(foundReport+name, gallery.Choice{Values: w.answers(foundReport + name)})
}

// groupTitle is a group of the catalogue in the window's language; one's own
// groups have the name that one gave them.
func groupTitle(name string) string {
	switch name {
	case packGroup:
		return lang.L("Packs")
	case ownGroup:
		return lang.L("My reports")
	case "Audit":
		return lang.L("Audit")
	case "Compliance":
		return lang.L("Compliance")
	case "Devices":
		return lang.L("Devices")
	case "Groups":
		return lang.L("Groups")
	case "Mail flow":
		return lang.L("Mail flow")
	case "Mailboxes":
		return lang.L("Mailboxes")
	case "Migration":
		return lang.L("Migration")
	case "Organisation":
		return lang.L("Organization")
	case "Permissions":
		return lang.L("Permissions")
	case "Public folders":
		return lang.L("Public folders")
	case "Quarantine":
		return lang.L("Quarantine")
	case "Recipients":
		return lang.L("Recipients")
	case "Security":
		return lang.L("Security")
	case "Servers":
		return lang.L("Servers")
	case "Threats":
		return lang.L("Threats")
	}
	return name
}
