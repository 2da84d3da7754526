package result

// Appender takes rows cell by cell, in the server's order. Names and values are borrowed
// for the length of the call. One goroutine uses it. A cell outside BeginRow and EndRow
// is a fault of the caller and makes EndRow return [ErrNoRow].
type Appender interface { //lint:ignore width a method for each kind of value
	// BeginRow starts a row.
	BeginRow()
	// Own adds a text to a column of ours, at most once a row.
	Own(c OwnColumn, v []byte)
	// Null adds an empty cell: the property is there and has no value.
	Null(name []byte)
	// Text adds a text in UTF-8; lone surrogates may be in it as WTF-8.
	Text(name, v []byte)
	// Bool adds true or false.
	Bool(name []byte, v bool)
	// Int adds a signed whole number.
	Int(name []byte, v int64)
	// Uint adds an unsigned whole number.
	Uint(name []byte, v uint64)
	// Float adds a binary floating-point number.
	Float(name []byte, v float64)
	// Decimal adds a decimal number as its invariant text, kept at full precision.
	Decimal(name, text []byte)
	// Time adds a point in time.
	Time(name []byte, t Time)
	// Duration adds a length of time in ticks of 100 ns.
	Duration(name []byte, ticks int64)
	// Bytes adds binary data.
	Bytes(name, v []byte)
	// List adds several values: the display text of each, and the value as CLIXML.
	List(name []byte, items [][]byte, raw []byte)
	// Nested adds an object: its display text, and the value as CLIXML.
	Nested(name, display, raw []byte)
	// EndRow completes the row; it is then visible to Snapshot.
	EndRow() error
}

// Time is a server's point in time as it came: same fields as clixml.DateTime.
type Time struct {
	// Ticks are units of 100 ns since 0001-01-01 on the clock that the value shows.
	Ticks int64
	// Kind is TimeUnspecified, TimeUTC or TimeLocal.
	Kind uint8
	// OffsetMinutes is the distance from UTC, for TimeLocal only.
	OffsetMinutes int16
}

// The kinds of a Time.
const (
	// TimeUnspecified is a time that does not say where.
	TimeUnspecified uint8 = iota
	// TimeUTC is a time in UTC.
	TimeUTC
	// TimeLocal is a time at OffsetMinutes from UTC.
	TimeLocal
)
