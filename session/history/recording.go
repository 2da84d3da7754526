package history

import (
	"compress/gzip"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"time"

	"postroom/session/atomicfile"
	"postroom/session/jsonfile"
	"postroom/session/result"
)

// record is a row on disk: the columns that it has, by number, and its cells.
// New names come before the first row that has them.
type record struct {
	Names []string
	Cols  []int
	Cells []result.Value
	// Own are the cells of our own columns.
	Own []ownCell
}

// ownCell is a cell of a column of ours.
type ownCell struct {
	Column result.OwnColumn
	Text   string
}

// Recording takes the rows of one run for the history while they go to where
// they are shown. It is a result.Appender for one goroutine, and ends with
// Commit or Discard. What goes wrong with the disk never disturbs the run: the
// rows are then not kept, and Commit says so.
type Recording struct {
	book *Book
	id   string

	opened  bool
	file    *atomicfile.File
	zip     *gzip.Writer
	encoder *gob.Encoder
	size    *counter
	columns map[string]int
	row     record
	err     error // why rows are not kept
}

// counter counts what goes to disk.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return c.w.Write(p)
}

// errTooLarge: a run has more rows than are kept.
var errTooLarge = errors.New("history: too many rows to keep")

// errSwitchedOff: the person wants no rows kept.
var errSwitchedOff = errors.New("history: rows are not kept")

// Begin starts to record a run that begins now. Nothing is read or written
// before the first row, or Commit.
func (b *Book) Begin(started time.Time) *Recording {
	return &Recording{book: b, id: newID(started), columns: map[string]int{}}
}

// open makes the file for the rows, once.
func (r *Recording) open() {
	if r.opened {
		return
	}
	r.opened = true
	keeps, err := r.book.KeepsRows()
	var aside *jsonfile.SetAsideError
	switch {
	case err != nil && !errors.As(err, &aside):
		r.err = err
		return
	case !keeps:
		r.err = errSwitchedOff
		return
	}
	dir := filepath.Join(r.book.dir, "rows")
	if r.err = jsonfile.MakeDir(dir); r.err != nil {
		return
	}
	if r.file, r.err = atomicfile.Create(r.book.rows(r.id), atomicfile.Private); r.err != nil {
		return
	}
	r.size = &counter{w: r.file}
	r.zip, _ = gzip.NewWriterLevel(r.size, gzip.BestSpeed) // a level that is known
	r.encoder = gob.NewEncoder(r.zip)
}

// BeginRow starts a row.
func (r *Recording) BeginRow() {
	r.open()
	r.row.Names, r.row.Cols, r.row.Cells, r.row.Own = nil, r.row.Cols[:0], r.row.Cells[:0], r.row.Own[:0]
}

// Own records a text of a column of ours.
func (r *Recording) Own(c result.OwnColumn, v []byte) {
	r.row.Own = append(r.row.Own, ownCell{c, string(v)})
}

// EndRow writes the row. It gives no error: the run goes on without the history.
func (r *Recording) EndRow() error {
	if r.err == nil {
		r.err = r.encoder.Encode(&r.row)
	}
	if r.err == nil && r.size.n > mostOfARun {
		r.err = errTooLarge
	}
	if r.err != nil {
		r.drop()
	}
	return nil //nolint:nilerr // Commit tells
}

// drop gives the room of rows that will not be kept back at once: the list of open sessions
// is on the same disk.
func (r *Recording) drop() {
	if r.file != nil {
		_ = r.file.Discard() // the first error counts
		r.file = nil
	}
}

// NotKeptError means that the rows of a run are not in the history.
type NotKeptError struct {
	Dir string // of the history
	Err error
}

// Error names the cause.
func (e *NotKeptError) Error() string { return fmt.Sprintf("keep the rows: %v", e.Err) }

// Unwrap gives the cause.
func (e *NotKeptError) Unwrap() error { return e.Err }

// RowsNotKept gives Dir.
func (e *NotKeptError) RowsNotKept() string { return e.Dir }

func (r *Recording) add(name []byte, v result.Value) {
	if r.err != nil {
		return
	}
	col, known := r.columns[string(name)]
	if !known {
		col = len(r.columns)
		r.columns[string(name)] = col
		r.row.Names = append(r.row.Names, string(name))
	}
	r.row.Cols = append(r.row.Cols, col)
	r.row.Cells = append(r.row.Cells, v)
}

// Null records an empty cell.
func (r *Recording) Null(name []byte) { r.add(name, result.Value{Kind: result.KindNull}) }

// Text records a text.
func (r *Recording) Text(name, v []byte) {
	r.add(name, result.Value{Kind: result.KindText, Text: string(v)})
}

