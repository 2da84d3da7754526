package connect

import (
	"context"
	"errors"
	"time"

	"postroom/session/credential"
)

// loadAccounts reads which accounts have a password, and then calls done, which
// may be nil.
func (c *Connector) loadAccounts(done func()) {
	c.Desk.Spawn(func() { // ends when the index is read
		accounts, err := c.Vault.Accounts()
		c.Desk.Post(func() {
			if err != nil {
				c.Desk.Problem(err)
				return
			}
			c.accounts = accounts
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
		ctx, cancel := context.WithTimeout(credential.WithoutPrompt(context.Background()), keyringTime)
		defer cancel()
		_, err := c.Keyring.Get(ctx, "no such reference")
		if errors.Is(err, credential.ErrNotFound) {
			err = nil
		}
		c.Desk.Post(func() { tell(err) })
	})
}
