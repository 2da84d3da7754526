package wsman

import (
	"bytes"

	"github.com/masterzen/winrm/soap"
)

// span is a stretch of an envelope.
type span struct{ from, to int }

// receiveScan is what the scanner found in a ReceiveResponse. The base64 is
// not decoded yet, so that the bytes may still go to the slow parser.
type receiveScan struct {
	streams  []span
	state    []byte // value of CommandState's State, nil if there is none
	exitCode []byte // text of ExitCode
}

// scanReceive reads the plain form of a ReceiveResponse, the one that servers
// send, without building anything. It says false to everything else, both to
// what is allowed but unusual (comments, entities, prefixes declared on the
// way, a stream that is not stdout, characters beyond ASCII) and to what is
// broken: then the slow parser decides. So what it accepts must mean the same
// to encoding/xml; the fuzz test holds it to that.
func scanReceive(b []byte, r *receiveScan) bool {
	r.streams, r.state, r.exitCode = r.streams[:0], nil, nil
	s := scanner{b: b}
	env, ok := s.root()
	if !ok {
		return false
	}
	body, ok := s.intoBody(env)
	if !ok {
		return false
	}
	t, ok := s.tag()
	if !ok || t.kind == tagClose || !t.is(env.shell, "ReceiveResponse") || t.declares() {
		return false
	}
	if t.kind == tagOpen && !s.response(env, t.name, r) {
		return false
	}
	return s.closes(body) && s.closes(env.name) && s.atEnd()
}

// intoBody goes over the header, if there is one, and into the body, whose name
// it returns.
func (s *scanner) intoBody(env rootTag) ([]byte, bool) {
	t, ok := s.tag()
	if ok && t.kind == tagOpen && t.is(env.soap, "Header") {
		if !s.skip(t.name) {
			return nil, false
		}
		t, ok = s.tag()
	}
	if !ok || t.kind != tagOpen || !t.is(env.soap, "Body") || t.declares() {
		return nil, false
	}
	return t.name, true
}

// rootTag is what the outermost tag says.
type rootTag struct{ name, soap, shell []byte }

func (s *scanner) root() (rootTag, bool) {
	if !s.prolog() {
		return rootTag{}, false
	}
	t, ok := s.tag()
	if !ok || t.kind != tagOpen {
		return rootTag{}, false
	}
	env := rootTag{name: t.name, soap: t.prefixOf(soap.NS_SOAP_ENV), shell: t.prefixOf(soap.NS_WIN_SHELL)}
	return env, env.soap != nil && env.shell != nil && t.is(env.soap, "Envelope")
}

// response reads the children of ReceiveResponse.
func (s *scanner) response(env rootTag, name []byte, r *receiveScan) bool {
	for {
		t, ok := s.tag()
		switch {
		case !ok:
			return false
		case t.kind == tagClose:
			return bytes.Equal(t.name, name)
		case t.declares():
			return false
		case t.is(env.shell, "Stream"):
			if !s.stream(t, r) {
				return false
			}
		case t.is(env.shell, "CommandState") && r.state == nil:
			if !s.commandState(env, t, r) {
				return false
			}
		default:
			return false
		}
	}
}

func (s *scanner) stream(t tag, r *receiveScan) bool {
	if string(t.attr("Name")) != "stdout" {
		return false
	}
	if t.kind == tagEmpty {
		return true
	}
	n := bytes.IndexByte(s.b[s.pos:], '<')
	if n < 0 {
		return false
	}
	text := s.b[s.pos : s.pos+n]
	// The decoder knows line ends only, and entities not at all.
	if bytes.IndexByte(text, ' ') >= 0 || bytes.IndexByte(text, '\t') >= 0 || bytes.IndexByte(text, '&') >= 0 {
		return false
	}
	r.streams = append(r.streams, span{s.pos, s.pos + n})
	s.pos += n
	return s.closes(t.name)
}

func (s *scanner) commandState(env rootTag, t tag, r *receiveScan) bool {
	r.state = t.attr("State")
	if r.state == nil {
		return false
	}
	if t.kind == tagEmpty {
		return true
	}
	name := t.name
	t, ok := s.tag()
	if ok && t.kind == tagOpen && t.is(env.shell, "ExitCode") && !t.declares() {
		from := s.pos
		if !s.text() {
			return false
		}
		r.exitCode = bytes.TrimSpace(s.b[from:s.pos])
		if !s.closes(t.name) {
			return false
		}
		t, ok = s.tag()
	}
	return ok && t.kind == tagClose && bytes.Equal(t.name, name)
}

type tagKind uint8

const (
	tagOpen tagKind = iota
	tagClose
	tagEmpty
)

type tag struct {
	kind  tagKind
	name  []byte // with its prefix
	attrs []byte // as they are written, checked for form
}

// is compares prefix and local name.
func (t tag) is(prefix []byte, local string) bool {
	n := len(prefix)
	return len(t.name) == n+1+len(local) && t.name[n] == ':' &&
		string(t.name[n+1:]) == local && bytes.Equal(t.name[:n], prefix)
}

// declares says whether the tag changes the meaning of prefixes.
func (t tag) declares() bool { return bytes.Contains(t.attrs, []byte("xmlns")) }

// each calls fn with the attributes until it says false.
func (t tag) each(fn func(name, value []byte) bool) {
	for b := t.attrs; len(b) > 0; {
		eq := bytes.IndexByte(b, '=')
		end := eq + 2 + bytes.IndexByte(b[eq+2:], b[eq+1])
		if !fn(bytes.TrimLeft(b[:eq], " \t\r\n"), b[eq+2:end]) {
			return
		}
		b = b[end+1:]
	}
}

