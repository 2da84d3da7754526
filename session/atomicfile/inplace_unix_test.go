//go:build !windows

package atomicfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestATornFileSaysWhereAllOfItIs: a file that cannot be written to is one whose disk
// fails in the middle.
func TestATornFileSaysWhereAllOfItIs(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "report.csv")
	if err := os.WriteFile(name, []byte("old and long"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := beginInPlace(name, name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, "new"); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("input/output error")
	err = wrap(f.name, errors.Join(f.torn(broken), f.discard()))
	torn, is := errors.AsType[*TornError](err)
	if !is || torn.Name != name || torn.Kept != name+tornSuffix || !errors.Is(err, broken) || !strings.Contains(err.Error(), torn.Kept) {
		t.Fatalf("%v", err)
	}
	if b, err := os.ReadFile(torn.Kept); err != nil || string(b) != "new" {
		t.Errorf("%q, %v", b, err)
	}
}

// TestWhatHasNoRoomLeavesTheOldFile: also where the content goes into the file that is
// there. A reader takes the place of a disk that is full.
func TestWhatHasNoRoomLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "report.csv")
	if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := beginInPlace(name, name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.discard(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := io.WriteString(f, "new and longer"); err != nil {
		t.Fatal(err)
	}
	reader, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if err := f.copyPart(reader, 3, 14); err == nil {
		t.Error("a file that is open for reading was written to")
	}
	if b, err := os.ReadFile(name); err != nil || string(b) != "old" {
		t.Errorf("%q, %v", b, err)
	}
}
