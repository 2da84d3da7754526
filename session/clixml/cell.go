package clixml

// cell reads the value e into a new cell.
func (s *RowScanner) cell(e *element, name []byte) error {
	x := &s.x
	c := s.add(name)
	at := x.pos
	switch {
	case e.tag.primitive():
		text, err := x.leaf(e, &s.arena)
		if err != nil {
			return err
		}
		var v scalar
		if bad := parseScalar(e.tag, text, &v); bad != "" {
			c.Kind, c.Text = KindUndecoded, text
			return s.misread(at, e, bad)
		}
		s.fillScalar(c, e.tag, text, &v)
		return nil
	case e.tag == tagNil:
		return x.closing(e)
	case e.tag == tagObj || e.tag == tagRef:
		return s.nestedCell(c, e)
	}
	s.cellStart = e.start
	text, err := s.display(e, 0, true)
	if err != nil {
		return err
	}
	c.Text = text
	if e.tag == tagPR {
		c.Kind, c.Raw = KindObject, x.b[e.start:x.pos]
	} else {
		c.Kind, c.Raw = KindUnknown, text
	}
	return nil
}

// kindOf is the kind of a primitive.
func kindOf(t tag) Kind {
	switch t {
	case tagS:
		return KindText
	case tagC:
		return KindChar
	case tagB:
		return KindBool
	case tagSB, tagI16, tagI32, tagI64:
		return KindInt
	case tagBy, tagU16, tagU32, tagU64:
		return KindUint
	case tagSg, tagDB:
		return KindFloat
	case tagD:
		return KindDecimal
	case tagDT:
		return KindDateTime
	case tagTS:
		return KindDuration
	case tagBA:
		return KindBytes
	case tagG:
		return KindGUID
	case tagURI:
		return KindURI
	case tagVersion:
		return KindVersion
	case tagXD:
		return KindXML
	case tagSBK:
		return KindScriptBlock
	default: // tagSS
		return KindSecureString
	}
}

func (s *RowScanner) fillScalar(c *Cell, t tag, text []byte, v *scalar) {
	c.Kind, c.Text = kindOf(t), text
	switch c.Kind {
	case KindBool, KindInt, KindDuration:
		c.Int = v.i
	case KindUint:
		c.Uint, c.Int = v.u, v.i
	case KindFloat:
		c.Float = v.f
	case KindDateTime:
		c.DateTime = v.dt
	case KindDecimal:
		c.Text = trim(text)
	case KindChar:
		c.Int = v.i
		c.Text = s.shown(t, text, v)
	case KindBytes:
		from := len(s.arena)
		s.arena = appendBase64(s.arena, text)
		c.Bytes = s.arena[from:len(s.arena):len(s.arena)]
	}
}

// nestedCell reads an Obj or Ref into c.
func (s *RowScanner) nestedCell(c *Cell, e *element) error {
	index := len(s.cells) - 1
	s.cellStart, s.refOutside, s.late = e.start, false, false
	s.serial++
	s.patches = s.patches[:0]
	var o nested
	var err error
	if e.tag == tagObj {
		err = s.object(e, 0, true, &o)
	} else {
		err = s.refCell(e, &o)
	}
	if err != nil {
		return err
	}
	s.fillNested(c, &o)
	switch {
	case s.refOutside || s.late || s.again > 0:
		s.expandLater(index, e.start)
	case len(s.patches) == 0:
		c.Raw = s.x.b[e.start:s.x.pos]
	default:
		c.Raw = s.patched(e.start)
	}
	return nil
}

func (s *RowScanner) refCell(e *element, o *nested) error {
	at, err := s.target(e)
	if err != nil {
		return err
	}
	if at == s.rootAt {
		o.text = s.rootName
		return nil
	}
	return s.readAgain(at, func(t *element) error { return s.object(t, 0, true, o) })
}

// fillNested takes over what reading an Obj has found.
func (s *RowScanner) fillNested(c *Cell, o *nested) {
	switch {
	case o.kind == Dictionary:
		c.Kind = KindDictionary
	case o.kind != None:
		c.Kind, c.Items = KindList, o.items
	case !o.hasBase:
		c.Kind = KindObject
	case o.base == tagNil:
		c.Kind = KindNull
	case o.base == tagPR || o.wraps():
		c.Kind = KindObject
	case !o.base.primitive():
		c.Kind = KindUnknown
	default:
		s.fillScalar(c, o.base, o.baseText, &o.scalar)
		if o.facts.enum && (c.Kind == KindInt || c.Kind == KindUint) {
			c.Kind, c.Text = KindEnum, o.text
			if o.scalar.u == 0 && o.scalar.i > 0 {
				c.Uint = uint64(o.scalar.i)
			}
		} else if o.hasToString && c.Kind != KindDecimal { // whose Text is its value
			c.Text = o.toString
		}
		return
	}
	c.Text = o.text
}

// patched is the text of the cell's value up to here, with the type names
// that are defined outside of it put in.
func (s *RowScanner) patched(start int) []byte {
	from := len(s.raws)
	b := s.x.b
	for _, p := range s.patches {
		s.raws = append(s.raws, b[start:p.at]...)
		s.raws = append(s.raws, b[p.from:p.to]...)
		start = p.end
	}
	s.raws = append(s.raws, b[start:s.x.pos]...)
	return s.raws[from:len(s.raws):len(s.raws)]
}
