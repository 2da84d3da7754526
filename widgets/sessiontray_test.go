package widgets_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/widgets"
)

func showTray(t *testing.T) (*widgets.SessionTray, fyne.Window, *[]string) {
	t.Helper()
	themedApp(t)
	var got []string
	tray := widgets.NewSessionTray()
	note := func(what string) func(string) { return func(id string) { got = append(got, what+" "+id) } }
	tray.OnDisconnect, tray.OnReconnect, tray.OnOpen = note("disconnect"), note("reconnect"), note("open")
	tray.OnGiveUp, tray.OnResult = note("give up"), note("result")
	tray.OnDisconnectAll = func() { got = append(got, "all") }
	tray.OnKeep = func(id string, keep bool) { got = append(got, fmt.Sprint("keep ", id, " ", keep)) }
	w := window(t, tray, 280, 700)
	return tray, w, &got
}

func TestTray_shows_what_each_session_does(t *testing.T) {
	tray, _, got := showTray(t)
	mustRead(t, tray, "No sessions open")
	tray.SetState(trayState())
	mustRead(t, tray, "2 of 3 in use by", "Nordsee Logistik", "running Get-Mailbox · 4 min", "idle · closes in 11 min", "ps.outlook.com", "WAITING FOR A SESSION", "Mail flow rules", "25 rows", "password expired")
	tray.SetNow(noon.Add(10*time.Minute + 30*time.Second))
	mustRead(t, tray, "running Get-Mailbox · 14 min", "closes in 30 s")
	tray.SetNow(noon.Add(time.Hour)) // the server has closed it, and nobody has said so yet
	mustRead(t, tray, "closes in 0 s")
	s := trayState()
	s.Sessions[0].State, s.Sessions[0].Note = widgets.SessionLost, "network gone"
	s.Sessions[1].Kept = true
	s.Sessions = append(s.Sessions,
		widgets.SessionInfo{ID: "3", Tenant: "Third", State: widgets.SessionOpening},
		widgets.SessionInfo{ID: "4", Account: "bob@example.com", State: widgets.SessionClosing})
	s.Slots = append(s.Slots, widgets.Slots{Account: "bob@example.com", Used: 4, Limit: 3})
	tray.SetState(s)
	mustRead(t, tray, "connection lost · network gone", "kept open", "opening", "disconnecting", "Reconnect", "4 of 3 in use", "bob@example.com")
	if len(*got) != 0 {
		t.Errorf("setters called %q", *got)
	}
}

func TestTray_buttons(t *testing.T) {
	tray, _, got := showTray(t)
	s := trayState()
	s.Sessions[0].State = widgets.SessionLost
	tray.SetState(s)
	for _, text := range []string{"Disconnect all", "Dismiss", "Reconnect", "Keep", "Give up", "Alpenhof Hotels", "Transport rules · Alpenhof"} {
		test.Tap(button(t, tray, text))
	}
	s.Sessions[1].Kept = true
	tray.SetState(s)
	test.Tap(button(t, tray, "Do not keep"))
	want := []string{"all", "disconnect 1", "reconnect 1", "keep 2 true", "give up w", "open 2", "result r1", "keep 2 false"}
	if !slices.Equal(*got, want) {
		t.Errorf("got %q\nwant %q", *got, want)
	}
}

func TestTray_keeps_the_focus_while_the_clock_ticks(t *testing.T) {
	tray, w, got := showTray(t)
	tray.SetState(trayState())
	b := button(t, tray, "Disconnect")
	w.Canvas().Focus(b)
	for i := range 5 {
		tray.SetNow(noon.Add(time.Duration(i) * time.Minute))
		s := trayState()
		s.Now = noon.Add(time.Duration(i) * time.Minute)
		s.Sessions = append(s.Sessions, widgets.SessionInfo{ID: fmt.Sprint("new", i), Tenant: "New"})
		tray.SetState(s)
	}
	if w.Canvas().Focused() != b || !slices.Contains(allButtons(tray), b) {
		t.Error("the button with the focus was replaced")
	}
	press(w, fyne.KeySpace, fyne.KeyReturn)
	if !slices.Equal(*got, []string{"disconnect 1", "disconnect 1"}) {
		t.Errorf("the keyboard did %q", *got)
	}
}

func allButtons(o fyne.CanvasObject) (out []*widgets.Button) {
	walk(o, func(o fyne.CanvasObject) {
		if b, ok := o.(*widgets.Button); ok {
			out = append(out, b)
		}
	})
	return out
}

func TestTray_everything_is_reached_with_Tab(t *testing.T) {
	tray, w, _ := showTray(t)
	tray.SetState(trayState())
	buttons := allButtons(tray)
	seen := map[fyne.Focusable]bool{}
	for range len(buttons) + 2 {
		w.Canvas().FocusNext()
		seen[w.Canvas().Focused()] = true
	}
	for _, b := range buttons {
		if !seen[b] {
			t.Errorf("%q cannot be reached with Tab", b.Text)
		}
	}
}
