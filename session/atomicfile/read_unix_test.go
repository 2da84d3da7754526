//go:build !windows

package atomicfile_test

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"postroom/session/atomicfile"
)

// A pipe that nobody writes to would be waited for, a device be read without end.
func TestOnlyRegularFilesAreRead(t *testing.T) {
	dir := t.TempDir()
	pipe, file := filepath.Join(dir, "pipe"), filepath.Join(dir, "file")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("no pipes here:", err)
	}
	write(t, file, "12345", 0o600)
	for name, want := range map[string]error{
		pipe: atomicfile.ErrNotRegular, "/dev/zero": atomicfile.ErrNotRegular, dir: atomicfile.ErrNotRegular, file: atomicfile.ErrTooLarge,
	} {
		if b, err := atomicfile.Read(name, 4); !errors.Is(err, want) || len(b) > 0 {
			t.Errorf("%s: %q, %v; want %v", name, b, err, want)
		}
	}
	if b, err := atomicfile.Read(file, 5); err != nil || string(b) != "12345" {
		t.Errorf("%q, %v", b, err)
	}
}
