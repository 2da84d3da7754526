package clixml

import "slices"

// Kind is what a [Cell] holds.
type Kind uint8

// The kinds of cells, and which fields of [Cell] they fill beside Name and
// Text. Raw is filled as well for every value that came as an Obj.
const (
	KindNull         Kind = iota // Nil; Text is empty
	KindText                     // S
	KindChar                     // C; Int is the code unit, Text the character (WTF-8)
	KindBool                     // B; Int is 0 or 1
	KindInt                      // SB, I16, I32, I64; Int
	KindUint                     // By, U16, U32, U64; Uint, and Int where it fits
	KindFloat                    // Sg, Db; Float
	KindDecimal                  // D; Text has all digits
	KindDateTime                 // DT; DateTime
	KindDuration                 // TS; Int in units of 100 ns
	KindBytes                    // BA; Bytes, Text is the base64
	KindGUID                     // G
	KindURI                      // URI
	KindVersion                  // Version
	KindXML                      // XD
	KindScriptBlock              // SBK
	KindSecureString             // SS; Text is the ciphertext
	KindEnum                     // an enum object; Int, Uint its number, Text its name; Raw
	KindList                     // LST, STK, QUE, IE; Items, Raw
	KindDictionary               // DCT; Raw
	KindObject                   // any other object, and PR; Raw
	KindUnknown                  // an element that nobody knows; Text and Raw are its XML
	KindUndecoded                // a primitive that is not what its element demands; Text as it came
)

// Cell is one property of a row. All slices belong to the [RowScanner] and
// its payload and are valid until its next Scan. They must not be written to.
//
// Text of a primitive is its decoded text as it was on the wire ("true",
// "P14D", "INF"); of a nested value what [Display] gives. A primitive that came
// as an Obj with a ToString has that for its Text, but for a decimal, whose Text
// is its value.
type Cell struct {
	Name     []byte // decoded as strings are
	Kind     Kind
	Text     []byte
	Int      int64
	Uint     uint64
	Float    float64
	DateTime DateTime
	Bytes    []byte   // decoded BA
	Items    [][]byte // display text of each item of a list
	Raw      []byte   // CLIXML of a nested value that [Decode] reads on its own
}

// RowScanner turns output objects into cells, without a tree and without memory of its own
// for each token. It is reusable; one goroutine at a time. The zero RowScanner has default
// limits. It has a method for each rule of the format, as the lexer that it embeds has for
// each token, and a field for each piece of memory that is used again from row to row:
// that is why it is fast.
type RowScanner struct {
	Limits Limits
	// Lenient takes values that are not what their element demands (a DT that is no date)
	// as the text that they are, of KindUndecoded where they are cells of their own, and
	// counts them; else the first one is the error of its row.
	Lenient bool

	x       lexer
	objects refTable[int] // offset of the Obj
	types   refTable[typeNames]

	cells    []Cell
	value    []byte // "Value"
	typeName []byte
	toString []byte

	arena     []byte // decoded texts of this row
	typeArena []byte // decoded type names, for as long as the table of types
	raws      []byte // Raw values that are not plain parts of the payload
	items     [][]byte

	// The cell that is being read: where it begins, a number of its own, and
	// what must change in its text so that it stands alone.
	cellStart  int
	serial     uint32
	patches    []patch
	refOutside bool
	late       bool // its text must be made from a tree
	expansions []expansion

	isNull    bool  // the row is a null
	undecoded int   // values of this row that were taken as texts
	firstBad  error // what was wrong with the first of them

	document bool // reading rows of one document: ids reach over them
	wraps    int  // objects directly inside of each other that are being read
	again    int  // above 0 while reading something for a second time
	work     int  // bytes read again or written for references
	rootAt   int  // offset of the list that holds the rows, -1 for none
	rootName []byte
}

// typeNames is a TN that was read.
type typeNames struct {
	start, end int
	first      []byte
	facts      typeFacts
	serial     uint32 // the last cell that holds a copy
}

// patch replaces a TNRef by the type names that it means.
type patch struct{ at, end, from, to int }

