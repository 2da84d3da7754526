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

// keepOwner gives a new file the owner and the group of the one that it replaces.
func keepOwner(f *os.File, old fs.FileInfo) error {
	ours, err := f.Stat()
	if err != nil {
		return err
	}
	now, ok := ours.Sys().(*syscall.Stat_t)
	was, known := old.Sys().(*syscall.Stat_t)
	if !ok || !known || now.Uid == was.Uid && now.Gid == was.Gid {
		return nil
	}
	return f.Chown(int(was.Uid), int(was.Gid))
}

// hasOtherNames says that a file has further hard links, which a new file would not have.
func hasOtherNames(f *os.File) bool {
	info, err := f.Stat()
	if err != nil {
		return false // writing will tell
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Nlink > 1
}

// refusesFiles says that a folder takes no new file, though one in it may be written.
func refusesFiles(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}

// isMounted says that a file could not be replaced because it is mounted by itself, as in
// containers, or because it is another user's in a folder such as /tmp.
func isMounted(err error) bool {
	return errors.Is(err, syscall.EBUSY) || errors.Is(err, syscall.EPERM)
}

// noFollow opens no link: the one that was followed may lead elsewhere by now.
const noFollow = syscall.O_NOFOLLOW

// alone waits until nobody else writes into the file that is there.
func alone(f *os.File) error {
	err := flock(f, syscall.LOCK_EX)
	if errors.Is(err, syscall.ENOTSUP) || errors.Is(err, syscall.ENOLCK) || errors.Is(err, syscall.ENOSYS) {
		return nil // no locks on this file system
	}
	return err
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
