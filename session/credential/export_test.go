package credential

import (
	"context"
	"time"
)

// Backend lets a test stand in for go-keyring.
type Backend = backend

// NewKeyringOver makes a Keyring without the system's.
func NewKeyringOver(b Backend, prepare func(ctx context.Context, mayPrompt bool, waiting func()) error) *Keyring {
	return newKeyring("postroom-test", b, func(ctx context.Context, want access) error { return prepare(ctx, want.mayPrompt, want.waiting) })
}

// TellOfPromptsAlone lets only an open prompt be told as waiting: on a busy machine an
// operation takes longer than waitGrace before it has come to the prompt.
func (k *Keyring) TellOfPromptsAlone() { k.grace = time.Hour }
