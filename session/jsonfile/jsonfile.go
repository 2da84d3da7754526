// Package jsonfile reads and writes the small JSON files in which this program
// keeps settings and lists: each with a version, written whole or not at all,
// and set aside when it cannot be read instead of being overwritten.
//
// It knows nothing of what is in the files and keeps no cache. Passwords do not
// belong into such a file.
package jsonfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"

	"postroom/session/atomicfile"
)

// maxSize is the largest file that Load reads, in bytes. A larger one is not
// ours and is set aside.
const maxSize = 64 << 20

// The errors that callers tell apart.
var (
	// ErrVersion is in the chain when the file has another version than the
	// one asked for.
	ErrVersion = errors.New("jsonfile: unknown version")
	// ErrUnreadable is in the chain of Peek's error when Load would set the
	// file aside.
	ErrUnreadable = errors.New("jsonfile: the file cannot be understood")
)

// OpenFolderError is a folder in which every user of the computer may write: what is
// in it may be anybody's, so nothing is read from it and nothing kept there.
type OpenFolderError struct{ Dir string }

// Error names the folder.
func (e *OpenFolderError) Error() string {
	return "jsonfile: every user of this computer may write in " + e.Dir
}

// OpenFolder gives Dir.
func (e *OpenFolderError) OpenFolder() string { return e.Dir }

// NewerError is a file that a newer version of this program has written. It is
// whole and somebody needs it, so it is not touched.
type NewerError struct {
	Path           string
	Version, Known int // of the file, and the newest that is understood
}

// Error names the file and both versions.
func (e *NewerError) Error() string {
	return fmt.Sprintf("jsonfile: %s was written by a newer version of this program (%d, known is %d)", e.Path, e.Version, e.Known)
}

// Unwrap gives ErrVersion.
func (e *NewerError) Unwrap() error { return ErrVersion }

// SetAsideError reports a file that could not be understood and was renamed.
type SetAsideError struct {
	Path string // where it was
	Kept string // where it is now, in the same folder
	Err  error  // what was wrong with it
}

// Error names the file, its new name and what was wrong.
func (e *SetAsideError) Error() string {
	return fmt.Sprintf("jsonfile: %s could not be read and was kept as %s: %v", e.Path, filepath.Base(e.Kept), e.Err)
}

// Unwrap gives what was wrong with the file.
func (e *SetAsideError) Unwrap() error { return e.Err }

type envelope struct {
	Version int             `json:"version"`
	Data    json.RawMessage `json:"data"`
}

// Load reads the file at path into v, a pointer. A missing file leaves v as it
// is and is no error. A file that is not JSON, does not fit v, or has an
// unknown version is renamed and reported as *SetAsideError; v is then as it
// was. Any other error means that the file could not be read and was not
// touched; *NewerError that a newer program has written it.
func Load(path string, version int, v any) error {
	err := Peek(path, version, v)
	if !errors.Is(err, ErrUnreadable) {
		return err
	}
	kept, renameErr := setAside(path)
	if renameErr != nil {
		return fmt.Errorf("jsonfile: set %s aside (%w): %w", path, err, renameErr)
	}
	return &SetAsideError{Path: path, Kept: kept, Err: err}
}

// Peek is Load for a reader without the lock of Update: it leaves the file
// where it is. Where Load would set it aside, ErrUnreadable is in the chain.
func Peek(path string, version int, v any) error {
	b, err := read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("jsonfile: read %s: %w", path, err)
	}
	err = decode(b, version, v)
	var newer *NewerError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &newer):
		newer.Path = path
		return newer
	}
	return fmt.Errorf("%w: %w", ErrUnreadable, err)
}

// read gives the bytes of the file, or none for one that is too large to be ours.
func read(path string) ([]byte, error) {
	if err := checkFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	b, err := atomicfile.Read(path, maxSize) // a pipe would be waited for without end, with the lock held
	if errors.Is(err, atomicfile.ErrTooLarge) {
		return nil, nil // no JSON, so it is set aside as unreadable
	}
	return b, err
}

// decode fills v only when all of b fits: a half-filled v would be saved over
// the rest later.
func decode(b []byte, version int, v any) error {
	var e envelope
	if err := json.Unmarshal(b, &e); err != nil {
		return err
	}
	if e.Version > version {
		return &NewerError{Version: e.Version, Known: version}
	}
	if e.Version != version {
		return fmt.Errorf("%w %d, want %d", ErrVersion, e.Version, version)
	}
	if len(e.Data) == 0 {
		return errors.New("jsonfile: no data")
	}
	return unmarshalWhole(e.Data, v)
}

// unmarshalWhole decodes into a fresh value first, so that an error in the
// middle leaves v untouched.
func unmarshalWhole(data []byte, v any) error {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return errors.New("jsonfile: the target is not a pointer")
	}
	fresh := reflect.New(target.Type().Elem())
	if err := json.Unmarshal(data, fresh.Interface()); err != nil {
		return err
	}
	target.Elem().Set(fresh.Elem())
	return nil
}

// setAside renames path to the first free name of the form path.unreadable-N,
// which none that was accepted has had.
func setAside(path string) (string, error) {
	for n := 1; ; n++ {
		kept := path + asideMark + strconv.Itoa(n)
		free := true
		for _, name := range []string{kept, kept + acceptedMark} {
			if _, err := os.Lstat(name); err == nil {
				free = false
			} else if !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
		}
		if free {
			return kept, os.Rename(path, kept)
		}
	}
}

// Save writes v to path with the version, so that after a crash the file is
// either the old or the new one. The folder is created when it is missing. Only
// the user can read the file (0600, folder 0700).
func Save(path string, version int, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("jsonfile: encode %s: %w", path, err)
	}
	compact, err := json.Marshal(envelope{Version: version, Data: data})
	if err != nil {
		return fmt.Errorf("jsonfile: encode %s: %w", path, err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", "  "); err != nil {
		return fmt.Errorf("jsonfile: encode %s: %w", path, err)
	}
	b.WriteByte('\n')
	if err := MakeDir(filepath.Dir(path)); err != nil {
		return err
	}
	err = atomicfile.Replace(path, atomicfile.Private, func(w io.Writer) error {
		_, writing := w.Write(b.Bytes())
		return writing
	})
	if err != nil {
		return fmt.Errorf("jsonfile: %w", err)
	}
	return nil
}

// MakeDir creates the folder dir and those above it, for the user alone. One that
// is there and open to everybody is an *OpenFolderError.
func MakeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("jsonfile: create folder: %w", err)
	}
	return checkFolder(dir)
}

// checkFolder refuses a folder that is open to everybody. Windows has no such bits.
func checkFolder(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("jsonfile: look at the folder: %w", err)
	}
	const others = 0o002
	if runtime.GOOS != "windows" && info.IsDir() && info.Mode().Perm()&others != 0 {
		return &OpenFolderError{Dir: dir}
	}
	return nil
}
