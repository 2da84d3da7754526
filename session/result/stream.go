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
//
// CSV has its columns from the first row. When a later row brings another column, its
// values are not in the file; Dropped says so.
type Stream struct {
	Builder
	out     output
	csv     *csvEncoder
	json    *jsonEncoder
	chosen  bool
	begun   bool
	headers []string
	place   []int // of a column of the rows among headers; -1 is not written
	cells   []cell
	rows    int
	dropped []string
}

// NewStream gives a Stream that writes to w through a buffer of its own.
func NewStream(w io.Writer, o StreamOptions) *Stream {
	s := &Stream{out: output{w: w}, chosen: len(o.Columns) > 0}
	s.init((*streamSink)(s))
	if o.Format == StreamJSONLines {
		s.json = newJSONEncoder(JSONOptions{Lines: true}, nil)
	} else {
		s.csv = newCSVEncoder(o.CSV)
	}
	for _, name := range o.Columns {
		s.addHeader(name)
	}
	return s
}

func (s *Stream) addHeader(name string) {
	s.headers = append(s.headers, name)
	s.cells = append(s.cells, cell{})
	if s.json != nil {
		s.json.addKey(name)
	}
}

// streamSink is the side of a Stream that takes rows from its Builder.
type streamSink Stream

func (s *streamSink) addColumn(name string) int {
	place := -1
	switch {
	case s.chosen:
		for i, h := range s.headers {
			if fold(h) == fold(name) {
				place = i
			}
		}
	case s.csv != nil && s.begun:
		s.dropped = append(s.dropped, name)
	default:
		place = len(s.headers)
		(*Stream)(s).addHeader(name)
	}
	s.place = append(s.place, place)
	return len(s.place) - 1
}

func (s *streamSink) commit(cells []stagedCell, data []byte) error {
	s.begin()
	clear(s.cells)
	for _, c := range cells {
		if place := s.place[c.col]; place >= 0 {
			s.cells[place] = cell{kind: c.kind, num: c.num, data: data[c.start:c.end]}
		}
	}
	s.rows++
	if s.csv != nil {
		s.out.buffer = s.csv.row(s.out.buffer, s.cells)
	} else {
		s.out.buffer = append(s.json.row(s.out.buffer, s.cells), '\n')
	}
	return s.out.flushFull()
}

func (s *streamSink) begin() {
	if !s.begun && s.csv != nil {
		s.out.buffer = s.csv.begin(s.out.buffer, s.headers)
	}
	s.begun = true
}

// Flush writes what is still buffered, and the header when no row came but columns were
// chosen.
func (s *Stream) Flush() error {
	if s.rows > 0 || s.chosen {
		(*streamSink)(s).begin()
	}
	return s.out.flush()
}

// Rows is the number of complete rows so far.
func (s *Stream) Rows() int { return s.rows }

// Dropped are the names of columns that rows brought after the header was written, in
// order of arrival: their values are not in the file. Columns left out by choice are not
// among them.
func (s *Stream) Dropped() []string { return append([]string(nil), s.dropped...) }

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
