package app

import (
	"strings"
	"testing"

	"postroom/app/desktest"
	"postroom/app/words"
)

// afterDisconnectAll is a window whose account had a session, and has none now.
func afterDisconnectAll(t *testing.T) (*mainWindow, *desktest.Queue) {
	t.Helper()
	a, q := connected(t)
	w := a.window
	w.sessions.DisconnectAll()
	q.Until(t, "the end of the sessions", func() bool { return len(a.manager.Sessions()) == 0 })
	return w, q
}

// dials are what reaches a server when a session is opened there. Its other requests are no
// sign of it: those of a session that has ended may be counted late.
type dials struct{ created, unauthorized int }

func dialled(w *mainWindow) dials {
	stats := w.demo.Server.Stats()
	return dials{stats.RequestsByKind["Create"], stats.Unauthorized}
}

// A password that was forgotten is not used any more: a run, and Connect, ask
// for it again, and nothing reaches the server before it is typed.
func TestWhatIsForgottenIsAskedForAgain(t *testing.T) {
	w, q := afterDisconnectAll(t)
	w.connector.ShowPasswords()
	q.Until(t, "the accounts", func() bool { return desktest.Buttons(w.desk)["Forget"] != nil })
	desktest.Press(t, w.desk, "Forget all")
	desktest.Press(t, w.desk, "Forget all") // it is asked about
	q.Until(t, "no accounts", func() bool { return strings.Contains(desktest.Text(w.desk), "No passwords are remembered.") })
	w.desk.Sheets.Top().Leave()
	before := dialled(w)

	w.opening.cmdlet("Get-TransportRule")
	tab := w.middle.open[0]
	for what, press := range map[string]func(){"a run": tab.Form().Run, "Connect": w.connectPressed} {
		press()
		q.Until(t, what+" asks for the password", func() bool { return w.desk.Sheets.Top() != nil })
		account := desktest.Entry(t, w.desk, "anna@contoso.example").Text
		if desktest.Password(t, w.desk).Text() != "" || account != w.demo.Server.Account() {
			t.Errorf("%s: the dialog has the account %q", what, account)
		}
		if dialled(w) != before {
			t.Errorf("%s: the server was asked without a password", what)
		}
		q.Until(t, what+" has ended", func() bool { return !tab.Running() })
		desktest.Press(t, w.desk, "Cancel")
	}

	w.connector.Again(tab.Target())
	desktest.Password(t, w.desk).SetText(w.demo.Server.Password())
	desktest.Press(t, w.desk, "Connect")
	q.Until(t, "the session", func() bool { return w.desk.Sheets.Top() == nil })
	tab.Form().Run()
	q.Until(t, "the rows", func() bool { return tab.Ran() })
	if tab.Err() != nil || tab.Summary().Rows == 0 {
		t.Errorf("%d rows, %v", tab.Summary().Rows, tab.Err())
	}
}

// A password that was changed is used by the next dial. The old one is sent once: then the
// person is asked, as for one that was forgotten.
func TestAChangedPasswordIsUsedNext(t *testing.T) {
	w, q := afterDisconnectAll(t)
	target, _ := w.opening.target()
	remember := func(password string) {
		t.Helper()
		w.connector.ShowPasswords()
		q.Until(t, "the account", func() bool { return desktest.Buttons(w.desk)["Change"] != nil })
		desktest.Press(t, w.desk, "Change")
		desktest.Password(t, w.desk).SetText(password)
		desktest.Press(t, w.desk, "Save")
		q.Until(t, "the change", func() bool {
			kept, err := w.app.vault.Lookup(t.Context(), target.Holder())
			return err == nil && kept.Reveal() == password
		})
		w.desk.Sheets.Top().Leave()
	}
	remember("not the right one")
	w.opening.cmdlet("Get-TransportRule")
	tab := w.middle.open[0]
	tab.Form().Run()
	q.Until(t, "the refusal", func() bool { return tab.Ran() })
	if tab.Err() == nil || words.Explain(tab.Err()).ID != "wrong-password" {
		t.Errorf("the run ends with %v", tab.Err())
	}
	for range 2 { // the first refusal asks; another run asks as well, and sends nothing
		q.Until(t, "the question for the password", func() bool { return w.desk.Sheets.Top() != nil })
		if account := desktest.Entry(t, w.desk, "anna@contoso.example").Text; account != w.demo.Server.Account() {
			t.Errorf("the dialog has the account %q", account)
		}
		desktest.Press(t, w.desk, "Cancel")
		before := dialled(w)
		tab.Form().Run()
		q.Until(t, "the end of the run", func() bool { return !tab.Running() && w.desk.Sheets.Top() != nil })
		if now := dialled(w); now != before {
			t.Errorf("the refused password was sent again: %+v, was %+v", now, before)
		}
	}
	desktest.Press(t, w.desk, "Cancel")
	remember(w.demo.Server.Password())
	tab.Form().Run()
	q.Until(t, "the rows", func() bool { return !tab.Running() })
	if tab.Err() != nil || tab.Summary().Rows == 0 {
		t.Errorf("%d rows, %v", tab.Summary().Rows, tab.Err())
	}
}

// What was tried and refused is not used again.
func TestAWrongPasswordIsNotKept(t *testing.T) {
	w, q := afterDisconnectAll(t)
	w.connector.ShowDemo(w.demo.Demo)
	desktest.Password(t, w.desk).SetText("wrong")
	desktest.Press(t, w.desk, "Connect")
	q.Until(t, "the refusal", func() bool { return len(desktest.Card(w.desk)) > 0 })
	desktest.Press(t, w.desk, "Cancel")
	w.opening.cmdlet("Get-TransportRule")
	tab := w.middle.open[0]
	tab.Form().Run()
	q.Until(t, "the rows", func() bool { return tab.Ran() })
	if tab.Err() != nil || tab.Summary().Rows == 0 {
		t.Errorf("%d rows, %v", tab.Summary().Rows, tab.Err())
	}
}
