package clixml

import (
	"bytes"
	"unicode/utf8"
)

// element is a start tag. Its slices are parts of the input, undecoded.
type element struct {
	tag    tag
	empty  bool // <X/>: no end tag follows
	hasN   bool
	hasRef bool
	nFlags byte
	start  int // offset of '<'
	end    int // offset after '>'
	nStart int // of the N attribute with the white space before it
	nEnd   int
	name   []byte
	n      []byte // value of N
	refID  []byte // value of RefId
}

// token is what next has found.
type token uint8

const (
	tokenEOF token = iota
	tokenOpen
	tokenClose
)

// Classes of bytes, for one look-up per byte of text.
const (
	classAmp byte = 1 << iota
	classUnderscore
	classCR
	classHigh    // 0x80 and up
	classStop    // '<'
	classBracket // ']'
	classMarkup  // set by the scanner: comments or CDATA inside
)

const classNeedsDecoding = classAmp | classUnderscore | classCR | classMarkup

var classes = func() (t [256]byte) {
	t['\r'] = classCR
	t['&'] = classAmp
	t['_'] = classUnderscore
	t['<'] = classStop
	t[']'] = classBracket
	for i := 0x80; i < 0x100; i++ {
		t[i] = classHigh
	}
	return t
}()

// Bytes of XML names: 1 may begin one, 2 may only continue it.
var nameBytes = func() (t [256]byte) {
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = 1, 1
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = 2
	}
	t['_'], t[':'] = 1, 1
	t['-'], t['.'] = 2, 2
	for i := 0x80; i < 0x100; i++ {
		t[i] = 1
	}
	return t
}()

// lexer reads XML tokens from a byte slice. It knows what CLIXML needs:
// elements, attributes, text, comments, CDATA and processing instructions;
// document types are refused. Control characters are taken as they stand and by
// number, though XML has none: PowerShell's reader does not check characters.
type lexer struct {
	b     []byte
	pos   int
	depth int
	count int // elements so far
	lim   Limits
}

func (x *lexer) reset(b []byte, l Limits) error {
	*x = lexer{b: b, lim: l.orDefault()}
	if len(b) > x.lim.Size {
		return &LimitError{Limit: LimitSize, Max: x.lim.Size, Offset: x.lim.Size}
	}
	if len(b) >= 3 && b[0] == 0xEF && b[1] == 0xBB && b[2] == 0xBF {
		x.pos = 3
	}
	return nil
}

func (x *lexer) fail(at int, reason string) error {
	return &SyntaxError{Offset: at, Reason: reason}
}

// enter counts a nested value.
func (x *lexer) enter(at int) error {
	x.depth++
	if x.depth > x.lim.Depth {
		return &LimitError{Limit: LimitDepth, Max: x.lim.Depth, Offset: at}
	}
	return nil
}

func (x *lexer) leave() { x.depth-- }

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// next reads the next tag where only elements may stand. For an end tag it
// fills e.name and e.start.
func (x *lexer) next(e *element) (token, error) {
	b := x.b
	for {
		p := x.pos
		for p < len(b) && isSpace(b[p]) {
			p++
		}
		if p >= len(b) {
			x.pos = p
			return tokenEOF, nil
		}
		if b[p] != '<' {
			return tokenEOF, x.fail(p, "text where an element was expected")
		}
		if p+1 >= len(b) {
			return tokenEOF, x.fail(p, "input ends inside of a tag")
		}
		switch b[p+1] {
		case '/':
			return tokenClose, x.closeTag(e, p)
		case '!', '?':
			x.pos = p
			cdata, err := x.misc()
			if err != nil {
				return tokenEOF, err
			}
			if len(bytes.Trim(cdata, " \t\r\n")) != 0 {
				return tokenEOF, x.fail(p, "text where an element was expected")
			}
		default:
			return tokenOpen, x.openTag(e, p)
		}
	}
}

func (x *lexer) closeTag(e *element, p int) error {
	b := x.b
	q := p + 2
	for q < len(b) && nameBytes[b[q]] != 0 {
		q++
	}
	e.start, e.name = p, b[p+2:q]
	for q < len(b) && isSpace(b[q]) {
		q++
	}
	if q >= len(b) {
		return x.fail(p, "input ends inside of a tag")
	}
	if b[q] != '>' || len(e.name) == 0 {
		return x.fail(p, "malformed end tag")
	}
	x.pos = q + 1
	return nil
}

// tagName begins the element at p with its name, and gives the offset after that.
func (x *lexer) tagName(e *element, p int) (int, error) {
	b, q := x.b, p+1
	if x.count++; x.count > x.lim.Elements && x.lim.Elements > 0 {
		return 0, &LimitError{Limit: LimitElements, Max: x.lim.Elements, Offset: p}
	}
	if nameBytes[b[q]] != 1 {
		return 0, x.fail(p, "malformed start tag")
	}
	var high byte
	for q < len(b) && nameBytes[b[q]] != 0 {
		high |= b[q]
		q++
	}
	*e = element{start: p, name: b[p+1 : q]}
	e.tag = lookupTag(e.name)
	if high >= 0x80 && !utf8.Valid(e.name) {
		return 0, x.fail(p, "not UTF-8")
	}
	return q, nil
}

