package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Temporary makes a file to be written and read by this program alone (0600), in dir,
// which is made for the user alone where it is missing; "" is the system's folder for
// temporary files. It ends with [Drop]. Nothing stays of it when the program is killed,
// or, where a system removes no open file, the next sweep of the folder removes it.
func Temporary(dir string) (*os.File, error) {
	if dir == "" {
		dir = os.TempDir()
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	sweep(dir)
	file, err := os.OpenFile(filepath.Join(dir, workingName("rows")), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	removeOpen(file)
	return file, nil
}

// Drop closes and removes a file of Temporary.
func Drop(f *os.File) error {
	closing := f.Close()
	removing := os.Remove(f.Name())
	if errors.Is(removing, fs.ErrNotExist) {
		removing = nil
	}
	return errors.Join(closing, removing)
}
