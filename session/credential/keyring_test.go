package credential_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zalando/go-keyring"

	"postroom/session/credential"
)

// blocking is a backend whose calls last until they are released.
type blocking struct {
	release chan error
	panics  bool
}

func (b *blocking) Get(string, string) (string, error) {
	if b.panics {
		panic("nil signal")
	}
	return "secret", <-b.release
}
func (b *blocking) Set(string, string, string) error { return <-b.release }
func (b *blocking) Delete(string, string) error      { return <-b.release }
func (b *blocking) DeleteAll(string) error           { return <-b.release }

func ready(context.Context, bool, func()) error { return nil }

func TestKeyringMapsErrors(t *testing.T) {
	for _, c := range []struct{ err, want error }{
		{keyring.ErrNotFound, credential.ErrNotFound},
		{keyring.ErrUnsupportedPlatform, credential.ErrUnavailable},
		{credential.ErrLocked, credential.ErrLocked},
		{errors.New("failed to unlock correct collection"), credential.ErrUnavailable},
	} {
		b := &blocking{release: make(chan error, 4)}
		k := credential.NewKeyringOver(b, ready)
		for range 4 {
			b.release <- c.err
		}
		_, err := k.Get(t.Context(), "r")
		for _, err := range []error{err, k.Set(t.Context(), "r", credential.NewSecret("x")), k.Delete(t.Context(), "r"), k.DeleteAll(t.Context())} {
			if !errors.Is(err, c.want) {
				t.Errorf("%v becomes %v", c.err, err)
			}
		}
	}
	b := &blocking{release: make(chan error, 1)}
	b.release <- keyring.ErrSetDataTooBig
	err := credential.NewKeyringOver(b, ready).Set(t.Context(), "r", credential.NewSecret(strings.Repeat("x", 100)))
	var tooBig *credential.TooBigError
	if !errors.As(err, &tooBig) || tooBig.Size != 100 || strings.Contains(err.Error(), "xxx") {
		t.Errorf("too big: %v", err)
	}
}

func TestKeyringSurvivesThePanicOfTheLibrary(t *testing.T) {
	k := credential.NewKeyringOver(&blocking{panics: true}, ready)
	if _, err := k.Get(t.Context(), "r"); !errors.Is(err, credential.ErrUnavailable) {
		t.Errorf("%v", err)
	}
}

func TestWaitingIsToldAndCanBeCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &blocking{release: make(chan error)}
		k := credential.NewKeyringOver(b, ready)
		var told []bool
		ctx, cancel := context.WithCancel(credential.NotifyWaiting(t.Context(), func(w bool) { told = append(told, w) }))
		result := make(chan error)
		go func() { // ends with the cancelled operation
			_, err := k.Get(ctx, "r")
			result <- err
		}()
		time.Sleep(time.Second)
		synctest.Wait()
		if len(told) != 1 || !told[0] {
			t.Errorf("told after a second: %v", told)
		}
		cancel()
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		if len(told) != 2 || told[1] {
			t.Errorf("told at the end: %v", told)
		}

		// The call that was left behind still has its turn: the next one waits
		// for it, and can be cancelled too.
		short, stop := context.WithTimeout(t.Context(), time.Minute)
		if err := k.Delete(short, "r"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("behind a stuck call: %v", err)
		}
		stop()
		b.release <- nil
		go func() { b.release <- nil }() // ends with the next operation
		if s, err := k.Get(t.Context(), "r"); err != nil || s.Reveal() != "secret" {
			t.Errorf("after the stuck call ended: %v", err)
		}
	})
}

func TestAQuickAnswerIsNoWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &blocking{release: make(chan error, 1)}
		b.release <- nil
		ctx := credential.NotifyWaiting(t.Context(), func(bool) { t.Error("told to wait") })
		if _, err := credential.NewKeyringOver(b, ready).Get(ctx, "r"); err != nil {
			t.Error(err)
		}
	})
}

func TestPrepareDecides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &blocking{release: make(chan error, 1)}
		k := credential.NewKeyringOver(b, func(ctx context.Context, mayPrompt bool, waiting func()) error {
			if !mayPrompt {
				return credential.ErrLocked
			}
			waiting()
			<-ctx.Done()
			return ctx.Err()
		})
		if _, err := k.Get(credential.WithoutPrompt(t.Context()), "r"); !errors.Is(err, credential.ErrLocked) {
			t.Errorf("without a prompt: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ctx = credential.NotifyWaiting(ctx, func(w bool) {
			if w {
				cancel()
			}
		})
		start := time.Now()
		if _, err := k.Get(ctx, "r"); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled at the prompt: %v", err)
		}
		if time.Since(start) > 0 {
			t.Error("an open prompt is told late")
		}
	})
}

// A keyring that says nothing hangs no run: the wait ends by itself, sooner where
// nobody sits who could unlock it, and says that it was silent.
func TestASilentKeyringHangsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &blocking{release: make(chan error)}
		k := credential.NewKeyringOver(b, ready)
		for name, c := range map[string]struct {
			ctx    context.Context
			within time.Duration
		}{
			"nobody sits there": {credential.WithoutPrompt(t.Context()), 15 * time.Second},
			"a person sits":     {t.Context(), 10 * time.Minute},
		} {
			for what, op := range map[string]func(context.Context) error{
				"get":        func(ctx context.Context) error { _, err := k.Get(ctx, "r"); return err },
				"set":        func(ctx context.Context) error { return k.Set(ctx, "r", credential.NewSecret("x")) },
				"delete":     func(ctx context.Context) error { return k.Delete(ctx, "r") },
				"delete all": k.DeleteAll,
			} {
				began := time.Now()
				err := op(c.ctx)
				var silent *credential.UnavailableError
				if !errors.As(err, &silent) || silent.Reason != credential.ReasonSilent || time.Since(began) > c.within {
					t.Errorf("%s, %s: %v after %v", name, what, err, time.Since(began))
				}
			}
		}
		close(b.release) // lets the calls that were left behind end
	})
}
