package connect

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"postroom/app/desktest"
	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/widgets"
)

func TestRememberedPasswordsAreChangedAndForgotten(t *testing.T) {
	w, q := withDemo(t)
	for _, account := range []string{"anna@contoso.example", "ben@contoso.example"} {
		if _, err := w.Vault.Remember(t.Context(), account, "mail.contoso.example", credential.NewSecret("first"), credential.KeepAlways); err != nil {
			t.Fatal(err)
		}
	}
	s := w.newPasswordSheet()
	s.show()
	q.Until(t, "the accounts", func() bool { return len(s.rows.Objects) == 2 })
	desktest.Shot(t, w.Desk, "passwords")
	s.remember(w.accounts[0], credential.NewSecret("second"))
	q.Until(t, "the change", func() bool {
		p, err := w.Vault.Lookup(t.Context(), session.Target{Endpoint: endpoint.Endpoint{URL: "https://mail.contoso.example/"}, Account: "anna@contoso.example"}.Holder())
		return err == nil && p.Reveal() == "second"
	})
	s.forget(w.accounts[0])
	q.Until(t, "one account less", func() bool { return len(s.rows.Objects) == 1 && len(w.accounts) == 1 })
	s.forgetAll()
	test.Tap(desktest.Buttons(w.Desk)["Forget all"])
	q.Until(t, "no accounts", func() bool { return len(w.accounts) == 0 && s.all.Disabled() })
	setTheme(widgets.AlwaysDark)
	desktest.Shot(t, w.Desk, "passwords none")
}
