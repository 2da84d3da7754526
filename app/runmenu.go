package app

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/widgets"
)

// rowMenu offers what can be done with a row, the selection, and the cell.
func (t *runTab) rowMenu(row, col int, at fyne.Position) {
	keys := fyne.KeyModifierShortcutDefault
	items := []*fyne.MenuItem{
		menuItem(lang.L("Copy"), t.grid.Copy, fyne.KeyC, keys),
		menuItem(lang.L("Copy with headings"), t.grid.CopyWithHeadings, fyne.KeyC, keys|fyne.KeyModifierShift),
		menuItem(lang.L("Copy the cell"), t.grid.CopyCell, fyne.KeyC, keys|fyne.KeyModifierAlt),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(lang.L("Details"), func() { t.details(row, col) }),
		menuItem(lang.L("Select all"), func() { t.grid.SelectAll(); t.showCount() }, fyne.KeyA, keys),
		menuItem(lang.L("Export"), t.exportShown, fyne.KeyE, keys),
	}
	t.desk.Menu(at, items...)
}

// columnMenu offers what can be done with a column.
func (t *runTab) columnMenu(col int, at fyne.Position) {
	sorted := func(order widgets.SortOrder) func() {
		return func() {
			var keys []widgets.SortKey
			if order != widgets.Unsorted {
				keys = []widgets.SortKey{{Col: col, Order: order}}
			}
			t.grid.SetSort(keys...)
			t.sort(keys)
		}
	}
	place := 0 // of the column on screen, from 1
	for i, c := range t.grid.VisibleColumns() {
		if c == col {
			place = i + 1
		}
	}
	freeze := menuItem(lang.L("Freeze up to here"), func() { t.grid.SetFrozen(place) }, fyne.KeyF, fyne.KeyModifierAlt)
	if t.grid.Frozen() == place {
		freeze = menuItem(lang.L("Do not freeze"), func() { t.grid.SetFrozen(0) }, fyne.KeyF, fyne.KeyModifierAlt)
	}
	t.desk.Menu(at,
		menuItem(lang.L("Sort rising"), sorted(widgets.Ascending), fyne.KeyUp, fyne.KeyModifierAlt),
		menuItem(lang.L("Sort falling"), sorted(widgets.Descending), fyne.KeyDown, fyne.KeyModifierAlt),
		fyne.NewMenuItem(lang.L("In the server's order"), sorted(widgets.Unsorted)),
		fyne.NewMenuItemSeparator(),
		menuItem(lang.L("Fit to its content"), func() { t.grid.AutoFit(col) }, fyne.KeyA, fyne.KeyModifierAlt),
		freeze,
		menuItem(lang.L("Hide"), func() { t.grid.HideColumn(col) }, fyne.KeyH, fyne.KeyModifierAlt),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(lang.L("Columns ..."), func() { chooseColumns(t.desk, t.grid) }),
	)
}

// menuItem is an item that names the key that does the same in the grid.
func menuItem(text string, do func(), key fyne.KeyName, held fyne.KeyModifier) *fyne.MenuItem {
	i := fyne.NewMenuItem(text, do)
	i.Shortcut = &desktop.CustomShortcut{KeyName: key, Modifier: held}
	return i
}

// clipboardCells is how many cells are copied at most: what is more takes the
// memory of this program and of the one that is pasted into; a file is for it.
const clipboardCells = 4_000_000

// copyRows puts rows on the clipboard. The text is made by a worker: it may be
// megabytes.
func copyRows(d *desk.Desk, r widgets.CopyRequest) {
	rows := r.Count()
	if rows*len(r.Columns) > clipboardCells {
		d.Note(widgets.Warning, fmt.Sprintf(lang.L("%s are too many for the clipboard. Export them to a file."), words.Rows(rows)))
		return
	}
	d.Spawn(func() { // ends with the text
		text := r.TSV()
		d.Post(func() {
			d.Copy(text)
			d.Note(widgets.Success, fmt.Sprintf(lang.L("%s copied"), words.Rows(rows)))
		})
	})
}
