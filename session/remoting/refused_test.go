package remoting_test

import (
	"context"
	"errors"
	"testing"

	"postroom/session"
	"postroom/session/credential"
	"postroom/session/diagnose"
	"postroom/session/holder"
	"postroom/session/remoting"
	"postroom/session/signin"
	"postroom/session/simulator"
	"postroom/session/wsman"
)

// A password that the server refused is not sent again while the process runs, by
// whatever way; another one is, and the one that was refused as well once it was accepted.
func TestARefusedPasswordIsNotSentAgain(t *testing.T) {
	b, vault := withVault(t)
	b.remember(vault, "of last month")
	var refused *wsman.AuthError
	for try := range 3 {
		before := b.server.Stats().Requests
		_, err := b.manager.Open(patient(t), b.target)
		var told *signin.RefusedError
		if !errors.As(err, &refused) || !errors.As(err, &told) || !errors.Is(err, credential.ErrNotFound) || diagnose.Explain(err).ID != "wrong-password" {
			t.Errorf("try %d: %v, explained as %s", try, err, diagnose.Explain(err).ID)
		}
		if sent := b.server.Stats().Requests - before; try == 0 && sent == 0 || try > 0 && sent > 0 {
			t.Errorf("try %d: %d requests", try, sent)
		}
	}
	before := b.server.Stats().Requests
	if err := b.manager.Test(t.Context(), b.target, func(session.Step) {}); !errors.As(err, &refused) {
		t.Errorf("a test of the connection: %v", err)
	}
	if now := b.server.Stats().Requests; now != before {
		t.Errorf("a test of the connection sends it again: %d requests", now-before)
	}
	b.remember(vault, b.server.Password())
	if _, err := b.manager.Open(patient(t), b.target); err != nil {
		t.Errorf("the new one: %v", err)
	}
	if err := closeAll(b.manager); err != nil {
		t.Error(err)
	}
}

// Who sits there is asked once more, and what is typed is used, kept where the old one
// was, and not asked for again; nothing is left on the server.
func TestAChangedPasswordIsAskedForAndKept(t *testing.T) {
	b, vault := withVault(t)
	if err := vault.Store(t.Context(), b.target.Account, b.target.Endpoint.URL, credential.NewSecret("of last month")); err != nil {
		t.Fatal(err)
	}
	passwords := signin.NewPasswords(vault)
	answers := []string{"a typo", b.server.Password()}
	asked := 0
	passwords.AskAgain(func(_ context.Context, at holder.Holder, again bool) (signin.Typed, error) {
		if at != b.target.Holder() || !again || asked == len(answers) {
			t.Errorf("asked for %v, again %t, after %d answers", at, again, asked)
			return signin.Typed{}, credential.ErrNotFound
		}
		asked++
		return signin.Typed{Secret: credential.NewSecret(answers[asked-1]), Keep: vault.Kept(at)}, nil
	})
	m := session.NewManager(session.Options{Doors: behind(remoting.NewDoor(passwords)), Ledger: b.book})
	for range 2 {
		id, err := m.Open(patient(t), b.target)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Close(patient(t), id); err != nil {
			t.Error(err)
		}
	}
	kept, err := vault.Lookup(t.Context(), b.target.Holder())
	if asked != 2 || err != nil || kept.Reveal() != b.server.Password() || vault.Kept(b.target.Holder()) != credential.KeepAlways {
		t.Errorf("asked %d times, kept where the old one was: %t, %v", asked, vault.Kept(b.target.Holder()) == credential.KeepAlways, err)
	}
	if left := entries(t, b.book); left != 0 || b.server.Stats().OpenShells != 0 {
		t.Errorf("%d entries in the ledger, %d shells", left, b.server.Stats().OpenShells)
	}
}

