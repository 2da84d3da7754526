package exchange

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
)

// record is one row while it is made, tested and sent. It is used again for the
// next row.
type record struct {
	cells []any
	made  []bool
	sent  []clixml.Property // room for what is written of it
}

// reset empties the record and gives it n cells.
func (r *record) reset(n int) {
	if len(r.cells) < n {
		r.cells, r.made = make([]any, n), make([]bool, n)
	}
	clear(r.made)
}

// cell is the value of a column; of none, which is negative, it is nil.
func (r *record) cell(column int) any {
	if column < 0 {
		return nil
	}
	return r.cells[column]
}

// clone is a copy that shares nothing which changes.
func (r *record) clone() *record {
	return &record{cells: slices.Clone(r.cells), made: slices.Clone(r.made)}
}

func (r *record) set(column int, v any) { r.cells[column], r.made[column] = v, true }

// table is a tenant's rows of one class: those that the class makes and what
// has been changed since. Readers see a state that does not change under them.
type table struct {
	class   *class
	tenant  *Tenant
	seed    dice
	perRow  dice  // says how many rows of the class a row of its parent has
	sizes   []int // rows of each of the class's templates
	base    int   // rows that the class makes; of one that has a parent some are not there
	writing sync.Mutex
	state   atomic.Pointer[changes]
	index   func() map[uint64][]int32 // of the rows that the class makes, by key
}

// changes are what cmdlets did to a table. They are never altered, only
// replaced.
type changes struct {
	cells   map[int]map[int]any // by row and column
	removed map[int]bool
	added   int
}

// indexed is the number of rows up to which a table has an index; above it a
// look-up goes through all rows, so that a million of them take no memory.
const indexed = 100_000

func newTable(t *Tenant, c *class) *table {
	tb := &table{class: c, tenant: t, seed: t.seed.of(hash(c.name)), perRow: t.seed.of(hash(c.name + " rows"))}
	if c.parent != nil {
		tb.base = t.table(c.parent).base * c.most
	} else {
		for _, s := range c.templates {
			tb.sizes = append(tb.sizes, s.rows(t))
			tb.base += s.rows(t)
		}
	}
	tb.state.Store(&changes{})
	tb.index = sync.OnceValue(tb.makeIndex)
	return tb
}

// maker prepares the row i; false when there is none.
func (tb *table) maker(i int, r *record) (maker, bool) {
	c, t := tb.class, tb.tenant
	r.reset(len(c.columns))
	m := maker{record: r, class: c, tenant: t, dice: tb.seed.of(uint64(i)), nth: i}
	m.added = i >= tb.base
	if c.parent != nil && !m.added {
		return m, tb.child(&m)
	}
	for k := 0; !m.added; k++ {
		if m.shape = c.templates[k]; m.nth < tb.sizes[k] {
			break
		}
		m.nth -= tb.sizes[k]
	}
	if c.people != nil {
		m.person = c.people(t, i)
	}
	return m, true
}

// child prepares a row that belongs to a row of the parent.
func (tb *table) child(m *maker) bool {
	c, t, owner := tb.class, tb.tenant, m.nth/tb.class.most
	m.nth, m.shape, m.owner = m.nth%c.most, c.templates[0], owner
	if m.nth >= c.least+tb.perRow.of(uint64(owner)).n(c.most-c.least+1) || t.table(c.parent).state.Load().removed[owner] {
		return false
	}
	if c.parent.people != nil {
		m.person = c.parent.people(t, owner)
	}
	return true
}

// rows gives the number of rows there are, removed ones included.
func (tb *table) rows(ch *changes) int { return tb.base + ch.added }

