package clixml_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"testing"

	"postroom/session/clixml"
)

// property is a cell as the tree says that it must be.
type property struct {
	name  string
	value clixml.Value
	whole bool // the object itself
}

func expectedCells(v clixml.Value) []property { return expectedOf(v, 0) }

func expectedOf(v clixml.Value, wraps int) []property {
	o, ok := v.(*clixml.Object)
	if !ok {
		return []property{{name: "Value", value: v}}
	}
	var list []property
	inner, wrapping := o.Base.(*clixml.Object)
	switch {
	case wrapping && wraps == 7:
		list = append(list, property{"Value", inner, true})
	case wrapping:
		list = append(list, expectedOf(inner, wraps+1)...)
	}
	if o.Kind == clixml.Dictionary && !o.HasBase && len(o.Entries) > 0 {
		for _, e := range o.Entries {
			list = append(list, property{name: clixml.Display(e.Key), value: e.Value})
		}
	} else if o.Kind != clixml.None {
		list = append([]property{{"Value", o, true}}, list...)
	} else if o.HasBase && !wrapping || len(list)+len(o.Adapted)+len(o.Extended) == 0 {
		list = append(list, property{"Value", o, true})
	}
	for _, p := range append(append([]clixml.Property{}, o.Adapted...), o.Extended...) {
		list = append(list, property{name: p.Name, value: p.Value})
	}
	return list
}

// sameRow checks the scanner's cells against the tree of the same bytes.
func sameRow(s *clixml.RowScanner, v clixml.Value) error {
	want := expectedCells(v)
	cells := s.Cells()
	if len(cells) != len(want) {
		return fmt.Errorf("%d cells, want %d", len(cells), len(want))
	}
	for i := range want {
		if got := string(cells[i].Name); got != want[i].name {
			return fmt.Errorf("cell %d is named %q, want %q", i, got, want[i].name)
		}
		if err := sameCell(&cells[i], want[i].value); err != nil {
			return fmt.Errorf("cell %d %q: %w", i, want[i].name, err)
		}
	}
	if o, ok := v.(*clixml.Object); ok {
		first := ""
		if len(o.Types) > 0 {
			first = o.Types[0]
		}
		if _, wrapping := o.Base.(*clixml.Object); wrapping {
			return nil // may be those of the inner object
		}
		if got := string(s.TypeName()); got != first {
			return fmt.Errorf("type name %q, want %q", got, first)
		}
		if got := s.ToString(); string(got) != o.ToString || (got != nil) != o.HasToString {
			return fmt.Errorf("ToString %q, want %q", got, o.ToString)
		}
	}
	return nil
}

func encoded(v clixml.Value) string {
	b, err := clixml.Append(nil, v)
	if err != nil {
		return "error: " + err.Error()
	}
	return string(b)
}

func sameCell(c *clixml.Cell, v clixml.Value) error {
	o, ok := v.(*clixml.Object)
	if !ok {
		return samePrimitive(c, v)
	}
	raw, err := clixml.Decode(c.Raw)
	if err != nil {
		return fmt.Errorf("raw %q: %w", c.Raw, err)
	}
	if got, want := encoded(raw), encoded(o); got != want {
		return fmt.Errorf("raw %q decodes to %q, want %q", c.Raw, got, want)
	}
	display := clixml.Display(o)
	switch {
	case o.Kind == clixml.Dictionary:
		return sameText(c, clixml.KindDictionary, display)
	case o.Kind != clixml.None:
		if len(c.Items) != len(o.Items) {
			return fmt.Errorf("%d items, want %d", len(c.Items), len(o.Items))
		}
		if joined := string(bytes.Join(c.Items, []byte(" "))); !o.HasToString && joined != display {
			return fmt.Errorf("items are %q, want %q", joined, display)
		}
		return sameText(c, clixml.KindList, display)
	case !o.HasBase:
		return sameText(c, clixml.KindObject, display)
	case isObject(o.Base):
		return sameText(c, clixml.KindObject, display)
	case o.IsEnum() && (c.Kind == clixml.KindEnum):
		return sameNumber(c, o.Base, display)
	case o.HasToString && isDecimal(o.Base):
		return samePrimitive(c, o.Base) // its digits are its value
	case o.HasToString:
		if kind, ok := textKind(o.Base); ok {
			return sameText(c, kind, o.ToString)
		}
		return sameNumber(c, o.Base, o.ToString)
	}
	return samePrimitive(c, o.Base)
}

