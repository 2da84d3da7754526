package clixml_test

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"postroom/session/clixml"
)

// rowsLikeTree reads a document both ways and compares row by row.
func rowsLikeTree(doc string) error {
	all, err := clixml.DecodeAll([]byte(doc))
	if err != nil {
		return err
	}
	var want []clixml.Value
	for _, v := range all {
		if o, ok := v.(*clixml.Object); ok && o.Kind != clixml.None && o.Kind != clixml.Dictionary {
			want = append(want, o.Items...)
			continue
		}
		want = append(want, v)
	}
	i := 0
	err = new(clixml.RowScanner).ScanRows([]byte(doc), func(s *clixml.RowScanner) error {
		if i >= len(want) {
			return errors.New("too many rows")
		}
		i++
		if err := sameRow(s, want[i-1]); err != nil {
			return fmt.Errorf("row %d: %w", i-1, err)
		}
		return nil
	})
	if err == nil && i != len(want) {
		return fmt.Errorf("%d rows, want %d", i, len(want))
	}
	return err
}

// TestOddRows: shapes that PowerShell writes rarely or never, as payloads.
func TestOddRows(t *testing.T) {
	const custom = `<TN RefId="9"><T>System.Management.Automation.PSCustomObject</T></TN>`
	tests := map[string]string{
		"properties before a list":  `<Obj RefId="0"><MS><Obj N="a" RefId="1"><MS><I32 N="x">1</I32></MS><LST><S>i</S></LST></Obj></MS></Obj>`,
		"the same inside of a list": `<Obj RefId="0"><MS><Obj N="a" RefId="1"><LST><Obj RefId="2"><MS><I32 N="x">1</I32></MS><DCT><En><S N="Key">k</S><S N="Value">v</S></En></DCT></Obj></LST></Obj></MS></Obj>`,
		"an object around a list":   `<Obj RefId="0"><TN RefId="0"><T>W</T></TN><Obj RefId="1"><TNRef RefId="0" /><LST><Obj RefId="2"><TNRef RefId="0" /></Obj></LST></Obj><MS><Obj N="x" RefId="3"><TNRef RefId="0" /><MS><Ref N="up" RefId="1" /></MS></Obj></MS></Obj>`,
		"a wrapped object last":     `<Obj RefId="0"><TN RefId="0"><T>W</T></TN><MS><S N="b">1</S><Obj N="c" RefId="4"><MS><Ref N="up" RefId="0" /></MS></Obj></MS><Obj RefId="1"><Props><Obj N="a" RefId="5"><MS><Ref N="o" RefId="4" /></MS></Obj></Props></Obj></Obj>`,
		"a list with properties":    `<Obj RefId="0"><LST><S>a</S></LST><Props><Obj N="c" RefId="4"><MS><Ref N="up" RefId="0" /></MS></Obj></Props></Obj>`,
		"an id that is used twice":  `<Obj RefId="0"><MS><Obj N="a" RefId="1">` + custom + `<MS><Obj N="in" RefId="5"><MS><S N="old">1</S></MS></Obj></MS></Obj><Obj N="b" RefId="5"><LST><S>new</S></LST></Obj><Ref N="c" RefId="1" /><Obj N="l" RefId="6"><LST><Ref RefId="5" /></LST></Obj></MS></Obj>`,
		"circles":                   `<Obj RefId="0">` + custom + `<MS><Obj N="a" RefId="1"><TNRef RefId="9" /><MS><Ref N="up" RefId="0" /><Ref N="me" RefId="1" /></MS></Obj><Ref N="b" RefId="1" /><Ref N="c" RefId="0" /></MS></Obj>`,
		"quotes in an id":           `<Obj RefId='a"b'><MS><Obj N="a" RefId='c"d'><MS><Ref N="up" RefId='a"b' /></MS></Obj></MS></Obj>`,
	}
	var s clixml.RowScanner
	for name, in := range tests {
		v, err := clixml.Decode([]byte(in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := s.Scan([]byte(in)); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if name == "an id that is used twice" {
			// what the copies refer to is ambiguous; the texts are not
			for i, want := range map[int]string{1: "new", 3: "new"} {
				if got := string(s.Cells()[i].Text); got != want {
					t.Errorf("%s: cell %d is %q, want %q", name, i, got, want)
				}
			}
			continue
		}
		if err := sameRow(&s, v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOddDocuments: rows that refer to what stood in rows before them.
func TestOddDocuments(t *testing.T) {
	const first = `<Obj RefId="1"><TN RefId="0"><T>A</T></TN><MS><Obj N="a" RefId="2"><TN RefId="1"><T>B</T></TN><LST><S>x</S></LST></Obj><Obj N="d" RefId="3"><TNRef RefId="1" /><LST><Ref RefId="2" /></LST></Obj><Obj N="e" RefId="7"><TNRef RefId="1" /><LST /></Obj></MS></Obj>`
	tests := map[string]string{
		"dictionaries of one type": `<Objs><Obj RefId="0"><TN RefId="0"><T>H</T></TN><DCT /></Obj><Obj RefId="1"><TNRef RefId="0" /><DCT /></Obj></Objs>`,
		"a row twice":              `<Obj RefId="0"><LST>` + first + `<Ref RefId="1" /></LST></Obj>`,
		"parts of a row before":    `<Obj RefId="0"><LST>` + first + `<Obj RefId="4"><TNRef RefId="0" /><MS><Ref N="p" RefId="2" /><Ref N="q" RefId="1" /><Obj N="r" RefId="5"><TNRef RefId="1" /><LST><Ref RefId="3" /></LST></Obj></MS></Obj></LST></Obj>`,
		"rows on their own":        `<Objs>` + first + `<Obj RefId="6"><TNRef RefId="0" /><MS><Ref N="p" RefId="3" /></MS></Obj><S>a</S></Objs>`,
	}
	for name, doc := range tests {
		if err := rowsLikeTree(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// a row that refers to the whole list: the list is named, not copied
	err := new(clixml.RowScanner).ScanRows([]byte(`<Obj RefId="0"><TN RefId="0"><T>L</T></TN><LST><Obj RefId="1"><MS><Obj N="a" RefId="2"><MS><Ref N="all" RefId="0" /></MS></Obj></MS></Obj><Ref RefId="0" /></LST></Obj>`),
		func(s *clixml.RowScanner) error {
			c := s.Cells()[0]
			if want := `<S N="all">L</S>`; string(c.Name) == "a" && !strings.Contains(string(c.Raw), want) {
				t.Errorf("raw %s, want %s in it", c.Raw, want)
			}
			if string(c.Name) == "Value" && (string(c.Text) != "L" || string(c.Raw) != "<S>L</S>") {
				t.Errorf("text %s, raw %s", c.Text, c.Raw)
			}
			return nil
		})
	if err != nil {
		t.Error(err)
	}
}

// TestTypeNamesOnce: a cell holds one copy of names that are defined outside
// of it, and none of its own again.
func TestTypeNamesOnce(t *testing.T) {
	const in = `<Obj RefId="0"><TN RefId="0"><T>A</T></TN><MS>` +
		`<Obj N="a" RefId="1"><TN RefId="1"><T>B</T></TN><LST><Obj RefId="2"><TNRef RefId="1" /></Obj></LST></Obj>` +
		`<Obj N="b" RefId="3"><TNRef RefId="1" /><LST><Obj RefId="4"><TNRef RefId="1" /></Obj></LST></Obj>` +
		`<Obj N="c" RefId="5"><TNRef RefId="1" /><LST><Ref RefId="2" /></LST></Obj><Obj N="e" RefId="7"><TNRef RefId="1" /><LST /></Obj></MS></Obj>`
	var s clixml.RowScanner
	if err := s.Scan([]byte(in)); err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Cells() {
		if n := bytes.Count(c.Raw, []byte("<T>B</T>")); n != 1 {
			t.Errorf("%s: names %d times in %s", c.Name, n, c.Raw)
		}
	}
}

// TestUnfoldingEnds: a chain of references is copied to a depth, and then
// named.
func TestUnfoldingEnds(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<Obj RefId="0"><MS><Obj N="a" RefId="1"><TN RefId="0"><T>Link</T></TN><LST /></Obj>`)
	for i := 2; i < 100; i++ {
		fmt.Fprintf(&b, `<Obj N="a" RefId="%d"><TNRef RefId="0" /><LST><Ref RefId="%d" /></LST></Obj>`, i, i-1)
	}
	b.WriteString("</MS></Obj>")
	var s clixml.RowScanner
	if err := s.Scan([]byte(b.String())); err != nil {
		t.Fatal(err)
	}
	last := s.Cells()[len(s.Cells())-1]
	if n := bytes.Count(last.Raw, []byte("<LST>")); n < 10 || n > 20 {
		t.Errorf("%d levels", n)
	}
	if !bytes.Contains(last.Raw, []byte("<S>Link</S>")) {
		t.Errorf("the end is not named: %s", last.Raw)
	}
	if _, err := clixml.Decode(last.Raw); err != nil {
		t.Error(err)
	}
}

// TestReferenceWorkIsLimited: many references to one large object.
func TestReferenceWorkIsLimited(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<Obj RefId="0"><MS><Obj N="big" RefId="1"><LST>` + strings.Repeat("<S>item</S>", 1000) + `</LST></Obj>`)
	b.WriteString(strings.Repeat(`<Ref N="r" RefId="1" />`, 1000) + "</MS></Obj>")
	s := clixml.RowScanner{Limits: clixml.Limits{Size: 1 << 20}}
	var limit *clixml.LimitError
	if err := s.Scan([]byte(b.String())); !errors.As(err, &limit) || limit.Limit != clixml.LimitSize {
		t.Errorf("%v, want a LimitError", err)
	}
	s.Limits = clixml.Limits{}
	if err := s.Scan([]byte(b.String())); err != nil {
		t.Error(err)
	}
}

// TestReferencesDoNotMultiply: objects that name each other many times over cost
// no more than a bound of their own, long before the limit of the size.
func TestReferencesDoNotMultiply(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<Obj RefId="0"><MS><Obj N="p" RefId="1"><LST><S>x</S></LST></Obj>`)
	for i := 2; i < 600; i++ {
		fmt.Fprintf(&b, `<Obj N="p" RefId="%d"><LST>`, i)
		for j := 1; j <= 60; j++ {
			fmt.Fprintf(&b, `<Ref RefId="%d" />`, max(1, i-j))
		}
		b.WriteString("</LST></Obj>")
	}
	b.WriteString("</MS></Obj>")
	var s clixml.RowScanner
	var limit *clixml.LimitError
	if err := s.Scan([]byte(b.String())); !errors.As(err, &limit) || limit.Limit != clixml.LimitSize || limit.Max >= clixml.DefaultSize/8 {
		t.Errorf("%d bytes: %v, want a LimitError far below %d", b.Len(), err, clixml.DefaultSize)
	}
	if _, err := clixml.Decode([]byte(b.String())); err != nil {
		t.Errorf("a tree has no such cost: %v", err)
	}
}

// TestLargeIDs: an id is not a size.
func TestLargeIDs(t *testing.T) {
	in := []byte(`<Obj RefId="50000000"><TN RefId="60000000"><T>A</T></TN><MS><Obj N="a" RefId="x"><TNRef RefId="60000000" /><MS><Ref N="up" RefId="50000000" /><Ref N="me" RefId="x" /></MS></Obj></MS></Obj>`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	v, err := clixml.Decode(in)
	if err != nil {
		t.Fatal(err)
	}
	var s clixml.RowScanner
	if err := s.Scan(in); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
		t.Errorf("%d bytes allocated for %d", n, len(in))
	}
	if err := sameRow(&s, v); err != nil {
		t.Error(err)
	}
}
