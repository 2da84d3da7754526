package result

import "slices"

// test is a condition on one cell.
type test interface{ match(c cell) bool }

// columnMatcher applies a test to the cells of one chunk: to each entry of its arena
// once, however many rows have it, and only when a row is to be decided by this column.
type columnMatcher struct {
	chunk   *chunk
	test    test
	looked  bool   // at the entries
	entries []bool // nil: none matches
	plain   uint32 // kinds of cells without data that the chunk has and that can match, as bits
	absent  bool   // what the test says of a cell without a value
}

// newColumnMatcher tests no cell yet; plain are the kinds of cells without data that can match.
func newColumnMatcher(c *chunk, t test, plain uint32) columnMatcher {
	m := columnMatcher{chunk: c, test: t, absent: t.match(cell{kind: cellNull})}
	if c != nil {
		m.plain = plain & c.plainKinds()
	}
	return m
}

// work is about how much there is to test.
func (m *columnMatcher) work() int {
	switch {
	case m.chunk == nil:
		return 0
	case m.plain != 0:
		return m.chunk.texts.count + m.chunk.rows
	}
	return m.chunk.texts.count
}

// look tests the entries, and says whether any cell of the chunk can match.
func (m *columnMatcher) look() bool {
	m.looked = true
	if m.chunk != nil && m.chunk.texts.count > 0 {
		m.entries = matchingEntries(m.chunk, m.test)
	}
	return m.absent || m.plain != 0 || m.entries != nil
}

// matchingEntries are the entries of a chunk that match; nil when none does.
func matchingEntries(c *chunk, t test) []bool {
	done := make([]bool, c.texts.count)
	if w, is := t.(*wordTest); is && w.search.fits(c) {
		found := w.search.candidates(c)
		if found == nil || w.search.whole && c.kinds == nil && c.kind == cellText {
			return found
		}
		for e := range done {
			done[e] = !found[e] // the others are looked at as they are shown
		}
	}
	var entries []bool
	for row := range c.rows {
		k := c.kindAt(row)
		if !k.hasData() {
			continue
		}
		e := c.num(row) // its kind is that of the cells that have it
		if done[e] {
			continue
		}
		done[e] = true
		if t.match(cell{kind: k, data: c.entry(e)}) {
			if entries == nil {
				entries = make([]bool, c.texts.count)
			}
			entries[e] = true
		}
	}
	return entries
}

// plainKinds are the kinds of cells without data that the chunk has, as bits.
func (c *chunk) plainKinds() (kinds uint32) {
	if c.kinds == nil {
		kinds = 1 << c.kind
	}
	for _, k := range c.kinds {
		kinds |= 1 << k
	}
	for k := range cellKinds {
		if k <= cellNull || k.hasData() {
			kinds &^= 1 << k
		}
	}
	return kinds
}

func (m *columnMatcher) match(row int) bool {
	k := m.chunk.kindAt(row)
	switch {
	case k <= cellNull:
		return m.absent
	case k.hasData():
		return m.entries != nil && m.entries[m.chunk.num(row)]
	}
	return m.plain&(1<<k) != 0 && m.test.match(m.chunk.cell(row))
}

// segmentMatcher decides on the rows of one segment: every group must have a column that
// matches.
type segmentMatcher struct {
	groups []columnGroup
}

func (m *segmentMatcher) match(row int) bool {
	for i := range m.groups {
		if !m.groups[i].match(row) {
			return false
		}
	}
	return true
}

// columnGroup is the columns of a condition, of which one must match.
type columnGroup []columnMatcher

// match looks at one column after the other until one matches: those behind are not looked at
// for that row. A column that cannot match at all is left out from then on.
func (g *columnGroup) match(row int) bool {
	for i := 0; i < len(*g); i++ {
		m := &(*g)[i]
		if !m.looked && !m.look() {
			*g = slices.Delete(*g, i, i+1)
			i--
			continue
		}
		if m.match(row) {
			return true
		}
	}
	return false
}
