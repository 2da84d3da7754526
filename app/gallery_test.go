package app

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"postroom/app/desktest"
	"postroom/app/runs"
	"postroom/app/settings"
	"postroom/app/words"
	"postroom/session/report"
	"postroom/session/result"
	"postroom/session/simulator"
	"postroom/test/fixture"
	"postroom/widgets"
)

// clicker presses what stands on the screen, and counts.
type clicker struct {
	t *testing.T
	w *mainWindow
	q *desktest.Queue
	n int
}

func (c *clicker) press(name string) {
	c.t.Helper()
	c.n++
	desktest.Press(c.t, c.w.desk, name)
	c.q.Drain()
}

// tap clicks a line of the gallery's list, the first below the heading is 1.
func (c *clicker) tap(line int) {
	c.n++
	list := c.w.gallery.List.List()
	at := fyne.NewPos(30, (float32(line)+0.5)*28)
	list.(fyne.Tappable).Tapped(&fyne.PointEvent{Position: at, AbsolutePosition: at})
	c.q.Drain()
}

// inGallery is a connected window whose gallery is in front, filled.
func inGallery(t *testing.T) (*clicker, string) {
	t.Helper()
	a, q := connected(t)
	w := a.window
	dir := t.TempDir()
	if err := a.settings.Change(func(s *settings.Settings) { s.SaveFolder = dir })(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.window.Resize(fyne.NewSize(1366, 768))
	q.Until(t, "the reports", func() bool { return len(w.reports.all) > 0 && w.finder.Ready() })
	q.Drain()
	if !w.middle.reports.Visible() {
		t.Fatal("a connected window does not begin with the gallery")
	}
	return &clicker{t: t, w: w, q: q}, dir
}

// topPlace is what the window calls the tenant at the top.
func topPlace(w *mainWindow) string { return words.Place(w.gallery.here().Target) }

// From a connected window to the first CSV it takes four clicks: choose a report,
// run it, export, save.
func TestFourClicksToTheFirstCSV(t *testing.T) {
	c, dir := inGallery(t)
	w := c.w
	c.tap(1)
	thing, ok := w.gallery.thing(w.gallery.Chosen())
	chosen := thing.Report
	if !ok || chosen == nil || !strings.Contains(desktest.Text(w.desk), chosen.Asks.En) {
		t.Fatalf("the click chose %q", w.gallery.Chosen())
	}
	c.press("Run on " + topPlace(w))
	tab := w.middle.open[0]
	c.q.Until(t, "the rows", func() bool { return tab.Ran() && tab.Shown() != nil })
	shown, _ := tab.Shown().Size()
	c.press("Export")
	c.q.Until(t, "the sheet", func() bool { return desktest.Buttons(w.desk)["Save"] != nil })
	c.press("Save")
	var files []string
	c.q.Until(t, "the file", func() bool {
		files, _ = filepath.Glob(filepath.Join(dir, "*.csv"))
		return len(files) == 1
	})
	if c.n > 4 {
		t.Errorf("%d clicks", c.n)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff"))).ReadAll()
	if err != nil || shown == 0 || len(rows) != shown+1 {
		t.Errorf("%d lines for %d rows, %v", len(rows), shown, err)
	}
}

// The keyboard does the same: words, arrows through what was found while the search has
// the keyboard, Enter for the current one.
func TestTheGalleryByKeyboard(t *testing.T) {
	c, _ := inGallery(t)
	w := c.w
	w.gallery.browse()
	search, ok := w.window.Canvas().Focused().(*widgets.Entry)
	if !ok {
		t.Fatalf("the keyboard is at %T", w.window.Canvas().Focused())
	}
	desktest.Type(w.desk, fyne.KeyReturn)
	if len(w.middle.open) != 0 || w.gallery.Chosen() == "" {
		t.Error("Enter in an empty search runs something, or shows nothing")
	}
	search.SetText("who has access")
	first := w.gallery.Chosen()
	desktest.Type(w.desk, fyne.KeyDown)
	second := w.gallery.Chosen()
	if first == "" || second == first {
		t.Fatalf("arrows choose %q, then %q", first, second)
	}
	desktest.Type(w.desk, fyne.KeyUp)
	if w.gallery.Chosen() != first {
		t.Error("Up does not go back")
	}
	desktest.Type(w.desk, fyne.KeyDown)
	desktest.Type(w.desk, fyne.KeyReturn)
	if len(w.middle.open) != 1 || foundReport+w.middle.open[0].ID() != second {
		t.Fatalf("Enter does not open %s", second)
	}
	c.q.Until(t, "the end", func() bool { return !w.middle.open[0].Running() })
	w.search.focus()
	if !w.middle.reports.Visible() {
		t.Error("Ctrl+L does not bring what was found")
	}
	desktest.Type(w.desk, fyne.KeyEscape)
	desktest.Type(w.desk, fyne.KeyEscape)
	if search.Text != "" || w.middle.reports.Visible() {
		t.Errorf("Escape leaves %q, and the gallery", search.Text)
	}
}

// The questions are answered and the tenants chosen in the preview; Run on three tenants
// is what its button says.
func TestQuestionsAndTenantsInThePreview(t *testing.T) {
	c, _ := inGallery(t)
	w := c.w
	w.gallery.Choose(foundReport + "mailbox-size-one")
	w.gallery.Run()
	if len(w.middle.open) != 0 {
		t.Fatal("it runs without the answer that it needs")
	}
	w.gallery.Form().SetValues(map[string]string{"mailbox": "Anna Christiansen"})
	tenants := w.demo.book.All()
	c.press(fmt.Sprintf("All %d", len(tenants)))
	if !strings.Contains(desktest.Text(w.desk), "In each of "+words.Tenants(len(tenants))) {
		t.Errorf("the cost is not that of all: %s", desktest.Text(w.desk))
	}
	desktest.Shot(t, w.desk, "gallery tenants light")
	c.press("Run on " + words.Tenants(len(tenants)))
	if len(w.middle.open) != 1 {
		t.Fatalf("it does not run:\n%s", desktest.Text(w.desk))
	}
	tab := w.middle.open[0]
	c.q.Until(t, "the end", tab.Ran)
	if tab.Form().Values()["mailbox"] != "Anna Christiansen" || len(tab.Targets()) != len(tenants) {
		t.Errorf("it ran with %v on %d tenants", tab.Form().Values(), len(tab.Targets()))
	}
	w.gallery.Choose(foundReport + "accepted-domains")
	w.gallery.Choose(foundReport + "mailbox-size-one")
	c.q.Until(t, "the answers", func() bool { return w.gallery.Form().Values()["mailbox"] == "Anna Christiansen" })
	w.tenants.chosen(widgets.Item{ID: demoTenant(w, 1).Domain})
	w.gallery.browse()
	c.q.Drain()
	if _, one := desktest.Buttons(w.desk)["Run on "+topPlace(w)]; !one {
		t.Error("another tenant at the top leaves the tenants that were chosen before")
	}
}

// A pack says which reports, which files and what they cost; a group at the side lists
// what is in it.
func TestAPackAndAGroupInTheGallery(t *testing.T) {
	c, _ := inGallery(t)
	w := c.w
	w.contents.lookAt(foundGroup + packGroup)
	c.q.Drain()
	w.gallery.List.First()
	c.press(fmt.Sprintf("All %d", len(w.demo.book.All())))
	text := desktest.Text(w.desk)
	pack, _ := w.reports.packNamed(strings.TrimPrefix(w.gallery.Chosen(), foundReport))
	for _, want := range []string{pack.Asks.En, "In each of", "one call per", w.demo.book.All()[0].Domain + "_" + pack.Name, ".xlsx"} {
		if !strings.Contains(text, want) {
			t.Errorf("the preview does not say %q:\n%s", want, text)
		}
	}
	desktest.Shot(t, w.desk, "gallery pack light")
	w.contents.lookAt(foundGroup + "Mail flow")
	c.q.Drain()
	if text = desktest.Text(w.desk); !strings.Contains(text, "Message trace") {
		t.Errorf("the group lists\n%s", text)
	}
}

// What the service or the role lacks is said before anything runs, and cannot be
// run; the preview says what it costs, asks, shows and sends.
func TestThePreviewOfAReport(t *testing.T) {
	c, _ := inGallery(t)
	w := c.w
	w.gallery.Choose(foundReport + "inbox-rules-external")
	text := desktest.Text(w.desk)
	for _, want := range []string{
		"Does a rule (perhaps an attacker's) send mail elsewhere?", "one call per mailbox, 3 at once: about 7 minutes for 5,000", "only reads",
		"PrimarySmtpAddress", "sends outside", "Get-InboxRule -Mailbox '{ExchangeGuid}'", "Hidden rules are not listed.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the preview does not say %q:\n%s", want, text)
		}
	}
	desktest.Shot(t, w.desk, "gallery light")
	w.gallery.Choose(foundReport + "message-trace")
	if text = desktest.Text(w.desk); !strings.Contains(text, "Sender") {
		t.Errorf("the questions are not there:\n%s", text)
	}
	w.gallery.Choose(foundReport + "receive-connectors")
	if text = desktest.Text(w.desk); !strings.Contains(text, "Not here: only in Exchange Server.") {
		t.Errorf("nothing says that the service lacks it:\n%s", text)
	}
	if b := desktest.Buttons(w.desk)["Run on "+topPlace(w)]; b == nil || !b.Disabled() {
		t.Error("it can be run all the same")
	}
	w.gallery.List.OnEnter(foundReport + "receive-connectors")
	if len(w.middle.open) != 0 {
		t.Error("Enter runs what is not here")
	}
}

