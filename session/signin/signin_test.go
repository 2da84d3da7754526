package signin_test

import (
	"context"
	"errors"
	"testing"

	"postroom/session/credential"
	"postroom/session/holder"
	"postroom/session/signin"
)

const account, address = "Anna@contoso.example", "https://ps.example.test/PowerShell/"

func anna(t *testing.T) holder.Holder {
	t.Helper()
	h, err := holder.Of(account, address)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func newVault(t *testing.T) *credential.Vault {
	t.Helper()
	v, err := credential.OpenVault(t.TempDir(), credential.NewMemory())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func mustGive(t *testing.T, p *signin.Passwords, want string) {
	t.Helper()
	s, err := p.Password(t.Context(), anna(t))
	switch {
	case want == "" && !errors.Is(err, credential.ErrNotFound):
		t.Errorf("there is a password (%v), or another error: %v", s.Reveal(), err)
	case want != "" && (err != nil || s.Reveal() != want):
		t.Errorf("%q, %v, not %q", s.Reveal(), err, want)
	}
}

func try(t *testing.T, p *signin.Passwords, secret string) *signin.Trial {
	t.Helper()
	trial, err := p.Try(account, address, credential.NewSecret(secret))
	if err != nil {
		t.Fatal(err)
	}
	return trial
}

func TestWhatIsForgottenIsNotUsedAndWhatIsChangedIs(t *testing.T) {
	v := newVault(t)
	p := signin.NewPasswords(v)
	mustGive(t, p, "")
	for _, c := range []struct {
		secret string
		keep   credential.Keep
	}{{"first", credential.KeepAlways}, {"second", credential.KeepAlways}, {"third", credential.KeepThisTime}} {
		if _, err := v.Remember(t.Context(), account, address, credential.NewSecret(c.secret), c.keep); err != nil {
			t.Fatal(err)
		}
		mustGive(t, p, c.secret)
	}
	if err := v.ForgetAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustGive(t, p, "")
}

func TestATrialEnds(t *testing.T) {
	v := newVault(t)
	p := signin.NewPasswords(v)
	wrong := try(t, p, "wrong")
	mustGive(t, p, "wrong")
	right := try(t, p, "right")
	mustGive(t, p, "right") // the latest
	wrong.Drop()
	wrong.Drop()
	mustGive(t, p, "right")
	if kept, err := right.Keep(t.Context(), credential.KeepThisTime); err != nil || kept.Place != credential.InMemory {
		t.Errorf("%+v, %v", kept, err)
	}
	mustGive(t, p, "right")
	if s, err := v.Lookup(t.Context(), anna(t)); err != nil || s.Reveal() != "right" {
		t.Errorf("the vault has %q, %v", s.Reveal(), err)
	}
	try(t, p, "wrong again").Drop()
	mustGive(t, p, "right")
	if err := v.Forget(t.Context(), anna(t)); err != nil {
		t.Fatal(err)
	}
	mustGive(t, p, "")
}

func TestATrialIsForOneHolder(t *testing.T) {
	p := signin.NewPasswords(newVault(t))
	if _, err := p.Try("other@contoso.example", address, credential.NewSecret("x")); err != nil {
		t.Fatal(err)
	}
	mustGive(t, p, "")
	if _, err := p.Try(" ", address, credential.NewSecret("x")); !errors.Is(err, holder.ErrNoAccount) {
		t.Errorf("nobody's password is tried: %v", err)
	}
}

// lockable is a vault that can be locked, as a keyring is.
type lockable struct {
	*credential.Vault
	locked bool
}

func (v *lockable) Lookup(ctx context.Context, h holder.Holder) (credential.Secret, error) {
	if v.locked {
		return credential.Secret{}, credential.ErrLocked
	}
	return v.Vault.Lookup(ctx, h)
}

// Whether the kept password is refused is asked of what is kept now; where the keyring does
// not say, a refusal stands.
func TestTheKeptPasswordIsComparedWithTheRefused(t *testing.T) {
	v := &lockable{Vault: newVault(t)}
	p := signin.NewPasswords(v)
	keep := func(secret string) {
		t.Helper()
		if _, err := v.Remember(t.Context(), account, address, credential.NewSecret(secret), credential.KeepAlways); err != nil {
			t.Fatal(err)
		}
	}
	is := func(want bool, when string) {
		t.Helper()
		if got := p.KeptIsRefused(t.Context(), anna(t)); got != want {
			t.Errorf("%s: %v", when, got)
		}
	}
	keep("old")
	v.locked = true
	is(false, "nothing was refused, and nobody has to unlock anything")
	v.locked = false
	p.Refused(anna(t), credential.NewSecret("typed"), errors.New("test"))
	is(false, "another one was refused")
	p.Refused(anna(t), credential.NewSecret("old"), errors.New("test"))
	is(true, "it was refused")
	keep("new")
	is(false, "another one is kept meanwhile")
	v.locked = true
	is(true, "one was refused, and the keyring does not say whether it is that")
}
