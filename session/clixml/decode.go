package clixml

// Decoder decodes with limits of its own. The zero Decoder has the defaults.
type Decoder struct{ Limits Limits }

// Decode reads one value. A byte order mark, an XML declaration and an
// enclosing Objs element are tolerated; 0 bytes are nil, as PowerShell sends
// a null object. The result borrows nothing from b. Errors are *[SyntaxError]
// and *[LimitError].
func Decode(b []byte) (Value, error) { return Decoder{}.Decode(b) }

// DecodeAll reads all the values that b holds: those inside of an Objs
// element, or bare ones in a row. References reach over all of them.
func DecodeAll(b []byte) ([]Value, error) { return Decoder{}.DecodeAll(b) }

// Decode is [Decode] within the decoder's limits.
func (d Decoder) Decode(b []byte) (Value, error) { return nil, errNotYet }

// DecodeAll is [DecodeAll] within the decoder's limits.
func (d Decoder) DecodeAll(b []byte) ([]Value, error) { return nil, errNotYet }