// The gallery comes over what is open, and goes again.
func TestTheGalleryOverTabs(t *testing.T) {
	c, _ := inGallery(t)
	w := c.w
	w.opening.cmdlet("Get-Mailbox")
	if w.middle.reports.Visible() {
		t.Fatal("the gallery stays over the form")
	}
	w.gallery.browse()
	if !w.middle.reports.Visible() || w.middle.tabs.Visible() {
		t.Fatal("the gallery does not come")
	}
	c.press("Back")
	if w.middle.reports.Visible() || !w.middle.tabs.Visible() {
		t.Error("Back does not go back")
	}
}

// mailboxesTab is a report of mailboxes that has run.
func mailboxesTab(t *testing.T) (*clicker, *runs.Tab) {
	t.Helper()
	c, _ := inGallery(t)
	tab := c.w.opening.report("mailbox-list")
	c.q.Until(t, "the rows", func() bool { return tab.Ran() && tab.Shown() != nil })
	if rows, _ := tab.Shown().Size(); rows < 6 {
		t.Fatalf("%d rows", rows)
	}
	c.w.desk.Focus(tab.Grid())
	tab.Grid().SetCurrent(1, 0)
	c.q.Drain()
	return c, tab
}

// front is the tab in front.
func (c *clicker) front() *runs.Tab {
	var front *runs.Tab
	c.w.middle.withFront(func(t *runs.Tab) { front = t })
	return front
}

