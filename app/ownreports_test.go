package app

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/app/desktest"
	"postroom/app/folders"
	"postroom/app/ownreports"
	"postroom/app/words"
	"postroom/session/report"
	"postroom/session/schedule"
	"postroom/widgets"
)

// shelf is a connected window whose reports are there.
func shelf(t *testing.T) (*mainWindow, *desktest.Queue) {
	t.Helper()
	a, q := connected(t)
	q.Until(t, "the reports", func() bool { return a.window.reports.library != nil })
	return a.window, q
}

// A tab with a filter is saved as a report by its button; the report is in the list
// and in the search, and gives the rows that were on screen.
func TestATabIsSavedAsAReport(t *testing.T) {
	w, q := shelf(t)
	tab := w.opening.cmdlet("Get-Mailbox")
	tab.Form().Run()
	q.Until(t, "the rows", func() bool { return tab.Ran() && tab.Shown() != nil })
	tab.FilterBy("RecipientTypeDetails", widgets.ColumnFilter{Op: widgets.FilterEquals, Values: []string{"SharedMailbox"}})
	q.Until(t, "the filter", func() bool { n, _ := tab.Shown().Size(); return n < tab.Summary().Rows })
	tab.Sort(widgets.SortKey{Col: 0, Order: widgets.Descending})
	q.Until(t, "the order", func() bool { n, _ := tab.Shown().Size(); return n > 0 })
	w.own.keep(tab)
	for _, e := range desktest.Entries(w.desk) {
		if e.Text == "Get-Mailbox" {
			e.SetText("Shared ones")
		}
	}
	desktest.Shot(t, w.desk, "save as report")
	desktest.Press(t, w.desk, "Save")
	q.Until(t, "the report in the list", func() bool { _, ok := w.reports.named("shared-ones"); return ok })
	q.Until(t, "the report in the search", func() bool {
		found := w.reports.found("shared ones")
		return len(found) > 0 && found[0].ID == foundReport+"shared-ones"
	})
	want, _ := tab.Shown().Size()
	own := w.opening.report("shared-ones")
	q.Until(t, "the report's rows", func() bool { return own.Ran() && own.Shown() != nil })
	if got, _ := own.Shown().Size(); got != want || got == 0 || !slices.Equal(own.Shown().Headers(), tab.Shown().Headers()) || own.Shown().Cell(0, 0) != tab.Shown().Cell(0, 0) {
		t.Errorf("%d rows %v, on screen were %d %v", got, own.Shown().Headers(), want, tab.Shown().Headers())
	}
	w.own.show("shared-ones")
	q.Until(t, "the page", func() bool { return strings.Contains(desktest.Text(w.desk), "Keep rows where") })
	q.Until(t, "the form", func() bool {
		return slices.ContainsFunc(desktest.Entries(w.desk), func(e *widgets.Entry) bool { return e.Text == "Shared ones" })
	})
	desktest.Shot(t, w.desk, "my reports")
	desktest.Press(t, w.desk, "Make a copy")
	q.Until(t, "the copy", func() bool { _, ok := w.reports.named("shared-ones-2"); return ok })
	q.Until(t, "the form", func() bool {
		return strings.Contains(desktest.Text(w.desk), "A copy of Shared ones is now among your own")
	})
	title := theEntry(t, w, "Shared ones (2)", "Title: the copy is in the form, and told apart")
	title.SetText("Shared, the second")
	desktest.Press(t, w.desk, "Save")
	q.Until(t, "the title", func() bool { return strings.Contains(desktest.Text(w.desk), "Shared, the second is saved.") })
	theEntry(t, w, "Shared, the second", "Title")
	keys := theEntry(t, w, "AcceptMessagesOnlyFrom desc", "Sort by")
	keys.SetText("Nothing")
	desktest.Press(t, w.desk, "Save")
	q.Until(t, "what is wrong", func() bool {
		return strings.Contains(desktest.Text(w.desk), `In "Nothing", this is missing at character 1: a column of the report.`)
	})
	desktest.Press(t, w.desk, "Remove")
	if text := desktest.Text(w.desk); !strings.Contains(text, "Remove Shared, the second?") {
		t.Fatalf("it is removed without a question: %s", text)
	}
	desktest.Press(t, w.desk, "Cancel")
	q.Drain()
	if _, still := w.reports.named("shared-ones-2"); !still {
		t.Fatal("it is removed although nobody agreed")
	}
	desktest.Press(t, w.desk, "Remove")
	desktest.Press(t, w.desk, "Remove")
	q.Until(t, "the end of it", func() bool { _, still := w.reports.named("shared-ones-2"); return !still })
	q.Until(t, "the word", func() bool { return strings.Contains(desktest.Text(w.desk), "Shared, the second removed.") })
}

