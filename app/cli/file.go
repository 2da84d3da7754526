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
	case err == nil:
		return f.replacing(name, info.Mode().Perm())
	}
	return f.create(name, 0o666)
}

// replacing makes the file that is to take the place of one that is there: the
// one that a link leads to, with the rights that it has, and not of one that is
// protected from being written.
func (f *files) replacing(name string, rights fs.FileMode) (io.Writer, error) {
	there, err := filepath.EvalSymlinks(name)
	if err != nil {
		return nil, cannotWrite(name, err)
	}
	probe, err := os.OpenFile(there, os.O_WRONLY, 0)
	if err != nil {
		return nil, cannotWrite(name, err)
	}
	if err := probe.Close(); err != nil {
		return nil, cannotWrite(name, err)
	}
	w, err := f.create(there, rights)
	if err != nil {
		return nil, err
	}
	file := (*f)[len(*f)-1]
	info, err := file.Stat()
	if err == nil && info.Mode().Perm() != rights { // the umask took some away
		err = file.Chmod(rights)
	}
	if err != nil {
		return nil, join(cannotWrite(name, err), f.discard())
	}
	return w, nil
}

// create makes the working file of a name.
func (f *files) create(name string, rights fs.FileMode) (io.Writer, error) {
	working := filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+"."+rand.Text())
	// Not CreateTemp, which would keep the report from colleagues.
	file, err := os.OpenFile(working, os.O_CREATE|os.O_EXCL|os.O_WRONLY, rights)
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
