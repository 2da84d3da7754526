package session

import (
	"fmt"

	"postroom/session/clixml"
	"postroom/session/result"
)

// rowReader turns output payloads into rows. It belongs to one run.
type rowReader struct {
	scanner clixml.RowScanner
	rows    int
}

// read appends the row of one payload.
func (r *rowReader) read(payload []byte, to result.Appender) error {
	if err := r.scanner.Scan(payload); err != nil {
		return fmt.Errorf("read row %d: %w", r.rows+1, err)
	}
	to.BeginRow()
	cells := r.scanner.Cells()
	for i := range cells {
		appendCell(to, &cells[i])
	}
	if err := to.EndRow(); err != nil {
		return fmt.Errorf("keep row %d: %w", r.rows+1, err)
	}
	r.rows++
	return nil
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
