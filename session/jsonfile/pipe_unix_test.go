//go:build !windows

package jsonfile_test

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"postroom/session/jsonfile"
)

// A pipe in the file's place is not waited for.
func TestAPipeInTheWayIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.json")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip("no pipes here:", err)
	}
	if err := jsonfile.Load(path, 1, &settings{}); !errors.Is(err, jsonfile.ErrNotRegular) {
		t.Errorf("%v", err)
	}
}
