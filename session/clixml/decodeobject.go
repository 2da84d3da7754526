package clixml

func (t *tree) object(e *element) (Value, error) {
	if err := t.enter(e.start); err != nil {
		return nil, err
	}
	defer t.leave()
	o := &Object{}
	if e.hasRef {
		t.objects.set(e.refID, o)
	}
	var c element
	for !e.empty {
		ok, err := t.child(e, &c)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		if err := t.part(o, &c); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// part reads one child of an Obj.
func (t *tree) part(o *Object, c *element) error {
	switch c.tag {
	case tagTN, tagTNRef:
		if o.Types != nil {
			return t.fail(c.start, "second list of type names in one Obj")
		}
		types, err := t.typeNames(c)
		o.Types = types
		return err
	case tagToString:
		if o.HasToString {
			return t.fail(c.start, "second ToString in one Obj")
		}
		s, err := t.text(c)
		o.ToString, o.HasToString = string(s), true
		return err
	case tagProps:
		return t.properties(&o.Adapted, c)
	case tagMS:
		return t.properties(&o.Extended, c)
	case tagLST, tagSTK, tagQUE, tagIE, tagDCT:
		if o.Kind != None {
			return t.fail(c.start, "second collection in one Obj")
		}
		o.Kind = c.tag.container()
		if o.Kind == Dictionary {
			return t.entries(o, c)
		}
		return t.items(o, c)
	}
	if o.HasBase {
		return t.fail(c.start, secondValue)
	}
	base, err := t.value(c)
	o.Base, o.HasBase = base, true
	return err
}

const secondValue = "second value in one Obj"

func (t *tree) typeNames(e *element) ([]string, error) {
	if e.tag == tagTNRef {
		s := t.types.get(e.refID)
		if !e.hasRef || s == nil {
			return nil, t.fail(e.start, "TNRef to type names that were not there before")
		}
		return s.v, t.closing(e)
	}
	names := []string{}
	var c element
	for !e.empty {
		ok, err := t.child(e, &c)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		if c.tag != tagT {
			return nil, t.fail(c.start, "element other than T in TN")
		}
		at := t.pos
		name, err := t.text(&c)
		if err != nil {
			return nil, err
		}
		if len(name) > t.lim.Name {
			return nil, &LimitError{Limit: LimitName, Max: t.lim.Name, Offset: at}
		}
		names = append(names, t.intern(name))
	}
	if e.hasRef {
		t.types.set(e.refID, names)
	}
	return names, nil
}

func (t *tree) properties(list *[]Property, e *element) error {
	if *list == nil {
		*list = []Property{}
	}
	var c element
	for !e.empty {
		ok, err := t.child(e, &c)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if !c.hasN {
			return t.fail(c.start, "property without a name")
		}
		name, err := t.name(&c)
		if err != nil {
			return err
		}
		v, err := t.value(&c)
		if err != nil {
			return err
		}
		*list = append(*list, Property{Name: name, Value: v})
	}
	return nil
}

func (t *tree) items(o *Object, e *element) error {
	var c element
	for !e.empty {
		ok, err := t.child(e, &c)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		v, err := t.value(&c)
		if err != nil {
			return err
		}
		o.Items = append(o.Items, v)
	}
	return nil
}

func (t *tree) entries(o *Object, e *element) error {
	var en element
	for !e.empty {
		ok, err := t.child(e, &en)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if en.tag != tagEn {
			return t.fail(en.start, "element other than En in DCT")
		}
		var pair [2]Value
		for i := range pair {
			var c element
			if err := t.entryPart(&en, &c, i); err != nil {
				return err
			}
			if pair[i], err = t.value(&c); err != nil {
				return err
			}
		}
		if err := t.closing(&en); err != nil {
			return err
		}
		o.Entries = append(o.Entries, Entry{Key: pair[0], Value: pair[1]})
	}
	return nil
}

// entryName names what stands in an En, in this order.
func entryName(i int) string {
	if i == 0 {
		return "Key"
	}
	return "Value"
}

// entryPart reads the start tag of the i-th child of an En.
func (x *lexer) entryPart(en, c *element, i int) error {
	if en.empty {
		return x.fail(en.start, "En without a "+entryName(i))
	}
	ok, err := x.child(en, c)
	if err != nil {
		return err
	}
	if !ok || string(c.n) != entryName(i) {
		return x.fail(c.start, "En without a "+entryName(i))
	}
	return nil
}
