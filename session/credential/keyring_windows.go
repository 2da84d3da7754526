package credential

import (
	"context"
	"errors"

	"golang.org/x/sys/windows"
)

// maxSecret is CRED_MAX_CREDENTIAL_BLOB_SIZE, 5 * 512 bytes.
const maxSecret = 2560

// newPrepare returns what has nothing to do: Credential Manager opens with the logon.
func newPrepare() prepare {
	return func(context.Context, access) error { return nil }
}

// explainSystem tells what an error of the Cred* functions says.
func explainSystem(err error) error {
	if errors.Is(err, windows.ERROR_NO_SUCH_LOGON_SESSION) {
		return &UnavailableError{Reason: ReasonNoLogon, Err: err}
	}
	return &UnavailableError{Err: err}
}
