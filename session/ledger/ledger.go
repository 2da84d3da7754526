package ledger

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"postroom/session/holder"
	"postroom/session/jsonfile"
)

// The errors of a ledger and its slots.
var (
	ErrDuplicate  = errors.New("ledger: the shell id is in the ledger already")
	ErrCleared    = errors.New("ledger: the slot was cleared")
	ErrNoEntry    = errors.New("ledger: no such shell")
	ErrURL        = errors.New("ledger: the URL has no host, or carries user information")
	ErrIncomplete = errors.New("ledger: shell id and account must not be empty")
	ErrLimit      = errors.New("ledger: the limit must be at least 1")
	ErrClosed     = errors.New("ledger: closed")
)

// UnusableError is a list that cannot be read or written: a folder of somebody
// else's, a full disk. No shell may be created then, since nobody would know of
// it after a crash.
type UnusableError struct {
	Dir string
	Err error // of the file system
}

// Error names the folder and what is wrong with it.
func (e *UnusableError) Error() string {
	return fmt.Sprintf("ledger: the list of open shells in %s cannot be used: %v", e.Dir, e.Err)
}

// Unwrap gives the error of the file system.
func (e *UnusableError) Unwrap() error { return e.Err }

// unusable is an error about the list's file; that a newer program has written
// it, or that others had the lock for too long, says nothing against the file.
func (l *Ledger) unusable(err error) error {
	var newer *jsonfile.NewerError
	if errors.As(err, &newer) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return fmt.Errorf("ledger: %w", err)
	}
	return &UnusableError{Dir: l.dir, Err: err}
}

const (
	fileName    = "ledger.json"
	fileVersion = 1
	alivePrefix = "alive-"
	aliveSuffix = ".lock"

	// lockPatience bounds the wait for the file's lock where no context does.
	// Writers hold it for one write of a small file.
	lockPatience = 10 * time.Second
)

// Ledger is one process's view of the shared list. It may be used from several
// goroutines. It holds open files; Close it when its shells are gone.
type Ledger struct {
	dir     string
	owner   string
	started time.Time
	host    string
	alive   *flock.Flock
	turn    chan struct{} // one token: writers of this process take turns

	mu      sync.Mutex
	closed  bool
	changed chan struct{} // closed and replaced after each change
	aside   []*jsonfile.SetAsideError
	stale   []uint64 // tickets of ours that could not be taken back yet
}

// book is the file.
type book struct {
	LastTicket uint64    `json:"last_ticket"`
	Entries    []Entry   `json:"entries"`
	Queue      []ticket  `json:"queue,omitempty"`
	Refused    []refusal `json:"refused,omitempty"`
	Servers    []server  `json:"servers,omitempty"`
}

// Open opens the ledger in dir, which is created when it is missing. A file
// that cannot be read is set aside, and SetAside tells; an error means that
// the folder cannot be used.
func Open(dir string) (*Ledger, error) {
	if err := jsonfile.MakeDir(dir); err != nil {
		return nil, &UnusableError{Dir: dir, Err: err}
	}
	host, err := os.Hostname()
	if err != nil {
		host = "" // only shown to people
	}
	l := &Ledger{
		dir: dir, owner: rand.Text(), started: time.Now().UTC(), host: host,
		turn: make(chan struct{}, 1), changed: make(chan struct{}),
	}
	l.turn <- struct{}{}
	l.alive = flock.New(l.alivePath(l.owner), flock.SetPermissions(0o600))
	ctx, cancel := soon()
	defer cancel()
	// The file of our own is made under the lock, so that nobody sweeps it
	// away between its creation and its locking.
	if err := l.update(ctx, func(b *book) error {
		l.settle(b) // what is found alone now was alone from now on, also for the next who looks
		l.sweep()
		ok, err := l.alive.TryLock()
		if err == nil && !ok {
			err = errors.New("ledger: the lock of this process is taken")
		}
		return err
	}); err != nil {
		return nil, err
	}
	return l, nil
}