// A password that is changed while a session is open: the first request that the server
// refuses ends the session, and neither a run nor the deletion sends the old one again. The
// next session asks for the new one, with which what was left is deleted.
func TestAPasswordThatChangesUnderASessionIsSentOnce(t *testing.T) {
	b, vault := withVault(t)
	b.remember(vault, b.server.Password())
	passwords := signin.NewPasswords(vault)
	asked := 0
	passwords.AskAgain(func(context.Context, holder.Holder, bool) (signin.Typed, error) {
		asked++
		b.setFaults(nil) // as the server takes the new one
		return signin.Typed{Secret: credential.NewSecret(b.server.Password()), Keep: vault.Kept(b.target.Holder())}, nil
	})
	m := session.NewManager(session.Options{Doors: behind(remoting.NewDoor(passwords)), Ledger: b.book})
	m.Observe(b.heard)
	id, err := m.Open(patient(t), b.target)
	if err != nil {
		t.Fatal(err)
	}
	// What the session is listening to was let in before.
	b.faults(simulator.Rule{Fault: simulator.Unauthorized, On: simulator.Command}, simulator.Rule{Fault: simulator.Unauthorized, On: simulator.Delete})
	before := b.server.Stats().Unauthorized
	var refused *wsman.AuthError
	var partial *session.PartialError
	err = m.Run(patient(t), id, call("Get-AcceptedDomain"), newKeeper())
	if !errors.As(err, &refused) || errors.As(err, &partial) {
		t.Errorf("the run: %v", err)
	}
	if ended, endErr := b.heard.ended(patient(t), id); endErr != nil || ended.State != session.Lost {
		t.Errorf("the session: %v, %v", ended.State, endErr)
	}
	if err := m.Run(patient(t), id, call("Get-AcceptedDomain"), newKeeper()); err == nil {
		t.Error("the session ran once more")
	}
	if now := b.server.Stats().Unauthorized; now != before+1 || asked != 0 {
		t.Errorf("the old one was sent %d times; %d questions", now-before, asked)
	}
	if _, err := m.Open(patient(t), b.target); err != nil || asked != 1 {
		t.Errorf("the next session: %v; %d questions", err, asked)
	}
	if err := closeAll(m); err != nil {
		t.Error(err)
	}
	if left := entries(t, b.book); left != 0 || b.server.Stats().OpenShells != 0 {
		t.Errorf("%d entries in the ledger, %d shells", left, b.server.Stats().OpenShells)
	}
}

// What a person tries in a dialog is sent once, and its refusal told: the dialog asks.
func TestATriedPasswordIsSentOnce(t *testing.T) {
	b, vault := withVault(t)
	b.remember(vault, b.server.Password())
	passwords := signin.NewPasswords(vault)
	m := session.NewManager(session.Options{Doors: behind(remoting.NewDoor(passwords)), Ledger: b.book})
	for range 2 { // the person may mean it
		trial, err := passwords.Try(b.target.Account, b.target.Endpoint.URL, credential.NewSecret("a typo"))
		if err != nil {
			t.Fatal(err)
		}
		before := b.server.Stats().Unauthorized
		var refused *wsman.AuthError
		if _, err := m.Open(patient(t), b.target); !errors.As(err, &refused) || errors.Is(err, credential.ErrNotFound) {
			t.Errorf("the refusal: %v", err)
		}
		if now := b.server.Stats().Unauthorized; now != before+1 {
			t.Errorf("sent %d times", now-before)
		}
		trial.Drop()
	}
	if _, err := m.Open(patient(t), b.target); err != nil {
		t.Errorf("what is kept is as good as before: %v", err)
	}
	if err := closeAll(m); err != nil {
		t.Error(err)
	}
}

// Three typed ones are enough: the account must not be locked. Who would rather not type
// is told of the refusal, and nobody is asked on behalf of what nobody watches.
func TestAskingForAPasswordHasAnEnd(t *testing.T) {
	b, vault := withVault(t)
	for name, c := range map[string]struct {
		answer string
		quiet  bool
		asked  int
	}{
		"wrong each time": {answer: "wrong", asked: 3},
		"nothing typed":   {asked: 1},
		"nobody watches":  {answer: b.server.Password(), quiet: true},
	} {
		b.remember(vault, "of last month")
		passwords := signin.NewPasswords(vault)
		asked := 0
		passwords.AskAgain(func(context.Context, holder.Holder, bool) (signin.Typed, error) {
			asked++
			if c.answer == "" {
				return signin.Typed{}, credential.ErrNotFound
			}
			return signin.Typed{Secret: credential.NewSecret(c.answer + string(rune('a'+asked)))}, nil
		})
		ctx := patient(t)
		if c.quiet {
			ctx = credential.WithoutPrompt(ctx)
		}
		m := session.NewManager(session.Options{Doors: behind(remoting.NewDoor(passwords)), Ledger: b.book})
		var refused *signin.RefusedError
		if _, err := m.Open(ctx, b.target); !errors.As(err, &refused) || asked != c.asked {
			t.Errorf("%s: asked %d times, want %d: %v", name, asked, c.asked, err)
		}
	}
	if left := entries(t, b.book); left != 0 {
		t.Errorf("%d entries in the ledger", left)
	}
}

// What says nothing about the password does not count against it: an account that needs a
// second factor, or is not enabled.
func TestOtherRefusalsLeaveThePasswordAlone(t *testing.T) {
	for _, state := range []simulator.AccountState{simulator.AccountNotEnabled, simulator.AccountNoRole} {
		b, vault := withVault(t)
		s, err := simulator.Start(simulator.Options{Accounts: []simulator.Account{{User: "ben@contoso.example", Password: "right", State: state}}, Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		b.target.Account, b.target.Endpoint.URL, b.target.RootCAs = "ben@contoso.example", s.URL(), s.RootCAs()
		b.remember(vault, "right")
		for range 2 {
			before := s.Stats().Requests
			var refused *signin.RefusedError
			if _, err := b.manager.Open(patient(t), b.target); err == nil || errors.As(err, &refused) || s.Stats().Requests == before {
				t.Errorf("%s: %v after %d requests", state, err, s.Stats().Requests-before)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
