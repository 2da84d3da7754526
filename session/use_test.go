package session_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"postroom/session"
	"postroom/session/ledger"
)

// Who waits for a slot is told what holds each: what runs and since when, what is idle and
// until when, and what another process has, under the name that it gave itself.
func TestWhoWaitsIsToldWhatIsInUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		dir := t.TempDir()
		book, err := ledger.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		m := session.NewManager(session.Options{Doors: behind(server), Ledger: book})
		heard := &record{}
		m.Observe(heard)
		running, err := m.Open(t.Context(), target("a"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err = m.Open(t.Context(), target("b")); err != nil {
			t.Fatal(err)
		}
		elsewhere, err := ledger.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		to := target("c")
		slot, err := elsewhere.Reserve(t.Context(), ledger.Entry{
			ShellID: "C", URL: to.Endpoint.URL, Configuration: "Microsoft.Exchange", Account: `CONTOSO\anna`, Server: to.Holder().Server(), Tenant: "c.example",
		}, 3, nil)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		ended := make(chan struct{})
		runs, stop := context.WithCancel(t.Context())
		go func() { // ends with stop
			defer close(ended)
			_ = m.Run(runs, running, getMailbox, newNothing())
		}()
		synctest.Wait()
		waits, giveUp := context.WithCancel(t.Context())
		gaveUp := make(chan struct{})
		go func() { // ends with giveUp
			defer close(gaveUp)
			_, _ = m.Open(waits, target("d"))
		}()
		synctest.Wait()
		last := func() session.Wait {
			all := m.Sessions()
			return all[len(all)-1].Wait
		}
		in := last().InUse
		if len(in) != 3 {
			t.Fatalf("%+v", in)
		}
		if u := in[0]; u.Tenant.Domain != "a.example" || len(u.Runs) != 1 || u.Runs[0] != "Get-Mailbox" || u.State != session.Running || !u.Since.Equal(began) || u.PID != 0 {
			t.Errorf("what runs here is %+v", u)
		}
		if u := in[1]; u.Tenant.Domain != "b.example" || len(u.Runs) != 0 || u.State != session.Idle || u.Ends.IsZero() || u.PID != 0 {
			t.Errorf("what is idle is %+v", u)
		}
		if u := in[2]; u.Tenant.Domain != "c.example" || u.Account != `CONTOSO\anna` || u.PID == 0 || u.Since.IsZero() {
			t.Errorf("another process's is %+v", u)
		}
		stop()
		<-ended
		synctest.Wait()
		if u := last().InUse[0]; u.State != session.Idle || len(u.Runs) != 0 {
			t.Errorf("after the run it is %+v", u)
		}
		var told bool
		for _, i := range heard.all() { // also who only listens
			told = told || i.State == session.Waiting && len(i.Wait.InUse) == 3 && i.Wait.InUse[0].State == session.Idle
		}
		if !told {
			t.Error("nobody was told that the run has ended")
		}
		giveUp()
		<-gaveUp
		if err := slot.Cleared(); err != nil {
			t.Error(err)
		}
		if err := elsewhere.Close(); err != nil {
			t.Error(err)
		}
		if err := m.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
