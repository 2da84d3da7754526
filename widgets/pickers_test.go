package widgets_test

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"postroom/widgets"
)

// tenants is a list of customers to search in.
func tenants(n int) widgets.SearchFunc {
	items := make([]widgets.Item, n)
	for i := range items {
		items[i] = widgets.Item{ID: fmt.Sprint(i), Title: fmt.Sprintf("Customer %d", i), Detail: fmt.Sprintf("customer%d.example", i), Color: violet, Pinned: i == 7}
	}
	items[0].Title, items[0].Detail = "Nordsee Logistik", "nordsee-logistik.de"
	return func(text string) []widgets.Item {
		if text == "" {
			return items
		}
		var out []widgets.Item
		for _, i := range items {
			if strings.Contains(strings.ToLower(i.Title+" "+i.Detail), strings.ToLower(text)) {
				out = append(out, i)
			}
		}
		return out
	}
}

func showPicker(t *testing.T, p fyne.CanvasObject) fyne.Window {
	t.Helper()
	return window(t, container.NewVBox(p), 500, 500)
}

func TestPicker_by_keyboard(t *testing.T) {
	themedApp(t)
	var got []string
	p := widgets.NewPicker(tenants(1000), func(i widgets.Item) { got = append(got, i.Title) })
	p.PlaceHolder = "Choose a tenant"
	w := showPicker(t, p)
	mustRead(t, p, "Choose a tenant")
	w.Canvas().Focus(p)
	press(w, fyne.KeyDown) // opens, the first is chosen
	press(w, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	typed(w, "nordsee") // opens and searches
	mustRead(t, overlay(w), "Nordsee Logistik", "nordsee-logistik.de")
	press(w, fyne.KeyReturn)
	if want := "Customer 2,Nordsee Logistik"; strings.Join(got, ",") != want {
		t.Errorf("chose %q, want %q", got, want)
	}
	if overlay(w) != nil || w.Canvas().Focused() != p {
		t.Error("the list stays open, or the focus does not come back")
	}
	mustRead(t, p, "Nordsee Logistik", "nordsee-logistik.de", "N")
	press(w, fyne.KeySpace)
	typed(w, "no such customer")
	mustRead(t, overlay(w), "Nothing found")
	press(w, fyne.KeyReturn, fyne.KeyEscape)
	if len(got) != 2 || p.Opened() {
		t.Error("Escape chose something, or left the list open")
	}
	press(w, fyne.KeyReturn, fyne.KeyPageDown, fyne.KeyPageDown, fyne.KeyReturn)
	if len(got) != 3 || got[2] == "Nordsee Logistik" {
		t.Errorf("Page Down chose %q", got)
	}
}

// pressTab presses Tab as the window's driver does: it is the widget's where that takes it.
func pressTab(w fyne.Window) {
	if takes, is := w.Canvas().Focused().(fyne.Tabbable); is && takes.AcceptsTab() {
		press(w, fyne.KeyTab)
		return
	}
	w.Canvas().FocusNext()
}

// TestPicker_Tab_takes_and_goes_on: what is selected in the open list is chosen, and the next
// field has the keyboard; where nothing was found nothing is chosen.
func TestPicker_Tab_takes_and_goes_on(t *testing.T) {
	themedApp(t)
	var got []string
	p := widgets.NewPicker(tenants(10), func(i widgets.Item) { got = append(got, i.Title) })
	ticks := widgets.NewMultiPicker([]string{"One", "Two", "Three"}, nil)
	next := widgets.NewEntry()
	w := showPicker(t, container.NewVBox(p, ticks, next))
	w.Canvas().Focus(p)
	typed(w, "nordsee")
	pressTab(w)
	if strings.Join(got, ",") != "Nordsee Logistik" || p.Opened() || w.Canvas().Focused() != ticks {
		t.Fatalf("chose %q, open %v, %T has the keyboard", got, p.Opened(), w.Canvas().Focused())
	}
	typed(w, "tw") // what was searched for is ticked
	pressTab(w)
	if strings.Join(ticks.Chosen(), ",") != "Two" || ticks.Opened() || w.Canvas().Focused() != next {
		t.Fatalf("ticked %q, open %v, %T has the keyboard", ticks.Chosen(), ticks.Opened(), w.Canvas().Focused())
	}
	for _, search := range []string{"", "two"} { // and a tick stays
		w.Canvas().Focus(ticks)
		press(w, fyne.KeySpace)
		typed(w, search)
		pressTab(w)
		if strings.Join(ticks.Chosen(), ",") != "Two" || w.Canvas().Focused() != next {
			t.Errorf("after %q ticked %q, %T has the keyboard", search, ticks.Chosen(), w.Canvas().Focused())
		}
	}
	w.Canvas().Focus(p)
	typed(w, "nobody")
	pressTab(w)
	if len(got) != 1 || p.Opened() || w.Canvas().Focused() != ticks {
		t.Errorf("chose %q where nothing was found, open %v", got, p.Opened())
	}
}

// TestPicker_begins_with_what_is_chosen: who opens the list and presses Enter changes nothing,
// and the arrows go on from there.
func TestPicker_begins_with_what_is_chosen(t *testing.T) {
	themedApp(t)
	p := widgets.NewPicker(tenants(100), nil)
	w := showPicker(t, p)
	p.SetItem(tenants(100)("")[42])
	w.Canvas().Focus(p)
	press(w, fyne.KeySpace, fyne.KeyReturn)
	if i, _ := p.Item(); i.Title != "Customer 42" {
		t.Errorf("Enter alone chose %q", i.Title)
	}
	press(w, fyne.KeySpace, fyne.KeyDown, fyne.KeyReturn)
	if i, _ := p.Item(); i.Title != "Customer 43" {
		t.Errorf("Down chose %q", i.Title)
	}
	typed(w, "nordsee") // not where it was: the first that is found
	press(w, fyne.KeyReturn)
	if i, _ := p.Item(); i.Title != "Nordsee Logistik" {
		t.Errorf("a search chose %q", i.Title)
	}
}

func TestPicker_by_mouse_and_setters(t *testing.T) {
	themedApp(t)
	chosen := 0
	p := widgets.NewPicker(tenants(1000), func(widgets.Item) { chosen++ })
	w := showPicker(t, p)
	p.SetItem(widgets.Item{ID: "9", Title: "Nine"})
	p.Clear()
	if _, ok := p.Item(); ok || chosen != 0 {
		t.Error("a setter chose something")
	}
	test.Tap(p)
	third := textObject(t, overlay(w), "Customer 2")
	test.TapCanvas(w.Canvas(), where(third).AddXY(5, 5))
	if i, _ := p.Item(); i.Title != "Customer 2" || chosen != 1 {
		t.Errorf("a tap chose %q", i.Title)
	}
	test.Tap(p)
	test.Scroll(w.Canvas(), where(textObject(t, overlay(w), "Customer 2")), 0, -28*500)
	mustRead(t, overlay(w), "Customer 500")
	p.Close()
	p.Disable()
	test.Tap(p)
	if p.Opened() {
		t.Error("a disabled picker opens")
	}
}

func TestMultiPicker_ticks(t *testing.T) {
	themedApp(t)
	calls := 0
	p := widgets.NewMultiPicker([]string{"One", "Two", "Three"}, func([]string) { calls++ })
	w := showPicker(t, p)
	p.SetChosen([]string{"Two"})
	mustRead(t, p, "Two")
	test.Tap(p)
	press(w, fyne.KeyReturn, fyne.KeyDown, fyne.KeyReturn) // ticks One, unticks Two
	if got := fmt.Sprint(p.Chosen()); got != "[One]" || calls != 2 {
		t.Errorf("chosen %s after %d calls", got, calls)
	}
	mustShow(t, overlay(w), widgets.IconBoxOn)
	press(w, fyne.KeyEscape)
	if overlay(w) != nil {
		t.Error("Escape leaves the list open")
	}
}

func TestCommandPalette(t *testing.T) {
	themedApp(t)
	field := widgets.NewEntry()
	w := showPicker(t, field)
	w.Canvas().Focus(field)
	var chosen []string
	p := widgets.NewCommandPalette(tenants(50), func(i widgets.Item) { chosen = append(chosen, i.ID) })
	p.Show(w.Canvas())
	p.Show(w.Canvas()) // once is enough
	typed(w, "customer 7")
	press(w, fyne.KeyReturn)
	if fmt.Sprint(chosen) != "[7]" || p.Shown() || w.Canvas().Focused() != field {
		t.Errorf("chosen %q, shown %v", chosen, p.Shown())
	}
	p.Show(w.Canvas())
	press(w, fyne.KeyEscape)
	if p.Shown() || len(chosen) != 1 || len(w.Canvas().Overlays().List()) != 0 {
		t.Error("Escape does not close the palette")
	}
}
