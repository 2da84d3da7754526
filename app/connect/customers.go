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
	}, lang.L("Get tenants"))
	d.graph = done
	d.place.set(e)
	d.show()
}

// customers asks Graph. On a worker.
func (a *attempt) customers(ctx context.Context) (err error) {
	defer a.of.Desk.Post(a.waiting.hide)
	a.found, err = a.of.Access.Customers(a.awaitingKeyring(ctx), a.target, a.secret, asking{a}, func(until time.Time) {
		text := fmt.Sprintf(lang.L("waiting until %s, as Microsoft Graph requires"), until.Local().Format(time.TimeOnly))
		a.show(func() { a.progress.notice(text) })
	})
	return err
}

// graphSteps are the steps of asking Graph before any is done.
func graphSteps() []widgets.Step {
	return []widgets.Step{{Text: lang.L("Tenants from Microsoft Graph"), State: widgets.StepRunning}}
}
