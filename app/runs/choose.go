package runs

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session/endpoint"
	"postroom/widgets"
)

// chooseTenants lets a person run a reading form on several tenants.
func (t *Tab) chooseTenants() {
	if t.Running() {
		return
	}
	var ticked []endpoint.Tenant
	for _, at := range t.targets() {
		ticked = append(ticked, at.Tenant)
	}
	ChooseTenants(t.deps.Desk, t.deps.Window.Tenants(), ticked, t.UseTenants)
}

// ChooseTenants lets a person choose among all tenants: ticked one by one, those of a
// tag, or all. took gets them; none is the tenant that is the usual one.
func ChooseTenants(d *desk.Desk, all, ticked []endpoint.Tenant, took func([]endpoint.Tenant)) {
	c := &tenantChoice{took: took, search: widgets.NewEntry(), count: widgets.NewText("", widgets.MutedText)}
	list := widgets.NewColumn(0)
	for _, tenant := range all {
		box := tenantBox{tenant: tenant, check: widgets.NewTick(tenant.Name+"  "+endpoint.DisplayDomain(tenant.Domain), nil)}
		box.check.Set(slices.ContainsFunc(ticked, func(t endpoint.Tenant) bool { return t.Domain == tenant.Domain }))
		box.check.OnChanged = func(bool) { c.recount() }
		c.boxes = append(c.boxes, box)
		list.Add(box.check)
	}
	tickAll := widgets.NewButton(lang.L("Tick all"), func() { c.tick(func(endpoint.Tenant) bool { return true }) })
	none := widgets.NewButton(lang.L("Tick none"), func() { c.untick() })
	done := widgets.NewPrimaryButton(lang.L("Use these"), c.take)
	cancel := widgets.NewButton(lang.L("Cancel"), func() { c.sheet.Hide() })
	c.sheet = d.Sheets.New(widgets.SheetSpec{
		Title: lang.L("Tenants"), Explanation: lang.L("The command runs on each ticked tenant. Rows are merged, with the tenant in the first column."),
		Width: 520, Foot: widgets.NewFoot(nil, tickAll, none, cancel, done),
	}, c.search, c.tags(), c.count, list)
	c.search.SetPlaceHolder(lang.L("Find a tenant or tag"))
	c.search.OnChanged = c.find
	c.search.OnSubmitted = func(string) { c.take() }
	c.recount()
	c.sheet.Show(c.search)
}

// tenantChoice is the sheet on which tenants are ticked.
type tenantChoice struct {
	took   func([]endpoint.Tenant)
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
	var all []endpoint.Tenant
	for _, b := range c.boxes {
		all = append(all, b.tenant)
	}
	var buttons []fyne.CanvasObject
	for _, name := range Tags(all) {
		b := widgets.NewButton(name, func() {
			c.tick(func(t endpoint.Tenant) bool { return slices.Contains(t.Tags, name) })
		})
		b.Small = true
		buttons = append(buttons, b)
	}
	return widgets.NewFlow(6, buttons...)
}

// Tags are those of tenants, by name.
func Tags(all []endpoint.Tenant) []string {
	var names []string
	for _, t := range all {
		for _, tag := range t.Tags {
			if !slices.Contains(names, tag) {
				names = append(names, tag)
			}
		}
	}
	slices.Sort(names)
	return names
}

// Tagged are the tenants that have a tag.
func Tagged(all []endpoint.Tenant, tag string) []endpoint.Tenant {
	var list []endpoint.Tenant
	for _, t := range all {
		if slices.Contains(t.Tags, tag) {
			list = append(list, t)
		}
	}
	return list
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
	c.count.SetText(fmt.Sprintf(lang.L("%s ticked"), words.Tenants(len(c.ticked()))))
}

// take uses what is ticked from now on.
func (c *tenantChoice) take() {
	c.sheet.Hide()
	c.took(c.ticked())
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
