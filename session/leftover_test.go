package session_test

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"postroom/session"
	"postroom/session/diagnose"
	"postroom/session/endpoint"
	"postroom/session/ledger"
)

// leave puts a shell of a dead process into the ledger.
func leave(t *testing.T, book *ledger.Ledger, e ledger.Entry, opened bool) ledger.Entry {
	t.Helper()
	slot, err := book.Reserve(t.Context(), e, 100, nil)
	if err == nil {
		err = slot.Intend(e.URL, nil)
	}
	if err == nil && opened {
		err = slot.Opened(e.URL, nil, 0)
	}
	if err == nil {
		err = slot.Abandon()
	}
	if err != nil {
		t.Fatal(err)
	}
	return slot.Entry()
}

// The password goes where the policy lets it go now, and not where the ledger's
// file says: whoever can write that could send it to a host of their own.
func TestALeftoverIsDeletedOnlyWhereThePolicyAllows(t *testing.T) {
	cloud := endpoint.Endpoint{
		ID: "cloud", Name: "Cloud", URL: "https://here.example/powershell-liveid/",
		RedirectHosts: []string{"*.pods.example"}, Auth: []string{"basic"},
	}
	house := endpoint.Endpoint{ID: "house", Name: "House", URL: "http://house.example/PowerShell/", Auth: []string{"kerberos"}}
	for name, c := range map[string]struct {
		server, address, auth string
		known                 []endpoint.Endpoint
		reason                endpoint.RefusalReason
		allowed               bool
	}{
		"its own host":                {"here.example", "https://here.example/powershell-liveid/?DelegatedOrg=a", "basic", []endpoint.Endpoint{cloud}, 0, true},
		"a redirect of the policy":    {"here.example", "https://p1.pods.example/", "basic", []endpoint.Endpoint{cloud}, 0, true},
		"of another of the host":      {"here.example", "https://p1.pods.example/", "basic", []endpoint.Endpoint{{URL: "https://here.example/b/"}, cloud}, 0, true},
		"another host":                {"here.example", "https://evil.example/", "basic", []endpoint.Endpoint{cloud}, endpoint.RefusedUnknownHost, false},
		"another port":                {"here.example", "https://here.example:8443/", "basic", []endpoint.Endpoint{cloud}, endpoint.RefusedUnknownHost, false},
		"http":                        {"here.example", "http://here.example/", "ntlm", []endpoint.Endpoint{cloud}, endpoint.RefusedDowngrade, false},
		"http by kerberos":            {"here.example", "http://here.example/", "kerberos", []endpoint.Endpoint{cloud}, endpoint.RefusedDowngrade, false},
		"http elsewhere":              {"here.example", "http://p1.pods.example/", "basic", []endpoint.Endpoint{cloud}, endpoint.RefusedDowngrade, false},
		"user information":            {"here.example", "https://here.example@evil.example/", "basic", []endpoint.Endpoint{cloud}, endpoint.RefusedForm, false},
		"unknown, its own host":       {"mail.example", "https://mail.example/PowerShell/", "basic", nil, 0, true},
		"unknown, its own port":       {"mail.example:8443", "https://mail.example:8443/PowerShell/", "basic", nil, 0, true},
		"unknown, elsewhere":          {"mail.example", "https://evil.example/PowerShell/", "basic", nil, endpoint.RefusedUnknownHost, false},
		"unknown, http":               {"mail.example", "http://mail.example/PowerShell/", "ntlm", nil, endpoint.RefusedDowngrade, false},
		"unknown, http by kerberos":   {"mail.example", "http://mail.example/PowerShell/", "kerberos", nil, 0, true},
		"unknown, kerberos elsewhere": {"mail.example", "http://evil.example/PowerShell/", "kerberos", nil, endpoint.RefusedPlaintext, false},
		"http that is known":          {"house.example", "http://house.example/PowerShell/", "kerberos", []endpoint.Endpoint{house}, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			server := newFakeServer()
			m, book := open(t, server)
			kept := c.address
			if u, err := url.Parse(c.address); err == nil && u.User != nil {
				kept = "https://here.example/" // the ledger takes none itself; the file can hold it
			}
			e := leave(t, book, ledger.Entry{
				ShellID: "A", URL: kept, Server: c.server, Account: "anna@contoso.example", Auth: c.auth, IdleTimeout: time.Hour,
			}, true)
			e.URL = c.address
			results := m.CleanUp(t.Context(), []ledger.Entry{e}, func(_ context.Context, e ledger.Entry) (session.Target, error) {
				at := session.LeftoverTarget(e, c.known)
				return at, nil
			})
			asked := server.deletes()
			if c.allowed {
				if results[0].Err != nil || !slices.Equal(asked, []string{c.address}) || entries(t, book) != 0 {
					t.Errorf("%v, asked %v, %d entries are left", results[0].Err, asked, entries(t, book))
				}
				return
			}
			var refused *session.LeftoverRefusedError
			var policy *endpoint.RedirectRefused
			if !errors.As(results[0].Err, &refused) || !errors.As(results[0].Err, &policy) || policy.Reason != c.reason {
				t.Errorf("%v, want it refused by the policy for reason %d", results[0].Err, c.reason)
			}
			if len(asked) > 0 || entries(t, book) != 1 {
				t.Errorf("asked %v, %d entries are left, want nothing sent and the entry kept", asked, entries(t, book))
			}
			explained(t, results[0].Err, "leftover-refused")
		})
	}
}

