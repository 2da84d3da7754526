package app

import (
	"context"
	"testing"

	"fyne.io/fyne/v2/test"

	"postroom/app/words"
	"postroom/session/credential"
)

// afterDisconnectAll is a window whose account had a session, and has none now.
func afterDisconnectAll(t *testing.T) (*mainWindow, *uiQueue) {
	t.Helper()
	a, q := connected(t)
	w := a.window
	w.disconnectAll()
	q.until(t, "the end of the sessions", func() bool { return len(a.manager.Sessions()) == 0 })
	return w, q
}

// A password that was forgotten is not used any more: a run, and Connect, ask
// for it again, and nothing reaches the server before it is typed.
func TestWhatIsForgottenIsAskedForAgain(t *testing.T) {
	w, q := afterDisconnectAll(t)
	page := w.newPasswordSheet()
	page.show()
	q.until(t, "the accounts", func() bool { return len(w.accounts) > 0 && !page.all.Disabled() })
	page.forgetAll()
	test.Tap(buttons(w)["Forget all"])
	q.until(t, "no accounts", func() bool { return len(w.accounts) == 0 })
	w.desk.Sheets.Top().Leave()
	before := w.demo.server.Stats()

	w.openCmdlet("Get-TransportRule")
	tab := w.open[0]
	for what, press := range map[string]func(){"a run": tab.form.Run, "Connect": w.connectPressed} {
		w.signIn = nil
		press()
		q.until(t, what+" asks for the password", func() bool { return w.signIn != nil && !w.signIn.hidden })
		if s := w.signIn; s.password.Text() != "" || s.account.Text != w.demo.server.Account() {
			t.Errorf("%s: the dialog has the account %q", what, s.account.Text)
		}
		if now := w.demo.server.Stats(); now.ShellsCreated != before.ShellsCreated || now.Requests != before.Requests {
			t.Errorf("%s: the server was asked without a password", what)
		}
		q.until(t, what+" has ended", func() bool { return tab.run == nil || !tab.run.running })
		w.signIn.leave()
	}

	w.signInAgain(tab.run.target)
	w.signIn.password.SetText(w.demo.server.Password())
	w.signIn.submit()
	q.until(t, "the session", func() bool { return w.signIn.hidden })
	tab.form.Run()
	q.until(t, "the rows", func() bool { return tab.run != nil && !tab.run.running })
	if tab.run.err != nil || tab.run.total == 0 {
		t.Errorf("%d rows, %v", tab.run.total, tab.run.err)
	}
}

// A password that was changed is used by the next dial.
func TestAChangedPasswordIsUsedNext(t *testing.T) {
	w, q := afterDisconnectAll(t)
	target, _ := w.target()
	remember := func(password string) {
		t.Helper()
		if _, err := w.app.vault.Remember(context.Background(), target.Account, target.Endpoint.URL, credential.NewSecret(password), credential.KeepThisTime); err != nil {
			t.Fatal(err)
		}
	}
	remember("not the right one")
	w.openCmdlet("Get-TransportRule")
	tab := w.open[0]
	tab.form.Run()
	q.until(t, "the refusal", func() bool { return tab.run != nil && !tab.run.running })
	if tab.run.err == nil || words.Explain(tab.run.err).ID != "wrong-password" {
		t.Errorf("the run ends with %v", tab.run.err)
	}
	remember(w.demo.server.Password())
	tab.form.Run()
	q.until(t, "the rows", func() bool { return !tab.run.running })
	if tab.run.err != nil || tab.run.total == 0 {
		t.Errorf("%d rows, %v", tab.run.total, tab.run.err)
	}
}

// What was tried and refused is not used again.
func TestAWrongPasswordIsNotKept(t *testing.T) {
	w, q := afterDisconnectAll(t)
	s := w.showDemoSignIn()
	s.password.SetText("wrong")
	s.submit()
	q.until(t, "the refusal", func() bool { return len(s.problem.Objects) > 0 })
	s.leave()
	w.openCmdlet("Get-TransportRule")
	tab := w.open[0]
	tab.form.Run()
	q.until(t, "the rows", func() bool { return tab.run != nil && !tab.run.running })
	if tab.run.err != nil || tab.run.total == 0 {
		t.Errorf("%d rows, %v", tab.run.total, tab.run.err)
	}
}
