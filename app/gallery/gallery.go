// Package gallery is the page on which reports, packs and cmdlets are looked at before
// they run: what was found or belongs to a group, and beside it what the chosen one
// answers, asks, shows and costs, what is sent, and where. The questions are answered
// here, and the tenants chosen. Which things there are, and what they lack here, is said
// by the window; its search, at the side, is this page's too.
package gallery

import (
	"maps"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"postroom/app/desk"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/history"
	"postroom/session/report"
	"postroom/widgets"
)

// Thing is what an item of the list stands for: one of the three.
type Thing struct {
	Report *report.Report
	Pack   *report.Pack
	Cmdlet *cmdlet.Cmdlet
	// Lacks says why it does not run here; "" where it does.
	Lacks string
	// Favourite says that the person marked it.
	Favourite bool
	// Last is the last run whose rows are kept; nil for none.
	Last *history.Entry
}

// Here is where the next run goes.
type Here struct {
	// Target is the account with the tenant at the top; SignedIn is false while there is
	// none.
	Target   session.Target
	SignedIn bool
	// Tenants are all that can be chosen.
	Tenants []endpoint.Tenant
	// Reports are the catalogue, of which packs are made, and Things what rows are.
	Reports []report.Report
	Things  report.Things
	Kinds   cmdlet.Kinds
	// Folder is where files go unless one says another.
	Folder string
}

// Choice is what a person filled in: the answers, and the tenants; none is the one at the
// top.
type Choice struct {
	Values  map[string]string
	Tenants []endpoint.Tenant
}

// Deeds are what the page lets the window do, and asks of it.
type Deeds struct {
	// Find gives what an item of the list stands for.
	Find func(id string) (Thing, bool)
	// Here says where the next run goes.
	Here func() Here
	Mark func(id string, favourite bool)
	// Run opens what was chosen and runs it; Open opens it alone, filled in.
	Run, Open func(id string, c Choice)
	// Schedule asks when it should run; Duplicate makes a report of one's own of it. Rows
	// opens the kept rows of a run, Compare what changed since the run before.
	Schedule, Duplicate func(id string)
	Rows, Compare       func(history.Entry)
	// Other opens a cmdlet, or what has no preview, as a line that was pasted.
	Other func(id string)
	// Answers are those that were given last; Answered remembers them.
	Answers  func(id string) map[string]string
	Answered func(id string, values map[string]string)
	// Back leaves the page for what is open, where Returns says that there is some.
	Back    func()
	Returns func() bool
}

// Gallery is the page. UI thread only.
type Gallery struct {
	// List has what was found; the window fills it.
	List *widgets.SideList
	// Content is the page.
	Content *fyne.Container

	desk  *desk.Desk
	deeds Deeds

	chosen  string
	asked   string            // whose questions the form has, and where
	tenants []endpoint.Tenant // chosen here; none is the one at the top
	top     string            // domain of the tenant at the top when they were chosen

	preview *fyne.Container
	scroll  *container.Scroll
	form    *widgets.ParameterForm
}

// New makes the page, without anything chosen.
func New(d *desk.Desk, deeds Deeds) *Gallery {
	g := &Gallery{List: widgets.NewFoundList(), desk: d, deeds: deeds, preview: widgets.NewColumn(8), form: widgets.NewParameterForm()}
	g.List.OnCurrent = func(id string) { g.Choose(id) }
	g.List.OnOpen = func(id string) {
		if t, known := deeds.Find(id); !known || t.Cmdlet != nil {
			deeds.Other(id) // the form of a cmdlet is its preview
			return
		}
		g.Choose(id)
	}
	g.List.OnEnter = func(id string) {
		if !g.Choose(id) {
			deeds.Other(id)
			return
		}
		g.Run()
	}
	g.List.OnFavourite = deeds.Mark
	g.form.HideStop()
	g.form.OnRun = func(values map[string]string) {
		g.remember()
		g.deeds.Run(g.chosen, Choice{Values: values, Tenants: g.tenants})
	}
	g.scroll = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 8, 0, 10), g.preview))
	g.Content = &fyne.Container{Layout: &arrangement{}, Objects: []fyne.CanvasObject{g.List, g.scroll, g.form}}
	g.form.OnHeight = g.Content.Refresh
	g.show()
	return g
}

// Chosen is the item whose preview is shown; "" for none.
func (g *Gallery) Chosen() string { return g.chosen }

// Form has the questions of what is chosen.
func (g *Gallery) Form() *widgets.ParameterForm { return g.form }

