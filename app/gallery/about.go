package gallery

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"postroom/app/runs"
	"postroom/app/words"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/widgets"
)

// about is the preview of a thing: what it answers, where it would run, and what there is
// to know.
func (g *Gallery) about(t Thing, s subject, here Here) []fyne.CanvasObject {
	parts := []fyne.CanvasObject{
		widgets.NewParagraph(s.title, widgets.HeadingText),
		widgets.NewFlow(8, g.badges(t)...),
	}
	if s.asks != "" {
		parts = append(parts, widgets.NewParagraph(s.asks, widgets.MutedText))
	}
	if t.Lacks != "" {
		parts = append(parts, widgets.NewBanner(widgets.Warning, fmt.Sprintf(lang.L("Not here: %s."), t.Lacks)))
	}
	if here.SignedIn {
		parts = append(parts, row(lang.L("Tenants"), g.whereTo(t, here)))
	}
	for _, f := range s.facts {
		parts = append(parts, row(f.label, widgets.NewDropped(widgets.NewParagraph(f.text, widgets.BodyText))))
	}
	g.form.OnChanged = nil
	if s.files != nil {
		names := widgets.NewParagraph(s.files(g.form.Values()), widgets.BodyText)
		parts = append(parts, row(lang.L("Files"), widgets.NewDropped(names)))
		g.form.OnChanged = func() {
			names.SetText(s.files(g.form.Values()))
			g.refresh()
		}
	}
	if t.Last != nil {
		parts = append(parts, row(lang.L("Last run"), g.last(t)))
	}
	if s.caveat != "" {
		parts = append(parts, widgets.NewBanner(widgets.Information, s.caveat))
	}
	return parts
}

// labelWidth is that of the labels of the preview.
const labelWidth = 84

// row is what there is to know of something, beside what it is.
func row(label string, content fyne.CanvasObject) fyne.CanvasObject {
	return widgets.NewFormRowWith(labelWidth, widgets.NewParagraph(label, widgets.LabelText), content)
}

// badges say in a word what the thing is, and whether it is a favourite.
func (g *Gallery) badges(t Thing) []fyne.CanvasObject {
	risk := cmdlet.Reads
	switch {
	case t.Cmdlet != nil:
		risk = t.Cmdlet.Risk()
	case t.Report != nil && !t.Report.Reads():
		risk = cmdlet.Changes
	}
	text, role := lang.L("only reads"), widgets.SuccessText
	switch risk {
	case cmdlet.Changes:
		text, role = lang.L("changes"), widgets.WarningText
	case cmdlet.Destroys:
		text, role = lang.L("destroys"), widgets.ErrorText
	}
	mark := lang.L("Add to favourites")
	if t.Favourite {
		mark = lang.L("Remove from favourites")
	}
	id := g.chosen
	favourite := widgets.NewLink(mark, func() { g.deeds.Mark(id, !t.Favourite) })
	favourite.Small = true
	return []fyne.CanvasObject{widgets.NewPanelWith(widgets.PanelLook{Edge: theme.ColorNameSeparator, Radius: 4, PadX: 6, PadY: 2}, widgets.NewText(text, role)), favourite}
}

// mostShown is how many tenants are named.
const mostShown = 12

// whereTo names the tenants of the next run, and lets others be chosen: all, those of a
// tag, or any.
func (g *Gallery) whereTo(t Thing, here Here) fyne.CanvasObject {
	tenants := g.where(here, t)
	var named []fyne.CanvasObject
	for _, each := range tenants[:min(mostShown, len(tenants))] {
		look := widgets.PanelLook{Edge: theme.ColorNameSeparator, Radius: 4, PadX: 6, PadY: 2}
		if c := words.TenantColor(each); c != color.Transparent {
			look.Accent = c
		}
		named = append(named, widgets.NewPanelWith(look, widgets.NewText(words.Place(target(here, each)), widgets.BodyText)))
	}
	if more := len(tenants) - mostShown; more > 0 {
		named = append(named, widgets.NewText(fmt.Sprintf(lang.L("%s more"), words.Number(more)), widgets.MutedText))
	}
	if !t.several() || len(here.Tenants) == 0 {
		return widgets.NewFlow(6, named...)
	}
	choose := small(lang.L("Choose ..."), func() { runs.ChooseTenants(g.desk, here.Tenants, tenants, g.useTenants) })
	choices := []fyne.CanvasObject{choose}
	if len(tenants) < len(here.Tenants) {
		choices = append(choices, small(fmt.Sprintf(lang.L("All %s"), words.Number(len(here.Tenants))), func() { g.useTenants(here.Tenants) }))
	}
	for _, tag := range runs.Tags(here.Tenants) {
		choices = append(choices, small(tag, func() { g.useTenants(runs.Tagged(here.Tenants, tag)) }))
	}
	if len(g.tenants) > 0 {
		choices = append(choices, small(fmt.Sprintf(lang.L("Only %s"), words.Place(here.Target)), func() { g.useTenants([]endpoint.Tenant{here.Target.Tenant}) }))
	}
	return widgets.NewColumn(6, widgets.NewFlow(6, choices...), widgets.NewFlow(6, named...))
}

func small(text string, do func()) *widgets.Button {
	b := widgets.NewButton(text, do)
	b.Small = true
	return b
}

// last says when it ran last, and leads to its rows and to what changed.
func (g *Gallery) last(t Thing) fyne.CanvasObject {
	e := *t.Last
	text := e.Started.Local().Format("2006-01-02 15:04") + " · " + words.Rows(e.Rows)
	if len(e.Tenants) > 1 {
		text += " · " + words.Tenants(len(e.Tenants))
	}
	parts := []fyne.CanvasObject{widgets.NewText(text, widgets.BodyText), widgets.NewLink(lang.L("Open the rows"), func() { g.deeds.Rows(e) })}
	if t.Report != nil {
		parts = append(parts, widgets.NewLink(lang.L("Compare"), func() { g.deeds.Compare(e) }))
	}
	return widgets.NewFlow(8, parts...)
}
