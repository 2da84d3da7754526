package app

import (
	"context"
	"slices"

	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/tenants"
	"postroom/session"
	"postroom/session/access"
	"postroom/session/endpoint"
	"postroom/session/job"
	"postroom/widgets"
)

// tenantLists are the lists of tenants, the person's own and the demo's, and what the
// window does when one of them is chosen or edited.
type tenantLists struct {
	desk      *desk.Desk
	accounts  *accounts
	kept      *endpoint.Tenants // the person's own, as files
	directory *endpoint.Directory
	find      func(context.Context, session.Target) (string, error) // the GUID of its tenant
	demo      func() *demoPlace                                     // nil while none runs
	roles     *roles
	changed   func()                // the tenant that is chosen has
	follow    func(endpoint.Tenant) // another one is chosen
	own       *tenants.Book
}

// of is the list that an endpoint's tenants are chosen from: those of the
// demo are made up, and kept apart.
func (l *tenantLists) of(e endpoint.Endpoint) *tenants.Book {
	if demo := l.demo(); demo != nil && (e.Kind == endpoint.KindDemo || demo.At(e.URL)) {
		return demo.book
	}
	return l.own
}

// marks knows for which tenants the person lets nothing be changed where a target leads.
func (l *tenantLists) marks(t session.Target) job.Marks {
	list := l.kept
	if demo := l.demo(); demo != nil && l.of(t.Endpoint) == demo.book {
		list = demo.Tenants
	}
	return access.Marks{Tenants: list, Directory: l.directory, Find: l.find}
}

// tellLost says that one of the person's lists could not be read, as long as they have not
// confirmed them: until then nothing is changed.
func (l *tenantLists) tellLost() {
	err := access.Lost(l.kept, l.directory)
	if err == nil {
		return
	}
	l.desk.Post(func() {
		l.desk.Problem(err, widgets.Action{Label: lang.L("Tenants ..."), OnTapped: l.own.ShowSheet})
	})
}

// current is the list of the account that is signed in.
func (l *tenantLists) current() *tenants.Book {
	if c := l.accounts.now; c != nil {
		return l.of(c.base.Endpoint)
	}
	return l.own
}

// reached are the ways to the tenants of the account that is signed in, the chosen one
// first; none where nobody is.
func (l *tenantLists) reached() []session.Target {
	c := l.accounts.now
	if c == nil {
		return nil
	}
	list := []endpoint.Tenant{c.tenant}
	if c.base.Endpoint.Delegation {
		list = append(list, l.current().All()...)
	}
	if c.base.Method() != endpoint.AuthApp { // which has no tenant of its own
		list = append(list, endpoint.Tenant{})
	}
	var targets []session.Target
	for i, t := range list {
		if slices.ContainsFunc(list[:i], func(before endpoint.Tenant) bool { return before.Domain == t.Domain }) {
			continue
		}
		target := c.base
		target.Tenant = t
		targets = append(targets, target)
	}
	return targets
}

func (l *tenantLists) search(text string) []widgets.Item { return l.current().Search(text) }

// chosen makes further forms go to another tenant. It touches no session
// and no form that is open: where one is open for another tenant, the same
// cmdlet gets a form of its own.
func (l *tenantLists) chosen(i widgets.Item) {
	c := l.accounts.now
	if c == nil {
		return
	}
	c.tenant = l.current().Of(i.ID)
	l.current().Use(c.tenant)
	l.changed()
	l.follow(c.tenant)
	l.roles.of(c.tenant)
}

// edited takes over the name and the colour of a tenant that is in use.
func (l *tenantLists) edited(t endpoint.Tenant) {
	if c := l.accounts.now; c != nil && c.tenant.Domain == t.Domain {
		c.tenant = t
		l.changed()
	}
}
