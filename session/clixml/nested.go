package clixml

// nested is an Obj that is being read, and what came of it.
type nested struct {
	kind        Container
	typed       bool // there was a TN or TNRef
	typeName    []byte
	facts       typeFacts
	hasToString bool
	toString    []byte

	hasBase  bool
	base     tag // tagOther: an Unknown
	baseText []byte
	scalar   scalar

	hasProps bool
	begun    bool // content was read: a ToString that comes now comes too late
	mark     int  // where this object's texts begin in RowScanner.items
	text     []byte
	items    [][]byte
}

// define notes where the object e begins.
func (s *RowScanner) define(e *element) {
	if !e.hasRef {
		return
	}
	if s.again > 0 && s.objects.get(e.refID) != nil {
		return
	}
	s.objects.set(e.refID, e.start)
}

// target gives the offset of the object that the Ref e means, and reads e to
// its end.
func (s *RowScanner) target(e *element) (int, error) {
	slot := s.objects.get(e.refID)
	if !e.hasRef || slot == nil {
		return 0, s.x.fail(e.start, "Ref to an object that was not there before")
	}
	at := slot.v
	if at < s.cellStart {
		s.refOutside = true
	}
	return at, s.x.closing(e)
}

// readAgain calls fn for the object at an offset that was read before, and
// comes back.
func (s *RowScanner) readAgain(at int, fn func(*element) error) error {
	x := &s.x
	pos, depth, count := x.pos, x.depth, x.count
	s.again++
	x.pos, x.depth, x.count = at, 0, 0
	var e element
	_, err := x.next(&e)
	if err == nil {
		err = fn(&e)
	}
	s.again--
	if err == nil {
		err = s.spend(x.pos-at, pos)
	}
	x.pos, x.depth, x.count = pos, depth, count
	return err
}

// What references may cost beside Limits.Size: reading again, or copying, this
// much and so many times the input. It is far above what any server sends, and
// a few tenths of a second of work.
const (
	workBase  = 64 << 20
	workTimes = 16
)

// spend counts work that references cause, so that a small payload with many
// of them cannot cause any amount of it.
func (s *RowScanner) spend(n, at int) error {
	s.work += n
	if most := min(s.x.lim.Size, workBase+workTimes*len(s.x.b)); s.work > most {
		return &LimitError{Limit: LimitSize, Max: most, Offset: at}
	}
	return nil
}

// object reads the Obj e. Its text for display is made only if it is wanted;
// level says how many collections it stands in.
func (s *RowScanner) object(e *element, level int, want bool, o *nested) error {
	x := &s.x
	if err := x.enter(e.start); err != nil {
		return err
	}
	s.define(e)
	o.mark = len(s.items)
	var c element
	for !e.empty {
		ok, err := x.child(e, &c)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if err := s.part(o, &c, level, want); err != nil {
			return err
		}
	}
	x.leave()
	if want {
		s.finish(o, level)
	}
	return nil
}

// part reads one child of an Obj.
func (s *RowScanner) part(o *nested, c *element, level int, want bool) error {
	switch c.tag {
	case tagTN, tagTNRef:
		if o.typed {
			return s.x.fail(c.start, "second list of type names in one Obj")
		}
		o.typed = true
		s.late = s.late || want && o.begun
		return s.typesOf(o, c)
	case tagToString:
		if o.hasToString {
			return s.x.fail(c.start, "second ToString in one Obj")
		}
		s.late = s.late || want && o.begun
		o.hasToString = true
		var err error
		o.toString, err = s.x.leaf(c, &s.arena)
		return err
	case tagProps, tagMS:
		o.begun = true
		return s.properties(o, c, level, want)
	case tagLST, tagSTK, tagQUE, tagIE, tagDCT:
		return s.collection(o, c, level, want)
	}
	if o.hasBase {
		return s.x.fail(c.start, secondValue)
	}
	o.hasBase = true
	return s.base(o, c, level, want)
}

// collection reads the items of an Obj.
func (s *RowScanner) collection(o *nested, c *element, level int, want bool) error {
	if o.kind != None {
		return s.x.fail(c.start, "second collection in one Obj")
	}
	s.late = s.late || want && o.begun
	o.begun = true
	o.kind = c.tag.container()
	// the items of a cell's own list are shown one by one, too
	want = want && (!o.hasToString && level < displayLevels || level == 0 && o.kind != Dictionary)
	if o.kind == Dictionary {
		return s.entries(c, level, want)
	}
	return s.listItems(c, level, want)
}

