package atomicfile

import (
	"os"
	"path/filepath"
	"strings"
)

// sweepEntries is how many names of a folder a sweep looks at: in a huge folder on a
// slow share it must not hold a report back.
const sweepEntries = 20_000

// sweep removes the working files in dir whose programs have been killed. What it
// cannot remove the next sweep tries again.
func sweep(dir string) {
	folder, err := os.Open(dir)
	if err != nil {
		return
	}
	names, _ := folder.Readdirnames(sweepEntries) // what was read before an error is swept
	_ = folder.Close()                            // it was only read
	for _, name := range names {
		if isWorkingName(name) {
			removeAbandoned(filepath.Join(dir, name))
		}
	}
}

// randomSize is the length of rand.Text.
const randomSize = 26

func isWorkingName(name string) bool {
	i := strings.LastIndex(name, workingMark)
	if i < 1 || name[0] != '.' {
		return false
	}
	random := name[i+len(workingMark):]
	return len(random) == randomSize && strings.Trim(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}