// A cell leads to the reports that say more of its row, filled in.
func TestACellLeadsToItsReports(t *testing.T) {
	c, tab := mailboxesTab(t)
	view := tab.Shown()
	col, _ := view.Column("PrimarySmtpAddress")
	address := view.Cell(1, col)
	tab.MoreAbout()
	c.q.Drain()
	menus := desktest.Menus(c.w.desk)
	if !slices.Contains(menus, "Inbox rules of one mailbox") || !slices.Contains(menus, "Folder sizes of one mailbox") {
		t.Fatalf("the menu has %q", menus)
	}
	desktest.Shot(t, c.w.desk, "links light")
	desktest.ChooseMenu(t, c.w.desk, "Who can open one mailbox")
	next := c.front()
	if next == tab || next.ID() != "mailbox-permissions-one" || next.Form().Values()["mailbox"] != address {
		t.Fatalf("it leads to %s with %v", next.ID(), next.Form().Values())
	}
	c.q.Until(t, "the rows", next.Ran)
	if next.Err() != nil || next.Target().Tenant.Domain != tab.Target().Tenant.Domain {
		t.Errorf("%v in %s", next.Err(), next.Target().Tenant.Domain)
	}
}

// Selected rows get a report, a row each.
func TestAReportForSelectedRows(t *testing.T) {
	c, tab := mailboxesTab(t)
	tab.Grid().SetSelected([]widgets.RowRange{{First: 0, Last: 2}})
	tab.ForRows()
	c.q.Drain()
	if !strings.Contains(desktest.Text(c.w.desk), "For 3 mailboxes") {
		t.Fatalf("the sheet says %s", desktest.Text(c.w.desk))
	}
	desktest.Shot(t, c.w.desk, "for rows light")
	list := desktest.Lists(c.w.desk)[0]
	list.OnOpen("report mailbox-size-one")
	next := c.front()
	c.q.Until(t, "the rows", func() bool { return next.Ran() && next.Shown() != nil })
	if rows, _ := next.Shown().Size(); rows != 3 || next.Err() != nil {
		t.Errorf("%d rows, %v", rows, next.Err())
	}
	desktest.Shot(t, c.w.desk, "report for rows light")
}

