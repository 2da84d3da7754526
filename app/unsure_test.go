package app

import (
	"errors"
	"strings"
	"testing"

	"postroom/app/desktest"
	"postroom/session"
	"postroom/session/simulator"
)

// A change over REST whose answer is lost: the window says that nobody knows whether it was
// run and asks the person to look; nothing is sent again.
func TestALostAnswerToAChangeOverREST(t *testing.T) {
	a, q := connectedOnline(t)
	w := a.window
	rows := ran(t, w, q, "Get-Mailbox")
	x := extracted(t, rows)
	col, there := x.All.Column("PrimarySmtpAddress")
	if !there {
		t.Fatalf("the rows have %v", x.All.Headers())
	}
	mailbox := x.All.Cell(0, col)
	faults(t, w, simulator.Rule{Fault: simulator.DropAfter, On: simulator.Invoke, Cmdlet: "Set-Mailbox"})
	w.opening.cmdlet("Set-Mailbox")
	tab := w.middle.open[len(w.middle.open)-1]
	tab.Form().SetValues(map[string]string{"Identity": mailbox, "CustomAttribute1": "x"})
	tab.Form().Run()
	q.Drain()
	for name := range desktest.Buttons(w.desk) {
		if strings.HasPrefix(name, "Run on ") {
			desktest.Press(t, w.desk, name)
			break
		}
	}
	q.Until(t, "the run", func() bool { return tab.Ran() && !tab.Running() })
	partial, ok := errors.AsType[*session.PartialError](tab.Err())
	if !ok || !partial.Unsure {
		t.Errorf("the tab has %v", tab.Err())
	}
	text := desktest.Text(w.desk)
	for _, want := range []string{"it is not known whether the server ran the command", "Check on the server", "It is not known whether the server ran the command.\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("the window does not say %q; it says\n%s", want, text)
		}
	}
	for _, unfounded := range []string{"No rows returned", "Nothing was changed", "0 rows"} {
		if strings.Contains(text, unfounded) {
			t.Errorf("the window says %q, which nobody knows:\n%s", unfounded, text)
		}
	}
	desktest.Shot(t, w.desk, "a lost answer to a change")
	changes := w.demo.Server.Stats().ChangesByCall
	for call, times := range changes {
		if times != 1 {
			t.Errorf("%s was sent %d times", call, times)
		}
	}
	if len(changes) != 1 {
		t.Errorf("sent: %v", changes)
	}
}
