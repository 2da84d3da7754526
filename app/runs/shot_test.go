package runs_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desktest"
	"postroom/assets"
	"postroom/widgets"
)

// speak tells Fyne which language the environment asks for from now on.
func speak(t *testing.T, language string) {
	t.Helper()
	t.Setenv("LC_ALL", language+".UTF-8")
	t.Setenv("LANGUAGE", language)
	if err := lang.AddTranslationsFS(assets.Translations(), "translations"); err != nil {
		t.Fatal(err)
	}
}

// TestPictures shows a run's rows with filters, groups and statistics: in light and dark, in
// German, in a small window, and at twice the size.
func TestPictures(t *testing.T) {
	for name, c := range map[string]struct {
		mode     widgets.Mode
		language string
		size     fyne.Size
		scale    float32
	}{
		"light":  {widgets.AlwaysLight, "en_US", fyne.NewSize(1100, 700), 1},
		"dark":   {widgets.AlwaysDark, "en_US", fyne.NewSize(1100, 700), 1},
		"german": {widgets.AlwaysLight, "de_DE", fyne.NewSize(1100, 700), 1},
		"small":  {widgets.AlwaysLight, "de_DE", fyne.NewSize(572, 500), 1}, // the middle of a window of 800 by 600
		"double": {widgets.AlwaysLight, "en_US", fyne.NewSize(760, 480), 2},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			speak(t, c.language)
			defer speak(t, "en_US")
			fyne.CurrentApp().Settings().SetTheme(widgets.NewTheme(c.mode))
			b.usual = mailboxRows(30)
			tab := b.tab("Get-Mailbox", "Identity", "Filter", "RecipientTypeDetails", "ResultSize", "Archive", "SortBy")
			if canvas, ok := b.desk.Window.Canvas().(software.WindowlessCanvas); ok {
				canvas.SetScale(c.scale)
			}
			b.desk.Window.Resize(c.size)
			b.settle()
			desktest.Shot(t, b.desk, "form "+name)
			b.run(tab)
			filter := func(column string, f widgets.ColumnFilter) {
				tab.FilterBy(column, f)
				b.settle()
			}
			filter("Name", widgets.ColumnFilter{Op: widgets.FilterContains, Values: []string{"user"}})
			filter("Changed", widgets.ColumnFilter{Op: widgets.FilterLastDays, Values: []string{"365"}})
			tab.Sort(widgets.SortKey{Col: column(t, tab, "Office"), Order: widgets.Ascending}, widgets.SortKey{Col: column(t, tab, "Items"), Order: widgets.Descending})
			b.settle()
			b.desk.Focus(tab.Grid())
			tab.Grid().SetCurrent(3, column(t, tab, "Size"))
			tab.Grid().SetSelected([]widgets.RowRange{{First: 2, Last: 5}})
			tab.Grid().OnSelect(4)
			b.settle()
			desktest.Shot(t, b.desk, "rows "+name)
			headingMenu(t, b, tab, "Size")
			b.choose(lang.L("New computed column ..."))
			keys(b, "GB")
			b.desk.Window.Canvas().FocusNext()
			keys(b, "bytes(Size) / 1GB +")
			b.settle()
			desktest.Shot(t, b.desk, "computed wrong "+name)
			keys(b, " 0")
			b.settle()
			desktest.Shot(t, b.desk, "computed "+name)
			keys(b, "", fyne.KeyReturn)
			b.until("the column", func() bool { return len(cells(tab, "GB")) > 0 })
			b.settle()
			desktest.Shot(t, b.desk, "computed rows "+name)
		})
	}
}
