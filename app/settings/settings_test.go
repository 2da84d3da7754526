package settings_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofrs/flock"

	"postroom/app/settings"
	"postroom/session/jsonfile"
)

func TestSettingsSurviveARestart(t *testing.T) {
	dir := t.TempDir()
	s, err := settings.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Change(func(s *settings.Settings) { s.Account, s.Endpoint = "anna@contoso.example", "eop" })(t.Context()); err != nil {
		t.Fatal(err)
	}
	again, err := settings.Open(dir)
	if err != nil || again.Get().Account != "anna@contoso.example" || again.Get().Endpoint != "eop" {
		t.Errorf("%+v, %v", again.Get(), err)
	}
	if err := os.WriteFile(filepath.Join(dir, "settings.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := settings.Open(dir); err == nil || errors.Is(err, os.ErrNotExist) {
		t.Errorf("a torn file gives %v", err)
	}
}

// What changed last is what is kept, in whatever order the workers come to write it, and a
// change that could not be written reaches the file with the next.
func TestChangesAreKeptInTheirOrder(t *testing.T) {
	dir := t.TempDir()
	s, err := settings.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	account := func(name string) func(context.Context) error {
		keep := s.Change(func(s *settings.Settings) { s.Account += name })
		if got := s.Get().Account; !strings.HasSuffix(got, name) {
			t.Errorf("who reads after the change reads %q", got)
		}
		return keep
	}
	first, second, third := account("a"), account("b"), account("c")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	blocked := filepath.Join(dir, "settings.json.lock")
	if err := os.Mkdir(blocked, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := third(cancelled); err == nil {
		t.Fatal("written beside the lock")
	}
	if err := os.Remove(blocked); err != nil {
		t.Fatal(err)
	}
	for _, keep := range []func(context.Context) error{account("d"), second, first} {
		if err := keep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	again, err := settings.Open(dir)
	if err != nil || again.Get().Account != "abcd" || s.Get().Account != "abcd" {
		t.Errorf("the file has %q, memory %q, %v", again.Get().Account, s.Get().Account, err)
	}
}

// TestKeepingEndsWithItsContext: while another process, or another call, has the file. What
// was not written then is with the next that can.
func TestKeepingEndsWithItsContext(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s, err := settings.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		other := flock.New(filepath.Join(dir, "settings.json.lock"))
		if ok, err := other.TryLock(); !ok || err != nil {
			t.Fatal(ok, err)
		}
		change := func(account string) func(context.Context) error {
			return s.Change(func(s *settings.Settings) { s.Account += account })
		}
		patient, end := context.WithCancel(t.Context())
		first := make(chan error, 1)
		go func() { first <- change("a")(patient) }() // ends with patient, or with its own patience
		synctest.Wait()
		hurry, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if err := change("b")(hurry); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("behind another call: %v after %v", err, time.Since(began))
		}
		end()
		if err := <-first; !errors.Is(err, context.Canceled) {
			t.Errorf("behind another process: %v", err)
		}
		var busy *jsonfile.BusyError
		if err := change("c")(t.Context()); !errors.As(err, &busy) {
			t.Errorf("of its own accord: %v", err)
		}
		if err := errors.Join(other.Unlock(), change("d")(t.Context())); err != nil {
			t.Fatal(err)
		}
		if again, err := settings.Open(dir); err != nil || again.Get().Account != "abcd" {
			t.Errorf("the file has %q, %v", again.Get().Account, err)
		}
	})
}
