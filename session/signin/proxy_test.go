package signin_test

import (
	"context"
	"testing"

	"postroom/session/credential"
	"postroom/session/holder"
	"postroom/session/signin"
)

const user, proxy = `CONTOSO\Ada`, "proxy.contoso.example:8080"

func mustHave(t *testing.T, p *signin.Passwords, want string) {
	t.Helper()
	if s, err := p.ProxyPassword(t.Context(), user, proxy); err != nil || s.Reveal() != want {
		t.Errorf("%q, %v, not %q", s.Reveal(), err, want)
	}
}

// TestThePasswordAtAProxyIsAskedForOnce, and again when the proxy did not take it; what was
// refused at once is not kept.
func TestThePasswordAtAProxyIsAskedForOnce(t *testing.T) {
	v := newVault(t)
	p := signin.NewPasswords(v)
	mustHave(t, p, "") // nobody is there: the proxy may ask for none
	var asked []bool
	answers := []string{"", "wrong", "right"}
	p.AskAtProxies(func(_ context.Context, _ holder.Holder, again bool) (signin.Typed, error) {
		asked = append(asked, again)
		word := answers[len(asked)-1]
		if word == "" {
			return signin.Typed{}, credential.ErrNotFound
		}
		return signin.Typed{Secret: credential.NewSecret(word), Keep: credential.KeepAlways}, nil
	})
	at, err := holder.Of(user, proxy)
	if err != nil {
		t.Fatal(err)
	}
	mustHave(t, p, "") // the person goes on without
	mustHave(t, p, "wrong")
	mustHave(t, p, "wrong")
	if err := p.ProxyRefused(t.Context(), user, proxy); err != nil {
		t.Fatal(err)
	}
	if s, err := v.Lookup(t.Context(), at); err == nil {
		t.Errorf("the refused password %q is kept", s.Reveal())
	}
	mustHave(t, p, "right")
	mustHave(t, p, "right")
	if len(asked) != 3 || asked[0] || asked[1] || !asked[2] {
		t.Errorf("asked %v", asked)
	}
	if s, err := v.Lookup(t.Context(), at); err != nil || s.Reveal() != "right" {
		t.Errorf("the vault has %q, %v", s.Reveal(), err)
	}
	// Another program start: what is kept is used, and asked about when it is refused.
	later := signin.NewPasswords(v)
	mustHave(t, later, "right")
	if err := later.ProxyRefused(t.Context(), user, proxy); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Lookup(t.Context(), at); err != nil {
		t.Errorf("a kept password is forgotten by one refusal: %v", err)
	}
	later.AskAtProxies(func(_ context.Context, _ holder.Holder, again bool) (signin.Typed, error) {
		if !again {
			t.Error("it is not said that the kept password was refused")
		}
		return signin.Typed{Secret: credential.NewSecret("newer"), Keep: credential.KeepThisTime}, nil
	})
	mustHave(t, later, "newer")
	mustHave(t, later, "newer")
}
