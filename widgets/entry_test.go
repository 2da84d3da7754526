package widgets_test

import (
	"testing"

	"fyne.io/fyne/v2"

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
