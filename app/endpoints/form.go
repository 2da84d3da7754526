package endpoints

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session/endpoint"
	"postroom/widgets"
)

// form is the fields of an endpoint. Some are of one door alone, and hidden for the other.
type form struct {
	desk    *desk.Desk
	arrange func() // gives the sheet the size of what is in it; nil before it is there

	way     *widgets.Picker // the door
	door    endpoint.Door
	name    *widgets.Entry
	address *widgets.Entry
	limit   *widgets.Entry // of sessions
	texts   []*textField   // these three among them
	auth    map[string]*widgets.Check
	ways    map[endpoint.Door]fyne.CanvasObject // their rows
	tenants *widgets.Check
	trust   *Trust
	content *fyne.Container
}

// textField is a text of the endpoint.
type textField struct {
	entry *widgets.Entry
	label string
	name  string        // of the field in an endpoint.InvalidError
	door  endpoint.Door // whose it is alone; "" for both
	show  func(endpoint.Endpoint) string
	read  func(*endpoint.Endpoint, string) error
	usual func(endpoint.Modern) string // what an empty field stands for; nil for nothing
	row   fyne.CanvasObject
}

// doors are the ways to cmdlets, with the names that people know.
func doors() []struct {
	door  endpoint.Door
	title string
} {
	return []struct {
		door  endpoint.Door
		title string
	}{
		{endpoint.Remoting, lang.L("Remote PowerShell")},
		{endpoint.REST, lang.L("Microsoft 365 (REST)")},
	}
}

// methods are the ways to sign in at a door, with the names that people know.
func methods(door endpoint.Door) []struct{ id, title string } {
	if door == endpoint.REST {
		return []struct{ id, title string }{
			{endpoint.AuthModern, lang.L("Browser")}, {endpoint.AuthDevice, lang.L("Code on another device")}, {endpoint.AuthApp, lang.L("Certificate of an application")},
		}
	}
	return []struct{ id, title string }{
		{endpoint.AuthBasic, "Basic"}, {endpoint.AuthNTLM, "NTLM"}, {endpoint.AuthKerberos, "Kerberos"},
	}
}

func newForm(d *desk.Desk, submit func()) *form {
	f := &form{
		desk: d, auth: map[string]*widgets.Check{}, ways: map[endpoint.Door]fyne.CanvasObject{},
		tenants: widgets.NewCheck(lang.L("Supports delegated tenants"), nil), trust: NewTrust(d),
	}
	f.trust.OnChanged = f.changed
	f.way = widgets.NewPicker(f.searchDoors, func(i widgets.Item) { f.setDoor(endpoint.Door(i.ID)) })
	row := func(label string, field fyne.CanvasObject) fyne.CanvasObject {
		return widgets.NewFormRow(widgets.NewParagraph(label, widgets.LabelText), field)
	}
	f.texts = slices.Concat(bothDoors(), remotingFields(), restFields())
	f.name, f.address = f.texts[0].entry, f.texts[1].entry
	f.address.OnChanged = func(string) { f.hint() }
	for _, t := range f.texts {
		t.entry.OnSubmitted = func(string) { submit() }
		t.row = row(t.label, t.entry)
		if t.name == "SessionLimit" && t.door == endpoint.Remoting {
			f.limit = t.entry
		}
	}
	for _, d := range doors() {
		checks := widgets.NewFlow(14)
		for _, m := range methods(d.door) {
			f.auth[m.id] = widgets.NewCheck(m.title, nil)
			checks.Add(f.auth[m.id])
		}
		f.ways[d.door] = row(lang.L("Sign-in"), checks)
	}
	f.content = widgets.NewColumn(10, f.texts[0].row, row(lang.L("Protocol"), f.way), f.texts[1].row, f.ways[endpoint.Remoting], f.ways[endpoint.REST])
	for _, t := range f.texts[2:] {
		f.content.Add(t.row)
	}
	f.content.Add(row("", f.tenants))
	f.content.Add(row(lang.L("Certificate authority"), f.trust.Content()))
	return f
}

// text makes a field whose text stands in the endpoint as it is.
func text(label, name string, door endpoint.Door, at func(*endpoint.Endpoint) *string) *textField {
	return &textField{
		entry: widgets.NewEntry(), label: label, name: name, door: door,
		show: func(e endpoint.Endpoint) string { return *at(&e) },
		read: func(e *endpoint.Endpoint, text string) error { *at(e) = text; return nil },
	}
}

