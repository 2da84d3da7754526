package widgets_test

import (
	"maps"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"postroom/widgets"
)

func showForm(t *testing.T, spec widgets.FormSpec) (*widgets.ParameterForm, fyne.Window) {
	t.Helper()
	themedApp(t)
	f := widgets.NewParameterForm()
	f.SetSpec(spec)
	w := window(t, f, 900, 500)
	w.Resize(fyne.NewSize(901, 500))
	return f, w
}

func mustValues(t *testing.T, f *widgets.ParameterForm, want map[string]string) {
	t.Helper()
	if got := f.Values(); !maps.Equal(got, want) {
		t.Errorf("values %q\nwant   %q", got, want)
	}
}

func TestForm_required_fields_come_first_and_must_be_filled_in(t *testing.T) {
	f, w := showForm(t, mailboxForm())
	ran := 0
	f.OnRun = func(map[string]string) { ran++ }
	if got := texts(f); !before(got, "Organization", "Recipient type details") || !before(got, "Filter", "Archive") {
		t.Errorf("the order is %q", got)
	}
	test.Tap(button(t, f, "Run"))
	mustRead(t, f, "Please fill in this field.")
	if ran != 0 {
		t.Fatal("an incomplete form ran")
	}
	typed(w, "contoso.com") // the focus went to the field
	if readable(f, "Please fill in") {
		t.Error("the error stays while somebody mends it")
	}
	press(w, fyne.KeyReturn)
	if ran != 1 {
		t.Errorf("Enter ran %d times", ran)
	}
	mustValues(t, f, map[string]string{"Organization": "contoso.com", "ResultSize": "Unlimited"})
}

func before(all []string, a, b string) bool {
	at := func(s string) int {
		for i, x := range all {
			if x == s {
				return i
			}
		}
		return -1
	}
	return at(a) >= 0 && at(b) > at(a)
}

func TestForm_runs_and_stops(t *testing.T) {
	f, w := showForm(t, widgets.FormSpec{Fields: []widgets.Field{{Name: "A"}}})
	ran, stopped := 0, 0
	f.OnRun = func(map[string]string) { ran++ }
	f.OnStop = func() { stopped++ }
	test.Tap(button(t, f, "Stop")) // not running
	f.FocusFirst()
	press(w, fyne.KeyF5)
	f.SetRunning(true)
	press(w, fyne.KeyF5, fyne.KeyReturn)
	test.Tap(button(t, f, "Run"))
	test.Tap(button(t, f, "Stop"))
	f.SetRunning(false)
	test.Tap(button(t, f, "Run"))
	if ran != 2 || stopped != 1 {
		t.Errorf("ran %d times, stopped %d times", ran, stopped)
	}
	f.SetRunText("Run on Nordsee Logistik")
	mustRead(t, f, "Run on Nordsee Logistik")
}

func TestForm_parameter_sets(t *testing.T) {
	f, _ := showForm(t, mailboxForm())
	f.OnChanged = func() { t.Error("a setter called OnChanged") }
	f.SetValues(map[string]string{"Identity": "anna", "Anr": "ann", "Organization": "o", "Unknown": "x"})
	mustRead(t, f, "Identity")
	if readable(f, "Ambiguous name") {
		t.Error("a field of another set is shown")
	}
	mustValues(t, f, map[string]string{"Identity": "anna", "Organization": "o"})
	f.SetParameterSet("AnrSet")
	mustRead(t, f, "Ambiguous name", "Anr set")
	mustValues(t, f, map[string]string{"Anr": "ann", "Organization": "o"})
	f.SetParameterSet("no such set")
	if f.ParameterSet() != "AnrSet" {
		t.Error("an unknown set was chosen")
	}
}

func TestForm_more_parameters_and_search(t *testing.T) {
	f, w := showForm(t, mailboxForm())
	if readable(f, "Extra11") {
		t.Error("all parameters are shown at first")
	}
	test.Tap(button(t, f, "More parameters (14)"))
	mustRead(t, f, "Extra11", "Verbose")
	if all := texts(f); !before(all, "Extra11", "Verbose") {
		t.Error("what every cmdlet has does not come last")
	}
	test.Tap(button(t, f, "Fewer parameters"))
	var search *widgets.Entry
	walk(f, func(o fyne.CanvasObject) {
		if e, ok := o.(*widgets.Entry); ok && e.PlaceHolder == "Find a parameter" {
			search = e
		}
	})
	w.Canvas().Focus(search)
	typed(w, "eXTRA7")
	mustRead(t, f, "Extra7")
	if readable(f, "Extra6") || readable(f, "Organization") {
		t.Error("the search shows what it does not match")
	}
	press(w, fyne.KeyReturn)
	typed(w, "seven")
	w.Canvas().Focus(search)
	press(w, fyne.KeyEscape)
	mustRead(t, f, "Extra7", "Organization") // a field with a value stays in sight
	mustValues(t, f, map[string]string{"Extra7": "seven", "ResultSize": "Unlimited"})
	w.Canvas().Focus(search)
	typed(w, "no such thing")
	mustRead(t, f, "No parameter matches.")
}

