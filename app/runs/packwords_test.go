package runs_test

import (
	"testing"

	"postroom/app/runs"
	"postroom/session/pack"
)

// TestBothFacesSayTheSameOfAPack: its covers say on the command line what they say in a
// window that speaks English.
func TestBothFacesSayTheSameOfAPack(t *testing.T) {
	window, line := runs.PackWords(), pack.EnglishWords()
	if window.CoverWords != line.CoverWords || window.Pack != line.Pack || window.Rows(1) != line.Rows(1) || window.Rows(2) != line.Rows(2) {
		t.Errorf("the window says %+v, the command line %+v", window, line)
	}
}
