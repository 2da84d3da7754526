package widgets_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"postroom/widgets"
)

func someTabs(n int) []*widgets.Tab {
	var out []*widgets.Tab
	for i := range n {
		out = append(out, &widgets.Tab{Title: fmt.Sprintf("Tab number %d", i), Content: widgets.NewText(fmt.Sprintf("content %d", i), widgets.BodyText)})
	}
	return out
}

func TestTabs(t *testing.T) {
	themedApp(t)
	items := someTabs(3)
	tabs := widgets.NewTabs(items...)
	var got []string
	tabs.OnSelected = func(tab *widgets.Tab) { got = append(got, tab.Title) }
	w := window(t, tabs, 600, 200)
	mustRead(t, tabs, "Tab number 2", "content 0")
	tabs.Select(items[2])
	if len(got) != 0 || readable(tabs, "content 0") || !readable(tabs, "content 2") {
		t.Errorf("Select shows %q and called %q", texts(tabs), got)
	}
	test.TapCanvas(w.Canvas(), where(textObject(t, tabs, "Tab number 1")).AddXY(5, 5))
	press(w, fyne.KeyRight, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd, fyne.KeyLeft)
	tabs.SelectNext(1)
	tabs.SelectNext(1)
	want := []string{"Tab number 1", "Tab number 2", "Tab number 0", "Tab number 2", "Tab number 1", "Tab number 2", "Tab number 0"}
	if !slices.Equal(got, want) {
		t.Errorf("selected %q\nwant     %q", got, want)
	}
	var asked []string
	tabs.OnClose = func(tab *widgets.Tab) { asked = append(asked, tab.Title) }
	press(w, fyne.KeyDelete)
	cross := where(textObject(t, tabs, "Tab number 1")).AddXY(textObject(t, tabs, "Tab number 1").Size().Width+12, 5)
	test.TapCanvas(w.Canvas(), cross)
	w.Canvas().Focused().(desktop.Mouseable).MouseDown(mouse(where(textObject(t, tabs, "Tab number 2")).X, 20, desktop.MouseButtonTertiary, 0))
	if !slices.Equal(asked, []string{"Tab number 0", "Tab number 1", "Tab number 2"}) || len(tabs.Items()) != 3 {
		t.Errorf("asked to close %q", asked)
	}
	tabs.OnClose = nil
	press(w, fyne.KeyDelete, fyne.KeyDelete, fyne.KeyDelete, fyne.KeyDelete)
	if tabs.Selected() != nil || len(tabs.Items()) != 0 {
		t.Error("tabs are left")
	}
	tabs.SelectNext(1)
	tabs.Append(items[0])
	mustRead(t, tabs, "content 0")
}

func TestTabs_removing_keeps_what_is_shown(t *testing.T) {
	themedApp(t)
	items := someTabs(4)
	tabs := widgets.NewTabs(items...)
	window(t, tabs, 600, 200)
	tabs.Select(items[2])
	tabs.Remove(items[0])
	tabs.Remove(items[3])
	if tabs.Selected() != items[2] {
		t.Errorf("%q is shown", tabs.Selected().Title)
	}
	tabs.Remove(items[2])
	if tabs.Selected() != items[1] {
		t.Errorf("%q is shown", tabs.Selected().Title)
	}
}

func TestTabs_more_than_fit(t *testing.T) {
	themedApp(t)
	items := someTabs(30)
	tabs := widgets.NewTabs(items...)
	window(t, tabs, 400, 200)
	for _, i := range []int{29, 3, 15} {
		tabs.Select(items[i])
		found := false
		walk(tabs, func(o fyne.CanvasObject) {
			if s, ok := o.(fyne.Focusable); ok {
				_ = s
				found = true
			}
		})
		if !found {
			t.Fatal("no row of tabs")
		}
	}
	tabs.Select(items[29])
	var last float32
	walk(tabs, func(o fyne.CanvasObject) {
		if p := where(o).X + o.Size().Width; p > last && o.Size().Height < 30 {
			last = p
		}
	})
	if last > 420 {
		t.Errorf("the selected tab ends at %v of 400", last)
	}
}

func TestPictures_tabs(t *testing.T) {
	both(t, func(t *testing.T, mode string) {
		items := someTabs(3)
		items[0].Title, items[1].Title, items[2].Title = "Mailboxes", "Mail flow rules · 12 tenants", "Quarantine"
		items[0].Color, items[2].Color, items[2].Busy = violet, green, true
		tabs := widgets.NewTabs(items...)
		w := window(t, tabs, 700, 120)
		shoot(t, w, "tabs-"+mode)
	})
}

