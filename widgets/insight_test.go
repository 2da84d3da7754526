package widgets_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"postroom/widgets"
)

// everyKind is a form with a field of each kind.
func everyKind() widgets.FormSpec {
	var spec widgets.FormSpec
	for k := widgets.FieldText; k <= widgets.FieldFilter; k++ {
		spec.Fields = append(spec.Fields, widgets.Field{
			Name: "Field" + strconv.Itoa(int(k)), Kind: k, Needs: widgets.Requirement{Always: true},
			Choices: []string{"One", "Two"}, Filter: []widgets.FilterProperty{{Name: "Department"}}, Changes: jsonChanges,
		})
	}
	return spec
}

// TestForm_Tab_scrolls_to_the_field: whatever has the keyboard is in sight, forth and back, in
// a form that is taller than its room.
func TestForm_Tab_scrolls_to_the_field(t *testing.T) {
	themedApp(t)
	f := widgets.NewParameterForm()
	f.Pick = func(string, func([]string)) {}
	f.ChooseFile = func(string, func(name, value string)) {}
	f.SetSpec(everyKind())
	w := window(t, f, 900, 300)
	w.Resize(fyne.NewSize(901, 300))
	run := button(t, f, "Run")
	for name, step := range map[string]func(){"Tab": w.Canvas().FocusNext, "Shift+Tab": w.Canvas().FocusPrevious} {
		f.FocusField("Field0")
		first, seen := w.Canvas().Focused(), 0
		for step(); w.Canvas().Focused() != first && seen < 100; step() {
			o := w.Canvas().Focused().(fyne.CanvasObject)
			seen++
			if o == fyne.CanvasObject(run) {
				continue
			}
			if top, bottom := where(o).Y, where(o).Y+o.Size().Height; top < 0 || bottom > where(run).Y {
				t.Errorf("%s: %T is at %g to %g, Run at %g", name, o, top, bottom, where(run).Y)
			}
		}
		if seen < len(everyKind().Fields)+8 { // picks, units, zones, lists in two
			t.Errorf("%s went to %d", name, seen)
		}
	}
}

// TestForm_PowerShell_grows_beside_the_field: what is typed into stays in sight when the
// PowerShell under it takes more lines.
func TestForm_PowerShell_grows_beside_the_field(t *testing.T) {
	themedApp(t)
	f := widgets.NewParameterForm()
	f.Preview = func(values map[string]string) string { return "Set-Thing " + values["Field0"] }
	var spec widgets.FormSpec
	for i := range 8 {
		spec.Fields = append(spec.Fields, widgets.Field{Name: "Field" + strconv.Itoa(i), Kind: widgets.FieldText, Needs: widgets.Requirement{Always: true}})
	}
	spec.Fields[0], spec.Fields[7] = spec.Fields[7], spec.Fields[0]
	f.SetSpec(spec)
	w := window(t, f, 600, 300)
	f.FocusField("Field0")
	typed(w, strings.Repeat("a word ", 60))
	o := w.Canvas().Focused().(fyne.CanvasObject)
	bottom, strip := where(o).Y+o.Size().Height, where(button(t, f, "Copy")).Y
	if bottom > strip {
		t.Errorf("the field ends at %g, the PowerShell begins at or above %g", bottom, strip)
	}
}

// TestSheet_Tab_scrolls_to_the_field: a sheet that is taller than the window follows as well.
func TestSheet_Tab_scrolls_to_the_field(t *testing.T) {
	themedApp(t)
	w := window(t, widgets.NewButton("below", nil), 400, 300)
	sheets := widgets.NewSheets(w.Canvas())
	done := widgets.NewButton("Close", nil)
	s := sheets.New(widgets.SheetSpec{Title: "Long", Width: 300, Foot: widgets.NewFoot(nil, done)})
	first := widgets.NewEntry()
	s.Add(first)
	for range 12 {
		s.Add(widgets.NewCard(widgets.NewColumn(4, widgets.NewEntry(), widgets.NewTick("on", nil))))
	}
	s.Show(first)
	for w.Canvas().FocusNext(); w.Canvas().Focused() != fyne.Focusable(done); w.Canvas().FocusNext() {
		o := w.Canvas().Focused().(fyne.CanvasObject)
		if bottom := where(o).Y + o.Size().Height; where(o).Y < 0 || bottom > where(done).Y {
			t.Fatalf("%T is at %g to %g, the buttons at %g", o, where(o).Y, bottom, where(done).Y)
		}
	}
}