// Scan reads one PIPELINE_OUTPUT payload ([MS-PSRP] 2.2.2.19). 0 bytes are
// a null. The scanner borrows payload until the next Scan. Errors are those of
// [Decode], and occur for the same payloads.
func (s *RowScanner) Scan(payload []byte) error {
	s.start()
	n := 0
	err := s.x.each(payload, s.Limits, func(e *element) error {
		if n++; n > 1 {
			return s.x.fail(e.start, "second value where one was expected")
		}
		return s.row(e)
	})
	if err == nil && n == 0 {
		if len(payload) > 0 && !s.x.bare() {
			err = s.x.fail(len(payload), "no value")
		}
		s.isNull = true
		s.add(s.value)
	}
	if err != nil {
		s.cells = s.cells[:0]
	}
	return err
}

// Null says that the row is no object and no value but a null.
func (s *RowScanner) Null() bool { return s.isNull }

// Undecoded says how many values of the row a Lenient scanner has taken as texts, and
// what was wrong with the first, a [*SyntaxError].
func (s *RowScanner) Undecoded() (n int, first error) { return s.undecoded, s.firstBad }

// misread notes a value that is not what its element demands. The error is nil when
// that is to be borne.
func (s *RowScanner) misread(at int, e *element, reason string) error {
	err := s.x.fail(at, string(e.name)+": "+reason)
	if !s.Lenient {
		return err
	}
	if s.again == 0 { // a value that is read again was counted before
		s.undecoded++
		if s.firstBad == nil {
			s.firstBad = err
		}
	}
	return nil
}

// Cells gives the row's cells in the server's order, those of Props before
// those of MS. A name that is in both occurs twice; the second one, from MS, is
// what PowerShell shows. A dictionary's entries are cells named by their keys'
// display texts. A bare primitive is one cell named "Value", and so is what an
// object wraps: a list, an empty dictionary, the number of an enum, a primitive
// with properties of its own (which follow it). Valid until the next Scan.
func (s *RowScanner) Cells() []Cell { return s.cells }

// TypeName gives the first type name, empty when there is none. Valid until
// the next Scan.
func (s *RowScanner) TypeName() []byte { return s.typeName }

// ToString gives the object's own text, nil when it has none. Valid until the
// next Scan.
func (s *RowScanner) ToString() []byte { return s.toString }

// ScanRows calls fn for each row of a document: the items of a list, or the values
// inside of Objs, with the scanner's limits and memory. fn's error ends it and is
// returned as it is. The scanner that fn gets is the same each time. What travels has one
// value a message ([RowScanner.Scan]); documents are what was recorded from real servers,
// by which the tests of this and other rooms hold the scanner against the truth.
func (s *RowScanner) ScanRows(b []byte, fn func(*RowScanner) error) error {
	s.start()
	s.document = true
	return s.x.each(b, s.Limits, func(e *element) error {
		s.rootAt = -1
		if e.tag == tagObj {
			list, err := s.listOfRows(e, fn)
			if list || err != nil {
				return err
			}
		}
		s.begin()
		if err := s.row(e); err != nil {
			return err
		}
		return fn(s)
	})
}

// listOfRows reads e's items as rows if e is a list. If not, it goes back to
// the end of e's start tag.
func (s *RowScanner) listOfRows(e *element, fn func(*RowScanner) error) (list bool, err error) {
	x := &s.x
	depth := x.depth
	if err := x.enter(e.start); err != nil {
		return false, err
	}
	var o nested
	var c element
	for !e.empty {
		ok, err := x.child(e, &c)
		if err != nil {
			return false, err
		}
		if !ok {
			break
		}
		k := c.tag.container()
		isList := k != None && k != Dictionary && o.kind == None
		switch {
		case isList:
			o.kind, list = k, true
			s.rootAt, s.rootName = e.start, o.typeName
			if e.hasRef {
				s.objects.set(e.refID, e.start)
			}
			err = s.rows(&c, fn)
		case list || c.tag == tagTN || c.tag == tagTNRef || c.tag == tagToString:
			s.cellStart = e.start
			err = s.part(&o, &c, 0, false)
		default:
			x.pos, x.depth = e.end, depth
			return false, nil
		}
		if err != nil {
			return list, err
		}
	}
	if !list {
		x.pos = e.end
	}
	x.depth = depth
	return list, nil
}