// TestTheDetailOfATabStaysInSight: of five tabs of one cmdlet the tenants tell which is
// which, so the cmdlet is what is cut.
func TestTheDetailOfATabStaysInSight(t *testing.T) {
	test.NewTempApp(t)
	for _, tenants := range [][]string{
		{"Alpenhof", "Brasserie", "Hafen", "Lindgren", "Nordsee"},
		{"alpenhof-hotels.example", "brasserie-du-port.example", "hafen-logistik.example", "lindgren-forlag.example", "nordsee-fisch.example"},
	} {
		tabs := widgets.NewTabs()
		for _, tenant := range tenants {
			tabs.Append(&widgets.Tab{Title: "Get-QuarantineMessage", Detail: tenant, Content: widget.NewLabel("")})
		}
		w := window(t, tabs, 840, 300)
		var shown []string
		for _, o := range test.LaidOutObjects(w.Content()) {
			if text, ok := o.(*canvas.Text); ok {
				shown = append(shown, text.Text)
			}
		}
		for _, tenant := range tenants {
			if !slices.ContainsFunc(shown, func(text string) bool { return strings.HasSuffix(text, tenant) }) {
				t.Errorf("%s is cut away: %q", tenant, shown)
			}
		}
	}
}

// TestTabsOfOneTenantAreToldApart: where the tenant is the same the cmdlet is what tells,
// and stays whole; the same twice has a number.
func TestTabsOfOneTenantAreToldApart(t *testing.T) {
	test.NewTempApp(t)
	for _, c := range []struct{ titles, tenants, want []string }{
		{
			[]string{"Get-MailboxRegionalConfiguration", "Get-MailboxRegionalPermission", "Get-MailboxAutoReplyConfiguration"},
			[]string{"alpenhof-hotels.example", "alpenhof-hotels.example", "alpenhof-hotels.example"},
			[]string{"Get-MailboxRegionalConfiguration", "Get-MailboxRegionalPermission", "Get-MailboxAutoReplyConfiguration"},
		},
		{
			[]string{"Get-MailboxStatistics", "Get-MailboxStatistics", "Get-MailboxStatisticsReport"},
			[]string{"alpenhof-hotels.example", "brasserie-du-port.example", "alpenhof-hotels.example"},
			[]string{"Get-MailboxStatistics", " · alpenhof-hotels.example", " · brasserie-du-port.example", "Get-MailboxStatisticsReport"},
		},
		{[]string{"Get-Mailbox", "Get-Mailbox"}, []string{"Alpenhof", "Alpenhof"}, []string{"Get-Mailbox", "Get-Mailbox (2)"}},
	} {
		tabs := widgets.NewTabs()
		for i, title := range c.titles {
			tabs.Append(&widgets.Tab{Title: title, Detail: c.tenants[i], Content: widget.NewLabel("")})
		}
		w := window(t, tabs, 420, 300)
		var shown []string
		for _, o := range test.LaidOutObjects(w.Content()) {
			if text, ok := o.(*canvas.Text); ok {
				shown = append(shown, text.Text)
			}
		}
		for _, want := range c.want {
			if !slices.Contains(shown, want) {
				t.Errorf("%q is cut away: %q", want, shown)
			}
		}
	}
}

// TestTypingDoesNotGoIntoAHiddenTab: who goes on to another tab would fill in the form of the
// one before, and Enter would run it.
func TestTypingDoesNotGoIntoAHiddenTab(t *testing.T) {
	themedApp(t)
	first, second := widgets.NewEntry(), widgets.NewEntry()
	tabs := widgets.NewTabs(&widgets.Tab{Title: "Remove-Mailbox", Content: first}, &widgets.Tab{Title: "Get-Mailbox", Content: second})
	w := window(t, tabs, 600, 200)
	w.Canvas().Focus(first)
	tabs.SelectNext(1)
	if f := w.Canvas().Focused(); f != nil {
		f.TypedRune('x')
	}
	if first.Text != "" {
		t.Errorf("the hidden tab took %q", first.Text)
	}
	w.Canvas().Focus(second)
	tabs.Remove(tabs.Selected())
	if f := w.Canvas().Focused(); f != nil {
		f.TypedRune('x')
	}
	if second.Text != "" {
		t.Errorf("the tab that is gone took %q", second.Text)
	}
}