func TestForm_every_kind_of_field(t *testing.T) {
	f, w := showForm(t, widgets.FormSpec{Fields: []widgets.Field{
		{Name: "Text"},
		{Name: "Lines", Kind: widgets.FieldMultiline},
		{Name: "Number", Kind: widgets.FieldNumber},
		{Name: "Bool", Kind: widgets.FieldBool},
		{Name: "Switch", Kind: widgets.FieldSwitch},
		{Name: "Choice", Kind: widgets.FieldChoice, Choices: []string{"Alpha", "Beta"}},
		{Name: "Multi", Kind: widgets.FieldMultiChoice, Choices: []string{"One", "Two", "Three"}},
		{Name: "List", Kind: widgets.FieldList},
		{Name: "Date", Kind: widgets.FieldDateTime},
		{Name: "Secret", Kind: widgets.FieldSecret},
	}})
	test.Tap(button(t, f, "More parameters (3)"))
	changes := 0
	f.OnChanged = func() { changes++ }
	all := map[string]string{
		"Text": "a", "Lines": "a\nb", "Number": "12", "Bool": "false", "Switch": "true", "Choice": "Beta",
		"Multi": "One\nThree", "List": "a@b\nc@d", "Date": "2026-12-31 14:30", "Secret": "s3cret",
	}
	f.SetValues(all)
	mustValues(t, f, all)
	f.SetValues(nil)
	mustValues(t, f, map[string]string{})
	if changes != 0 {
		t.Errorf("setters called OnChanged %d times", changes)
	}

	into := func(name string) { f.FocusField(name) }
	into("Text")
	typed(w, "x y")
	into("Number")
	typed(w, "41")
	press(w, fyne.KeyUp)
	into("Bool")
	press(w, fyne.KeySpace, fyne.KeyDown, fyne.KeyReturn) // not set, Yes
	into("Switch")
	typed(w, " ") // Fyne's check box turns with the rune
	into("Choice")
	typed(w, "bet")
	press(w, fyne.KeyReturn)
	into("Multi")
	press(w, fyne.KeyReturn, fyne.KeyReturn, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn, fyne.KeyEscape)
	into("List")
	typed(w, "a@b")
	press(w, fyne.KeyReturn)
	press(w, fyne.KeyReturn)
	typed(w, " c@d ")
	into("Date")
	typed(w, "2026-02-28 08:00")
	press(w, fyne.KeyUp)
	into("Secret")
	typed(w, "pw")
	mustValues(t, f, map[string]string{
		"Text": "x y", "Number": "42", "Bool": "true", "Switch": "true", "Choice": "Beta",
		"Multi": "One\nThree", "List": "a@b\nc@d", "Date": "2026-03-01 08:00", "Secret": "pw",
	})
	if changes == 0 {
		t.Error("a person changed values and OnChanged was not called")
	}
	if readable(f, "pw") {
		t.Error("the secret can be read")
	}
}

func TestForm_says_what_is_wrong(t *testing.T) {
	f, w := showForm(t, widgets.FormSpec{Fields: []widgets.Field{{Name: "N", Kind: widgets.FieldNumber}, {Name: "D", Kind: widgets.FieldDateTime}}})
	f.OnRun = func(map[string]string) { t.Error("a wrong form ran") }
	f.SetValues(map[string]string{"N": "many", "D": "tomorrow"})
	f.Run()
	mustRead(t, f, "This is not a number.", "This is not a date.")
	f.ClearErrors()
	f.SetError("N", "Between 1 and 5.")
	f.SetError("unknown", "nobody sees it")
	mustRead(t, f, "Between 1 and 5.")
	f.Check = func(field, text string) string { return field + " refused " + text }
	f.Run()
	mustRead(t, f, "N refused many", "D refused tomorrow")
	if w.Canvas().Focused() == nil {
		t.Error("the focus is not at what is wrong")
	}
}

func TestForm_help_without_a_mouse(t *testing.T) {
	f, w := showForm(t, mailboxForm())
	f.FocusField("Identity")
	press(w, fyne.KeyF1)
	mustRead(t, f, "The mailbox to look at.", "-Identity <MailboxIdParameter>")
	press(w, fyne.KeyF1)
	if readable(f, "The mailbox to look at.") {
		t.Error("F1 does not close the help")
	}
	test.Tap(button(t, f, "?"))
	mustRead(t, f, "The organization whose mailboxes")
}

func TestForm_calendar(t *testing.T) {
	f, w := showForm(t, widgets.FormSpec{Fields: []widgets.Field{{Name: "D", Kind: widgets.FieldDateTime}}})
	f.SetValues(map[string]string{"D": "2026-03-10 07:15"})
	f.FocusField("D")
	press(w, fyne.KeyF4)
	var day *widget.Button
	walk(overlay(w), func(o fyne.CanvasObject) {
		if b, ok := o.(*widget.Button); ok && b.Text == "24" {
			day = b
		}
	})
	if day == nil {
		t.Fatalf("no calendar: %q", texts(overlay(w)))
	}
	test.Tap(day)
	mustValues(t, f, map[string]string{"D": "2026-03-24 07:15"})
}

func TestForm_a_hundred_and_fifty_parameters(t *testing.T) {
	spec := widgets.FormSpec{}
	for i := range 150 {
		spec.Fields = append(spec.Fields, widgets.Field{Name: string(rune('A'+i%26)) + string(rune('a'+i/26)), Kind: widgets.FieldKind(i % 10), Choices: []string{"x", "y"}})
	}
	f, w := showForm(t, spec)
	if h := f.MinSize().Height; h > 420 {
		t.Errorf("the form wants %v of the window", h)
	}
	test.Tap(button(t, f, "More parameters (143)"))
	f.FocusField(spec.Fields[149].Name)
	focused, _ := w.Canvas().Focused().(fyne.CanvasObject)
	if y := where(focused).Y; y < 0 || y > 500 {
		t.Errorf("the field with the focus is at %v", y)
	}
}
