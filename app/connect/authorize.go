package connect

import (
	"context"
	"crypto/x509"

	"fyne.io/fyne/v2/lang"

	"postroom/session/endpoint"
	"postroom/session/signin"
)

// asking lets the person sign in, in the dialog.
type asking struct {
	*attempt
}

// Browser opens the sign-in page, in the demo that of the dialog.
func (f asking) Browser(ctx context.Context, address string, again func()) error {
	demo := f.of.Window.Demo()
	f.waiting.ticking(ctx)
	if !f.demo {
		f.of.Desk.Post(func() {
			if ctx.Err() == nil {
				f.waiting.browser(address, again)
			}
		})
		return f.of.openPage(address)
	}
	account := f.target.Account
	if account == "" {
		account = demo.Server.Account()
	}
	f.of.Desk.Post(func() {
		if ctx.Err() == nil {
			f.waiting.demo(account, address, func() { f.onPage(func() error { return demo.Visit(ctx, address, account) }) })
		}
	})
	return nil
}

// Device shows the code.
func (f asking) Device(ctx context.Context, c signin.DeviceCode) {
	demo, account := f.of.Window.Demo(), f.target.Account
	f.waiting.ticking(ctx)
	open, label := func() error { return f.of.openPage(c.Address) }, lang.L("Open the page")
	if f.demo {
		label = lang.L("Enter the code for me")
		open = func() error { return demo.EnterCode(ctx, c.Address, c.Code, account) }
	}
	f.of.Desk.Post(func() {
		if ctx.Err() == nil {
			f.waiting.device(c, label, func() { f.onPage(open) })
		}
	})
}

// onPage does what opens a page, or stands for one, on a worker.
func (a *attempt) onPage(do func() error) {
	a.of.Desk.Spawn(func() { // ends when the page has answered, or with the attempt
		if err := do(); err != nil {
			a.show(func() { a.problem(err) })
		}
	})
}

// authorize gets a token for a target of the REST door, and fills in the tenant's
// GUID and who signed in. On a worker.
func (a *attempt) authorize(ctx context.Context) (err error) {
	defer a.of.Desk.Post(a.waiting.hide)
	a.target, err = a.of.Access.Get(ctx, a.target, a.secret, asking{a})
	return err
}

// roots may sign the certificates of an endpoint's servers; the demo has its own.
func (c *Connector) roots(e endpoint.Endpoint) *x509.CertPool {
	if running := c.Window.Demo(); running.At(e.URL) {
		return running.Server.RootCAs()
	}
	return c.Roots
}
