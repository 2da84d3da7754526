package connect

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/session/endpoint"
	"postroom/session/partner"
	"postroom/widgets"
)

// Customers lets the person sign in at an endpoint of the REST door for Microsoft Graph,
// and calls done with the tenants that they look after as a partner. No session is
// opened; the account and the tenant that are chosen stay.
func (c *Connector) Customers(e endpoint.Endpoint, done func(partner.Found)) {
	if d := c.dialog; d != nil && d.sheet.Shown() {
		return // one at a time
	}
	d := c.newDialogOf(widgets.SheetSpec{
		Title:       lang.L("Tenants from Microsoft 365"),
		Explanation: lang.L("Sign in as a partner. Microsoft Graph then lists the tenants you manage, if an administrator of the partner has consented."),
	}, lang.L("Get the tenants"))
	d.graph = done
	d.place.set(e)
	d.show()
}

// customers asks Graph. On a worker.
func (d *Dialog) customers(ctx context.Context, a *attempt) (err error) {
	defer d.of.Desk.Post(func() { d.modern.waiting.hide() })
	a.found, err = d.of.Access.Customers(d.awaitingKeyring(ctx), a.target, a.secret, asking{d, a}, func(until time.Time) {
		d.of.Desk.Post(func() {
			if d.stop != nil {
				d.progress.notice(fmt.Sprintf(lang.L("waiting until %s, as Microsoft Graph requires"), until.Local().Format(time.TimeOnly)))
			}
		})
	})
	return err
}

// graphSteps are the steps of asking Graph before any is done.
func graphSteps() []widgets.Step {
	return []widgets.Step{{Text: lang.L("Tenants from Microsoft Graph"), State: widgets.StepRunning}}
}
