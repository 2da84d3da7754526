package app

import (
	"net/url"
	"testing"

	"postroom/session/ledger"
)

// TestTheSlotsOfOtherWindowsAreShown: the limit counts over all processes of
// this computer, and the panel does too.
func TestTheSlotsOfOtherWindowsAreShown(t *testing.T) {
	a, _ := connected(t)
	w := a.window
	infos := a.manager.Sessions()
	if len(infos) != 1 {
		t.Fatalf("%d sessions, want 1", len(infos))
	}
	if n := a.slotsElsewhere(infos)[infos[0].Holder]; n != 0 {
		t.Errorf("%d slots are held elsewhere, want none", n)
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
	w.showSlots(a.slotsElsewhere(infos))
	if s := w.trayState(infos).Slots; len(s) != 1 || s[0].Used != 2 || s[0].Elsewhere != 1 {
		t.Errorf("the panel shows %+v", s)
	}
	shot(t, w, "slots-elsewhere")

	if err := slot.Cleared(); err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	w.showSlots(a.slotsElsewhere(infos))
	if s := w.trayState(infos).Slots; len(s) != 1 || s[0].Used != 1 || s[0].Elsewhere != 0 {
		t.Errorf("after the other window the panel shows %+v", s)
	}
}
