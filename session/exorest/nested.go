package exorest

import (
	"bytes"
	"fmt"
	"strconv"

	"postroom/session/clixml"
	"postroom/session/result"
)

// This file is for the few values that are objects: they become values of
// CLIXML, so that a result has one format for what is nested.

// tree takes a value as CLIXML has it. Annotations inside are dropped.
func (r *rowReader) tree() (clixml.Value, error) {
	if err := r.hold(); err != nil {
		return nil, err
	}
	c, err := r.peek()
	if err != nil {
		return nil, err
	}
	switch c {
	case '{':
		return r.object()
	case '[':
		return r.array()
	case '"':
		text, textErr := r.string()
		return string(text), textErr
	case 't', 'f':
		return r.bool(c)
	case 'n':
		return nil, r.word("null")
	}
	text, err := r.number()
	if err != nil {
		return nil, err
	}
	if n, ok := parseWhole(text); ok && !bytes.ContainsAny(text, ".eE") {
		return n, nil
	}
	if v, err := strconv.ParseFloat(string(text), 64); err == nil {
		return v, nil
	}
	return string(text), nil
}

func (r *rowReader) array() (clixml.Value, error) {
	if err := r.enter('['); err != nil {
		return nil, err
	}
	list := newList()
	for first := true; ; first = false {
		more, err := r.next(first, ']')
		if err != nil || !more {
			return list, err
		}
		v, err := r.tree()
		if err != nil {
			return nil, err
		}
		list.Items = append(list.Items, v)
	}
}

func newList() *clixml.Object {
	return &clixml.Object{Kind: clixml.List, Types: []string{"System.Object[]", "System.Array", "System.Object"}}
}

func (r *rowReader) object() (clixml.Value, error) {
	if err := r.enter('{'); err != nil {
		return nil, err
	}
	o := &clixml.Object{Types: []string{"System.Management.Automation.PSCustomObject", "System.Object"}}
	for first := true; ; first = false {
		name, more, err := r.member(first)
		if err != nil || !more {
			return o, err
		}
		if _, _, is := annotation(name); is {
			if err := r.skip(); err != nil {
				return nil, err
			}
			continue
		}
		p := clixml.Property{Name: string(name)}
		if p.Value, err = r.tree(); err != nil {
			return nil, err
		}
		o.Extended = append(o.Extended, p)
	}
}

// nestedCell hands an object or a list of objects on.
func (r *rowReader) nestedCell(name []byte, v clixml.Value) error {
	raw, err := clixml.Append(nil, v)
	if err != nil {
		return r.fail(fmt.Errorf("property %s: %w", name, err))
	}
	if o, ok := v.(*clixml.Object); ok && o.Kind == clixml.List {
		items := make([][]byte, len(o.Items))
		for i, item := range o.Items {
			items[i] = []byte(clixml.Display(item))
		}
		r.to.List(name, items, raw)
		return nil
	}
	r.to.Nested(name, []byte(clixml.Display(v)), raw)
	return nil
}

// clixmlProperty is the only property of the only element where an answer comes
// as CLIXML: a document with one list of all rows of the page.
const clixmlProperty = "_clixml"

// document hands on the rows of an answer in CLIXML. The row that was begun is
// none; what else its object has is dropped.
func (r *rowReader) document() error {
	c, err := r.peek()
	if err == nil && c != '"' {
		err = r.fail(errSyntax)
	}
	if err != nil {
		return err
	}
	text, err := r.string()
	if err != nil {
		return err
	}
	values, err := clixml.DecodeAll(text)
	if err != nil {
		return r.fail(fmt.Errorf("rows in CLIXML: %w", err))
	}
	if err := r.rest(); err != nil {
		return err
	}
	for _, v := range values {
		rows := []clixml.Value{v}
		if list, ok := v.(*clixml.Object); ok && list.Kind == clixml.List {
			rows = list.Items
		}
		for _, row := range rows {
			if row == nil || r.full() {
				continue
			}
			if err := r.clixmlRow(row); err != nil {
				return err
			}
		}
	}
	return nil
}

// rest passes over what is left of an object.
func (r *rowReader) rest() error {
	for {
		_, more, err := r.member(false)
		if err != nil || !more {
			return err
		}
		if err := r.skip(); err != nil {
			return err
		}
	}
}

func (r *rowReader) clixmlRow(v clixml.Value) error {
	r.to.BeginRow()
	o, ok := v.(*clixml.Object)
	if !ok {
		o = &clixml.Object{Extended: []clixml.Property{{Name: string(valueColumn), Value: v}}}
	}
	for _, list := range [][]clixml.Property{o.Adapted, o.Extended} {
		for _, p := range list {
			if err := r.clixmlCell([]byte(p.Name), p.Value); err != nil {
				return err
			}
		}
	}
	return r.endRow()
}

//nolint:gocyclo // one table
func (r *rowReader) clixmlCell(name []byte, v clixml.Value) error {
	switch v := v.(type) {
	case nil:
		r.to.Null(name)
	case bool:
		r.to.Bool(name, v)
	case int8:
		r.to.Int(name, int64(v))
	case int16:
		r.to.Int(name, int64(v))
	case int32:
		r.to.Int(name, int64(v))
	case int64:
		r.to.Int(name, v)
	case uint8:
		r.to.Uint(name, uint64(v))
	case uint16:
		r.to.Uint(name, uint64(v))
	case uint32:
		r.to.Uint(name, uint64(v))
	case uint64:
		r.to.Uint(name, v)
	case float32:
		r.to.Float(name, float64(v))
	case float64:
		r.to.Float(name, v)
	case clixml.Decimal:
		r.to.Decimal(name, []byte(v))
	case clixml.Duration:
		r.to.Duration(name, int64(v))
	case clixml.DateTime:
		kind := result.TimeUnspecified
		switch v.Kind {
		case clixml.UTC:
			kind = result.TimeUTC
		case clixml.Local:
			kind = result.TimeLocal
		}
		r.to.Time(name, result.Time{Ticks: v.Ticks, Kind: kind, OffsetMinutes: v.OffsetMinutes})
	case []byte:
		r.to.Bytes(name, v)
	case *clixml.Object:
		return r.nestedCell(name, v)
	default:
		r.to.Text(name, []byte(clixml.Display(v)))
	}
	return nil
}
