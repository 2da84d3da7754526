package atomicfile

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Twice finds two names of one file among some, as [Same] has it; two empty ones where
// all are different. An empty name is none.
func Twice(names ...string) (a, b string) {
	for i, a := range names {
		for _, b := range names[:i] {
			if a != "" && b != "" && Same(b, a) {
				return b, a
			}
		}
	}
	return "", ""
}

// Same says whether two names are one file: what is written under one would be lost under
// the other. Links of both kinds are followed, and names that differ in case or in how
// their accents are written are the same where the folder has them so; the file need not be
// there. The null device keeps nothing, and is another one each time.
func Same(a, b string) bool {
	x, errA := os.Stat(a)
	y, errB := os.Stat(b)
	switch {
	case errA == nil && errB == nil:
		return os.SameFile(x, y) && !isNull(x)
	case errA == nil || errB == nil:
		return false // one is there, and the other one is not
	}
	return willBe(a) == willBe(b) || sameFolder(willBe(a), willBe(b))
}

// SameOpen is [Same] for a file that is open, such as standard output.
func SameOpen(f *os.File, name string) bool {
	x, err := f.Stat()
	if err != nil {
		return false
	}
	y, err := os.Stat(name)
	return err == nil && os.SameFile(x, y) && !isNull(x)
}

func isNull(info os.FileInfo) bool {
	null, err := os.Stat(os.DevNull)
	return err == nil && os.SameFile(null, info)
}

// willBe is the path of a file that is not there; where that cannot be said, the name.
func willBe(name string) string {
	if target, err := destination(name); err == nil {
		name = target
	}
	if whole, err := filepath.Abs(name); err == nil {
		return whole
	}
	return filepath.Clean(name)
}

// sameFolder compares two files of one folder that are not there.
func sameFolder(a, b string) bool {
	x, errA := os.Stat(filepath.Dir(a))
	y, errB := os.Stat(filepath.Dir(b))
	if errA != nil || errB != nil || !os.SameFile(x, y) {
		return false
	}
	nameA, nameB := filepath.Base(a), filepath.Base(b)
	return nameA == nameB || strings.EqualFold(norm.NFC.String(nameA), norm.NFC.String(nameB)) && takesAsOne(filepath.Dir(a), nameA, nameB)
}

// takesAsOne asks a folder whether it takes two names as one, by a working file with the
// first in its name. A folder that takes no file has no answer, and none is written there.
func takesAsOne(dir, a, b string) bool {
	probe := workingName(a)
	file, err := os.OpenFile(filepath.Join(dir, probe), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return false
	}
	defer func() { // a probe that stays is swept
		_ = file.Close()
		_ = os.Remove(file.Name())
	}()
	one, err := file.Stat()
	if err != nil {
		return false
	}
	other, err := os.Stat(filepath.Join(dir, strings.Replace(probe, shortened(a, maxBase), shortened(b, maxBase), 1)))
	return err == nil && os.SameFile(one, other)
}
