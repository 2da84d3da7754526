package widgets

import "slices"

// gridSelection is which rows are selected, and which cell is the current one. Rows that
// a filter takes away stay selected until the selection is begun anew.
type gridSelection struct {
	grid   *Grid
	rows   rowSet
	away   []int // keys of selected rows that are not in the source now, rising
	anchor int   // where Shift begins
	curRow int   // -1 none
	curCol int   // of the source; -1 none

	counted selectedCount
}

// selectedCount is how many rows a selection has. A million groups of one row make a million
// ranges, which take longer to count than a frame may.
type selectedCount struct {
	of    rowSet
	shows int // of the grid when they were counted
	lines int // with the headings of groups
	rows  int
}

func newSelectedCount(of rowSet, shows int, g GridGrouper) selectedCount {
	return selectedCount{of: of, shows: shows, lines: of.count(), rows: countRows(of, g)}
}

// count counts what is selected, once.
func (s *gridSelection) count() selectedCount {
	if c := &s.counted; c.shows != s.grid.shows || !sameSlice(c.of, s.rows) {
		s.counted = newSelectedCount(s.rows, s.grid.shows, s.grid.data.grouper)
	}
	return s.counted
}

func newGridSelection(g *Grid) gridSelection { return gridSelection{grid: g, curRow: -1, curCol: -1} }

// Selected returns the selected rows.
func (s *gridSelection) Selected() []RowRange { return slices.Clone(s.rows) }

// SelectedCount returns how many rows in the source are selected; headings of groups are
// none.
func (s *gridSelection) SelectedCount() int { return s.count().rows }

// SelectedAway returns how many rows are selected that a filter has taken away.
func (s *gridSelection) SelectedAway() int { return len(s.away) }

// SetSelected selects these rows and no others.
func (s *gridSelection) SetSelected(rows []RowRange) {
	var set rowSet
	for _, r := range rows {
		set = set.with(r)
	}
	s.begin(set.clip(s.grid.data.rows))
	s.grid.Refresh()
}

// SelectAll selects every row of the source.
func (s *gridSelection) SelectAll() {
	s.rows = rowSet{{0, s.grid.data.rows - 1}}.clip(s.grid.data.rows)
	s.grid.Refresh()
}

// ClearSelection selects nothing.
func (s *gridSelection) ClearSelection() {
	s.begin(nil)
	s.grid.Refresh()
}

// Current returns the row and the source column that the keyboard works on, -1 for none.
func (s *gridSelection) Current() (row, col int) { return s.curRow, s.curCol }

// begin is a new selection: what was selected and is out of sight is forgotten.
func (s *gridSelection) begin(rows rowSet) { s.rows, s.away = rows, nil }

// only selects one row and makes it the current one.
func (s *gridSelection) only(row int) {
	s.begin(rowSet{{row, row}})
	s.anchor, s.curRow = row, row
}

// flip selects a row besides the others, or takes it out.
func (s *gridSelection) flip(row int) {
	if s.rows.has(row) {
		s.rows = s.rows.without(row)
	} else {
		s.rows = s.rows.with(RowRange{row, row})
	}
	s.anchor = row
}

// extend selects from the anchor to a row.
func (s *gridSelection) extend(row int) {
	s.begin(rowSet{}.with(RowRange{max(0, min(s.anchor, s.grid.data.rows-1)), row}))
	s.curRow = row
}

// follow carries selection and current row over from what was shown before.
func (s *gridSelection) follow(c *GridChange) {
	s.rows, s.away, s.counted = c.nextRows, c.nextAway, c.counted
	rows := c.to.rows
	now, moves := c.mapping()
	if !moves {
		s.curRow = min(s.curRow, rows-1)
		s.anchor = max(0, min(s.anchor, rows-1)) // Shift selects from there
		return
	}
	if row, ok := now(s.curRow); ok {
		s.curRow = row
	} else {
		s.curRow = min(s.curRow, rows-1)
	}
	if row, ok := now(s.anchor); ok {
		s.anchor = row
	} else {
		s.anchor = max(0, s.curRow)
	}
}

// rowOfKey is where the row of a lasting number is now, if it is there.
func (s *gridSelection) rowOfKey(key int) (row int, ok bool) {
	to, isKeyer := s.grid.data.source.(GridKeyer)
	if !isKeyer {
		return 0, false
	}
	return to.RowOfKey(key)
}

func isHeading(g GridGrouper, row int) bool {
	if g == nil {
		return false
	}
	_, ok := g.Group(row)
	return ok
}

func inOrder(s GridSource) bool {
	o, ok := s.(GridInOrder)
	return ok && o.InOrder()
}

// ensureCurrentColumn makes a column the current one that can be seen.
func (s *gridSelection) ensureCurrentColumn() {
	c := &s.grid.gridColumns
	if c.visibleIndex(s.curCol) < 0 && len(c.visible) > 0 {
		s.curCol = c.sourceOf(0)
	}
}

// allSelected tells whether every row, some or none is selected.
func (s *gridSelection) allSelected() tickState {
	switch n := s.count().lines; {
	case n == 0:
		return tickOff
	case n >= s.grid.data.rows:
		return tickOn
	}
	return tickSome
}

// tickState is that of a box: off, on, or on for some of what it stands for.
type tickState int

const (
	tickOff tickState = iota
	tickOn
	tickSome
)
