package result

import (
	"context"
	"io"
	"slices"
	"strings"
)

// StreamOptions say what a Stream writes.
type StreamOptions struct {
	// Options are those of the format, which is one that streams.
	Options
	// Columns are the columns to write, in this order, letter case aside; none means all
	// columns that rows have, and for JSON each row's own.
	Columns []string
	// Own are the columns of ours that the rows will have; they come first.
	Own []OwnColumn
	// Order puts the columns of the first row in order, where none are chosen; nil leaves
	// them, and CSV as PowerShell has it does. Columns that come later stand last.
	Order func(columns []string) []string
	// SpoolDir is the folder in which rows wait on disk until all columns are known; ""
	// is the system's folder for temporary files.
	SpoolDir string
}

// Stream is an Appender that writes rows so that memory does not grow with their number.
// One goroutine uses it. Call Flush at the end, and Close in any case.
//
// CSV names the columns of all rows in its first line. When they are not chosen, the
// beginning of that line is written with the first row, which also finds out whether
// anybody reads; the rows wait in a spool, on disk beyond a few megabytes, until Flush.
// Chosen columns, JSON, and CSV as PowerShell has it (the columns of the first row) are
// written row by row. It has fields for each of the three ways in which it writes; one of
// them is used.
type Stream struct {
	Builder
	out     output
	values  *valueWriter
	csv     *csvEncoder
	json    *jsonEncoder
	order   func([]string) []string // nil: as they come
	chosen  bool
	begun   bool
	headers []string
	place   []int // of a column of the rows among headers; -1 is not written
	cells   []cell
	rows    int

	spool  *spool // nil when rows are written as they come
	kept   int    // lines in it
	line   []byte // scratch
	widths []rowWidth
}

// rowWidth says how many fields the spooled lines from a number on have.
type rowWidth struct{ row, fields int }

// NewStream gives a Stream that writes to w through a buffer of its own.
func NewStream(w io.Writer, o StreamOptions) *Stream {
	s := &Stream{out: output{w: w}, chosen: len(o.Columns) > 0, values: newValueWriter(o.Values)}
	switch o.Format {
	case JSON, NDJSON:
		s.json, s.order = newJSONEncoder(o.Options, s.values.form, nil), o.Order
		s.out.buffer = append(s.out.buffer, s.json.open...)
	default:
		if o.Format == TSV {
			o.CSV.Delimiter = '\t'
		}
		s.csv = newCSVEncoder(o.CSV, s.values.form)
		if !s.chosen && !o.CSV.PowerShell {
			s.spool, s.order = &spool{dir: o.SpoolDir}, o.Order
		}
	}
	if s.chosen {
		s.order = nil
	}
	for _, name := range o.Columns {
		s.addHeader(name)
	}
	s.init((*streamSink)(s), o.Own)
	return s
}

func (s *Stream) addHeader(name string) {
	s.headers = append(s.headers, name)
	s.cells = append(s.cells, cell{})
	if s.json != nil {
		s.json.addKey(name)
	}
}

// streamSink is the side of a Stream that takes rows from its Builder. Its fields are the
// Stream's, and most of its methods are its Builder's, which it embeds.
type streamSink Stream

func (s *streamSink) addColumn(name string) int {
	place := -1
	switch {
	case s.chosen:
		place = s.chosenPlace(name)
	case s.csv != nil && s.begun && s.spool == nil: // PowerShell leaves it out
	default:
		place = len(s.headers)
		(*Stream)(s).addHeader(name)
	}
	s.place = append(s.place, place)
	return len(s.place) - 1
}

// chosenPlace finds the place of a column among the chosen ones, as [View.Column] does.
func (s *streamSink) chosenPlace(name string) int {
	for i, h := range s.headers {
		if strings.EqualFold(h, name) || strings.EqualFold(serverName(h), name) && !s.hasOwn(h) {
			return i
		}
	}
	return -1
}

func (s *streamSink) hasOwn(name string) bool {
	return slices.ContainsFunc(s.own, func(c OwnColumn) bool { return strings.EqualFold(c.Name(), name) })
}

// arrange puts the columns of the first row in the order that is wanted, ours first.
func (s *streamSink) arrange() {
	ours := 0
	for ours < len(s.headers) && s.hasOwn(s.headers[ours]) {
		ours++
	}
	places := make(map[string]int, len(s.headers))
	for place, name := range s.headers {
		places[name] = place
	}
	names := slices.Concat(s.headers[:ours], s.order(slices.Clone(s.headers[ours:])), s.headers)
	moved, to := make([]string, 0, len(s.headers)), make([]int, len(s.headers))
	for _, name := range names { // each once, also those that the order left out
		if place, known := places[name]; known {
			to[place] = len(moved)
			moved = append(moved, name)
			delete(places, name)
		}
	}
	s.headers = moved
	if s.json != nil {
		s.json.setKeys(moved)
	}
	for i, place := range s.place {
		if place >= 0 {
			s.place[i] = to[place]
		}
	}
}