// base reads the value that an Obj wraps.
func (s *RowScanner) base(o *nested, c *element, level int, want bool) error {
	o.base = c.tag
	at := s.x.pos
	var err error
	switch {
	case c.tag.primitive():
		if o.baseText, err = s.x.leaf(c, &s.arena); err != nil {
			return err
		}
		if bad := parseScalar(c.tag, o.baseText, &o.scalar); bad != "" {
			o.base = tagS // the text that it is
			return s.misread(at, c, bad)
		}
		return nil
	case c.tag == tagNil:
		return s.x.closing(c)
	case o.wraps():
		o.baseText, err = s.display(c, level+1, want && !o.hasToString && level < displayLevels)
		return err
	}
	o.baseText, err = s.display(c, level+1, true)
	return err
}

// wraps tells whether the object has another one directly inside.
func (o *nested) wraps() bool { return o.hasBase && (o.base == tagObj || o.base == tagRef) }

// typesOf reads a TN or TNRef.
func (s *RowScanner) typesOf(o *nested, c *element) error {
	if c.tag == tagTN {
		t, err := s.readTypes(c)
		o.typeName, o.facts = t.first, t.facts
		return err
	}
	slot := s.types.get(c.refID)
	if !c.hasRef || slot == nil {
		return s.x.fail(c.start, "TNRef to type names that were not there before")
	}
	if err := s.x.closing(c); err != nil {
		return err
	}
	t := &slot.v
	o.typeName, o.facts = t.first, t.facts
	if s.again == 0 && t.start < s.cellStart && t.serial != s.serial {
		t.serial = s.serial
		s.patches = append(s.patches, patch{at: c.start, end: s.x.pos, from: t.start, to: t.end})
	}
	return nil
}

func (s *RowScanner) readTypes(e *element) (t typeNames, err error) {
	x := &s.x
	t.start = e.start
	var c element
	for n := 0; !e.empty; n++ {
		ok, err := x.child(e, &c)
		if err != nil {
			return t, err
		}
		if !ok {
			break
		}
		if c.tag != tagT {
			return t, x.fail(c.start, "element other than T in TN")
		}
		at := x.pos
		name, err := x.leaf(&c, &s.typeArena)
		if err != nil {
			return t, err
		}
		if len(name) > x.lim.Name {
			return t, &LimitError{Limit: LimitName, Max: x.lim.Name, Offset: at}
		}
		if n == 0 {
			t.first = name
		}
		t.facts.note(name)
	}
	t.end = x.pos
	if e.hasRef && (s.again == 0 || s.types.get(e.refID) == nil) {
		s.types.set(e.refID, t)
	}
	return t, nil
}

// properties reads Props or MS. If they are to be shown, each leaves its name
// and its text in s.items.
func (s *RowScanner) properties(o *nested, e *element, level int, want bool) error {
	want = want && !o.hasToString && !o.hasBase && formOf(o.kind, o.custom(), true, level) == formCustom
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
		o.hasProps = true
		text, err := s.display(&c, level+1, want)
		if err != nil {
			return err
		}
		if want {
			s.items = append(s.items, name, text)
		}
	}
	return nil
}

func (s *RowScanner) listItems(e *element, level int, want bool) error {
	var c element
	for !e.empty {
		ok, err := s.x.child(e, &c)
		if err != nil || !ok {
			return err
		}
		text, err := s.display(&c, level+1, want)
		if err != nil {
			return err
		}
		if want {
			s.items = append(s.items, text)
		}
	}
	return nil
}

func (s *RowScanner) entries(e *element, level int, want bool) error {
	var en element
	for !e.empty {
		ok, err := s.x.child(e, &en)
		if err != nil || !ok {
			return err
		}
		if en.tag != tagEn {
			return s.x.fail(en.start, "element other than En in DCT")
		}
		for i := range 2 {
			var c element
			if err := s.x.entryPart(&en, &c, i); err != nil {
				return err
			}
			text, err := s.display(&c, level+1, want)
			if err != nil {
				return err
			}
			if want {
				s.items = append(s.items, text)
			}
		}
		if err := s.x.closing(&en); err != nil {
			return err
		}
	}
	return nil
}

