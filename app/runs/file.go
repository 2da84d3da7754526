package runs

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/saving"
	"postroom/app/words"
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
func chooseFile(d *desk.Desk, field string, took func(name, value string)) {
	saving.Open(d, saving.Wanted{Title: spaced(field), Explain: fileProblem, Read: func(path string) (func(), error) {
		value, err := readFile(path)
		return func() { took(filepath.Base(path), value) }, err
	}})
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
		return fmt.Sprintf(lang.L("The file has %s; at most %s can be sent."), words.Size(float64(large.Bytes)), words.Size(fileMost))
	case errors.Is(err, errNoFile):
		return lang.L("This file cannot be read.")
	}
	return words.Explain(err).Title
}
