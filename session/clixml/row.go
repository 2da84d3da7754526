package clixml

// Kind is what a [Cell] holds.
type Kind uint8

// The kinds of cells, and which fields of [Cell] they fill beside Name and
// Text.
const (
	KindNull         Kind = iota // Nil; Text is empty
	KindText                     // S
	KindChar                     // C; Int is the code unit
	KindBool                     // B; Int is 0 or 1
	KindInt                      // SB, I16, I32, I64; Int
	KindUint                     // By, U16, U32, U64; Uint, and Int where it fits
	KindFloat                    // Sg, Db; Float
	KindDecimal                  // D
	KindDateTime                 // DT; DateTime
	KindDuration                 // TS; Int in units of 100 ns
	KindBytes                    // BA; Raw is the decoded bytes, Text the base64
	KindGUID                     // G
	KindURI                      // URI
	KindVersion                  // Version
	KindXML                      // XD
	KindScriptBlock              // SBK
	KindSecureString             // SS; Text is the ciphertext
	KindEnum                     // an enum object; Int, Uint its number, Text its name, Raw
	KindList                     // LST, STK, QUE, IE; Items, Raw
	KindDictionary               // DCT; Raw
	KindObject                   // any other object; Raw
	KindUnknown                  // an element that nobody knows; Raw
)

// Cell is one property of a row. All slices belong to the [RowScanner] and
// its payload and are valid until its next Scan.
type Cell struct {
	Name     []byte // decoded as strings are
	Kind     Kind
	Text     []byte // decoded text; of nested values what PowerShell would display
	Int      int64
	Uint     uint64
	Float    float64
	DateTime DateTime
	Items    [][]byte // display text of a list's items
	Raw      []byte   // self-contained CLIXML of a nested value
}

// RowScanner turns one output object into cells, without a tree and without
// memory of its own for each token. It is reusable; one goroutine at a time.
// The zero RowScanner has default limits.
type RowScanner struct {
	Limits Limits

	cells    []Cell
	typeName []byte
	toString []byte
}

// Scan reads one PIPELINE_OUTPUT payload ([MS-PSRP] 2.2.2.19). 0 bytes are
// a null. The scanner borrows payload until the next Scan.
func (s *RowScanner) Scan(payload []byte) error { return errNotYet }

// Cells gives the row's cells in the server's order, those of Props before
// those of MS. A bare primitive is one cell named "Value". Valid until the
// next Scan.
func (s *RowScanner) Cells() []Cell { return s.cells }

// TypeName gives the first type name, empty when there is none.
func (s *RowScanner) TypeName() []byte { return s.typeName }

// ToString gives the object's own text, nil when it has none.
func (s *RowScanner) ToString() []byte { return s.toString }

// ScanRows calls fn for each row of a document: the items of a list, or the
// values inside of Objs. fn's error ends it and is returned as it is.
func ScanRows(b []byte, fn func(*RowScanner) error) error { return errNotYet }
