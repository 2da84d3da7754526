package result

import "errors"

// ErrNoRow means that a cell came outside BeginRow and EndRow.
var ErrNoRow = errors.New("result: cell outside a row")

// Table is a columnar table that grows while it is looked at. One goroutine writes
// through its Builder; any goroutine takes snapshots.
type Table struct {
	provenance Provenance
}

// NewTable gives an empty table.
func NewTable(p Provenance) *Table { return &Table{provenance: p} }

// Builder gives the table's writer, always the same one. One goroutine uses it.
func (t *Table) Builder() *Builder { return &Builder{} }

// Snapshot gives an immutable view of the complete rows so far. Any goroutine may call
// it while the writer appends; it copies no rows.
func (t *Table) Snapshot() *View { return &View{} }

// Len is the number of complete rows so far. Any goroutine may call it.
func (t *Table) Len() int { return 0 }

// Builder is the Appender of a Table.
type Builder struct{ Appender }