// load fills the record with row i as it is now; false when there is none. A
// nil need means every column.
func (tb *table) load(ch *changes, i int, r *record, need []int) bool {
	if ch.removed[i] {
		return false
	}
	m, ok := tb.maker(i, r)
	if !ok {
		return false
	}
	for column, v := range ch.cells[i] {
		r.set(column, v)
	}
	if m.added && tb.class.parent != nil {
		if m.owner = ch.owner(tb.class, i); tb.class.parent.people != nil {
			m.person = tb.class.parent.people(tb.tenant, m.owner)
		}
	}
	if tb.class.exists >= 0 && m.cell(tb.class.exists) != true {
		return false
	}
	if need == nil {
		for k := range tb.class.columns {
			m.cell(k)
		}
	}
	for _, k := range need {
		m.cell(k)
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
		ch.cells = map[int]map[int]any{}
	}
	if ch.removed == nil {
		ch.removed = map[int]bool{}
	}
	f(ch)
	tb.state.Store(ch)
}

// set changes cells of a row.
func (tb *table) set(i int, cells map[int]any) {
	tb.change(func(ch *changes) { ch.put(i, cells) })
}

func (ch *changes) put(i int, cells map[int]any) {
	merged := maps.Clone(ch.cells[i])
	if merged == nil {
		merged = map[int]any{}
	}
	maps.Copy(merged, cells)
	ch.cells[i] = merged
}

// add makes a new row with these cells and gives its index.
func (tb *table) add(cells map[int]any) int {
	index := 0
	tb.change(func(ch *changes) {
		index = tb.base + ch.added
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
	match := matcher(identity)
	var found []int
	var r record
	for _, i := range tb.candidates(ch, identity) {
		if tb.load(ch, i, &r, tb.class.keys) && tb.keyMatches(&r, match) {
			found = append(found, i)
		}
	}
	return found
}

// candidates are the rows that an identity may mean: those that the index
// knows, and those that were changed.
func (tb *table) candidates(ch *changes, identity string) []int {
	if tb.base > indexed || strings.Contains(identity, "*") {
		all := make([]int, tb.rows(ch))
		for i := range all {
			all[i] = i
		}
		return all
	}
	var list []int
	for _, i := range tb.index()[hash(strings.ToLower(identity))] {
		list = append(list, int(i))
	}
	for i := range ch.cells {
		list = append(list, i)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (tb *table) makeIndex() map[uint64][]int32 {
	index := map[uint64][]int32{}
	none := &changes{}
	var r record
	for i := range tb.base {
		if !tb.load(none, i, &r, tb.class.keys) {
			continue
		}
		for _, k := range tb.class.keys {
			eachKey(r.cells[k], func(key string) bool {
				h := hash(strings.ToLower(key))
				if rows := index[h]; len(rows) == 0 || rows[len(rows)-1] != int32(i) {
					index[h] = append(rows, int32(i))
				}
				return false
			})
		}
	}
	return index
}

func (tb *table) keyMatches(r *record, match func(string) bool) bool {
	return slices.ContainsFunc(tb.class.keys, func(k int) bool { return eachKey(r.cells[k], match) })
}

// eachKey gives the texts of a cell by which a row may be named, until one is
// taken: an address also without its smtp:.
func eachKey(v any, taken func(string) bool) bool {
	list, ok := v.([]string)
	if !ok {
		return v != nil && taken(display(v))
	}
	return slices.ContainsFunc(list, func(item string) bool {
		return taken(item) || len(item) > 5 && strings.EqualFold(item[:5], "smtp:") && taken(item[5:])
	})
}

func matcher(identity string) func(string) bool {
	if strings.Contains(identity, "*") {
		return cmdlet.NewWildcard(identity).Match
	}
	return func(s string) bool { return strings.EqualFold(s, identity) }
}

// name is what messages call a row by.
func (tb *table) name(i int) string { return tb.text(i, tb.class.keys[0]) }

// value is one cell of a row; nil when there is no such row.
func (tb *table) value(i, column int) any {
	var r record
	if !tb.load(tb.state.Load(), i, &r, []int{column}) {
		return nil
	}
	return r.cells[column]
}

// text is the text of one cell of a row.
func (tb *table) text(i, column int) string { return display(tb.value(i, column)) }

// list are the items of one cell of a row.
func (tb *table) list(i, column int) []string {
	list, _ := tb.value(i, column).([]string)
	return slices.Clone(list)
}
