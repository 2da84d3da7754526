package result

// test is a condition on one cell.
type test interface{ match(c cell) bool }

// columnMatcher applies a test to the cells of one chunk: to each entry of its arena
// once, however many rows have it.
type columnMatcher struct {
	chunk   *chunk
	test    test
	entries []bool
	absent  bool // what the test says of a cell without a value
}

// newColumnMatcher tests the entries. some is false when no cell of the chunk can match.
func newColumnMatcher(c *chunk, t test, plain bool) (m columnMatcher, some bool) {
	m = columnMatcher{chunk: c, test: t, absent: t.match(cell{kind: cellNull})}
	some = m.absent || plain && c != nil && c.hasPlain()
	if c == nil {
		return m, some
	}
	// The kind of an entry is that of the cells that have it.
	m.entries = make([]bool, len(c.ends))
	if len(c.ends) == 0 {
		return m, some
	}
	done := make([]bool, len(c.ends))
	for row := range c.rows {
		k := c.kindAt(row)
		if !k.hasData() {
			continue
		}
		e := c.num(row)
		if done[e] {
			continue
		}
		done[e] = true
		if t.match(cell{kind: k, data: c.entry(e)}) {
			m.entries[e] = true
			some = true
		}
	}
	return m, some
}

// hasPlain says that some cell has a value without data: a number, a date, a boolean.
func (c *chunk) hasPlain() bool {
	if c.kinds == nil {
		return c.kind > cellNull && !c.kind.hasData()
	}
	for _, k := range c.kinds {
		if k > cellNull && !k.hasData() {
			return true
		}
	}
	return false
}

func (m *columnMatcher) match(row int) bool {
	k := m.chunk.kindAt(row)
	switch {
	case k <= cellNull:
		return m.absent
	case k.hasData():
		return m.entries[m.chunk.num(row)]
	}
	return m.test.match(m.chunk.cell(row))
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
