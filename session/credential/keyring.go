package credential

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zalando/go-keyring"
)

// waitGrace is how long an operation may take before the person is told that
// it waits, where the system does not say that a prompt is open.
const waitGrace = 500 * time.Millisecond

// Keyring is the operating system's keyring: Credential Manager on Windows,
// Keychain on macOS, the Secret Service elsewhere. It may be used from several
// goroutines; operations run one at a time, because two prompts on one bus
// connection would take each other's answers.
type Keyring struct {
	service string
	backend backend
	prepare prepare
	grace   time.Duration // see waitGrace
	turn    chan struct{} // holds one token; whoever has it may use the backend
}

// Bounds of an operation: a keyring that says nothing hangs no run.
const (
	// silentTime is how long it may take where nobody is asked for anything.
	silentTime = 10 * time.Second
	// promptTime is how long a person has to unlock it.
	promptTime = 5 * time.Minute
)

// access is what an operation wants of the keyring.
type access struct {
	service, ref string // ref is "" for all of the service's
	mayPrompt    bool
	waiting      func() // to be called when the person is asked
}

// prepare runs before an operation and brings the keyring to where the backend
// answers without a prompt, or says why that cannot be.
type prepare func(context.Context, access) error

// backend is the part of go-keyring that is used. Its calls know no context
// and may block for as long as a prompt is open.
type backend interface {
	Get(service, user string) (string, error)
	Set(service, user, password string) error
	Delete(service, user string) error
	DeleteAll(service string) error
}

type systemBackend struct{}

func (systemBackend) Get(service, user string) (string, error) { return keyring.Get(service, user) }

func (systemBackend) Set(service, user, password string) error {
	return keyring.Set(service, user, password)
}
func (systemBackend) Delete(service, user string) error { return keyring.Delete(service, user) }
func (systemBackend) DeleteAll(service string) error    { return keyring.DeleteAll(service) }

// NewKeyring returns the system's keyring. Items are stored under service,
// which names the program and must not hold a colon (Windows joins service and
// reference with one). Nothing is contacted before the first operation.
func NewKeyring(service string) *Keyring {
	return newKeyring(service, systemBackend{}, newPrepare())
}

func newKeyring(service string, b backend, prepare prepare) *Keyring {
	k := &Keyring{service: service, backend: b, prepare: prepare, grace: waitGrace, turn: make(chan struct{}, 1)}
	k.turn <- struct{}{}
	return k
}

type contextKey int

const (
	waitingKey contextKey = iota
	quietKey
)

// NotifyWaiting returns a context whose keyring operations call fn(true) when
// they begin to wait for the person or the system, most often for the keyring
// to be unlocked, and fn(false) when that is over. fn is called from the
// goroutine that called the operation, in order, and must not block. Cancel
// the context to stop waiting.
func NotifyWaiting(ctx context.Context, fn func(waiting bool)) context.Context {
	return context.WithValue(ctx, waitingKey, fn)
}

// WithoutPrompt returns a context whose keyring operations return ErrLocked
// instead of asking for the keyring to be unlocked, where the system lets us
// know. It is for work that nobody watches.
func WithoutPrompt(ctx context.Context) context.Context {
	return context.WithValue(ctx, quietKey, true)
}

// IsWithoutPrompt says that the context is one of WithoutPrompt: nobody watches, and nobody
// is to be asked for anything.
func IsWithoutPrompt(ctx context.Context) bool { return ctx.Value(quietKey) != nil }

// Get returns the secret under ref, or ErrNotFound.
func (k *Keyring) Get(ctx context.Context, ref string) (Secret, error) {
	var found Secret
	err := k.do(ctx, "get from the keyring", ref, func() (func(), error) {
		value, err := k.backend.Get(k.service, ref)
		return func() { found = NewSecret(value) }, err
	})
	return found, err
}

