package signin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"postroom/session/credential"
	"postroom/session/holder"
)

// mostTyped is how many passwords a person may type for an account before the first
// refusal is told after all: each brings the account closer to being locked.
const mostTyped = 3

// judged is what servers made of passwords while this process runs: what was refused is
// not sent again, and what the person typed in its place is used.
type judged struct {
	turn  chan struct{} // one question at a time
	asker Asker         // nil: nobody is there

	mu      sync.Mutex
	refused map[holder.Holder][]credential.Secret
	cause   map[holder.Holder]error // of the last refusal
	typed   map[holder.Holder]Typed // and not judged yet
	asked   map[holder.Holder]int
}

func newJudged() judged {
	return judged{
		turn: make(chan struct{}, 1), refused: map[holder.Holder][]credential.Secret{}, cause: map[holder.Holder]error{},
		typed: map[holder.Holder]Typed{}, asked: map[holder.Holder]int{},
	}
}

// AskAgain says who is asked for the password of an account whose server refused the one
// that was kept. It is called before anything is opened; with nobody, the refusal is told.
func (p *Passwords) AskAgain(a Asker) { p.judged.asker = a }

// RefusedError is a password that is kept and that the server has refused while this
// process runs: sent again, it would only bring the account closer to being locked. It is a
// password that is not known any more (credential.ErrNotFound), and whoever asks for such
// asks for this one.
type RefusedError struct {
	Holder holder.Holder
	Err    error // the refusal
}

// Error names the holder and the refusal.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("the password of %s that is kept was refused: %v", e.Holder, e.Err)
}

// Unwrap gives the refusal, and that there is no password then.
func (e *RefusedError) Unwrap() []error { return []error{e.Err, credential.ErrNotFound} }

// Refused notes that a server did not let h in with a password, and why: Password gives it
// no more while this process runs.
func (p *Passwords) Refused(h holder.Holder, s credential.Secret, why error) {
	j := &p.judged
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.knows(h, s) {
		j.refused[h] = append(j.refused[h], s)
	}
	j.cause[h] = why
	if typed, is := j.typed[h]; is && typed.Secret.Equal(s) {
		delete(j.typed, h)
	}
}

// knows says that a password was refused. j.mu must be held.
func (j *judged) knows(h holder.Holder, s credential.Secret) bool {
	return slices.ContainsFunc(j.refused[h], s.Equal)
}

// Accepted notes that a server let h in with a password. One that was typed in place of a
// refused one is kept as the asker wanted it, or the error is *credential.NotKeptError.
func (p *Passwords) Accepted(ctx context.Context, h holder.Holder, s credential.Secret) error {
	j := &p.judged
	j.mu.Lock()
	j.refused[h] = slices.DeleteFunc(j.refused[h], s.Equal) // an account that was locked, and is not any more
	typed, is := j.typed[h]
	is = is && typed.Secret.Equal(s)
	if is {
		delete(j.typed, h)
		delete(j.asked, h)
	}
	j.mu.Unlock()
	if !is {
		return nil
	}
	kept, err := p.vault.Remember(ctx, h.Account(), h.Server(), s, typed.Keep)
	if err == nil {
		err = kept.Err
	}
	if err != nil {
		return &credential.NotKeptError{Account: h.Account(), Err: err}
	}
	return nil
}

// KeptIsRefused says that the password that is kept for h now is none to sign in with: its
// server has refused it while this process runs, or has refused one and the keyring does not
// say which is kept. It asks nobody, and waits for the keyring.
func (p *Passwords) KeptIsRefused(ctx context.Context, h holder.Holder) bool {
	j := &p.judged
	j.mu.Lock()
	_, typed := j.typed[h]
	perhaps := len(j.refused[h]) > 0 && !typed
	j.mu.Unlock()
	if !perhaps {
		return false
	}
	kept, err := p.vault.Lookup(credential.WithoutPrompt(ctx), h)
	j.mu.Lock()
	defer j.mu.Unlock()
	return err != nil || j.knows(h, kept)
}

// current gives what is to be sent in place of a password that the vault keeps: itself,
// where nobody has refused it, else what the person types. A *RefusedError says that nobody
// was there, or would rather not.
func (p *Passwords) current(ctx context.Context, h holder.Holder, kept credential.Secret) (credential.Secret, error) {
	j := &p.judged
	if s, known := j.known(h, kept); known {
		return s, nil
	}
	if j.asker == nil || credential.IsWithoutPrompt(ctx) {
		return credential.Secret{}, j.refusal(h)
	}
	select {
	case j.turn <- struct{}{}:
		defer func() { <-j.turn }()
	case <-ctx.Done():
		return credential.Secret{}, context.Cause(ctx)
	}
	if s, known := j.known(h, kept); known { // typed meanwhile
		return s, nil
	}
	if !j.mayAsk(h) {
		return credential.Secret{}, j.refusal(h)
	}
	typed, err := j.asker(ctx, h, true)
	switch {
	case ctx.Err() != nil:
		return credential.Secret{}, context.Cause(ctx)
	case err != nil && !errors.Is(err, credential.ErrNotFound):
		return credential.Secret{}, fmt.Errorf("password of %s: %w", h, err)
	case err != nil, typed.Secret.IsZero():
		return credential.Secret{}, j.refusal(h)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.typed[h] = typed
	return typed.Secret, nil
}

// known gives what was typed, else what is kept and was not refused.
func (j *judged) known(h holder.Holder, kept credential.Secret) (credential.Secret, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if typed, is := j.typed[h]; is {
		return typed.Secret, true
	}
	return kept, !j.knows(h, kept)
}

// mayAsk counts a question.
func (j *judged) mayAsk(h holder.Holder) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.asked[h]++
	return j.asked[h] <= mostTyped
}

func (j *judged) refusal(h holder.Holder) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return &RefusedError{Holder: h, Err: j.cause[h]}
}