func (s *streamSink) commit(cells []stagedCell, data []byte) error {
	if s.order != nil && s.rows == 0 {
		s.arrange()
	}
	clear(s.cells)
	for _, c := range cells {
		if place := s.place[c.col]; place >= 0 {
			s.cells[place] = cell{kind: c.kind, num: c.num, data: data[c.start:c.end]}
		}
	}
	if err := s.begin(); err != nil {
		return err
	}
	s.rows++
	return s.values.rows(s.cells, s.write)
}

// write writes a line, or puts it into the spool.
func (s *streamSink) write(cells []cell) error {
	switch {
	case s.spool != nil:
		return s.keep(cells)
	case s.csv != nil:
		s.out.buffer = s.csv.row(s.out.buffer, cells)
	default:
		s.out.buffer = s.json.next(s.out.buffer, cells)
	}
	return s.out.flushFull()
}

// begin writes what comes before the rows, as far as it is known.
func (s *streamSink) begin() error {
	if s.begun || s.csv == nil {
		return nil // what comes before JSON's rows is written
	}
	s.begun = true
	if s.spool == nil {
		s.out.buffer = s.csv.begin(s.out.buffer, s.headers)
		return nil
	}
	s.out.buffer = s.csv.mark(s.out.buffer)
	if !s.csv.o.NoHeader {
		s.out.buffer = s.csv.names(s.out.buffer, s.headers)
	}
	s.widths = append(s.widths, rowWidth{0, len(s.headers)})
	return s.out.flush()
}

// keep puts a line into the spool.
func (s *streamSink) keep(cells []cell) error {
	if last := s.widths[len(s.widths)-1]; last.fields < len(s.headers) {
		s.widths = append(s.widths, rowWidth{s.kept, len(s.headers)})
	}
	s.kept++
	s.line = s.csv.fields(s.line[:0], cells)
	return s.spool.add(s.line)
}

// unspool writes the rest of the first line, and the rows with the fields that they have
// not.
func (s *streamSink) unspool(ctx context.Context) error {
	names := s.headers[s.widths[0].fields:]
	if !s.csv.o.NoHeader {
		if len(names) > 0 && len(names) < len(s.headers) {
			s.out.buffer = append(s.out.buffer, s.csv.delimiter...)
		}
		s.out.buffer = append(s.csv.names(s.out.buffer, names), s.csv.end...)
	}
	row, width := 0, 0
	return s.spool.each(func(line []byte) error {
		if row%4096 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		for width+1 < len(s.widths) && s.widths[width+1].row <= row {
			width++
		}
		row++
		s.out.buffer = append(s.out.buffer, line...)
		if s.widths[width].fields == 0 && len(s.headers) == 1 {
			s.out.buffer = append(s.out.buffer, `""`...) // else a reader would skip the line
		}
		for range len(s.headers) - max(1, s.widths[width].fields) {
			s.out.buffer = append(s.out.buffer, s.csv.delimiter...)
		}
		s.out.buffer = append(s.out.buffer, s.csv.end...)
		return s.out.flushFull()
	})
}

// Flush writes what has not been written, and the first line when no row came but columns
// were chosen. It is called once, when all rows are there, and given up when ctx ends.
func (s *Stream) Flush(ctx context.Context) error {
	if s.json != nil {
		s.out.buffer = s.json.finish(s.out.buffer)
	}
	if s.rows > 0 || s.chosen || len(s.own) > 0 {
		if err := (*streamSink)(s).begin(); err != nil {
			return err
		}
		if s.spool != nil {
			if err := (*streamSink)(s).unspool(ctx); err != nil {
				return err
			}
		}
	}
	return s.out.flush()
}

// Close leaves nothing on disk of what was waiting there.
func (s *Stream) Close() error {
	if s.spool == nil {
		return nil
	}
	return s.spool.close()
}

// Rows is the number of complete rows so far.
func (s *Stream) Rows() int { return s.rows }

// Missing are the chosen columns that no row has had so far.
func (s *Stream) Missing() []string {
	if !s.chosen {
		return nil
	}
	had := make([]bool, len(s.headers))
	for _, place := range s.place {
		if place >= 0 {
			had[place] = true
		}
	}
	var missing []string
	for i, ok := range had {
		if !ok {
			missing = append(missing, s.headers[i])
		}
	}
	return missing
}
