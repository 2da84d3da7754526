package atomicfile

import (
	"io/fs"
	"os"
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

// keepRights keeps the mark for reading only; rights come from the folder.
func keepRights(f *os.File, old fs.FileInfo) error { return f.Chmod(old.Mode().Perm()) }

// rename closes the file, since Windows renames no open one, and gives it its name.
func rename(f *os.File, name string) error {
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// syncDir does nothing: Windows cannot sync a folder, and NTFS journals the rename.
func syncDir(string) error { return nil }
