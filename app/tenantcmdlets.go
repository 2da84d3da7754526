package app

import (
	"context"
	"errors"

	"postroom/app/desk"
	"postroom/session"
	"postroom/session/catalogue"
	"postroom/session/endpoint"
)

// roles differ from tenant to tenant, and so does what the list at the side has to offer.
type roles struct {
	desk     *desk.Desk
	accounts *accounts
	kept     *catalogue.Store
	key      func(session.ID) string // of what a session may run; "" where the server has none
	mayRun   func(context.Context, session.ID, session.Target) (catalogue.Catalogue, error)
	changed  func()                // what may be run has
	asking   map[session.ID]string // keys of the sets of cmdlets that were asked for
}

// of lists what is kept of a tenant, where something is. What its session says has
// the last word, see ask.
func (r *roles) of(tenant endpoint.Tenant) {
	store, c := r.kept, r.accounts.now
	owner, listed := catalogue.Owner{Holder: c.base.Holder(), Tenant: tenant.Domain}, c.key
	r.desk.Spawn(func() { // ends when the file is read
		kept, err := store.Load(owner)
		r.desk.Post(func() {
			if err == nil {
				if r.accounts.now == c && c.key == listed { // else a session has said more meanwhile
					r.take(owner, kept)
				}
			} else if !errors.Is(err, catalogue.ErrNone) {
				r.desk.Problem(err)
			}
		})
	})
}

// ask asks a session that has become idle what may be run for its tenant, where the
// server's key says that it is something else than what is listed. It is behind the
// person's back: what goes wrong leaves the list as it is.
func (r *roles) ask(i session.Info) {
	c := r.accounts.now
	if c == nil || i.Tenant.Domain != c.tenant.Domain || i.Holder != c.base.Holder() {
		return
	}
	key := r.key(i.ID)
	if key == "" || key == c.key || r.asking[i.ID] == key {
		return
	}
	r.asking[i.ID] = key // once for each session and key
	target := c.base
	target.Tenant = i.Tenant
	owner := catalogue.Owner{Holder: i.Holder, Tenant: i.Tenant.Domain}
	r.desk.Spawn(func() { // ends with the answer, or with the session
		may, err := r.mayRun(context.Background(), i.ID, target)
		r.desk.Post(func() {
			if err == nil {
				r.take(owner, may)
			}
		})
	})
}

// take lists what may be run for a tenant, if it is still the one that is chosen.
func (r *roles) take(owner catalogue.Owner, may catalogue.Catalogue) {
	c := r.accounts.now
	if c == nil || c.base.Holder() != owner.Holder || c.tenant.Domain != owner.Tenant {
		return
	}
	c.may(may)
	r.changed()
}
