package jsonfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	asideMark    = ".unreadable-" // and a number
	acceptedMark = ".accepted"
)

// Aside names the files that were set aside in the place of the one at path, and that
// nobody has accepted yet: what was in them is missed until a person says that it is not.
func Aside(path string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Dir(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("jsonfile: look for what was set aside of %s: %w", path, err)
	}
	var kept []string
	for _, e := range entries {
		number, ours := strings.CutPrefix(e.Name(), filepath.Base(path)+asideMark)
		if _, err := strconv.Atoi(number); ours && err == nil {
			kept = append(kept, filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
	return kept, nil
}

// Accept gives the files that Aside names another name, so that they are kept and missed
// no longer.
func Accept(path string) error {
	kept, err := Aside(path)
	if err != nil {
		return err
	}
	for _, name := range kept {
		if err := os.Rename(name, name+acceptedMark); err != nil {
			return fmt.Errorf("jsonfile: accept %s: %w", name, err)
		}
	}
	return nil
}
