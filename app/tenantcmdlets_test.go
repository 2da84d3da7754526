package app

import (
	"testing"

	"postroom/session/catalogue"
	"postroom/session/cmdlet"
	"postroom/widgets"
)

// TestTheListFollowsTheRole: what is kept of a tenant is listed as soon as it is chosen,
// and what its session says has the last word.
func TestTheListFollowsTheRole(t *testing.T) {
	a, q := connected(t)
	w := a.window
	all, key := len(w.accounts.now.cmdlets), w.accounts.now.key
	if key == "" || all < 2 {
		t.Fatalf("%d cmdlets under the key %q", all, key)
	}
	tenant := demoTenant(w, 1)
	owner := catalogue.Owner{Holder: w.accounts.now.base.Holder(), Tenant: tenant.Domain}
	poor := catalogue.Catalogue{Key: "poor", Cmdlets: []cmdlet.Cmdlet{{Name: "Get-Mailbox"}}}
	if err := w.connector.Catalogues.Save(owner, poor); err != nil {
		t.Fatal(err)
	}
	w.tenants.chosen(widgets.Item{ID: tenant.Domain})
	q.Until(t, "the kept list", func() bool { return len(w.accounts.now.cmdlets) == 1 })
	target, _ := w.opening.target()
	w.connector.Open(target)
	q.Until(t, "the session's own list", func() bool { return len(w.accounts.now.cmdlets) > 1 && w.accounts.now.key != poor.Key })
	if w.accounts.now.key == key {
		t.Errorf("two roles have one key, %q", key) // the demo's tenants have cmdlets of their own
	}
	if kept, err := w.connector.Catalogues.Load(owner); err != nil || kept.Key != w.accounts.now.key {
		t.Errorf("kept under %q: %v", kept.Key, err)
	}
}
