package cli

import "postroom/session/result"

// Null hands an empty cell on.
func (k *sink) Null(name []byte) {
	for _, a := range k.rows {
		a.Null(name)
	}
}

// Text hands a text on.
func (k *sink) Text(name, v []byte) {
	for _, a := range k.rows {
		a.Text(name, v)
	}
}

// Bool hands true or false on.
func (k *sink) Bool(name []byte, v bool) {
	for _, a := range k.rows {
		a.Bool(name, v)
	}
}

// Int hands a whole number on.
func (k *sink) Int(name []byte, v int64) {
	for _, a := range k.rows {
		a.Int(name, v)
	}
}

// Uint hands an unsigned number on.
func (k *sink) Uint(name []byte, v uint64) {
	for _, a := range k.rows {
		a.Uint(name, v)
	}
}

// Float hands a number on.
func (k *sink) Float(name []byte, v float64) {
	for _, a := range k.rows {
		a.Float(name, v)
	}
}

// Decimal hands a decimal number on.
func (k *sink) Decimal(name, text []byte) {
	for _, a := range k.rows {
		a.Decimal(name, text)
	}
}

// Time hands a point in time on.
func (k *sink) Time(name []byte, t result.Time) {
	for _, a := range k.rows {
		a.Time(name, t)
	}
}

// Duration hands a length of time on.
func (k *sink) Duration(name []byte, ticks int64) {
	for _, a := range k.rows {
		a.Duration(name, ticks)
	}
}

// Bytes hands binary data on.
func (k *sink) Bytes(name, v []byte) {
	for _, a := range k.rows {
		a.Bytes(name, v)
	}
}

// List hands several values on.
func (k *sink) List(name []byte, items [][]byte, raw []byte) {
	for _, a := range k.rows {
		a.List(name, items, raw)
	}
}

// Nested hands an object on.
func (k *sink) Nested(name, display, raw []byte) {
	for _, a := range k.rows {
		a.Nested(name, display, raw)
	}
}
