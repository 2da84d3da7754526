package app

import (
	"testing"

	"postroom/app/desktest"
	"postroom/session/simulator"
)

// A run that the server refuses a session waits in sight: the tab says until when
// it does, and a button has it tried now, which the person knows to be worth it.
func TestARefusedRunIsTriedNow(t *testing.T) {
	w, q := afterDisconnectAll(t)
	refuse := &simulator.Faults{Rules: []simulator.Rule{{Fault: simulator.Quota, On: simulator.Create}}}
	if err := w.demo.Server.SetFaults(refuse); err != nil {
		t.Fatal(err)
	}
	w.opening.cmdlet("Get-TransportRule")
	tab := w.middle.open[0]
	tab.Form().Run()
	q.Until(t, "the way on", func() bool { return desktest.Buttons(w.desk)["Try now"] != nil })
	desktest.Shot(t, w.desk, "refused")
	if created := w.demo.Server.Stats().RequestsByKind["Create"]; created != 2 { // the first is the sign-in's
		t.Errorf("%d attempts, want no more than one while it waits", created)
	}
	if err := w.demo.Server.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	desktest.Press(t, w.desk, "Try now")
	q.Until(t, "the rows", func() bool { return tab.Ran() })
	if tab.Err() != nil || tab.Summary().Rows == 0 {
		t.Errorf("%d rows, %v", tab.Summary().Rows, tab.Err())
	}
}
