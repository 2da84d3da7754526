//go:build !windows

package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// atOnce opens a pipe without waiting for somebody who reads it: nothing ends such a
// wait, no signal either. Where nobody reads it is the error ENXIO.
const atOnce = syscall.O_NONBLOCK

// hold marks a working file as alive: the lock ends with the program, however that
// ends. It is false when a sweep was faster.
func hold(f *os.File) bool {
	if err := flock(f, syscall.LOCK_EX); err != nil {
		return true // no locks on this file system: nobody sweeps there either
	}
	ours, err := f.Stat()
	if err != nil {
		return true // the file will tell when it is written
	}
	there, err := os.Lstat(f.Name())
	return err == nil && os.SameFile(ours, there)
}

// removeAbandoned removes a working file that nobody holds.
func removeAbandoned(name string) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }() // it was only looked at
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return
	}
	if flock(f, syscall.LOCK_EX|syscall.LOCK_NB) == nil {
		_ = os.Remove(name) // what stays is swept next time
	}
}

func flock(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// removeOpen takes the name of a file away; the file lives until it is closed.
func removeOpen(f *os.File) { _ = os.Remove(f.Name()) } // if it cannot be, Drop tries again

// keepRights gives a new file the rights and, where that is allowed, the group of the
// one that it replaces.
func keepRights(f *os.File, old fs.FileInfo) error {
	if stat, ok := old.Sys().(*syscall.Stat_t); ok {
		_ = f.Chown(-1, int(stat.Gid)) // only members of the group may
	}
	return f.Chmod(old.Mode().Perm()) // after Chown, which may take bits away
}

// rename gives the file its name and closes it: the lock holds until it has it.
func rename(f *os.File, name string) error {
	if err := os.Rename(f.Name(), name); err != nil {
		return err
	}
	return f.Close()
}

// syncDir makes a rename in dir durable. Some network file systems cannot sync a folder
// and say EINVAL or ENOTSUP; the rename itself stands all the same.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if errors.Is(err, fs.ErrPermission) {
		return nil // a folder in which one may write but not read
	}
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
