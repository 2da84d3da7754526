package app

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/widgets"
)

func TestRememberedPasswordsAreChangedAndForgotten(t *testing.T) {
	w, q := withDemo(t)
	for _, account := range []string{"anna@contoso.example", "ben@contoso.example"} {
		if _, err := w.app.vault.Remember(t.Context(), account, "mail.contoso.example", credential.NewSecret("first"), credential.KeepAlways); err != nil {
			t.Fatal(err)
		}
	}
	s := w.newPasswordSheet()
	s.show()
	q.until(t, "the accounts", func() bool { return len(s.rows.Objects) == 2 })
	shot(t, w, "passwords")
	s.remember(w.accounts[0], credential.NewSecret("second"))
	q.until(t, "the change", func() bool {
		p, err := w.app.vault.Lookup(t.Context(), session.Target{Endpoint: endpoint.Endpoint{URL: "https://mail.contoso.example/"}, Account: "anna@contoso.example"}.Holder())
		return err == nil && p.Reveal() == "second"
	})
	s.forget(w.accounts[0])
	q.until(t, "one account less", func() bool { return len(s.rows.Objects) == 1 && len(w.accounts) == 1 })
	s.forgetAll()
	test.Tap(buttons(w)["Forget all"])
	q.until(t, "no accounts", func() bool { return len(w.accounts) == 0 && s.all.Disabled() })
	w.setTheme(widgets.AlwaysDark)
	shot(t, w, "passwords none")
}

func TestHelpAndAbout(t *testing.T) {
	inGerman(t)
	w, _ := withDemo(t)
	w.showKeys()
	shot(t, w, "keys german")
	w.desk.Sheets.Top().Leave()
	w.showAbout()
	shot(t, w, "about german")
	w.desk.Sheets.Top().Leave()
	if w.desk.Sheets.Count() != 0 {
		t.Error("a page stays")
	}
	shot(t, w, "welcome german")
}
