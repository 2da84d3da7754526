package widgets_test

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/widgets"
)

// TestForm_sets_leave_room_for_the_search: four tabs with long names pressed it to a few letters
// and a scroll bar; they are a list where the form is too narrow for them.
func TestForm_sets_leave_room_for_the_search(t *testing.T) {
	spec := widgets.FormSpec{DefaultSet: "A"}
	for i := range 12 {
		spec.Fields = append(spec.Fields, widgets.Field{Name: fmt.Sprint("Parameter", i), Rank: i})
	}
	for name, label := range map[string]string{"A": "Default", "B": "Delayed delicensing", "C": "AD FS authentication", "D": "Shorten event scope default"} {
		spec.Sets = append(spec.Sets, widgets.ParameterSet{Name: name, Label: label})
	}
	f, w := showForm(t, spec)
	for _, c := range []struct {
		width float32
		tabs  bool
	}{{1300, true}, {790, false}, {560, false}, {1300, true}} {
		w.Resize(fyne.NewSize(c.width, 500))
		tabs, list, room := false, false, float32(0)
		walk(f, func(o fyne.CanvasObject) {
			switch o := o.(type) {
			case *widgets.Segments:
				tabs = tabs || o.AccessibilityLabel() == "Default"
			case *widgets.Picker:
				item, _ := o.Item()
				list = list || item.Title == "Default"
			case *widgets.Entry:
				if o.Hint() == "Find a parameter" {
					room = o.Size().Width
				}
			}
		})
		if tabs != c.tabs || list == c.tabs || room < 150 {
			t.Errorf("at %v tabs %v, a list %v, %v for the search", c.width, tabs, list, room)
		}
	}
}

// TestForm_a_chosen_set_stays: the tab that a person chose stays, as in Show-Command, although
// another set lacks nothing: what it lacks is told beside the field, nothing is sent by the
// other. Only values that it has not at all lead to one that has them.
func TestForm_a_chosen_set_stays(t *testing.T) {
	f, w := showForm(t, widgets.FormSpec{
		DefaultSet: "Open",
		Sets:       []widgets.ParameterSet{{Name: "Open"}, {Name: "Strict"}},
		Fields: []widgets.Field{
			{Name: "Wanted", Needs: widgets.Requirement{In: []string{"Strict"}, Certain: true}, Sets: []string{"Strict"}},
			{Name: "Name"},
			{Name: "Only", Sets: []string{"Open"}},
		},
	})
	ran := 0
	f.OnRun = func(map[string]string) { ran++ }
	var tabs *widgets.Segments
	walk(f, func(o fyne.CanvasObject) {
		if s, is := o.(*widgets.Segments); is && tabs == nil {
			tabs = s
		}
	})
	w.Canvas().Focus(tabs)
	press(w, fyne.KeyRight)
	stays := func(when string) {
		t.Helper()
		if f.ParameterSet() != "Strict" {
			t.Fatalf("%s the set is %q", when, f.ParameterSet())
		}
	}
	stays("chosen by key")
	f.SetValues(map[string]string{"Name": "ada"}) // as a pasted line, which both sets have
	stays("after a line that fits both")
	f.SetHelp(widgets.FormSpec{Fields: []widgets.Field{{Name: "Name", Help: "late"}}})
	stays("when help has come")
	test.Tap(button(t, f, "Run"))
	stays("after Run")
	mustRead(t, f, "Fill in this field.")
	if ran != 0 {
		t.Error("it was sent by the other set")
	}
	f.SetValues(nil)
	stays("emptied")
	f.SetValues(map[string]string{"Only": "x"})
	if f.ParameterSet() != "Open" {
		t.Errorf("values that the set has not leave %q chosen", f.ParameterSet())
	}
}

// TestForm_a_chosen_set_ends_the_search: the search is emptied, and all fields of the set are
// shown; what it had filtered stayed away.
func TestForm_a_chosen_set_ends_the_search(t *testing.T) {
	spec := widgets.FormSpec{DefaultSet: "Open", Sets: []widgets.ParameterSet{{Name: "Open"}, {Name: "Strict"}}}
	for i := range 12 {
		spec.Fields = append(spec.Fields, widgets.Field{Name: fmt.Sprint("Parameter", i), Rank: i})
	}
	f, w := showForm(t, spec)
	all := f.InSight()
	var search *widgets.Entry
	var tabs *widgets.Segments
	walk(f, func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widgets.Entry:
			if o.Hint() == "Find a parameter" {
				search = o
			}
		case *widgets.Segments:
			if tabs == nil {
				tabs = o
			}
		}
	})
	for name, choose := range map[string]func(){
		"by key":         func() { w.Canvas().Focus(tabs); press(w, fyne.KeyRight); press(w, fyne.KeyLeft) },
		"by the program": func() { f.SetParameterSet("Strict") },
	} {
		w.Canvas().Focus(search)
		typed(w, "meter7")
		if seen := f.InSight(); !slices.Equal(seen, []string{"Parameter7"}) {
			t.Fatalf("%s: the search finds %q", name, seen)
		}
		choose()
		if search.Text != "" || !slices.Equal(f.InSight(), all) {
			t.Errorf("%s: the search is %q and shows %q, not %q", name, search.Text, f.InSight(), all)
		}
	}
}
