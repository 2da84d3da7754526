package clixml

// DateTimeKind says what a [DateTime] is relative to.
type DateTimeKind uint8

// The kinds of System.DateTime.
const (
	Unspecified DateTimeKind = iota // no zone on the wire
	UTC                             // "Z" on the wire
	Local                           // an offset on the wire
)

// DateTime is a System.DateTime (element DT) as the wire shows it: the clock
// of its own zone, to 100 ns.
type DateTime struct {
	Ticks         int64 // 100 ns since 0001-01-01T00:00:00 on the clock it shows
	Kind          DateTimeKind
	OffsetMinutes int16 // east of UTC; Local only
}

// Duration is a System.TimeSpan (element TS) in units of 100 ns.
type Duration int64
