package app

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/find"
	"postroom/app/gallery"
	"postroom/app/runs"
	"postroom/app/settings"
	"postroom/session/history"
	"postroom/session/reference"
	"postroom/widgets"
)

// galleryPage is the gallery in the window: where it is, and what it does with the rest.
// Most of its methods are the gallery's own, which it is in the window.
type galleryPage struct {
	*gallery.Gallery
	remembering
	accounts *accounts
	reports  *reportList
	tenants  *tenantLists
	finder   *find.Finder
	opening  *opening
	side     *widgets.SideList
	middle   *middle
	book     *history.Book
	folder   func() string // where files go
	lastRuns map[string]history.Entry
	reading  desk.Order // of lastRuns
}

// make makes the page on which reports, packs and cmdlets are looked at.
func (g *galleryPage) make(schedule func(), duplicate func(name string)) {
	g.Gallery = gallery.New(g.desk, gallery.Deeds{
		Find: g.thing,
		Here: g.here,
		Mark: func(id string, favourite bool) { g.finder.Mark(keyOf(id), favourite) },
		Run: func(id string, c gallery.Choice) {
			if t := g.opening.chosen(id, c); t != nil && t.Cmdlet().Name == "" {
				t.Form().Run()
			}
		},
		Open: func(id string, c gallery.Choice) { g.opening.chosen(id, c) },
		Schedule: func(id string) {
			if t := g.opening.chosen(id, gallery.Choice{Values: g.answers(id)}); t != nil {
				schedule()
			}
		},
		Duplicate: func(id string) { duplicate(strings.TrimPrefix(id, foundReport)) },
		Rows:      func(e history.Entry) { g.middle.openKept(e) },
		Compare:   g.compareBefore,
		Other:     g.opening.found,
		Answers:   g.answers,
		Answered:  g.answered,
		Back:      g.leave,
		Returns:   func() bool { return g.middle.browse && len(g.middle.open) > 0 },
	})
}

// thing is what an item of a list stands for.
func (g *galleryPage) thing(id string) (gallery.Thing, bool) {
	t := gallery.Thing{Favourite: g.finder.Favourite(keyOf(id))}
	name, found := strings.CutPrefix(id, foundReport)
	if !found {
		c, may := g.accounts.may(id)
		t.Cmdlet = &c
		c.Synopsis = synopsis(c)
		return t, may
	}
	if r, ok := g.reports.named(name); ok {
		t.Report, t.Lacks, t.Last = &r, g.reports.hint(r), g.lastRun(name)
		return t, true
	}
	p, ok := g.reports.packNamed(name)
	t.Pack, t.Last = &p, g.lastRun(name)
	return t, ok
}

// here is where the next run goes.
func (g *galleryPage) here() gallery.Here {
	h := gallery.Here{Reports: g.reports.all, Things: g.reports.things, Kinds: reference.New(), Folder: g.folder()}
	h.Target, h.SignedIn = g.opening.target()
	if h.SignedIn {
		h.Tenants = g.tenants.current().All()
	}
	return h
}

// answers are those that were given last to the questions of a report or a pack.
func (g *galleryPage) answers(id string) map[string]string {
	return g.settings.Get().Answers[strings.TrimPrefix(id, foundReport)]
}

// mostAnswers is of how many reports the answers are remembered.
const mostAnswers = 200

// answered remembers them.
func (g *galleryPage) answered(id string, values map[string]string) {
	name, found := strings.CutPrefix(id, foundReport)
	if !found {
		return
	}
	g.remember(func(s *settings.Settings) {
		all := maps.Clone(s.Answers) // a reader may have the old ones
		if all == nil || len(all) > mostAnswers {
			all = map[string]map[string]string{}
		}
		delete(all, name)
		if len(values) > 0 {
			all[name] = values
		}
		s.Answers = all
	})
}

// browse shows the gallery and lets a person search.
func (g *galleryPage) browse() {
	g.raise()
	g.side.FocusSearch()
}

// raise shows the gallery, also over what is open.
func (g *galleryPage) raise() {
	g.middle.browsing(true)
	g.Refresh() // there is a way back now
}

// leave goes back to what is open.
func (g *galleryPage) leave() {
	g.middle.browsing(false)
	g.middle.withFront(func(t *runs.Tab) { g.desk.Focus(t.Grid()) })
}

// lookAt shows a report, a pack or a cmdlet in the gallery.
func (g *galleryPage) lookAt(id string) {
	g.Choose(id)
	g.raise()
}

// lastRun is the last run of a report or a pack whose rows are kept.
func (g *galleryPage) lastRun(name string) *history.Entry {
	if e, ran := g.lastRuns[name]; ran {
		return &e
	}
	return nil
}

// readLastRuns reads what ran last, on a worker.
func (g *galleryPage) readLastRuns() {
	overtaken := g.reading.Begin()
	g.desk.Spawn(func() { // ends when the file is read
		entries, err := g.book.Entries()
		g.desk.Post(func() {
			if err != nil {
				g.desk.Problem(err)
			}
			if overtaken() {
				return
			}
			g.lastRuns = map[string]history.Entry{}
			for _, e := range slices.Backward(entries) { // the newest counts
				if e.Report != "" && e.Kept {
					g.lastRuns[e.Report] = e
				}
			}
			g.Refresh()
		})
	})
}

// compareFront compares the run of the tab in front with the one before.
func (g *galleryPage) compareFront() {
	g.middle.withFront(func(t *runs.Tab) {
		e, ran := t.Remembered()
		if !ran {
			g.desk.Note(widgets.Information, lang.L("Run it first: a run is compared with the one before it."))
			return
		}
		g.compareBefore(e)
	})
}

// compareBefore opens what changed since the run before, of the same in the same tenants.
func (g *galleryPage) compareBefore(e history.Entry) {
	g.desk.Spawn(func() { // ends when the file is read
		before, err := g.book.Before(e)
		g.desk.Post(func() {
			switch {
			case errors.Is(err, history.ErrFirst):
				g.desk.Note(widgets.Information, lang.L("There is no earlier run of the same command, endpoint and tenant with kept rows."))
			case err != nil:
				g.desk.Problem(err)
			default:
				g.middle.openDifference(before, e)
			}
		})
	})
}

// changesReport is the report of what changed in others.
const changesReport = "changes-since"

// showChanges shows the report of what changed, with the report in front as the one to
// compare.
func (g *galleryPage) showChanges() {
	of := ""
	g.middle.withFront(func(t *runs.Tab) {
		if r := t.Report(); r != nil && r.Compare == nil && r.Reads() {
			of = r.Name
		}
	})
	g.lookAt(foundReport + changesReport)
	if of != "" {
		g.Form().SetValues(map[string]string{"report": of})
	}
}