// Choose shows the preview of an item; false when there is none of it.
func (g *Gallery) Choose(id string) bool {
	if _, known := g.deeds.Find(id); !known {
		return false
	}
	g.remember()
	g.chosen = id
	g.List.SetSelected(id)
	g.scroll.Offset = fyne.Position{}
	g.show()
	return true
}

// useTenants chooses the tenants of the next run; none is the one at the top.
func (g *Gallery) useTenants(list []endpoint.Tenant) {
	here := g.deeds.Here()
	g.tenants, g.top = list, here.Target.Tenant.Domain
	if len(list) == 1 && list[0].Domain == g.top {
		g.tenants = nil
	}
	g.show()
}

// Refresh shows the chosen thing anew: another account, another tenant.
func (g *Gallery) Refresh() { g.show() }

// Run runs what is chosen; a question that needs an answer gets the keyboard instead.
func (g *Gallery) Run() {
	if g.chosen != "" {
		g.form.Run()
	}
}

// Open opens what is chosen, filled in, and does not run it.
func (g *Gallery) Open() {
	if g.chosen != "" {
		g.remember()
		g.deeds.Open(g.chosen, Choice{Values: g.form.Values(), Tenants: g.tenants})
	}
}

// remember keeps the answers, as far as they were given.
func (g *Gallery) remember() {
	if values := g.form.Values(); g.chosen != "" && !maps.Equal(values, g.deeds.Answers(g.chosen)) {
		g.deeds.Answered(g.chosen, values)
	}
}

// show fills the preview.
func (g *Gallery) show() {
	thing, ok := g.deeds.Find(g.chosen)
	widgets.SetVisible(g.form, ok)
	if !ok {
		g.chosen, g.asked = "", ""
		g.preview.Objects = []fyne.CanvasObject{
			widgets.NewParagraph(lang.L("What would you like to see?"), widgets.HeadingText),
			widgets.NewParagraph(lang.L("Choose a report to see what it answers, what it asks and what it costs. Enter runs it; arrows go through the list."), widgets.BodyText),
			widgets.NewFlow(8, g.leave()...),
		}
		g.refresh()
		return
	}
	here := g.deeds.Here()
	if g.top != here.Target.Tenant.Domain || !here.SignedIn {
		g.tenants = nil // another tenant was chosen at the top
	}
	s := subjectOf(thing, here, g.where(here, thing))
	g.ask(thing, s, here)
	g.preview.Objects = g.about(thing, s, here)
	g.refresh()
}

func (g *Gallery) refresh() {
	g.Content.Refresh()
	g.preview.Refresh()
	widgets.FollowKeyboard(g.scroll)
}

// where are the tenants of the next run.
func (g *Gallery) where(here Here, t Thing) []endpoint.Tenant {
	if len(g.tenants) > 0 && t.several() {
		return g.tenants
	}
	return []endpoint.Tenant{here.Target.Tenant}
}

// ask puts the questions into the form, where they are not there yet: what is typed stays.
func (g *Gallery) ask(t Thing, s subject, here Here) {
	key := g.chosen + "\n" + report.ServiceOf(here.Target.Endpoint)
	g.form.Check, g.form.Preview = s.check, s.powerShell
	if g.asked != key {
		g.asked = key
		g.form.SetSpec(s.form)
		g.form.SetValues(g.deeds.Answers(g.chosen))
	}
	g.form.SetRunText(s.run)
	g.form.SetRunnable(!here.SignedIn || t.Lacks == "")
	g.form.SetActions(g.actions(t, here)...)
}

func (g *Gallery) leave() []fyne.CanvasObject {
	if !g.deeds.Returns() {
		return nil
	}
	return []fyne.CanvasObject{widgets.NewButton(lang.L("Back"), func() { g.deeds.Back() })}
}

// actions are the buttons beside Run.
func (g *Gallery) actions(t Thing, here Here) []fyne.CanvasObject {
	var buttons []fyne.CanvasObject
	if t.Cmdlet == nil && here.SignedIn {
		buttons = append(buttons, widgets.NewButton(lang.L("Open first"), g.Open))
		if t.Lacks == "" {
			buttons = append(buttons, widgets.NewButton(lang.L("Run regularly ..."), func() { g.deeds.Schedule(g.chosen) }))
		}
	}
	if t.Report != nil {
		buttons = append(buttons, widgets.NewButton(lang.L("Duplicate"), func() { g.deeds.Duplicate(g.chosen) }))
	}
	return append(buttons, g.leave()...)
}
