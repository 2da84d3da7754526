package endpoint

import (
	"os"
	"path/filepath"
	"testing"
)

// What is offered is compared by GUID and domain; what is taken in leaves names,
// colours and GUIDs of known tenants as they are.
func TestOffersAreTakenIn(t *testing.T) {
	const a, b, c, d = "22222222-0d3e-4d5e-9c61-7f2b9a4c1d20", "33333333-0d3e-4d5e-9c61-7f2b9a4c1d20", "44444444-0d3e-4d5e-9c61-7f2b9a4c1d20", "55555555-0d3e-4d5e-9c61-7f2b9a4c1d20"
	path := filepath.Join(t.TempDir(), "tenants.json")
	list, err := OpenTenants(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []Tenant{
		{Domain: "alpha.example", ID: a, Name: "Ours", Color: "#7b1fa2"},
		{Domain: "beta.example", Name: "Beta by us", Color: "#0b57d0", Tags: []string{"x"}},
		{Domain: "gamma.example", ID: c},
	} {
		if _, err := list.Add(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	offered := []Tenant{
		{Domain: "Alpha.example", ID: a, Name: "Alpha"},
		{Domain: "beta.example", ID: b, Name: "Beta"},
		{Domain: "other.example", ID: c, Name: "Gamma"},
		{Domain: "alpha.example", ID: a, Name: "again"},
		{ID: "66666666-0d3e-4d5e-9c61-7f2b9a4c1d20", Name: "no domain"},
		{Domain: "delta.example", ID: d, Name: "Delta"},
	}
	offers := list.Offers(offered)
	want := []OfferState{OfferKnown, OfferUnnamed, OfferElsewhere, OfferNoDomain, OfferNew}
	if len(offers) != len(want) {
		t.Fatalf("%+v", offers)
	}
	for i, o := range offers {
		if o.State != want[i] || o.Useful() != (want[i] == OfferNew || want[i] == OfferUnnamed) {
			t.Errorf("%s: %d", o.Tenant.Name, o.State)
		}
	}
	if o := list.Offers([]Tenant{{Domain: "gamma.example", ID: d}})[0]; o.State != OfferOther || o.Known.ID != c {
		t.Errorf("%+v", o)
	}
	done, err := list.Take(t.Context(), append(offered, Tenant{Domain: "gamma.example", ID: a}))
	if err != nil || len(done.Added) != 1 || len(done.Changed) != 1 || done.Unchanged != 4 {
		t.Errorf("%+v, %v", done, err)
	}
	again, err := OpenTenants(path)
	if err != nil {
		t.Fatal(err)
	}
	for domain, want := range map[string]Tenant{
		"alpha.example": {ID: a, Name: "Ours", Color: "#7b1fa2"}, "beta.example": {ID: b, Name: "Beta by us", Color: "#0b57d0"}, "delta.example": {ID: d, Name: "Delta"}, "gamma.example": {ID: c, Name: "gamma.example"},
	} {
		kept, err := again.Find(domain)
		if err != nil || kept.ID != want.ID || kept.Name != want.Name || kept.Color == "" || want.Color != "" && kept.Color != want.Color {
			t.Errorf("%s: %+v, %v", domain, kept, err)
		}
	}
	if all := again.All(); len(all) != 4 {
		t.Errorf("%+v", all)
	}
}

// A GUID that was found is noted where the tenant is in the list and has none.
func TestAGUIDIsLearned(t *testing.T) {
	const a, b = "22222222-0d3e-4d5e-9c61-7f2b9a4c1d20", "33333333-0d3e-4d5e-9c61-7f2b9a4c1d20"
	path := filepath.Join(t.TempDir(), "tenants.json")
	list, err := OpenTenants(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := list.Learn(t.Context(), Tenant{Domain: "alpha.example"}, a); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a tenant that is not in the list is written")
	}
	if _, err := list.Add(t.Context(), Tenant{Domain: "alpha.example"}); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"", a, b} { // the first that is known stays
		if err := list.Learn(t.Context(), Tenant{Domain: "alpha.example"}, id); err != nil {
			t.Error(err)
		}
	}
	if kept, _ := list.Find("alpha.example"); kept.ID != a {
		t.Errorf("%+v", kept)
	}
}
