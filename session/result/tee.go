package result

// Tee hands each row on to several appenders, in their order. A row is complete
// when all have taken it; the first error counts.
type Tee []Appender

// BeginRow starts a row in each.
func (t Tee) BeginRow() {
	for _, a := range t {
		a.BeginRow()
	}
}

// EndRow completes the row in each.
func (t Tee) EndRow() error {
	for _, a := range t {
		if err := a.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

// Own hands a text of a column of ours on.
func (t Tee) Own(c OwnColumn, v []byte) {
	for _, a := range t {
		a.Own(c, v)
	}
}

// Null hands an empty cell on.
func (t Tee) Null(name []byte) {
	for _, a := range t {
		a.Null(name)
	}
}

// Text hands a text on.
func (t Tee) Text(name, v []byte) {
	for _, a := range t {
		a.Text(name, v)
	}
}

// Bool hands true or false on.
func (t Tee) Bool(name []byte, v bool) {
	for _, a := range t {
		a.Bool(name, v)
	}
}

// Int hands a whole number on.
func (t Tee) Int(name []byte, v int64) {
	for _, a := range t {
		a.Int(name, v)
	}
}

// Uint hands an unsigned number on.
func (t Tee) Uint(name []byte, v uint64) {
	for _, a := range t {
		a.Uint(name, v)
	}
}

// Float hands a number on.
func (t Tee) Float(name []byte, v float64) {
	for _, a := range t {
		a.Float(name, v)
	}
}

// Decimal hands a decimal number on.
func (t Tee) Decimal(name, text []byte) {
	for _, a := range t {
		a.Decimal(name, text)
	}
}

// Time hands a point in time on.
func (t Tee) Time(name []byte, at Time) {
	for _, a := range t {
		a.Time(name, at)
	}
}

// Duration hands a length of time on.
func (t Tee) Duration(name []byte, ticks int64) {
	for _, a := range t {
		a.Duration(name, ticks)
	}
}

// Bytes hands binary data on.
func (t Tee) Bytes(name, v []byte) {
	for _, a := range t {
		a.Bytes(name, v)
	}
}

// List hands several values on.
func (t Tee) List(name []byte, items [][]byte, raw []byte) {
	for _, a := range t {
		a.List(name, items, raw)
	}
}

// Nested hands an object on.
func (t Tee) Nested(name, display, raw []byte) {
	for _, a := range t {
		a.Nested(name, display, raw)
	}
}
