package cli

import "postroom/session/result"

// Own hands a text of a column of ours on.
func (k *output) Own(c result.OwnColumn, v []byte) {
	for _, a := range k.rows {
		a.Own(c, v)
	}
}

// Null hands an empty cell on.
func (k *output) Null(name []byte) {
	for _, a := range k.rows {
		a.Null(name)
	}
}

// Text hands a text on.
func (k *output) Text(name, v []byte) {
	for _, a := range k.rows {
		a.Text(name, v)
	}
}

// Bool hands true or false on.
func (k *output) Bool(name []byte, v bool) {
	for _, a := range k.rows {
		a.Bool(name, v)
	}
}

// Int hands a whole number on.
func (k *output) Int(name []byte, v int64) {
	for _, a := range k.rows {
		a.Int(name, v)
	}
}

// Uint hands an unsigned number on.
func (k *output) Uint(name []byte, v uint64) {
	for _, a := range k.rows {
		a.Uint(name, v)
	}
}

// Float hands a number on.
func (k *output) Float(name []byte, v float64) {
	for _, a := range k.rows {
		a.Float(name, v)
	}
}

// Decimal hands a decimal number on.
func (k *output) Decimal(name, text []byte) {
	for _, a := range k.rows {
		a.Decimal(name, text)
	}
}

// Time hands a point in time on.
func (k *output) Time(name []byte, t result.Time) {
	for _, a := range k.rows {
		a.Time(name, t)
	}
}

// Duration hands a length of time on.
func (k *output) Duration(name []byte, ticks int64) {
	for _, a := range k.rows {
		a.Duration(name, ticks)
	}
}

// Bytes hands binary data on.
func (k *output) Bytes(name, v []byte) {
	for _, a := range k.rows {
		a.Bytes(name, v)
	}
}

// List hands several values on.
func (k *output) List(name []byte, items [][]byte, raw []byte) {
	for _, a := range k.rows {
		a.List(name, items, raw)
	}
}

// Nested hands an object on.
func (k *output) Nested(name, display, raw []byte) {
	for _, a := range k.rows {
		a.Nested(name, display, raw)
	}
}
