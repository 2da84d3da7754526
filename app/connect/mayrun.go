package connect

import (
	"context"
	"errors"
	"fmt"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/catalogue"
	"postroom/session/cmdlet"
)

// tellEvery is how often the number of cmdlets that came is shown.
const tellEvery = 100 * time.Millisecond

// MayRun gives what the account of an open session may run for the target's tenant: what
// is kept under the server's key, else what the server says, which is kept then. On a
// worker.
func (c *Connector) MayRun(ctx context.Context, id session.ID, t session.Target) (catalogue.Catalogue, error) {
	owner := catalogue.Owner{Holder: t.Holder(), Tenant: t.Tenant.Domain}
	may, err := c.Catalogues.Of(ctx, owner, c.Manager.CommandsKey(id), func(ctx context.Context) ([]cmdlet.Cmdlet, error) {
		return c.Manager.Commands(ctx, id)
	})
	if notKept, ok := errors.AsType[*catalogue.NotKeptError](err); ok {
		c.Desk.Post(func() { c.Desk.Problem(notKept) }) // the next start asks again
		err = nil
	}
	return may, err
}

// counting shows how many cmdlets have come, while the dialog waits for them.
func (a *attempt) counting(ctx context.Context) context.Context {
	var told time.Time
	return session.NotifyCommands(ctx, func(came, all int) {
		now := time.Now()
		if now.Sub(told) < tellEvery {
			return
		}
		told = now
		text := words.Number(came)
		if all > 0 {
			text = fmt.Sprintf(lang.L("%s of %s"), words.Number(came), words.Number(all))
		}
		a.show(func() { a.progress.notice(text) })
	})
}