func isDecimal(v clixml.Value) bool {
	_, ok := v.(clixml.Decimal)
	return ok
}

// textKind is the kind of a cell that has nothing but its text.
func textKind(v clixml.Value) (clixml.Kind, bool) {
	switch v.(type) {
	case nil:
		return clixml.KindNull, true
	case string:
		return clixml.KindText, true
	case clixml.URI:
		return clixml.KindURI, true
	case clixml.Version:
		return clixml.KindVersion, true
	case clixml.XML:
		return clixml.KindXML, true
	case clixml.ScriptBlock:
		return clixml.KindScriptBlock, true
	case clixml.SecureString:
		return clixml.KindSecureString, true
	case clixml.GUID:
		return clixml.KindGUID, true
	case clixml.Progress:
		return clixml.KindObject, true
	case clixml.Unknown:
		return clixml.KindUnknown, true
	}
	return 0, false
}

func isObject(v clixml.Value) bool {
	_, ok := v.(*clixml.Object)
	return ok
}

func sameText(c *clixml.Cell, kind clixml.Kind, text string) error {
	if c.Kind != kind {
		return fmt.Errorf("kind %d, want %d", c.Kind, kind)
	}
	if string(c.Text) != text {
		return fmt.Errorf("text %q, want %q", c.Text, text)
	}
	return nil
}

// sameNumber checks the typed fields of a cell, and text as it stands.
func sameNumber(c *clixml.Cell, v clixml.Value, text string) error {
	if string(c.Text) != text {
		return fmt.Errorf("text %q, want %q", c.Text, text)
	}
	keep := c.Text
	defer func() { c.Text = keep }()
	kind := c.Kind
	if kind == clixml.KindEnum {
		i, u, ok := number(v)
		if !ok || c.Int != i || c.Uint != u {
			return fmt.Errorf("enum %d/%d, want %v", c.Int, c.Uint, v)
		}
		return nil
	}
	c.Text = []byte(wireText(v))
	return samePrimitive(c, v)
}

func number(v clixml.Value) (int64, uint64, bool) {
	signed := func(i int64) (int64, uint64, bool) { return i, uint64(max(i, 0)), true }
	switch v := v.(type) {
	case int8:
		return signed(int64(v))
	case int16:
		return signed(int64(v))
	case int32:
		return signed(int64(v))
	case int64:
		return signed(v)
	case uint8:
		return int64(v), uint64(v), true
	case uint16:
		return int64(v), uint64(v), true
	case uint32:
		return int64(v), uint64(v), true
	case uint64:
		return int64(v), v, true
	}
	return 0, 0, false
}

// wireText is the text inside of the element that the encoder writes.
func wireText(v clixml.Value) string {
	b, err := clixml.Append(nil, v)
	if err != nil {
		return err.Error()
	}
	from, to := bytes.IndexByte(b, '>'), bytes.LastIndexByte(b, '<')
	if from > to {
		return ""
	}
	return string(b[from+1 : to])
}