// A target for another server than the entry's is no target for it.
func TestALeftoverWantsTheCredentialOfItsServer(t *testing.T) {
	server := newFakeServer()
	m, book := open(t, server)
	e := leave(t, book, ledger.Entry{ShellID: "A", URL: "https://evil.example/", Server: "here.example", Account: "anna@contoso.example"}, true)
	results := m.CleanUp(t.Context(), []ledger.Entry{e}, func(_ context.Context, e ledger.Entry) (session.Target, error) {
		at := target("")
		at.Endpoint.URL = e.URL // as the file has it
		return at, nil
	})
	var refused *session.LeftoverRefusedError
	if !errors.As(results[0].Err, &refused) || len(server.deletes()) > 0 {
		t.Errorf("%v, asked %v", results[0].Err, server.deletes())
	}
}

// A wrong password is tried once, and not once for each leftover.
func TestAWrongPasswordIsTriedOnceForAllLeftovers(t *testing.T) {
	server := newFakeServer()
	server.closeErr = notLetIn{}
	m, book := open(t, server)
	var left []ledger.Entry
	for _, id := range []string{"A", "B", "C"} {
		left = append(left, leave(t, book, ledger.Entry{ShellID: id, URL: "https://here.example/", Account: "anna@contoso.example"}, true))
	}
	for _, r := range m.CleanUp(t.Context(), left, func(context.Context, ledger.Entry) (session.Target, error) { return target(""), nil }) {
		if !errors.Is(r.Err, notLetIn{}) {
			t.Errorf("%s: %v", r.Entry.ShellID, r.Err)
		}
	}
	if n := len(server.deletes()); n != 1 {
		t.Errorf("the password was sent %d times, want once", n)
	}
}

// affine is a server that hands a cookie out with the answer to Create, and has
// done so before.
func affine(t *testing.T) (*fakeServer, *session.Manager, *ledger.Ledger) {
	t.Helper()
	server := newFakeServer()
	server.cookies = []ledger.Cookie{{Name: "MS-WSMAN", Value: "1"}}
	m, book := open(t, server)
	id, err := m.Open(t.Context(), target("first"))
	if err == nil {
		err = m.Close(t.Context(), id)
	}
	if err != nil {
		t.Fatal(err)
	}
	return server, m, book
}

// loses lets the answer to each Create be lost, and no server know the shell.
func (s *fakeServer) loses(cause error) {
	s.set(func(s *fakeServer) {
		s.dialErr = &session.LeftBehindError{Err: cause, DeleteErr: &session.MaybeThereError{ShellID: "X"}, Record: session.Record{ShellID: "X"}}
		s.closeErr = &session.MaybeThereError{ShellID: "X"}
	})
}

