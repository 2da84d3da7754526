// Package atomicfile writes files that are there whole or not at all: what is written
// goes beside the file, is synced, and takes its name at the end. Until then an older
// file of that name stays as it was. Reports, lists and settings are written so.
//
// What people have made of a file stays: a link leads where it led, and rights, owner and
// group are given to the new file. Where that cannot be, the new content is written into
// the file that is there, as editors do (Vim's 'backupcopy', GLib's g_file_replace) and
// rsync and Git do not: a file with further hard links, one of another owner or group that
// this process may not give away, one with an access control list (Linux), one whose
// folder takes no new file, and one that is mounted by itself. Also then it is written
// only when all of it is whole and synced elsewhere and there is room for it; should the
// disk fail in the middle, *[TornError] names where all of it is. What is [Private] is
// never written into a file that is there, which somebody else may have open: it takes its
// place, with its owner where this process may give that (a superuser in a user's folder).
// On Windows the new file has the rights of its folder.
//
// It knows nothing of what is in the files.
package atomicfile

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"unicode/utf8"
)

// Rights say who may read a file.
type Rights uint8

const (
	// Shared gives a new file the rights that other programs would give it, and leaves
	// those of one that is replaced as they are.
	Shared Rights = iota
	// Private is for the user alone (0600), whatever rights an older file had.
	Private
)

// ErrFolder means that there is a folder of that name.
var ErrFolder = errors.New("atomicfile: it is a folder")

// File is a file that is being written. It ends with Commit, CommitAs or Discard. One
// goroutine uses it.
type File struct {
	file *os.File
	// name is what the person gave, target the file that it leads to; target is "" for a
	// device or a pipe, which is written as it is and never replaced.
	name, target string
	rights       Rights
	// inPlace: the file that is there stays, and gets the content.
	inPlace bool
}

// Create begins a file. A link is followed: what it leads to is replaced. A device or a
// pipe is written to directly. A file that the user may not write is not replaced
// though its folder would allow it. What killed programs have left in the folder is
// swept. Errors of the file system here and below are *fs.PathError with the name that
// the person gave.
func Create(name string, rights Rights) (*File, error) {
	f, err := create(name, rights)
	if err != nil {
		return nil, wrap(name, err)
	}
	return f, nil
}

func create(name string, rights Rights) (*File, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return createNew(name, rights)
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, ErrFolder
	case !info.Mode().IsRegular():
		file, opening := os.OpenFile(name, os.O_WRONLY|atOnce, 0)
		return &File{file: file, name: name}, opening
	}
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return nil, err
	}
	probe, err := os.OpenFile(target, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	several := hasOtherNames(probe)
	err = probe.Close()
	if err != nil {
		return nil, err
	}
	if rights == Private {
		f, beginning := begin(name, target, filepath.Dir(target), rights)
		if beginning == nil {
			_ = keepOwner(f.file, info) // else it is ours, and for us alone
		}
		return f, beginning
	}
	if several || hasAccessList(target) {
		return beginInPlace(name, target)
	}
	f, err := begin(name, target, filepath.Dir(target), rights)
	switch {
	case err != nil && refusesFiles(err):
		return beginInPlace(name, target)
	case err != nil:
		return nil, err
	case keepOwner(f.file, info) != nil:
		if err := f.discard(); err != nil {
			return nil, err
		}
		return beginInPlace(name, target)
	}
	if err := f.file.Chmod(info.Mode().Perm()); err != nil { // after the owner, who may take bits away
		return nil, errors.Join(err, f.discard())
	}
	return f, nil
}

func createNew(name string, rights Rights) (*File, error) {
	target, err := destination(name)
	if err != nil {
		return nil, err
	}
	return begin(name, target, filepath.Dir(target), rights)
}

func newMode(rights Rights) fs.FileMode {
	if rights == Private {
		return 0o600
	}
	return 0o666 // less the umask
}

// destination gives the path of a file that is not there: the end of a link that leads
// nowhere, or the name itself.
func destination(name string) (string, error) {
	for range 32 {
		to, err := os.Readlink(name)
		if err != nil {
			return name, nil //nolint:nilerr // no link: it is the file
		}
		if !filepath.IsAbs(to) { // from where the link is, not from where a link to its folder is
			dir, err := filepath.EvalSymlinks(filepath.Dir(name))
			if err != nil {
				return "", err
			}
			to = filepath.Join(dir, to)
		}
		name = to
	}
	return "", errors.New("too many links")
}

// begin makes the working file in dir. A sweep of another program may take it away
// before it is locked: then another one is made.
func begin(name, target, dir string, rights Rights) (*File, error) {
	sweep(dir)
	for {
		working := filepath.Join(dir, workingName(filepath.Base(target)))
		// Not CreateTemp, which would keep a report from colleagues.
		file, err := os.OpenFile(working, os.O_CREATE|os.O_EXCL|os.O_RDWR, newMode(rights))
		if err != nil {
			return nil, err
		}
		if hold(file) {
			return &File{file: file, name: name, target: target, rights: rights}, nil
		}
		if err := file.Close(); err != nil {
			return nil, err
		}
	}
}