// Bool records true or false.
//
//lint:ignore sizes result.Appender has it so
func (r *Recording) Bool(name []byte, v bool) {
	r.add(name, result.Value{Kind: result.KindBool, Bool: v})
}

// Int records a signed whole number.
func (r *Recording) Int(name []byte, v int64) {
	r.add(name, result.Value{Kind: result.KindInt, Int: v})
}

// Uint records an unsigned whole number.
func (r *Recording) Uint(name []byte, v uint64) {
	r.add(name, result.Value{Kind: result.KindUint, Uint: v})
}

// Float records a binary floating-point number.
func (r *Recording) Float(name []byte, v float64) {
	r.add(name, result.Value{Kind: result.KindFloat, Float: v})
}

// Decimal records a decimal number.
func (r *Recording) Decimal(name, text []byte) {
	r.add(name, result.Value{Kind: result.KindDecimal, Text: string(text)})
}

// Time records a point in time.
func (r *Recording) Time(name []byte, t result.Time) {
	r.add(name, result.Value{Kind: result.KindTime, Time: t})
}

// Duration records a length of time.
func (r *Recording) Duration(name []byte, ticks int64) {
	r.add(name, result.Value{Kind: result.KindDuration, Int: ticks})
}

// Bytes records binary data.
func (r *Recording) Bytes(name, v []byte) {
	r.add(name, result.Value{Kind: result.KindBytes, Bytes: slices.Clone(v)})
}

// List records several values.
func (r *Recording) List(name []byte, items [][]byte, raw []byte) {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = string(item)
	}
	r.add(name, result.Value{Kind: result.KindList, Items: texts, Raw: slices.Clone(raw)})
}

// Nested records an object.
func (r *Recording) Nested(name, display, raw []byte) {
	r.add(name, result.Value{Kind: result.KindNested, Text: string(display), Raw: slices.Clone(raw)})
}

// Commit writes the run into the history; ID, Kept and Bytes are set here. A run
// whose rows could not be kept is in the list all the same; the error says why,
// but for a run that is too large, or when keeping is switched off.
func (r *Recording) Commit(ctx context.Context, e Entry) (Entry, error) {
	r.open()
	e.ID = r.id
	err := r.close()
	changeErr := r.book.change(ctx, func(l *list) {
		// Named here, under the list's lock: whoever else ends a run now deletes the
		// rows that no entry has.
		if err == nil {
			err = r.file.Commit()
			r.file = nil
		}
		if err == nil {
			e.Kept, e.Bytes = true, r.size.n
		}
		l.Entries = append(l.Entries, e)
	})
	r.drop()
	if errors.Is(err, errTooLarge) || errors.Is(err, errSwitchedOff) {
		err = nil
	}
	if err != nil {
		err = &NotKeptError{Dir: r.book.dir, Err: err}
	}
	return e, errors.Join(err, changeErr)
}

// Discard forgets the run.
func (r *Recording) Discard() error {
	if r.file == nil {
		return nil
	}
	err := r.file.Discard()
	r.file = nil
	if err != nil {
		return fmt.Errorf("delete kept rows: %w", err)
	}
	return nil
}

// close ends the rows; the first error counts. They are on the disk before anybody waits
// for the list's lock.
func (r *Recording) close() error {
	if r.err == nil {
		r.err = r.zip.Close()
	}
	if r.err == nil {
		r.err = r.file.Sync()
	}
	return r.err
}

// eachRecord gives the rows of a file one by one, until do gives an error.
func eachRecord(ctx context.Context, from io.Reader, do func(*record) error) error {
	unzip, err := gzip.NewReader(from)
	if err != nil {
		return fmt.Errorf("read kept rows: %w", err)
	}
	decoder := gob.NewDecoder(unzip)
	for n := 0; ; n++ {
		if n%512 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		var row record
		err := decoder.Decode(&row)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read kept rows: %w", err)
		}
		if err := do(&row); err != nil {
			return err
		}
	}
}

// read gives recorded rows to an Appender.
func read(ctx context.Context, from io.Reader, to result.Appender) error {
	var names [][]byte
	n := 0
	return eachRecord(ctx, from, func(row *record) error {
		n++
		for _, name := range row.Names {
			names = append(names, []byte(name))
		}
		to.BeginRow()
		for _, own := range row.Own {
			to.Own(own.Column, []byte(own.Text))
		}
		for i, col := range row.Cols {
			if col >= len(names) || i >= len(row.Cells) {
				return fmt.Errorf("read kept rows: row %d: %w", n, io.ErrUnexpectedEOF)
			}
			result.Copy(to, names[col], row.Cells[i])
		}
		return to.EndRow()
	})
}
