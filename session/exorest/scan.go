package exorest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// maxToken is the longest piece that has to be in memory at once, in bytes: a
// text, or what is kept raw. maxDepth is how deep values may be nested. maxItems is
// how many values one cell, or one list of messages, may have: the largest group has
// 100,000 members.
const (
	maxToken = 256 << 20
	maxDepth = 256
	maxItems = 1 << 20
)

// JSONError is an answer that cannot be read.
type JSONError struct {
	// At is the place in bytes from the beginning.
	At  int64
	Err error
}

// Error says where and why.
func (e *JSONError) Error() string { return fmt.Sprintf("read JSON at byte %d: %v", e.At, e.Err) }

// Unreadable says that it is no JSON from the beginning on: something else than the
// service answered.
func (e *JSONError) Unreadable() (fromTheBeginning bool) {
	return e.At == 0 && errors.Is(e.Err, errSyntax)
}

// Unwrap gives the reason; io.ErrUnexpectedEOF for an answer that was cut short.
func (e *JSONError) Unwrap() error { return e.Err }

var (
	errSyntax  = errors.New("not JSON")
	errTooDeep = errors.New("nested too deep")
	errTooLong = errors.New("a value is too long")
)

// scanner takes JSON (RFC 8259) from a stream, token by token. What it gives is
// borrowed until the next call, but for a member's name, which is good until the
// next name.
type scanner struct {
	in       io.Reader
	buf      []byte
	pos, end int
	before   int64 // bytes of the stream before buf
	keep     int   // where the raw piece begins that is wanted; -1 for none
	depth    int
	held     int // values of the cell or list that is read, as hold counts
	mostHeld int // maxItems, but for tests
	name     []byte
	text     []byte
}

func newScanner(in io.Reader) *scanner {
	return &scanner{in: in, buf: make([]byte, 64<<10), keep: -1, mostHeld: maxItems}
}

func (s *scanner) fail(err error) error {
	if _, is := errors.AsType[*JSONError](err); is {
		return err
	}
	return &JSONError{At: s.before + int64(s.pos), Err: err}
}

// fill reads on. What begins at from stays; moved is by how much it went towards
// the front. The end of the stream is io.ErrUnexpectedEOF.
func (s *scanner) fill(from int) (moved int, err error) {
	if s.keep >= 0 {
		from = min(from, s.keep)
	}
	if s.end == len(s.buf) {
		switch {
		case from > 0:
			copy(s.buf, s.buf[from:s.end])
			moved = from
		case len(s.buf) >= maxToken:
			return 0, s.fail(errTooLong)
		default:
			grown := make([]byte, 2*len(s.buf))
			copy(grown, s.buf[:s.end])
			s.buf = grown
		}
		s.pos, s.end, s.before = s.pos-moved, s.end-moved, s.before+int64(moved)
		if s.keep >= 0 {
			s.keep -= moved
		}
	}
	for range 100 {
		n, readErr := s.in.Read(s.buf[s.end:])
		s.end += n
		switch {
		case n > 0:
			return moved, nil
		case errors.Is(readErr, io.EOF):
			return moved, s.fail(io.ErrUnexpectedEOF)
		case readErr != nil:
			return moved, s.fail(readErr)
		}
	}
	return moved, s.fail(io.ErrNoProgress)
}

// peek gives the first byte of the next token.
func (s *scanner) peek() (byte, error) {
	for {
		for s.pos < s.end {
			switch c := s.buf[s.pos]; c {
			case ' ', '\t', '\n', '\r':
				s.pos++
			default:
				return c, nil
			}
		}
		if _, err := s.fill(s.pos); err != nil {
			return 0, err
		}
	}
}

// ended says that nothing but white space follows.
func (s *scanner) ended() error {
	switch _, err := s.peek(); {
	case err == nil:
		return s.fail(errSyntax)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil
	default:
		return err
	}
}

// expect takes one byte of punctuation.
func (s *scanner) expect(want byte) error {
	c, err := s.peek()
	if err != nil {
		return err
	}
	if c != want {
		return s.fail(errSyntax)
	}
	s.pos++
	return nil
}

// enter goes into an object or array.
func (s *scanner) enter(open byte) error {
	if s.depth++; s.depth > maxDepth {
		return s.fail(errTooDeep)
	}
	return s.expect(open)
}

// next goes to the next part of what was entered; false at its end.
func (s *scanner) next(first bool, closing byte) (bool, error) {
	c, err := s.peek()
	switch {
	case err != nil:
		return false, err
	case c == closing:
		s.pos++
		s.depth--
		return false, nil
	case first:
		return true, nil
	case c != ',':
		return false, s.fail(errSyntax)
	}
	s.pos++
	return true, nil
}

