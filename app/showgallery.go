package app

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/app/gallery"
	"postroom/app/runs"
	"postroom/app/settings"
	"postroom/session"
	"postroom/session/history"
	"postroom/session/reference"
	"postroom/widgets"
)

// newGallery is the page on which reports, packs and cmdlets are looked at.
func newGallery(w *mainWindow) *gallery.Gallery {
	return gallery.New(w.desk, gallery.Deeds{
		Find: w.thing,
		Here: w.here,
		Mark: func(id string, favourite bool) { w.finder.Mark(keyOf(id), favourite) },
		Run: func(id string, c gallery.Choice) {
			if t := w.openChosen(id, c); t != nil && t.Cmdlet().Name == "" {
				t.Form().Run()
			}
		},
		Open: func(id string, c gallery.Choice) { w.openChosen(id, c) },
		Schedule: func(id string) {
			if t := w.openChosen(id, gallery.Choice{Values: w.answers(id)}); t != nil {
				w.scheduleFront()
			}
		},
		Duplicate: func(id string) { w.duplicateReport(strings.TrimPrefix(id, foundReport)) },
		Rows:      func(e history.Entry) { w.middle.openKept(e) },
		Compare:   w.compareBefore,
		Other:     w.openFound,
		Answers:   w.answers,
		Answered:  w.answered,
		Back:      w.leaveGallery,
		Returns:   func() bool { return w.middle != nil && w.middle.browse && len(w.middle.open) > 0 },
	})
}

// thing is what an item of a list stands for.
func (w *mainWindow) thing(id string) (gallery.Thing, bool) {
	t := gallery.Thing{Favourite: w.finder.Favourite(keyOf(id))}
	name, found := strings.CutPrefix(id, foundReport)
	if !found {
		c, may := w.accounts.may(id)
		t.Cmdlet = &c
		c.Synopsis = synopsis(c)
		return t, may
	}
	if r, ok := w.reportNamed(name); ok {
		t.Report, t.Lacks, t.Last = &r, w.reportHint(r), w.lastRun(name)
		return t, true
	}
	p, ok := w.packNamed(name)
	t.Pack, t.Last = &p, w.lastRun(name)
	return t, ok
}

// here is where the next run goes.
func (w *mainWindow) here() gallery.Here {
	h := gallery.Here{Reports: w.reports, Things: w.things, Kinds: reference.New(), Folder: w.saver.Folder()}
	h.Target, h.SignedIn = w.target()
	if h.SignedIn {
		h.Tenants = w.currentBook().All()
	}
	return h
}

// openChosen opens a report, a pack or a cmdlet as it was filled in; nil when nobody is
// signed in, who is asked to.
func (w *mainWindow) openChosen(id string, c gallery.Choice) *runs.Tab {
	target, ok := w.target()
	if !ok {
		w.connector.Show() // it is there after signing in, as it was filled in
		return nil
	}
	if len(c.Tenants) == 1 {
		target.Tenant = c.Tenants[0]
	}
	t := w.openAt(id, target)
	if t == nil {
		return nil
	}
	if len(c.Tenants) > 1 {
		t.UseTenants(c.Tenants)
	}
	t.Form().SetValues(c.Values)
	return t
}

// openAt opens what an item of a list stands for, for a target.
func (w *mainWindow) openAt(id string, target session.Target) *runs.Tab {
	name, found := strings.CutPrefix(id, foundReport)
	if !found {
		return w.openCmdlet(id)
	}
	w.finder.Used(reportKey(name))
	if p, isPack := w.packNamed(name); isPack {
		return w.middle.openPack(runs.PackSpec{Pack: p, Reports: w.reports, Folder: w.saver.Folder()}, target)
	}
	r, known := w.reportNamed(name)
	if !known {
		return nil
	}
	return w.middle.openReport(r, target)
}

// answers are those that were given last to the questions of a report or a pack.
func (w *mainWindow) answers(id string) map[string]string {
	return w.app.settings.Get().Answers[strings.TrimPrefix(id, foundReport)]
}

// mostAnswers is of how many reports the answers are remembered.
const mostAnswers = 200

// answered remembers them.
func (w *mainWindow) answered(id string, values map[string]string) {
	name, found := strings.CutPrefix(id, foundReport)
	if !found {
		return
	}
	w.look.remember(func(s *settings.Settings) {
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

// browseReports shows the gallery and lets a person search.
func (w *mainWindow) browseReports() {
	w.raiseGallery()
	w.side.FocusSearch()
}

// raiseGallery shows the gallery, also over what is open.
func (w *mainWindow) raiseGallery() {
	w.middle.browsing(true)
	w.gallery.Refresh() // there is a way back now
}

// leaveGallery goes back to what is open.
func (w *mainWindow) leaveGallery() {
	w.middle.browsing(false)
	w.middle.withFront(func(t *runs.Tab) { w.desk.Focus(t.Grid()) })
}

// lookAt shows a report, a pack or a cmdlet in the gallery.
func (w *mainWindow) lookAt(id string) {
	w.gallery.Choose(id)
	w.raiseGallery()
}

// lastRun is the last run of a report or a pack whose rows are kept.
func (w *mainWindow) lastRun(name string) *history.Entry {
	if e, ran := w.lastRuns[name]; ran {
		return &e
	}
	return nil
}

// readLastRuns reads what ran last, on a worker.
func (w *mainWindow) readLastRuns() {
	w.desk.Spawn(func() { // ends when the file is read
		entries, err := w.app.history.Entries()
		w.desk.Post(func() {
			if err != nil {
				w.desk.Problem(err)
			}
			w.lastRuns = map[string]history.Entry{}
			for _, e := range slices.Backward(entries) { // the newest counts
				if e.Report != "" && e.Kept {
					w.lastRuns[e.Report] = e
				}
			}
			w.gallery.Refresh()
		})
	})
}

// compareBefore opens what changed since the run before, of the same in the same tenants.
func (w *mainWindow) compareBefore(e history.Entry) {
	w.desk.Spawn(func() { // ends when the file is read
		before, err := w.app.history.Before(e)
		w.desk.Post(func() {
			switch {
			case errors.Is(err, history.ErrFirst):
				w.desk.Note(widgets.Information, lang.L("There is no earlier run of the same command, endpoint and tenant with kept rows."))
			case err != nil:
				w.desk.Problem(err)
			default:
				w.middle.openDifference(before, e)
			}
		})
	})
}