// TestWhatIsDoneWhileAReportIsKeptStays: another process may hold the file for a while. What was
// typed or opened until it is written is not overwritten, and two presses make one copy.
func TestWhatIsDoneWhileAReportIsKeptStays(t *testing.T) {
	w, q := shelf(t)
	w.own.show("")
	q.Until(t, "the list", func() bool { return strings.Contains(desktest.Text(w.desk), words.Of(w.reports.packs[0].Title)) })
	desktest.Press(t, w.desk, "New pack")
	var held []func()
	spawn := w.desk.Spawn
	w.desk.Spawn = func(f func()) { held = append(held, f) }
	written := func(said string) {
		t.Helper()
		w.desk.Spawn = spawn
		if len(held) != 1 {
			t.Fatalf("%d workers write one change", len(held))
		}
		spawn(held[0])
		q.Until(t, said, func() bool { return strings.Contains(desktest.Text(w.desk), said) })
		held, w.desk.Spawn = nil, func(f func()) { held = append(held, f) }
	}
	desktest.Press(t, w.desk, "Save")
	theEntry(t, w, "My pack", "Title").SetText("My evenings")
	written("My pack is saved.")
	theEntry(t, w, "My evenings", "Title: what was typed meanwhile")
	desktest.Press(t, w.desk, "Save")
	if b := desktest.Buttons(w.desk)["Make a copy"]; !b.Disabled() {
		t.Error("something else can be begun while it is written")
	}
	desktest.Press(t, w.desk, "New pack")
	written("My evenings is saved.")
	theEntry(t, w, "My pack", "Title: the pack that was opened meanwhile")
	if packs, err := w.reports.library.Packs(); err != nil || !slices.ContainsFunc(packs, func(p report.Pack) bool { return p.Own && p.Title.En == "My evenings" }) ||
		slices.ContainsFunc(packs, func(p report.Pack) bool { return p.Own && p.Title.En == "My pack" }) {
		t.Errorf("kept are %+v, %v", packs, err)
	}
	w.desk.Spawn = spawn
}

// theEntry is the field of the front sheet that has a text.
func theEntry(t *testing.T, w *mainWindow, text, what string) *widgets.Entry {
	t.Helper()
	var all []string
	for _, e := range desktest.Entries(w.desk) {
		if e.Text == text {
			return e
		}
		all = append(all, e.Text)
	}
	t.Fatalf("%s: no field has %q but %q", what, text, all)
	return nil
}

