package app

import (
	"context"
	"path/filepath"
	"sync"

	"postroom/app/folders"
	"postroom/session/jsonfile"
)

// settings are what the window remembers between two starts: no secret, and
// nothing that another file holds.
type settings struct {
	Endpoint string `json:"endpoint,omitempty"` // ID of the one that was connected to last
	Account  string `json:"account,omitempty"`
	Tenant   string `json:"tenant,omitempty"` // domain; empty for the own organisation
	Remember bool   `json:"remember,omitempty"`
}

const settingsVersion = 1

// settingsFile keeps the settings. Reading is from memory; change writes the
// file and must not be called on the UI thread.
type settingsFile struct {
	path string

	mu  sync.Mutex
	now settings
}

// openSettings reads the settings; a file that cannot be understood was set
// aside and is told by the error, which is then a *jsonfile.SetAsideError.
func openSettings(dir string) (*settingsFile, error) {
	s := &settingsFile{path: filepath.Join(dir, folders.Settings)}
	return s, jsonfile.Load(s.path, settingsVersion, &s.now)
}

func (s *settingsFile) get() settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// change changes the settings in memory and in the file.
func (s *settingsFile) change(ctx context.Context, do func(*settings)) error {
	s.mu.Lock()
	do(&s.now)
	s.mu.Unlock()
	_, err := jsonfile.Update(ctx, s.path, settingsVersion, func(kept *settings) error {
		do(kept)
		return nil
	})
	return err
}
