// Package credential keeps passwords: the Secret that nothing can print, the
// stores that hold one (the operating system's keyring, the memory of this
// process), and the Vault, which knows under which random reference the
// password of an account on a server is stored.
//
// A password goes to the keyring or stays in memory. No file of this package
// holds one. How to sign in with a password is the business of session/wsman;
// prose for people is the business of session/diagnose.
package credential

import (
	"context"
	"errors"
	"fmt"
)

// Credential is what a person signs in with.
type Credential struct {
	User   string // as typed: user@domain, DOMAIN\user or a bare name
	Secret Secret
}

// Store keeps secrets under references that mean nothing to a reader.
//
// All methods end when ctx does. They return ErrNotFound, ErrLocked,
// ErrDismissed, ErrUnavailable or *TooBigError, wrapped with what was tried.
type Store interface {
	// Get returns the secret under ref, or ErrNotFound.
	Get(ctx context.Context, ref string) (Secret, error)
	// Set stores s under ref, replacing what was there.
	Set(ctx context.Context, ref string, s Secret) error
	// Delete removes the secret under ref, or returns ErrNotFound.
	Delete(ctx context.Context, ref string) error
}

// The states that a store may be in instead of answering.
var (
	// ErrNotFound: the store has nothing under this reference.
	ErrNotFound = errors.New("credential: not found")
	// ErrLocked: the keyring is locked and could not be unlocked.
	ErrLocked = errors.New("credential: the keyring is locked")
	// ErrDismissed: the person closed or declined the keyring's own prompt.
	ErrDismissed = errors.New("credential: the keyring's prompt was dismissed")
	// ErrUnavailable: there is no keyring to talk to; the *UnavailableError
	// in the chain says why.
	ErrUnavailable = errors.New("credential: no keyring is available")
)

// Reason says why there is no keyring.
type Reason int

// The reasons for ErrUnavailable.
const (
	ReasonOther        Reason = iota // see the wrapped error
	ReasonNoBus                      // Linux: no D-Bus session bus
	ReasonNoService                  // Linux: nobody offers org.freedesktop.secrets
	ReasonNoCollection               // Linux: the service has no default collection
	ReasonNoLogon                    // Windows: the logon session has no credential store
	ReasonPlatform                   // no keyring is supported on this system
	ReasonSilent                     // it did not answer in time
)

// UnavailableError carries the reason for ErrUnavailable and what the system
// said.
type UnavailableError struct {
	Reason Reason
	Err    error // what the system said; may be nil
}

// Error says what is missing.
func (e *UnavailableError) Error() string {
	if e.Err == nil {
		return ErrUnavailable.Error()
	}
	return ErrUnavailable.Error() + ": " + e.Err.Error()
}

// Unwrap gives ErrUnavailable and what the system said.
func (e *UnavailableError) Unwrap() []error {
	if e.Err == nil {
		return []error{ErrUnavailable}
	}
	return []error{ErrUnavailable, e.Err}
}

// TooBigError is a secret that the platform's keyring cannot hold.
type TooBigError struct {
	Size int // bytes of UTF-8
	Max  int // bytes of UTF-8; 0 when the platform does not say
}

// Error names both sizes.
func (e *TooBigError) Error() string {
	if e.Max == 0 {
		return fmt.Sprintf("credential: a secret of %d bytes is too long for the keyring", e.Size)
	}
	return fmt.Sprintf("credential: a secret of %d bytes is too long for the keyring, which holds %d", e.Size, e.Max)
}

// NotKeptError is a new password that let its account in and could not be kept as asked.
type NotKeptError struct {
	Account string
	Err     error // what the keyring said
}

// Error names the account.
func (e *NotKeptError) Error() string {
	return fmt.Sprintf("The new password of %s could not be kept: %v", e.Account, e.Err)
}

// Unwrap gives what the keyring said.
func (e *NotKeptError) Unwrap() error { return e.Err }