// A file is looked through before it is kept: what is malicious is refused, what
// changes something needs a tick of its own.
func TestAFileIsLookedThrough(t *testing.T) {
	w, q := shelf(t)
	file := filepath.Join(t.TempDir(), "r.json")
	put := func(step string) {
		text := `{"version": 1, "reports": [{"name": "x", "title": {"en": "Sent by a friend"}, "columns": [{"name": "Name"}], "steps": [{"run": "` + step + `"}]}]}`
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	take := func() {
		w.own.show("")
		desktest.Press(t, w.desk, "Import reports ...")
		desktest.Entry(t, w.desk, "Path of the file").SetText(file)
		desktest.Press(t, w.desk, "Review")
	}
	put("Get-Mailbox | ForEach-Object { Remove-Mailbox $_ }")
	take()
	q.Until(t, "the refusal", func() bool { return strings.Contains(desktest.Text(w.desk), "cannot be used") })
	leave := func() {
		for n := 0; w.desk.Sheets.Top() != nil && n < 5; n++ {
			w.desk.Sheets.Top().Hide()
		}
	}
	leave()
	put("Set-Mailbox -Identity x -CustomAttribute1 y")
	take()
	q.Until(t, "the review", func() bool { return strings.Contains(desktest.Text(w.desk), "changes: Set-Mailbox") })
	desktest.Shot(t, w.desk, "review of a file")
	if !desktest.Buttons(w.desk)["Import"].Disabled() {
		t.Error("it can be kept without a word")
	}
	desktest.Check(t, w.desk, "Allow these reports to make changes: I know what they do and trust their author.").SetChecked(true)
	desktest.Check(t, w.desk, "Allow these reports to make changes: I know what they do and trust their author.").OnChanged(true)
	desktest.Press(t, w.desk, "Import")
	q.Until(t, "the report", func() bool { _, ok := w.reports.named("x"); return ok })
	q.Until(t, "the page", func() bool { return strings.Contains(desktest.Text(w.desk), "Keep rows where") })
	leave()
	tab := w.opening.report("x")
	if tab.Running() || tab.Ran() {
		t.Fatal("a report that changes something ran without a question")
	}
	tab.Form().Run()
	if tab.Running() || !strings.Contains(desktest.Text(w.desk), "may change something") {
		t.Error("it does not ask")
	}
	w.desk.Sheets.Top().Leave()
}

// A pack runs over two tenants by its form, a row says how each report came out, and
// there is a workbook for each tenant.
func TestAPackRunsFromTheList(t *testing.T) {
	w, q := shelf(t)
	pack := report.Pack{Name: "small", Title: report.Text{En: "Small pack"}, Parts: []report.Part{{Report: "accepted-domains"}, {Report: "transport-rules"}, {Report: "receive-connectors"}}}
	if err := w.reports.library.SavePack(t.Context(), pack, report.New); err != nil {
		t.Fatal(err)
	}
	w.reports.load()
	q.Until(t, "the pack", func() bool { _, ok := w.reports.packNamed("small"); return ok })
	w.opening.found(foundReport + "small")
	tab := w.middle.open[len(w.middle.open)-1]
	dir := t.TempDir()
	tab.UseTenants(w.demo.book.All()[:2])
	tab.Form().SetValues(map[string]string{"folder": dir})
	desktest.Shot(t, w.desk, "pack form")
	tab.Form().Run()
	q.Until(t, "the note", func() bool { // which goes by itself
		said := desktest.Notes(w.desk)
		return strings.Contains(said, "Files written to ") && strings.Contains(said, ": 2")
	})
	desktest.Shot(t, w.desk, "pack")
	q.Until(t, "the files", func() bool {
		files, _ := filepath.Glob(filepath.Join(dir, "*.xlsx"))
		return tab.Ran() && len(files) == 2
	})
	q.Until(t, "the rows", func() bool { return tab.Shown() != nil })
	if rows, _ := tab.Shown().Size(); rows != 6 {
		t.Errorf("%d rows for three reports of two tenants", rows)
	}
}

// What failed on a schedule is told at the start, and the page shows why.
func TestFailedSchedulesAreTold(t *testing.T) {
	w, q := shelf(t)
	book := schedule.Open(filepath.Join(w.app.config, folders.Schedules))
	s, err := book.Add(t.Context(), schedule.Schedule{Title: "Quarterly review", Args: []string{"report", "quarterly-review", "--endpoint", "eop", "--user", "me@partner.example"}, Dir: "/reports", When: schedule.When{Days: []time.Weekday{time.Monday}, Hour: 7}})
	if err != nil {
		t.Fatal(err)
	}
	for day, code := range []int{0, 4} {
		if _, err := book.Note(t.Context(), s.ID, schedule.Ran{At: time.Date(2026, 11, 9+7*day, 7, 0, 3, 0, time.Local), Code: code}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := book.Note(t.Context(), s.ID, schedule.Ran{At: time.Now(), Code: 3, Text: "The keyring has no password for me@partner.example."}); err != nil {
		t.Fatal(err)
	}
	w.schedules.tellFailed()
	q.Until(t, "the note", func() bool { return strings.Contains(desktest.Notes(w.desk), "Quarterly review failed") })
	w.schedules.show()
	q.Until(t, "the page", func() bool { return strings.Contains(desktest.Text(w.desk), "The keyring has no password") })
	for _, run := range []string{"2026-11-16 07:00:03 · failed, exit code 4", "2026-11-09 07:00:03 · succeeded"} {
		if text := desktest.Text(w.desk); !strings.Contains(text, run) {
			t.Errorf("the earlier run %q is not told: %s", run, text)
		}
	}
	desktest.Shot(t, w.desk, "schedules")
	if failed, err := book.Unseen(); err != nil || len(failed) != 0 {
		t.Errorf("%+v, %v", failed, err)
	}
	runs := func() int {
		now, err := book.Find(s.ID)
		if err != nil {
			t.Fatal(err)
		}
		return len(now.Runs)
	}
	before := runs()
	desktest.Press(t, w.desk, "Try now")
	q.Until(t, "how it came out", func() bool { return strings.Contains(desktest.Text(w.desk), "Run finished.") && runs() == before+1 })
	if text := desktest.Text(w.desk); strings.Contains(text, "does not recognize") || !strings.Contains(text, "failed, exit code ") {
		t.Errorf("a run that failed is told as %s", text)
	}
	w.desk.Sheets.Top().Leave()
	ownreports.NewSchedule(w.desk, w.schedules.scheduler(), schedule.Schedule{Title: "Mailboxes", Args: []string{"report", "mailbox-list", "--endpoint", "eop", "--user", "me@partner.example"}, Dir: "/reports"})
	desktest.Shot(t, w.desk, "run regularly")
	for _, e := range desktest.Entries(w.desk) {
		if e.Text == "Monday 07:00" {
			e.SetText("some day")
		}
	}
	desktest.Press(t, w.desk, "Run regularly")
	if !strings.Contains(desktest.Text(w.desk), "Enter days and a time") {
		t.Error("a time that cannot be read is taken")
	}
}

// What changed since last week is a report of the gallery: the menu leads to it, with the
// report in front chosen. It runs that again and compares with the kept rows.
func TestWhatChangedSinceLastWeek(t *testing.T) {
	c, _ := inGallery(t)
	w, q := c.w, c.q
	w.gallery.Choose(foundReport + "accepted-domains")
	c.press("Run on " + topPlace(w))
	first := c.front()
	q.Until(t, "the rows that are kept", func() bool { return first.Ran() && first.Shown() != nil })
	w.gallery.showChanges()
	q.Drain()
	text := desktest.Text(w.desk)
	for _, want := range []string{"What changed since last week", "Reports", "Since", "today-7d", "the calls of the reports that are chosen", "Get-AcceptedDomain"} {
		if !strings.Contains(text, want) {
			t.Errorf("the preview does not say %q:\n%s", want, text)
		}
	}
	desktest.Shot(t, w.desk, "changes preview")
	c.press("Run on " + topPlace(w))
	changes := c.front()
	q.Until(t, "what changed", func() bool { return changes.Ran() })
	if changes.Summary().Rows != 0 {
		t.Errorf("%d changes of what was just read", changes.Summary().Rows)
	}
	w.gallery.browse()
	w.gallery.lookAt(foundReport + changesReport)
	w.gallery.Form().SetValues(map[string]string{"report": ""})
	q.Drain()
	desktest.Shot(t, w.desk, "changes preview of all")
	w.gallery.Form().SetValues(map[string]string{"report": "accepted-domains\ntransport-rules"})
	q.Drain()
	c.press("Run on " + topPlace(w))
	again := c.front()
	q.Until(t, "what changed", func() bool { return again.Ran() && again.Shown() != nil })
	desktest.Shot(t, w.desk, "changes rows")
	shown := again.Shown()
	col, ok := shown.Column("Change")
	if rows, _ := shown.Size(); !ok || rows != 1 || shown.Cell(0, col) != "no earlier run" {
		t.Errorf("%d rows, %v", rows, shown.Headers())
	}
}
