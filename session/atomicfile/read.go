package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// The errors of Read.
var (
	// ErrNotRegular: what is there is a folder, a device or a pipe.
	ErrNotRegular = errors.New("not a regular file")
	// ErrTooLarge: the file is larger than was asked for.
	ErrTooLarge = errors.New("the file is too large")
)

// Read gives the content of a regular file of at most most bytes. A pipe would be
// waited for without end and a device has no end: both are refused before they are
// opened. Errors are *fs.PathError with ErrNotRegular, ErrTooLarge or what the system
// said.
func Read(name string, most int64) ([]byte, error) {
	if err := CheckRegular(name); err != nil {
		return nil, err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if int64(len(b)) > most {
		return nil, &fs.PathError{Op: "read", Path: name, Err: ErrTooLarge}
	}
	return b, nil
}

// CheckRegular says what is wrong with a name that is to be opened as a regular file:
// nothing is there, or ErrNotRegular.
func CheckRegular(name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return &fs.PathError{Op: "read", Path: name, Err: ErrNotRegular}
	}
	return nil
}
