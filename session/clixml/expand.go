package clixml

import "bytes"

// maxUnfolding is how many references deep an object outside of a cell is
// copied into its Raw. What lies deeper becomes a string, as PowerShell itself
// does at its depth limit.
const maxUnfolding = 16

// expansion is a cell whose Raw is made when the whole row was read: its value
// refers to objects elsewhere, perhaps to one that encloses it.
type expansion struct {
	cell int
	at   int  // offset of the value's start tag
	late bool // Text and Items must be made anew
}

func (s *RowScanner) expandLater(cell, at int) {
	s.expansions = append(s.expansions, expansion{cell: cell, at: at, late: s.late})
}

// expand makes the Raw of the cells that wait for it.
func (s *RowScanner) expand() error {
	if len(s.expansions) == 0 || s.again > 0 {
		return nil
	}
	for _, todo := range s.expansions {
		x := expander{s: s, objects: map[string]bool{}, types: map[string]bool{}}
		err := s.readAgain(todo.at, func(e *element) error {
			x.from = e.start
			if err := x.element(e); err != nil {
				return err
			}
			x.flush(s.x.pos)
			return nil
		})
		if err != nil {
			return err
		}
		c := &s.cells[todo.cell]
		c.Raw = x.out
		if todo.late {
			if err := c.display(s.Limits); err != nil {
				return err
			}
		}
	}
	return nil
}

// display makes Text and Items from Raw by way of a tree.
func (c *Cell) display(l Limits) error {
	v, err := Decoder{Limits: l}.Decode(c.Raw)
	if err != nil {
		return err
	}
	o, ok := v.(*Object)
	if !ok {
		return nil
	}
	if c.Kind == KindList {
		c.Items = nil
		for _, item := range o.Items {
			c.Items = append(c.Items, appendDisplay([]byte{}, item, 1))
		}
	}
	if c.Kind == KindDecimal {
		return nil // its Text is its value
	}
	if o.Kind != None || !o.HasBase || o.HasToString || c.Kind == KindEnum || c.Kind == KindObject {
		c.Text = appendDisplay([]byte{}, o, 0)
	}
	return nil
}

// expander copies a value's text, with what it refers to put in.
type expander struct {
	s       *RowScanner
	out     []byte
	from    int // of the input that is not copied yet
	objects map[string]bool
	types   map[string]bool
	deep    int
}

func (x *expander) flush(to int) {
	x.out = append(x.out, x.s.x.b[x.from:to]...)
	x.from = to
}

// element reads the element e and arranges for its copy.
func (x *expander) element(e *element) error {
	l := &x.s.x
	switch e.tag {
	case tagTNRef:
		return x.typeRef(e)
	case tagTN:
		if e.hasRef {
			x.types[string(e.refID)] = true
		}
		return l.skip(e)
	case tagRef:
		return x.ref(e)
	case tagObj:
		if !e.hasRef {
			break
		}
		if x.objects[string(e.refID)] {
			x.flush(e.start)
			if err := l.skip(e); err != nil {
				return err
			}
			x.out = append(x.out, "<Ref"...)
			x.out = append(x.out, l.b[e.nStart:e.nEnd]...)
			x.id(e.refID)
			x.out = append(x.out, " />"...)
			x.from = l.pos
			return nil
		}
		x.objects[string(e.refID)] = true
	case tagProps, tagMS, tagLST, tagSTK, tagQUE, tagIE, tagDCT, tagEn:
	default:
		return l.skip(e)
	}
	return x.children(e)
}

func (x *expander) children(e *element) error {
	var c element
	for !e.empty {
		ok, err := x.s.x.child(e, &c)
		if err != nil || !ok {
			return err
		}
		if err := x.element(&c); err != nil {
			return err
		}
	}
	return nil
}

func (x *expander) typeRef(e *element) error {
	l := &x.s.x
	if err := l.closing(e); err != nil {
		return err
	}
	if x.types[string(e.refID)] {
		return nil
	}
	slot := x.s.types.get(e.refID)
	if slot == nil {
		return l.fail(e.start, "TNRef to type names that were not there before")
	}
	x.types[string(e.refID)] = true
	x.flush(e.start)
	x.out = append(x.out, l.b[slot.v.start:slot.v.end]...)
	x.from = l.pos
	return nil
}

func (x *expander) ref(e *element) error {
	l := &x.s.x
	if err := l.closing(e); err != nil {
		return err
	}
	if x.objects[string(e.refID)] {
		return nil
	}
	slot := x.s.objects.get(e.refID)
	if slot == nil {
		return l.fail(e.start, "Ref to an object that was not there before")
	}
	x.flush(e.start)
	after := l.pos
	n := l.b[e.nStart:e.nEnd]
	var err error
	if slot.v == x.s.rootAt || x.deep >= maxUnfolding {
		err = x.asText(slot.v, n)
	} else {
		x.deep++
		err = x.s.readAgain(slot.v, func(t *element) error { return x.target(t, n) })
		x.deep--
	}
	x.from = after
	return err
}

// id writes the RefId attribute. A value with a double quote in it was between
// single ones.
func (x *expander) id(refID []byte) {
	quote := byte('"')
	if bytes.IndexByte(refID, quote) >= 0 {
		quote = '\''
	}
	x.out = append(append(x.out, " RefId="...), quote)
	x.out = append(append(x.out, refID...), quote)
}

// target copies the object t with the name of the Ref that stood there.
func (x *expander) target(t *element, n []byte) error {
	l := &x.s.x
	before := len(x.out)
	x.objects[string(t.refID)] = true
	x.out = append(append(x.out, "<Obj"...), n...)
	x.id(t.refID)
	if t.empty {
		x.out = append(x.out, " />"...)
		return nil
	}
	x.out = append(x.out, '>')
	x.from = t.end
	if err := x.children(t); err != nil {
		return err
	}
	x.flush(l.pos)
	return x.s.spend(len(x.out)-before, t.start)
}

// asText writes a string in place of an object that cannot be put in.
func (x *expander) asText(at int, n []byte) error {
	text := x.s.rootName
	if at != x.s.rootAt {
		err := x.s.readAgain(at, func(t *element) error {
			var o nested
			err := x.s.object(t, displayLevels, true, &o)
			text = o.text
			return err
		})
		if err != nil {
			return err
		}
	}
	x.out = append(append(append(x.out, "<S"...), n...), '>')
	out, ok := appendText(x.out, string(text), false)
	if !ok {
		return x.s.x.fail(at, "not UTF-8")
	}
	x.out = append(out, "</S>"...)
	return nil
}
