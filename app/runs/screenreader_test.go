package runs_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"postroom/app/desktest"
)

// TestWhatTakesTheKeyboardHasAName for screen readers: the table, its bar, its sheets.
func TestWhatTakesTheKeyboardHasAName(t *testing.T) {
	b, tab := ranMailboxes(t)
	named := 0
	look := func(where string) {
		t.Helper()
		desktest.Walk(desktest.Front(b.desk), func(o fyne.CanvasObject) {
			if _, takes := o.(fyne.Focusable); !takes {
				return
			}
			a, is := o.(fyne.Accessible)
			if !is || strings.TrimSpace(a.AccessibilityLabel()) == "" {
				t.Errorf("%s: a %T has no name", where, o)
			}
			named++
		})
	}
	look("the tab")
	for where, open := range map[string]func(){
		"details":  func() { b.desk.Focus(tab.Grid()); tab.Grid().SetCurrent(0, 0); keys(b, "", fyne.KeyReturn) },
		"filter":   func() { filter(t, b, tab, "Name") },
		"computed": func() { headingMenu(t, b, tab, "Items"); b.choose("New computed column ...") },
		"columns":  func() { headingMenu(t, b, tab, "Items"); b.choose("Columns ...") },
	} {
		open()
		b.settle()
		look(where)
		b.desk.Sheets.Top().Leave()
		b.settle()
	}
	if named < 30 {
		t.Errorf("only %d were looked at", named)
	}
	tab.Grid().SetCurrent(0, column(t, tab, "Items")) // whichever sheet was the last
	if label := tab.Grid().AccessibilityLabel(); !strings.HasPrefix(label, "30 ") || !strings.Contains(label, "Items 0") {
		t.Errorf("the table is called %q", label)
	}
}