// TestACmdletForSelectedRowsSaysOfWhich: object, status and reason stand in front, as a report
// has them; of a row that was stopped nothing else is known.
func TestACmdletForSelectedRowsSaysOfWhich(t *testing.T) {
	c, tab := mailboxesTab(t)
	tab.Grid().SetSelected([]widgets.RowRange{{First: 0, Last: 2}})
	tab.ForRows()
	c.q.Drain()
	desktest.Lists(c.w.desk)[0].OnOpen("cmdlet Get-MailboxStatistics")
	next := c.front()
	next.Form().Run()
	c.q.Until(t, "the rows", func() bool { return next.Ran() && next.Shown() != nil })
	var names []string
	for _, col := range next.Grid().VisibleColumns()[:3] {
		names = append(names, next.Grid().Source().Header(col))
	}
	if got := strings.Join(names, " "); next.Err() != nil || got != "Object Status Reason" {
		t.Errorf("%v; %s stand in front", next.Err(), got)
	}
}

// From the palette and the menu, the run in front is compared with the one before.
func TestTheRunInFrontIsCompared(t *testing.T) {
	c, tab := mailboxesTab(t)
	compare := func() {
		c.w.palette.chosen(widgets.Item{ID: paletteAction + ":Compare with the run before"})
	}
	e, kept := tab.Remembered()
	if !kept || e.Report != "mailbox-list" {
		t.Fatalf("kept %v: %+v", kept, e)
	}
	compare()
	c.q.Until(t, "that there is none before", func() bool { return strings.Contains(desktest.Notes(c.w.desk), "There is no earlier run") })
	tab.Form().Run()
	c.q.Until(t, "the second run", func() bool {
		again, is := tab.Remembered()
		return is && again.ID != e.ID && tab.Shown() != nil && !tab.Running()
	})
	compare()
	c.q.Until(t, "the comparison", func() bool { next := c.front(); return next != tab && next.Ran() && next.Shown() != nil })
	next := c.front()
	if got := next.Shown().Provenance().FileName(".csv"); !strings.Contains(got, "Changes · Mailboxes") {
		t.Errorf("its file is called %s, as the run's would be", got)
	}
	if !strings.Contains(desktest.Text(c.w.desk), "Same ") {
		t.Error("it does not say how much is the same")
	}
}