// Set stores s under ref. *TooBigError says that the platform cannot hold it.
func (k *Keyring) Set(ctx context.Context, ref string, s Secret) error {
	if size := len(s.Reveal()); maxSecret > 0 && size > maxSecret {
		return fmt.Errorf("store in the keyring: %w", &TooBigError{Size: size, Max: maxSecret})
	}
	return k.do(ctx, "store in the keyring", ref, func() (func(), error) {
		err := k.backend.Set(k.service, ref, s.Reveal())
		if errors.Is(err, keyring.ErrSetDataTooBig) {
			err = &TooBigError{Size: len(s.Reveal()), Max: maxSecret}
		}
		return nil, err
	})
}

// Delete removes the secret under ref, or returns ErrNotFound.
func (k *Keyring) Delete(ctx context.Context, ref string) error {
	return k.do(ctx, "delete from the keyring", ref, func() (func(), error) {
		return nil, k.backend.Delete(k.service, ref)
	})
}

// DeleteAll removes every secret of this program's service.
func (k *Keyring) DeleteAll(ctx context.Context) error {
	return k.do(ctx, "delete all from the keyring", "", func() (func(), error) {
		return nil, k.backend.DeleteAll(k.service)
	})
}

type outcome struct {
	commit func() // runs in the caller's goroutine; nil when there is nothing to hand over
	err    error
}

// do runs op when it is its turn and the keyring is ready, and ends with ctx, or
// when the keyring says nothing for its time, even when op does not. An op left
// behind keeps its turn until it returns.
func (k *Keyring) do(ctx context.Context, what, ref string, op func() (func(), error)) error {
	bound := promptTime
	if IsWithoutPrompt(ctx) {
		bound = silentTime
	}
	ctx, cancel := context.WithTimeoutCause(ctx, bound, &UnavailableError{Reason: ReasonSilent})
	defer cancel()
	asked := make(chan struct{}, 1)
	done := make(chan outcome, 1)
	want := access{service: k.service, ref: ref, mayPrompt: !IsWithoutPrompt(ctx), waiting: func() { asked <- struct{}{} }}
	go k.work(ctx, want, done, op) // ends with op, or with ctx before op began

	notify, _ := ctx.Value(waitingKey).(func(bool))
	told := false
	tell := func() {
		if !told && notify != nil {
			told = true
			notify(true)
		}
	}
	defer func() {
		if told {
			notify(false)
		}
	}()
	grace := time.NewTimer(k.grace)
	defer grace.Stop()
	for {
		select {
		case <-asked:
			tell()
		case <-grace.C:
			tell()
		case out := <-done:
			if out.err != nil && ctx.Err() != nil {
				return fmt.Errorf("%s: %w", what, context.Cause(ctx)) // what it says only follows from that
			}
			if out.err != nil {
				return fmt.Errorf("%s: %w", what, explain(out.err))
			}
			if out.commit != nil {
				out.commit()
			}
			return nil
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", what, context.Cause(ctx))
		}
	}
}

func (k *Keyring) work(ctx context.Context, want access, done chan<- outcome, op func() (func(), error)) {
	select {
	case <-k.turn:
	case <-ctx.Done():
		return // do has returned with ctx's error
	}
	defer func() { k.turn <- struct{}{} }()
	defer func() {
		// go-keyring dereferences nil when the bus goes away under an open
		// prompt (secret_service.handlePrompt).
		if p := recover(); p != nil {
			done <- outcome{err: &UnavailableError{Err: fmt.Errorf("the keyring library failed: %v", p)}}
		}
	}()
	err := k.prepare(ctx, want)
	if err == nil {
		err = ctx.Err() // do not begin what nobody waits for
	}
	if err != nil {
		done <- outcome{err: err}
		return
	}
	commit, err := op()
	done <- outcome{commit: commit, err: err}
}

// explain maps what go-keyring and the system said to the errors of this
// package. What it does not know is ErrUnavailable: the keyring did not do
// what it was asked.
func explain(err error) error {
	var tooBig *TooBigError
	switch {
	case errors.Is(err, keyring.ErrNotFound):
		return ErrNotFound
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		return &UnavailableError{Reason: ReasonPlatform, Err: err}
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrLocked), errors.Is(err, ErrDismissed),
		errors.Is(err, ErrUnavailable), errors.As(err, &tooBig),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return explainSystem(err)
}
