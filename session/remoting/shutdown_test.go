package remoting_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/simulator"
)

// A Create and a Delete that hang while the program closes share its time: both
// are over when it is.
func TestAHangingCreateEndsWithTheProgram(t *testing.T) {
	t.Parallel() // it waits for most of its time
	b := newBench(t, simulator.Options{Rows: 10})
	b.faults(simulator.Rule{Fault: simulator.Hang, On: simulator.Create}, simulator.Rule{Fault: simulator.Hang, On: simulator.Delete})
	opened := make(chan error, 1)
	go func() { // ends with CloseAll
		_, err := b.manager.Open(context.Background(), b.target)
		opened <- err
	}()
	b.played(t, simulator.Hang, 1)
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	var left *session.LeftOpenError
	if err := b.manager.CloseAll(ctx); !errors.As(err, &left) || len(left.Sessions) != 1 {
		t.Errorf("CloseAll = %v, want it to name the session", err)
	}
	var behind *session.LeftBehindError
	err := <-opened
	if !errors.As(err, &behind) || errors.Is(behind.DeleteErr, context.DeadlineExceeded) {
		t.Errorf("Open = %v, want it given up with the program, and not by its own time", err)
	}
	if n := entries(t, b.book); n != 1 {
		t.Errorf("%d entries in the ledger, want the one that nobody knows of", n)
	}
	b.unsure = true
}
