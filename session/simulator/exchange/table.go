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

// record is one row while it is tested and sent. Its cells are made when they are
// asked for. It is used again for the next row, with the room that its parts have
// taken.
type record struct {
	source
	cells []any
	made  []bool
	above *record // the row of the parent, when it was asked for
	text  []byte  // the texts that are being put together
	// what is written of it
	sent, extended []clixml.Property
	lists          []*clixml.Object
	listed         int // of lists, in this row
}

// source is what the cells of a row are made from.
type source struct {
	class  *class
	tenant *Tenant
	shape  *template
	nth    int // of the row among its template's, or its parent's, from 0
	dice   dice
	person person // of classes that are people
	owner  int    // the parent's row
	added  bool   // made by a New- cmdlet
}

// begin makes the record that of another row.
func (r *record) begin(from source) {
	n := len(from.class.columns)
	if len(r.cells) < n {
		r.cells, r.made = make([]any, n), make([]bool, n)
	}
	clear(r.made)
	r.source, r.above = from, nil
}

// cell is the value of a column; of none, which is negative, it is nil. While it
// is made it is null: of two columns that are made of each other one is given, or
// both are null.
func (r *record) cell(column int) any {
	switch {
	case column < 0:
		return nil
	case r.made[column]:
		return r.cells[column]
	}
	r.set(column, nil)
	program := r.class.columns[column].program
	if r.shape != nil && r.shape.programs[column] != nil {
		program = r.shape.programs[column]
	}
	r.cells[column] = program(r)
	return r.cells[column]
}

func (r *record) set(column int, v any) { r.cells[column], r.made[column] = v, true }

// parent is the value of a column of the row that this one belongs to.
func (r *record) parent(column int) any {
	if r.above == nil {
		r.above = r.tenant.table(r.class.parent).row(r.owner)
	}
	if r.above.class == nil { // there is none
		return nil
	}
	return r.above.cell(column)
}

// list is an empty list of this row; it has room for the items of the row before.
func (r *record) list() *clixml.Object {
	if r.listed == len(r.lists) {
		r.lists = append(r.lists, &clixml.Object{Kind: clixml.List})
	}
	r.listed++
	return r.lists[r.listed-1]
}

// clone is a copy that shares nothing which changes.
func (r *record) clone() *record {
	return &record{source: r.source, cells: slices.Clone(r.cells), made: slices.Clone(r.made)}
}

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

// source says what row i is made from; false when there is none.
func (tb *table) source(i int) (source, bool) {
	c, t := tb.class, tb.tenant
	from := source{class: c, tenant: t, dice: tb.seed.of(uint64(i)), nth: i, added: i >= tb.base}
	if c.parent != nil && !from.added {
		return from, tb.child(&from)
	}
	for k := 0; !from.added; k++ {
		if from.shape = c.templates[k]; from.nth < tb.sizes[k] {
			break
		}
		from.nth -= tb.sizes[k]
	}
	if c.people != nil {
		from.person = c.people(t, i)
	}
	return from, true
}

// child says what a row is made from that belongs to a row of the parent.
func (tb *table) child(from *source) bool {
	c, t, owner := tb.class, tb.tenant, from.nth/tb.class.most
	from.nth, from.shape, from.owner = from.nth%c.most, c.templates[0], owner
	if from.nth >= c.least+tb.perRow.of(uint64(owner)).n(c.most-c.least+1) || t.table(c.parent).state.Load().removed[owner] {
		return false
	}
	if c.parent.people != nil {
		from.person = c.parent.people(t, owner)
	}
	return true
}

// rows gives the number of rows there are, removed ones included.
func (tb *table) rows(ch *changes) int { return tb.base + ch.added }

// load makes the record row i as it is now; false when there is none.
func (tb *table) load(ch *changes, i int, r *record) bool {
	if ch.removed[i] {
		return false
	}
	from, ok := tb.source(i)
	if !ok {
		return false
	}
	if from.added && tb.class.parent != nil {
		if from.owner = ch.owner(tb.class, i); tb.class.parent.people != nil {
			from.person = tb.class.parent.people(tb.tenant, from.owner)
		}
	}
	r.begin(from)
	for column, v := range ch.cells[i] {
		r.set(column, v)
	}
	return tb.class.exists < 0 || r.cell(tb.class.exists) == true
}

// row is row i as it is now, of no class when there is none.
func (tb *table) row(i int) *record {
	r := &record{}
	if !tb.load(tb.state.Load(), i, r) {
		return &record{}
	}
	return r
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
		if tb.load(ch, i, &r) && tb.keyMatches(&r, match) {
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
		if !tb.load(none, i, &r) {
			continue
		}
		for _, k := range tb.class.keys {
			eachKey(r.cell(k), func(key string) bool {
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
	return slices.ContainsFunc(tb.class.keys, func(k int) bool { return eachKey(r.cell(k), match) })
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
	r := tb.row(i)
	if r.class == nil {
		return nil
	}
	return r.cell(column)
}

// text is the text of one cell of a row.
func (tb *table) text(i, column int) string { return display(tb.value(i, column)) }

// list are the items of one cell of a row.
func (tb *table) list(i, column int) []string {
	list, _ := tb.value(i, column).([]string)
	return slices.Clone(list)
}
