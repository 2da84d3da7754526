package connect

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"postroom/app/desktest"
	"postroom/app/words"
	"postroom/session/endpoint"
)

// A connection that cannot be taken is refused with the reason, wherever it is pasted, and
// nothing in the dialog is changed by it.
func TestARefusedConnectionSaysWhy(t *testing.T) {
	const line = "Connect-ExchangeOnline -UserPrincipalName anna@partner.example -Organization a.example -DelegatedOrganization b.example"
	w, q := withDemo(t)
	for name, paste := range map[string]func(*Dialog){
		"account": func(s *Dialog) { s.login.account.SetText(line) },
		"link":    func(s *Dialog) { w.Desk.Copy(line); s.pasteConnection() },
		"password": func(s *Dialog) {
			text := strings.Replace(line, "Connect-ExchangeOnline", "New-PSSession -ConnectionUri https://mail.example/PowerShell/", 1)
			w.Desk.Copy(text)
			s.login.password.Field().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()})
		},
		"search": func(s *Dialog) { s.place.whereChosen(s.place.search(line)[0]) },
		"server": func(s *Dialog) {
			e, err := w.Directory.Find("exchange-server-https")
			check(t, err)
			s.place.set(e)
			s.place.host.Text = "https://mail.example/PowerShell/?DelegatedOrg=a.example&DelegatedOrg=b.example"
			s.Submit()
		},
	} {
		t.Run(name, func(t *testing.T) {
			w.Show()
			q.Drain()
			s := w.dialog
			tenant := s.place.tenant
			paste(s)
			card := desktest.Card(w.Desk)
			if !slices.Contains(card, "Two tenants are named: a.example and b.example.") {
				t.Errorf("it says %v", card)
			}
			if s.place.tenant.Domain != tenant.Domain {
				t.Errorf("the tenant became %q", s.place.tenant.Domain)
			}
			s.leave()
		})
	}
	w.Show()
	q.Drain()
	s := w.dialog
	s.login.account.SetText(line)
	desktest.Shot(t, w.Desk, "sign-in two tenants")
	w.Desk.Copy("Connect-ExchangeOnline -DelegatedOrganization b.example")
	s.pasteConnection()
	if len(s.problem.Objects) > 0 || s.place.tenant.Domain != "b.example" {
		t.Errorf("after the line was put right the problem stays, or the tenant is %q", s.place.tenant.Domain)
	}
}

// A tenant that is named by its GUID is the tenant, not the account's own one.
func TestATenantIsPastedByItsGUID(t *testing.T) {
	const id = "36ee4c6c-0812-40a2-b820-b22ebd02bce3"
	w, q := withDemo(t)
	for _, text := range []string{
		"Connect-ExchangeOnline -DelegatedOrganization " + strings.ToUpper(id),
		"https://outlook.office365.com/adminapi/beta/" + id + "/InvokeCommand",
	} {
		w.Show()
		q.Drain()
		s := w.dialog
		s.SetTenant(endpoint.Tenant{})
		if _, err := s.takeConnection(text); err != nil {
			t.Fatal(words.Explain(err).Title)
		}
		url, err := s.place.chosen().For(s.place.tenant)
		if err != nil || s.place.tenant.ID != id || !strings.HasSuffix(url, "/"+id+"/InvokeCommand") {
			t.Errorf("%q: %+v, %s, %v", text, s.place.tenant, url, err)
		}
		s.leave()
	}
}
