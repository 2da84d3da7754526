package remoting_test

import (
	"errors"
	"testing"

	"postroom/session"
	"postroom/session/simulator"
)

// A front end that hands a cookie out to any request is asked for one before the
// first Create: then a shell is found although the answer to its Create was lost,
// and what is not there is known not to be. The account is not locked out, and
// nothing is left.
func TestTheCookieOfTheFrontEndFindsALostShell(t *testing.T) {
	for _, fault := range []simulator.Fault{
		simulator.DropAfter, simulator.DropBefore, simulator.Truncate, simulator.HTML, simulator.Unavailable, simulator.BadGateway, simulator.Garbage,
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Options{Rows: 10})
			b.faults(simulator.Rule{Fault: fault, On: simulator.Create, Limit: 4})
			for range 4 {
				_, err := b.manager.Open(patient(t), b.target)
				var behind *session.LeftBehindError
				if err == nil || errors.As(err, &behind) {
					t.Errorf("Open = %v, want its cause alone", err)
				}
			}
			if used, _, err := b.manager.Slots(b.target); used != 0 || err != nil || entries(t, b.book) != 0 {
				t.Errorf("%d slots in use, %v, %d entries in the ledger", used, err, entries(t, b.book))
			}
			if open := b.server.Stats().OpenShells; open != 0 {
				t.Errorf("%d sessions are left on the server", open)
			}
			b.open(t)
			b.works(t)
		})
	}
}

// The question is asked once for each server, without a password, and its answer
// goes with every Create.
func TestTheFrontEndIsAskedOnce(t *testing.T) {
	b := newBench(t, simulator.Options{Rows: 10})
	for _, domain := range []string{b.server.Tenants()[0].Domain, b.server.Tenants()[1].Domain} {
		at := b.target
		at.Tenant.Domain = domain
		if _, err := b.manager.Open(patient(t), at); err != nil {
			t.Fatal(err)
		}
	}
	all, err := b.book.Entries()
	if err != nil || len(all) != 2 {
		t.Fatalf("%d entries, %v", len(all), err)
	}
	if len(all[0].Cookies) != 1 || all[0].Cookies[0] != all[1].Cookies[0] {
		t.Errorf("the sessions have the cookies %v and %v, want one for both", all[0].Cookies, all[1].Cookies)
	}
	if n := b.server.Stats().Unauthorized; n != 0 {
		t.Errorf("%d failed sign-ins", n)
	}
}
