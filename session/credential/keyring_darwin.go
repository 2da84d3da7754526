package credential

import (
	"context"
	"errors"
	"os/exec"
)

// maxSecret is what fits as base64 into the 4096 bytes of a command line that
// go-keyring hands to /usr/bin/security on its standard input, with room for
// the command and our names.
const maxSecret = 2800

// Exit statuses of /usr/bin/security: the low byte of the OSStatus.
const (
	exitInteractionNotAllowed = 36  // errSecInteractionNotAllowed, -25308
	exitAuthFailed            = 51  // errSecAuthFailed, -25293
	exitUserCanceled          = 128 // errSecUserCanceled, -128
	exitNoDefaultKeychain     = 37  // errSecNoDefaultKeychain, -25307
)

// newPrepare returns what has nothing to do: Keychain asks for itself, and do tells the
// person after a moment that it waits.
func newPrepare() prepare {
	return func(context.Context, access) error { return nil }
}

// explainSystem tells what the exit status of security says.
func explainSystem(err error) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return &UnavailableError{Err: err}
	}
	switch exit.ExitCode() {
	case exitInteractionNotAllowed:
		return ErrLocked
	case exitAuthFailed, exitUserCanceled:
		return ErrDismissed
	case exitNoDefaultKeychain:
		return &UnavailableError{Reason: ReasonNoCollection, Err: err}
	}
	return &UnavailableError{Err: err}
}
