package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/tenants"
	"postroom/session"
	"postroom/session/endpoint"
	"postroom/widgets"
)

// topBar is the bar at the top: who is signed in, the tenant, the button that
// connects, the state, and the search over everything.
type topBar struct {
	account *widgets.Button
	tenants *widgets.Picker
	connect *widgets.Button
	state   *widgets.Text // of the connection, in a word
	content *fyne.Container
}

// topActions are what the bar does.
type topActions struct {
	account       func()
	searchTenants widgets.SearchFunc
	tenantChosen  func(widgets.Item)
	connect       func()
	palette       func()
}

func newTopBar(do topActions) *topBar {
	b := &topBar{
		account: widgets.NewButton(lang.L("Not connected"), do.account),
		tenants: widgets.NewPicker(do.searchTenants, do.tenantChosen),
		connect: widgets.NewPrimaryButton(lang.L("Connect"), do.connect),
		state:   widgets.NewCutText("", widgets.MutedText),
	}
	b.tenants.PlaceHolder = tenants.Item(endpoint.Tenant{}).Title
	search := widgets.NewButton(lang.L("Search everything")+"   "+lang.L("Ctrl+K"), do.palette)
	b.content = &fyne.Container{Layout: &topLayout{b.state}, Objects: []fyne.CanvasObject{b.account, b.tenants, b.connect, b.state, search}}
	return b
}

// setConnection shows who is signed in, and for which tenant.
func (b *topBar) setConnection(c *connection) {
	if c == nil {
		b.account.SetText(lang.L("Not connected"))
		b.tenants.Clear()
		return
	}
	b.account.SetText(c.base.Account + " · " + c.base.Endpoint.Name)
	b.tenants.SetItem(tenants.Item(c.tenant))
}

// setState says how the connection is, and what its button does.
func (b *topBar) setState(a *accounts, infos []session.Info) {
	text, role, button, style := "", widgets.MutedText, lang.L("Connect"), widgets.PrimaryButton
	switch {
	case a.connected(infos):
		text, role, button, style = lang.L("connected"), widgets.SuccessText, lang.L("Disconnect"), widgets.PlainButton
	case a.now != nil:
		text, button = lang.L("no session open; running opens one"), lang.L("Connect again")
	}
	b.state.SetText(text)
	b.state.SetRole(role)
	b.connect.SetText(button)
	b.connect.SetStyle(style)
	b.content.Refresh() // the texts may need more room
}
