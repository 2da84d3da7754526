package ownreports

import (
	"context"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"

	"postroom/app/saving"
	"postroom/app/words"
	"postroom/session/atomicfile"
	"postroom/session/report"
	"postroom/widgets"
)

const (
	reviewWidth  = 720
	browseWidth  = 820 // of Fyne's dialog for files
	browseHeight = 560
)

// takeIn asks for a file that somebody shared. One sheet is shown at a time: the page
// comes back afterwards.
func (p *page) takeIn() {
	p.sheet.Hide()
	path := widgets.NewEntry()
	path.SetPlaceHolder(lang.L("Path of the file"))
	said := widgets.NewParagraph("", widgets.ErrorText)
	said.Hide()
	var s *widgets.Sheet
	tell := func(err error) {
		said.SetText(problemText(err))
		said.Show()
		s.Arrange()
	}
	read := func() {
		name, err := saving.ReadPath(path.Text)
		if err != nil {
			tell(err)
			return
		}
		p.read(name, func() { s.Hide() }, tell)
	}
	path.OnSubmitted = func(string) { read() }
	browse := widgets.NewLink(lang.L("Choose a file ..."), func() {
		d := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
			if err == nil && f != nil {
				_ = f.Close() // it was opened for its name alone
				path.SetText(f.URI().Path())
			}
		}, p.Desk.Window)
		d.Resize(fyne.NewSize(browseWidth, browseHeight))
		d.Show()
	})
	s = p.Desk.Sheets.New(widgets.SheetSpec{
		Title:       lang.L("Import reports"),
		Explanation: lang.L("You review every command before anything is imported. Nothing runs."),
		Width:       pageWidth / 2, Foot: widgets.NewFoot(nil, widgets.NewButton(lang.L("Cancel"), func() { p.back(s, "") }), widgets.NewPrimaryButton(lang.L("Review"), read)),
	}, path, widgets.NewFlow(0, browse), said)
	s.Leave = func() { p.back(s, "") }
	s.Show(path)
}

// back leaves a sheet for the page, with the one of a name chosen.
func (p *page) back(from *widgets.Sheet, name string) {
	from.Hide()
	Show(p.Deps, name)
}

// read reads a file on a worker and shows what is in it.
func (p *page) read(path string, done func(), tell func(error)) {
	p.Desk.Spawn(func() { // ends when the file is read
		var shared report.Shared
		var review []report.Reviewed
		raw, err := atomicfile.Read(path, report.MostShared)
		if err == nil {
			shared, err = report.ReadShared(raw)
		}
		if err == nil {
			review, err = p.Library.Review(shared, lang.L("en"))
		}
		p.Desk.Post(func() {
			if err != nil {
				tell(err)
				return
			}
			done()
			p.review(shared, review)
		})
	})
}

// review shows every command of a file, and keeps it when the person agrees. What
// may change something is kept only after a tick of its own.
func (p *page) review(shared report.Shared, review []report.Reviewed) {
	var rows []fyne.CanvasObject
	changing := false
	for _, r := range review {
		title := r.Title
		if r.As != r.Name {
			title += " · " + fmt.Sprintf(lang.L("imported as %s"), r.As)
		}
		rows = append(rows, widgets.NewParagraph(title, widgets.StrongText))
		for _, command := range r.Commands {
			role, text := widgets.MutedText, command
			if slices.Contains(r.Changing, command) {
				role, text, changing = widgets.ErrorText, fmt.Sprintf(lang.L("changes: %s"), command), true
			}
			rows = append(rows, widgets.NewParagraph(text, role))
		}
	}
	may := report.ReadingOnly
	var s *widgets.Sheet
	keep := widgets.NewPrimaryButton(lang.L("Import"), func() {
		p.Desk.Spawn(func() { // ends when the file is written
			names, err := p.Library.Import(context.Background(), shared, may)
			p.Desk.Post(func() {
				if err != nil {
					p.Desk.Problem(err)
					return
				}
				p.Changed()
				p.Desk.Note(widgets.Success, fmt.Sprintf(lang.L("%s imported."), words.Number(len(names))))
				p.back(s, names[0])
			})
		})
	})
	if changing {
		rows = append(rows, widgets.NewCheck(lang.L("Allow these reports to make changes: I know what they do and trust their author."), func(on bool) {
			may = report.ReadingOnly
			keep.Disable()
			if on {
				may = report.AlsoChanges
				keep.Enable()
			}
		}))
		keep.Disable()
	}
	s = p.Desk.Sheets.New(widgets.SheetSpec{
		Title:       lang.L("What is in the file"),
		Explanation: lang.L("These commands run when you run the reports. Import them only if you know what they do."),
		Width:       reviewWidth, Foot: widgets.NewFoot(nil, widgets.NewButton(lang.L("Cancel"), func() { p.back(s, "") }), keep),
	}, widgets.NewColumn(4, rows...))
	s.Leave = func() { p.back(s, "") }
	s.Show(nil)
}
