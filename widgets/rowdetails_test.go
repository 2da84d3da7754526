package widgets_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/widgets"
)

// people3 is a DetailModel of three rows.
type people3 struct{}

func (people3) Rows() int { return 3 }

func (people3) Title(row int) string {
	return []string{"Ada Brandt", "Björn Clausen", "Chloë Dierks"}[row]
}

func (p people3) Properties(row int) []widgets.Detail {
	return []widgets.Detail{
		{Name: "DisplayName", Text: p.Title(row)},
		{Name: "Office", Text: []string{"Hafen", "Hafen", "Bremen"}[row]},
		{Name: "EmailAddresses", Parts: []widgets.Detail{{Text: fmt.Sprintf("SMTP:%d@x", row)}, {Text: "smtp:info@x"}}},
		{Name: "Settings", Text: `{"a":[1,2]}`},
		{Name: "Manager", Null: true},
		{Name: "Rule", Text: "Deserialized.Rule", Parts: []widgets.Detail{
			{Name: "Priority", Text: fmt.Sprint(row)},
			{Name: "Actions", Text: "System.Object[]", Parts: []widgets.Detail{
				{Text: "Move", Parts: []widgets.Detail{{Name: "Folder", Text: "Archive"}, {Name: "Stop", Text: "True"}}},
				{Text: "Mark"},
			}},
		}},
	}
}

func showDetails(t *testing.T) (*widgets.RowDetails, fyne.Window) {
	t.Helper()
	themedApp(t)
	d := widgets.NewRowDetails(people3{}, 0)
	w := window(t, d, 760, 480)
	w.Canvas().Focus(d.First())
	return d, w
}

func TestRowDetails_shows_a_row_whole(t *testing.T) {
	d, _ := showDetails(t)
	mustRead(t, d, "1 of 3", "DisplayName", "Ada Brandt", "EmailAddresses  2", "Manager", "empty")
	if want := "EmailAddresses\tSMTP:0@x; smtp:info@x\n"; !strings.Contains(d.Text(), want) {
		t.Errorf("%q is not in the copied %q", want, d.Text())
	}
}

func TestRowDetails_finds_names_and_values(t *testing.T) {
	d, w := showDetails(t)
	typed(w, "INFO@")
	mustRead(t, d, "EmailAddresses", "smtp:info@x")
	if readable(d, "DisplayName") {
		t.Error("the search shows what it does not match")
	}
	for range "INFO@" {
		press(w, fyne.KeyBackspace)
	}
	typed(w, "offi")
	mustRead(t, d, "Office", "Hafen")
	press(w, fyne.KeyEscape) // nothing closes here; it goes to the window
}

func TestRowDetails_folds_lists_and_lays_values_out(t *testing.T) {
	d, w := showDetails(t)
	press(w, fyne.KeyDown) // into the list
	press(w, fyne.KeyDown, fyne.KeyDown)
	press(w, fyne.KeyRight) // opens the list
	mustRead(t, d, "smtp:info@x")
	press(w, fyne.KeyLeft)
	press(w, fyne.KeyDown) // the settings
	if !strings.Contains(shownValue(d), "{\n  \"a\": [") {
		t.Errorf("the value is shown as %q", shownValue(d))
	}
}

// TestRowDetails_unfolds_objects: an object opens as a list does, level by level, by keyboard;
// the search opens what it finds, a comparison sees what differs inside, and the value below
// has a line for each part.
func TestRowDetails_unfolds_objects(t *testing.T) {
	d, w := showDetails(t)
	mustRead(t, d, "Rule  2", "Deserialized.Rule")
	if readable(d, "Priority") {
		t.Error("an object is unfolded from the beginning")
	}
	press(w, fyne.KeyDown) // into the list
	for range 5 {
		press(w, fyne.KeyDown)
	}
	if want := "Priority: 0\nActions:\n  1:\n    Folder: Archive\n    Stop: True\n  Mark"; shownValue(d) != want {
		t.Errorf("the value is shown as %q, want %q", shownValue(d), want)
	}
	press(w, fyne.KeyRight)
	mustRead(t, d, "Priority", "Actions  2", "System.Object[]")
	press(w, fyne.KeyDown, fyne.KeyDown, fyne.KeyRight, fyne.KeyDown, fyne.KeyRight)
	mustRead(t, d, "1  2", "Folder", "Archive", "Mark")
	lines := func(name string) int { // not in the value below
		return len(slices.DeleteFunc(texts(d), func(s string) bool { return strings.TrimSpace(s) != name }))
	}
	if press(w, fyne.KeyLeft); lines("Folder") != 0 || lines("Mark") != 1 {
		t.Errorf("the inner object does not fold alone: %q", texts(d))
	}
	w.Canvas().Focus(d.First())
	typed(w, "arch")
	mustRead(t, d, "Rule  2", "Actions  2", "Folder", "Archive")
	if readable(d, "Priority") || readable(d, "Mark") {
		t.Errorf("the search shows what it does not match: %q", texts(d))
	}
}

