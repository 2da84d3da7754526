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
	dialog *Dialog
	a      *attempt
}

// Browser opens the sign-in page, in the demo that of the dialog.
func (f asking) Browser(ctx context.Context, address string, again func()) error {
	d, demo := f.dialog, f.dialog.of.Window.Demo()
	d.modern.waiting.ticking(ctx)
	if !f.a.demo {
		d.of.Desk.Post(func() {
			if ctx.Err() == nil {
				d.modern.waiting.browser(address, again)
			}
		})
		return d.of.openPage(address)
	}
	account := f.a.target.Account
	if account == "" {
		account = demo.Server.Account()
	}
	d.of.Desk.Post(func() {
		if ctx.Err() == nil {
			d.modern.waiting.demo(account, address, func() { d.onPage(func() error { return demo.Visit(ctx, address, account) }) })
		}
	})
	return nil
}

// Device shows the code.
func (f asking) Device(ctx context.Context, c signin.DeviceCode) {
	d, demo, account := f.dialog, f.dialog.of.Window.Demo(), f.a.target.Account
	d.modern.waiting.ticking(ctx)
	open, label := func() error { return d.of.openPage(c.Address) }, lang.L("Open the page")
	if f.a.demo {
		label = lang.L("Enter the code for me")
		open = func() error { return demo.EnterCode(ctx, c.Address, c.Code, account) }
	}
	d.of.Desk.Post(func() {
		if ctx.Err() == nil {
			d.modern.waiting.device(c, label, func() { d.onPage(open) })
		}
	})
}

// onPage does what opens a page, or stands for one, on a worker.
func (d *Dialog) onPage(do func() error) {
	d.of.Desk.Spawn(func() { // ends when the page has answered, or with the attempt
		if err := do(); err != nil {
			d.of.Desk.Post(func() {
				if d.stop != nil {
					d.showProblem(err)
				}
			})
		}
	})
}

// authorize gets a token for a target of the REST door, and fills in the tenant's
// GUID and who signed in. On a worker.
func (d *Dialog) authorize(ctx context.Context, a *attempt) (err error) {
	defer d.of.Desk.Post(func() { d.modern.waiting.hide() })
	a.target, err = d.of.Access.Get(ctx, a.target, a.secret, asking{d, a})
	return err
}

// roots may sign the certificates of an endpoint's servers; the demo has its own.
func (d *Dialog) roots(e endpoint.Endpoint) *x509.CertPool {
	if running := d.of.Window.Demo(); running.At(e.URL) {
		return running.Server.RootCAs()
	}
	return d.of.Roots
}