func (s *RowScanner) rows(list *element, fn func(*RowScanner) error) error {
	var c element
	for !list.empty {
		ok, err := s.x.child(list, &c)
		if err != nil || !ok {
			return err
		}
		s.begin()
		if err := s.row(&c); err != nil {
			return err
		}
		if err := fn(s); err != nil {
			return err
		}
	}
	return nil
}

// start forgets everything but memory and limits.
func (s *RowScanner) start() {
	if s.value == nil {
		s.value = []byte("Value")
	}
	s.objects.clear()
	s.types.clear()
	s.typeArena = s.typeArena[:0]
	s.document, s.wraps, s.again, s.work, s.rootAt, s.rootName = false, 0, 0, 0, -1, nil
	s.begin()
}

// begin forgets the row before.
func (s *RowScanner) begin() {
	s.cells, s.items, s.expansions = s.cells[:0], s.items[:0], s.expansions[:0]
	s.arena, s.raws = s.arena[:0], s.raws[:0]
	s.typeName, s.toString = nil, nil
	s.isNull, s.undecoded, s.firstBad = false, 0, nil
	s.x.count = 0
}

func (s *RowScanner) add(name []byte) *Cell {
	s.cells = append(s.cells, Cell{Name: name})
	return &s.cells[len(s.cells)-1]
}

// row reads the value e as a row.
func (s *RowScanner) row(e *element) error {
	var err error
	switch e.tag {
	case tagObj:
		err = s.objectRow(e)
	case tagRef:
		err = s.refRow(e)
	default:
		s.isNull = e.tag == tagNil
		err = s.cell(e, s.value)
	}
	if err != nil {
		return err
	}
	return s.expand()
}

// refRow reads again the row that a list holds twice.
func (s *RowScanner) refRow(e *element) error {
	at, err := s.target(e)
	if err != nil {
		return err
	}
	if at == s.rootAt {
		s.expandLater(len(s.cells), e.start)
		c := s.add(s.value)
		c.Kind, c.Text = KindObject, s.rootName
		return nil
	}
	return s.readAgain(at, func(o *element) error { return s.objectRow(o) })
}

// objectRow reads the properties of e as cells. The value that e wraps, and an
// e without any properties, gets a cell named Value in front of them; of an
// object that e wraps the cells come first. The entries of a dictionary are cells
// named by their keys.
func (s *RowScanner) objectRow(e *element) error {
	x := &s.x
	if err := x.enter(e.start); err != nil {
		return err
	}
	s.define(e)
	first := len(s.cells)
	var o nested
	dictionary, err := s.rowParts(e, &o, first)
	if err != nil {
		return err
	}
	x.leave()
	if o.typed {
		s.typeName = o.typeName
	}
	if o.hasToString {
		s.toString = present(o.toString)
	}
	if o.kind == Dictionary && !o.hasBase {
		some, err := s.dictionaryRow(dictionary, first)
		if some || err != nil {
			return err
		}
	}
	if o.kind != None || o.hasBase && !o.wraps() || len(s.cells) == first {
		return s.wholeCell(e, first)
	}
	return nil
}

// rowParts reads the children of a row, and says where its DCT begins, if it has one.
func (s *RowScanner) rowParts(e *element, o *nested, first int) (dictionary int, err error) {
	var c element
	for !e.empty {
		ok, err := s.x.child(e, &c)
		if err != nil || !ok {
			return dictionary, err
		}
		switch {
		case c.tag == tagProps || c.tag == tagMS:
			err = s.propertyCells(&c)
		case c.tag == tagObj || c.tag == tagRef:
			err = s.wrappedRow(o, &c, first)
		default:
			if c.tag == tagDCT {
				dictionary = c.start
			}
			s.cellStart = e.start
			err = s.part(o, &c, 0, false)
		}
		if err != nil {
			return 0, err
		}
	}
	return dictionary, nil
}

