// Package settings is what the window remembers between two starts: how it was
// arranged and what was used last. It holds no secret, and nothing that another
// file holds.
package settings

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"

	"postroom/app/folders"
	"postroom/session/jsonfile"
)

// Settings are what the window remembers.
type Settings struct {
	Endpoint string   `json:"endpoint,omitempty"` // ID of the one that was connected to last
	Account  string   `json:"account,omitempty"`
	Tenant   string   `json:"tenant,omitempty"` // domain; empty for the account's own
	Remember bool     `json:"remember,omitempty"`
	Theme    Theme    `json:"theme,omitempty"`
	Language Language `json:"language,omitempty"`
	Window   Size     `json:"window,omitzero"` // the zero size: that of the first start
	// Side is the width of the list of cmdlets, in device-independent pixels; 0:
	// that of the first start.
	Side       float32 `json:"side,omitempty"`
	TrayFolded bool    `json:"trayFolded,omitempty"`
	SaveFolder string  `json:"saveFolder,omitempty"` // that a file was saved into last
	// Favourites are the things that the person marked, Recent those used last, the last
	// first; keys as search.Entry.Key gives them. The lists are replaced, never changed.
	Favourites []string `json:"favourites,omitempty"`
	Recent     []string `json:"recent,omitempty"`
	// Columns are how the columns of rows were arranged, by cmdlet.
	Columns map[string]Columns `json:"columns,omitempty"`
	// Answers are those given last to the questions of reports and packs, by name and
	// question. The map is replaced, never changed.
	Answers map[string]map[string]string `json:"answers,omitempty"`
}

// Columns are how a person has arranged the rows of a cmdlet or a report. The lists are
// replaced, never changed.
type Columns struct {
	Now  Arrangement            `json:"now,omitzero"`
	Only bool                   `json:"only,omitempty"` // a server that can leaves the others out
	Sets map[string]Arrangement `json:"sets,omitempty"` // kept under a name
	// Computed are the person's own columns, Sort the keys, the first one first.
	Computed []Computed `json:"computed,omitempty"`
	Sort     []SortKey  `json:"sort,omitempty"`
	Filters  []Filter   `json:"filters,omitempty"`
	Group    string     `json:"group,omitempty"` // column that the rows are grouped by
	Total    string     `json:"total,omitempty"` // what the groups' headings say of a column
}

// Computed is a column that is computed by an expression of session/report.
type Computed struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// SortKey is a column that rows are sorted by.
type SortKey struct {
	Column     string `json:"column"`
	Descending bool   `json:"descending,omitempty"`
}

// Filter is what is wanted of a column.
type Filter struct {
	Column string   `json:"column"`
	Op     string   `json:"op"`
	Not    bool     `json:"not,omitempty"`
	Values []string `json:"values,omitempty"`
}

// Arrangement is which columns are shown, in their order. The zero value shows the first
// choice of the program.
type Arrangement struct {
	Shown  []Column `json:"shown,omitempty"`
	Frozen int      `json:"frozen,omitempty"` // how many of them do not scroll sideways
	// NoTenant says that a person hid the column of the tenants: rows of one tenant have
	// none, so that its absence from Shown says nothing.
	NoTenant bool `json:"no_tenant,omitempty"`
}

// Column is a column that is shown.
type Column struct {
	Name  string  `json:"name"`
	Width float32 `json:"width,omitempty"` // device-independent pixels
}

// Theme says how the window looks.
type Theme string

// The themes. The zero value follows the desktop.
const (
	AsDesktop Theme = ""
	Light     Theme = "light"
	Dark      Theme = "dark"
)

// Language is that of the texts, as a BCP 47 tag.
type Language string

// The languages. The zero value follows the desktop, or the terminal's environment.
const (
	DesktopLanguage Language = ""
	English         Language = "en"
	German          Language = "de"
)

// Size is that of the window in device-independent pixels.
type Size struct {
	Width  float32 `json:"width,omitempty"`
	Height float32 `json:"height,omitempty"`
}

const version = 1

// File keeps the settings. Get and Change are from memory, and quick enough for the UI
// thread. It may be used from several goroutines.
type File struct {
	path string

	mu      sync.Mutex
	now     Settings
	changes []func(*Settings) // that the file has not got yet, in their order

	// turn holds one token; whoever has it may write, so that changes reach the file in
	// their order.
	turn chan struct{}
}

// Open reads the settings; a file that cannot be understood was set
// aside and is told by the error, which is then a *jsonfile.SetAsideError.
func Open(dir string) (*File, error) {
	s := &File{path: filepath.Join(dir, folders.Settings), turn: make(chan struct{}, 1)}
	s.turn <- struct{}{}
	return s, jsonfile.Load(s.path, version, &s.now)
}

// Peek reads the settings for somebody who changes nothing: a file that cannot be
// understood stays where it is.
func Peek(dir string) (Settings, error) {
	var s Settings
	path := filepath.Join(dir, folders.Settings)
	if err := jsonfile.Peek(path, version, &s); err != nil {
		return Settings{}, fmt.Errorf("read the settings of the window in %s: %w", path, err)
	}
	return s, nil
}

// Get returns the settings as they are now.
func (s *File) Get() Settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Change changes the settings: whoever reads them next has the change, and a later change
// comes after it. The file gets it from keep, which is not for the UI thread and writes all
// changes that were made until then; those that it could not write are tried again by the
// next. The change is done to what the file has as well, so that it does not lose what
// another process has changed.
func (s *File) Change(change func(*Settings)) (keep func(context.Context) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.now)
	s.changes = append(s.changes, change)
	return s.keep
}

// keep brings the file what has changed. It ends with ctx, also while another call or
// another process has the file.
func (s *File) keep(ctx context.Context) error {
	select {
	case <-s.turn:
	case <-ctx.Done():
		return fmt.Errorf("wait to write the settings: %w", context.Cause(ctx))
	}
	defer func() { s.turn <- struct{}{} }()
	changes := s.take()
	if len(changes) == 0 {
		return nil // another call has written it
	}
	_, err := jsonfile.Update(ctx, s.path, version, func(kept *Settings) error {
		for _, change := range changes {
			change(kept)
		}
		return nil
	})
	if err != nil {
		s.mu.Lock()
		s.changes = append(changes, s.changes...)
		s.mu.Unlock()
	}
	return err
}

// take gives the changes that the file has not got, and leaves none.
func (s *File) take() []func(*Settings) {
	s.mu.Lock()
	defer s.mu.Unlock()
	changes := s.changes
	s.changes = nil
	return changes
}
