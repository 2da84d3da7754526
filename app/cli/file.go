package cli

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// partialSuffix marks a file whose run did not come to its end.
const partialSuffix = ".partial"

// files are those that the flags named. Rows go to a file beside the one that
// was asked for; it takes its name only when the run came to its end, so that a
// broken off run never looks like a whole one.
type files []pendingFile

// pendingFile is a file under its working name.
type pendingFile struct {
	*os.File
	name string // the name it is to have; "" when it has it, being no regular file
}

// open gives the writer for what a flag named.
func (f *files) open(name string, stdout io.Writer) (io.Writer, error) {
	if name == stdoutName {
		return stdout, nil
	}
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return nil, &usageError{command: "run", what: name + " is a folder, not a file"}
	case err == nil && !info.Mode().IsRegular(): // a device or a pipe must not be replaced
		device, openErr := os.OpenFile(name, os.O_WRONLY, 0)
		return f.add(device, "", cannotWrite(name, openErr))
	}
	working := filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+"."+rand.Text())
	//lint:ignore gosec the person's umask says who may read it; CreateTemp would keep the report from colleagues
	file, err := os.OpenFile(working, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	return f.add(file, name, cannotWrite(name, err))
}

func (f *files) add(file *os.File, name string, err error) (io.Writer, error) {
	if err != nil {
		return nil, err
	}
	*f = append(*f, pendingFile{File: file, name: name})
	return file, nil
}

// keep gives the files their names: the one asked for, or with .partial when
// the rows may not be all, which it tells.
func (f *files) keep(whole bool, messages io.Writer) error {
	var failed []error
	for _, file := range *f {
		name, err := file.keep(whole)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		if !whole {
			fmt.Fprintf(messages, "postroom: the rows that came are in %s\n", name)
		}
	}
	*f = nil
	return join(failed...)
}

func (f pendingFile) keep(whole bool) (name string, err error) {
	if f.name == "" {
		return f.Name(), f.Close()
	}
	name = f.name
	if !whole {
		name += partialSuffix
	}
	err = errors.Join(f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return name, join(cannotWrite(name, err), os.Remove(f.Name()))
	}
	return name, nil
}

// discard removes the files.
func (f *files) discard() error {
	var failed []error
	for _, file := range *f {
		failed = append(failed, file.Close())
		if file.name != "" {
			failed = append(failed, os.Remove(file.Name()))
		}
	}
	*f = nil
	return errors.Join(failed...)
}

// cannotWrite makes a fileError that speaks of the name that the person knows,
// not of the working name.
func cannotWrite(name string, err error) error {
	if err == nil {
		return nil
	}
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return &fileError{name: name, err: &fs.PathError{Op: "write", Path: name, Err: err}}
}
