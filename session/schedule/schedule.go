// Package schedule keeps what is to run again and again: a command line of this
// program, when, and where its files go. The computer's own scheduler runs it (a
// timer of systemd, the Task Scheduler, launchd): no service of ours. It knows
// what those want to read, and how the last run came out, so that a failure is
// seen at the next start.
//
// Nothing here holds a secret: the password comes from the keyring when it runs.
package schedule

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"postroom/session/jsonfile"
)

// Schedule is something that runs again and again.
type Schedule struct {
	// ID is the name of its job: small letters, digits and hyphens.
	ID    string `json:"id"`
	Title string `json:"title"`
	When  When   `json:"when"`
	// Args are the words of the command line, beginning with report or run, without
	// those that say where its rows go.
	Args []string `json:"args"`
	// Dir is the folder of its files, Format their kind: csv or xlsx; "" for a pack,
	// which has files of its own.
	Dir    string `json:"dir"`
	Format string `json:"format,omitempty"`
	// Keep is how many runs' files are kept; 0 keeps all.
	Keep int `json:"keep,omitempty"`
	// Runs are the last ones, the newest last.
	Runs []Ran `json:"runs,omitempty"`
}

// Ran is how a run came out.
type Ran struct {
	At   time.Time `json:"at"`
	Code int       `json:"code"`
	// Text is what was said last, when it did not go well.
	Text  string   `json:"text,omitempty"`
	Files []string `json:"files,omitempty"`
	// Seen says that the person knows.
	Seen bool `json:"seen,omitempty"`
}

// Failed says that a run did not go well.
func (r Ran) Failed() bool { return r.Code != 0 }

// Last is the last run; ok is false before the first.
func (s Schedule) Last() (last Ran, ok bool) {
	if len(s.Runs) == 0 {
		return Ran{}, false
	}
	return s.Runs[len(s.Runs)-1], true
}

// ErrUnknown means that there is no such schedule.
var ErrUnknown = errors.New("schedule: there is none of that name")

// WhenError is a time that cannot be read.
type WhenError struct{ Text string }

// Error names it.
func (e *WhenError) Error() string { return fmt.Sprintf("schedule: %q says no day and time", e.Text) }

// When is on which days, at what time of the clock where the computer is.
type When struct {
	// Days are the days of the week; none means each. Of the month: 1 to 28, 0 for none.
	Days   []time.Weekday `json:"days,omitempty"`
	Of     int            `json:"day_of_month,omitempty"`
	Hour   int            `json:"hour"`
	Minute int            `json:"minute"`
}

// dayNames are the words that ParseWhen reads, English and German.
var dayNames = map[string]time.Weekday{
	"sunday": time.Sunday, "monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday, "thursday": time.Thursday,
	"friday": time.Friday, "saturday": time.Saturday, "sonntag": time.Sunday, "montag": time.Monday, "dienstag": time.Tuesday,
	"mittwoch": time.Wednesday, "donnerstag": time.Thursday, "freitag": time.Friday, "samstag": time.Saturday,
}

// ParseWhen reads 'monday 07:00', 'mon,thu 7:30', 'daily 06:00', 'monthly 1 07:00'.
// Errors are *WhenError.
func ParseWhen(text string) (When, error) {
	wrong := &WhenError{Text: text}
	words := strings.Fields(strings.ToLower(strings.ReplaceAll(text, ", ", ",")))
	if len(words) < 2 {
		return When{}, wrong
	}
	at, err := time.Parse("15:04", words[len(words)-1])
	if err != nil {
		return When{}, wrong
	}
	w := When{Hour: at.Hour(), Minute: at.Minute()}
	switch {
	case len(words) == 2 && (words[0] == "daily" || words[0] == "täglich"):
		return w, nil
	case len(words) == 3 && (words[0] == "monthly" || words[0] == "monatlich"):
		if _, err := fmt.Sscanf(strings.TrimSuffix(words[1], "."), "%d", &w.Of); err != nil || w.Of < 1 || w.Of > 28 {
			return When{}, wrong
		}
		return w, nil
	case len(words) != 2:
		return When{}, wrong
	}
	for name := range strings.SplitSeq(words[0], ",") {
		day, ok := dayNamed(name)
		if !ok {
			return When{}, wrong
		}
		if !slices.Contains(w.Days, day) {
			w.Days = append(w.Days, day)
		}
	}
	slices.Sort(w.Days)
	return w, nil
}

// dayNamed finds a day by its name, or at least two letters of it.
func dayNamed(text string) (time.Weekday, bool) {
	if len(text) < 2 {
		return 0, false
	}
	for name, day := range dayNames {
		if strings.HasPrefix(name, text) { // two letters tell the days apart, in both languages
			return day, true
		}
	}
	return 0, false
}

