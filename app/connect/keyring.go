package connect

import (
	"context"
	"errors"
	"time"

	"postroom/session/credential"
	"postroom/session/holder"
)

// loadAccounts reads which accounts have a password, and of which it is refused, and then
// calls done, which may be nil.
func (c *Connector) loadAccounts(done func()) {
	overtaken := c.reading.Begin()
	c.Desk.Spawn(func() { // ends when the index is read, after keyringTime at the latest
		accounts, err := c.Vault.Accounts()
		ctx, cancel := context.WithTimeout(context.Background(), keyringTime)
		defer cancel()
		refused := map[holder.Holder]bool{}
		for _, a := range accounts {
			refused[a.Holder] = c.Access.Passwords.KeptIsRefused(ctx, a.Holder)
		}
		c.Desk.Post(func() {
			if err != nil {
				c.Desk.Problem(err)
				return
			}
			if !overtaken() {
				c.accounts, c.refused = accounts, refused
			}
			if done != nil {
				done()
			}
		})
	})
}

// keyringTime is how long to wait for a keyring that says nothing.
const keyringTime = 5 * time.Second

// checkKeyring looks whether there is a keyring, without making it ask for
// anything, and tells nil, credential.ErrLocked or why there is none.
func (c *Connector) checkKeyring(tell func(error)) {
	c.Desk.Spawn(func() { // ends after keyringTime at the latest
		ctx, cancel := context.WithTimeoutCause(credential.WithoutPrompt(context.Background()), keyringTime, &credential.UnavailableError{Reason: credential.ReasonSilent})
		defer cancel()
		_, err := c.Keyring.Get(ctx, "no such reference")
		if errors.Is(err, credential.ErrNotFound) {
			err = nil
		}
		c.Desk.Post(func() { tell(err) })
	})
}

// isSilent says that there is a keyring, and that it did not answer: it may yet.
func isSilent(err error) bool {
	var u *credential.UnavailableError
	return errors.As(err, &u) && u.Reason == credential.ReasonSilent
}
