//go:build !windows

package jsonfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"postroom/session/atomicfile"
	"postroom/session/jsonfile"
)

// A pipe in the place of the file, or of its lock, is not waited for.
func TestAPipeInTheWayIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.json")
	for _, name := range []string{path + ".lock", path} {
		if err := syscall.Mkfifo(name, 0o600); err != nil {
			t.Skip("no pipes here:", err)
		}
	}
	if err := jsonfile.Load(path, 1, &settings{}); !errors.Is(err, atomicfile.ErrNotRegular) {
		t.Errorf("the file: %v", err)
	}
	_, err := jsonfile.Update(t.Context(), path, 1, func(*settings) error { return nil })
	if !errors.Is(err, atomicfile.ErrNotRegular) {
		t.Errorf("the lock: %v", err)
	}
}

// What lies in a folder that is everybody's may be anybody's.
func TestAFolderThatIsOpenToEverybodyIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "open")
	path := filepath.Join(dir, "f.json")
	if err := jsonfile.Save(path, 1, settings{}); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o777); err != nil { //nolint:gosec // that is what is tested
		t.Fatal(err)
	}
	var open *jsonfile.OpenFolderError
	if err := jsonfile.Load(path, 1, &settings{}); !errors.As(err, &open) || open.Dir != dir {
		t.Errorf("Load: %v", err)
	}
	if err := jsonfile.Save(path, 1, settings{}); !errors.As(err, &open) {
		t.Errorf("Save: %v", err)
	}
	if err := os.Chmod(dir, 0o770); err != nil { //nolint:gosec // a group of one's own is usual
		t.Fatal(err)
	}
	if err := jsonfile.Load(path, 1, &settings{}); err != nil {
		t.Errorf("with a group: %v", err)
	}
}
