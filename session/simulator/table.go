package simulator

import (
	"maps"
	"strings"
	"sync"
	"sync/atomic"
)

// table is a tenant's rows of one class: those that the class makes and what
// has been changed since. Readers see a state that does not change under them.
type table struct {
	class   *class
	tenant  *tenant
	writing sync.Mutex
	state   atomic.Pointer[changes]
}

// changes are what cmdlets did to a table. They are never altered, only
// replaced.
type changes struct {
	cells   map[int]map[int]value // by row and column
	removed map[int]bool
	added   int
}

func newTable(t *tenant, c *class) *table {
	tb := &table{class: c, tenant: t}
	tb.state.Store(&changes{})
	return tb
}

// rows gives the number of rows there are, removed ones included.
func (tb *table) rows(ch *changes) int { return tb.class.count(tb.tenant) + ch.added }

// load fills the record with row i as it is now; false when it was removed.
func (tb *table) load(ch *changes, i int, r *record, need []bool) bool {
	if ch.removed[i] {
		return false
	}
	tb.class.fill(tb.tenant, i, r, need)
	for column, v := range ch.cells[i] {
		if need == nil || need[column] {
			r.set(column, v)
		}
	}
	return true
}

// change replaces the state by a copy that f altered.
func (tb *table) change(f func(*changes)) {
	tb.writing.Lock()
	defer tb.writing.Unlock()
	old := tb.state.Load()
	ch := &changes{cells: maps.Clone(old.cells), removed: maps.Clone(old.removed), added: old.added}
	if ch.cells == nil {
		ch.cells = map[int]map[int]value{}
	}
	if ch.removed == nil {
		ch.removed = map[int]bool{}
	}
	f(ch)
	tb.state.Store(ch)
}

// set changes cells of a row.
func (tb *table) set(i int, cells map[int]value) {
	tb.change(func(ch *changes) { ch.put(i, cells) })
}

func (ch *changes) put(i int, cells map[int]value) {
	merged := maps.Clone(ch.cells[i])
	if merged == nil {
		merged = map[int]value{}
	}
	maps.Copy(merged, cells)
	ch.cells[i] = merged
}

// add makes a new row with these cells and gives its index.
func (tb *table) add(cells map[int]value) int {
	index := 0
	tb.change(func(ch *changes) {
		index = tb.class.count(tb.tenant) + ch.added
		ch.added++
		ch.put(index, cells)
	})
	return index
}

func (tb *table) remove(i int) {
	tb.change(func(ch *changes) { ch.removed[i] = true })
}

// lookup finds the rows whose keys meet the identity: equal, letter case aside,
// or by a wildcard when there is one in it.
func (tb *table) lookup(identity string) []int {
	ch := tb.state.Load()
	need := tb.mask(tb.class.keys)
	match := matcher(identity)
	var found []int
	var r record
	for i := range tb.rows(ch) {
		if tb.load(ch, i, &r, need) && tb.keyMatches(&r, match) {
			found = append(found, i)
		}
	}
	return found
}

func (tb *table) keyMatches(r *record, match func([]byte) bool) bool {
	for _, k := range tb.class.keys {
		c := &r.cells[k]
		if c.kind == kindList {
			for _, item := range c.items {
				if match(item) || len(item) > 5 && strings.EqualFold(string(item[:5]), "smtp:") && match(item[5:]) {
					return true
				}
			}
			continue
		}
		if c.kind == kindNil {
			continue
		}
		text := c.text
		if c.kind != kindText && c.kind != kindGUID {
			text = []byte(c.display())
		}
		if match(text) {
			return true
		}
	}
	return false
}

func matcher(identity string) func([]byte) bool {
	if strings.Contains(identity, "*") {
		w := newWildcard(identity)
		return func(b []byte) bool { return w.match(string(b)) }
	}
	return func(b []byte) bool { return len(b) == len(identity) && strings.EqualFold(string(b), identity) }
}

// mask is the set of columns as flags.
func (tb *table) mask(columns ...[]int) []bool {
	m := make([]bool, len(tb.class.columns))
	for _, list := range columns {
		for _, c := range list {
			if c >= 0 {
				m[c] = true
			}
		}
	}
	return m
}

// name is what messages call a row by.
func (tb *table) name(i int) string {
	var r record
	tb.load(tb.state.Load(), i, &r, nil)
	return r.cells[tb.class.keys[0]].display()
}
