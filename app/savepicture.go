package app

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/app/saving"
	"postroom/session/atomicfile"
	"postroom/widgets"
)

// picture asks where a picture goes, and writes it there on a worker.
func (e *exporter) picture(name string, whole bool, write func(w io.Writer, ending string) error) {
	e.saver.Ask(saving.Question{
		Title: lang.L("Save picture"), Name: name, Types: []saving.Type{{Title: "PNG", Ext: ".png"}, {Title: "SVG", Ext: ".svg"}},
		Partial: !whole,
		Save: func(path string) {
			end, written := e.exports.begin(), e.saver.Writing(path)
			e.desk.Spawn(func() { // ends with the file
				defer end()
				err := atomicfile.Replace(path, atomicfile.Shared, func(w io.Writer) error {
					return write(w, strings.ToLower(filepath.Ext(path)))
				})
				e.desk.Post(func() {
					written()
					if err != nil {
						e.desk.Problem(err)
						return
					}
					e.saver.Saved(widgets.Success, fmt.Sprintf(lang.L("The picture was written to %s"), filepath.Base(path)), path)
				})
			})
		},
	})
}

// copyPicture puts a picture on the system's clipboard, on a worker.
func (e *exporter) copyPicture(write func(io.Writer) error) {
	e.desk.Spawn(func() { // ends when the picture is there
		var png bytes.Buffer
		err := write(&png)
		if err == nil {
			err = e.copy(png.Bytes())
		}
		e.desk.Post(func() {
			if err == nil {
				e.desk.Note(widgets.Success, lang.L("The picture is on the clipboard."))
				return
			}
			e.desk.Toasts.Add(widgets.Toast{
				Severity: widgets.Warning, Text: lang.L("The picture could not be copied. Save it instead."),
				Actions: []widgets.Action{{Label: lang.L("Details"), OnTapped: func() { e.desk.ProblemSheet(err) }}},
			})
		})
	})
}