// What the server denies to know is free at once where requests need no cookie to
// find their shell, or where the Create had it: three Creates without a right
// answer do not lock the account out.
func TestWhatTheServerDeniesIsFreeAtOnce(t *testing.T) {
	for name, prepare := range map[string]func(*testing.T) (*fakeServer, *session.Manager, *ledger.Ledger){
		"no cookies": func(t *testing.T) (*fakeServer, *session.Manager, *ledger.Ledger) {
			server := newFakeServer()
			m, book := open(t, server)
			return server, m, book
		},
		"the cookie was there before": func(t *testing.T) (*fakeServer, *session.Manager, *ledger.Ledger) {
			server, m, book := affine(t)
			server.set(func(s *fakeServer) { s.front = s.cookies })
			return server, m, book
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, m, book := prepare(t)
				server.loses(errTest)
				for range 4 {
					_, err := m.Open(t.Context(), target(""))
					var behind *session.LeftBehindError
					if !errors.Is(err, errTest) || errors.As(err, &behind) {
						t.Errorf("Open = %v, want the cause alone", err)
					}
				}
				if used, _, err := m.Slots(target("")); used != 0 || err != nil || entries(t, book) != 0 {
					t.Errorf("%d slots in use, %v, %d entries in the ledger", used, err, entries(t, book))
				}
				if err := m.CloseAll(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A Create without an answer whose shell no server knows, where a cookie would
// have led to the one that has it, is kept, counted and said until the server
// would have dropped it. Three of them do not take the last slot.
func TestALostCreateCountsUntilItsShellWouldBeGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, m, book := affine(t)
		at := target("")
		at.Limit = 2
		server.loses(errTest)
		_, err := m.Open(t.Context(), at)
		var behind *session.LeftBehindError
		if !errors.As(err, &behind) || !behind.Until.Equal(time.Now().Add(16*time.Minute)) {
			t.Fatalf("Open = %v, want that it may be there for 16 minutes", err)
		}
		if p := diagnose.Explain(err); !strings.Contains(p.Fix, behind.Until.Local().Format("15:04")) {
			t.Errorf("explained as %s: %s, want until when it may be there", p.Title, p.Fix)
		}
		for range 2 {
			if _, err := m.Open(t.Context(), at); !errors.As(err, &behind) {
				t.Errorf("Open = %v", err)
			}
		}
		if used, _, err := m.Slots(at); err != nil || used != 1 || entries(t, book) != 3 {
			t.Errorf("%d slots in use of %d entries, %v, want all but the last", used, entries(t, book), err)
		}
		server.set(func(s *fakeServer) { s.dialErr = nil })
		id, err := m.Open(t.Context(), at)
		if err != nil {
			t.Errorf("Open beside three that were probably never made: %v", err)
		}
		m.Keep(id)

		// The next one waits, is told until when, and goes on by itself.
		next, began := at, time.Now()
		next.Tenant.Domain = "next.example"
		heard := &record{}
		m.Observe(heard)
		opened := make(chan error, 1)
		go func() { // ends when a slot is free
			_, err := m.Open(t.Context(), next)
			opened <- err
		}()
		synctest.Wait()
		all := heard.all()
		if w := all[len(all)-1].Wait; w.For != session.WaitSlot || w.Doubtful != 3 || !w.Until.Equal(began.Add(16*time.Minute)) {
			t.Errorf("it waits for %+v", w)
		}
		if err := <-opened; err != nil || time.Since(began) < 15*time.Minute {
			t.Errorf("Open after %v: %v, want it to wait for the server's idle time", time.Since(began), err)
		}
		server.set(func(s *fakeServer) { s.closeErr = nil })
		if err := m.CloseAll(t.Context()); err != nil || entries(t, book) != 0 {
			t.Errorf("CloseAll: %v, %d entries are left", err, entries(t, book))
		}
	})
}

// A person may have it tried all the same, at their own risk: what nobody owns
// does not count then, what is open does.
func TestADoubtfulSlotIsTakenAtOnesOwnRisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, m, book := affine(t)
		at := target("")
		at.Limit = 1
		for _, id := range []string{"A", "B"} { // left by processes that have died
			leave(t, book, ledger.Entry{ShellID: id, URL: at.Endpoint.URL, Account: at.Account, IdleTimeout: 15 * time.Minute}, true)
		}
		server.set(func(s *fakeServer) { s.closeErr = errTest })
		heard := &record{}
		m.Observe(heard)
		opened := make(chan error, 1)
		go func() { // ends when it is tried
			_, err := m.Open(t.Context(), at)
			opened <- err
		}()
		time.Sleep(time.Minute)
		synctest.Wait()
		all := heard.all()
		waits := all[len(all)-1]
		if waits.Wait.For != session.WaitSlot || waits.Wait.Doubtful != 2 {
			t.Fatalf("it waits for %+v", waits.Wait)
		}
		m.TryNow(waits.ID)
		if err := <-opened; err != nil {
			t.Errorf("tried now: %v", err)
		}
		second := at
		second.Tenant.Domain = "second.example"
		go func() { _, _ = m.Open(t.Context(), second) }() // ends with CloseAll
		synctest.Wait()
		all = heard.all()
		m.TryNow(all[len(all)-1].ID)
		time.Sleep(time.Minute)
		if open, _ := server.count(); open != 1 {
			t.Errorf("%d sessions of ours are open, the limit is 1", open)
		}
		server.set(func(s *fakeServer) { s.closeErr = nil })
		if err := m.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// At the next start a lost Create is looked for again; what nobody can know by
// then is said, until it does not matter any more.
func TestALostCreateIsLookedForAtTheNextStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, m, book := affine(t)
		server.set(func(s *fakeServer) { s.closeErr = &session.MaybeThereError{ShellID: "A"} })
		e := ledger.Entry{ShellID: "A", URL: target("").Endpoint.URL, Account: "anna@contoso.example", IdleTimeout: 15 * time.Minute}
		lost := leave(t, book, e, false)
		e.ShellID = "B"
		answered := leave(t, book, e, true)
		clean := func(e ledger.Entry) error {
			return m.CleanUp(t.Context(), []ledger.Entry{e}, func(context.Context, ledger.Entry) (session.Target, error) { return target(""), nil })[0].Err
		}
		if err := clean(answered); err != nil { // without a cookie, so that each server would know it
			t.Errorf("the one whose Create was answered: %v", err)
		}
		var maybe *session.MaybeThereError
		if err := clean(lost); !errors.As(err, &maybe) || !maybe.Until.Equal(time.Now().Add(16*time.Minute)) {
			t.Errorf("the lost one: %v", err)
		} else {
			explained(t, err, "maybe-there")
		}
		time.Sleep(16 * time.Minute)
		if err := clean(lost); err != nil || entries(t, book) != 0 {
			t.Errorf("when the server would have dropped it: %v, %d entries", err, entries(t, book))
		}
	})
}

