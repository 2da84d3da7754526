package result

// test is a condition on one cell.
type test interface{ match(c cell) bool }

// columnMatcher applies a test to the cells of one chunk: to each entry of its arena
// once, however many rows have it.
type columnMatcher struct {
	chunk   *chunk
	test    test
	entries []bool // nil: none matches
	plain   uint32 // kinds of cells without data that the chunk has and that can match, as bits
	absent  bool   // what the test says of a cell without a value
}

// newColumnMatcher tests the entries; plain are the kinds of cells without data that can
// match. some is false when no cell of the chunk can.
func newColumnMatcher(c *chunk, t test, plain uint32) (m columnMatcher, some bool) {
	m = columnMatcher{chunk: c, test: t, absent: t.match(cell{kind: cellNull})}
	if c == nil {
		return m, m.absent
	}
	m.plain = plain & c.plainKinds()
	if len(c.ends) > 0 {
		m.entries = matchingEntries(c, t)
	}
	return m, m.absent || m.plain != 0 || m.entries != nil
}

// matchingEntries are the entries of a chunk that match; nil when none does.
func matchingEntries(c *chunk, t test) []bool {
	done := make([]bool, len(c.ends))
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
				entries = make([]bool, len(c.ends))
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
	none   bool
	groups [][]columnMatcher
}

func (m *segmentMatcher) match(row int) bool {
	for _, group := range m.groups {
		if !anyMatch(group, row) {
			return false
		}
	}
	return true
}

func anyMatch(group []columnMatcher, row int) bool {
	for i := range group {
		if group[i].match(row) {
			return true
		}
	}
	return false
}
