package widgets_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/widgets"
)

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