// Two processes that close the same leftover do not disturb each other.
func TestTwoProcessesCloseTheSameLeftover(t *testing.T) {
	server := newFakeServer()
	m, book := open(t, server)
	e := leave(t, book, ledger.Entry{ShellID: "A", URL: "https://here.example/", Account: "anna@contoso.example"}, true)
	if err := book.Clear(t.Context(), "A"); err != nil { // the other one was quicker
		t.Fatal(err)
	}
	for _, r := range m.CleanUp(t.Context(), []ledger.Entry{e}, func(context.Context, ledger.Entry) (session.Target, error) { return target(""), nil }) {
		if r.Err != nil {
			t.Error(r.Err)
		}
	}
}

// An endpoint that a person named as the demo is called is not the demo.
func TestAnEndpointNamedDemoIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		m, book := open(t, server)
		at := target("")
		at.Endpoint.Name = string(endpoint.KindDemo)
		if _, err := m.Open(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		left, err := book.Entries()
		if err != nil || len(left) != 1 {
			t.Fatal(left, err)
		}
		for _, r := range m.CleanUp(t.Context(), left, func(context.Context, ledger.Entry) (session.Target, error) { return at, nil }) {
			if r.Err == nil {
				t.Error("it was cleared although its server is elsewhere than the ledger says")
			}
		}
		if err := m.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
