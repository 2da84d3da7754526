package app

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"postroom/app/desktest"
	"postroom/session/ledger"
)

// TestTheSlotsOfOtherWindowsAreShown: the limit counts over all processes of
// this computer, and the panel does too.
func TestTheSlotsOfOtherWindowsAreShown(t *testing.T) {
	a, q := connected(t)
	w := a.window
	infos := a.manager.Sessions()
	if len(infos) != 1 {
		t.Fatalf("%d sessions, want 1", len(infos))
	}

	other, err := ledger.Open(a.state) // as another process does
	if err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(infos[0].Endpoint.URL)
	if err != nil {
		t.Fatal(err)
	}
	slot, err := other.Reserve(t.Context(), ledger.Entry{
		ShellID: "another", URL: at.String(), Server: at.Host, Account: infos[0].Account,
	}, 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.sessions.Tick(time.Now())
	q.Until(t, "what another holds", func() bool { return strings.Contains(desktest.Text(w.desk), "2 of 3 in use") })
	desktest.Shot(t, w.desk, "slots-elsewhere")

	if err := slot.Cleared(); err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	w.sessions.Tick(time.Now())
	q.Until(t, "what another has given back", func() bool { return strings.Contains(desktest.Text(w.desk), "1 of 3 in use") })
}