// A row is called by its name where its identity is a GUID.
func TestAMessageIsCalledByItsSubject(t *testing.T) {
	c, _ := inGallery(t)
	tab := c.w.opening.report("message-trace")
	tab.Form().Run()
	c.q.Until(t, "the rows", func() bool { return tab.Ran() && tab.Shown() != nil })
	view := tab.Shown()
	subject, there := view.Column("Subject")
	if rows, _ := view.Size(); rows == 0 || !there {
		t.Fatalf("%d rows of %v", rows, view.Headers())
	}
	tab.Grid().OnMenu(0, subject, fyne.NewPos(100, 100))
	c.q.Drain()
	beginning := []rune(view.Cell(0, subject))
	want := "More about " + string(beginning[:min(len(beginning), 39)])
	if menus := desktest.Menus(c.w.desk); !slices.ContainsFunc(menus, func(m string) bool { return strings.HasPrefix(m, want) }) {
		t.Errorf("no item begins with %q: %q", want, menus)
	}
}

// One of four changes fails: each row says how it came out, in the server's words, the rest
// waits, and that one is asked for again, after it was seen once more.
func TestAFailedChangeOfARowIsAskedForAgain(t *testing.T) {
	c, tab := mailboxesTab(t)
	w := c.w
	next := c.setMailboxFor(tab, 4)
	next.Form().SetValues(map[string]string{"CustomAttribute1": "checked"})
	faults(t, w, simulator.Rule{Fault: simulator.Transient, On: simulator.Cmdlet, Cmdlet: "Set-Mailbox", Nth: []int{2}})
	next.Form().Run()
	c.q.Drain()
	c.press("Send 4 commands")
	c.q.Until(t, "the end", func() bool { return next.Ran() && next.Shown() != nil })
	c.q.Until(t, "the count", func() bool { return strings.Contains(desktest.Text(w.desk), "1 done, 1 failed, 2 not sent.") })
	view := next.Shown()
	status, _ := view.Column(result.StatusColumn.Name())
	reason, _ := view.Column(result.ReasonColumn.Name())
	object, _ := view.Column(result.ObjectColumn.Name())
	if view.Cell(1, status) != "failed" || view.Cell(1, reason) == "" || strings.Contains(view.Cell(1, reason), "Set-Mailbox -Identity") {
		t.Errorf("the second row is %q, %q", view.Cell(1, status), view.Cell(1, reason))
	}
	failed := view.Cell(1, object)
	sent := w.demo.Server.Stats().CommandsByName["Set-Mailbox"]
	c.press("Retry what failed (1)")
	if text := desktest.Text(w.desk); !strings.Contains(text, "Set-Mailbox -Identity "+failed) || w.demo.Server.Stats().CommandsByName["Set-Mailbox"] != sent {
		t.Fatalf("it is not shown before it is sent: %s", text)
	}
	c.press("Send 1 command")
	c.q.Until(t, "the second end", func() bool {
		return next.Ran() && next.Shown() != nil && next.Shown().Cell(0, status) == "done"
	})
	if got := w.demo.Server.Stats().CommandsByName["Set-Mailbox"]; got != sent+1 || next.Shown().Cell(0, object) != failed {
		t.Errorf("%d commands more, for %s", got-sent, next.Shown().Cell(0, object))
	}
	c.q.Until(t, "the count", func() bool { return strings.Contains(desktest.Text(w.desk), "2 done, 2 not sent.") })
	if _, there := desktest.Buttons(w.desk)["Retry what failed (1)"]; there {
		t.Error("what is done is still offered")
	}
	c.press("Continue with the rest (2)")
	c.press("Send 2 commands")
	c.q.Until(t, "the last end", func() bool {
		return w.demo.Server.Stats().CommandsByName["Set-Mailbox"] == sent+3 && next.Ran() && next.Shown() != nil
	})
}

