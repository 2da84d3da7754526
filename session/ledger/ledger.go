package ledger

import (
	"context"
	"errors"
	"time"
)

// The errors of a ledger and its slots.
var (
	ErrDuplicate = errors.New("ledger: the shell id is in the ledger already")
	ErrCleared   = errors.New("ledger: the slot was cleared")
	ErrNoEntry   = errors.New("ledger: no such shell")
)

// SetAsideError reports a ledger file that could not be read. It was kept
// under another name, and the ledger began anew.
type SetAsideError struct {
	Path string // where the file is now
	Err  error  // what was wrong with it
}

// Error names the file and what was wrong.
func (e *SetAsideError) Error() string {
	return "ledger: an unreadable file was set aside as " + e.Path + ": " + e.Err.Error()
}

// Unwrap gives what was wrong with the file.
func (e *SetAsideError) Unwrap() error { return e.Err }

// Ledger is one process's view of the shared list. It may be used from
// several goroutines.
type Ledger struct{}

// Slot is a held place under an account's limit. Intend, Opened and Cleared
// tell the ledger how far its shell has come.
type Slot struct{}

// Open opens the ledger in dir, which is created when it is missing.
func Open(dir string) (*Ledger, error) { return nil, errors.ErrUnsupported }

// SetAside returns what Open or a later reading had to set aside.
func (l *Ledger) SetAside() []*SetAsideError { return nil }

// Reserve waits for a slot.
func (l *Ledger) Reserve(ctx context.Context, e Entry, limit int, waiting func(place int)) (*Slot, error) {
	return nil, errors.ErrUnsupported
}

// Entries returns all shells in the ledger, of all processes.
func (l *Ledger) Entries() ([]Entry, error) { return nil, errors.ErrUnsupported }

// Orphans returns the shells of dead processes.
func (l *Ledger) Orphans() ([]Entry, error) { return nil, errors.ErrUnsupported }

// Clear removes a shell.
func (l *Ledger) Clear(ctx context.Context, shellID string) error { return errors.ErrUnsupported }

// Entry returns what the ledger holds about the slot's shell.
func (s *Slot) Entry() Entry { return Entry{} }

// Intend writes and syncs the entry before Create goes out to url.
func (s *Slot) Intend(url string) error { return errors.ErrUnsupported }

// Opened completes the entry after Create was answered.
func (s *Slot) Opened(url string, cookies []Cookie, idle time.Duration) error {
	return errors.ErrUnsupported
}

// Cleared removes the entry after Delete was confirmed.
func (s *Slot) Cleared() error { return errors.ErrUnsupported }
