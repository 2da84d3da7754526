package jsonfile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"postroom/session/atomicfile"
)

// lockRetry is how often the lock of another writer is tried. Writers hold it
// for one write of a small file.
const lockRetry = 5 * time.Millisecond

// patience bounds Update's wait for the lock: who holds it longer hangs.
const patience = 10 * time.Second

// BusyError is a file that another process, or another goroutine, had locked for longer
// than a write takes. Nothing was written.
type BusyError struct{ Path string }

// Error names the file.
func (e *BusyError) Error() string {
	return "jsonfile: another process has held the lock of " + e.Path + " for too long"
}

// Unwrap gives context.DeadlineExceeded.
func (e *BusyError) Unwrap() error { return context.DeadlineExceeded }

// Update reads the file at path, lets change work on what is in it, and writes
// it back, under a lock that every caller of Update in every process takes. A
// missing file, or one that had to be set aside, gives change the zero T. An
// error of change is returned as it is and leaves the file as it was. It waits for the
// lock until ctx ends, and for at most ten seconds, after which the error is a *BusyError.
//
// setAside reports a file that was renamed because it could not be understood;
// it may come with a nil error.
func Update[T any](ctx context.Context, path string, version int, change func(*T) error) (setAside *SetAsideError, err error) {
	return UpdateThen(ctx, path, version, change, func(T) {})
}

// UpdateThen is Update; then is called with what was written before the lock is let go, for
// files beside this one that what is in it names.
func UpdateThen[T any](ctx context.Context, path string, version int, change func(*T) error, then func(T)) (setAside *SetAsideError, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, &BusyError{Path: path})
	defer cancel()
	err = Locked(ctx, path, func() error {
		var v T
		if err := Load(path, version, &v); err != nil && !errors.As(err, &setAside) {
			return err
		}
		if err := change(&v); err != nil {
			return err
		}
		if err := Save(path, version, v); err != nil {
			return err
		}
		then(v)
		return nil
	})
	return setAside, err
}

// Locked calls do while it holds the lock of the file at path, which every caller
// of Update and Locked in every process takes. It makes the file's folder. An
// error of do is returned as it is.
func Locked(ctx context.Context, path string, do func() error) error {
	if err := MakeDir(filepath.Dir(path)); err != nil {
		return err
	}
	name := path + ".lock"
	if err := atomicfile.CheckRegular(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("jsonfile: lock %s: %w", path, err) // opening a pipe would not return
	}
	lock := flock.New(name, flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, lockRetry); err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return fmt.Errorf("jsonfile: lock %s: %w", path, err)
	}
	defer func() { _ = lock.Close() }() // closing the file releases it in any case
	return do()
}