// A change for selected rows is asked about once, with all commands in sight, is
// sent once each, and stops at the first error.
func TestAChangeForSelectedRows(t *testing.T) {
	c, tab := mailboxesTab(t)
	w := c.w
	next := c.setMailboxFor(tab, 4)
	if _, has := next.Form().Values()["Identity"]; has || next == tab {
		t.Fatal("the form asks for what the rows say")
	}
	next.Form().SetValues(map[string]string{"CustomAttribute1": "checked"})
	next.Form().Run()
	c.q.Drain()
	text := desktest.Text(w.desk)
	commands := map[string]bool{}
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "Set-Mailbox -Identity ") {
			commands[line] = true
		}
	}
	if n := len(commands); n != 4 || !strings.Contains(text, "Change 4 mailboxes in "+topPlace(w)) {
		t.Fatalf("%d commands in sight: %s", n, text)
	}
	if next.Running() || next.Ran() {
		t.Fatal("something was sent before anybody agreed")
	}
	desktest.Shot(t, w.desk, "confirm rows light")
	c.press("Send 4 commands")
	c.q.Until(t, "the end", func() bool { return next.Ran() && next.Shown() != nil })
	if text = desktest.Text(w.desk); !strings.Contains(text, "Changed: 4 of 4.") {
		t.Errorf("the foot does not say how it came out: %s", text)
	}
	view := next.Shown()
	col, _ := view.Column(result.StatusColumn.Name())
	rows, _ := view.Size()
	for row := range rows {
		if view.Cell(row, col) != "done" {
			t.Errorf("row %d is %s", row, view.Cell(row, col))
		}
	}
	if rows != 4 {
		t.Errorf("%d rows", rows)
	}
	desktest.Shot(t, w.desk, "changed rows light")
}

// The chart shows the rows as they are filtered, and is saved as a picture.
func TestAChartBesideTheRows(t *testing.T) {
	c, dir := inGallery(t)
	w := c.w
	tab := w.opening.report("mailbox-sizes")
	c.q.Until(t, "the rows", func() bool { return tab.Ran() && tab.Shown() != nil })
	c.press("Chart")
	c.q.Until(t, "the chart", func() bool { return chartSize(w).X > 200 })
	desktest.Shot(t, w.desk, "chart light")
	copied := make(chan []byte, 1)
	w.exporter.copy = func(png []byte) error { copied <- png; return nil }
	c.press("Copy picture")
	c.q.Until(t, "the note", func() bool { return strings.Contains(desktest.Notes(w.desk), "The picture is on the clipboard.") })
	if got, err := png.Decode(bytes.NewReader(<-copied)); err != nil || got.Bounds().Dx() < 200 {
		t.Errorf("%v was copied, %v", got, err)
	}
	w.look.choose(settings.Dark)
	c.q.Until(t, "a chart on a dark ground", func() bool {
		r, g, b, _ := chartOf(w).At(1, 1).RGBA()
		return chartSize(w).X > 200 && r+g+b < 3*0x8000
	})
	desktest.Shot(t, w.desk, "chart after a switch to dark")
	w.look.choose(settings.Light)
	c.press("Save picture")
	c.q.Until(t, "the sheet", func() bool { return desktest.Buttons(w.desk)["Save"] != nil })
	c.press("Save")
	c.q.Until(t, "the picture", func() bool {
		files, _ := filepath.Glob(filepath.Join(dir, "*.png"))
		return len(files) == 1
	})
	tab.Chart()
	if _, still := desktest.Buttons(w.desk)["Save picture"]; still {
		t.Error("the chart does not go")
	}
}

