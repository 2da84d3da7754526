// Package signin answers one question, at the moment when something is about to
// be sent: the credential of this holder. So what was forgotten is not used any
// more, and what was changed is used next; a session's target carries none.
//
// Where passwords are kept is the business of session/credential, how to sign in
// with one that of the door.
package signin

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"postroom/session/credential"
	"postroom/session/holder"
)

// Vault is where passwords are kept: *credential.Vault.
type Vault interface {
	// Lookup gives the password of a holder, or credential.ErrNotFound.
	Lookup(context.Context, holder.Holder) (credential.Secret, error)
	// Remember keeps the password of an account at an address.
	Remember(ctx context.Context, account, address string, s credential.Secret, keep credential.Keep) (credential.Kept, error)
	// Forget forgets the password of a holder.
	Forget(context.Context, holder.Holder) error
}

// Passwords answers with what is being tried, else with what the vault keeps. It
// may be used from several goroutines.
type Passwords struct {
	vault   Vault
	proxies proxies
	judged  judged

	mu    sync.Mutex
	tried []*Trial // the latest last
}

// NewPasswords answers from a vault.
func NewPasswords(v Vault) *Passwords {
	return &Passwords{vault: v, judged: newJudged(), proxies: proxies{turn: make(chan struct{}, 1), refused: map[holder.Holder]bool{}, typed: map[holder.Holder]bool{}}}
}

// Password gives the password of h, or credential.ErrNotFound when there is
// none; one that its server has refused (see Refused) is none, and is asked for where
// somebody is there (AskAgain). Any other error is the vault's. It may wait for the person
// to unlock the keyring; see credential.NotifyWaiting and credential.WithoutPrompt.
func (p *Passwords) Password(ctx context.Context, h holder.Holder) (credential.Secret, error) {
	if t := p.trial(h); t != nil {
		return t.secret, nil
	}
	s, err := p.vault.Lookup(ctx, h)
	if err != nil {
		return credential.Secret{}, fmt.Errorf("find the password of %s: %w", h, err)
	}
	return p.current(ctx, h, s)
}

func (p *Passwords) trial(h holder.Holder) *Trial {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range slices.Backward(p.tried) {
		if t.holder == h {
			return t
		}
	}
	return nil
}

// Try lets a password that was typed be used for an account at an address, in
// place of what the vault has, until the trial is ended: by Keep when it was
// accepted, by Drop in any case.
func (p *Passwords) Try(account, address string, s credential.Secret) (*Trial, error) {
	h, err := holder.Of(account, address)
	if err != nil {
		return nil, fmt.Errorf("try a password: %w", err)
	}
	t := &Trial{passwords: p, holder: h, account: account, address: address, secret: s}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tried = append(p.tried, t)
	return t, nil
}

// Trial is a password of which nobody knows yet whether it is right.
type Trial struct {
	passwords        *Passwords
	holder           holder.Holder
	account, address string
	secret           credential.Secret
}

// Keep hands the password to the vault and ends the trial.
func (t *Trial) Keep(ctx context.Context, keep credential.Keep) (credential.Kept, error) {
	defer t.Drop()
	kept, err := t.passwords.vault.Remember(ctx, t.account, t.address, t.secret, keep)
	if err != nil {
		return kept, fmt.Errorf("keep the password of %s: %w", t.holder, err)
	}
	return kept, nil
}

// Drop ends the trial: the vault's password, if it has one, is used again. A
// trial that has ended, or never began as the zero Trial, stays so.
func (t *Trial) Drop() {
	p := t.passwords
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tried = slices.DeleteFunc(p.tried, func(other *Trial) bool { return other == t })
}
