package widgets_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"postroom/widgets"
)

func TestProblemCard_details_and_copy(t *testing.T) {
	themedApp(t)
	again := 0
	c := widgets.NewProblemCard(widgets.Problem{Title: "Title", Cause: "Cause", Fix: "Fix", Details: "request id 7", Actions: []widgets.Action{{Label: "Again", OnTapped: func() { again++ }}}})
	closed := 0
	c.OnClose = func() { closed++ }
	window(t, c, 500, 300)
	mustRead(t, c, "Title", "Cause", "Fix")
	if readable(c, "request id") {
		t.Error("the details are open at first")
	}
	test.Tap(button(t, c, "Again"))
	test.Tap(button(t, c, "Details for support"))
	mustRead(t, c, "request id 7")
	test.Tap(button(t, c, "Copy"))
	if got := fyne.CurrentApp().Clipboard().Content(); got != "Title\n\nCause\n\nFix\n\nrequest id 7\n" {
		t.Errorf("copied %q", got)
	}
	mustRead(t, c, "Copied")
	test.Tap(button(t, c, "Close"))
	if again != 1 || closed != 1 {
		t.Errorf("again %d, closed %d", again, closed)
	}
	c.SetProblem(widgets.Problem{Severity: widgets.Warning, Title: "Another"})
	mustRead(t, c, "Another")
	if readable(c, "Fix") {
		t.Error("the old problem is still there")
	}
}

func TestProblemCard_grows_with_its_text(t *testing.T) {
	themedApp(t)
	c := widgets.NewProblemCard(widgets.Problem{Title: "T", Cause: strings.Repeat("a long explanation ", 20)})
	if wide, narrow := c.HeightFor(1000), c.HeightFor(250); narrow < 2*wide {
		t.Errorf("%v high at 250, %v at 1000", narrow, wide)
	}
	w := window(t, container.NewVBox(c), 300, 600)
	w.Resize(fyne.NewSize(301, 600))
	for _, o := range test.LaidOutObjects(c) {
		if x := o.Position().X + o.Size().Width; x > 301 {
			t.Errorf("%T ends at %v", o, x)
		}
	}
}

func TestStepList(t *testing.T) {
	themedApp(t)
	l := widgets.NewStepList(widgets.Step{Text: "Name found", State: widgets.StepDone, Took: 12 * time.Millisecond}, widgets.Step{Text: "Port open"})
	window(t, l, 400, 200)
	mustRead(t, l, "Name found", "12 ms", "Port open")
	mustShow(t, l, widgets.IconTick, widgets.IconRing)
	l.SetStep(1, widgets.Step{Text: "Port open", State: widgets.StepFailed, Took: 1300 * time.Millisecond, Detail: "refused"})
	l.SetStep(2, widgets.Step{Text: "Signed in", State: widgets.StepRunning})
	l.SetStep(9, widgets.Step{Text: "nowhere"})
	mustRead(t, l, "1.3 s", "refused", "Signed in")
	mustShow(t, l, widgets.IconCross)
	if len(l.Steps()) != 3 {
		t.Errorf("%d steps", len(l.Steps()))
	}
}