// Pictures of the gallery and of a chart, for people to look at.
func TestGalleryPictures(t *testing.T) {
	looks := []struct {
		name   string
		mode   widgets.Mode
		size   fyne.Size
		german bool
	}{
		{"dark", widgets.AlwaysDark, fyne.NewSize(1366, 768), false},
		{"german", widgets.AlwaysLight, fyne.NewSize(1366, 768), true},
		{"small", widgets.AlwaysLight, fyne.NewSize(800, 600), true},
	}
	for n := 0; n < len(looks); n += fixture.OneOf(3) {
		look := looks[n]
		name := look.name
		t.Run(name, func(t *testing.T) {
			if look.german {
				desktest.German(t)
			}
			c, _ := inGallery(t)
			w := c.w
			fyne.CurrentApp().Settings().SetTheme(widgets.NewTheme(look.mode))
			w.window.Resize(look.size)
			w.gallery.Choose(foundReport + "mailbox-forwarding")
			c.q.Drain()
			desktest.Shot(t, w.desk, "gallery "+name)
			tab := w.opening.report("mailbox-forwarding")
			c.q.Until(t, "the rows", func() bool { return tab.Ran() && tab.Shown() != nil })
			title := report.MarksTitle(map[bool]string{true: "de", false: "en"}[look.german])
			if _, has := tab.Shown().Column(title); !has {
				t.Errorf("%s is not among %v", title, tab.Shown().Headers())
			}
			x := extracted(t, tab)
			if _, has := x.Shown.Column(report.MarksColumn); !has {
				t.Errorf("a file has %v", x.Shown.Headers())
			}
			desktest.Shot(t, w.desk, "marks "+name)
			tab = w.opening.report("mailbox-sizes")
			c.q.Until(t, "the rows", func() bool { return tab.Ran() && tab.Shown() != nil })
			tab.Chart()
			c.q.Until(t, "the chart", func() bool { return chartSize(w).X > 200 })
			desktest.Shot(t, w.desk, "chart "+name)
		})
	}
}

// chartOf is the chart in sight; nil for none.
func chartOf(w *mainWindow) (chart image.Image) {
	for _, picture := range desktest.Images(w.desk) { // icons are pictures too
		if chart == nil || picture.Bounds().Dx() > chart.Bounds().Dx() {
			chart = picture
		}
	}
	return chart
}

// chartSize is the size of the chart in sight, in pixels.
func chartSize(w *mainWindow) image.Point {
	if chart := chartOf(w); chart != nil {
		return chart.Bounds().Size()
	}
	return image.Point{}
}

// Enter opens a pack and runs it: its files are named in the preview.
func TestAPackRunsFromTheGallery(t *testing.T) {
	c, dir := inGallery(t)
	w := c.w
	w.gallery.Choose(foundReport + "accepted-domains")
	w.gallery.List.OnEnter(foundReport + "who-has-access")
	if len(w.middle.open) != 1 || w.middle.open[0].Report() != nil {
		t.Fatalf("%d tabs are open", len(w.middle.open))
	}
	tab := w.middle.open[0]
	c.q.Until(t, "the files", func() bool {
		files, _ := filepath.Glob(filepath.Join(dir, "*.xlsx"))
		return tab.Ran() && len(files) == 1
	})
}

// News in the corner covers nothing that is pressed next: the buttons of the preview stay free.
func TestNewsDoNotCoverRun(t *testing.T) {
	c, _ := inGallery(t)
	for _, size := range []fyne.Size{fyne.NewSize(640, 600), fyne.NewSize(800, 600), fyne.NewSize(1024, 600), fyne.NewSize(1366, 768)} {
		c.w.window.Resize(size)
		c.w.gallery.Choose(foundReport + "message-trace")
		c.w.desk.Note(widgets.Success, "Written: a file with a long name that takes the whole width of the news.")
		c.q.Drain()
		var news []fyne.CanvasObject
		desktest.Walk(c.w.desk.Toasts, func(o fyne.CanvasObject) {
			if _, is := o.(*widgets.Panel); is {
				news = append(news, o)
			}
		})
		ways := 0
		for text, b := range desktest.Buttons(c.w.desk) {
			if !strings.HasPrefix(text, "Run") { // now, and regularly
				continue
			}
			ways++
			at, until := place(b)
			for _, o := range news {
				if from, to := place(o); from.X < until.X && to.X > at.X && from.Y < until.Y && to.Y > at.Y {
					t.Errorf("at %v the news %v to %v cover %s %v to %v", size, from, to, text, at, until)
				}
			}
		}
		if ways != 2 || len(news) == 0 {
			t.Fatalf("at %v there are %d ways to run and %d news", size, ways, len(news))
		}
	}
}

// place is where something stands in the window.
func place(o fyne.CanvasObject) (at, until fyne.Position) {
	at = fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	return at, at.AddXY(o.Size().Width, o.Size().Height)
}
