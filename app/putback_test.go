package app

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"postroom/app/desktest"
	"postroom/app/runs"
	"postroom/session/history"
	"postroom/test/fixture"
	"postroom/widgets"
)

// setMailboxFor opens the form of Set-Mailbox for the first rows of a tab.
func (c *clicker) setMailboxFor(tab *runs.Tab, rows int) *runs.Tab {
	c.t.Helper()
	tab.Grid().SetSelected([]widgets.RowRange{{First: 0, Last: rows - 1}})
	tab.ForRows()
	c.q.Drain()
	desktest.Lists(c.w.desk)[0].OnOpen("cmdlet Set-Mailbox")
	return c.front()
}

// changed sets a value of the first rows of a report of mailboxes, and gives the tab in which
// that was done.
func (c *clicker) changed(tab *runs.Tab, rows int) *runs.Tab {
	c.t.Helper()
	next := c.setMailboxFor(tab, rows)
	next.Form().SetValues(map[string]string{"ForwardingSmtpAddress": "new@postroom.example"})
	next.Form().Run()
	c.q.Drain()
	for name := range desktest.Buttons(c.w.desk) {
		if strings.HasPrefix(name, "Send ") {
			c.press(name)
			break
		}
	}
	c.q.Until(c.t, "the change", func() bool { return next.Ran() && next.Shown() != nil })
	return next
}

// What a change of chosen rows did is offered to be put back: each row by a call with its own
// old value, all of them seen before any is sent.
func TestAChangeOfRowsIsPutBack(t *testing.T) {
	c, tab := mailboxesTab(t)
	w := c.w
	x := extracted(t, tab)
	col, there := x.All.Column("ForwardingSmtpAddress")
	if !there {
		t.Fatalf("the rows have %v", x.All.Headers())
	}
	changed := c.changed(tab, 3)
	sent := w.demo.Server.Stats().CommandsByName["Set-Mailbox"]
	c.press("Put back (3) ...")
	back := c.front()
	if back == changed || back.Running() {
		t.Fatal("it is sent by itself, or not offered as a tab of its own")
	}
	back.Form().Run()
	c.q.Drain()
	text := desktest.Text(w.desk)
	for row := range 3 {
		was := x.All.Cell(row, col)
		if was == "" {
			was = "$null"
		}
		if !strings.Contains(text, " -ForwardingSmtpAddress "+was) {
			t.Errorf("row %d does not go back to %s: %s", row, was, text)
		}
	}
	if now := w.demo.Server.Stats().CommandsByName["Set-Mailbox"]; now != sent {
		t.Errorf("%d commands were sent before anybody agreed", now-sent)
	}
	c.press("Send 3 commands")
	c.q.Until(t, "the end", func() bool { return back.Ran() && back.Shown() != nil })
	if text = desktest.Text(w.desk); !strings.Contains(text, "Changed: 3 of 3.") {
		t.Errorf("it came out otherwise: %s", text)
	}
}

// A comparison leads from a property that changed to a form with its old value, and from its
// rows to the reports that say more; it asks no server itself.
func TestAComparisonLeadsOn(t *testing.T) {
	fixture.Long(t)
	c, tab := mailboxesTab(t)
	w := c.w
	c.changed(tab, 2)
	again := w.opening.report("mailbox-list")
	c.q.Until(t, "the rows", func() bool { return again.Ran() && again.Shown() != nil })
	var entries []history.Entry
	c.q.Until(t, "the history", func() bool {
		entries, _ = w.app.history.Entries()
		return len(entries) == 3
	})
	w.gallery.compareBefore(entries[0])
	c.q.Until(t, "the comparison", func() bool {
		d := c.front()
		return d != again && d.Ran() && d.Shown() != nil
	})
	d := c.front()
	headers := d.Shown().Headers()
	if rows, _ := d.Shown().Size(); rows != 4 || headers[0] != "Change" || !slices.Contains(headers, "ForwardingSmtpAddress") {
		t.Fatalf("%d rows of %v", rows, headers)
	}
	if text := desktest.Text(w.desk); !strings.Contains(text, "Changed 2") || !strings.Contains(text, "Added 0") {
		t.Errorf("the changes are not counted: %s", text)
	}
	desktest.Shot(t, w.desk, "compare light")
	sent := w.demo.Server.Stats().Commands
	d.Grid().OnMenu(1, 0, fyne.NewPos(300, 300))
	c.q.Drain()
	if menus := desktest.Menus(w.desk); !slices.Contains(menus, "Who can open one mailbox") {
		t.Errorf("kept rows lead to %q", menus)
	}
	desktest.ChooseMenu(t, w.desk, "Put back by Set-Mailbox ...")
	form := c.front()
	if form == d || form.Running() || form.Ran() || w.demo.Server.Stats().Commands != sent {
		t.Fatal("it is sent by itself, or not offered as a form")
	}
	values := form.Form().Values()
	if !strings.Contains(values["Identity"], "@") || values["ForwardingSmtpAddress"] == "" || strings.Contains(values["ForwardingSmtpAddress"], "new@") {
		t.Errorf("the form has %v", values)
	}
	desktest.Shot(t, w.desk, "put back light")
}

