package ledger

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"postroom/session/holder"
)

// pollInterval is how often a waiting process looks for slots that other
// processes gave back.
const pollInterval = 200 * time.Millisecond

// ticket is a place in the queue for a slot. Numbers only grow, so the queue
// is first come, first served over all processes.
type ticket struct {
	Number uint64        `json:"number"`
	Holder holder.Holder `json:"key"`
	Owner  string        `json:"owner"`
}

func (b *book) waiting(h holder.Holder) []ticket {
	var of []ticket
	for _, t := range b.Queue {
		if t.Holder.MayBe(h) {
			of = append(of, t)
		}
	}
	slices.SortFunc(of, func(x, y ticket) int {
		if x.Number < y.Number {
			return -1
		}
		return 1
	})
	return of
}

// place is the 1-based place of a ticket in its queue, or of one who is not
// in it yet.
func (b *book) place(h holder.Holder, number uint64) int {
	queue := b.waiting(h)
	for i, t := range queue {
		if t.Number == number {
			return i + 1
		}
	}
	return len(queue) + 1
}

// drop removes tickets of one owner.
func (b *book) drop(owner string, numbers []uint64) {
	b.Queue = slices.DeleteFunc(b.Queue, func(t ticket) bool {
		return t.Owner == owner && slices.Contains(numbers, t.Number)
	})
}

// Queued is what one who waits for a slot is told.
type Queued struct {
	// Place is the place in the queue, from 1.
	Place int
	// Doubtful is how many of the slots are held by shells that nobody owns any
	// more: they may still be on the server, or not.
	Doubtful int
	// Until is when the first of these frees itself; zero when none does, or when
	// that is not known.
	Until time.Time
	// Held are the sessions of living processes that hold the other slots.
	Held []Held
}

// Held is a session of a living process that holds a slot.
type Held struct {
	// Account is as who holds the slot spelled it, which may not be as who waits does.
	Account string
	// Tenant is the domain; "" for the account's own.
	Tenant string
	// Since is when its slot was taken.
	Since time.Time
	// PID is the process's, for people; 0 where it is this one.
	PID int
}

// same says that there is no news.
func (q Queued) same(o Queued) bool {
	return q.Place == o.Place && q.Doubtful == o.Doubtful && q.Until.Equal(o.Until) && slices.Equal(q.Held, o.Held)
}

// Turn is how one who waits for a slot is told of it, and says what it wants.
type Turn struct {
	// Tell is told each change, from the goroutine that called Reserve; nil is
	// not told.
	Tell func(Queued)
	// Now lets the wait end at one's own risk, with each value that comes: what
	// nobody owns any more does not count. The server may refuse what follows.
	Now <-chan struct{}
}

// Reserve takes a slot for e under the limit of its account on its server,
// counted over all processes and with the shells that dead ones left behind.
// When none is free it waits in a queue, first come first served, until one is
// or ctx ends; see Turn, which may be nil.
//
// It returns ErrLimit, ErrURL, ErrIncomplete, ErrDuplicate, ErrClosed, an
// error of the file system, or the cause of ctx's end. In the end the slot
// must be Cleared, Abandoned, or left to the next start by the process's death.
func (l *Ledger) Reserve(ctx context.Context, e Entry, limit int, turn *Turn) (*Slot, error) {
	if limit < 1 {
		return nil, ErrLimit
	}
	e, err := e.complete()
	if err != nil {
		return nil, err
	}
	w := waiter{ledger: l, entry: e, limit: limit}
	if turn != nil {
		w.turn = *turn
	}
	if err := w.take(ctx); err != nil {
		return nil, err
	}
	for !w.taken {
		if err := w.wait(ctx); err != nil {
			w.giveUp()
			return nil, fmt.Errorf("ledger: wait for a slot: %w", err)
		}
	}
	return &Slot{ledger: l, entry: w.entry}, nil
}