func TestMessageList(t *testing.T) {
	themedApp(t)
	l := widgets.NewMessageList()
	w := window(t, l, 500, 200)
	mustRead(t, l, "No messages")
	opened := -1
	l.OnOpen = func(i int) { opened = i }
	for i := range 300 {
		l.Append(widgets.Message{Severity: widgets.Information, Text: fmt.Sprintf("row %d", i), Time: "14:02"})
	}
	mustRead(t, l, "row 299") // the end stays in sight
	l.Append(widgets.Message{Severity: widgets.Warning, Text: "first line\nsecond line"}, widgets.Message{Severity: widgets.Failure, Text: "broken", Source: "Nordsee"})
	if l.Count(widgets.Warning) != 1 || l.Count(widgets.Failure) != 1 || l.Count(widgets.Information) != 300 {
		t.Error("the counts are wrong")
	}
	mustRead(t, l, "Errors 1", "Warnings 1", "Messages 302")
	test.Tap(button(t, l, "Warnings 1"))
	mustRead(t, l, "first line second line")
	if readable(l, "broken") {
		t.Error("the filter shows everything")
	}
	text := textObject(t, l, "first line second line")
	test.TapCanvas(w.Canvas(), where(text).AddXY(4, 4))
	if opened != 300 {
		t.Errorf("opened message %d", opened)
	}
	mustRead(t, l, "\nsecond line") // whole, with its lines
	w.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutCopy{Clipboard: fyne.CurrentApp().Clipboard()})
	if got := fyne.CurrentApp().Clipboard().Content(); got != "first line\nsecond line" {
		t.Errorf("copied %q", got)
	}
	test.Tap(button(t, l, "Messages 302"))
	test.TapCanvas(w.Canvas(), where(textObject(t, l, "broken")).AddXY(4, 4))
	press(w, fyne.KeyHome, fyne.KeyReturn)
	if opened != 0 {
		t.Errorf("Home and Enter opened %d", opened)
	}
	press(w, fyne.KeyDown, fyne.KeyEnd, fyne.KeyReturn)
	if opened != 301 {
		t.Errorf("End and Enter opened %d", opened)
	}
	test.Tap(button(t, l, "Copy all"))
	if got := fyne.CurrentApp().Clipboard().Content(); strings.Count(got, "\n") != 302 || !strings.HasSuffix(got, "error\tNordsee\t\"broken\"\n") {
		t.Errorf("Copy all gave %d lines", strings.Count(got, "\n"))
	}
	l.Clear()
	mustRead(t, l, "No messages", "Errors 0")
}

func TestProgressLine(t *testing.T) {
	themedApp(t)
	p := widgets.NewProgressLine()
	cancelled := 0
	p.OnCancel = func() { cancelled++ }
	window(t, p, 700, 40)
	p.SetUnknown()
	p.SetText("6,412 rows", "6.4 s")
	mustRead(t, p, "6,412 rows", "6.4 s", "Cancel")
	p.SetFraction(7)
	test.Tap(button(t, p, "Cancel"))
	p.SetDone(widgets.Failure)
	p.SetText("The connection was lost after 6,412 rows.", "")
	mustRead(t, p, "The connection was lost")
	if readable(p, "Cancel") || cancelled != 1 {
		t.Error("Cancel is offered after the end")
	}
}

// TestToasts_over_a_list_are_read: over a narrow list the links stand below the text, which
// is no tower of single letters.
func TestToasts_over_a_list_are_read(t *testing.T) {
	themedApp(t)
	list := widget.NewLabel("list")
	l := widgets.NewToastLayer()
	l.Over = list
	window(t, container.NewStack(container.NewWithoutLayout(list), l), 800, 600)
	for _, wide := range []float32{150, 250} {
		list.Resize(fyne.NewSize(wide, 600))
		l.Add(widgets.Toast{Text: "20 rows were written.", Until: noon, Actions: []widgets.Action{{Label: "Open"}, {Label: "Show in the folder"}}})
		at := func(text string) fyne.Position {
			return fyne.CurrentApp().Driver().AbsolutePositionForObject(button(t, l, text))
		}
		if room := at("Close").X - at("Open").X; room < 100 || at("Open").Y >= at("Show in the folder").Y {
			t.Errorf("over %v wide the text has %v, the links stand at %v and %v", wide, room, at("Open"), at("Show in the folder"))
		}
		l.Expire(noon)
	}
}

