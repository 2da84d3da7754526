package ownreports

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/report"
	"postroom/widgets"
)

const (
	saveWidth    = 560
	namedColumns = 12 // of a report that is about to be saved
)

// columnWords names the columns, the first of them where there are many.
func columnWords(names []string) string {
	if len(names) <= namedColumns {
		return strings.Join(names, " · ")
	}
	return strings.Join(names[:namedColumns], " · ") + " · " + fmt.Sprintf(lang.L("%s more"), words.Number(len(names)-namedColumns))
}

// Save asks for a title and keeps a report that was made of a tab. own is the report
// of one's own that the tab showed, which can be replaced; nil for none.
func Save(d Deps, r report.Report, title string, own *report.Report) {
	name, asks := widgets.NewEntry(), widgets.NewEntry()
	name.SetText(title)
	asks.SetText(words.Of(r.Asks))
	said := widgets.NewParagraph("", widgets.ErrorText)
	said.Hide()
	var s *widgets.Sheet
	keep := func(do func(context.Context, *report.Report) error) {
		r.Title, r.Asks = text(report.Text{}, name.Text), text(r.Asks, asks.Text)
		if r.Title.En == "" {
			d.Desk.Focus(name)
			return
		}
		d.Desk.Spawn(func() { // ends when the file is written
			kept := r
			err := do(context.Background(), &kept)
			d.Desk.Post(func() {
				if err != nil {
					said.SetText(problemText(err))
					said.Show()
					s.Arrange()
					return
				}
				s.Hide()
				d.Changed()
				d.Desk.Note(widgets.Success, fmt.Sprintf(lang.L("%s saved to your reports."), kept.Title.En))
			})
		})
	}
	fresh := func() {
		keep(func(ctx context.Context, r *report.Report) (err error) {
			if r.Name, err = d.Library.Free(r.Title.En); err != nil {
				return err
			}
			return d.Library.Save(ctx, *r, report.New)
		})
	}
	save := widgets.NewPrimaryButton(lang.L("Save"), fresh)
	name.OnSubmitted = func(string) { fresh() }
	n := r.Notation()
	rows := []fyne.CanvasObject{
		widgets.NewFormRow(widgets.NewParagraph(lang.L("Title"), widgets.LabelText), name),
		widgets.NewFormRow(widgets.NewParagraph(lang.L("What it answers"), widgets.LabelText), asks),
		widgets.NewParagraph(n.Steps, widgets.MutedText),
		widgets.NewParagraph(columnWords(r.Given()), widgets.MutedText),
	}
	if n.Keep != "" {
		rows = append(rows, widgets.NewParagraph(fmt.Sprintf(lang.L("Keep rows where: %s"), n.Keep), widgets.MutedText))
	}
	if n.Sort != "" {
		rows = append(rows, widgets.NewParagraph(fmt.Sprintf(lang.L("Sort by: %s"), n.Sort), widgets.MutedText))
	}
	if !r.Reads() {
		rows = append(rows, widgets.NewCheck(lang.L("This report may change something when it runs. Save it anyway."), func(on bool) { r.Allowed = on }))
	}
	buttons := []fyne.CanvasObject{widgets.NewButton(lang.L("Cancel"), func() { s.Hide() })}
	if own != nil {
		buttons = append(buttons, widgets.NewButton(fmt.Sprintf(lang.L("Replace %s"), words.Of(own.Title)), func() {
			keep(func(ctx context.Context, r *report.Report) error {
				r.Name = own.Name
				return d.Library.Save(ctx, *r, report.Replace)
			})
		}))
	}
	s = d.Desk.Sheets.New(widgets.SheetSpec{
		Title: lang.L("Save as a report"), Explanation: lang.L("The form's questions, and the columns, filters and order on screen."),
		Width: saveWidth, Foot: widgets.NewFoot(nil, append(buttons, save)...),
	}, append(rows, said)...)
	s.Show(name)
	name.TypedShortcut(&fyne.ShortcutSelectAll{})
}
