package ledger

import (
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Slot is a held place under an account's limit, and the entry of the shell
// that fills it. Intend, Opened, Cleared and Abandon tell the ledger how far
// the shell has come. A Slot may be used from several goroutines.
type Slot struct {
	ledger *Ledger

	// writing orders the writers of one slot, who may wait for the file; nothing under
	// the ledger takes it.
	writing sync.Mutex
	cleared bool

	mu    sync.Mutex // of those who read the entry, and wait for no file
	entry Entry
}

// Entry returns what the ledger holds about the slot's shell.
func (s *Slot) Entry() Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.entry
	e.Cookies = slices.Clone(e.Cookies)
	return e
}

// Intend writes and syncs that Create is going out to rawURL, with the cookies
// that go with it. Call it before each Create, also after a redirect: from here
// on the shell may exist. When it fails, Create must not be sent.
func (s *Slot) Intend(rawURL string, cookies []Cookie) error {
	return s.write("intend", func(e *Entry) error {
		if u, err := url.Parse(rawURL); err != nil || u.Hostname() == "" || u.User != nil {
			return ErrURL
		}
		e.URL = rawURL
		e.Cookies = slices.Clone(cookies)
		e.State = Intended
		e.Asked = time.Now().UTC()
		return nil
	})
}

// Opened completes the entry after Create was answered: the URL that answered,
// the cookies that a Delete has to send back, and the server's idle timeout (0
// when it did not say; the one given to Reserve then stays).
func (s *Slot) Opened(rawURL string, cookies []Cookie, idle time.Duration) error {
	return s.write("complete", func(e *Entry) error {
		if u, err := url.Parse(rawURL); err != nil || u.Hostname() == "" || u.User != nil {
			return ErrURL
		}
		e.URL = rawURL
		e.Cookies = slices.Clone(cookies)
		if idle > 0 {
			e.IdleTimeout = idle
		}
		e.State = Opened
		e.Asked, e.Denied = time.Time{}, false
		return nil
	})
}

// Cleared removes the entry and gives the slot back: after Delete was
// confirmed, or when Create was never sent. Calling it again does nothing.
func (s *Slot) Cleared() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.cleared {
		return nil
	}
	shell := s.Entry().ShellID
	ctx, cancel := soon()
	defer cancel()
	err := s.ledger.change(ctx, func(b *book) error {
		b.Entries = slices.DeleteFunc(b.Entries, func(e Entry) bool { return e.ShellID == shell })
		return nil
	})
	if err != nil {
		return fmt.Errorf("clear %s: %w", shell, err)
	}
	s.cleared = true
	return nil
}

// Abandon says that the shell could not be deleted and that its session has
// given up. It stays in the ledger as an orphan for the next attempt and keeps
// its slot until the server's idle timeout has passed. A slot for which
// nothing was sent is cleared instead.
func (s *Slot) Abandon() error {
	if s.Entry().State == Reserved {
		return s.Cleared()
	}
	return s.write("abandon", func(e *Entry) error {
		e.State = Left
		if e.Alone.IsZero() {
			e.Alone = time.Now().UTC()
		}
		return nil
	})
}

// write changes the entry in the file first, then here.
func (s *Slot) write(what string, fn func(*Entry) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	next := s.Entry()
	if s.cleared {
		return fmt.Errorf("%s %s: %w", what, next.ShellID, ErrCleared)
	}
	if err := fn(&next); err != nil {
		return fmt.Errorf("%s %s: %w", what, next.ShellID, err)
	}
	ctx, cancel := soon()
	defer cancel()
	err := s.ledger.change(ctx, func(b *book) error {
		i := b.find(next.ShellID)
		if next.State == Opened {
			b.handsOut(next.URL, next.Cookies)
		}
		if i < 0 {
			// The file was set aside under us: the shell is real all the same.
			b.Entries = append(b.Entries, next)
			return nil
		}
		b.Entries[i] = next
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", what, next.ShellID, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entry = next
	return nil
}
