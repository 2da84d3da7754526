package exorest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/ledger"
	"postroom/session/result"
	"postroom/session/simulator"
	"postroom/test/fixture"
	"postroom/test/schedules"
)

const (
	allSchedules = 1000
	mailboxes    = 30
	pageOf       = 10 // rows: what the runs ask for at least, so that there are pages
)

// TestSchedules plays seeded faults and cancels against the simulator's REST
// door. Whatever happens: no change is sent twice, no row comes twice, and a run
// that says nothing has all its rows.
func TestSchedules(t *testing.T) {
	schedules.Play(t, allSchedules/fixture.OneOf(10), 8, func(t *testing.T, _ int, seed uint64) {
		// A role of few cmdlets: each schedule reads the file of all of them.
		s := startSimulator(t, simulator.Options{Rows: mailboxes, Cmdlets: []string{"Get-Mailbox", "Set-Mailbox", "Get-MailboxStatistics"}})
		playSchedule(t, s, seed)
	})
	if changes.Load() == 0 {
		t.Error("no schedule changed anything: nothing was shown")
	}
}

// changes counts those that reached a simulator, over all schedules.
var changes atomic.Int64

// faultsOf makes the faults of a seed.
func faultsOf(seed uint64) *simulator.Faults {
	return schedules.Draw(seed, 10*time.Millisecond, 60*time.Millisecond, append(schedules.Network(), []simulator.Rule{
		{Fault: simulator.DropAfter, On: simulator.Invoke},
		{Fault: simulator.DropAfter, On: simulator.Batch},
		{Fault: simulator.Truncate, On: simulator.Invoke},
		{Fault: simulator.HangAfter, On: simulator.Invoke},
		{Fault: simulator.InternalError},
		{Fault: simulator.TokenExpired, On: simulator.Invoke},
		{Fault: simulator.ClaimsWanted, On: simulator.Invoke},
		{Fault: simulator.NotPermitted, On: simulator.Invoke},
		{Fault: simulator.CursorRefused, On: simulator.Invoke},
		{Fault: simulator.GatewayTimeout, On: simulator.Invoke},
		{Fault: simulator.ServerBusy, On: simulator.Invoke},
		{Fault: simulator.DirectoryError, On: simulator.Invoke},
		{Fault: simulator.ProxyError, On: simulator.Invoke},
		{Fault: simulator.Redirect, On: simulator.Invoke},
		{Fault: simulator.RegionRedirect, On: simulator.Invoke},
		{Fault: simulator.Transient, On: simulator.Cmdlet},
	}...)...)
}

// playSchedule plays a seed.
func playSchedule(t *testing.T, s *simulator.Server, seed uint64) {
	if err := s.SetFaults(faultsOf(seed)); err != nil {
		t.Fatal(err)
	}
	book, err := ledger.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m := session.NewManager(session.Options{Doors: session.Doors{endpoint.REST: doorTo(s)}, Ledger: book})
	r := rand.New(rand.NewPCG(seed, 2))
	var users sync.WaitGroup
	domains := s.Tenants()
	for user := range 1 + r.IntN(3) {
		users.Go(func() {
			own := rand.New(rand.NewPCG(seed, uint64(user)+3))
			for job := range 1 + own.IntN(3) {
				playJob(t, m, restTarget(s, domains[own.IntN(len(domains))].Domain), own, fmt.Sprintf("%d-%d-%d", seed, user, job))
			}
		})
	}
	users.Wait()
	if err := m.CloseAll(context.Background()); err != nil {
		t.Errorf("CloseAll: %v", err)
	}
	now := s.Stats()
	for call := range now.ChangesByCall {
		if strings.Contains(call, fmt.Sprintf("%d-", seed)) {
			changes.Add(1)
		}
	}
	for call, times := range now.ChangesByCall {
		if times > 1 {
			t.Errorf("%s was run %d times", call, times)
		}
	}
	if now.ShellsCreated != 0 {
		t.Errorf("%d shells were made", now.ShellsCreated)
	}
}

func playJob(t *testing.T, m *session.Manager, target session.Target, r *rand.Rand, name string) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if r.IntN(4) == 0 { // loses patience
		timer := time.AfterFunc(time.Duration(1+r.IntN(150))*time.Millisecond, cancel)
		defer timer.Stop()
	}
	id, err := m.Open(ctx, target)
	if err != nil {
		return
	}
	sink := &uniqueSink{Builder: result.NewTable(result.Provenance{}).Builder(), seen: map[string]int{}}
	switch r.IntN(3) {
	case 0:
		// The simulator counts a call when it begins, whether there is such a mailbox or not.
		err = m.Run(ctx, id, call("Set-Mailbox", "Identity", "nobody", "CustomAttribute1", name, "Confirm", cmdlet.Switch(false)), sink)
	case 1:
		err = m.Run(ctx, id, cmdlet.Pipeline{call("Get-Mailbox", "ResultSize", int64(pageOf)), call("Get-MailboxStatistics")}, sink)
		if err == nil && sink.errors == 0 && sink.rows != pageOf {
			t.Errorf("%s: a pipeline of %d mailboxes gave %d rows and no error", name, pageOf, sink.rows)
		}
	default:
		err = m.Run(ctx, id, session.Narrowed{Command: call("Get-Mailbox", "ResultSize", "Unlimited")}, sink)
		if err == nil && sink.errors == 0 && sink.rows != mailboxes {
			t.Errorf("%s: %d rows of %d, and no error", name, sink.rows, mailboxes)
		}
	}
	for key, times := range sink.seen {
		if times > 1 {
			t.Errorf("%s: the row %s came %d times", name, key, times)
		}
	}
	var partial *session.PartialError
	if errors.As(err, &partial) && !partial.Unsure && partial.Rows != sink.rows {
		t.Errorf("%s: the error speaks of %d rows, %d came", name, partial.Rows, sink.rows)
	}
}

// uniqueSink counts the rows by their GUID.
type uniqueSink struct {
	*result.Builder
	seen         map[string]int
	key          string
	rows, errors int
}

func (s *uniqueSink) BeginRow() { s.key = ""; s.Builder.BeginRow() }

func (s *uniqueSink) Text(name, v []byte) {
	if string(name) == "Guid" || string(name) == "MailboxGuid" {
		s.key = string(v)
	}
	s.Builder.Text(name, v)
}

func (s *uniqueSink) EndRow() error {
	s.rows++
	if s.key != "" {
		s.seen[s.key]++
	}
	return s.Builder.EndRow()
}

func (s *uniqueSink) Message(m session.Message) {
	if m.Kind == session.MessageError {
		s.errors++
	}
}

func (s *uniqueSink) Ask(context.Context, session.Prompt) (session.Answer, error) {
	return session.Answer{}, session.ErrNoAnswer
}
