package widgets_test

import (
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/widgets"
)

// kinds is a FilterModel of a few words.
type kinds struct{ kind widgets.FilterKind }

func (k kinds) Kind() widgets.FilterKind { return k.kind }

func (k kinds) Problem(_ widgets.FilterOp, value string) string {
	if value == "much" {
		return "much is wrong"
	}
	return ""
}

func (k kinds) Values(text string, took func([]widgets.ValueCount)) {
	var out []widgets.ValueCount
	for _, v := range []widgets.ValueCount{{Value: "User", Count: 1200}, {Value: "Shared", Count: 31}, {Value: "", Count: 4}} {
		if strings.Contains(strings.ToLower(v.Value), strings.ToLower(text)) {
			out = append(out, v)
		}
	}
	took(out)
}

func showFilter(t *testing.T, kind widgets.FilterKind, now *widgets.ColumnFilter) (*widgets.FilterEditor, fyne.Window) {
	t.Helper()
	themedApp(t)
	e := widgets.NewFilterEditor(kinds{kind}, now)
	w := window(t, e, 420, 420)
	w.Canvas().Focus(e.First())
	return e, w
}

func TestFilterEditor_text(t *testing.T) {
	e, w := showFilter(t, widgets.FilterText, nil)
	if _, ok := e.Filter(); ok {
		t.Error("an empty filter is complete")
	}
	submitted := 0
	e.OnSubmit = func() { submitted++ }
	typed(w, "ada")
	press(w, fyne.KeyReturn)
	f, ok := e.Filter()
	if !ok || !reflect.DeepEqual(f, widgets.ColumnFilter{Op: widgets.FilterContains, Values: []string{"ada"}}) || submitted != 1 {
		t.Errorf("the filter is %v, complete %v, submitted %d", f, ok, submitted)
	}
	w.Canvas().FocusPrevious() // the comparison
	typed(w, "not empt")
	press(w, fyne.KeyReturn)
	if f, ok := e.Filter(); !ok || f.Op != widgets.FilterEmpty || !f.Not {
		t.Errorf("'is not empty' is %v", f)
	}
}

func TestFilterEditor_one_of(t *testing.T) {
	e, w := showFilter(t, widgets.FilterTruth, nil)
	mustRead(t, e, "User", "1,200", "empty", "4")
	height := e.HeightFor(400)
	typed(w, "shar")
	if readable(e, "User") || e.HeightFor(400) != height {
		t.Errorf("the search leaves %q", texts(e))
	}
	press(w, fyne.KeyReturn) // takes the first and empties the search
	press(w, fyne.KeyDown, fyne.KeySpace, fyne.KeyDown, fyne.KeyDown, fyne.KeySpace)
	want := widgets.ColumnFilter{Op: widgets.FilterOneOf, Values: []string{"Shared", "User", ""}}
	if f, ok := e.Filter(); !ok || !reflect.DeepEqual(f, want) {
		t.Errorf("the filter is %v, want %v", f, want)
	}
	again := widgets.NewFilterEditor(kinds{widgets.FilterTruth}, &want)
	if f, _ := again.Filter(); !reflect.DeepEqual(f, want) {
		t.Errorf("shown again it is %v", f)
	}
}

// lateKinds answers when it is told to.
type lateKinds struct {
	kinds
	answers []func()
}

func (l *lateKinds) Values(text string, took func([]widgets.ValueCount)) {
	l.answers = append(l.answers, func() { l.kinds.Values(text, took) })
}

// TestFilterEditor_Enter_means_what_is_searched: not what an older answer lists.
func TestFilterEditor_Enter_means_what_is_searched(t *testing.T) {
	themedApp(t)
	m := &lateKinds{kinds: kinds{widgets.FilterTruth}}
	e := widgets.NewFilterEditor(m, nil)
	w := window(t, e, 420, 420)
	w.Canvas().Focus(e.First())
	m.answers[0]()
	typed(w, "sh")
	press(w, fyne.KeyReturn)
	m.answers[1]() // to "s", out of date
	m.answers[2]()
	if f, _ := e.Filter(); !reflect.DeepEqual(f.Values, []string{"Shared"}) {
		t.Errorf("the filter is %v", f)
	}
}

func TestFilterEditor_between(t *testing.T) {
	want := widgets.ColumnFilter{Op: widgets.FilterBetween, Values: []string{"1 GB", "5 GB"}}
	e, _ := showFilter(t, widgets.FilterSize, &want)
	if f, ok := e.Filter(); !ok || !reflect.DeepEqual(f, want) {
		t.Errorf("the filter is %v", f)
	}
}

