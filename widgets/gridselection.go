package widgets

import "slices"

// gridSelection is which rows are selected, and which cell is the current one. Rows that
// a filter takes away stay selected until the selection is begun anew. It knows which rows
// there are and in which order the columns stand, and nothing of what is in sight.
type gridSelection struct {
	data    *gridData
	columns *gridColumns

	rows   rowSet
	away   []int // keys of selected rows that are not in the source now, rising
	anchor int   // where Shift begins
	curRow int   // -1 none
	curCol int   // of the source; -1 none

	counted selectedCount
}

// gridNews is what a person's step has changed.
type gridNews int

const (
	nothingNew   gridNews = iota
	newPlace              // another cell is the current one
	newSelection          // other rows are selected, and another cell may be the current one
)

// selectedCount is how many rows a selection has. A million groups of one row make a million
// ranges, which take longer to count than a frame may.
type selectedCount struct {
	of    rowSet
	shown int // the number of the data in which they were counted
	lines int // with the headings of groups
	rows  int
}

func newSelectedCount(of rowSet, d *gridData) selectedCount {
	return selectedCount{of: of, shown: d.number, lines: of.count(), rows: countRows(of, d.grouper)}
}

// count counts what is selected, once.
func (s *gridSelection) count() selectedCount {
	if c := &s.counted; c.shown != s.data.number || !sameSlice(c.of, s.rows) {
		s.counted = newSelectedCount(s.rows, s.data)
	}
	return s.counted
}

// forget selects nothing, and makes no cell the current one.
func (s *gridSelection) forget() {
	*s = gridSelection{data: s.data, columns: s.columns, curRow: -1, curCol: -1}
}

func (s *gridSelection) ranges() []RowRange { return slices.Clone(s.rows) }

// set selects these rows and no others.
func (s *gridSelection) set(rows []RowRange) {
	var set rowSet
	for _, r := range rows {
		set = set.with(r)
	}
	s.begin(set.clip(s.data.rows))
}

// selectAll selects every row of the source. What is out of sight stays selected.
func (s *gridSelection) selectAll() {
	s.rows = rowSet{{0, s.data.rows - 1}}.clip(s.data.rows)
}

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

// extend selects from the anchor to a row, besides base.
func (s *gridSelection) extend(base rowSet, row int) {
	s.rows = base.with(RowRange{s.anchor, row})
	s.curRow = row
}

// follow carries selection and current cell over from what was shown before.
func (s *gridSelection) follow(c *GridChange) {
	if s.curCol >= 0 {
		s.curCol = c.columns[s.curCol]
	}
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

// ensureColumn makes a column the current one that can be seen.
func (s *gridSelection) ensureColumn() {
	if s.columns.placeOf(s.curCol) < 0 && len(s.columns.visible) > 0 {
		s.curCol = s.columns.sourceOf(0)
	}
}

// moveRow moves the current cell by rows and selects: from the anchor on, or that row alone.
func (s *gridSelection) moveRow(by int, extend bool) gridNews {
	if s.data.rows == 0 {
		return nothingNew
	}
	s.ensureColumn()
	row := max(0, min(s.data.rows-1, max(s.curRow, 0)+by))
	if s.curRow < 0 {
		row = 0
	}
	if !extend {
		return s.goTo(row)
	}
	s.away = nil
	s.anchor = max(0, min(s.anchor, s.data.rows-1))
	s.extend(nil, row)
	return newSelection
}

// goTo goes to a row and selects it; a heading of a group is only gone to.
func (s *gridSelection) goTo(row int) gridNews {
	if s.data.isHeading(row) {
		s.curRow = row
		return newPlace
	}
	s.only(row)
	return newSelection
}

// moveOnly moves the current cell by rows and selects nothing.
func (s *gridSelection) moveOnly(by int) gridNews {
	if s.data.rows == 0 {
		return nothingNew
	}
	s.curRow = max(0, min(s.data.rows-1, s.curRow+by))
	return newPlace
}

// flipCurrent selects the current row besides the others, or takes it out.
func (s *gridSelection) flipCurrent() gridNews {
	if s.curRow < 0 || s.data.isHeading(s.curRow) {
		return nothingNew
	}
	s.flip(s.curRow)
	return newSelection
}

// moveColumn moves the current cell by columns; from no row at all it begins in first.
func (s *gridSelection) moveColumn(by, first int) gridNews {
	c := s.columns
	if len(c.visible) == 0 {
		return nothingNew
	}
	s.curCol = c.sourceOf(max(0, min(len(c.visible)-1, max(0, c.placeOf(s.curCol))+by)))
	s.ensureRow(first)
	return newPlace
}

// ensureRow makes a row the current one where none is.
func (s *gridSelection) ensureRow(row int) {
	if s.curRow < 0 && s.data.rows > 0 {
		s.curRow = row
	}
}

// all tells whether every row, some or none is selected.
func (s *gridSelection) all() tickState {
	switch n := s.count().lines; {
	case n == 0:
		return tickOff
	case n >= s.data.rows:
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