// TestToasts_of_a_key_change_and_go, others stay as they are.
func TestToasts_of_a_key_change_and_go(t *testing.T) {
	l := widgets.NewToastLayer()
	l.Add(widgets.Toast{Text: "Other."})
	l.Add(widgets.Toast{Key: "export", Text: "Writing."})
	l.Change("export", "Writing 50 %")
	l.Change("", "nothing")
	l.Drop("another")
	l.Drop("")
	if l.Count() != 2 {
		t.Errorf("%d toasts, want both", l.Count())
	}
	l.Drop("export")
	if l.Count() != 1 {
		t.Errorf("%d toasts, want the other one", l.Count())
	}
}

func TestToasts_take_no_other_click(t *testing.T) {
	themedApp(t)
	under := 0
	b := widget.NewButton("under", func() { under++ })
	l := widgets.NewToastLayer()
	w := window(t, container.NewStack(b, l), 600, 400)
	acted := 0
	l.Add(widgets.Toast{Text: "Written.", Until: noon, Actions: []widgets.Action{{Label: "Open", OnTapped: func() { acted++ }}}})
	l.Add(widgets.Toast{Severity: widgets.Failure, Text: "Not written."})
	mustRead(t, l, "Written.", "Not written.")
	test.TapCanvas(w.Canvas(), fyne.NewPos(300, 50))
	l.Expire(noon.Add(-time.Second))
	if under != 1 || l.Count() != 2 {
		t.Errorf("%d clicks came through, %d toasts", under, l.Count())
	}
	test.Tap(button(t, l, "Open"))
	if acted != 1 || l.Count() != 1 {
		t.Errorf("acted %d, %d toasts", acted, l.Count())
	}
	l.Expire(noon.Add(time.Hour)) // one without an end stays
	if l.Count() != 1 {
		t.Error("a toast that a person closes went by itself")
	}
	test.Tap(button(t, l, "Close"))
	for i := range 9 {
		l.Add(widgets.Toast{Text: fmt.Sprint("toast ", i), Until: noon})
	}
	if l.Count() != 4 || readable(l, "toast 4") {
		t.Errorf("%d toasts at once", l.Count())
	}
	l.Expire(noon)
	if l.Count() != 0 {
		t.Error("toasts stay after their time")
	}
}

func TestPasswordEntry(t *testing.T) {
	themedApp(t)
	e := widgets.NewPasswordEntry()
	w := window(t, container.NewVBox(e), 400, 120)
	var changed, submitted []string
	e.OnChanged = func(s string) { changed = append(changed, s) }
	e.OnSubmitted = func(s string) { submitted = append(submitted, s) }
	e.SetText("old")
	e.SetText("")
	e.Focus()
	typed(w, "pa")
	if readable(e, "pa") || readable(e, "Caps Lock") {
		t.Errorf("to be read: %q", texts(e))
	}
	keys := e.Field().(desktop.Keyable)
	keys.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	typed(w, "S")
	keys.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	if readable(e, "Caps Lock") {
		t.Error("a capital with Shift is taken for Caps Lock")
	}
	typed(w, "S")
	mustRead(t, e, "Caps Lock is on.")
	typed(w, "1") // says nothing about it
	mustRead(t, e, "Caps Lock is on.")
	keys.KeyDown(&fyne.KeyEvent{Name: desktop.KeyCapsLock})
	if readable(e, "Caps Lock") {
		t.Error("the key does not take the hint away")
	}
	e.SetError("Not accepted.")
	mustRead(t, e, "Not accepted.")
	test.Tap(button(t, e, "Show"))
	mustRead(t, e, "paSS1", "Hide")
	e.Conceal()
	if readable(e, "paSS1") {
		t.Error("Conceal leaves it shown")
	}
	fyne.CurrentApp().Clipboard().SetContent("!x")
	test.Tap(button(t, e, "Paste"))
	press(w, fyne.KeyReturn)
	if e.Text() != "paSS1!x" || !slices.Equal(submitted, []string{"paSS1!x"}) || changed[0] != "p" {
		t.Errorf("text %q, submitted %q, changed %q", e.Text(), submitted, changed)
	}
	if readable(e, "Not accepted.") {
		t.Error("the error stays after a change")
	}
	e.Disable()
	test.Tap(button(t, e, "Show"))
	if readable(e, "paSS1") {
		t.Error("a disabled entry shows its secret")
	}
}

