// Package gallery is the page on which reports are found and looked at before
// they run: by group, by words, favourites and those used last; beside the list
// what the chosen one answers, asks, shows and costs, and what is sent. Which
// reports there are, and what they lack here, is said by the window.
package gallery

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session/report"
	"postroom/widgets"
)

// Deeds are what the page lets the window do, and asks of it.
type Deeds struct {
	// Find gives the report that an item of the list stands for.
	Find func(id string) (report.Report, bool)
	// Lacks says why a report does not run here; "" where it does.
	Lacks func(report.Report) string
	// Place is where it would run, and Service what that is; "" while nobody is
	// signed in.
	Place, Service func() string
	// Plan gives the PowerShell of the steps, a line each, with nothing answered.
	Plan func(report.Report) string
	// Favourite and Mark are about an item of the list.
	Favourite func(id string) bool
	Mark      func(id string, favourite bool)
	// Run opens a report and runs it, unless it needs an answer first; Open opens
	// it alone.
	Run, Open func(id string)
	// Actions are what else can be done with a report: to copy it, to schedule it.
	Actions func(id string) []fyne.CanvasObject
	// Things say what the rows of reports are.
	Things func() report.Things
	// Back leaves the page for what is open, where Returns says that there is some.
	Back    func()
	Returns func() bool
}

// Gallery is the page. UI thread only.
type Gallery struct {
	// List has the reports; the window fills it.
	List *widgets.SideList
	// Content is the page.
	Content *fyne.Container

	desk  *desk.Desk
	deeds Deeds

	chosen  string
	preview *fyne.Container
	scroll  *container.Scroll
	foot    *fyne.Container
	back    *widgets.Button
}

// New makes the page, without a report.
func New(d *desk.Desk, deeds Deeds) *Gallery {
	g := &Gallery{List: widgets.NewSideList(), desk: d, deeds: deeds, preview: widgets.NewColumn(10), foot: widgets.NewColumn(0)}
	g.List.SetPlaceHolder(lang.L("Find a report by name, or ask in your own words"))
	g.List.OnCurrent = g.Choose
	g.List.OnOpen = func(id string) {
		if _, known := deeds.Find(id); !known {
			deeds.Open(id) // what has no preview, as a pack
			return
		}
		g.Choose(id)
	}
	g.List.OnEnter = func(id string) {
		g.List.OnOpen(id)
		if g.chosen == id {
			g.run()
		}
	}
	g.List.OnFavourite = deeds.Mark
	g.back = widgets.NewButton(lang.L("Back"), func() { g.deeds.Back() })
	g.scroll = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 0, 0, 10), g.preview))
	g.Content = &fyne.Container{Layout: &arrangement{}, Objects: []fyne.CanvasObject{g.List, g.scroll, g.foot}}
	g.show()
	return g
}

// Focus gives the keyboard to the search.
func (g *Gallery) Focus() { g.List.FocusSearch() }

// Chosen is the item whose preview is shown; "" for none.
func (g *Gallery) Chosen() string { return g.chosen }

// Choose shows the preview of a report.
func (g *Gallery) Choose(id string) {
	if _, known := g.deeds.Find(id); !known {
		return
	}
	g.chosen = id
	g.scroll.Offset = fyne.Position{}
	g.show()
}

// Refresh shows the chosen report anew: another account, another tenant.
func (g *Gallery) Refresh() { g.show() }

// run runs the chosen report where it can.
func (g *Gallery) run() {
	if r, ok := g.deeds.Find(g.chosen); ok && (g.deeds.Place() == "" || g.deeds.Lacks(r) == "") {
		g.deeds.Run(g.chosen)
	}
}

// show fills the preview.
func (g *Gallery) show() {
	r, ok := g.deeds.Find(g.chosen)
	if !ok {
		g.preview.Objects = []fyne.CanvasObject{
			widgets.NewParagraph(lang.L("What would you like to see?"), widgets.HeadingText),
			widgets.NewParagraph(lang.L("Choose a report to see what it answers, what it asks and what it costs. Enter runs it; arrows go through the list."), widgets.BodyText),
		}
		g.foot.Objects = []fyne.CanvasObject{widgets.NewFlow(8, g.leave()...)}
	} else {
		g.preview.Objects = g.about(r)
		g.foot.Objects = []fyne.CanvasObject{widgets.NewFlow(8, g.actions(r)...)}
	}
	g.Content.Refresh()
	g.preview.Refresh()
	g.foot.Refresh()
}

