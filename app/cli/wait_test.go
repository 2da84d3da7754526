package cli_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"postroom/app/cli"
	"postroom/session/ledger"
	"postroom/session/simulator"
)

// A server that refuses one session more is not waited for where nobody sits,
// neither by a run nor by cmdlets; it is said until when it would be, and how it
// is tried at once.
func TestARefusalIsNotWaitedOutWhereNobodySits(t *testing.T) {
	refusing := &simulator.Faults{Rules: []simulator.Rule{{Fault: simulator.Quota, On: simulator.Create, Limit: 1}}}
	for _, words := range [][]string{{"Get-TransportRule"}, nil} {
		s := start(t, simulator.Options{Faults: refusing})
		args := at(s, words...)
		if words == nil {
			args[0] = "cmdlets"
		}
		do(t, s.Password()+"\n", args...).fits(t, cli.ExitLimit, s.Password(), "trying again at", "--try-now")
		// The refusal holds for the next run too, without an attempt, unless the person wants it tried.
		do(t, s.Password()+"\n", args...).fits(t, cli.ExitLimit, s.Password(), "trying again at")
		if n := s.Stats().RequestsByKind["Create"]; n != 1 {
			t.Errorf("%d attempts, want one", n)
		}
		args = append([]string{args[0], "--try-now"}, args[1:]...)
		if got := do(t, s.Password()+"\n", args...); got.code != cli.ExitDone {
			t.Errorf("tried at once: exit %d\n%s", got.code, got.stderr)
		}
		nothingLeft(t, s)
	}
}

// What nobody owns any more and may be gone is said to be in doubt, and does not
// hold up who wants it tried at once.
func TestSlotsInDoubtAreTriedAtOnce(t *testing.T) {
	s := start(t, simulator.Options{})
	_, state := home(t)
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	book, err := ledger.Open(state)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 { // of processes that have died; the server is asked with a cookie that leads nowhere
		slot, err := book.Reserve(t.Context(), ledger.Entry{
			ShellID: fmt.Sprintf("0000000%d-0000-4000-8000-000000000000", i), URL: "https://" + u.Host + "/unknown/", Configuration: "Microsoft.Exchange",
			Auth: "basic", Account: s.Account(), Server: u.Host, IdleTimeout: time.Hour,
		}, 3, nil)
		if err == nil {
			err = errors.Join(slot.Intend("https://"+u.Host+"/unknown/", nil), slot.Opened("https://"+u.Host+"/unknown/", nil, 0))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := book.Close(); err != nil {
		t.Fatal(err)
	}
	got := do(t, s.Password()+"\n", at(s, "--try-now", "--csv", "-", "Get-TransportRule")...)
	got.fits(t, cli.ExitDone, s.Password(), "3 of them may be gone already")
	if strings.Contains(got.stderr, "--try-now") {
		t.Errorf("it is told what was done:\n%s", got.stderr)
	}
	nothingLeft(t, s)
}
