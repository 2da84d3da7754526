// Package find answers what people type into the window's searches: it keeps what can be
// found, cmdlets, reports and the rest, and what the person marked or used last. How words
// are matched is the business of session/search; how a hit is shown, that of the window.
package find

import (
	"context"
	"maps"
	"slices"
	"strings"

	"postroom/app/desk"
	"postroom/app/settings"
	"postroom/session/search"
)

// mostRecent is how many things used last are remembered.
const mostRecent = 12

// Finder finds things. UI thread only; the index is made on a worker.
type Finder struct {
	// OnChanged hears that other things can be found, or are marked. Set before use.
	OnChanged func()

	desk     *desk.Desk
	settings *settings.File
	things   map[search.Kind]*search.Index
	index    *search.Index               // nil while there is nothing
	asked    uint64                      // number of the last Set
	orders   map[search.Kind]*desk.Order // of the indexes of each kind
}

// New returns a finder of nothing yet.
func New(d *desk.Desk, s *settings.File) *Finder {
	return &Finder{OnChanged: func() {}, desk: d, settings: s, things: map[search.Kind]*search.Index{}, orders: map[search.Kind]*desk.Order{}}
}

// Set replaces what there is of a kind by what index makes, on a worker. Of several calls
// in a row the last counts, in whatever order their workers end.
func (f *Finder) Set(kind search.Kind, index func() *search.Index) {
	f.asked++
	number, others := f.asked, []*search.Index{}
	if f.orders[kind] == nil {
		f.orders[kind] = &desk.Order{}
	}
	overtaken := f.orders[kind].Begin()
	for other, there := range f.things {
		if other != kind {
			others = append(others, there)
		}
	}
	f.desk.Spawn(func() { // ends when the index is made
		made := index()
		all := search.Join(append(others, made)...)
		f.desk.Post(func() {
			if overtaken() {
				return
			}
			f.things[kind] = made
			if number != f.asked {
				f.again()
				return
			}
			f.index = all
			f.OnChanged()
		})
	})
}

// again makes the index of what has come meanwhile.
func (f *Finder) again() {
	f.asked++
	number, there := f.asked, slices.Collect(maps.Values(f.things))
	f.desk.Spawn(func() { // ends when the index is made
		all := search.Join(there...)
		f.desk.Post(func() {
			if number == f.asked {
				f.index = all
				f.OnChanged()
			}
		})
	})
}

// Ready tells whether there is anything to find.
func (f *Finder) Ready() bool { return f.index != nil && f.index.Len() > 0 }

// Find gives what the text means, the best first.
func (f *Finder) Find(text string) []search.Entry {
	if f.index == nil {
		return nil
	}
	return f.index.Find(text, f.Preference())
}

// Best is the kind of what the text means first; false where it means nothing.
func (f *Finder) Best(text string) (search.Kind, bool) {
	found := f.Find(text)
	if len(found) == 0 || strings.TrimSpace(text) == "" {
		return search.Report, false
	}
	return found[0].Kind, true
}

// Fit is how well the best of it fits the text, as [search.Index.Fit] says.
func (f *Finder) Fit(text string) int {
	if f.index == nil {
		return 0
	}
	return f.index.Fit(text, f.Preference())
}

// Preference is what the person marked and used last.
func (f *Finder) Preference() search.Preference {
	kept := f.settings.Get()
	return search.Preference{Favourites: kept.Favourites, Recent: kept.Recent}
}

// Favourite tells whether the person marked a thing, by its entry's key.
func (f *Finder) Favourite(key string) bool { return slices.Contains(f.settings.Get().Favourites, key) }

// Mark makes a thing a favourite, or none any more.
func (f *Finder) Mark(key string, favourite bool) {
	f.change(func(s *settings.Settings) {
		s.Favourites = without(s.Favourites, key)
		if favourite {
			s.Favourites = append(s.Favourites, key)
		}
	})
}

// Used remembers that a thing was used now.
func (f *Finder) Used(key string) {
	f.change(func(s *settings.Settings) {
		s.Recent = slices.Insert(without(s.Recent, key), 0, key)
		s.Recent = s.Recent[:min(len(s.Recent), mostRecent)]
	})
}

// without gives a list of its own: others may still read the one before.
func without(keys []string, key string) []string {
	kept := make([]string, 0, len(keys)+1)
	for _, k := range keys {
		if k != key {
			kept = append(kept, k)
		}
	}
	return kept
}

func (f *Finder) change(do func(*settings.Settings)) {
	keep := f.settings.Change(do)
	f.desk.Spawn(func() { // ends when the file is written
		err := keep(context.Background())
		f.desk.Post(func() {
			if err != nil {
				f.desk.Problem(err)
			}
			f.OnChanged()
		})
	})
}
