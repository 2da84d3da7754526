package app

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/gallery"
	"postroom/app/words"
	"postroom/session/reference"
	"postroom/session/report"
	"postroom/session/search"
	"postroom/widgets"
)

// newGallery is the page of the reports.
func newGallery(w *mainWindow) *gallery.Gallery {
	deeds := gallery.Deeds{
		Find:      func(id string) (report.Report, bool) { return w.reportOf(id) },
		Lacks:     w.reportHint,
		Place:     w.placeOfNext,
		Service:   w.serviceOfNext,
		Plan:      w.stepsOf,
		Things:    func() report.Things { return w.things },
		Favourite: func(id string) bool { return w.finder.Favourite(keyOf(id)) },
		Mark:      func(id string, favourite bool) { w.finder.Mark(keyOf(id), favourite) },
		Run: func(id string) {
			if r, ok := w.reportOf(id); ok {
				w.runReport(r.Name)
			}
		},
		Open: func(id string) {
			w.showReport(strings.TrimPrefix(id, foundReport))
		},
		Back: func() {
			w.middle.browsing(false)
			w.gallery.Refresh()
		},
		Returns: func() bool { return w.middle != nil && w.middle.browse },
	}
	return gallery.New(w.desk, deeds)
}

// reportOf is the report that an item of a list stands for.
func (w *mainWindow) reportOf(id string) (report.Report, bool) {
	if len(id) <= len(foundReport) || id[:len(foundReport)] != foundReport {
		return report.Report{}, false
	}
	return w.reportNamed(id[len(foundReport):])
}

// browseReports shows the gallery, also over what is open.
func (w *mainWindow) browseReports() {
	w.middle.browsing(true)
	w.gallery.Refresh()
	w.gallery.Focus()
}

// showGallery lists the reports in the gallery, as the account can run them.
func (w *mainWindow) showGallery() {
	if w.gallery == nil {
		return
	}
	w.gallery.List.Find = nil
	if w.finder.Ready() {
		w.gallery.List.Find = w.searchReports
	}
	byKey := make(map[string]widgets.SideItem, len(w.reports))
	for _, r := range w.reports {
		byKey[reportKey(r.Name)] = w.reportItem(r)
	}
	listed := func(title string, keys []string, most int) widgets.SideSection {
		section := widgets.SideSection{Title: title}
		for _, key := range keys {
			if item, there := byKey[key]; there && len(section.Items) < most {
				section.Items = append(section.Items, item)
			}
		}
		return section
	}
	used := w.finder.Preference()
	var useful widgets.SideSection
	useful.Title = lang.L("Most useful")
	ranked := slices.DeleteFunc(slices.Clone(w.reports), func(r report.Report) bool { return r.Rank == 0 || w.reportHint(r) != "" })
	slices.SortStableFunc(ranked, func(a, b report.Report) int { return a.Rank - b.Rank })
	for _, r := range ranked[:min(len(ranked), mostUseful)] {
		useful.Items = append(useful.Items, byKey[reportKey(r.Name)])
	}
	w.gallery.List.SetSections([]widgets.SideSection{
		listed(lang.L("Favourites"), used.Favourites, len(used.Favourites)), listed(lang.L("Recent"), used.Recent, recentShown), useful, w.reportSection(),
	})
	w.gallery.Refresh()
}

// mostUseful is how many of the ranked reports stand before the groups.
const mostUseful = 12

// searchReports answers the gallery's search.
func (w *mainWindow) searchReports(text string) []widgets.SideSection {
	section := widgets.SideSection{Title: lang.L("Reports")}
	for _, e := range w.finder.Find(text) {
		if r, ok := w.reportNamed(e.ID); ok && e.Kind == search.Report {
			section.Items = append(section.Items, w.reportItem(r))
		}
	}
	return []widgets.SideSection{section}
}

// placeOfNext is where the next form goes; "" while nobody is signed in.
func (w *mainWindow) placeOfNext() string {
	if w.accounts.now == nil {
		return ""
	}
	target, _ := w.target()
	return words.Place(target)
}

// serviceOfNext is what the next form goes to, as reports call it.
func (w *mainWindow) serviceOfNext() string {
	if w.accounts.now == nil {
		return ""
	}
	return report.ServiceOf(w.accounts.now.base.Endpoint)
}

// stepsOf is the PowerShell of a report's steps as they would be sent now; what
// has no answer yet stands in braces.
func (w *mainWindow) stepsOf(r report.Report) string {
	answers := map[string]string{}
	for _, q := range r.Questions {
		if !q.Needed || q.Default != "" {
			continue
		}
		if answers[q.Name] = "{" + q.Name + "}"; len(q.Choices) > 0 {
			answers[q.Name] = q.Choices[0]
		}
	}
	plan, err := r.Plan(report.Options{Service: w.serviceOfNext(), Answers: answers, Now: time.Now(), Kinds: reference.New()})
	if err != nil {
		return words.Explain(err).Title
	}
	return plan.PowerShell()
}