func (g *Gallery) leave() []fyne.CanvasObject {
	if !g.deeds.Returns() {
		return nil
	}
	return []fyne.CanvasObject{g.back}
}

// actions are the buttons below the preview.
func (g *Gallery) actions(r report.Report) []fyne.CanvasObject {
	lacks, where := g.deeds.Lacks(r), g.deeds.Place()
	text := fmt.Sprintf(lang.L("Run on %s"), where)
	if where == "" {
		text = lang.L("Sign in and run")
	}
	run := widgets.NewPrimaryButton(text, g.run)
	open := widgets.NewButton(lang.L("Open first"), func() { g.deeds.Open(g.chosen) })
	if where != "" && lacks != "" {
		run.Disable()
	}
	if where == "" {
		open.Disable()
	}
	mark := lang.L("Add to favourites")
	favourite := g.deeds.Favourite(g.chosen)
	if favourite {
		mark = lang.L("Remove from favourites")
	}
	buttons := []fyne.CanvasObject{run, open, widgets.NewButton(mark, func() { g.deeds.Mark(g.chosen, !favourite) })}
	if g.deeds.Actions != nil {
		buttons = append(buttons, g.deeds.Actions(g.chosen)...)
	}
	return append(buttons, g.leave()...)
}

// about is the preview of a report.
func (g *Gallery) about(r report.Report) []fyne.CanvasObject {
	service := g.deeds.Service()
	parts := []fyne.CanvasObject{
		widgets.NewParagraph(words.Of(r.Title), widgets.HeadingText),
		widgets.NewParagraph(words.Of(r.Asks), widgets.MutedText),
	}
	if lacks := g.deeds.Lacks(r); lacks != "" {
		parts = append(parts, widgets.NewBanner(widgets.Warning, fmt.Sprintf(lang.L("Not here: %s."), lacks)))
	}
	parts = append(parts, fact(lang.L("Questions"), g.questions(r)), fact(lang.L("Columns"), columns(r, service)))
	_, shape := r.For(service)
	if len(shape.Marks) > 0 {
		var texts []string
		for _, m := range shape.Marks {
			texts = append(texts, m.Column+": "+words.Of(m.Text))
		}
		parts = append(parts, fact(lang.L("Marks"), strings.Join(texts, "\n")))
	}
	if cost, err := r.Cost(service); err == nil {
		parts = append(parts, fact(lang.L("Cost"), fmt.Sprintf(lang.L("In each tenant %s."), cost.In(lang.L("en"), g.deeds.Things()))))
	}
	if caveat := words.Of(r.Caveat); caveat != "" {
		parts = append(parts, widgets.NewBanner(widgets.Information, caveat))
	}
	code := g.deeds.Plan(r)
	copied := widgets.NewLink(lang.L("Copy as PowerShell"), func() { g.desk.Copy(code) })
	return append(parts, widgets.NewCard(widgets.NewColumn(6, widgets.NewParagraph(code, widgets.CodeText), widgets.NewFlow(0, copied))))
}

// fact is what there is to know of something.
func fact(label, text string) fyne.CanvasObject {
	return widgets.NewColumn(2, widgets.NewText(label, widgets.LabelText), widgets.NewParagraph(text, widgets.BodyText))
}

// questions says what is asked, and what is optional.
func (g *Gallery) questions(r report.Report) string {
	if len(r.Questions) == 0 {
		return lang.L("None: it runs at once.")
	}
	var lines []string
	for _, q := range r.Questions {
		line := words.Of(q.Label)
		if line == "" {
			line = q.Name
		}
		if len(q.Choices) > 0 {
			line += " (" + strings.Join(q.Choices, ", ") + ")"
		}
		switch {
		case q.Default != "":
			line += " · " + fmt.Sprintf(lang.L("else %s"), q.Default)
		case !q.Needed:
			line += " · " + lang.L("optional")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// columns names the columns in their order, with a heading of their own where
// they have one.
func columns(r report.Report, service string) string {
	_, shape := r.For(service)
	var list []string
	for _, c := range shape.Columns {
		name := words.Of(c.Title)
		if name == "" {
			name = c.Name
		}
		list = append(list, name)
	}
	if len(shape.Marks) > 0 {
		list = append(list, report.MarksTitle(lang.L("en")))
	}
	return strings.Join(list, ", ")
}
