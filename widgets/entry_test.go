package widgets_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"postroom/widgets"
)

// TestEntry_cuts_a_place_holder_that_has_no_room: Fyne would show a scroll bar under it. It
// stands whole again when there is room.
func TestEntry_cuts_a_place_holder_that_has_no_room(t *testing.T) {
	themedApp(t)
	e := widgets.NewEntry()
	const hint = "Filter rows by what stands in them"
	e.SetPlaceHolder(hint)
	w := window(t, e, 120, 40)
	if !readable(e, "…") || e.Hint() != hint {
		t.Errorf("in a narrow entry %q are read", texts(e))
	}
	if text := textObject(t, e, e.PlaceHolder); text.MinSize().Width > 120 {
		t.Errorf("%q is wider than its entry", text.Text)
	}
	w.Resize(fyne.NewSize(500, 40))
	e.Resize(fyne.NewSize(490, 36))
	mustRead(t, e, hint)
	e.SetPlaceHolder("")
	if readable(e, "Filter") {
		t.Error("the place holder stays")
	}
}

// TestEntry_Space_that_brought_the_keyboard: the driver types a blank after the key; it belongs
// to the button that was pressed, and the next blank to the entry.
func TestEntry_Space_that_brought_the_keyboard(t *testing.T) {
	themedApp(t)
	e := widgets.NewEntry()
	var w fyne.Window
	b := widgets.NewButton("Open", func() { w.Canvas().Focus(e) })
	w = window(t, container.NewVBox(b, e), 300, 200)
	space := func() {
		press(w, fyne.KeySpace)
		typed(w, " ")
	}
	w.Canvas().Focus(b)
	space()
	if e.Text != "" {
		t.Errorf("pressing the button typed %q", e.Text)
	}
	space()
	typed(w, "a")
	space()
	if e.Text != " a " {
		t.Errorf("typed is %q", e.Text)
	}
	e.SetText("")
	picker := widgets.NewPicker(tenants(3), nil)
	w = window(t, container.NewVBox(picker), 500, 400)
	w.Canvas().Focus(picker)
	space()
	if !picker.Opened() || readable(overlay(w), "Nothing found") {
		t.Errorf("a list opened by Space, open %v, searches for a blank", picker.Opened())
	}
}