// TestForm_PowerShell_has_its_height: a call that takes another line while one types is not
// cut, and who holds the form is told that it wants more room.
func TestForm_PowerShell_has_its_height(t *testing.T) {
	f, w := showForm(t, widgets.FormSpec{Fields: []widgets.Field{{Name: "A"}, {Name: "B"}}})
	f.Preview = func(values map[string]string) string {
		return "Set-Something " + strings.Repeat("-Parameter value ", len(values["A"])) + "-End"
	}
	f.SetValues(nil)
	told := 0
	f.OnHeight = func() { told++ }
	before := f.HeightFor(900)
	f.FocusField("A")
	typed(w, strings.Repeat("x", 12))
	if told == 0 || f.HeightFor(900) <= before {
		t.Fatalf("told %d times, the form wants %g, before %g", told, f.HeightFor(900), before)
	}
	var end fyne.CanvasObject
	walk(f, func(o fyne.CanvasObject) {
		if text, is := o.(*canvas.Text); is && strings.HasSuffix(text.Text, "-End") {
			end = o
		}
	})
	if run := button(t, f, "Run"); end == nil || where(end).Y+end.MinSize().Height > where(run).Y {
		t.Errorf("the end of the call is not in sight: %v", texts(f))
	}
}

// TestForm_taking_Unlimited_back_begins_anew: the unit is the usual one then, not the first.
func TestForm_taking_Unlimited_back_begins_anew(t *testing.T) {
	f, w := showForm(t, widgets.FormSpec{Fields: []widgets.Field{{Name: "Quota", Kind: widgets.FieldSize, Unlimited: true}}})
	f.FocusField("Quota")
	w.Canvas().FocusNext() // the unit
	typed(w, "unlim")
	press(w, fyne.KeyReturn)
	mustValues(t, f, map[string]string{"Quota": "Unlimited"})
	f.SetValues(nil)
	f.FocusField("Quota")
	typed(w, "5")
	mustValues(t, f, map[string]string{"Quota": "5 MB"})
}

// TestValueList_Enter: on a value it submits what is ticked, or that value.
func TestValueList_Enter(t *testing.T) {
	for _, c := range []struct {
		single bool
		keys   []fyne.KeyName
		want   []string
	}{
		{false, []fyne.KeyName{fyne.KeyReturn}, []string{"User"}},
		{false, []fyne.KeyName{fyne.KeySpace, fyne.KeyReturn}, []string{"User"}},
		{false, []fyne.KeyName{fyne.KeySpace, fyne.KeyDown, fyne.KeySpace, fyne.KeyReturn}, []string{"User", "Shared"}},
		{false, []fyne.KeyName{fyne.KeySpace, fyne.KeyDown, fyne.KeyReturn}, []string{"User"}},
		{true, []fyne.KeyName{fyne.KeySpace, fyne.KeyDown, fyne.KeySpace, fyne.KeyReturn}, []string{"Shared"}},
		{true, []fyne.KeyName{fyne.KeySpace, fyne.KeyDown, fyne.KeyReturn}, []string{"Shared"}},
	} {
		themedApp(t)
		l := widgets.NewValueList(kinds{widgets.FilterText})
		l.Single = c.single
		submitted := 0
		l.OnSubmit = func() { submitted++ }
		w := window(t, l, 400, 400)
		w.Canvas().Focus(l.First())
		press(w, append([]fyne.KeyName{fyne.KeyDown}, c.keys...)...)
		if got := l.Ticked(); submitted != 1 || !slices.Equal(got, c.want) {
			t.Errorf("single %v, %v: submitted %d times with %q, want %q", c.single, c.keys, submitted, got, c.want)
		}
	}
}
