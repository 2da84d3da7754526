// Package saving asks where a file is to go, and says so when it is there. It
// asks for a name and opens nothing: who writes replaces the file safely (see
// session/atomicfile), so that an old one stays whole until the new one is.
package saving

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/settings"
	"postroom/session/atomicfile"
	"postroom/widgets"
)

// Saver asks for names and remembers the folder. UI thread only.
type Saver struct {
	desk     *desk.Desk
	settings *settings.File
	open     func(*url.URL) error // what the desktop does with an address
	writing  []string             // the files that are being written now
	onScreen func(then func())    // calls it when what was said has been seen, see onScreen
}

// Writing says that a file is being written, until done is called: it is no name for
// another one meanwhile, however it is spelt. UI thread only, both.
func (s *Saver) Writing(path string) (done func()) {
	s.writing = append(s.writing, path)
	return func() {
		if i := slices.Index(s.writing, path); i >= 0 {
			s.writing = slices.Delete(s.writing, i, i+1)
		}
	}
}

// New returns a saver. open gives an address to the desktop, as fyne.App's
// OpenURL does.
func New(d *desk.Desk, s *settings.File, open func(*url.URL) error) *Saver {
	return &Saver{desk: d, settings: s, open: open, onScreen: onScreen}
}

// Type is a kind of file that can be written.
type Type struct {
	Title string
	Ext   string // with its dot, in small letters
}

// Question is what is asked.
type Question struct {
	Title string
	Name  string // that is proposed, with its extension
	Types []Type // at least one
	// Partial says that what is saved is not all: the name says so, whatever is typed.
	Partial bool
	// Choices are what else can be chosen about the file.
	Choices []Choice
	// Save is called on the UI thread with the whole name.
	Save func(path string)
}

// Choice is something that can be chosen about a file.
type Choice struct {
	Label   string
	Options []string // at least one; the one that is chosen at first is Chosen
	Chosen  int
	// OnChosen is called on the UI thread with the option's index.
	OnChosen func(int)
}

// Ask shows the sheet that asks for the name of a file.
func (s *Saver) Ask(q Question) { newSheet(s, q).show() }

// Saved says that a file is there, and offers to open it and to show where it is.
// What the file could not hold makes it a warning.
func (s *Saver) Saved(severity widgets.Severity, text, path string) {
	s.desk.Toasts.Add(widgets.Toast{Severity: severity, Text: text, Actions: []widgets.Action{
		{Label: lang.L("Open"), OnTapped: func() { s.give(path) }},
		{Label: lang.L("Show in folder"), OnTapped: func() { s.give(filepath.Dir(path)) }},
	}})
}

// give gives a file or a folder to the desktop.
func (s *Saver) give(path string) {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") { // C:/…
		slashed = "/" + slashed
	}
	s.desk.Spawn(func() { // ends when the desktop has taken it
		if err := s.open(&url.URL{Scheme: "file", Path: slashed}); err != nil {
			s.desk.Post(func() { s.desk.Problem(fmt.Errorf("open %s: %w", path, err)) })
		}
	})
}

// Folder is where files go unless a person says another place: the one that was
// saved into last, else the person's own.
func (s *Saver) Folder() string { return s.folder() }

// folder is the one that was saved into last, else the person's own.
func (s *Saver) folder() string {
	if last := s.settings.Get().SaveFolder; last != "" {
		return last
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "" // the sheet asks for a folder
	}
	return home
}

func (s *Saver) remember(folder string) {
	s.desk.Keep(s.settings.Change(func(kept *settings.Settings) { kept.SaveFolder = folder }))
}

// place is what stands at a name.
type place int

const (
	free     place = iota
	taken          // a file is there, and would be replaced
	isFolder       // the name is that of a folder
	noFolder       // the folder is not there
	inUse          // the file is being written now
)

// look looks what stands at a name, while others are being written. Not for the UI thread.
func look(path string, writing []string) (place, error) {
	if slices.ContainsFunc(writing, func(other string) bool { return atomicfile.Same(path, other) }) {
		return inUse, nil
	}
	dir, err := os.Stat(filepath.Dir(path))
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && !dir.IsDir():
		return noFolder, nil
	case err != nil:
		return noFolder, fmt.Errorf("look at the folder %s: %w", filepath.Dir(path), err)
	}
	file, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return free, nil
	case err != nil:
		return free, fmt.Errorf("look at %s: %w", path, err)
	case file.IsDir():
		return isFolder, nil
	}
	return taken, nil
}