func TestColumnFilter_words(t *testing.T) {
	themedApp(t)
	for want, f := range map[string]widgets.ColumnFilter{
		"Kind: User, Shared":         {Op: widgets.FilterOneOf, Values: []string{"User", "Shared"}},
		"Kind: none of User, empty":  {Op: widgets.FilterOneOf, Not: true, Values: []string{"User", ""}},
		"Kind: a, b, c and 2 more":   {Op: widgets.FilterOneOf, Values: []string{"a", "b", "c", "d", "e"}},
		"Kind: last 2 weeks":         {Op: widgets.FilterLastDays, Values: []string{"2 weeks"}},
		"Kind: older than 3 months":  {Op: widgets.FilterOlderDays, Values: []string{"3 months"}},
		"Kind: last 365 days":        {Op: widgets.FilterLastDays, Values: []string{"365"}},
		"Kind: last day":             {Op: widgets.FilterLastDays, Values: []string{"1"}},
		"Kind: older than 1 day":     {Op: widgets.FilterOlderDays, Values: []string{"1"}},
		"Kind: older than 90 days":   {Op: widgets.FilterOlderDays, Values: []string{"90"}},
		"Kind: is not empty":         {Op: widgets.FilterEmpty, Not: true},
		"Kind: does not contain ada": {Op: widgets.FilterContains, Not: true, Values: []string{"ada"}},
		"Kind: is more than 5 GB":    {Op: widgets.FilterGreater, Values: []string{"5 GB"}},
		"Kind: 1 to 5":               {Op: widgets.FilterBetween, Values: []string{"1", "5"}},
		"Kind: begins with x":        {Op: widgets.FilterStarts, Values: []string{"x"}},
	} {
		if got := f.Words("Kind"); got != want {
			t.Errorf("%v says %q, want %q", f, got, want)
		}
	}
}

func TestFilterBar_says_what_filters(t *testing.T) {
	themedApp(t)
	b := widgets.NewFilterBar()
	w := window(t, b, 600, 60)
	var got []string
	b.OnClear = func() { got = append(got, "clear") }
	chip := func(text string) widgets.FilterChip {
		return widgets.FilterChip{Text: text, OnTapped: func() { got = append(got, "change "+text) }, OnClosed: func() { got = append(got, "close "+text) }}
	}
	b.SetChips([]widgets.FilterChip{chip("Kind: User, Shared"), chip("Changed: last 365 days")})
	w.Resize(fyne.NewSize(601, 60))
	test.Tap(button(t, b, "Kind: User, Shared"))
	test.Tap(button(t, b, "Remove Changed: last 365 days"))
	test.Tap(button(t, b, "Clear"))
	if strings.Join(got, "; ") != "change Kind: User, Shared; close Changed: last 365 days; clear" {
		t.Errorf("got %q", got)
	}
	w.Resize(fyne.NewSize(300, 60))
	if readable(b, "Kind: User") || !readable(b, "Filters: 2") {
		t.Errorf("in little room it shows %q", texts(b))
	}
	test.Tap(button(t, b, "Filters: 2"))
	mustRead(t, b, "Kind: User, Shared")
	b.SetChips(nil)
	if b.Visible() {
		t.Error("without filters the bar is shown")
	}
}

// TestFilterEditor_says_what_is_missing: Enter is never without an answer.
func TestFilterEditor_says_what_is_missing(t *testing.T) {
	e, w := showFilter(t, widgets.FilterSize, nil)
	height := e.HeightFor(400)
	if e.Check() || !readable(e, "Enter a value.") {
		t.Errorf("nothing was typed, and the editor says %q", texts(e))
	}
	typed(w, "much")
	if readable(e, "Enter a value.") {
		t.Error("what was wrong stands there while it is corrected")
	}
	if e.Check() || !readable(e, "much is wrong") {
		t.Errorf("the value cannot be compared with, and the editor says %q", texts(e))
	}
	press(w, fyne.KeyBackspace, fyne.KeyBackspace, fyne.KeyBackspace, fyne.KeyBackspace)
	typed(w, "5 GB")
	if !e.Check() || readable(e, "wrong") || e.HeightFor(400) != height {
		t.Errorf("the value is fine, and the editor says %q", texts(e))
	}
}

// TestFilterEditor_empty_by_keyboard: where there is no value to type Enter submits at once.
func TestFilterEditor_empty_by_keyboard(t *testing.T) {
	e, w := showFilter(t, widgets.FilterText, nil)
	submitted := 0
	e.OnSubmit = func() { submitted++ }
	w.Canvas().FocusPrevious()
	typed(w, "is empty")
	press(w, fyne.KeyReturn, fyne.KeyReturn)
	if submitted != 1 || !e.Check() {
		t.Errorf("Enter submitted %d times", submitted)
	}
	press(w, fyne.KeyDown) // still opens the list
	if !readable(w.Canvas().Overlays().Top(), "begins with") {
		t.Error("the comparisons cannot be opened any more")
	}
}

// TestFilterEditor_Enter_twice_before_the_answer ticks what is found and submits it.
func TestFilterEditor_Enter_twice_before_the_answer(t *testing.T) {
	themedApp(t)
	m := &lateKinds{kinds: kinds{widgets.FilterTruth}}
	e := widgets.NewFilterEditor(m, nil)
	var got []string
	e.OnSubmit = func() { f, _ := e.Filter(); got = f.Values }
	w := window(t, e, 420, 420)
	w.Canvas().Focus(e.First())
	m.answers[0]()
	typed(w, "s")
	press(w, fyne.KeyReturn, fyne.KeyReturn)
	if got != nil {
		t.Errorf("%q was submitted before the answer", got)
	}
	m.answers[1]()
	if !reflect.DeepEqual(got, []string{"User"}) {
		t.Errorf("submitted is %q", got)
	}
}
