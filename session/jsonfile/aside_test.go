package jsonfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"postroom/session/jsonfile"
)

// TestWhatWasSetAsideIsMissedUntilItIsAccepted: also by the next start, and the files stay.
func TestWhatWasSetAsideIsMissedUntilItIsAccepted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list[1].json")
	missed := func(want int) {
		t.Helper()
		if kept, err := jsonfile.Aside(path); err != nil || len(kept) != want {
			t.Fatalf("missed are %q, %v", kept, err)
		}
	}
	damage := func() {
		t.Helper()
		var v settings
		var aside *jsonfile.SetAsideError
		err := errors.Join(os.WriteFile(path, []byte("{"), 0o600), jsonfile.Load(path, 1, &v))
		if !errors.As(err, &aside) {
			t.Fatal(err)
		}
	}
	missed(0)
	if err := errors.Join(jsonfile.Accept(path), jsonfile.Save(path, 1, settings{}), os.WriteFile(path+".unreadable-x", nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	missed(0)
	damage()
	damage()
	missed(2)
	for range 2 {
		if err := jsonfile.Accept(path); err != nil {
			t.Fatal(err)
		}
		missed(0)
		damage() // takes the name of none that was accepted
		missed(1)
	}
	names, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.unreadable-[0-9]*"))
	if err != nil || len(names) != 4 {
		t.Errorf("kept are %q, %v", names, err)
	}
	if kept, err := jsonfile.Aside(filepath.Join(t.TempDir(), "none", "x.json")); err != nil || kept != nil {
		t.Errorf("a folder that is not there: %q, %v", kept, err)
	}
}