func shownValue(d *widgets.RowDetails) string {
	text := ""
	walk(d, func(o fyne.CanvasObject) {
		if r, ok := o.(*widgets.ReadText); ok {
			text = r.Text
		}
	})
	return text
}

func TestRowDetails_goes_to_other_rows(t *testing.T) {
	d, _ := showDetails(t)
	var went []int
	d.OnRow = func(row int) { went = append(went, row) }
	test.Tap(button(t, d, "Previous row"))
	test.Tap(button(t, d, "Next row"))
	mustRead(t, d, "2 of 3", "Björn Clausen")
	if fmt.Sprint(went) != "[1]" || d.Row() != 1 {
		t.Errorf("went to %v", went)
	}
}

func TestRowDetails_compares_rows(t *testing.T) {
	d, w := showDetails(t)
	var beside *widgets.Picker
	walk(d, func(o fyne.CanvasObject) {
		if p, ok := o.(*widgets.Picker); ok {
			beside = p
		}
	})
	w.Canvas().Focus(beside)
	typed(w, "chlo")
	press(w, fyne.KeyReturn)
	mustRead(t, d, "Chloë Dierks", "Bremen", "Only differences")
	var only *widgets.Tick
	walk(d, func(o fyne.CanvasObject) {
		if p, ok := o.(*widgets.Tick); ok {
			only = p
		}
	})
	if office := textObject(t, d, "Bremen"); !office.TextStyle.Bold {
		t.Error("what differs does not stand out")
	}
	if settings := textObject(t, d, `{"a":[1,2]}`); settings.TextStyle.Bold {
		t.Error("what is the same stands out")
	}
	if n := len(slices.DeleteFunc(texts(d), func(s string) bool { return s != "empty" })); n != 2 {
		t.Errorf("%d of two managers are empty", n)
	}
	test.Tap(only)
	if readable(d, "Settings") || !readable(d, "Office") || !readable(d, "Rule") {
		t.Errorf("the differences are %q", texts(d))
	}
}

// namesakes are rows of one name, whose value is long.
type namesakes struct{ people3 }

func (namesakes) Title(int) string { return "Default" }

func (namesakes) Properties(row int) []widgets.Detail {
	return []widgets.Detail{{Name: "AuditData", Text: "[" + strings.Repeat(fmt.Sprint(row, ","), 50) + "1]"}, {Name: "IsValid", Text: "True"}}
}

// TestRowDetails_tells_namesakes_apart: two rows of one name have their numbers beside it.
func TestRowDetails_tells_namesakes_apart(t *testing.T) {
	themedApp(t)
	d := widgets.NewRowDetails(namesakes{}, 0)
	w := window(t, d, 760, 480)
	walk(d, func(o fyne.CanvasObject) {
		if p, ok := o.(*widgets.Picker); ok {
			w.Canvas().Focus(p)
		}
	})
	typed(w, "3")
	press(w, fyne.KeyReturn)
	mustRead(t, d, "Default (1)", "Default (3)")
}

// TestRowDetails_give_a_long_value_room: what the list leaves is the value's, which else has
// few lines.
func TestRowDetails_give_a_long_value_room(t *testing.T) {
	themedApp(t)
	d := widgets.NewRowDetails(namesakes{}, 0)
	w := window(t, d, 760, 480)
	height := func() (height float32) {
		walk(d, func(o fyne.CanvasObject) {
			if r, ok := o.(*widgets.ReadText); ok {
				height = r.Size().Height
			}
		})
		return height
	}
	long := height()
	w.Canvas().Focus(d.First())
	press(w, fyne.KeyDown, fyne.KeyDown)
	if short := height(); shownValue(d) != "True" || long < 2*short {
		t.Errorf("the long value is %g high, %q %g", long, shownValue(d), short)
	}
}

func TestReadText_cannot_be_changed(t *testing.T) {
	themedApp(t)
	r := widgets.NewReadText(3)
	w := window(t, r, 300, 100)
	r.SetText("as it is")
	w.Canvas().Focus(r)
	typed(w, "x")
	press(w, fyne.KeyDelete, fyne.KeyBackspace, fyne.KeyReturn)
	fyne.CurrentApp().Clipboard().SetContent("pasted")
	r.TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()})
	if r.Text != "as it is" {
		t.Errorf("the text is %q", r.Text)
	}
}