func (t tag) attr(name string) (v []byte) {
	t.each(func(n, value []byte) bool {
		if string(n) == name {
			v = value
		}
		return v == nil
	})
	return v
}

// prefixOf is the prefix that the tag declares for a namespace; nil if it
// declares none, or one prefix twice.
func (t tag) prefixOf(uri string) (prefix []byte) {
	t.each(func(n, value []byte) bool {
		if rest, ok := bytes.CutPrefix(n, []byte("xmlns:")); ok && string(value) == uri && prefix == nil {
			prefix = rest
		}
		return true
	})
	if prefix == nil {
		return nil
	}
	count := 0
	t.each(func(n, _ []byte) bool {
		if rest, ok := bytes.CutPrefix(n, []byte("xmlns:")); ok && bytes.Equal(rest, prefix) {
			count++
		}
		return true
	})
	if count != 1 {
		return nil
	}
	return prefix
}

// scanner reads tags. What it does not take, it refuses.
type scanner struct {
	b   []byte
	pos int
}

// prolog skips an XML declaration of the usual form.
func (s *scanner) prolog() bool {
	for _, p := range []string{
		`<?xml version="1.0" encoding="utf-8"?>`, `<?xml version="1.0" encoding="UTF-8"?>`, `<?xml version="1.0"?>`,
	} {
		if len(s.b) >= len(p) && string(s.b[:len(p)]) == p {
			s.pos = len(p)
			return true
		}
	}
	return true // then a tag must follow
}

func (s *scanner) space() {
	for s.pos < len(s.b) && isSpace(s.b[s.pos]) {
		s.pos++
	}
}

func (s *scanner) atEnd() bool { s.space(); return s.pos == len(s.b) }

func (s *scanner) closes(name []byte) bool {
	t, ok := s.tag()
	return ok && t.kind == tagClose && bytes.Equal(t.name, name)
}

// text goes over plain character data up to the next tag.
func (s *scanner) text() bool {
	for ; s.pos < len(s.b); s.pos++ {
		switch c := s.b[s.pos]; {
		case c == '<':
			return true
		case c == '&' || c == '>' || !isPlain(c):
			return false
		}
	}
	return false
}

// skip goes over the rest of an element and all that is in it.
func (s *scanner) skip(name []byte) bool {
	var open [maxScanDepth][]byte
	open[0] = name
	for depth := 1; depth > 0; {
		if !s.text() {
			return false
		}
		t, ok := s.tag()
		switch {
		case !ok:
			return false
		case t.kind == tagOpen:
			if depth == maxScanDepth {
				return false
			}
			open[depth] = t.name
			depth++
		case t.kind == tagClose:
			depth--
			if !bytes.Equal(open[depth], t.name) {
				return false
			}
		}
	}
	return true
}

const maxScanDepth = 16

// tag goes over white space and reads a tag.
func (s *scanner) tag() (tag, bool) {
	s.space()
	if s.pos >= len(s.b) || s.b[s.pos] != '<' {
		return tag{}, false
	}
	s.pos++
	var t tag
	if s.pos < len(s.b) && s.b[s.pos] == '/' {
		t.kind = tagClose
		s.pos++
	}
	var ok bool
	if t.name, ok = s.qname(); !ok {
		return tag{}, false
	}
	if t.kind == tagOpen {
		from := s.pos
		if !s.attributes() {
			return tag{}, false
		}
		t.attrs = s.b[from:s.pos]
		s.space()
		if s.pos < len(s.b) && s.b[s.pos] == '/' {
			t.kind = tagEmpty
			s.pos++
		}
	}
	if s.pos >= len(s.b) || s.b[s.pos] != '>' {
		return tag{}, false
	}
	s.pos++
	return t, true
}

// attributes goes over attributes, each with white space before it. It stops
// after the last one.
func (s *scanner) attributes() bool {
	for {
		end := s.pos
		s.space()
		if s.pos >= len(s.b) {
			return false
		}
		if c := s.b[s.pos]; c == '>' || c == '/' {
			s.pos = end
			return true
		}
		if s.pos == end {
			return false
		}
		if _, ok := s.qname(); !ok || !s.value() {
			return false
		}
	}
}

// value goes over =, a quote, plain text and the same quote.
func (s *scanner) value() bool {
	if s.pos+1 >= len(s.b) || s.b[s.pos] != '=' {
		return false
	}
	quote := s.b[s.pos+1]
	if quote != '"' && quote != '\'' {
		return false
	}
	for s.pos += 2; s.pos < len(s.b); s.pos++ {
		switch c := s.b[s.pos]; {
		case c == quote:
			s.pos++
			return true
		case c == '<' || c == '>' || c == '&' || c < ' ' || c > '~':
			return false
		}
	}
	return false
}

// qname reads a name of ASCII letters with at most one prefix.
func (s *scanner) qname() ([]byte, bool) {
	from, colon := s.pos, -1
	for ; s.pos < len(s.b); s.pos++ {
		c := s.b[s.pos]
		start := s.pos == from || s.pos == colon+1
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_':
		case (c >= '0' && c <= '9' || c == '-' || c == '.') && !start:
		case c == ':' && colon < 0 && !start:
			colon = s.pos
		default:
			return s.b[from:s.pos], s.pos > from && s.pos != colon+1
		}
	}
	return nil, false
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

func isPlain(c byte) bool { return c >= ' ' && c <= '~' || isSpace(c) }
