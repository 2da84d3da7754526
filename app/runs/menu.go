package runs

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session/result"
	"postroom/widgets"
)

// rowMenus are the menus of rows and of columns.
type rowMenus struct {
	rows *onScreen
	rowsParts
	// next are the entries of a row's menu that lead on from it; nil for none.
	next func(viewRow) []*fyne.MenuItem
	// copyLine copies the PowerShell that gives the rows again; nil where there is none.
	copyLine func()
}

// rowMenu offers what can be done with a row, the selection, and the cell.
func (v *rowMenus) rowMenu(row, col int, at fyne.Position) {
	keys := fyne.KeyModifierShortcutDefault
	items := []*fyne.MenuItem{
		menuItem(lang.L("Copy"), v.rows.grid.Copy, fyne.KeyC, keys),
		menuItem(lang.L("Copy with headings"), v.rows.grid.CopyWithHeadings, fyne.KeyC, keys|fyne.KeyModifierShift),
		menuItem(lang.L("Copy the cell"), v.rows.grid.CopyCell, fyne.KeyC, keys|fyne.KeyModifierAlt),
		v.copyItem(),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(lang.L("Details"), func() { v.rows.details(row, col) }),
		fyne.NewMenuItem(lang.L("Only rows with this value"), func() { v.onlyRow(row, col, false) }),
		fyne.NewMenuItem(lang.L("All but rows with this value"), func() { v.onlyRow(row, col, true) }),
		menuItem(lang.L("Select all"), func() { v.rows.grid.SelectAll(); v.rows.showCount() }, fyne.KeyA, keys),
		fyne.NewMenuItemSeparator(),
	}
	if at, ok := v.rows.viewRow(row); ok && v.next != nil {
		if next := v.next(viewRow{at, col}); len(next) > 0 {
			items = append(items, append(next, fyne.NewMenuItemSeparator())...)
		}
	}
	if n := v.rows.grid.SelectedCount(); n > 0 {
		items = append(items, fyne.NewMenuItem(fmt.Sprintf(lang.L("Export the selection (%s)"), words.Rows(n)), v.taking.exportSelected))
	}
	items = append(items, menuItem(lang.L("Export all shown rows"), v.taking.exportShown, fyne.KeyE, keys))
	v.rows.desk.Menu(at, items...)
}

// copyItem offers to copy in the formats of files.
func (v *rowMenus) copyItem() *fyne.MenuItem {
	item := fyne.NewMenuItem(lang.L("Copy as"), nil)
	item.ChildMenu = fyne.NewMenu("")
	for _, f := range result.Formats() {
		if f != result.XLSX { // no text
			item.ChildMenu.Items = append(item.ChildMenu.Items, fyne.NewMenuItem(FormatTitle(f), func() { v.taking.copyAs(f) }))
		}
	}
	if v.copyLine != nil {
		item.ChildMenu.Items = append(item.ChildMenu.Items, fyne.NewMenuItem("PowerShell", v.copyLine))
	}
	return item
}

// columnMenu offers what can be done with a column.
func (v *rowMenus) columnMenu(col int, at fyne.Position) {
	sorted := func(order widgets.SortOrder) func() {
		return func() {
			var keys []widgets.SortKey
			if order != widgets.Unsorted {
				keys = []widgets.SortKey{{Col: col, Order: order}}
			}
			v.sorting.sortBy(keys...)
		}
	}
	place := 0 // of the column on screen, from 1
	for i, c := range v.rows.grid.VisibleColumns() {
		if c == col {
			place = i + 1
		}
	}
	freeze := menuItem(lang.L("Freeze up to here"), func() { v.rows.grid.SetFrozen(place) }, fyne.KeyF, fyne.KeyModifierAlt)
	if v.rows.grid.Frozen() == place {
		freeze = menuItem(lang.L("Do not freeze"), func() { v.rows.grid.SetFrozen(0) }, fyne.KeyF, fyne.KeyModifierAlt)
	}
	v.rows.desk.Menu(at,
		menuItem(lang.L("Sort ascending"), sorted(widgets.Ascending), fyne.KeyUp, fyne.KeyModifierAlt),
		menuItem(lang.L("Sort descending"), sorted(widgets.Descending), fyne.KeyDown, fyne.KeyModifierAlt),
		menuItem(lang.L("Sort by this column too"), func() { v.sorting.sortToo(col) }, fyne.KeyUp, fyne.KeyModifierAlt|fyne.KeyModifierShift),
		fyne.NewMenuItem(lang.L("In the server's order"), sorted(widgets.Unsorted)),
		fyne.NewMenuItemSeparator(),
		menuItem(lang.L("Filter ..."), func() { v.filtering.askFilter(col, at) }, fyne.KeyF, fyne.KeyModifierAlt|fyne.KeyModifierShift),
		v.groupItem(col),
		fyne.NewMenuItem(lang.L("Statistics of the column"), func() { v.measureColumn(col) }),
		fyne.NewMenuItemSeparator(),
		menuItem(lang.L("Fit to its content"), func() { v.rows.grid.AutoFit(col) }, fyne.KeyA, fyne.KeyModifierAlt),
		freeze,
		menuItem(lang.L("Hide"), func() { v.rows.grid.HideColumn(col); v.rows.columnsChanged() }, fyne.KeyH, fyne.KeyModifierAlt),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(lang.L("Columns ..."), func() { v.arranging.chooseColumns() }),
		v.computedItem(col),
	)
}

