package tenants

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"postroom/session/discovery"
	"postroom/session/endpoint"
)

// A domain is looked up as it is typed: its GUID is shown and kept, two clouds for
// one name, another cloud and an unknown domain are said.
func TestADomainIsLookedUp(t *testing.T) {
	const id = "5b1f0a52-0d3e-4d5e-9c61-7f2b9a4c1d20"
	b, q := newBook(t)
	b.Find = func(_ context.Context, domain string) (discovery.Found, error) {
		switch domain {
		case "fabrikam.example":
			return discovery.Found{ID: id, Cloud: endpoint.CloudWorldwide, Region: "EU", Also: []endpoint.Cloud{endpoint.CloudChina}}, nil
		case "gov.example":
			return discovery.Found{}, &discovery.ElsewhereError{Name: domain, Clouds: []endpoint.Cloud{endpoint.CloudGovernment}}
		}
		return discovery.Found{}, &discovery.UnknownError{Name: domain}
	}
	s := b.newSheet()
	s.show()
	for domain, words := range map[string][]string{
		"fabrikam.example": {id, "EU", "Another tenant of the same name is in: 21Vianet"},
		"gov.example":      {"another cloud", "GCC High"},
		"nobody.example":   {"No Microsoft cloud knows nobody.example"},
	} {
		s.domain.SetText("")
		test.Type(s.domain, domain)
		q.Until(t, domain, func() bool { return strings.Contains(s.who.shown.Value(), words[0]) })
		for _, word := range words {
			if !strings.Contains(s.who.shown.Value(), word) {
				t.Errorf("%s: %q lacks %q", domain, s.who.shown.Value(), word)
			}
		}
	}
	s.domain.SetText("")
	test.Type(s.domain, "fabrikam.example")
	q.Until(t, "the id", func() bool { return s.who.of("fabrikam.example") == id })
	s.save()
	q.Until(t, "the tenant", func() bool { return len(b.list.All()) == 4 })
	if kept, err := b.list.Find("fabrikam.example"); err != nil || kept.ID != id {
		t.Errorf("kept %+v, %v", kept, err)
	}
	q.Until(t, "the form", func() bool { return s.chosen == "fabrikam.example" })
	if !strings.Contains(s.who.shown.Value(), id) {
		t.Errorf("the id is not shown: %q", s.who.shown.Value())
	}
}
