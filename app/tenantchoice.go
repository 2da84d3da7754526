package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/endpoint"
	"postroom/widgets"
)

// tenantItem is a tenant as a picker shows it.
func tenantItem(t endpoint.Tenant) widgets.Item {
	if t.IsZero() {
		return widgets.Item{ID: "", Title: lang.L("Own organisation")}
	}
	return widgets.Item{
		ID: t.Domain, Title: t.Name, Detail: endpoint.DisplayDomain(t.Domain),
		Color: words.TenantColor(t), Pinned: t.Pinned,
	}
}

// searchTenants lists the tenants that match, the own organisation first. A
// domain that is not known yet can be chosen too.
func (w *mainWindow) searchTenants(text string) []widgets.Item {
	var items []widgets.Item
	if strings.TrimSpace(text) == "" {
		items = append(items, tenantItem(endpoint.Tenant{}))
	}
	domain, err := endpoint.ParseDomain(text)
	isNew := err == nil
	for _, t := range w.app.tenants.Search(text) {
		item := tenantItem(t)
		if strings.TrimSpace(text) == "" {
			item.Group = tenantGroup(t)
		}
		items = append(items, item)
		isNew = isNew && t.Domain != domain
	}
	if isNew {
		items = append(items, widgets.Item{ID: domain, Title: endpoint.DisplayDomain(domain), Detail: lang.L("another customer")})
	}
	return items
}

// tenantGroup is the heading in the list of all: those pinned come first, then
// those used last.
func tenantGroup(t endpoint.Tenant) string {
	switch {
	case t.Pinned:
		return lang.L("Pinned")
	case !t.LastUsed.IsZero():
		return lang.L("Recent")
	}
	return lang.L("All tenants")
}

// tenantChosen makes further runs go to another tenant. It touches no session
// that is open: the next run opens, or picks, the one of that tenant.
func (w *mainWindow) tenantChosen(i widgets.Item) {
	if w.connection == nil {
		return
	}
	w.connection.tenant = w.tenantOf(i.ID)
	w.connectionChanged()
	w.useTenant(w.connection.tenant)
}

// tenantOf is the tenant of a domain, known or not.
func (w *mainWindow) tenantOf(domain string) endpoint.Tenant {
	if domain == "" {
		return endpoint.Tenant{}
	}
	t, err := w.app.tenants.Find(domain)
	if err != nil { // not known yet: useTenant adds it
		t = endpoint.Tenant{Name: endpoint.DisplayDomain(domain), Domain: domain}
	}
	return t
}

// useTenant notes that a tenant was used, and adds it if it was not known: the
// next time it is found as one types.
func (w *mainWindow) useTenant(t endpoint.Tenant) {
	if t.IsZero() {
		return
	}
	w.app.spawn(func() { // ends when the file is written
		err := w.app.tenants.Used(context.Background(), t.Domain, time.Now())
		if errors.Is(err, endpoint.ErrUnknownTenant) {
			var kept endpoint.Tenant
			if kept, err = w.app.tenants.Add(context.Background(), t); err == nil {
				w.post(func() { w.tenantKept(kept) })
			}
		}
		if err != nil {
			w.post(func() { w.desk.Problem(err) })
		}
	})
}

// tenantKept takes over the colour that a new tenant was given.
func (w *mainWindow) tenantKept(t endpoint.Tenant) {
	if w.connection != nil && w.connection.tenant.Domain == t.Domain {
		w.connection.tenant = t
		w.connectionChanged()
	}
}

// addTenants adds those that are not known and gives all as they are kept. Not
// on the UI thread.
func (w *mainWindow) addTenants(tenants []endpoint.Tenant) ([]endpoint.Tenant, error) {
	kept := make([]endpoint.Tenant, len(tenants))
	for i, t := range tenants {
		var err error
		kept[i], err = w.app.tenants.Add(context.Background(), t)
		if errors.Is(err, endpoint.ErrDuplicateTenant) {
			kept[i], err = w.app.tenants.Find(t.Domain)
		}
		if err != nil {
			return nil, err
		}
	}
	return kept, nil
}
