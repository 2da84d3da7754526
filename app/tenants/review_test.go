package tenants

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"postroom/app/desktest"
	"postroom/session/endpoint"
	"postroom/session/partner"
)

// What Graph offers is looked through before it is taken in: new ones and missing ids
// are ticked, duplicates are told, and what is there keeps its name and colour.
func TestTenantsFromMicrosoft365AreLookedThrough(t *testing.T) {
	const a, b, c, d = "22222222-0d3e-4d5e-9c61-7f2b9a4c1d20", "33333333-0d3e-4d5e-9c61-7f2b9a4c1d20", "44444444-0d3e-4d5e-9c61-7f2b9a4c1d20", "55555555-0d3e-4d5e-9c61-7f2b9a4c1d20"
	book, q := newBook(t)
	if err := book.list.Identify(t.Context(), "contoso.example", c); err != nil {
		t.Fatal(err)
	}
	before, _ := book.list.Find("alpenhof.example")
	book.Partners = func(done func(partner.Found)) {
		done(partner.Found{
			Tenants: []endpoint.Tenant{
				{ID: a, Name: "Alpenhof GmbH", Domain: "alpenhof.example"},
				{ID: b, Name: "Fabrikam", Domain: "fabrikam.example"},
				{ID: c, Name: "Contoso", Domain: "contoso-mail.example"},
				{ID: d, Name: "Nameless"},
				{ID: "66666666-0d3e-4d5e-9c61-7f2b9a4c1d20", Name: "Weingut", Domain: "weingut.example"},
			},
			Refused: []error{&partner.RefusedError{What: "contracts", Status: 403}},
		})
	}
	s := book.newSheet()
	s.show()
	known := len(book.list.All())
	button := desktest.Buttons(book.desk)["Import from Microsoft 365 ..."]
	if button == nil {
		t.Fatal("the import is not offered")
	}
	book.desk.Focus(button)
	desktest.Type(book.desk, fyne.KeySpace)
	text := desktest.Text(book.desk)
	for _, said := range []string{"3 of 5 found", "Alpenhof GmbH  alpenhof.example · in the list; its ID will be added", "already in the list as contoso.example", "Nameless · its domain is not known", "may be incomplete", "an administrator of the partner"} {
		if !strings.Contains(text, said) {
			t.Errorf("it does not say %q:\n%s", said, text)
		}
	}
	desktest.Shot(t, book.desk, "tenants-from-graph")
	if len(book.list.All()) != known {
		t.Fatal("something was taken in before it was looked through")
	}
	if book.desk.Window.Canvas().Focused() == nil {
		t.Error("nothing has the keyboard")
	}
	desktest.Press(t, book.desk, "Tick none")
	if take := desktest.Buttons(book.desk)["Add"]; take == nil || !take.Disabled() {
		t.Error("nothing can be taken in")
	}
	desktest.Press(t, book.desk, "Tick all")
	book.desk.Focus(desktest.Buttons(book.desk)["Add"])
	desktest.Type(book.desk, fyne.KeySpace)
	q.Until(t, "the tenants", func() bool { return len(book.list.All()) == known+2 && s.report.Visible() })
	after, _ := book.list.Find("alpenhof.example")
	if after.ID != a || after.Name != before.Name || after.Color != before.Color {
		t.Errorf("%+v became %+v", before, after)
	}
	if x, err := book.list.Find("fabrikam.example"); err != nil || x.ID != b || x.Name != "Fabrikam" || x.Color == "" {
		t.Errorf("%+v, %v", x, err)
	}
	if !strings.HasPrefix(s.report.Value(), "2 added, 1 changed") {
		t.Errorf("it says %q", s.report.Value())
	}
}

// Without a way to Graph nothing is offered.
func TestWithoutMicrosoft365NothingIsOffered(t *testing.T) {
	book, _ := newBook(t)
	book.newSheet().show()
	if desktest.Buttons(book.desk)["Import from Microsoft 365 ..."] != nil {
		t.Error("the import is offered")
	}
}

// A GUID that was found while connecting is noted of a tenant that is in the list.
func TestTheBookLearns(t *testing.T) {
	const a = "22222222-0d3e-4d5e-9c61-7f2b9a4c1d20"
	book, q := newBook(t)
	var changed []endpoint.Tenant
	book.OnChanged = func(x endpoint.Tenant) { changed = append(changed, x) }
	book.Learn(endpoint.Tenant{Domain: "alpenhof.example"}, a)
	book.Learn(endpoint.Tenant{Domain: "nobody.example"}, a)
	q.Until(t, "the id", func() bool { return len(changed) == 1 })
	if kept, err := book.list.Find("alpenhof.example"); err != nil || kept.ID != a || changed[0].ID != a || len(book.list.All()) != 3 {
		t.Errorf("%+v, %v", kept, err)
	}
}
