package connect

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/demo"
	"postroom/app/endpoints"
	"postroom/app/tenants"
	"postroom/app/words"
	"postroom/session/endpoint"
	"postroom/session/holder"
	"postroom/widgets"
)

// place is the part of the dialog that says where to: the endpoint, the server
// of a template, the way of signing in, the tenant.
type place struct {
	placeNeeds

	where   *widgets.Picker
	note    *widgets.Text // what to know about the endpoint
	paste   *widgets.Button
	manage  *widgets.Button
	forget  *widgets.Button
	unallow *widgets.Button // takes back the redirects that were allowed
	host    *widgets.Entry  // of a template
	auth    *widgets.Picker
	tenants *widgets.Picker
	trust   *endpoints.Trust // certificate authorities beside the system's

	endpoint endpoint.Endpoint
	method   string // of signing in; empty for the endpoint's first
	tenant   endpoint.Tenant
	unfolded bool // closed places are listed too
}

// placeNeeds are what place needs of the rest of the dialog.
type placeNeeds struct {
	board
	directory *endpoint.Directory
	book      func(endpoint.Endpoint) *tenants.Book // of the tenants of an endpoint
	running   func() *demo.Demo                     // nil while none runs
	graph     func() bool                           // only a place that leads to Microsoft Graph fits
	shows     func(e endpoint.Endpoint, method string)
	changed   func()                   // another place was chosen
	typed     func(*widgets.Entry)     // somebody types the server
	pasting   func()                   // takes what is on the clipboard
	take      func(pasted string)      // fills the dialog in from a connection
	takeDemo  func(running *demo.Demo) // fills it in for the demo's classic door
}

func newPlace(needs placeNeeds) *place {
	p := &place{placeNeeds: needs, note: widgets.NewParagraph("", widgets.CaptionText), host: widgets.NewEntry()}
	p.where = widgets.NewPicker(p.search, p.whereChosen)
	p.auth = widgets.NewPicker(p.searchMethods, func(i widgets.Item) {
		p.method = i.ID
		p.shows(p.endpoint, i.ID)
		p.arrange()
	})
	p.tenants = widgets.NewPicker(func(text string) []widgets.Item { return p.tenantsHere().Search(text) }, func(i widgets.Item) {
		p.tenant = p.tenantsHere().Of(i.ID)
		p.wrong(fieldTenant, "")
	})
	p.tenants.PlaceHolder = tenants.Item(endpoint.Tenant{}).Title
	p.paste = widgets.NewLink(lang.L("Paste an address or a New-PSSession line"), p.pasting)
	p.forget = widgets.NewLink(lang.L("Forget this address"), p.forgetEndpoint)
	p.unallow = widgets.NewLink(lang.L("Ask about redirects again"), p.forgetRedirects)
	p.manage = widgets.NewLink(lang.L("Manage endpoints ..."), func() { endpoints.Show(p.desk, p.directory, p.endpoint.ID) })
	p.trust = endpoints.NewTrust(p.desk)
	p.trust.OnChanged = func() {
		p.endpoint.Authority = p.trust.Authority()
		p.arrange()
	}
	p.manage.Small = true
	p.paste.Small, p.forget.Small, p.unallow.Small = true, true, true
	p.host.SetPlaceHolder("mail.contoso.example")
	p.host.OnChanged = func(string) { p.typed(p.host) }
	p.host.OnSubmitted = func(string) { p.submit() }
	p.note.Hide()
	return p
}

// rows are the rows of the dialog, in the order of the Tab key.
func (p *place) rows(all fields) []fyne.CanvasObject {
	return []fyne.CanvasObject{
		all.add(fieldWhere, lang.L("Where"), p.where, p.note, widgets.NewFlow(14, p.paste, p.manage, p.forget, p.unallow), p.trust.Content()),
		all.add(fieldHost, lang.L("Server"), p.host),
		all.add(fieldAuth, lang.L("Sign-in"), p.auth),
		all.add(fieldTenant, lang.L("Tenant"), p.tenants),
	}
}

// tenantsHere is the list of the tenants of the chosen endpoint.
func (p *place) tenantsHere() *tenants.Book { return p.book(p.endpoint) }

