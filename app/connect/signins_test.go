package connect

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"postroom/app/desktest"
	"postroom/widgets"
)

// Who is signed in is listed with a way out: one by one, and everybody after a question.
func TestWhoIsSignedInIsListedAndSignedOut(t *testing.T) {
	w, q := withDemo(t)
	for _, out := range []func(s *signInSheet){
		func(*signInSheet) { test.Tap(desktest.Buttons(w.Desk)["Sign out"]) },
		func(s *signInSheet) {
			s.everybody()
			test.Tap(desktest.Buttons(w.Desk)["Sign out everybody"])
		},
	} {
		signedInOnline(t, w)
		s := w.newSignInSheet()
		s.show()
		q.Until(t, "the list", func() bool { return len(s.people) == 1 && !s.all.Disabled() })
		if text := desktest.Text(w.Desk); !strings.Contains(text, s.people[0].Name) || !strings.Contains(text, s.people[0].ClientID) {
			t.Errorf("the page says %q", text)
		}
		desktest.Shot(t, w.Desk, "sign-ins")
		out(s)
		q.Until(t, "nobody", func() bool { return len(s.people) == 0 && s.all.Disabled() })
		if list, err := w.Access.Tokens.SignedIn(t.Context()); err != nil || len(list) != 0 || !strings.Contains(desktest.Text(w.Desk), "Nobody is signed in.") {
			t.Errorf("%v, %v", list, err)
		}
		setTheme(widgets.AlwaysDark)
		s.leave()
	}
}