// present makes an empty text of one that is not there: ToString gives nil for
// a row without any.
func present(text []byte) []byte {
	if text == nil {
		return []byte{}
	}
	return text
}

// wrappedRow reads the object c inside of another one as the row, and puts its
// cells in front of the other's.
func (s *RowScanner) wrappedRow(o *nested, c *element, first int) error {
	if o.hasBase {
		return s.x.fail(c.start, secondValue)
	}
	o.hasBase, o.base = true, c.tag
	before := len(s.cells)
	s.wraps++
	var err error
	switch {
	case s.wraps >= maxWraps:
		err = s.cell(c, s.value)
	case c.tag == tagRef:
		err = s.refRow(c)
	default:
		err = s.objectRow(c)
	}
	s.wraps--
	if err != nil || before == first {
		return err
	}
	s.toFront(first, before) // properties came before the value, which no PowerShell writes
	return nil
}

// toFront puts the cells from before on in front of those from first on.
func (s *RowScanner) toFront(first, before int) {
	rotated := append(slices.Clone(s.cells[before:]), s.cells[first:before]...)
	for i := range s.expansions {
		switch at := &s.expansions[i].cell; {
		case *at >= before:
			*at -= before - first
		case *at >= first:
			*at += len(s.cells) - before
		}
	}
	copy(s.cells[first:], rotated)
}

// dictionaryRow puts the entries of the DCT at an offset as cells in front of those
// from first on, and says whether there are any.
func (s *RowScanner) dictionaryRow(at, first int) (some bool, err error) {
	before, spent := len(s.cells), s.work
	if err := s.readAgain(at, s.entryCells); err != nil {
		return false, err
	}
	s.work = spent // reading a row's own value is not what references cost
	s.toFront(first, before)
	return len(s.cells) > before, nil
}

// wholeCell puts a cell for the object itself in front of its properties, which
// begin at first.
func (s *RowScanner) wholeCell(e *element, first int) error {
	end := s.x.pos
	s.late = false
	var whole Cell
	err := s.readAgain(e.start, func(e *element) error {
		var o nested
		if err := s.object(e, 0, true, &o); err != nil {
			return err
		}
		whole = Cell{Name: s.value, Raw: s.x.b[e.start:end]}
		s.fillNested(&whole, &o)
		return nil
	})
	if err != nil {
		return err
	}
	s.work -= end - e.start // reading a row's own value is not what references cost
	s.cells = slices.Insert(s.cells, first, whole)
	for i := range s.expansions {
		if s.expansions[i].cell >= first {
			s.expansions[i].cell++
		}
	}
	if s.document || s.again > 0 || s.late || s.x.depth > 0 {
		s.expandLater(first, e.start)
	}
	return nil
}

// entryCells reads the entries of a dictionary as cells.
func (s *RowScanner) entryCells(e *element) error {
	var en, c element
	for !e.empty {
		ok, err := s.x.child(e, &en)
		if err != nil || !ok {
			return err
		}
		if en.tag != tagEn {
			return s.x.fail(en.start, "element other than En in DCT")
		}
		if err := s.x.entryPart(&en, &c, 0); err != nil {
			return err
		}
		s.cellStart = c.start
		name, err := s.display(&c, 0, true)
		if err != nil {
			return err
		}
		if err := s.x.entryPart(&en, &c, 1); err != nil {
			return err
		}
		if err := s.cell(&c, name); err != nil {
			return err
		}
		if err := s.x.closing(&en); err != nil {
			return err
		}
	}
	return nil
}

func (s *RowScanner) propertyCells(e *element) error {
	var c element
	for !e.empty {
		ok, err := s.x.child(e, &c)
		if err != nil || !ok {
			return err
		}
		if !c.hasN {
			return s.x.fail(c.start, "property without a name")
		}
		name, err := s.x.decodeName(&c, &s.arena)
		if err != nil {
			return err
		}
		if err := s.cell(&c, name); err != nil {
			return err
		}
	}
	return nil
}
