package result

import "time"

// Kind is what a cell, or all cells of a column, hold.
type Kind uint8

const (
	// KindAbsent is a cell that the server's object did not have.
	KindAbsent Kind = iota
	// KindNull is a property without a value.
	KindNull
	// KindText is a text.
	KindText
	// KindBool is true or false.
	KindBool
	// KindInt is a signed whole number.
	KindInt
	// KindUint is an unsigned whole number.
	KindUint
	// KindFloat is a binary floating-point number.
	KindFloat
	// KindDecimal is a decimal number, kept as its invariant text.
	KindDecimal
	// KindTime is a point in time.
	KindTime
	// KindDuration is a length of time.
	KindDuration
	// KindBytes is binary data.
	KindBytes
	// KindList is several values.
	KindList
	// KindNested is an object.
	KindNested
	// KindMixed is for columns only: cells of more than one kind.
	KindMixed
)

var kindNames = [...]string{
	KindAbsent: "Absent", KindNull: "Null", KindText: "Text", KindBool: "Bool", KindInt: "Int",
	KindUint: "Uint", KindFloat: "Float", KindDecimal: "Decimal", KindTime: "Time",
	KindDuration: "Duration", KindBytes: "Bytes", KindList: "List", KindNested: "Nested", KindMixed: "Mixed",
}

// String gives the constant's name without Kind.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "?"
}

// Value is one cell, typed. The zero Value is an absent cell.
type Value struct {
	// Kind says which of the fields holds.
	Kind Kind
	// Text is the text of KindText and KindDecimal, and what a nested object displays.
	Text string
	// Bool is the value of KindBool.
	Bool bool
	// Int is the value of KindInt, or the ticks of 100 ns of KindDuration.
	Int int64
	// Uint is the value of KindUint.
	Uint uint64
	// Float is the value of KindFloat.
	Float float64
	// Time is the value of KindTime.
	Time Time
	// Items are the display texts of a list's items.
	Items []string
	// Bytes is the data of KindBytes. It belongs to the view: do not change it.
	Bytes []byte
	// Raw is the CLIXML of a list or a nested object; nil otherwise. It belongs to the
	// view: do not change it.
	Raw []byte
}

// Go is the value as Go has it: nil for an absent cell and for one without a value, else a
// bool, int64, uint64, float64, time.Time, time.Duration, []byte or []string, and the text
// of everything else. Bytes belong to the view: do not change them.
func (v Value) Go() any {
	switch v.Kind {
	case KindAbsent, KindNull:
		return nil
	case KindBool:
		return v.Bool
	case KindInt:
		return v.Int
	case KindUint:
		return v.Uint
	case KindFloat:
		return v.Float
	case KindTime:
		return v.Time.Time()
	case KindDuration:
		return time.Duration(v.Int) * 100
	case KindBytes:
		return v.Bytes
	case KindList:
		return v.Items
	}
	return v.Text
}
