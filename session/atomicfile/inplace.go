package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// TornError means that the disk failed while the content of a file was written into the
// file that is there: that one is neither the old nor the new.
type TornError struct {
	Name string // of the file
	Kept string // where all of the new content is
	Err  error
}

// Error names both files and the cause.
func (e *TornError) Error() string {
	return fmt.Sprintf("write %s: %v; all of it is in %s", e.Name, e.Err, e.Kept)
}

// Unwrap gives the cause.
func (e *TornError) Unwrap() error { return e.Err }

// beginInPlace makes a working file whose content goes into the file that is there. It is
// for the user alone, as it may lie where others read: beside the file, or where that
// folder takes none in the one for temporary files.
func beginInPlace(name, target string) (*File, error) {
	f, err := begin(name, target, filepath.Dir(target), Private)
	if err != nil && refusesFiles(err) {
		f, err = begin(name, target, os.TempDir(), Private)
	}
	if err != nil {
		return nil, err
	}
	f.inPlace = true
	return f, nil
}

// overwrite writes the working file's content into the file that is there. What that one
// lacks in length comes first: where the disk has no room for it, the file is as it was.
func (f *File) overwrite() (err error) {
	f.inPlace = true
	to, err := os.OpenFile(f.target, os.O_WRONLY|noFollow|atOnce, 0)
	if errors.Is(err, fs.ErrNotExist) { // it went meanwhile
		return f.copyTo(f.target)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	if err := alone(to); err != nil {
		return err
	}
	was, err := to.Stat()
	if err != nil {
		return err
	}
	if !was.Mode().IsRegular() {
		return fs.ErrInvalid // what was a file is something else by now
	}
	now, err := f.file.Stat()
	if err != nil {
		return err
	}
	if err := f.copyPart(to, was.Size(), now.Size()); err != nil {
		return errors.Join(err, to.Truncate(was.Size()))
	}
	err = f.copyPart(to, 0, min(was.Size(), now.Size()))
	if err == nil {
		err = to.Truncate(now.Size())
	}
	if err == nil {
		err = to.Sync()
	}
	if err != nil {
		return f.torn(err)
	}
	return nil
}

// copyPart copies what stands from one place to another, and syncs it.
func (f *File) copyPart(to *os.File, from, end int64) error {
	if from >= end {
		return nil
	}
	if _, err := io.Copy(io.NewOffsetWriter(to, from), io.NewSectionReader(f.file, from, end-from)); err != nil {
		return err
	}
	return to.Sync()
}

// tornSuffix stands behind the name of a file whose content could not be written into it.
const tornSuffix = ".new"

// torn keeps the working file where a person finds it.
func (f *File) torn(err error) error {
	kept := filepath.Join(filepath.Dir(f.file.Name()), filepath.Base(f.target)+tornSuffix)
	if renaming := os.Rename(f.file.Name(), kept); renaming != nil {
		return errors.Join(err, renaming)
	}
	return &TornError{Name: f.target, Kept: kept, Err: err}
}

// copyTo gives the content a file of its own.
func (f *File) copyTo(name string) error {
	return Replace(name, Shared, func(to io.Writer) error {
		now, err := f.file.Stat()
		if err != nil {
			return err
		}
		_, err = io.Copy(to, io.NewSectionReader(f.file, 0, now.Size()))
		return err
	})
}
