package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// atOnce is nothing: no name of a file is waited for on Windows.
const atOnce = 0

// hold is not needed: Windows removes no file that a program has open.
func hold(*os.File) bool { return true }

// closing is how long a working file may be closed before it has its name.
const closing = time.Minute

// removeAbandoned removes a working file that no program has open.
func removeAbandoned(name string) {
	info, err := os.Lstat(name)
	if err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > closing {
		_ = os.Remove(name) // what stays is swept next time
	}
}

// removeOpen does nothing: Windows removes no open file.
func removeOpen(*os.File) {}

// keepOwner does nothing: rights and owner come from the folder.
func keepOwner(*os.File, fs.FileInfo) error { return nil }

// hasOtherNames says that a file has further hard links, which a new file would not have.
func hasOtherNames(f *os.File) bool {
	var info syscall.ByHandleFileInformation
	err := syscall.GetFileInformationByHandle(syscall.Handle(f.Fd()), &info)
	return err == nil && info.NumberOfLinks > 1 // writing tells of an error
}

// hasAccessList is false: rights come from the folder.
func hasAccessList(string) bool { return false }

// refusesFiles says that a folder takes no new file, though one in it may be written.
func refusesFiles(err error) bool { return errors.Is(err, fs.ErrPermission) }

// isMounted is false: no file is mounted by itself on Windows.
func isMounted(error) bool { return false }

// noFollow is nothing: links are rare here, and the name was resolved.
const noFollow = 0

// alone does nothing: there is no lock that other programs would heed.
func alone(*os.File) error { return nil }

// rename closes the file, since Windows renames no open one, and gives it its name.
func rename(f *os.File, name string) error {
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// syncDir does nothing: Windows cannot sync a folder, and NTFS journals the rename.
func syncDir(string) error { return nil }