// Close gives up the ownership of all entries that are still in the ledger:
// they count as left behind from now on. Open slots answer ErrClosed.
func (l *Ledger) Close() error {
	l.mu.Lock()
	was := l.closed
	l.closed = true
	l.mu.Unlock()
	if was {
		return nil
	}
	if err := l.alive.Close(); err != nil {
		return fmt.Errorf("ledger: close: %w", err)
	}
	return nil
}

// SetAside returns the files that could not be read and were kept under
// another name: shells that they named are not known any more.
func (l *Ledger) SetAside() []*jsonfile.SetAsideError {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.aside)
}

// Entries returns all shells in the ledger, of all processes, oldest first.
func (l *Ledger) Entries() ([]Entry, error) {
	b, err := l.load()
	return b.Entries, err
}

// Orphans returns the shells that may be on a server and that nobody owns any
// more, oldest first: those of dead processes and those that were left. Delete
// them on the server, then Clear them here.
func (l *Ledger) Orphans() ([]Entry, error) {
	b, err := l.load()
	if err != nil {
		return nil, err
	}
	l.settle(&b)
	return slices.DeleteFunc(b.Entries, func(e Entry) bool { return e.Alone.IsZero() }), nil
}

// Used counts the slots that h has of so many over all processes, and those who
// wait for one. What may be h's to the server counts: see holder.Holder.MayBe.
func (l *Ledger) Used(h holder.Holder, limit int) (used, waiting int, err error) {
	b, err := l.load()
	if err != nil {
		return 0, 0, err
	}
	l.settle(&b)
	return b.count(h).used(limit), len(b.waiting(h)), nil
}

// Clear removes a shell after its Delete was confirmed, whoever owned it. It
// returns ErrNoEntry when another process was quicker.
func (l *Ledger) Clear(ctx context.Context, shellID string) error {
	return l.change(ctx, func(b *book) error {
		i := b.find(shellID)
		if i < 0 {
			return fmt.Errorf("clear %s: %w", shellID, ErrNoEntry)
		}
		b.Entries = slices.Delete(b.Entries, i, i+1)
		return nil
	})
}

// Changed returns a channel that is closed at the next change that this
// process makes. Changes of other processes are seen by reading again.
func (l *Ledger) Changed() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.changed
}

func (l *Ledger) path(name string) string       { return filepath.Join(l.dir, name) }
func (l *Ledger) alivePath(owner string) string { return l.path(alivePrefix + owner + aliveSuffix) }

// load reads the book as the last writer of any process left it. Renames are
// atomic, so no lock is needed to read. To set a file aside one is: what was
// read may have been replaced by a good one since.
func (l *Ledger) load() (book, error) {
	var b book
	err := jsonfile.Peek(l.path(fileName), fileVersion, &b)
	if errors.Is(err, jsonfile.ErrUnreadable) {
		ctx, cancel := soon()
		defer cancel()
		err = l.update(ctx, func(now *book) error {
			b = *now
			return nil
		})
		return b, err
	}
	if err != nil {
		return book{}, l.unusable(err)
	}
	return b, nil
}

// change is update for an open ledger: it settles the book first, wakes who
// waits in this process afterwards.
func (l *Ledger) change(ctx context.Context, fn func(*book) error) error {
	l.mu.Lock()
	closed := l.closed
	stale := l.stale
	l.stale = nil
	l.mu.Unlock()
	if closed {
		return ErrClosed
	}
	err := l.update(ctx, func(b *book) error {
		l.settle(b)
		b.drop(l.owner, stale)
		return fn(b)
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.stale = append(l.stale, stale...)
		return err
	}
	close(l.changed)
	l.changed = make(chan struct{})
	return nil
}

// soon is the context of a write that no caller may cancel: a shell that is on
// the server must be in the book, and one that is gone must leave it.
func soon() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), lockPatience) //nolint:forbidden // see above
}

