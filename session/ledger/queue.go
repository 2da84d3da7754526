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
		if t.Holder == h {
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

// Reserve takes a slot for e under the limit of its account on its server,
// counted over all processes and with the shells that dead ones left behind.
// When none is free it waits in a queue, first come first served, until one is
// or ctx ends; waiting, when not nil, is told each new place in it, counted
// from 1, from the goroutine that called Reserve.
//
// It returns ErrLimit, ErrURL, ErrIncomplete, ErrDuplicate, ErrClosed, an
// error of the file system, or the cause of ctx's end. In the end the slot
// must be Cleared, Abandoned, or left to the next start by the process's death.
func (l *Ledger) Reserve(ctx context.Context, e Entry, limit int, waiting func(place int)) (*Slot, error) {
	if limit < 1 {
		return nil, ErrLimit
	}
	e, err := e.complete()
	if err != nil {
		return nil, err
	}
	w := waiter{ledger: l, entry: e, limit: limit, tell: waiting}
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
	tell   func(place int)
	number uint64 // of the ticket; 0 while there is none
	told   int
	taken  bool
}

// take takes a slot when it is our turn, or else makes sure of a ticket.
func (w *waiter) take(ctx context.Context) error {
	var place int
	err := w.ledger.change(ctx, func(b *book) error {
		if b.find(w.entry.ShellID) >= 0 {
			return fmt.Errorf("reserve %s: %w", w.entry.ShellID, ErrDuplicate)
		}
		h := w.entry.Holder()
		place = b.place(h, w.number)
		if place <= w.limit-b.used(h) {
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
		w.report(place)
	}
	return nil
}

func (w *waiter) report(place int) {
	if place != w.told && w.tell != nil {
		w.tell(place)
	}
	w.told = place
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
	place := b.place(h, w.number)
	mine = place <= w.limit-b.used(h)
	if !mine {
		w.report(place)
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
