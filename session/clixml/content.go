package clixml

import "bytes"

// leaf reads the text of e up to and with its end tag, where no element may
// stand, and decodes it. The result is a part of the input or of *arena,
// which grows as needed and is otherwise left alone.
func (x *lexer) leaf(e *element, arena *[]byte) ([]byte, error) {
	if e.empty {
		return nil, nil
	}
	b, p := x.b, x.pos
	start := p
	var flags byte
	for p < len(b) {
		c := classes[b[p]]
		flags |= c
		if c&classStop != 0 {
			break
		}
		p++
	}
	if p >= len(b) {
		return nil, x.fail(e.start, "input ends inside of "+string(e.name))
	}
	// the usual end: </name>
	q := p + 2 + len(e.name)
	if q < len(b) && b[p+1] == '/' && b[q] == '>' && string(b[p+2:q]) == string(e.name) {
		x.pos = q + 1
		flags &^= classStop
		if flags == 0 {
			return b[start:p], nil
		}
		return x.decodeText(b[start:p], start, flags, arena)
	}
	return x.leafSlow(e, start, arena)
}

// leafSlow is leaf for text with comments or CDATA in it, and for all errors.
func (x *lexer) leafSlow(e *element, p int, arena *[]byte) ([]byte, error) {
	b := x.b
	raw := []byte{}
	var flags byte
	for {
		i := bytes.IndexByte(b[p:], '<')
		if i < 0 || p+i+1 >= len(b) {
			return nil, x.fail(e.start, "input ends inside of "+string(e.name))
		}
		text := b[p : p+i]
		var f byte
		for _, c := range text {
			f |= classes[c]
		}
		if err := x.checkText(text, p, f); err != nil {
			return nil, err
		}
		if err := x.checkBrackets(text, p, f); err != nil {
			return nil, err
		}
		var err error
		if raw, err = x.appendEntities(raw, text, p); err != nil {
			return nil, err
		}
		flags |= f
		p += i
		switch b[p+1] {
		case '/':
			var c element
			if err := x.closeTag(&c, p); err != nil {
				return nil, err
			}
			if string(c.name) != string(e.name) {
				return nil, x.fail(p, "end tag of "+string(c.name)+" inside of "+string(e.name))
			}
			from := len(*arena)
			*arena = append(*arena, raw...)
			*arena = (*arena)[:from+decodeEscapes((*arena)[from:])]
			return (*arena)[from:], nil
		case '!', '?':
			x.pos = p
			cdata, err := x.misc()
			if err != nil {
				return nil, err
			}
			raw = appendLines(raw, cdata)
			p = x.pos
		default:
			return nil, x.fail(p, "element inside of "+string(e.name))
		}
	}
}

func (x *lexer) checkBrackets(t []byte, at int, flags byte) error {
	if flags&classBracket != 0 {
		if i := bytes.Index(t, []byte("]]>")); i >= 0 {
			return x.fail(at+i, "']]>' outside of a CDATA section")
		}
	}
	return nil
}

// closing reads up to the end tag of e, where nothing but white space and
// comments may stand.
func (x *lexer) closing(e *element) error {
	if e.empty {
		return nil
	}
	var c element
	t, err := x.next(&c)
	if err != nil {
		return err
	}
	if t != tokenClose {
		return x.fail(x.pos, string(e.name)+" must be empty")
	}
	return x.closes(e, &c)
}

// closes checks that the end tag c belongs to e.
func (x *lexer) closes(e, c *element) error {
	if string(c.name) != string(e.name) {
		return x.fail(c.start, "end tag of "+string(c.name)+" inside of "+string(e.name))
	}
	return nil
}

// child reads the next child of e. ok is false at its end tag.
func (x *lexer) child(e, c *element) (ok bool, err error) {
	t, err := x.next(c)
	switch {
	case err != nil:
		return false, err
	case t == tokenOpen:
		return true, nil
	case t == tokenEOF:
		return false, x.fail(e.start, "input ends inside of "+string(e.name))
	}
	return false, x.closes(e, c)
}

// skip reads over the content of an element that is not known, text and all.
func (x *lexer) skip(e *element) error {
	if e.empty {
		return nil
	}
	if err := x.enter(e.start); err != nil {
		return err
	}
	var c element
	for {
		if err := x.skipText(e); err != nil {
			return err
		}
		b, p := x.b, x.pos
		switch b[p+1] {
		case '/':
			x.leave()
			if err := x.closeTag(&c, p); err != nil {
				return err
			}
			return x.closes(e, &c)
		case '!', '?':
			if _, err := x.misc(); err != nil {
				return err
			}
		default:
			if err := x.openTag(&c, p); err != nil {
				return err
			}
			if err := x.skip(&c); err != nil {
				return err
			}
		}
	}
}

// skipText checks the text up to the next tag inside of e, and leaves pos at
// its '<', after which there is at least one byte.
func (x *lexer) skipText(e *element) error {
	b, p := x.b, x.pos
	i := bytes.IndexByte(b[p:], '<')
	if i < 0 || p+i+1 >= len(b) {
		return x.fail(e.start, "input ends inside of "+string(e.name))
	}
	text := b[p : p+i]
	var f byte
	for _, t := range text {
		f |= classes[t]
	}
	if err := x.checkText(text, p, f); err != nil {
		return err
	}
	if err := x.checkBrackets(text, p, f); err != nil {
		return err
	}
	if f&classAmp != 0 {
		if bad := checkEntities(text); bad >= 0 {
			return x.fail(p+bad, "unknown or malformed entity")
		}
	}
	x.pos = p + i
	return nil
}