// groupItem groups by a column, or offers what can be done with the groups by it.
func (v *rowMenus) groupItem(col int) *fyne.MenuItem {
	name := v.rows.grid.Source().Header(col)
	if v.grouping.grouped != name {
		return fyne.NewMenuItem(lang.L("Group by this column"), func() { v.grouping.groupBy(name) })
	}
	item := fyne.NewMenuItem(lang.L("Groups"), nil)
	item.ChildMenu = fyne.NewMenu("",
		fyne.NewMenuItem(lang.L("Fold all groups"), func() { v.grouping.foldAll(true) }),
		fyne.NewMenuItem(lang.L("Open all groups"), func() { v.grouping.foldAll(false) }),
		fyne.NewMenuItemSeparator(),
		v.totalItem(lang.L("Headings: sums"), totalSum),
		v.totalItem(lang.L("Headings: averages"), totalAverage),
		v.totalItem(lang.L("Headings: smallest values"), totalMin),
		v.totalItem(lang.L("Headings: largest values"), totalMax),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(lang.L("Do not group"), func() { v.grouping.groupBy("") }),
	)
	return item
}

// computedItem offers to make a column, or to change the one that a person made.
func (v *rowMenus) computedItem(col int) *fyne.MenuItem {
	name := v.rows.grid.Source().Header(col)
	if v.computing.computedIndex(name) >= 0 {
		return fyne.NewMenuItem(lang.L("Edit the formula ..."), func() { v.computing.editComputed(name) })
	}
	return fyne.NewMenuItem(lang.L("New computed column ..."), func() { v.computing.editComputed("") })
}

// totalItem offers a total for the headings of the groups.
func (v *rowMenus) totalItem(text string, t total) *fyne.MenuItem {
	item := fyne.NewMenuItem(text, func() { v.grouping.totalGroups(t) })
	item.Checked = v.grouping.total == t
	return item
}

// measureColumn says what is in a column, from now on of whichever is the current one; again
// for the same column ends that.
func (v *rowMenus) measureColumn(col int) {
	row, now := v.rows.grid.Current()
	v.stats.always = !v.stats.always || now != col
	v.rows.grid.SetCurrent(max(0, row), col)
	v.stats.measure()
}

// onlyRow keeps the rows that have the value of a cell of the grid, or takes them away.
func (v *rowMenus) onlyRow(row, col int, but bool) {
	if at, ok := v.rows.viewRow(row); ok {
		v.filtering.onlyCell(at, col, but)
	}
}

// menuItem is an item that names the key that does the same in the grid.
func menuItem(text string, do func(), key fyne.KeyName, held fyne.KeyModifier) *fyne.MenuItem {
	i := fyne.NewMenuItem(text, do)
	i.Shortcut = &desktop.CustomShortcut{KeyName: key, Modifier: held}
	return i
}

// copyRows puts rows on the clipboard. The text is made by a worker: it may be
// megabytes.
func copyRows(d *desk.Desk, r widgets.CopyRequest) {
	rows := r.Count()
	if tooMany(d, rows, len(r.Columns)) {
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