// closed says why nobody can connect to an endpoint any more; empty where people
// can.
func (p *place) closed(e endpoint.Endpoint) string { return p.directory.Closed(e, lang.L("en")) }

// first is the endpoint that the person most likely wants: the last one, else
// one of their own, else the first of the catalogue that is open.
func (p *place) first(last string) endpoint.Endpoint {
	all := p.directory.All()
	for _, fits := range []func(endpoint.Endpoint) bool{
		func(e endpoint.Endpoint) bool { return last != "" && e.ID == last },
		func(e endpoint.Endpoint) bool { return e.Own },
		func(e endpoint.Endpoint) bool { return e.Kind != endpoint.KindDemo && p.closed(e) == "" },
	} {
		if i := slices.IndexFunc(all, fits); i >= 0 {
			return all[i]
		}
	}
	return endpoint.Endpoint{}
}

// What stands before an item that is no endpoint of the directory.
const (
	pastedID = "pasted:" // a text that was pasted into the search
	closedID = "closed:" // unfolds the closed places
)

// search lists the places that match: the person's own first, then those that
// are open, the closed ones last and, until they are asked for, folded.
func (p *place) search(text string) []widgets.Item {
	at, wrong := p.directory.Read(text)
	if wrong == nil && endpoint.Resembles(text) {
		return []widgets.Item{{ID: pastedID + text, Title: at.Endpoint.In(lang.L("en")).Name, Detail: at.Endpoint.URL}}
	}
	var own, open, closed []widgets.Item
	for _, e := range p.directory.All() {
		if e.Kind == endpoint.KindDemo {
			continue // it has a card of its own, and is listed once it runs
		}
		if p.graph() && e.Door != endpoint.REST {
			continue // it leads to no Graph
		}
		e = e.In(lang.L("en"))
		if !words.Contains(e.Name+" "+e.URL, text) {
			continue
		}
		item := widgets.Item{ID: e.ID, Title: e.Name, Group: group(e)}
		switch {
		case p.closed(e) != "":
			item.Detail, item.Group = lang.L("closed"), lang.L("Closed by Microsoft")
			closed = append(closed, item)
		case e.Own:
			own = append(own, item)
		default:
			open = append(open, item)
		}
	}
	demos := p.demos(text)
	cloud := func(i widgets.Item) int {
		return map[bool]int{true: 0, false: 1}[i.Group == lang.L("Microsoft's cloud")]
	}
	slices.SortStableFunc(open, func(a, b widgets.Item) int { return cloud(a) - cloud(b) })
	if len(closed) > 0 && !p.unfolded && strings.TrimSpace(text) == "" {
		closed = []widgets.Item{{
			ID: closedID, Title: fmt.Sprintf(lang.L("Show %s closed endpoints"), words.Number(len(closed))), Group: lang.L("Closed by Microsoft"),
		}}
	}
	all := slices.Concat(own, open, demos, closed)
	if len(all) == 0 && endpoint.Resembles(text) { // choosing it explains it whole
		all = []widgets.Item{{ID: pastedID + text, Title: words.Explain(wrong).Title}}
	}
	return all
}

// demos are the doors of the demo that runs.
func (p *place) demos(text string) []widgets.Item {
	running := p.running()
	if running == nil {
		return nil
	}
	var items []widgets.Item
	for _, e := range []endpoint.Endpoint{running.Endpoint, running.Online} {
		fits := !p.graph() || e.Door == endpoint.REST
		if e = e.In(lang.L("en")); fits && words.Contains(e.Name, text) {
			items = append(items, widgets.Item{ID: e.ID, Title: e.Name, Group: lang.L("Demo")})
		}
	}
	return items
}

func group(e endpoint.Endpoint) string {
	switch {
	case e.Own:
		return lang.L("Your own")
	case e.Kind == endpoint.KindOnPremises, e.Kind == endpoint.KindWindows:
		return lang.L("Your own servers")
	}
	return lang.L("Microsoft's cloud")
}