// member goes to the next member of an object and gives its name; false at the
// object's end.
func (s *scanner) member(first bool) (name []byte, more bool, err error) {
	if more, err = s.next(first, '}'); err != nil || !more {
		return nil, false, err
	}
	c, err := s.peek()
	if err == nil && c != '"' {
		err = s.fail(errSyntax)
	}
	if err != nil {
		return nil, false, err
	}
	text, err := s.string()
	if err != nil {
		return nil, false, err
	}
	s.name = append(s.name[:0], text...)
	return s.name, true, s.expect(':')
}

// Classes of the bytes of a text.
const (
	isHigh = 1 // of a character beyond ASCII
	isStop = 2 // ends the text, or needs a look
)

// byteClasses has the class of each byte of a text.
type byteClasses [256]uint8

func newByteClasses() *byteClasses {
	var t byteClasses
	for c := range t {
		switch {
		case c < 0x20, c == '"', c == '\\':
			t[c] = isStop
		case c >= 0x80:
			t[c] = isHigh
		}
	}
	return &t
}

var classes = newByteClasses()

// string takes a text, without its quotes and escapes. Surrogates that stand
// alone are WTF-8; bytes that are no UTF-8 become U+FFFD.
func (s *scanner) string() ([]byte, error) {
	s.pos++
	class := classes
	high := uint8(0)
	i := s.pos
	for {
		buf := s.buf[:s.end]
		for i < len(buf) {
			c := class[buf[i]]
			if c == isStop {
				break
			}
			high |= c
			i++
		}
		if i < len(buf) {
			break
		}
		moved, err := s.fill(s.pos)
		if err != nil {
			return nil, err
		}
		i -= moved
	}
	if s.buf[i] != '"' {
		return s.escaped(i)
	}
	text := s.buf[s.pos:i:i]
	s.pos = i + 1
	if high != 0 && !utf8.Valid(text) {
		text = s.valid(text)
	}
	return text, nil
}

// escaped goes on with a text at the first byte that is not as it stands.
func (s *scanner) escaped(at int) ([]byte, error) {
	s.text = s.text[:0]
	for {
		s.text = append(s.text, s.buf[s.pos:at]...)
		s.pos = at
		c := s.buf[at]
		switch {
		case c == '"':
			s.pos++
			if !validWTF8(s.text) {
				s.text = s.valid(s.text)
			}
			return s.text, nil
		case c != '\\':
			return nil, s.fail(errSyntax) // a control character
		}
		if err := s.escape(); err != nil {
			return nil, err
		}
		for at = s.pos; ; at++ {
			if at == s.end {
				moved, err := s.fill(s.pos)
				if err != nil {
					return nil, err
				}
				at -= moved
			}
			if classes[s.buf[at]] == isStop {
				break
			}
		}
		if len(s.text) > maxToken {
			return nil, s.fail(errTooLong)
		}
	}
}

// need makes n bytes be there from pos on.
func (s *scanner) need(n int) error {
	for s.end-s.pos < n {
		if _, err := s.fill(s.pos); err != nil {
			return err
		}
	}
	return nil
}

// escape takes one escape.
func (s *scanner) escape() error {
	if err := s.need(2); err != nil {
		return err
	}
	c := s.buf[s.pos+1]
	if c == 'u' {
		return s.unicode()
	}
	at := bytes.IndexByte([]byte(`"\/bfnrt`), c)
	if at < 0 {
		return s.fail(errSyntax)
	}
	s.text = append(s.text, "\"\\/\b\f\n\r\t"[at])
	s.pos += 2
	return nil
}

// unicode takes \uXXXX, or the two of a pair.
func (s *scanner) unicode() error {
	r, err := s.hex()
	if err != nil {
		return err
	}
	s.pos += 6
	if !utf16.IsSurrogate(r) {
		s.text = utf8.AppendRune(s.text, r)
		return nil
	}
	if s.need(2) == nil && s.buf[s.pos] == '\\' && s.buf[s.pos+1] == 'u' {
		low, err := s.hex()
		if err != nil {
			return err
		}
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			s.pos += 6
			s.text = utf8.AppendRune(s.text, pair)
			return nil
		}
	}
	s.text = append(s.text, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0xBF, 0x80|byte(r)&0xBF)
	return nil
}

// hex reads the four digits of the escape at pos.
func (s *scanner) hex() (rune, error) {
	if err := s.need(6); err != nil {
		return 0, err
	}
	var r rune
	for _, c := range s.buf[s.pos+2 : s.pos+6] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, s.fail(errSyntax)
		}
		r = r<<4 | rune(c)
	}
	return r, nil
}

