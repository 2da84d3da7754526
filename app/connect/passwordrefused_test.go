package connect

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"postroom/app/desktest"
	"postroom/session/credential"
)

// TestARefusedPasswordIsNotPromised: under the password stands what an empty one means. After
// the server has refused the one that is kept it is no more said to be used, until another
// one is kept, by whatever program.
func TestARefusedPasswordIsNotPromised(t *testing.T) {
	const promise, refusal = "Leave this empty to use it", "no longer accepted"
	w, q := withDemo(t)
	account, url := w.demo.Server.Account(), w.demo.Endpoint.URL
	keep := func(password string) {
		t.Helper()
		_, err := w.Vault.Remember(t.Context(), account, url, credential.NewSecret(password), credential.KeepAlways)
		check(t, err)
	}
	show := func() *Dialog {
		d := w.ShowDemo(w.demo)
		d.login.password.SetText("")
		q.Drain()
		return d
	}
	says := func(d *Dialog, want, not string) {
		t.Helper()
		q.Until(t, want, func() bool { return strings.Contains(desktest.Text(d.of.Desk), want) })
		if text := desktest.Text(d.of.Desk); strings.Contains(text, not) || strings.Count(text, want) > 2 { // a Text tells its words twice
			t.Errorf("on the screen is %s", text)
		}
	}
	keep("of last year")
	d := show()
	says(d, promise, refusal)
	d.Submit()
	q.Until(t, "the refusal", d.over)
	says(d, refusal, promise)
	desktest.Shot(t, w.Desk, "sign-in kept password refused")
	test.Type(d.login.password.Field(), "x")
	d.login.password.SetText("")
	d.login.tellKept()
	says(d, refusal, promise)
	d.leave()

	d = show()
	says(d, refusal, promise)
	d.leave()
	keep(w.demo.Server.Password())
	d = show()
	says(d, promise, refusal)
	d.Submit()
	q.Until(t, "the sign-in", func() bool { return w.signed != nil })
}
