package result

import (
	"hash/maphash"
	"strings"
	"sync"
)

const (
	// segmentRows is how many rows a segment has at most, so that sealing one takes
	// about a millisecond.
	segmentRows = 4096
	// segmentBytes seals a segment of huge cells early, so that the 32-bit ends of its
	// entries never overflow.
	segmentBytes = 64 << 20
	// segmentCells seals a segment of very many columns early: a cell of the open
	// segment takes 9 bytes and more, a sealed one that is not there nothing.
	segmentCells = 1 << 20
	// keptColumns is up to how many columns the memory of the open segment is used
	// again for the next one. Of more, most are in few rows.
	keptColumns = 1 << 10
)

// Table is a columnar table that grows while it is looked at. One goroutine writes
// through its Builder; any goroutine takes snapshots.
//
// Rows are kept in segments of some thousand rows, and in each segment every column in
// the form that suits its values there: nothing for a column of one value, a few bytes a
// number, texts once each. So a column whose type changes keeps every value, and one
// that appears late costs nothing before it came.
type Table struct {
	provenance Provenance
	builder    Builder
	seed       maphash.Seed

	mu     sync.Mutex
	names  []string // only grows
	masks  []uint32 // kinds of cell seen in each column, as bits
	sealed []*segment
	open   []openChunk
	first  int // number of the open segment's first row
	rows   int // complete rows in the open segment
	bytes  int // of data in the open segment
	held   int // cells in the open segment, with those that were filled up
	shared bool
	last   *View // the latest snapshot while no row has come since
}

// segment is some rows of all columns. A column that appeared later has no chunk here.
type segment struct {
	open  bool // it is still written to: the next snapshot has another in its place
	first int
	rows  int
	cols  []*chunk
}

func (s *segment) chunk(col int) *chunk {
	if col >= len(s.cols) {
		return nil
	}
	return s.cols[col]
}

// NewTable gives an empty table. The columns of ours that its rows will have come first.
func NewTable(p Provenance, own ...OwnColumn) *Table {
	t := &Table{provenance: p, seed: maphash.MakeSeed()}
	t.builder.init(t, own)
	return t
}

// Builder gives the table's writer, always the same one. One goroutine uses it.
func (t *Table) Builder() *Builder { return &t.builder }

// Len is the number of complete rows so far. Any goroutine may call it.
func (t *Table) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.first + t.rows
}

// Snapshot gives an immutable view of the complete rows so far. Any goroutine may call
// it while the writer appends; it copies no rows.
func (t *Table) Snapshot() *View {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last != nil {
		return t.last
	}
	s := &snapshot{
		provenance: t.provenance,
		names:      t.names[:len(t.names):len(t.names)],
		masks:      append([]uint32(nil), t.masks...),
		segments:   t.sealed[:len(t.sealed):len(t.sealed)],
		rows:       t.first + t.rows,
	}
	if t.rows > 0 {
		open := &segment{open: true, first: t.first, rows: t.rows, cols: make([]*chunk, len(t.open))}
		for i := range t.open {
			open.cols[i] = t.open[i].view()
		}
		s.segments = append(s.segments, open)
		t.shared = true
	}
	t.last = newView(s)
	return t.last
}

// commit adds a complete row.
func (t *Table) commit(cells []stagedCell, data []byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range cells {
		c := &cells[i]
		t.masks[c.col] |= 1 << c.kind
		t.held += t.open[c.col].add(t.rows, t.seed, c, data)
	}
	t.rows++
	t.bytes += len(data)
	t.last = nil
	if t.rows == segmentRows || t.bytes > segmentBytes || t.held > segmentCells {
		t.seal()
	}
	return nil
}

func (t *Table) seal() {
	s := &segment{first: t.first, rows: t.rows, cols: make([]*chunk, len(t.open))}
	for i := range t.open {
		s.cols[i] = t.open[i].seal()
		if len(t.open) > keptColumns {
			t.open[i] = openChunk{}
		} else {
			t.open[i].reset(t.shared)
		}
	}
	t.sealed = append(t.sealed, s)
	t.first += t.rows
	t.rows, t.bytes, t.held, t.shared = 0, 0, 0, false
}

// addColumn gives a new column's number.
func (t *Table) addColumn(name string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.names = append(t.names, name)
	t.masks = append(t.masks, 0)
	t.open = append(t.open, openChunk{})
	t.last = nil
	return len(t.names) - 1
}

// Bytes is the memory that the table's cells take, in bytes. Any goroutine may call it.
func (t *Table) Bytes() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	total := 0
	for _, s := range t.sealed {
		for _, c := range s.cols {
			total += c.size()
		}
	}
	for i := range t.open {
		total += t.open[i].size()
	}
	return total
}

// fold makes names that differ in letter case alone equal, as PowerShell does.
func fold(name string) string { return strings.ToLower(name) }