//nolint:gocyclo // one table
func samePrimitive(c *clixml.Cell, v clixml.Value) error {
	switch v := v.(type) {
	case nil:
		return sameText(c, clixml.KindNull, "")
	case string:
		return sameText(c, clixml.KindText, v)
	case clixml.Char:
		if c.Int != int64(v) {
			return fmt.Errorf("char %d, want %d", c.Int, v)
		}
		return nil
	case bool:
		if c.Kind != clixml.KindBool || (c.Int == 1) != v {
			return fmt.Errorf("kind %d, int %d, want %v", c.Kind, c.Int, v)
		}
	case int8, int16, int32, int64:
		i, _, _ := number(v)
		if c.Kind != clixml.KindInt || c.Int != i {
			return fmt.Errorf("kind %d, int %d, want %v", c.Kind, c.Int, v)
		}
	case uint8, uint16, uint32, uint64:
		_, u, _ := number(v)
		if c.Kind != clixml.KindUint || c.Uint != u {
			return fmt.Errorf("kind %d, uint %d, want %v", c.Kind, c.Uint, v)
		}
	case float32:
		if c.Kind != clixml.KindFloat || math.Float32bits(float32(c.Float)) != math.Float32bits(v) {
			return fmt.Errorf("kind %d, float %v, want %v", c.Kind, c.Float, v)
		}
	case float64:
		if c.Kind != clixml.KindFloat || math.Float64bits(c.Float) != math.Float64bits(v) {
			return fmt.Errorf("kind %d, float %v, want %v", c.Kind, c.Float, v)
		}
	case clixml.Decimal:
		return sameText(c, clixml.KindDecimal, string(v))
	case clixml.DateTime:
		if c.Kind != clixml.KindDateTime || c.DateTime != v {
			return fmt.Errorf("kind %d, %v, want %v", c.Kind, c.DateTime, v)
		}
	case clixml.Duration:
		if c.Kind != clixml.KindDuration || c.Int != int64(v) {
			return fmt.Errorf("kind %d, %d ticks, want %d", c.Kind, c.Int, v)
		}
	case []byte:
		if c.Kind != clixml.KindBytes || !bytes.Equal(c.Bytes, v) {
			return fmt.Errorf("kind %d, bytes %x, want %x", c.Kind, c.Bytes, v)
		}
	case clixml.GUID:
		if g, err := clixml.ParseGUID(string(c.Text)); c.Kind != clixml.KindGUID || err == nil && g != v {
			return fmt.Errorf("kind %d, %q, want %v", c.Kind, c.Text, v)
		}
	case clixml.URI:
		return sameText(c, clixml.KindURI, string(v))
	case clixml.Version:
		return sameText(c, clixml.KindVersion, string(v))
	case clixml.XML:
		return sameText(c, clixml.KindXML, string(v))
	case clixml.ScriptBlock:
		return sameText(c, clixml.KindScriptBlock, string(v))
	case clixml.SecureString:
		return sameText(c, clixml.KindSecureString, string(v))
	case clixml.Unknown:
		return sameText(c, clixml.KindUnknown, v.Raw)
	case clixml.Progress:
		return sameText(c, clixml.KindObject, clixml.Display(v))
	default:
		return fmt.Errorf("unexpected %T", v)
	}
	return nil
}

// TestCorpusRows reads every case as a row and compares with its tree.
func TestCorpusRows(t *testing.T) {
	var s clixml.RowScanner
	for name, path := range some(corpus(t, ".xml")) {
		t.Run(name, func(t *testing.T) {
			doc := readFixture(t, path)
			for _, b := range [][]byte{doc, compact(doc)} {
				v, err := clixml.Decode(b)
				if err != nil {
					t.Fatal(err)
				}
				if err := s.Scan(b); err != nil {
					t.Fatal(err)
				}
				if err := sameRow(&s, v); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestCorpusDocumentRows reads the items of every case that is a list as rows:
// type names and objects of one row are referred to by later ones.
func TestCorpusDocumentRows(t *testing.T) {
	rows := 0
	for name, path := range corpus(t, ".xml") {
		t.Run(name, func(t *testing.T) {
			b := readFixture(t, path)
			v, err := clixml.Decode(b)
			if err != nil {
				t.Fatal(err)
			}
			want := []clixml.Value{v}
			root, ok := v.(*clixml.Object)
			if ok && root.Kind != clixml.None && root.Kind != clixml.Dictionary {
				want = root.Items
			}
			i := 0
			err = new(clixml.RowScanner).ScanRows(b, func(s *clixml.RowScanner) error {
				if i == len(want) {
					return errors.New("too many rows")
				}
				row := want[i]
				i++
				rows++
				if o, ok := row.(*clixml.Object); ok && o == root && root.Kind != clixml.None {
					return nil // the list in itself has no rows of its own
				}
				if err := sameRow(s, row); err != nil {
					return fmt.Errorf("row %d: %w", i-1, err)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
			if i != len(want) {
				t.Errorf("%d rows, want %d", i, len(want))
			}
		})
	}
	if rows < 1300 {
		t.Errorf("only %d rows", rows)
	}
}
