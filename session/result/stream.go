package result

import "io"

// StreamFormat is what a Stream writes.
type StreamFormat uint8

const (
	// StreamCSV is CSV.
	StreamCSV StreamFormat = iota
	// StreamJSONLines is JSON, one object a line.
	StreamJSONLines
)

// StreamOptions say what a Stream writes.
type StreamOptions struct {
	// Format is CSV or JSON lines.
	Format StreamFormat
	// CSV are the options of StreamCSV.
	CSV CSVOptions
	// Columns are the columns to write, in this order, letter case aside; none means the
	// columns of the first row, and for JSON lines each row's own.
	Columns []string
}

// Stream is an Appender that writes each row as it comes, so that memory does not grow
// with the number of rows. One goroutine uses it. Call Flush at the end.
type Stream struct{ Appender }

// NewStream gives a Stream that writes to w through a buffer of its own.
func NewStream(w io.Writer, o StreamOptions) *Stream { return &Stream{} }

// Flush writes what is still buffered, and the header when no row came but columns were
// chosen.
func (s *Stream) Flush() error { return nil }

// Rows is the number of complete rows so far.
func (s *Stream) Rows() int { return 0 }

// Dropped are the names of columns that rows brought after the header was written, in
// order of arrival: their values are not in the file.
func (s *Stream) Dropped() []string { return nil }