// TestSideList_narrow: what tells things apart goes before what is said beside them.
func TestSideList_narrow(t *testing.T) {
	themedApp(t)
	l := widgets.NewSideList()
	w := window(t, l, 232, 400)
	l.SetSections([]widgets.SideSection{{Title: "Recent", Items: []widgets.SideItem{
		{ID: "a", Title: "New-Mailbox", Hint: "changes"}, {ID: "b", Title: "New-MoveRequest", Hint: "changes"},
	}}})
	mustRead(t, l, "New-Mailbox", "New-MoveRequest", "changes")
	w.Resize(fyne.NewSize(150, 400))
	mustRead(t, l, "New-Mailbox", "New-MoveRequest")
	if readable(l, "changes") {
		t.Errorf("on a narrow side stands %q", texts(l))
	}
}

func TestSideList(t *testing.T) {
	themedApp(t)
	l := widgets.NewSideList()
	var got []string
	l.OnOpen = func(id string) { got = append(got, "open "+id) }
	l.OnFavourite = func(id string, on bool) { got = append(got, fmt.Sprint("favourite ", id, " ", on)) }
	l.OnMenu = func(id string, at fyne.Position) { got = append(got, "menu "+id) }
	w := window(t, l, 232, 600)
	l.SetSections(sideSections())
	l.SetSelected("c2")
	if len(got) != 0 {
		t.Errorf("setters called %q", got)
	}
	mustRead(t, l, "FAVOURITES", "Mailboxes", "tab", "Mail flow", "9", "Content filters", "211 more")
	mustShow(t, l, widgets.IconStar, widgets.IconStarFull, widgets.IconChevronDown)
	test.TapCanvas(w.Canvas(), where(textObject(t, l, "Mailboxes")).AddXY(3, 3))
	test.TapCanvas(w.Canvas(), where(textObject(t, l, "Protection policies")).AddXY(3, 3))
	if readable(l, "Content filters") {
		t.Error("a tap does not close a group")
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(218, where(textObject(t, l, "Mailboxes")).Y+5)) // its star
	l.FocusSearch()
	typed(w, "get- DIST")
	mustRead(t, l, "Get-DistributionGroup")
	if readable(l, "Mailboxes") || readable(l, "Get-AcceptedDomain") {
		t.Error("the search shows what it does not match")
	}
	press(w, fyne.KeyReturn, fyne.KeyEscape)
	press(w, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	shortcut(w.Canvas().Focused().(fyne.Shortcutable), fyne.KeyD, ctrl)
	press(w, desktop.KeyMenu)
	want := []string{"open f2", "favourite f2 false", "open c2", "open f2", "favourite f2 false", "menu f2"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	press(w, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyRight)
	mustRead(t, l, "Content filters")
	press(w, fyne.KeyLeft)
	if readable(l, "Content filters") {
		t.Error("Left does not close a group")
	}
	typed(w, "q") // a letter goes to the search
	mustRead(t, l, "Quarantine, last 7 days")
	typed(w, "zzz")
	mustRead(t, l, "Nothing found")
	l.SetSearch("")
	mustRead(t, l, "Mailboxes")
	press(w, fyne.KeyDown, fyne.KeyUp)
	if _, ok := w.Canvas().Focused().(*widgets.Entry); !ok {
		t.Errorf("Up from the first line goes to %T", w.Canvas().Focused())
	}
}

// TestSideListFindsByItsOwner: the owner's search may find what has none of the
// words in it.
func TestSideListFindsByItsOwner(t *testing.T) {
	themedApp(t)
	l := widgets.NewSideList()
	l.Find = func(text string) []widgets.SideSection {
		if text != "muller" {
			return nil
		}
		return []widgets.SideSection{{Title: "Found", Items: []widgets.SideItem{{ID: "m", Title: "M\u00fcller AG"}}}}
	}
	w := window(t, l, 232, 400)
	l.SetSections([]widgets.SideSection{{Title: "All", Items: []widgets.SideItem{{ID: "a", Title: "Alpha"}}}})
	mustRead(t, l, "ALL", "Alpha")
	l.FocusSearch()
	typed(w, "muller")
	mustRead(t, l, "FOUND", "M\u00fcller AG")
	typed(w, "x")
	mustRead(t, l, "Nothing found")
	if readable(l, "Alpha") {
		t.Error("the list searches beside its owner")
	}
}

func TestSideList_thousands_of_cmdlets(t *testing.T) {
	themedApp(t)
	l := widgets.NewSideList()
	w := window(t, l, 232, 400)
	var items []widgets.SideItem
	for i := range 5000 {
		items = append(items, widgets.SideItem{ID: fmt.Sprint(i), Title: fmt.Sprintf("Get-Thing%04d", i)})
	}
	l.SetSections([]widgets.SideSection{{Title: "Cmdlets", Items: items}})
	l.SetSelected("4999")
	mustRead(t, l, "Get-Thing4999")
	if n := len(texts(l)); n > 40 {
		t.Errorf("%d texts exist for a list of 13 lines", n)
	}
	test.Scroll(w.Canvas(), fyne.NewPos(100, 200), 0, 1e6)
	mustRead(t, l, "Get-Thing0000")
}

func TestBars_and_badges(t *testing.T) {
	themedApp(t)
	bar := widgets.NewStatusBar()
	bar.SetItems([]widgets.StatusItem{{Text: "Connected"}}, []widgets.StatusItem{{Text: "All times Europe/Berlin"}})
	badge := widgets.NewTenantBadge("Nordsee Logistik", "nordsee-logistik.de", violet)
	kept := 0
	banner := widgets.NewBanner(widgets.Warning, "Closes soon.", widgets.Action{Label: "Keep", OnTapped: func() { kept++ }})
	closed := 0
	chip := widgets.NewChip("Type = User", nil, func() { closed++ })
	box := container.NewVBox(bar, badge, banner, chip)
	window(t, box, 600, 200)
	mustRead(t, box, "Connected", "All times Europe/Berlin", "N", "nordsee-logistik.de", "Closes soon.", "Type = User")
	mustShow(t, box, widgets.IconWarning)
	mustRead(t, widgets.NewTenantBadge("ärzte-verein", "", green), "Ä", "ärzte-verein")
	banner.SetText(widgets.Failure, "Closed.")
	test.Tap(button(t, banner, "Keep"))
	test.Tap(button(t, chip, "Remove Type = User"))
	if kept != 1 || closed != 1 {
		t.Errorf("kept %d, closed %d", kept, closed)
	}
}

// What must stay of the last text at the left stays: what stands before it gives way first.
func TestStatusBar_keeps_what_must_stay(t *testing.T) {
	themedApp(t)
	bar := widgets.NewStatusBar()
	const least, server, zone = "Running: 12,240 rows", "Connected to exch01.corp.contoso.example", "All times CET"
	bar.SetItems([]widgets.StatusItem{
		{Text: server}, {Text: "DEMO: all data is made up"}, {Text: least + " · Get-Mailbox · contoso.example", Least: least},
	}, []widgets.StatusItem{{Text: zone}})
	for width, whole := range map[float32]string{1200: server, 700: zone, 400: zone, 300: least} {
		window(t, bar, width, 24)
		mustRead(t, bar, least, whole)
		if readable(bar, server) != (width >= 700) || bar.MinSize().Width > 300 {
			t.Errorf("%v wide it says %q, and needs %v", width, texts(bar), bar.MinSize().Width)
		}
	}
}

// Where there is too little room the last text at the left is cut, and what stands at the right
// stays in the window.
func TestStatusBar_in_a_narrow_window(t *testing.T) {
	themedApp(t)
	bar := widgets.NewStatusBar()
	long := "Running: Sizes of Recoverable Items in all mailboxes of the tenant, 1,240 of 5,000, about 3 min"
	bar.SetItems([]widgets.StatusItem{{Text: "3 sessions open"}, {Text: long}}, []widgets.StatusItem{{Text: "All times CET"}})
	for _, width := range []float32{1200, 400} {
		window(t, bar, width, 24)
		mustRead(t, bar, "3 sessions open", "All times CET")
		if readable(bar, long) != (width > 1000) {
			t.Errorf("%v wide it says %q", width, texts(bar))
		}
		at := textObject(t, bar, "All times CET")
		if right := fyne.CurrentApp().Driver().AbsolutePositionForObject(at).X + at.Size().Width; bar.MinSize().Width > 400 || right > width {
			t.Errorf("at %v the right text ends at %v; the bar needs %v", width, right, bar.MinSize().Width)
		}
	}
}

func TestButton(t *testing.T) {
	themedApp(t)
	n := 0
	b := widgets.NewPrimaryButton("Run", func() { n++ })
	w := window(t, b, 100, 40)
	test.Tap(b)
	w.Canvas().Focus(b)
	press(w, fyne.KeySpace, fyne.KeyReturn, fyne.KeyA)
	b.Disable()
	test.Tap(b)
	press(w, fyne.KeySpace)
	if n != 3 {
		t.Errorf("pressed %d times, want 3", n)
	}
}

// TestKeys_that_a_widget_has_no_use_for_reach_the_window: whoever has the keyboard, F5 and
// Escape are the window's.
func TestKeys_that_a_widget_has_no_use_for_reach_the_window(t *testing.T) {
	themedApp(t)
	tabs := widgets.NewTabs(&widgets.Tab{Title: "One", Content: widgets.NewText("", widgets.BodyText)})
	side := widgets.NewSideList()
	side.SetSections([]widgets.SideSection{{Title: "S", Items: []widgets.SideItem{{ID: "a", Title: "a"}}}})
	grid := widgets.NewGrid()
	grid.SetSource(mailboxes{})
	w := window(t, container.NewVBox(widgets.NewButton("Run", nil), widgets.NewEntry(), widgets.NewPasswordEntry(),
		widgets.NewPicker(nil, nil), widgets.NewMultiPicker(nil, nil), tabs, side, grid), 600, 700)
	var got []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { got = append(got, k.Name) })
	seen := map[fyne.Focusable]bool{}
	for {
		w.Canvas().FocusNext()
		f := w.Canvas().Focused()
		if f == nil || seen[f] {
			break
		}
		seen[f] = true
		got = nil
		for _, k := range []fyne.KeyName{fyne.KeyF5, fyne.KeyEscape} {
			f.TypedKey(&fyne.KeyEvent{Name: k})
		}
		if !slices.Equal(got, []fyne.KeyName{fyne.KeyF5, fyne.KeyEscape}) {
			t.Errorf("%T gives the window %q", f, got)
		}
	}
	if len(seen) < 8 {
		t.Errorf("only %d widgets took the keyboard", len(seen))
	}
}

func TestEntry_passes_shortcuts_on(t *testing.T) {
	themedApp(t)
	e := widgets.NewEntry()
	w := window(t, e, 200, 40)
	var got []string
	e.OnShortcut = func(s fyne.Shortcut) { got = append(got, s.ShortcutName()) }
	w.Canvas().Focus(e)
	typed(w, "one two")
	shortcut(e, fyne.KeyK, ctrl)
	shortcut(e, fyne.KeyBackspace, ctrl) // the entry's own
	e.TypedShortcut(&fyne.ShortcutSelectAll{})
	if !slices.Equal(got, []string{"CustomDesktop:Control+K"}) || e.SelectedText() == "" {
		t.Errorf("the window gets %q", got)
	}
}
