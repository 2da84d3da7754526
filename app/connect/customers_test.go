package connect

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"postroom/app/desktest"
	"postroom/session/partner"
	"postroom/session/simulator"
)

// A partner signs in for Graph by the keyboard and gets the tenants, with their GUIDs
// and domains; no session is opened, and only places that lead to a Graph are offered.
func TestTheTenantsOfAPartner(t *testing.T) {
	w, q := withDemo(t)
	var found *partner.Found
	w.Customers(w.demo.Online, func(f partner.Found) { found = &f })
	d := w.dialog
	q.Drain()
	if d.fields[fieldTenant].row.Visible() || !d.fields[fieldApp].row.Visible() || d.test.Visible() {
		t.Error("the fields are not those of a list")
	}
	for _, i := range d.place.search("") {
		if i.ID == w.demo.Endpoint.ID || strings.Contains(i.Title, "2016") {
			t.Errorf("%s is offered", i.Title)
		}
	}
	desktest.Shot(t, w.Desk, "graph-sign-in")
	w.Desk.Focus(d.connect)
	desktest.Type(w.Desk, fyne.KeySpace)
	q.Until(t, "the demo's page", d.modern.waiting.content.Visible)
	desktest.Type(w.Desk, fyne.KeySpace)
	q.Until(t, "the list", func() bool { return found != nil })
	customers := w.demo.Server.Tenants()[1:]
	if len(found.Tenants) != len(customers) || len(found.Refused) > 0 {
		t.Fatalf("%+v", found)
	}
	for _, x := range found.Tenants {
		if x.ID == "" || x.Domain == "" || x.Name == "" {
			t.Errorf("%+v", x)
		}
	}
	if d.sheet.Shown() || w.signed != nil || len(w.Manager.Sessions()) > 0 {
		t.Error("a session was opened, or the dialog stays")
	}
}

// What nobody has consented to is told in the dialog, with who can mend it; the demo's
// classic door leads to no Graph.
func TestThePartnersListIsRefused(t *testing.T) {
	w, q := withDemo(t)
	check(t, w.demo.Server.SetFaults(&simulator.Faults{Rules: []simulator.Rule{{Fault: simulator.NoConsent, On: simulator.Graph}}}))
	w.Customers(w.demo.Online, func(partner.Found) { t.Error("a list was given") })
	d := w.dialog
	q.Drain()
	d.Submit()
	q.Until(t, "the demo's page", d.modern.waiting.content.Visible)
	hit(t, d.modern.waiting.page)
	q.Until(t, "the end", d.over)
	if text := desktest.Text(w.Desk); !strings.Contains(text, "refuses to list your tenants") || !strings.Contains(text, "an administrator of the partner") {
		t.Errorf("it says %s", text)
	}
	desktest.Shot(t, w.Desk, "graph-refused")
	d.place.set(w.demo.Endpoint)
	d.Submit()
	q.Drain()
	if !d.over() || !d.fields[fieldWhere].wrong.Visible() {
		t.Error("the classic door is asked for a list")
	}
}
