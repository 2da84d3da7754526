package app

import (
	"context"
	"testing"

	"postroom/app/desk"
	"postroom/session"
	"postroom/session/catalogue"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/widgets"
)

// TestTheSessionHasTheLastWord: what is kept of a tenant is read from a file, and comes after
// what its session says where the disk is slow.
func TestTheSessionHasTheLastWord(t *testing.T) {
	anna := session.Target{Endpoint: endpoint.Endpoint{URL: "https://mail.contoso.example/PowerShell/"}, Account: "anna@contoso.example"}
	tenant := endpoint.Tenant{Domain: "alpenhof.example"}
	store := catalogue.At(t.TempDir())
	if err := store.Save(catalogue.Owner{Holder: anna.Holder(), Tenant: tenant.Domain}, catalogue.Catalogue{Key: "kept"}); err != nil {
		t.Fatal(err)
	}
	for name, order := range map[string][2]int{"kept first": {0, 1}, "kept last": {1, 0}} {
		var workers []func()
		r := &roles{
			desk:     &desk.Desk{Post: func(f func()) { f() }, Spawn: func(f func()) { workers = append(workers, f) }},
			accounts: &accounts{now: &connection{base: anna, tenant: tenant}}, kept: store, changed: func() {}, asking: map[session.ID]string{},
			key: func(session.ID) string { return "said" },
			mayRun: func(context.Context, session.ID, session.Target) (catalogue.Catalogue, error) {
				return catalogue.Catalogue{Key: "said", Cmdlets: []cmdlet.Cmdlet{{Name: "Get-Mailbox"}}}, nil
			},
		}
		r.of(tenant)
		r.ask(session.Info{ID: 1, Holder: anna.Holder(), Tenant: tenant})
		for _, n := range order {
			workers[n]()
		}
		if c := r.accounts.now; c.key != "said" || len(c.cmdlets) != 1 {
			t.Errorf("%s: %d cmdlets of %q are listed", name, len(c.cmdlets), c.key)
		}
	}
}

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