// workingMark is in the name of every working file, so that a sweep knows its own.
const workingMark = ".postroom-"

// maxName is how many bytes systems allow a name; maxBase keeps a working file's within.
const (
	maxName = 255
	maxBase = 200
)

func workingName(base string) string {
	return "." + shortened(base, maxBase) + workingMark + rand.Text()
}

// shortened cuts whole letters off a name until it has at most so many bytes.
func shortened(base string, most int) string {
	for len(base) > most {
		_, n := utf8.DecodeLastRuneInString(base)
		base = base[:len(base)-n]
	}
	return base
}

// Write writes to the file.
func (f *File) Write(p []byte) (int, error) {
	n, err := f.file.Write(p)
	return n, wrap(f.name, err)
}

// Sync brings what was written to the disk, as Commit does again: for who has a lock to
// take before that and would hold it for longer.
func (f *File) Sync() error { return wrap(f.name, f.file.Sync()) }

// Name is the name that the person gave.
func (f *File) Name() string { return f.name }

// Commit syncs the file and gives it its name. When that fails nothing is left of it,
// and an older file is as it was.
func (f *File) Commit() error { return f.commit("") }

// CommitAs is Commit under the name with a suffix, such as .partial, for what must not
// be taken for the whole. It gives that name: the file's own for a device, and for a link
// that of the file beside the one that it leads to. A name that has no room for the suffix
// loses its last letters.
func (f *File) CommitAs(suffix string) (name string, err error) {
	if f.target == "" {
		return f.name, f.Commit()
	}
	name = f.name
	if at, err := os.Lstat(f.name); err == nil && at.Mode()&fs.ModeSymlink != 0 {
		name = f.target
	}
	base := filepath.Base(name)
	if short := shortened(base, maxName-len(suffix)); short != base {
		name = filepath.Join(filepath.Dir(name), short)
		f.name, f.target = name, filepath.Join(filepath.Dir(f.target), short)
	}
	return name + suffix, f.commit(suffix)
}

func (f *File) commit(suffix string) error {
	if f.target == "" {
		return wrap(f.name, f.file.Close())
	}
	err := f.file.Sync()
	switch {
	case err != nil:
	case f.inPlace && suffix == "":
		err = f.overwrite()
	case f.inPlace:
		err = f.copyTo(f.target + suffix)
	default:
		err = rename(f.file, f.target+suffix)
		if suffix == "" && f.rights == Shared && isMounted(err) {
			err = f.overwrite()
		}
	}
	if err != nil {
		return wrap(f.name+suffix, errors.Join(err, f.discard()))
	}
	if f.inPlace {
		return wrap(f.name+suffix, f.discard())
	}
	return wrap(f.name+suffix, syncDir(filepath.Dir(f.target)))
}

// Discard leaves nothing of what was written.
func (f *File) Discard() error { return wrap(f.name, f.discard()) }

func (f *File) discard() error {
	closing := f.file.Close()
	if errors.Is(closing, fs.ErrClosed) { // Commit came that far
		closing = nil
	}
	if f.target == "" {
		return closing
	}
	removing := os.Remove(f.file.Name())
	if errors.Is(removing, fs.ErrNotExist) {
		removing = nil
	}
	return errors.Join(closing, removing)
}

// Replace writes a file with write. When write fails, nothing is left and an older file
// is as it was. The error of write comes back wrapped.
func Replace(name string, rights Rights, write func(io.Writer) error) error {
	f, err := Create(name, rights)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		return wrap(name, errors.Join(err, f.discard()))
	}
	return f.Commit()
}

// OpenPrivate empties or makes a file that is read while it is written, such as a log or
// a trace. It is for the user alone (0600), whatever rights an older one had. A pipe that
// nobody reads is an error.
func OpenPrivate(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|atOnce, 0o600)
	if err != nil {
		return nil, wrap(name, err)
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() {
		if err = f.Chmod(0o600); err == nil {
			err = f.Truncate(0)
		}
	}
	if err != nil {
		return nil, wrap(name, errors.Join(err, f.Close()))
	}
	return f, nil
}

// wrap speaks of the name that the person knows, not of the working name.
func wrap(name string, err error) error {
	if err == nil {
		return nil
	}
	var path *fs.PathError
	var link *os.LinkError
	var torn *TornError
	switch {
	case errors.As(err, &torn):
		torn.Name = name
		return err
	case errors.As(err, &path) && path.Op == opWrite && path.Path == name:
		return err // said already
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	case !errors.Is(err, ErrFolder):
		return fmt.Errorf("write %s: %w", name, err)
	}
	return &fs.PathError{Op: opWrite, Path: name, Err: err}
}

const opWrite = "write"
