package runs

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/endpoint"
	"postroom/widgets"
)

// chooseTenants lets a person run a reading form on several tenants: ticked one
// by one, those of a tag, or all.
func (t *Tab) chooseTenants() {
	if t.Running() {
		return
	}
	c := &tenantChoice{tab: t, search: widgets.NewEntry(), count: widgets.NewText("", widgets.MutedText)}
	list := widgets.NewColumn(0)
	for _, tenant := range t.Window.Tenants() {
		box := tenantBox{tenant: tenant, check: widgets.NewTick(tenant.Name+"  "+endpoint.DisplayDomain(tenant.Domain), nil)}
		box.check.Set(slices.ContainsFunc(t.targets(), func(at session.Target) bool { return at.Tenant.Domain == tenant.Domain }))
		box.check.OnChanged = func(bool) { c.recount() }
		c.boxes = append(c.boxes, box)
		list.Add(box.check)
	}
	all := widgets.NewButton(lang.L("Tick all"), func() { c.tick(func(endpoint.Tenant) bool { return true }) })
	none := widgets.NewButton(lang.L("Tick none"), func() { c.untick() })
	done := widgets.NewPrimaryButton(lang.L("Use these"), c.take)
	c.sheet = t.Desk.Sheets.New(widgets.SheetSpec{
		Title: lang.L("Tenants"), Explanation: lang.L("The command runs on each ticked tenant. Rows are merged, with the tenant in the first column."),
		Width: 520, Foot: widgets.NewFoot(nil, all, none, done),
	}, c.search, c.tags(), c.count, list)
	c.search.SetPlaceHolder(lang.L("Find a tenant or tag"))
	c.search.OnChanged = c.find
	c.search.OnSubmitted = func(string) { c.take() }
	c.recount()
	c.sheet.Show(c.search)
}

// tenantChoice is the sheet on which tenants are ticked.
type tenantChoice struct {
	tab    *Tab
	sheet  *widgets.Sheet
	search *widgets.Entry
	count  *widgets.Text
	boxes  []tenantBox
}

type tenantBox struct {
	tenant endpoint.Tenant
	check  *widgets.Tick
}

// tags are a button for each tag: it ticks the tenants that have it.
func (c *tenantChoice) tags() fyne.CanvasObject {
	var names []string
	for _, b := range c.boxes {
		for _, tag := range b.tenant.Tags {
			if !slices.Contains(names, tag) {
				names = append(names, tag)
			}
		}
	}
	slices.Sort(names)
	var buttons []fyne.CanvasObject
	for _, name := range names {
		b := widgets.NewButton(name, func() {
			c.tick(func(t endpoint.Tenant) bool { return slices.Contains(t.Tags, name) })
		})
		b.Small = true
		buttons = append(buttons, b)
	}
	return widgets.NewFlow(6, buttons...)
}

// find shows the tenants whose name, domain or tag has the text.
func (c *tenantChoice) find(text string) {
	for _, b := range c.boxes {
		widgets.SetVisible(b.check, words.Contains(b.tenant.Name, text) || words.Contains(b.tenant.Domain, text) ||
			slices.ContainsFunc(b.tenant.Tags, func(tag string) bool { return words.Contains(tag, text) }))
	}
	c.sheet.Arrange()
}

// tick ticks those that the search found and that fit.
func (c *tenantChoice) tick(fits func(endpoint.Tenant) bool) {
	for _, b := range c.boxes {
		if b.check.Visible() && fits(b.tenant) {
			b.check.Set(true)
		}
	}
	c.recount()
}

// untick takes the ticks of those that the search found away.
func (c *tenantChoice) untick() {
	for _, b := range c.boxes {
		if b.check.Visible() {
			b.check.Set(false)
		}
	}
	c.recount()
}

func (c *tenantChoice) ticked() []endpoint.Tenant {
	var list []endpoint.Tenant
	for _, b := range c.boxes {
		if b.check.On() {
			list = append(list, b.tenant)
		}
	}
	return list
}

func (c *tenantChoice) recount() {
	c.count.SetText(fmt.Sprintf(lang.L("%s ticked"), tenantCount(len(c.ticked()))))
}

// take uses what is ticked from now on; nothing ticked is the tab's own tenant.
func (c *tenantChoice) take() {
	c.sheet.Hide()
	c.tab.UseTenants(c.ticked())
}

// UseTenants lets a form that only reads run on these tenants; none is its own.
func (t *Tab) UseTenants(list []endpoint.Tenant) {
	t.chosen = nil
	for _, tenant := range list {
		target := t.base
		target.Tenant = tenant
		t.chosen = append(t.chosen, target)
	}
	t.named()
}
