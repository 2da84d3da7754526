package saving

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/widgets"
)

// Wanted is a file that a person is asked for.
type Wanted struct {
	Title, Explanation string
	// Read reads the file on a worker. taken is called on the UI thread when it could be
	// read; else the error stands in the sheet, which stays.
	Read func(path string) (taken func(), err error)
	// Explain says what is wrong with a file; nil explains as everywhere.
	Explain func(error) string
}

// Open asks for a file: by its path, which can be typed or pasted, or from a list. UI
// thread only.
func Open(d *desk.Desk, w Wanted) {
	path := widgets.NewEntry()
	path.SetPlaceHolder(lang.L("Path of the file"))
	wrong := widgets.NewParagraph("", widgets.ErrorText)
	wrong.Hide()
	if w.Explain == nil {
		w.Explain = explained
	}
	var s *widgets.Sheet
	tell := func(text string) {
		wrong.SetText(text)
		wrong.Show()
		s.Arrange()
	}
	take := func() {
		name, err := ReadPath(path.Text)
		if err != nil {
			tell(explained(err))
		}
		if err != nil || name == "" {
			return
		}
		d.Spawn(func() { // ends when the file is read
			taken, err := w.Read(name)
			d.Post(func() {
				if err != nil {
					tell(w.Explain(err))
					return
				}
				s.Hide()
				taken()
			})
		})
	}
	path.OnSubmitted = func(string) { take() }
	browse := widgets.NewButton(lang.L("Browse ..."), func() { browse(d, path) })
	cancel := widgets.NewButton(lang.L("Cancel"), func() { s.Hide() })
	s = d.Sheets.New(widgets.SheetSpec{
		Title: w.Title, Explanation: w.Explanation, Width: 560, Foot: widgets.NewFoot(browse, cancel, widgets.NewPrimaryButton(lang.L("Select"), take)),
	}, path, wrong)
	s.Show(path)
}

func explained(err error) string {
	p := words.Explain(err)
	return strings.TrimSpace(p.Title + " " + p.Fix)
}

// browse lets the name of a file be taken from a list.
func browse(d *desk.Desk, path *widgets.Entry) {
	list := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		if err != nil || f == nil { // nil: cancelled
			return
		}
		path.SetText(f.URI().Path())
		if err := f.Close(); err != nil { // it is read by its name
			d.Problem(err)
		}
	}, d.Window)
	list.Show()
	list.Resize(d.Window.Canvas().Size().SubtractWidthHeight(80, 80))
}