// validWTF8 says that a text is UTF-8 but for surrogates.
func validWTF8(text []byte) bool {
	for len(text) > 0 {
		if text[0] < utf8.RuneSelf {
			text = text[1:]
			continue
		}
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 {
			if len(text) < 3 || text[0] != 0xED || text[1]&0xE0 != 0xA0 || text[2]&0xC0 != 0x80 {
				return false
			}
			n = 3
		}
		text = text[n:]
	}
	return true
}

// valid gives the text with U+FFFD for each byte that is none of UTF-8.
func (s *scanner) valid(text []byte) []byte {
	out := make([]byte, 0, len(text)+16)
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 && len(text) >= 3 && text[0] == 0xED && text[1]&0xE0 == 0xA0 && text[2]&0xC0 == 0x80 {
			out, text = append(out, text[:3]...), text[3:]
			continue
		}
		out, text = utf8.AppendRune(out, r), text[n:]
	}
	return out
}

// number takes a number as its text.
func (s *scanner) number() ([]byte, error) {
	i := s.pos
	for {
		for i < s.end && isNumberByte(s.buf[i]) {
			i++
		}
		if i < s.end {
			break
		}
		moved, err := s.fill(s.pos)
		i -= moved
		if errors.Is(err, io.ErrUnexpectedEOF) {
			break // it may be all that there is
		}
		if err != nil {
			return nil, err
		}
	}
	text := s.buf[s.pos:i:i]
	if !isNumber(text) {
		return nil, s.fail(errSyntax)
	}
	s.pos = i
	return text, nil
}

func isNumberByte(c byte) bool {
	return '0' <= c && c <= '9' || c == '-' || c == '+' || c == '.' || c|0x20 == 'e'
}

// isNumber says that a text is a number by RFC 8259, section 6.
func isNumber(t []byte) bool {
	t = bytes.TrimPrefix(t, []byte("-"))
	whole := leadingDigits(t)
	if whole == 0 || whole > 1 && t[0] == '0' {
		return false
	}
	t = t[whole:]
	if len(t) > 0 && t[0] == '.' {
		n := leadingDigits(t[1:])
		if n == 0 {
			return false
		}
		t = t[1+n:]
	}
	return len(t) == 0 || isExponent(t)
}

func isExponent(t []byte) bool {
	if t[0]|0x20 != 'e' {
		return false
	}
	if t = t[1:]; len(t) > 0 && (t[0] == '+' || t[0] == '-') {
		t = t[1:]
	}
	return len(t) > 0 && leadingDigits(t) == len(t)
}

func leadingDigits(t []byte) int {
	n := 0
	for n < len(t) && '0' <= t[n] && t[n] <= '9' {
		n++
	}
	return n
}

// word takes true, false or null.
func (s *scanner) word(want string) error {
	if err := s.need(len(want)); err != nil {
		return err
	}
	if string(s.buf[s.pos:s.pos+len(want)]) != want {
		return s.fail(errSyntax)
	}
	s.pos += len(want)
	return nil
}

// bool takes true or false, whichever begins with c.
func (s *scanner) bool(c byte) (bool, error) {
	if c == 't' {
		return true, s.word("true")
	}
	return false, s.word("false")
}

// skip takes a value and gives nothing of it.
func (s *scanner) skip() error {
	c, err := s.peek()
	if err != nil {
		return err
	}
	switch c {
	case '"':
		_, err = s.string()
	case '{':
		return s.skipObject()
	case '[':
		return s.skipArray()
	case 't', 'f':
		_, err = s.bool(c)
	case 'n':
		err = s.word("null")
	default:
		_, err = s.number()
	}
	return err
}

func (s *scanner) skipObject() error {
	if err := s.enter('{'); err != nil {
		return err
	}
	for first := true; ; first = false {
		_, more, err := s.member(first)
		if err != nil || !more {
			return err
		}
		if err := s.skip(); err != nil {
			return err
		}
	}
}

func (s *scanner) skipArray() error {
	if err := s.enter('['); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := s.next(first, ']')
		if err != nil || !more {
			return err
		}
		if err := s.skip(); err != nil {
			return err
		}
	}
}

// hold counts a value that has to be in memory beside others of its cell or list.
func (s *scanner) hold() error {
	if s.held++; s.held > s.mostHeld {
		return s.fail(errTooLong)
	}
	return nil
}

// raw takes a value as it stands.
func (s *scanner) raw() ([]byte, error) {
	if _, err := s.peek(); err != nil {
		return nil, err
	}
	s.keep = s.pos
	err := s.skip()
	from := s.keep
	s.keep = -1
	if err != nil {
		return nil, err
	}
	return s.buf[from:s.pos:s.pos], nil
}