// A row of what changed since a day leads to the comparison of the two runs that it is from.
func TestWhatChangedLeadsToTheComparison(t *testing.T) {
	fixture.Long(t)
	c, _ := inGallery(t)
	w := c.w
	tab := w.opening.report("mailbox-forwarding")
	c.q.Until(t, "the rows", func() bool { return tab.Ran() && tab.Shown() != nil })
	c.changed(tab, 2)
	w.gallery.lookAt(foundReport + changesReport)
	w.gallery.Form().SetValues(map[string]string{"report": "mailbox-forwarding", "since": "today-7d"})
	w.gallery.Run()
	changes := c.front()
	c.q.Until(t, "what changed", func() bool { return changes != tab && changes.Ran() && changes.Shown() != nil })
	if rows, _ := changes.Shown().Size(); rows == 0 {
		t.Fatalf("nothing changed: %v", changes.Err())
	}
	if col, _ := changes.Shown().Column("Report"); changes.Shown().Cell(0, col) != "Mailboxes that forward" {
		t.Errorf("the report is called %q", changes.Shown().Cell(0, col))
	}
	changes.Grid().OnMenu(0, 0, fyne.NewPos(300, 300))
	c.q.Drain()
	desktest.ChooseMenu(t, w.desk, "Open the comparison")
	c.q.Until(t, "the comparison", func() bool { return c.front() != changes && c.front().Ran() && c.front().Shown() != nil })
	if rows, _ := c.front().Shown().Size(); rows != 4 || !strings.Contains(desktest.Text(w.desk), "Changed 2") {
		t.Errorf("the comparison has %d rows: %s", rows, desktest.Text(w.desk))
	}

	// Rows are matched by another column, and those that did not change are shown.
	for text := range desktest.Buttons(w.desk) {
		if strings.HasPrefix(text, "Matched by ") {
			desktest.Press(t, w.desk, text)
		}
	}
	c.q.Until(t, "the columns", func() bool { return slices.Contains(desktest.Menus(w.desk), "The most reliable column") })
	desktest.ChooseMenu(t, w.desk, "PrimarySmtpAddress")
	c.q.Until(t, "the comparison by addresses", func() bool {
		return !c.front().Running() && strings.Contains(desktest.Text(w.desk), "Matched by PrimarySmtpAddress")
	})
	if !strings.Contains(desktest.Text(w.desk), "Changed 2") {
		t.Errorf("by addresses: %s", desktest.Text(w.desk))
	}
	desktest.Walk(desktest.Front(w.desk), func(o fyne.CanvasObject) {
		if kinds, is := o.(*widgets.Segments); is && strings.Contains(kinds.AccessibilityLabel(), "Differences") {
			kinds.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
		}
	})
	c.q.Until(t, "the same rows", func() bool {
		shown := c.front().Shown()
		return !c.front().Running() && shown != nil && shown.Cell(0, 0) == "same"
	})
	desktest.Shot(t, w.desk, "compare same")
}