func (x *lexer) openTag(e *element, p int) error {
	b := x.b
	q, err := x.tagName(e, p)
	if err != nil {
		return err
	}
	for {
		from := q
		for q < len(b) && isSpace(b[q]) {
			q++
		}
		if q >= len(b) {
			return x.fail(p, "input ends inside of a tag")
		}
		switch b[q] {
		case '>':
			e.end, x.pos = q+1, q+1
			return nil
		case '/':
			if q+1 >= len(b) {
				return x.fail(p, "input ends inside of a tag")
			}
			if b[q+1] != '>' {
				return x.fail(q, "malformed start tag")
			}
			e.empty = true
			e.end, x.pos = q+2, q+2
			return nil
		}
		if q, err = x.attribute(e, from, q); err != nil {
			return err
		}
	}
}

// attribute reads name="value" at q, after the white space at from, and gives
// the offset after it.
//
//nolint:gocyclo // one pass over every attribute of every row, in the hot path
func (x *lexer) attribute(e *element, from, q int) (int, error) {
	b := x.b
	at := q
	if q == from || nameBytes[b[q]] != 1 {
		return 0, x.fail(q, "malformed attribute")
	}
	for q < len(b) && nameBytes[b[q]] != 0 {
		q++
	}
	name := b[at:q]
	start := x.quoted(q)
	if start < 0 {
		return 0, x.fail(at, "attribute without a value in quotes")
	}
	quote := b[start-1]
	var flags byte
	for q = start; q < len(b) && b[q] != quote; q++ {
		flags |= classes[b[q]]
	}
	if q >= len(b) {
		return 0, x.fail(at, "input ends inside of an attribute")
	}
	value := b[start:q]
	q++
	if err := x.checkText(value, start, flags); err != nil {
		return 0, err
	}
	if flags&classAmp != 0 {
		if bad := checkEntities(value); bad >= 0 {
			return 0, x.fail(start+bad, "unknown or malformed entity")
		}
	}
	switch string(name) {
	case "N":
		if e.hasN {
			return 0, x.fail(at, "second N attribute")
		}
		e.hasN, e.n, e.nFlags, e.nStart, e.nEnd = true, value, flags, from, q
	case "RefId":
		if e.hasRef {
			return 0, x.fail(at, "second RefId attribute")
		}
		e.hasRef, e.refID = true, value
	default:
		if !utf8.Valid(name) {
			return 0, x.fail(at, "not UTF-8")
		}
		return q, nil
	}
	if len(value) > x.lim.Name {
		return 0, &LimitError{Limit: LimitName, Max: x.lim.Name, Offset: start}
	}
	return q, nil
}

// quoted gives the offset after ="  at q, or -1 if something else is there.
func (x *lexer) quoted(q int) int {
	b := x.b
	if q+1 < len(b) && b[q] == '=' && b[q+1] == '"' {
		return q + 2
	}
	for q < len(b) && isSpace(b[q]) {
		q++
	}
	if q >= len(b) || b[q] != '=' {
		return -1
	}
	q++
	for q < len(b) && isSpace(b[q]) {
		q++
	}
	if q >= len(b) || b[q] != '"' && b[q] != '\'' {
		return -1
	}
	return q + 1
}

func (x *lexer) checkText(t []byte, at int, flags byte) error {
	if flags&(classHigh|classStop) == 0 {
		return nil
	}
	if flags&classStop != 0 {
		return x.fail(at+bytes.IndexByte(t, '<'), "'<' inside of an attribute")
	}
	if flags&classHigh != 0 && !utf8.Valid(t) {
		return x.fail(at, "not UTF-8")
	}
	return nil
}

// misc skips a comment or a processing instruction at pos, or gives the
// content of a CDATA section there.
func (x *lexer) misc() (cdata []byte, err error) {
	b, p := x.b, x.pos
	rest := b[p:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		i := bytes.Index(rest[4:], []byte("--"))
		if i < 0 || 4+i+2 >= len(rest) {
			return nil, x.fail(p, "input ends inside of a comment")
		}
		if rest[4+i+2] != '>' {
			return nil, x.fail(p+4+i, "'--' inside of a comment")
		}
		x.pos = p + 4 + i + 3
		return nil, nil
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		i := bytes.Index(rest[9:], []byte("]]>"))
		if i < 0 {
			return nil, x.fail(p, "input ends inside of a CDATA section")
		}
		cdata = rest[9 : 9+i]
		x.pos = p + 9 + i + 3
		if !utf8.Valid(cdata) {
			return nil, x.fail(p+9, "not UTF-8")
		}
		return cdata, nil
	case rest[1] == '?':
		i := bytes.Index(rest[2:], []byte("?>"))
		if i < 0 {
			return nil, x.fail(p, "input ends inside of a processing instruction")
		}
		if nameBytes[rest[2]] != 1 {
			return nil, x.fail(p, "malformed processing instruction")
		}
		x.pos = p + 2 + i + 2
		return nil, nil
	default:
		return nil, x.fail(p, "document types and other declarations are not allowed")
	}
}
