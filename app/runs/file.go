package runs

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/widgets"
)

// fileMost is the size of a file that a parameter takes at most: certificates, photos and
// lists are far smaller, and the text of it is held in memory.
const fileMost = 25 << 20

// errNoFile is told of what is no file that can be read whole: a folder, a device, a pipe.
var errNoFile = errors.New("runs: not a file")

// fileTooLargeError is told of a file above fileMost.
type fileTooLargeError struct{ Bytes int64 }

// Error says how large the file is.
func (e *fileTooLargeError) Error() string {
	return fmt.Sprintf("runs: the file has %d bytes", e.Bytes)
}

// chooseFile asks for a file, by name or from a list, and gives its content to took as the
// binder reads it.
func (t *Tab) chooseFile(field string, took func(name, value string)) {
	path := widgets.NewEntry()
	path.SetPlaceHolder(lang.L("Path of the file"))
	wrong := widgets.NewParagraph("", widgets.ErrorText)
	wrong.Hide()
	var s *widgets.Sheet
	take := func() {
		name := strings.Trim(strings.TrimSpace(path.Text), `"`) // as Windows copies a path
		if name == "" {
			return
		}
		t.Desk.Spawn(func() { // ends when the file is read
			value, err := readFile(name)
			t.Desk.Post(func() {
				if err != nil {
					wrong.SetText(fileProblem(err))
					wrong.Show()
					s.Arrange()
					return
				}
				s.Hide()
				took(filepath.Base(name), value)
			})
		})
	}
	path.OnSubmitted = func(string) { take() }
	browse := widgets.NewButton(lang.L("Browse ..."), func() { t.browse(path) })
	cancel := widgets.NewButton(lang.L("Cancel"), func() { s.Hide() })
	s = t.Desk.Sheets.New(widgets.SheetSpec{
		Title: spaced(field), Width: 560, Foot: widgets.NewFoot(browse, cancel, widgets.NewPrimaryButton(lang.L("Take"), take)),
	}, path, wrong)
	s.Show(path)
}

// browse lets the name of a file be taken from a list.
func (t *Tab) browse(path *widgets.Entry) {
	d := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		if err != nil || f == nil { // nil: cancelled
			return
		}
		path.SetText(f.URI().Path())
		if err := f.Close(); err != nil { // it is read by its name
			t.Desk.Problem(err)
		}
	}, t.Desk.Window)
	d.Show()
	d.Resize(t.Desk.Window.Canvas().Size().SubtractWidthHeight(80, 80))
}

// readFile reads a file as base64.
func readFile(name string) (string, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return "", fmt.Errorf("look at %s: %w", name, err)
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("read %s: %w", name, errNoFile)
	case info.Size() > fileMost:
		return "", fmt.Errorf("read %s: %w", name, &fileTooLargeError{info.Size()})
	}
	f, err := os.Open(name)
	if err != nil {
		return "", fmt.Errorf("open %s: %w", name, err)
	}
	content, err := io.ReadAll(io.LimitReader(f, fileMost+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	return base64.StdEncoding.EncodeToString(content), nil
}

// fileProblem says why a file cannot be taken.
func fileProblem(err error) string {
	large, is := errors.AsType[*fileTooLargeError](err)
	switch {
	case is:
		return fmt.Sprintf(lang.L("The file has %s; at most %s can be sent."), bytesText(float64(large.Bytes)), bytesText(fileMost))
	case errors.Is(err, errNoFile):
		return lang.L("This file cannot be read.")
	}
	return words.Explain(err).Title
}