// display reads any value and gives its text if that is wanted.
func (s *RowScanner) display(e *element, level int, want bool) ([]byte, error) {
	x := &s.x
	switch {
	case e.tag.primitive():
		at := x.pos
		text, err := x.leaf(e, &s.arena)
		if err != nil || e.tag == tagS {
			return text, err
		}
		var v scalar
		if bad := parseScalar(e.tag, text, &v); bad != "" {
			return text, s.misread(at, e, bad)
		}
		if !want {
			return nil, nil
		}
		return s.shown(e.tag, text, &v), nil
	case e.tag == tagObj:
		var o nested
		err := s.object(e, level, want, &o)
		return o.text, err
	case e.tag == tagNil:
		return nil, x.closing(e)
	case e.tag == tagRef:
		return s.displayRef(e, level, want)
	case e.tag == tagPR:
		return s.displayPR(e)
	}
	if err := x.skip(e); err != nil {
		return nil, err
	}
	return s.unknownRaw(e), nil
}

// shown is displayScalar into the arena.
func (s *RowScanner) shown(t tag, text []byte, v *scalar) []byte {
	from := len(s.arena)
	s.arena = displayScalar(s.arena, t, text, v)
	return s.arena[from:len(s.arena):len(s.arena)]
}

// unknownRaw is the element from e to here without its N attribute.
func (s *RowScanner) unknownRaw(e *element) []byte {
	if !e.hasN {
		return s.x.b[e.start:s.x.pos]
	}
	from := len(s.arena)
	s.arena = s.x.rawWithoutName(e, s.arena)
	return s.arena[from:len(s.arena):len(s.arena)]
}

func (s *RowScanner) displayRef(e *element, level int, want bool) ([]byte, error) {
	at, err := s.target(e)
	if err != nil || !want {
		return nil, err
	}
	if at == s.rootAt {
		return s.rootName, nil
	}
	var o nested
	err = s.readAgain(at, func(t *element) error { return s.object(t, level, true, &o) })
	return o.text, err
}

func (s *RowScanner) displayPR(e *element) ([]byte, error) {
	var activity, status []byte
	err := s.x.progressParts(e, &s.arena, func(c *element, text []byte, _ *scalar) {
		switch string(c.name) {
		case "AV":
			activity = text
		case "SD":
			status = text
		}
	})
	from := len(s.arena)
	s.arena = displayProgress(s.arena, activity, status)
	return s.arena[from:len(s.arena):len(s.arena)], err
}

// custom tells whether the object is shown by its properties.
func (o *nested) custom() bool { return o.facts.custom || !o.typed }

// finish makes the object's text from the texts of its parts.
func (s *RowScanner) finish(o *nested, level int) {
	parts := s.items[o.mark:]
	switch {
	case o.hasToString:
		o.text = o.toString
	case o.kind != None || !o.hasBase:
		o.text = s.joined(o, parts, formOf(o.kind, o.custom(), o.hasProps, level))
	case o.base.primitive():
		o.text = s.shown(o.base, o.baseText, &o.scalar)
	case o.wraps() && level >= displayLevels:
		o.text = s.joined(o, parts, formTypeName)
	default:
		o.text = o.baseText
	}
	if level == 0 && o.kind != None && o.kind != Dictionary {
		o.items = parts[:len(parts):len(parts)]
		return
	}
	s.items = s.items[:o.mark]
}

// joined is the text of a collection, custom object or type name.
func (s *RowScanner) joined(o *nested, parts [][]byte, form displayForm) []byte {
	from := len(s.arena)
	switch form {
	case formTypeName:
		if o.facts.named {
			return o.typeName
		}
		s.arena = append(s.arena, "System.Object"...)
	case formList:
		for i, p := range parts {
			if i > 0 {
				s.arena = append(s.arena, ' ')
			}
			s.arena = append(s.arena, p...)
		}
	case formDictionary:
		s.joinEntries(parts)
	case formCustom:
		s.joinProperties(parts)
	}
	return s.arena[from:len(s.arena):len(s.arena)]
}

func (s *RowScanner) joinEntries(parts [][]byte) {
	s.arena = append(s.arena, '{')
	for i := 0; i+1 < len(parts); i += 2 {
		if i > 0 {
			s.arena = append(s.arena, ", "...)
		}
		s.arena = append(append(s.arena, '['), parts[i]...)
		s.arena = append(append(s.arena, ", "...), parts[i+1]...)
		s.arena = append(s.arena, ']')
	}
	s.arena = append(s.arena, '}')
}

func (s *RowScanner) joinProperties(parts [][]byte) {
	s.arena = append(s.arena, "@{"...)
	for i := 0; i+1 < len(parts); i += 2 {
		if i > 0 {
			s.arena = append(s.arena, "; "...)
		}
		s.arena = append(append(s.arena, parts[i]...), '=')
		s.arena = append(s.arena, parts[i+1]...)
	}
	s.arena = append(s.arena, '}')
}