// waiter is one call of Reserve.
type waiter struct {
	ledger *Ledger
	entry  Entry
	limit  int
	turn   Turn
	number uint64 // of the ticket; 0 while there is none
	told   Queued
	risk   bool // what nobody owns does not count
	taken  bool
}

// free is how many slots there are for who waits.
func (w *waiter) free(c count) int {
	if w.risk {
		return w.limit - c.owned
	}
	return w.limit - c.used(w.limit)
}

// queued is what is told of a place.
func (w *waiter) queued(b *book, place int, c count) Queued {
	q := Queued{Place: place, Doubtful: c.left + c.denied, Until: c.frees}
	for _, e := range b.Entries {
		if !e.Holder().MayBe(w.entry.Holder()) || !e.Alone.IsZero() {
			continue
		}
		held := Held{Account: e.Account, Tenant: e.Tenant, Since: e.Created, PID: e.PID}
		if e.Owner == w.ledger.owner {
			held.PID = 0
		}
		q.Held = append(q.Held, held)
	}
	return q
}

// take takes a slot when it is our turn, or else makes sure of a ticket.
func (w *waiter) take(ctx context.Context) error {
	var now Queued
	err := w.ledger.change(ctx, func(b *book) error {
		if b.find(w.entry.ShellID) >= 0 {
			return fmt.Errorf("reserve %s: %w", w.entry.ShellID, ErrDuplicate)
		}
		h := w.entry.Holder()
		c, place := b.count(h), b.place(h, w.number)
		now = w.queued(b, place, c)
		if place <= w.free(c) {
			b.drop(w.ledger.owner, []uint64{w.number})
			w.entry = w.ledger.signed(w.entry)
			b.Entries = append(b.Entries, w.entry)
			w.taken = true
			return nil
		}
		if w.number == 0 {
			b.LastTicket++
			w.number = b.LastTicket
			b.Queue = append(b.Queue, ticket{Number: w.number, Holder: h, Owner: w.ledger.owner})
		}
		return nil
	})
	if err != nil {
		w.taken = false
		return err
	}
	if !w.taken {
		w.report(now)
	}
	return nil
}

func (w *waiter) report(now Queued) {
	if !now.same(w.told) && w.turn.Tell != nil {
		w.turn.Tell(now)
	}
	w.told = now
}

// wait sleeps until something may have changed, then looks, and takes the slot
// when there is one. Looking needs no lock and writes nothing.
func (w *waiter) wait(ctx context.Context) error {
	changed := w.ledger.Changed()
	mine, err := w.look()
	if err != nil {
		return err
	}
	if mine {
		return w.take(ctx)
	}
	timer := time.NewTimer(pollInterval)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-changed:
	case <-timer.C:
	case <-w.turn.Now:
		w.risk = true
		return w.take(ctx)
	}
	return nil
}

func (w *waiter) look() (mine bool, err error) {
	b, err := w.ledger.load()
	if err != nil {
		return false, err
	}
	w.ledger.settle(&b)
	h := w.entry.Holder()
	c, place := b.count(h), b.place(h, w.number)
	mine = place <= w.free(c)
	if !mine {
		w.report(w.queued(&b, place, c))
	}
	return mine, nil
}

// giveUp takes the ticket back. When that fails, the next change does it.
func (w *waiter) giveUp() {
	if w.number == 0 {
		return
	}
	l := w.ledger
	l.mu.Lock()
	l.stale = append(l.stale, w.number)
	l.mu.Unlock()
	ctx, cancel := soon()
	defer cancel()
	_ = l.change(ctx, func(*book) error { return nil }) // drops the stale ones
}

// signed is e as an entry of this process.
func (l *Ledger) signed(e Entry) Entry {
	e.State = Reserved
	e.PID = os.Getpid()
	e.Started = l.started
	e.Host = l.host
	e.Owner = l.owner
	e.Created = time.Now().UTC()
	e.Alone = time.Time{}
	return e
}
