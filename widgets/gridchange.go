package widgets

import "slices"

// GridChange is a source that a grid is to show, and where the rows are in it that were
// selected. With hundreds of thousands of selected rows in another order these take longer to
// find than a frame may: Find may be called on a worker.
type GridChange struct {
	from, to gridData
	selected int // lines
	rows     rowSet
	away     []int

	columns  []int // where the columns are now; nil when the grid starts afresh
	kept     bool
	found    bool
	nextRows rowSet
	nextAway []int
	counted  selectedCount
}

// Change begins to replace what is shown; Apply ends it. UI thread only.
func (g *Grid) Change(s GridSource) *GridChange {
	c := &GridChange{from: g.data, to: newGridData(s), selected: g.selection.count().lines, rows: g.selection.rows, away: g.selection.away}
	c.to.number = c.from.number + 1
	c.columns, c.kept = c.to.continues(c.from.headers)
	return c
}

// Takes tells whether what was found still holds: nothing else was shown or selected since.
func (g *Grid) Takes(c *GridChange) bool {
	return c.from.number == g.data.number && sameSlice(c.rows, g.selection.rows) && sameSlice(c.away, g.selection.away)
}

// sameSlice tells whether two slices are one; sets of rows are never changed in place.
func sameSlice[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// fewSelected are found again in less than a millisecond.
const fewSelected = 10_000

// Quick tells that Find has little to do.
func (c *GridChange) Quick() bool {
	_, moves := c.mapping()
	return c.found || !c.kept || !moves || c.selected+len(c.away) <= fewSelected
}

// Find finds the selected rows again. A second call does nothing.
func (c *GridChange) Find() {
	if c.found {
		return
	}
	c.found = true
	c.find()
	c.counted = newSelectedCount(c.nextRows, &c.to)
}

func (c *GridChange) find() {
	now, moves := c.mapping()
	switch {
	case !c.kept:
	case !moves:
		c.nextRows, c.nextAway = c.rows.clip(c.to.rows), c.away
	case c.selected == c.from.rows && c.to.rows == c.from.rows && len(c.away) == 0:
		c.nextRows = c.rows // everything stays selected, whatever the order
	default:
		c.nextRows = c.rows.mapped(c.to.rows, now)
		c.findAway()
	}
}

// mapping gives where rows are now, as far as they can be told from each other; moves is
// false where each row stays where it was.
func (c *GridChange) mapping() (now func(row int) (int, bool), moves bool) {
	from, okFrom := c.from.source.(GridKeyer)
	to, okTo := c.to.source.(GridKeyer)
	if !okFrom || !okTo || inOrder(c.from.source) && inOrder(c.to.source) {
		return nil, false
	}
	return func(row int) (int, bool) {
		if row < 0 || row >= c.from.rows || isHeading(c.from.grouper, row) {
			return 0, false
		}
		return to.RowOfKey(from.RowKey(row))
	}, true
}

// findAway notes the selected rows that the new source does not have, and selects those that
// were away and are there again.
func (c *GridChange) findAway() {
	from, _ := c.from.source.(GridKeyer)
	to, _ := c.to.source.(GridKeyer)
	var back []int
	for _, key := range c.away {
		if row, ok := to.RowOfKey(key); ok {
			back = append(back, row)
		} else {
			c.nextAway = append(c.nextAway, key)
		}
	}
	n := len(c.nextAway)
	for _, r := range c.rows {
		for row := r.First; row <= r.Last && row < c.from.rows; row++ {
			if isHeading(c.from.grouper, row) {
				continue
			}
			key := from.RowKey(row)
			if _, ok := to.RowOfKey(key); !ok {
				c.nextAway = append(c.nextAway, key)
			}
		}
	}
	if len(c.nextAway) > n {
		slices.Sort(c.nextAway)
	}
	if len(back) > 0 {
		c.nextRows = c.nextRows.union(back)
	}
}