func (p *place) whereChosen(i widgets.Item) {
	if i.ID == closedID {
		p.unfolded = true
		p.where.SetItem(widgets.Item{ID: p.endpoint.ID, Title: p.endpoint.In(lang.L("en")).Name})
		p.where.Open()
		return
	}
	if text, pasted := strings.CutPrefix(i.ID, pastedID); pasted {
		p.take(text)
		return
	}
	if running := p.running(); running != nil {
		switch i.ID {
		case running.Endpoint.ID:
			p.takeDemo(running)
			return
		case running.Online.ID:
			p.set(running.Online)
			return
		}
	}
	e, err := p.directory.Find(i.ID)
	if err != nil {
		p.problem(err)
		return
	}
	p.set(e)
}

// set chooses an endpoint and shows what it needs.
func (p *place) set(e endpoint.Endpoint) {
	p.endpoint, p.method = e, ""
	shown := e.In(lang.L("en"))
	p.where.SetItem(widgets.Item{ID: e.ID, Title: shown.Name})
	p.trust.SetAuthority(e.Authority)
	widgets.SetVisible(p.trust.Content(), e.Kind != endpoint.KindDemo)
	note, role := shown.Note, widgets.CaptionText
	if closed := p.closed(e); closed != "" {
		note, role = strings.TrimSpace(closed+" "+shown.Note), widgets.WarningText
	}
	if note == "" && !e.Template() {
		note = e.URL
	}
	p.note.SetText(note)
	p.note.SetRole(role)
	widgets.SetVisible(p.note, note != "")
	widgets.SetVisible(p.forget, e.Own && e.ID != "")
	widgets.SetVisible(p.unallow, len(p.directory.Redirects(e.ID)) > 0)
	rows := p.fields
	widgets.SetVisible(rows[fieldHost].row, e.Template())
	widgets.SetVisible(rows[fieldAuth].row, len(e.Auth) > 1)
	method := ""
	if len(e.Auth) > 0 {
		method = e.Auth[0]
		p.auth.SetItem(methodItem(method))
	}
	p.shows(e, method)
	if !e.Delegation {
		p.setTenant(endpoint.Tenant{})
	}
	p.changed()
}

func (p *place) searchMethods(text string) []widgets.Item {
	var items []widgets.Item
	for _, m := range p.endpoint.Auth {
		if item := methodItem(m); words.Contains(item.Title, text) {
			items = append(items, item)
		}
	}
	return items
}

func methodItem(method string) widgets.Item {
	titles := map[string]string{
		endpoint.AuthBasic: "Basic", endpoint.AuthNTLM: "NTLM", endpoint.AuthKerberos: "Kerberos",
		endpoint.AuthModern: lang.L("Browser"), endpoint.AuthDevice: lang.L("Code on another device"), endpoint.AuthApp: lang.L("Certificate of an application"),
	}
	return widgets.Item{ID: method, Title: titles[method]}
}

func (p *place) setTenant(t endpoint.Tenant) {
	p.tenant = t
	p.tenants.SetItem(tenants.Item(t))
}

// forgetRedirects takes back what was allowed for the endpoint.
func (p *place) forgetRedirects() {
	id := p.endpoint.ID
	p.change(func() error { return p.directory.ForgetRedirects(context.Background(), id) }, func() {
		p.unallow.Hide()
		p.arrange()
	})
}

// forgetEndpoint takes an endpoint of the person off the list.
func (p *place) forgetEndpoint() {
	id := p.endpoint.ID
	p.change(func() error { return p.directory.Remove(context.Background(), id) }, func() { p.set(p.first("")) })
}

// server is the host that the password is for; empty while it is not known.
func (p *place) server() string {
	server, err := holder.ServerOf(p.chosen().URL)
	if err != nil {
		return ""
	}
	return server
}

// chosen is the endpoint with the host that was typed.
func (p *place) chosen() endpoint.Endpoint {
	if p.endpoint.Template() {
		return p.endpoint.WithHost(strings.TrimSpace(p.host.Text))
	}
	return p.endpoint
}

// invalid puts what is wrong with an endpoint where it was typed.
func (p *place) invalid(err error) error {
	f := fieldWhere
	if p.endpoint.Template() {
		f = fieldHost
	}
	return &fieldError{field: f, text: words.Explain(err).Title, err: err}
}

func (p *place) setBusy(busy bool) {
	for _, f := range []enabler{p.where, p.host, p.auth, p.tenants, p.paste, p.manage, p.forget, p.unallow, p.trust} {
		enable(f, !busy)
	}
}
