package app

import (
	"context"
	"errors"

	"postroom/session"
	"postroom/session/catalogue"
	"postroom/session/endpoint"
)

// The part of the window that is about roles: they differ from tenant to tenant, and so
// does what the list at the side has to offer.

// cmdletsOf lists what is kept of a tenant, where something is. What its session says has
// the last word, see askCmdlets.
func (w *mainWindow) cmdletsOf(tenant endpoint.Tenant) {
	store, owner := w.connector.Catalogues, catalogue.Owner{Holder: w.accounts.now.base.Holder(), Tenant: tenant.Domain}
	w.desk.Spawn(func() { // ends when the file is read
		kept, err := store.Load(owner)
		w.desk.Post(func() {
			if err == nil {
				w.takeCmdlets(owner, kept)
			} else if !errors.Is(err, catalogue.ErrNone) {
				w.desk.Problem(err)
			}
		})
	})
}

// askCmdlets asks a session that has become idle what may be run for its tenant, where the
// server's key says that it is something else than what is listed. It is behind the
// person's back: what goes wrong leaves the list as it is.
func (w *mainWindow) askCmdlets(i session.Info) {
	c := w.accounts.now
	if c == nil || i.Tenant.Domain != c.tenant.Domain || i.Holder != c.base.Holder() {
		return
	}
	key := w.app.manager.CommandsKey(i.ID)
	if key == "" || key == c.key || w.asking[i.ID] == key {
		return
	}
	w.asking[i.ID] = key // once for each session and key
	target := c.base
	target.Tenant = i.Tenant
	owner := catalogue.Owner{Holder: i.Holder, Tenant: i.Tenant.Domain}
	w.desk.Spawn(func() { // ends with the answer, or with the session
		may, err := w.connector.MayRun(context.Background(), i.ID, target)
		w.desk.Post(func() {
			if err == nil {
				w.takeCmdlets(owner, may)
			}
		})
	})
}

// takeCmdlets lists what may be run for a tenant, if it is still the one that is chosen.
func (w *mainWindow) takeCmdlets(owner catalogue.Owner, may catalogue.Catalogue) {
	c := w.accounts.now
	if c == nil || c.base.Holder() != owner.Holder || c.tenant.Domain != owner.Tenant {
		return
	}
	c.may(may)
	w.findCmdlets()
	w.connectionChanged()
}
