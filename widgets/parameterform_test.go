package widgets_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
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
	if got := texts(f); !before(got, "Organization ", "Recipient type details") || !before(got, "Filter", "Archive") {
		t.Errorf("the order is %q", got)
	}
	test.Tap(button(t, f, "Run"))
	mustRead(t, f, "Fill in this field.")
	if ran != 0 {
		t.Fatal("an incomplete form ran")
	}
	typed(w, "contoso.com") // the focus went to the field
	if readable(f, "Fill in this field") {
		t.Error("the error stays while somebody mends it")
	}
	press(w, fyne.KeyReturn)
	if ran != 1 {
		t.Errorf("Enter ran %d times", ran)
	}
	mustValues(t, f, map[string]string{"Organization": "contoso.com"})
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

// Where there is little room the actions go below: Run, which names the tenant, is whole, and
// nothing stands over what is beside the form.
func TestForm_buttons_fit_in_little_room(t *testing.T) {
	f, _ := showForm(t, widgets.FormSpec{Fields: []widgets.Field{{Name: "A"}}})
	f.SetRunText("Ausführen für postroom.example")
	f.SetActions(widgets.NewButton("Mandanten ...", nil), widgets.NewButton("Als Bericht speichern ...", nil))
	run := button(t, f, "Ausführen für postroom.example")
	for _, folded := range []bool{true, false} {
		f.SetFolded(folded)
		for _, width := range []float32{1000, 598, 460} {
			f.Resize(fyne.NewSize(width, f.HeightFor(width)))
			origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(f)
			room := fyne.NewSize(width, f.HeightFor(width))
			if least := run.MinSize().Width; run.Size().Width < least && !(folded && width == 460) { // there what was asked has its share
				t.Errorf("folded %v, %v wide: Run has %v of %v", folded, width, run.Size().Width, least)
			}
			for _, text := range []string{"Ausführen für postroom.example", "Stop", "Mandanten ...", "Als Bericht speichern ..."} {
				b := button(t, f, text)
				at := fyne.CurrentApp().Driver().AbsolutePositionForObject(b).Subtract(origin)
				if end := at.AddXY(b.Size().Width, b.Size().Height); at.X < 0 || at.Y < 0 || end.X > room.Width || end.Y > room.Height {
					t.Errorf("folded %v, %v wide: %q ends at %v of %v", folded, width, text, end, room)
				}
			}
		}
	}
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
		if e, ok := o.(*widgets.Entry); ok && e.Hint() == "Find a parameter" {
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
	mustValues(t, f, map[string]string{"Extra7": "seven"})
	w.Canvas().Focus(search)
	typed(w, "no such thing")
	mustRead(t, f, "No parameter matches.")
}

// TestForm_search_finds_what_another_set_has: and leads there.
func TestForm_search_finds_what_another_set_has(t *testing.T) {
	f, w := showForm(t, mailboxForm())
	var search *widgets.Entry
	walk(f, func(o fyne.CanvasObject) {
		if e, ok := o.(*widgets.Entry); ok && e.Hint() == "Find a parameter" {
			search = e
		}
	})
	w.Canvas().Focus(search)
	typed(w, "ambig")
	test.Tap(button(t, f, "Ambiguous name belongs to another parameter set: Anr set"))
	if f.ParameterSet() != "AnrSet" {
		t.Errorf("the set is %q", f.ParameterSet())
	}
	typed(w, "ann") // the field has the keyboard
	mustValues(t, f, map[string]string{"Anr": "ann"})
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
		{Name: "Size", Kind: widgets.FieldSize, Unlimited: true},
		{Name: "Age", Kind: widgets.FieldDuration},
		{Name: "Changes", Kind: widgets.FieldAddRemove, Changes: jsonChanges},
		{Name: "Credential", Kind: widgets.FieldCredential},
		{Name: "Filter", Kind: widgets.FieldFilter, Filter: []widgets.FilterProperty{{Name: "City"}, {Name: "Hidden", Bare: true}}},
		{Name: "File", Kind: widgets.FieldFile},
		{Name: "Members", Kind: widgets.FieldIdentity, Several: true},
	}})
	test.Tap(button(t, f, "More parameters (9)"))
	changes := 0
	f.OnChanged = func() { changes++ }
	all := map[string]string{
		"Text": "a", "Lines": "a\nb", "Number": "12", "Bool": "false", "Switch": "true", "Choice": "Beta",
		"Multi": "One\nThree", "List": "a@b\nc@d", "Date": "2026-12-31 14:30", "Secret": "s3cret",
		"Size": "200 KB", "Age": "7d", "Changes": `[["a","it's"],["b"]]`, "Credential": "anna\npw",
		"Filter": "City -eq 'Kiel' -and Hidden -ne $true", "File": "AAEC", "Members": "a\nb",
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
	press(w, fyne.KeyRight)
	into("Switch")
	press(w, fyne.KeyEnd, fyne.KeyHome, fyne.KeySpace, fyne.KeySpace) // off
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
	into("Size")
	typed(w, "49.5 GB (53,150,220,288 bytes)") // as our own table shows it
	into("Age")
	typed(w, "90")
	mustValues(t, f, map[string]string{
		"Text": "x y", "Number": "42", "Bool": "true", "Switch": "false", "Choice": "Beta",
		"Multi": "One\nThree", "List": "a@b\nc@d", "Date": "2026-03-01 08:00", "Secret": "pw", "Size": "49.5 GB (53,150,220,288 bytes)", "Age": "90d",
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

func TestForm_help_stands_beside_the_field(t *testing.T) {
	f, w := showForm(t, mailboxForm())
	mustRead(t, f, "The mailbox to look at.", "The organization whose mailboxes are listed.")
	if readable(f, "MailboxIdParameter") {
		t.Error("the type is shown without being asked for")
	}
	f.FocusField("Identity")
	press(w, fyne.KeyF1)
	mustRead(t, f, "-Identity <MailboxIdParameter>")
	press(w, fyne.KeyF1)
	if readable(f, "MailboxIdParameter") {
		t.Error("F1 does not hide the type again")
	}
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
	test.Tap(button(t, f, "More parameters (142)"))
	f.FocusField(spec.Fields[149].Name)
	focused, _ := w.Canvas().Focused().(fyne.CanvasObject)
	if y := where(focused).Y; y < 0 || y > 500 {
		t.Errorf("the field with the focus is at %v", y)
	}
}

func TestForm_only_what_was_touched_is_sent(t *testing.T) {
	f, w := showForm(t, widgets.FormSpec{Fields: []widgets.Field{{Name: "A", Placeholder: "5"}, {Name: "B"}, {Name: "C", Kind: widgets.FieldBool}}})
	mustValues(t, f, map[string]string{})
	if slices.Contains(signs(f), widgets.IconDot) {
		t.Error("an untouched form has a dot")
	}
	f.FocusField("B")
	typed(w, "x")
	mustShow(t, f, widgets.IconDot)
	mustRead(t, f, "1 value will be sent")
	w.Canvas().FocusPrevious() // the label of what will be sent
	press(w, fyne.KeyDelete)
	mustValues(t, f, map[string]string{})
	typed(w, "y") // the focus is in the field again
	mustValues(t, f, map[string]string{"B": "y"})
	f.FocusField("C")
	press(w, fyne.KeyRight)
	mustRead(t, f, "2 values will be sent")
	test.Tap(button(t, f, "Clear"))
	mustValues(t, f, map[string]string{})
}

// TestForm_two_strengths: what cannot be read as its kind holds Run back; what contradicts
// the reference alone is said and may be sent.
func TestForm_two_strengths(t *testing.T) {
	f, w := showForm(t, widgets.FormSpec{Fields: []widgets.Field{
		{Name: "SCL", Label: "Set SCL", Kind: widgets.FieldNumber, Limits: widgets.FieldLimits{Bounded: true, Greatest: 9}},
		{Name: "Mode", Kind: widgets.FieldChoice, Choices: []string{"Audit"}, Open: true},
		{Name: "Name", Limits: widgets.FieldLimits{Longest: 3}},
	}})
	var sent []map[string]string
	f.OnRun = func(v map[string]string) { sent = append(sent, v) }
	f.FocusField("SCL")
	typed(w, "x")
	mustRead(t, f, "This is not a number.", "1 field to correct: Set SCL")
	f.FocusField("Name")
	press(w, fyne.KeyF5)
	if len(sent) != 0 {
		t.Fatalf("sent %v", sent)
	}
	typed(w, "2") // Run took the keyboard to what is wrong
	press(w, fyne.KeyHome, fyne.KeyDelete)
	if v := f.Values()["SCL"]; v != "2" {
		t.Fatalf("the value is %q", v)
	}
	f.SetValues(map[string]string{"SCL": "12", "Mode": "Enforce", "Name": "abcd"})
	mustRead(t, f, "Known values range from 0 to 9", "Enforce is not a known value", "4 characters; the known limit is 3")
	mustShow(t, f, widgets.IconWarning)
	f.Run()
	if len(sent) != 1 || sent[0]["SCL"] != "12" {
		t.Errorf("what is only doubted was not sent: %v", sent)
	}
}

// TestForm_what_is_usually_needed: the reference may be out of date, so it asks once.
func TestForm_what_is_usually_needed(t *testing.T) {
	f, _ := showForm(t, widgets.FormSpec{Fields: []widgets.Field{{Name: "Name", Needs: widgets.Requirement{Always: true}}}})
	ran := 0
	f.OnRun = func(map[string]string) { ran++ }
	f.Run()
	mustRead(t, f, "This is usually required.")
	if ran != 0 {
		t.Error("it ran without a word")
	}
	f.Run()
	if ran != 1 {
		t.Error("it cannot be sent without")
	}
}

func TestForm_shows_the_PowerShell_while_typing(t *testing.T) {
	themedApp(t)
	f := widgets.NewParameterForm()
	f.Preview = func(v map[string]string) string { return "Get-X -N " + v["N"] + " -M " + v["M"] }
	f.SetSpec(widgets.FormSpec{Fields: []widgets.Field{{Name: "N", Kind: widgets.FieldNumber}, {Name: "M"}}})
	w := window(t, f, 800, 400)
	f.FocusField("M")
	typed(w, "ada")
	mustRead(t, f, "Get-X -N  -M ada")
	f.FocusField("N")
	typed(w, "no")
	mustRead(t, f, "Get-X -N  -M ada", "Not written: -N")
	test.Tap(button(t, f, "Copy"))
	if got := fyne.CurrentApp().Clipboard().Content(); got != "Get-X -N  -M ada" {
		t.Errorf("copied %q", got)
	}
	test.Tap(button(t, f, "Show or hide the PowerShell"))
	if readable(f, "Get-X") || !f.StripFolded() {
		t.Error("the PowerShell does not fold")
	}
}

func TestForm_folds_to_a_line(t *testing.T) {
	f, _ := showForm(t, widgets.FormSpec{Fields: []widgets.Field{
		{Name: "Kinds", Label: "Kinds of mailbox", Kind: widgets.FieldList}, {Name: "Key", Kind: widgets.FieldSecret}, {Name: "Archive", Kind: widgets.FieldSwitch},
	}})
	f.SetValues(map[string]string{"Kinds": "User\nShared", "Key": "s3cret", "Archive": "true"})
	f.SetFolded(true)
	mustRead(t, f, "Kinds of mailbox: User, Shared · Key: *** · Archive: on")
	if readable(f, "s3cret") {
		t.Error("the secret can be read")
	}
	if h := f.HeightFor(900); h > 50 {
		t.Errorf("a folded form is %v high", h)
	}
	test.Tap(button(t, f, "Change"))
	if f.Folded() {
		t.Error("it stays folded")
	}
}

func TestForm_picks_and_chooses_files(t *testing.T) {
	themedApp(t)
	f := widgets.NewParameterForm()
	f.Pick = func(field string, took func([]string)) { took([]string{field + "1", field + "2"}) }
	f.ChooseFile = func(_ string, took func(name, value string)) { took("cert.pfx", "AAEC") }
	f.SetSpec(widgets.FormSpec{Fields: []widgets.Field{
		{Name: "M", Kind: widgets.FieldIdentity, Several: true}, {Name: "File", Kind: widgets.FieldFile},
	}})
	window(t, f, 800, 400)
	f.SetValues(map[string]string{"M": "M2"})
	test.Tap(button(t, f, "Pick"))
	test.Tap(button(t, f, "Choose a file"))
	mustRead(t, f, "cert.pfx")
	mustValues(t, f, map[string]string{"M": "M2\nM1", "File": "AAEC"})
}

// jsonChanges writes a change as JSON: PowerShell's way of it is session/cmdlet's.
var jsonChanges = widgets.ListNotation{
	Write: func(add, remove []string) string {
		if len(add)+len(remove) == 0 {
			return ""
		}
		b, _ := json.Marshal([2][]string{add, remove}) // texts alone: it cannot fail
		return string(b)
	},
	Read: func(text string) (add, remove []string, ok bool) {
		var both [2][]string
		err := json.Unmarshal([]byte(text), &both)
		return both[0], both[1], err == nil
	},
}

func TestForm_adds_and_removes(t *testing.T) {
	f, w := showForm(t, widgets.FormSpec{Fields: []widgets.Field{{Name: "To", Kind: widgets.FieldAddRemove, Changes: jsonChanges}}})
	f.FocusField("To")
	typed(w, "O’Neil, Ada")
	w.Canvas().FocusNext()
	typed(w, "x@y")
	mustValues(t, f, map[string]string{"To": `[["O’Neil, Ada"],["x@y"]]`})
	for _, text := range []string{"$null", "one\ntwo", `[["a;b","c}d"],null]`, `[null,["a"]]`} {
		f.SetValues(map[string]string{"To": text})
		mustValues(t, f, map[string]string{"To": text})
	}
}

func TestForm_dates_with_a_zone(t *testing.T) {
	f, w := showForm(t, widgets.FormSpec{Fields: []widgets.Field{{Name: "D", Kind: widgets.FieldDateTime}}})
	f.SetValues(map[string]string{"D": "2026-07-01 06:00"})
	f.FocusField("D")
	w.Canvas().FocusNext() // the calendar
	w.Canvas().FocusNext() // the zone
	typed(w, "berl")
	press(w, fyne.KeyReturn)
	mustValues(t, f, map[string]string{"D": "2026-07-01T06:00:00+02:00"})
	f.SetValues(map[string]string{"D": "2026-01-01"})
	mustValues(t, f, map[string]string{"D": "2026-01-01"})
}

func TestForm_sizes_without_a_limit(t *testing.T) {
	f, w := showForm(t, widgets.FormSpec{Fields: []widgets.Field{{Name: "Quota", Kind: widgets.FieldSize, Unlimited: true}}})
	f.FocusField("Quota")
	typed(w, "2")
	mustRead(t, f, "2,097,152 B")
	w.Canvas().FocusNext()
	typed(w, "unl")
	press(w, fyne.KeyReturn)
	mustValues(t, f, map[string]string{"Quota": "Unlimited"})
	f.SetValues(map[string]string{"Quota": "3 GB"})
	mustRead(t, f, "3,221,225,472 B")
	mustValues(t, f, map[string]string{"Quota": "3 GB"})
}

// TestForm_sizes_are_read_whole: a form of the usual width has room for what 49.5 GB are.
func TestForm_sizes_are_read_whole(t *testing.T) {
	themedApp(t)
	f := widgets.NewParameterForm()
	f.SetSpec(widgets.FormSpec{Fields: []widgets.Field{{Name: "Quota", Kind: widgets.FieldSize, Help: "The size at which the person can no longer send."}}})
	window(t, f, 820, 400)
	f.SetValues(map[string]string{"Quota": "49.5 GB"})
	mustRead(t, f, "53,150,220,288 B")
}

func TestForm_builds_filters(t *testing.T) {
	spec := widgets.FormSpec{Fields: []widgets.Field{{Name: "Filter", Kind: widgets.FieldFilter, Filter: []widgets.FilterProperty{{Name: "City"}, {Name: "Office"}}}}}
	f, w := showForm(t, spec)
	f.FocusField("Filter")
	typed(w, "off")
	press(w, fyne.KeyReturn)
	w.Canvas().FocusNext()
	typed(w, "beg")
	press(w, fyne.KeyReturn)
	w.Canvas().FocusNext()
	typed(w, "St. Mary's")
	mustValues(t, f, map[string]string{"Filter": "Office -like 'St. Mary''s*'"})
	mustRead(t, f, "Office -like 'St. Mary''s*'")
	test.Tap(button(t, f, "Add a condition"))
	mustRead(t, f, "at least one of these")
	for _, text := range []string{"City -eq 'a' -or Office -ne $null", "Office -like '*x*'"} {
		f.SetValues(map[string]string{"Filter": text})
		mustValues(t, f, map[string]string{"Filter": text})
		if readable(f, "The builder cannot") {
			t.Errorf("%s is not shown in the builder", text)
		}
	}
	hard := "(City -eq 'a' -or City -eq 'b') -and Office -notlike 'x*'"
	f.SetValues(map[string]string{"Filter": hard})
	mustValues(t, f, map[string]string{"Filter": hard})
	var way *widgets.Segments
	walk(f, func(o fyne.CanvasObject) {
		if s, ok := o.(*widgets.Segments); ok && s.AccessibilityLabel() == "Text" {
			way = s
		}
	})
	w.Canvas().Focus(way)
	press(w, fyne.KeyLeft)
	mustRead(t, f, "The builder cannot show this filter.")
	mustValues(t, f, map[string]string{"Filter": hard})
}

// TestForm_filters_offer_known_values: an enumeration and what is so or not are chosen, what
// begins with something is typed, and a word of one property does not stay for another.
func TestForm_filters_offer_known_values(t *testing.T) {
	spec := widgets.FormSpec{Fields: []widgets.Field{{Name: "Filter", Kind: widgets.FieldFilter, Filter: []widgets.FilterProperty{
		{Name: "City"}, {Name: "Hidden", Bare: true, Truth: true, Words: []string{"$true", "$false"}}, {Name: "Kind", Words: []string{"Room", "Shared"}},
	}}}}
	f, w := showForm(t, spec)
	f.FocusField("Filter")
	choose := func(text string) { // and go on
		t.Helper()
		typed(w, text)
		pressTab(w)
	}
	choose("kin")
	choose("is")
	press(w, fyne.KeySpace)
	mustRead(t, overlay(w), "Room", "Shared")
	choose("sha")
	mustValues(t, f, map[string]string{"Filter": "Kind -eq 'Shared'"})
	mustRead(t, f, "Shared")
	f.FocusField("Filter")
	pressTab(w)
	pressTab(w)
	choose("New kind") // the server may know more
	mustValues(t, f, map[string]string{"Filter": "Kind -eq 'New kind'"})
	f.FocusField("Filter")
	choose("hid")
	mustValues(t, f, map[string]string{})
	choose("is not")
	typed(w, "nonsense")
	mustRead(t, overlay(w), "Nothing found")
	press(w, fyne.KeyEscape)
	choose("on")
	mustValues(t, f, map[string]string{"Filter": "Hidden -ne $true"})
	f.FocusField("Filter")
	choose("city")
	mustValues(t, f, map[string]string{})
	f.SetValues(map[string]string{"Filter": "Kind -like 'R*' -and Hidden -eq $false"})
	mustRead(t, f, "off")
	mustValues(t, f, map[string]string{"Filter": "Kind -like 'R*' -and Hidden -eq $false"})
}

// TestForm_with_a_large_file: its text is in the command that is copied, and the window does not
// lay out thousands of lines of it; folded, the form says the file's name.
func TestForm_with_a_large_file(t *testing.T) {
	themedApp(t)
	f := widgets.NewParameterForm()
	content := strings.Repeat("ÄBCD", 400_000)
	f.Preview = func(values map[string]string) string {
		return "Import-X '" + values["FileData"] + "' -Name " + values["Name"]
	}
	f.ChooseFile = func(_ string, took func(name, value string)) { took("key.pfx", content) }
	f.SetSpec(widgets.FormSpec{Fields: []widgets.Field{{Name: "FileData", Kind: widgets.FieldFile}, {Name: "Name"}}})
	w := window(t, f, 900, 500)
	f.FocusField("FileData")
	press(w, fyne.KeySpace)
	f.FocusField("Name")
	typed(w, "last")
	for _, want := range []string{"key.pfx", "'ÄBCD", "-Name last"} {
		if !readable(f, want) {
			t.Errorf("%q is not to be read", want)
		}
	}
	if n := len(strings.Join(texts(f), "")); n > 1000 {
		t.Errorf("%d bytes of text are drawn", n)
	}
	test.Tap(button(t, f, "Copy"))
	if got := fyne.CurrentApp().Clipboard().Content(); !strings.Contains(got, content) {
		t.Errorf("copied are %d bytes", len(got))
	}
	f.SetFolded(true)
	mustRead(t, f, "FileData: key.pfx")
}

// TestForm_takes_a_column_of_a_spreadsheet: line ends of any system, cells that the
// spreadsheet put in quotes, empty cells left out.
func TestForm_takes_a_column_of_a_spreadsheet(t *testing.T) {
	f, w := showForm(t, widgets.FormSpec{Fields: []widgets.Field{{Name: "To", Kind: widgets.FieldAddRemove, Changes: jsonChanges}, {Name: "List", Kind: widgets.FieldList}}})
	clipboard := fyne.CurrentApp().Clipboard()
	paste := func(field, text string) {
		clipboard.SetContent(text)
		f.SetValues(nil)
		f.FocusField(field)
		w.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipboard})
	}
	column := "ada@a.example\r\n\r\n  bert@a.example \r\n\"Okafor, Ada\"\r\n\"5\"\" pipe\"\r\n"
	paste("List", column)
	mustValues(t, f, map[string]string{"List": "ada@a.example\nbert@a.example\nOkafor, Ada\n5\" pipe"})
	paste("To", column)
	mustValues(t, f, map[string]string{"To": `[["ada@a.example","bert@a.example","Okafor, Ada","5\" pipe"],null]`})
	paste("List", "one\rtwo\nthree")
	mustValues(t, f, map[string]string{"List": "one\ntwo\nthree"})
	paste("List", `"a" and "b"`)
	mustValues(t, f, map[string]string{"List": `"a" and "b"`})
}

// TestForm_is_filled_in_by_keyboard, from its first field to Run: Tab reaches each field in
// the order in which they stand, and then Run.
func TestForm_is_filled_in_by_keyboard(t *testing.T) {
	for _, kinds := range [][]widgets.FieldKind{
		{widgets.FieldText, widgets.FieldNumber, widgets.FieldSwitch, widgets.FieldBool, widgets.FieldChoice, widgets.FieldMultiChoice, widgets.FieldDateTime, widgets.FieldSize},
		{widgets.FieldList, widgets.FieldAddRemove, widgets.FieldSecret, widgets.FieldCredential, widgets.FieldFile, widgets.FieldIdentity, widgets.FieldFilter},
	} {
		spec := widgets.FormSpec{}
		for i, k := range kinds {
			spec.Fields = append(spec.Fields, widgets.Field{
				Name: string(rune('A' + i)), Kind: k, Choices: []string{"One", "Two"}, Rank: i, Filter: []widgets.FilterProperty{{Name: "City"}}, Changes: jsonChanges,
			})
		}
		f, w := showForm(t, spec)
		ran := 0
		f.OnRun = func(map[string]string) { ran++ }
		f.FocusFirst()
		reached := map[fyne.Focusable]bool{}
		for w.Canvas().Focused() != nil && !reached[w.Canvas().Focused()] && ran == 0 {
			focused := w.Canvas().Focused()
			reached[focused] = true
			if b, is := focused.(*widgets.Button); is && b.Text == "Run" {
				b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			}
			if keeps, is := focused.(fyne.Tabbable); is && keeps.AcceptsTab() {
				t.Errorf("%T keeps the Tab key for itself", focused)
			}
			w.Canvas().FocusNext()
		}
		if ran != 1 {
			t.Errorf("Run was reached %d times, after %d places", ran, len(reached))
		}
		for _, field := range spec.Fields {
			f.FocusField(field.Name)
			if !reached[w.Canvas().Focused()] {
				t.Errorf("Tab does not reach field %s of kind %d", field.Name, field.Kind)
			}
		}
	}
}