// bothDoors are the fields that every endpoint has; name and address come first.
func bothDoors() []*textField {
	name := text(lang.L("Name"), "Name", "", func(e *endpoint.Endpoint) *string { return &e.Name })
	name.show = func(e endpoint.Endpoint) string { return e.In(lang.L("en")).Name }
	through := text(lang.L("Proxy"), "Proxy", "", func(e *endpoint.Endpoint) *string { return (*string)(&e.Proxy) })
	through.entry.SetPlaceHolder(lang.L("system settings"))
	return []*textField{
		name, text(lang.L("Address"), "URL", "", func(e *endpoint.Endpoint) *string { return &e.URL }), through, redirects(),
	}
}

// redirects are the hosts that may be redirected to, apart by commas.
func redirects() *textField {
	t := &textField{entry: widgets.NewEntry(), label: lang.L("Redirect hosts"), name: "RedirectHosts"}
	t.entry.SetPlaceHolder(lang.L("none without a question"))
	t.show = func(e endpoint.Endpoint) string { return strings.Join(e.RedirectHosts, ", ") }
	t.read = func(e *endpoint.Endpoint, text string) error {
		e.RedirectHosts = nil
		for one := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
			below := strings.TrimPrefix(one, "*.")
			host, err := endpoint.ParseRedirectHost(below)
			if err != nil {
				return &endpoint.InvalidError{Field: t.name, Value: one, Want: "the name of a host, or *. before one"}
			}
			if below != one {
				host = "*." + host
			}
			e.RedirectHosts = append(e.RedirectHosts, host)
		}
		return nil
	}
	return t
}

// count makes a field for how many of something an account may have.
func count(label string, door endpoint.Door, empty int) *textField {
	t := &textField{entry: widgets.NewEntry(), label: label, name: "SessionLimit", door: door}
	t.show = func(e endpoint.Endpoint) string {
		if e.SessionLimit == 0 {
			return ""
		}
		return strconv.Itoa(e.SessionLimit)
	}
	t.read = func(e *endpoint.Endpoint, text string) error {
		n, err := strconv.Atoi(text)
		if text == "" {
			n, err = empty, nil
		}
		if e.SessionLimit = n; err != nil || n < 0 {
			return &endpoint.InvalidError{Field: t.name, Value: text, Want: "a whole number"}
		}
		return nil
	}
	return t
}

func remotingFields() []*textField {
	return []*textField{
		text(lang.L("Configuration"), "Configuration", endpoint.Remoting, func(e *endpoint.Endpoint) *string { return &e.Configuration }),
		count(lang.L("Sessions for an account"), endpoint.Remoting, 0),
	}
}

// restFields are what is configuration of a modern sign-in and of the REST interface:
// what is left empty follows from the address.
func restFields() []*textField {
	modern := func(label, name string, at func(*endpoint.Modern) *string) *textField {
		t := text(label, "Modern."+name, endpoint.REST, func(e *endpoint.Endpoint) *string { return at(&e.Modern) })
		t.usual = func(m endpoint.Modern) string { return *at(&m) }
		return t
	}
	all := []*textField{
		modern(lang.L("Authority"), "Authority", func(m *endpoint.Modern) *string { return &m.Authority }),
		modern(lang.L("Application"), "ClientID", func(m *endpoint.Modern) *string { return &m.ClientID }),
		modern(lang.L("Certificate"), "Certificate", func(m *endpoint.Modern) *string { return &m.Certificate }),
		modern(lang.L("Scope"), "Scope", func(m *endpoint.Modern) *string { return &m.Scope }),
		modern(lang.L("Base path"), "BasePath", func(m *endpoint.Modern) *string { return &m.BasePath }),
		modern(lang.L("Module version"), "ModuleVersion", func(m *endpoint.Modern) *string { return &m.ModuleVersion }),
		modern("Microsoft Graph", "Graph", func(m *endpoint.Modern) *string { return &m.Graph }),
	}
	atOnce := count(lang.L("Requests at once"), endpoint.REST, 0)
	atOnce.entry.SetPlaceHolder(lang.L("as many as Exchange handles well"))
	return append(all, atOnce)
}

func (f *form) searchDoors(typed string) []widgets.Item {
	var items []widgets.Item
	for _, d := range doors() {
		if words.Contains(d.title, typed) {
			items = append(items, widgets.Item{ID: string(d.door), Title: d.title})
		}
	}
	return items
}

