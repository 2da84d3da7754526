package remoting

import (
	"bytes"
	"fmt"

	"postroom/session"
	"postroom/session/clixml"
	"postroom/session/result"
)

// rowReader turns output payloads into rows. It belongs to one run.
type rowReader struct {
	scanner clixml.RowScanner
	rows    int
	unread  session.UndecodedError
	marked  []byte // scratch
}

// read appends the row of one payload; a null is none. What cannot be decoded is
// there as the text that it came as, marked, and is counted.
func (r *rowReader) read(payload []byte, to result.Appender) error {
	r.scanner.Lenient = true
	r.scanner.Limits.Elements = maxElements
	scanErr := r.scanner.Scan(payload)
	if scanErr == nil && r.scanner.Null() {
		return nil
	}
	to.BeginRow()
	if scanErr != nil {
		to.Text(valueName, r.mark(payload[:min(len(payload), maxUnread)]))
		r.unread.Add(1, scanErr)
	}
	r.appendCells(to, &r.scanner)
	if n, err := r.scanner.Undecoded(); n > 0 {
		r.unread.Add(n, err)
	}
	if err := to.EndRow(); err != nil {
		return fmt.Errorf("keep row %d: %w", r.rows+1, err)
	}
	r.rows++
	return nil
}

// appendCells adds what a scanner has found in a row.
func (r *rowReader) appendCells(to result.Appender, s *clixml.RowScanner) {
	cells := s.Cells()
	if c := certificateOf(s); c != nil {
		appendCertificate(to, c, cells)
	}
	selected := bytes.HasPrefix(s.TypeName(), selectedType)
	for i := range cells {
		switch c := &cells[i]; {
		case c.Kind == clixml.KindUndecoded:
			to.Text(c.Name, r.mark(c.Text))
		case selected || !provenance(c.Name):
			appendCell(to, c)
		}
	}
}

// selectedType begins the type of what Select-Object made: all of its properties
// were asked for.
var selectedType = []byte("Selected.")

// provenance says that a property is not one of the object's own: the notes by which
// remoting tells where an object came from, and the bytes from which Exchange's own
// tools would build it again. Every object of an Exchange server has them.
func provenance(name []byte) bool {
	switch string(name) {
	case "SerializationData", "RunspaceId", "PSComputerName", "PSShowComputerName":
		return true
	}
	return false
}

// undecoded gives the error for what could not be decoded so far; nil for nothing.
func (r *rowReader) undecoded() error {
	if r.unread.Values == 0 {
		return nil
	}
	e := r.unread
	return &e
}

// valueName is the column of what has no name, and undecodedMark stands behind a text
// that could not be decoded.
var valueName = []byte("Value")

const undecodedMark = " (not decoded)"

// maxElements is how many elements a row may have. The widest that is known has some
// hundreds, lists of all members of a large group some hundred thousand.
const maxElements = 1 << 20

// maxUnread is how much of a row that cannot be read at all is kept, in bytes.
const maxUnread = 64 << 10

// mark gives the text with its mark, until the next call.
func (r *rowReader) mark(text []byte) []byte {
	r.marked = append(append(r.marked[:0], text...), undecodedMark...)
	return r.marked
}

// appendCell maps the kinds of CLIXML onto those of a result.
func appendCell(to result.Appender, c *clixml.Cell) {
	switch c.Kind {
	case clixml.KindNull:
		to.Null(c.Name)
	case clixml.KindBool:
		to.Bool(c.Name, c.Int != 0)
	case clixml.KindInt:
		to.Int(c.Name, c.Int)
	case clixml.KindUint:
		to.Uint(c.Name, c.Uint)
	case clixml.KindFloat:
		to.Float(c.Name, c.Float)
	case clixml.KindDecimal:
		to.Decimal(c.Name, c.Text)
	case clixml.KindDateTime:
		to.Time(c.Name, result.Time{
			Ticks: c.DateTime.Ticks, Kind: timeKind(c.DateTime.Kind), OffsetMinutes: c.DateTime.OffsetMinutes,
		})
	case clixml.KindDuration:
		to.Duration(c.Name, c.Int)
	case clixml.KindBytes:
		to.Bytes(c.Name, c.Bytes)
	case clixml.KindList:
		to.List(c.Name, c.Items, c.Raw)
	case clixml.KindDictionary, clixml.KindObject, clixml.KindUnknown:
		to.Nested(c.Name, c.Text, c.Raw)
	case clixml.KindSecureString:
		// The ciphertext is no text for people, and its key dies with the session.
		to.Text(c.Name, secureStringText)
	default: // texts, and enums by their name
		to.Text(c.Name, c.Text)
	}
}

var secureStringText = []byte("System.Security.SecureString")

func timeKind(k clixml.DateTimeKind) uint8 {
	switch k {
	case clixml.UTC:
		return result.TimeUTC
	case clixml.Local:
		return result.TimeLocal
	}
	return result.TimeUnspecified
}
