// Package catalogue keeps on disk what accounts may run, so that the next start shows it
// at once: a file for each holder and tenant, since roles differ from tenant to tenant.
// Each has the server's own key for its set of commands; while the key is the same, so is
// the set. It is a cache: what cannot be read is as if it were not there, and a run needs
// none of it.
package catalogue

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"postroom/session/atomicfile"
	"postroom/session/cmdlet"
	"postroom/session/holder"
)

// Folder is the store's place in the folder for state.
const Folder = "catalogues"

// mostFiles is how many catalogues are kept; the least used goes first. A partner's
// tenants fit.
const mostFiles = 400

// largest is the size of a file that is read, in bytes; a catalogue of all cmdlets has two
// million.
const largest = 32 << 20

// Owner is whose catalogue it is.
type Owner struct {
	Holder holder.Holder
	// Tenant is the tenant's domain, empty for the account's own.
	Tenant string
}

// Catalogue is what an account may run.
type Catalogue struct {
	// Key is the server's own for the set of commands; empty when it has none.
	Key string
	// Cmdlets in the server's order.
	Cmdlets []cmdlet.Cmdlet
}

// ErrNone means that no catalogue is kept for the owner.
var ErrNone = errors.New("catalogue: none is kept")

// Store is the folder of catalogues. It may be used from several goroutines and processes.
type Store struct{ dir string }

// At gives the store in a folder, which needs not be there.
func At(dir string) *Store { return &Store{dir: dir} }

// file is the owner's. The name tells nothing of whom it belongs to.
func (s *Store) file(o Owner) string {
	sum := sha256.Sum256([]byte(o.Holder.Account() + "\n" + o.Holder.Server() + "\n" + strings.ToLower(o.Tenant)))
	return filepath.Join(s.dir, hex.EncodeToString(sum[:12])+".txt")
}

// Load gives the owner's catalogue, or ErrNone.
func (s *Store) Load(o Owner) (Catalogue, error) {
	name := s.file(o)
	text, err := atomicfile.Read(name, largest)
	if errors.Is(err, fs.ErrNotExist) {
		return Catalogue{}, ErrNone
	}
	if err != nil {
		return Catalogue{}, fmt.Errorf("read the catalogue: %w", err)
	}
	c, err := parse(string(text))
	if err != nil {
		return Catalogue{}, fmt.Errorf("read the catalogue %s: %w", filepath.Base(name), errors.Join(ErrNone, err))
	}
	return c, nil
}

// NotKeptError says that the disk did not do its part: the catalogue beside it is right all
// the same.
type NotKeptError struct{ Err error }

// Error gives the disk's.
func (e *NotKeptError) Error() string { return e.Err.Error() }

// Unwrap gives the disk's.
func (e *NotKeptError) Unwrap() error { return e.Err }

// Of gives the owner's catalogue: what is kept, where it is under the server's key, else
// what ask gets from the server, which is kept then. With a *NotKeptError the catalogue is
// there, too.
func (s *Store) Of(ctx context.Context, o Owner, key string, ask func(context.Context) ([]cmdlet.Cmdlet, error)) (Catalogue, error) {
	c, diskErr := s.Load(o)
	if diskErr == nil && key != "" && c.Key == key {
		return c, nil
	}
	if errors.Is(diskErr, ErrNone) {
		diskErr = nil
	}
	cmdlets, err := ask(ctx)
	if err != nil {
		return Catalogue{}, err
	}
	c = Catalogue{Key: key, Cmdlets: cmdlets}
	if err := errors.Join(diskErr, s.Save(o, c)); err != nil {
		return c, &NotKeptError{Err: err}
	}
	return c, nil
}

// Save keeps the owner's catalogue in place of an older one.
func (s *Store) Save(o Owner, c Catalogue) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("keep the catalogue: %w", err)
	}
	var b bytes.Buffer
	write(&b, c)
	err := atomicfile.Replace(s.file(o), atomicfile.Private, func(w io.Writer) error {
		_, err := w.Write(b.Bytes())
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the catalogue: %w", err)
	}
	return s.sweep()
}

// sweep deletes what is over the number, the oldest first.
func (s *Store) sweep() error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return fmt.Errorf("look through the catalogues: %w", err)
	}
	var files []fs.FileInfo
	for _, e := range entries {
		if info, infoErr := e.Info(); infoErr == nil && info.Mode().IsRegular() { // gone meanwhile is as well
			files = append(files, info)
		}
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	for _, f := range files[min(len(files), mostFiles):] {
		if removeErr := os.Remove(filepath.Join(s.dir, f.Name())); !errors.Is(removeErr, fs.ErrNotExist) { // another sweep was there
			err = errors.Join(err, removeErr)
		}
	}
	if err != nil {
		return fmt.Errorf("delete old catalogues: %w", err)
	}
	return nil
}