// update reads the book, lets fn change it and writes it, all under the lock
// that every process takes. An error of fn leaves the file as it was.
func (l *Ledger) update(ctx context.Context, fn func(*book) error) error {
	select {
	case <-l.turn:
	case <-ctx.Done():
		return fmt.Errorf("ledger: wait for the lock: %w", context.Cause(ctx))
	}
	defer func() { l.turn <- struct{}{} }()
	var refused error // by fn, with which the file has nothing to do
	aside, err := jsonfile.Update(ctx, l.path(fileName), fileVersion, func(b *book) error {
		refused = fn(b)
		return refused
	})
	if aside != nil {
		l.mu.Lock()
		l.aside = append(l.aside, aside)
		l.mu.Unlock()
	}
	switch {
	case err == nil:
		return nil
	case refused != nil:
		return fmt.Errorf("ledger: %w", err)
	}
	return l.unusable(err)
}

// settle brings b up to what the locks say: reservations and tickets of the
// dead are dropped, since nothing was sent for them; their shells are marked.
func (l *Ledger) settle(b *book) {
	known := map[string]bool{l.owner: true}
	living := func(owner string) bool {
		alive, ok := known[owner]
		if !ok {
			alive = l.lives(owner)
			known[owner] = alive
		}
		return alive
	}
	now := time.Now().UTC()
	b.Queue = slices.DeleteFunc(b.Queue, func(t ticket) bool { return !living(t.Owner) })
	b.Refused = slices.DeleteFunc(b.Refused, func(r refusal) bool { return !r.holds(now) })
	b.Entries = slices.DeleteFunc(b.Entries, func(e Entry) bool {
		return e.State == Reserved && !living(e.Owner)
	})
	for i := range b.Entries {
		e := &b.Entries[i]
		// A time that has not come yet was written when the clock was wrong; by
		// it the slot would be held until then.
		if (e.Alone.IsZero() || e.Alone.After(now)) && (e.State == Left || !living(e.Owner)) {
			e.Alone = now
		}
	}
}

// lives reports whether the process with this lock is still there. When the
// lock cannot be tried, it is taken to be: a live shell must not be deleted.
func (l *Ledger) lives(owner string) bool {
	path := l.alivePath(owner)
	if owner != filepath.Base(owner) || owner == "" {
		return false // no name that we give
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return false
	}
	// A shared lock, so that two who ask do not take each other for the owner.
	probe := flock.New(path, flock.SetFlag(os.O_RDWR))
	got, err := probe.TryRLock()
	_ = probe.Close() // only probed
	return err != nil || !got
}

// sweep deletes the lock files of the dead. It runs under the lock.
func (l *Ledger) sweep() {
	names, err := filepath.Glob(filepath.Join(l.dir, alivePrefix+"*"+aliveSuffix))
	if err != nil {
		return // the pattern is constant; without it the files merely stay
	}
	for _, path := range names {
		owner := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), alivePrefix), aliveSuffix)
		if !l.lives(owner) {
			_ = os.Remove(path) // a file that stays is swept next time
		}
	}
}

func (b *book) find(shellID string) int {
	return slices.IndexFunc(b.Entries, func(e Entry) bool { return strings.EqualFold(e.ShellID, shellID) })
}

// count is what a holder has in the book, or may have.
type count struct {
	owned  int       // by a living process
	left   int       // by nobody any more, and perhaps still on the server
	denied int       // likewise, and no server that was asked knew it
	frees  time.Time // when the first of those that nobody owns frees itself; zero when that is not known
}

// used is how many slots of the limit are taken. What was probably never made
// never takes them all.
func (c count) used(limit int) int { return c.owned + c.left + min(c.denied, limit-1) }

func (b *book) count(h holder.Holder) (c count) {
	now := time.Now()
	for _, e := range b.Entries {
		if !e.Holder().MayBe(h) || !e.counts(now) {
			continue
		}
		switch {
		case e.Alone.IsZero():
			c.owned++
			continue
		case e.Denied:
			c.denied++
		default:
			c.left++
		}
		if frees, known := e.FreesAt(); known && (c.frees.IsZero() || frees.Before(c.frees)) {
			c.frees = frees
		}
	}
	return c
}
