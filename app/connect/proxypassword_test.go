package connect

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"postroom/app/desktest"
	"postroom/session/credential"
	"postroom/session/holder"
	"postroom/session/signin"
)

// TestTheWindowAsksForThePasswordAtAProxy: by keyboard and mouse, and it goes when the
// attempt has ended.
func TestTheWindowAsksForThePasswordAtAProxy(t *testing.T) {
	w, q := withDemo(t)
	at, err := holder.Of("ada", "proxy.contoso.example:8080")
	check(t, err)
	type answer struct {
		typed signin.Typed
		err   error
	}
	ask := func(ctx context.Context, again bool, words string) chan answer {
		got := make(chan answer, 1)
		go func() { // ends with the answer
			typed, err := w.AskAtProxy(ctx, at, again)
			got <- answer{typed, err}
		}()
		q.Until(t, "the question", func() bool {
			return strings.Contains(desktest.Text(w.Desk), words) && strings.Contains(desktest.Text(w.Desk), "proxy.contoso.example:8080")
		})
		return got
	}
	got := ask(t.Context(), false, "uses a proxy that needs a password")
	desktest.Shot(t, w.Desk, "proxy password")
	focused := w.Desk.Window.Canvas().Focused()
	for _, r := range "geheim" {
		focused.TypedRune(r)
	}
	test.Tap(desktest.Buttons(w.Desk)["Sign in"])
	if a := <-got; a.err != nil || a.typed.Secret.Reveal() != "geheim" || a.typed.Keep != credential.KeepThisTime {
		t.Errorf("%q, %v", a.typed.Secret.Reveal(), a.err)
	}
	got = ask(t.Context(), true, "refused the password")
	test.Tap(desktest.Buttons(w.Desk)["Sign in"]) // nothing is typed
	if !strings.Contains(desktest.Text(w.Desk), "Enter the password.") {
		t.Error("an empty password is not told")
	}
	test.Tap(desktest.Buttons(w.Desk)["Continue without it"])
	if a := <-got; !errors.Is(a.err, credential.ErrNotFound) {
		t.Errorf("without a password: %v", a.err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	got = ask(ctx, false, "uses a proxy that needs a password")
	cancel()
	if a := <-got; !errors.Is(a.err, context.Canceled) {
		t.Errorf("after the end: %v", a.err)
	}
	q.Until(t, "the question to go", func() bool { return w.Desk.Sheets.Count() == 0 })
}
