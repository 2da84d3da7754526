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
func DecodeAll(b []byte) ([]Value, error) { return Decoder{}.decodeAll(b) }

// Decode is [Decode] within the decoder's limits.
func (d Decoder) Decode(b []byte) (Value, error) {
	var v Value
	n := 0
	t := newTree()
	err := t.each(b, d.Limits, func(e *element) error {
		if n++; n > 1 {
			return t.fail(e.start, "second value where one was expected")
		}
		var err error
		v, err = t.value(e)
		return err
	})
	if err != nil {
		return nil, err
	}
	if n == 0 && t.pos > 0 && !t.bare() {
		return nil, t.fail(len(b), "no value")
	}
	return v, nil
}

// decodeAll is [DecodeAll] within the decoder's limits.
func (d Decoder) decodeAll(b []byte) ([]Value, error) {
	var all []Value
	t := newTree()
	err := t.each(b, d.Limits, func(e *element) error {
		v, err := t.value(e)
		all = append(all, v)
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// bare tells whether the input is nothing but a byte order mark.
func (x *lexer) bare() bool { return len(x.b) == 3 && x.b[0] == 0xEF }

// each calls fn for each value at the top of b, inside of Objs or bare.
func (x *lexer) each(b []byte, l Limits, fn func(*element) error) error {
	if err := x.reset(b, l); err != nil {
		return err
	}
	var objs *element
	for first := true; ; first = false {
		var e element
		t, err := x.next(&e)
		switch {
		case err != nil:
			return err
		case t == tokenEOF && objs != nil && !objs.empty:
			return x.fail(objs.start, "input ends inside of Objs")
		case t == tokenEOF:
			return nil
		case t == tokenClose && (objs == nil || objs.empty):
			return x.fail(e.start, "end tag without a start tag")
		case t == tokenClose:
			if err := x.closes(objs, &e); err != nil {
				return err
			}
			objs.empty = true // from here on nothing may follow
			continue
		case objs != nil && objs.empty:
			return x.fail(e.start, "element after the end of Objs")
		case e.tag == tagObjs && first:
			root := e
			objs = &root
			continue
		}
		if err := fn(&e); err != nil {
			return err
		}
	}
}

// tree builds values. Most of its methods are the lexer's, which knows the format's
// tokens; the rows' scanner has the same.
type tree struct {
	lexer
	objects refTable[*Object]
	types   refTable[[]string]
	arena   []byte
	names   map[string]string // property and type names, each one string
}

func newTree() *tree { return &tree{names: make(map[string]string)} }

func (t *tree) intern(b []byte) string {
	if s, ok := t.names[string(b)]; ok {
		return s
	}
	s := string(b)
	t.names[s] = s
	return s
}

// text reads the decoded text of a leaf, valid until the next text.
func (t *tree) text(e *element) ([]byte, error) {
	t.arena = t.arena[:0]
	return t.leaf(e, &t.arena)
}

func (t *tree) name(e *element) (string, error) {
	t.arena = t.arena[:0]
	b, err := t.decodeName(e, &t.arena)
	return t.intern(b), err
}

// value reads the value whose start tag is e.
func (t *tree) value(e *element) (Value, error) {
	switch {
	case e.tag.primitive():
		return t.primitive(e)
	case e.tag == tagNil:
		return nil, t.closing(e)
	case e.tag == tagObj:
		return t.object(e)
	case e.tag == tagRef:
		s := t.objects.get(e.refID)
		if !e.hasRef || s == nil {
			return nil, t.fail(e.start, "Ref to an object that was not there before")
		}
		return s.v, t.closing(e)
	case e.tag == tagPR:
		return t.progress(e)
	}
	if err := t.skip(e); err != nil {
		return nil, err
	}
	return Unknown{Tag: string(e.name), Raw: string(t.rawWithoutName(e, nil))}, nil
}

// rawWithoutName appends the element from e to the current position, without
// its N attribute.
func (x *lexer) rawWithoutName(e *element, dst []byte) []byte {
	if !e.hasN {
		return append(dst, x.b[e.start:x.pos]...)
	}
	dst = append(dst, x.b[e.start:e.nStart]...)
	return append(dst, x.b[e.nEnd:x.pos]...)
}

func (t *tree) primitive(e *element) (Value, error) {
	at := t.pos
	text, err := t.text(e)
	if err != nil {
		return nil, err
	}
	var v scalar
	if bad := parseScalar(e.tag, text, &v); bad != "" {
		return nil, t.fail(at, string(e.name)+": "+bad)
	}
	return primitiveOf(e.tag, text, &v), nil
}

//nolint:gocyclo // one table
func primitiveOf(t tag, text []byte, v *scalar) Value {
	switch t {
	case tagS:
		return string(text)
	case tagC:
		return Char(v.u)
	case tagB:
		return v.i == 1
	case tagSB:
		return int8(v.i)
	case tagI16:
		return int16(v.i)
	case tagI32:
		return int32(v.i)
	case tagI64:
		return v.i
	case tagBy:
		return uint8(v.u)
	case tagU16:
		return uint16(v.u)
	case tagU32:
		return uint32(v.u)
	case tagU64:
		return v.u
	case tagSg:
		if v.f != v.f {
			return nan32()
		}
		return float32(v.f)
	case tagDB:
		return v.f
	case tagD:
		return Decimal(trim(text))
	case tagDT:
		return v.dt
	case tagTS:
		return Duration(v.i)
	case tagBA:
		return appendBase64(make([]byte, 0, base64Size(text)), text)
	case tagG:
		return v.g
	case tagURI:
		return URI(text)
	case tagVersion:
		return Version(text)
	case tagXD:
		return XML(text)
	case tagSBK:
		return ScriptBlock(text)
	default: // tagSS
		return SecureString(text)
	}
}

// progress reads a PR ([MS-PSRP] 2.2.5.1.25).
func (t *tree) progress(e *element) (Value, error) {
	var p Progress
	err := t.progressParts(e, &t.arena, func(c *element, text []byte, v *scalar) {
		switch string(c.name) {
		case "AV":
			p.Activity = string(text)
		case "AI":
			p.ActivityID = int32(v.i)
		case "S":
			p.CurrentOperation = string(text)
		case "PI":
			p.ParentActivityID = int32(v.i)
		case "PC":
			p.PercentComplete = int32(v.i)
		case "T":
			p.Type = string(text)
		case "SR":
			p.SecondsRemaining = int32(v.i)
		case "SD":
			p.Status = string(text)
		}
	})
	return p, err
}

// progressElements are the children of PR in their order, and how each is read.
// The third is S or Nil.
var progressElements = [...]struct {
	name string
	tag  tag
}{
	{"AV", tagS},
	{"AI", tagI32},
	{"S", tagS},
	{"PI", tagI32},
	{"PC", tagI32},
	{"T", tagS},
	{"SR", tagI32},
	{"SD", tagS},
}

// progressParts calls fn for each child of a PR but a Nil. The texts are parts
// of the input or of *arena.
func (x *lexer) progressParts(e *element, arena *[]byte, fn func(c *element, text []byte, v *scalar)) error {
	var c element
	for _, want := range progressElements {
		if e.empty {
			return x.fail(e.start, "PR without "+want.name)
		}
		ok, err := x.child(e, &c)
		if err != nil {
			return err
		}
		if ok && want.name == "S" && c.tag == tagNil {
			if err := x.closing(&c); err != nil {
				return err
			}
			continue
		}
		if !ok || string(c.name) != want.name {
			return x.fail(c.start, "PR without "+want.name)
		}
		at := x.pos
		text, err := x.leaf(&c, arena)
		if err != nil {
			return err
		}
		var v scalar
		if bad := parseScalar(want.tag, text, &v); bad != "" {
			return x.fail(at, want.name+": "+bad)
		}
		fn(&c, text, &v)
	}
	return x.closing(e)
}
