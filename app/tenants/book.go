// Package tenants is the window's list of tenants: how they are offered and
// searched, and the sheet in which a person keeps them in order. What a tenant
// is, and the file of them, is session/endpoint's.
package tenants

import (
	"context"
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/saving"
	"postroom/app/words"
	"postroom/session/discovery"
	"postroom/session/endpoint"
	"postroom/session/partner"
	"postroom/widgets"
)

// Book is a list of tenants as the window offers it: the person's own, or the
// demo's. UI thread only.
type Book struct {
	// OnChanged hears of a tenant that was added, or whose name or colour has
	// changed.
	OnChanged func(endpoint.Tenant)
	// Find finds the tenant of a domain in the clouds; nil asks nobody. It is called
	// on workers.
	Find func(ctx context.Context, domain string) (discovery.Found, error)

	// Partners asks the person to sign in, and Microsoft 365 for the tenants that they
	// look after as a partner; done is called on the UI thread. nil offers it nowhere.
	Partners func(done func(partner.Found))

	// Lost tells that one of the person's lists could not be read, and Confirm takes their
	// word that the lists are right as they are. They are called on workers; nil for a list
	// that is not theirs.
	Lost    func() error
	Confirm func(context.Context) error

	desk  *desk.Desk
	list  *endpoint.Tenants
	saver *saving.Saver
}

// NewBook returns the book over a list.
func NewBook(d *desk.Desk, list *endpoint.Tenants, saver *saving.Saver) *Book {
	return &Book{desk: d, list: list, saver: saver}
}

// All gives the tenants of the list.
func (b *Book) All() []endpoint.Tenant { return b.list.All() }

// Item is a tenant as a picker shows it. The zero tenant is the account's own.
func Item(t endpoint.Tenant) widgets.Item {
	if t.IsZero() {
		return widgets.Item{ID: "", Title: lang.L("Own tenant")}
	}
	detail := endpoint.DisplayDomain(t.Domain)
	if t.Domain == t.ID { // its GUID is all that is known, and its name
		detail = ""
	}
	return widgets.Item{
		ID: t.Domain, Title: t.Name, Detail: detail,
		Color: words.TenantColor(t), Pinned: t.Pinned,
	}
}

// Search lists the tenants that match, the account's own first: it is found by
// its name, and by what else people call it. A domain that is not known yet can
// be chosen too.
func (b *Book) Search(text string) []widgets.Item {
	var items []widgets.Item
	wanted := strings.TrimSpace(text)
	own := Item(endpoint.Tenant{})
	if words.Contains(own.Title+" "+lang.L("my own organisation"), wanted) {
		items = append(items, own)
	}
	domain, err := endpoint.ParseDomain(text)
	isNew := err == nil
	for _, t := range b.list.Search(text) {
		item := Item(t)
		if wanted == "" {
			item.Group = group(t)
		}
		items = append(items, item)
		isNew = isNew && t.Domain != domain
	}
	if isNew {
		items = append(items, widgets.Item{ID: domain, Title: endpoint.DisplayDomain(domain), Detail: lang.L("another tenant")})
	}
	return items
}

// group is the heading in the list of all: those pinned come first, then those
// used last.
func group(t endpoint.Tenant) string {
	switch {
	case t.Pinned:
		return lang.L("Pinned")
	case !t.LastUsed.IsZero():
		return lang.L("Recent")
	}
	return lang.L("All tenants")
}

// Of is the tenant of a domain, known or not; the zero tenant for none.
func (b *Book) Of(domain string) endpoint.Tenant {
	if domain == "" {
		return endpoint.Tenant{}
	}
	if id, ok := endpoint.ParseTenantID(domain); ok {
		t := endpoint.Tenant{Name: id, Domain: id, ID: id}
		if kept, known := b.list.Known(t); known {
			return kept
		}
		return t
	}
	t, err := b.list.Find(domain)
	if err != nil { // not known yet: Use adds it
		t = endpoint.Tenant{Name: endpoint.DisplayDomain(domain), Domain: domain}
	}
	return t
}

// Use notes that a tenant was used, and adds it if it was not known: the next
// time it is found as one types. The list is of domains: a tenant of which the GUID alone is
// known is not added.
func (b *Book) Use(t endpoint.Tenant) {
	if t.IsZero() || t.Domain == t.ID {
		return
	}
	b.desk.Spawn(func() { // ends when the file is written
		err := b.list.Used(context.Background(), t.Domain, time.Now())
		if errors.Is(err, endpoint.ErrUnknownTenant) {
			var kept endpoint.Tenant
			if kept, err = b.list.Add(context.Background(), t); err == nil {
				b.desk.Post(func() { b.changed(kept) })
			}
		}
		if err != nil {
			b.desk.Post(func() { b.desk.Problem(err) })
		}
	})
}

func (b *Book) changed(t endpoint.Tenant) {
	if b.OnChanged != nil {
		b.OnChanged(t)
	}
}

// Learn notes the GUID of a tenant that was found while connecting, where the tenant is
// in the list without one.
func (b *Book) Learn(t endpoint.Tenant, id string) {
	kept, ok := b.list.Known(t)
	if !ok || kept.ID != "" || id == "" {
		return
	}
	b.desk.Spawn(func() { // ends when the file is written
		err := b.list.Learn(context.Background(), t, id)
		b.desk.Post(func() {
			if err != nil {
				b.desk.Problem(err)
				return
			}
			if now, ok := b.list.Known(t); ok {
				b.changed(now)
			}
		})
	})
}