// setDoor shows the fields of a door, with what is usual there where nothing is said yet.
func (f *form) setDoor(door endpoint.Door) {
	if door == "" {
		door = endpoint.Remoting
	}
	f.door = door
	for _, d := range doors() {
		widgets.SetVisible(f.ways[d.door], d.door == door)
		if d.door == door {
			f.way.SetItem(widgets.Item{ID: string(d.door), Title: d.title})
		}
	}
	f.address.SetPlaceHolder(map[endpoint.Door]string{endpoint.Remoting: "https://mail.contoso.example/PowerShell/", endpoint.REST: "https://outlook.office365.com"}[door])
	for _, t := range f.texts {
		widgets.SetVisible(t.row, t.door == "" || t.door == door)
	}
	if !slices.ContainsFunc(methods(door), func(m struct{ id, title string }) bool { return f.auth[m.id].Checked }) {
		for _, m := range methods(door) {
			f.auth[m.id].SetChecked(m.id != endpoint.AuthBasic)
		}
	}
	f.hint()
	f.changed()
}

// hint shows in the empty fields what follows from the address.
func (f *form) hint() {
	e := endpoint.Endpoint{URL: strings.TrimSpace(f.address.Text), Door: endpoint.REST}
	m, _ := e.SignIn() // of an address that is not complete nothing follows
	for _, t := range f.texts {
		if t.usual != nil {
			t.entry.SetPlaceHolder(t.usual(m))
		}
	}
}

func (f *form) changed() {
	if f.arrange != nil {
		f.arrange()
	}
}

// set shows an endpoint; one of the catalogue is closed to changes.
func (f *form) set(e endpoint.Endpoint) {
	for _, t := range f.texts {
		t.entry.SetText(t.show(e))
	}
	f.tenants.SetChecked(e.Delegation)
	f.trust.SetAuthority(e.Authority)
	for id, c := range f.auth {
		c.SetChecked(slices.Contains(e.Auth, id))
	}
	for _, part := range f.parts() {
		if e.Own {
			part.Enable()
		} else {
			part.Disable()
		}
	}
	f.setDoor(e.Door)
}

// part is a field that can be closed to changes.
type part interface {
	Enable()
	Disable()
}

func (f *form) parts() []part {
	all := []part{f.way, f.tenants, f.trust}
	for _, t := range f.texts {
		all = append(all, t.entry)
	}
	for _, c := range f.auth {
		all = append(all, c)
	}
	return all
}

// read gives the endpoint of the form, made of the one that was put there.
func (f *form) read(e endpoint.Endpoint) (endpoint.Endpoint, error) {
	e = e.Clone()
	e.Delegation, e.Authority = f.tenants.Checked, f.trust.Authority()
	if e.Door = f.door; f.door == endpoint.Remoting {
		e.Door, e.Modern = "", endpoint.Modern{}
	} else {
		e.Configuration = ""
	}
	for _, t := range f.texts {
		if t.door != "" && t.door != f.door {
			continue
		}
		if err := t.read(&e, strings.TrimSpace(t.entry.Text)); err != nil {
			return e, err
		}
	}
	allowed := func(id string) bool {
		return slices.ContainsFunc(methods(f.door), func(m struct{ id, title string }) bool { return m.id == id }) && f.auth[id].Checked
	}
	e.Auth = slices.DeleteFunc(e.Auth, func(id string) bool { return !allowed(id) })
	for _, m := range methods(f.door) { // those that were there keep their order
		if allowed(m.id) && !slices.Contains(e.Auth, m.id) {
			e.Auth = append(e.Auth, m.id)
		}
	}
	return e, e.ValidateKept()
}

// blame says what is wrong with a field, and gives it the keyboard.
func (f *form) blame(err error) string {
	invalid, is := errors.AsType[*endpoint.InvalidError](err)
	p := words.Explain(err)
	told := strings.TrimSpace(p.Title + " " + p.Fix)
	for _, t := range f.texts {
		if is && t.name == invalid.Field && (t.door == "" || t.door == f.door) {
			f.desk.Focus(t.entry)
			if errors.Is(err, endpoint.ErrNamesTenant) {
				return t.label + ": " + told
			}
			return fmt.Sprintf(lang.L("%s: “%s” cannot be used."), t.label, invalid.Value)
		}
	}
	return told
}