// String writes it as ParseWhen reads it, in English.
func (w When) String() string { return w.In("en") }

// germanDays are the days of the week from Sunday on.
var germanDays = [...]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"}

// In writes it as ParseWhen reads it, in a language by its BCP 47 tag: German, else English.
func (w When) In(language string) string {
	german := language == "de" || strings.HasPrefix(language, "de-")
	word := func(english, other string) string {
		if german {
			return other
		}
		return english
	}
	at := fmt.Sprintf("%02d:%02d", w.Hour, w.Minute)
	switch {
	case w.Of > 0:
		return fmt.Sprintf("%s %d %s", word("monthly", "monatlich"), w.Of, at)
	case len(w.Days) == 0:
		return word("daily", "täglich") + " " + at
	}
	var days []string
	for _, d := range w.Days {
		days = append(days, word(d.String(), germanDays[d]))
	}
	return strings.Join(days, ",") + " " + at
}

// Book are the schedules in a file. It may be used from any goroutine and by
// several processes at once.
type Book struct{ path string }

// Open gives the schedules of a file; nothing is read yet.
func Open(path string) *Book { return &Book{path: path} }

const version = 1

type list struct {
	Schedules []Schedule `json:"schedules"`
}

// All are the schedules.
func (b *Book) All() ([]Schedule, error) {
	var l list
	err := jsonfile.Load(b.path, version, &l)
	return l.Schedules, err
}

// Find finds one. It gives ErrUnknown.
func (b *Book) Find(id string) (Schedule, error) {
	all, err := b.All()
	i := slices.IndexFunc(all, func(s Schedule) bool { return s.ID == id })
	if i < 0 {
		return Schedule{}, errors.Join(fmt.Errorf("%w: %s", ErrUnknown, id), err)
	}
	return all[i], err
}

// Add keeps a schedule and gives it an ID of its own.
func (b *Book) Add(ctx context.Context, s Schedule) (Schedule, error) {
	s.ID = "postroom-" + strings.ToLower(rand.Text()[:8])
	return s, b.change(ctx, func(l *list) error {
		l.Schedules = append(l.Schedules, s)
		return nil
	})
}

// Remove forgets a schedule. It gives ErrUnknown.
func (b *Book) Remove(ctx context.Context, id string) error {
	return b.change(ctx, func(l *list) error {
		before := len(l.Schedules)
		l.Schedules = slices.DeleteFunc(l.Schedules, func(s Schedule) bool { return s.ID == id })
		if len(l.Schedules) == before {
			return fmt.Errorf("%w: %s", ErrUnknown, id)
		}
		return nil
	})
}

// mostRuns is how many runs are remembered of a schedule that keeps all files.
const mostRuns = 100

// Note remembers how a run came out. It gives the files of older runs that are no
// longer kept, for the caller to delete.
func (b *Book) Note(ctx context.Context, id string, r Ran) (old []string, err error) {
	err = b.change(ctx, func(l *list) error {
		i := slices.IndexFunc(l.Schedules, func(s Schedule) bool { return s.ID == id })
		if i < 0 {
			return fmt.Errorf("%w: %s", ErrUnknown, id)
		}
		s := &l.Schedules[i]
		s.Runs = append(s.Runs, r)
		old = nil
		withFiles := 0
		for n := len(s.Runs) - 1; n >= 0; n-- {
			if len(s.Runs[n].Files) == 0 {
				continue
			}
			if withFiles++; s.Keep > 0 && withFiles > s.Keep {
				old = append(old, s.Runs[n].Files...)
				s.Runs[n].Files = nil
			}
		}
		old = slices.DeleteFunc(old, func(name string) bool { return slices.Contains(r.Files, name) })
		if n := len(s.Runs) - mostRuns; n > 0 {
			s.Runs = slices.Delete(s.Runs, 0, n)
		}
		return nil
	})
	return old, err
}

// Unseen are the schedules whose last run failed, and the person has not seen it.
func (b *Book) Unseen() ([]Schedule, error) {
	all, err := b.All()
	return slices.DeleteFunc(all, func(s Schedule) bool {
		last, ran := s.Last()
		return !ran || !last.Failed() || last.Seen
	}), err
}

// See notes that the person has seen how all came out.
func (b *Book) See(ctx context.Context) error {
	return b.change(ctx, func(l *list) error {
		for i := range l.Schedules {
			for n := range l.Schedules[i].Runs {
				l.Schedules[i].Runs[n].Seen = true
			}
		}
		return nil
	})
}

func (b *Book) change(ctx context.Context, do func(*list) error) error {
	aside, err := jsonfile.Update(ctx, b.path, version, do)
	if err != nil {
		return err
	}
	if aside != nil {
		return aside
	}
	return nil
}
