package exorest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"postroom/session/result"
)

// value reads a value as encoding/json would give it, by the scanner alone.
func (s *scanner) value() (any, error) {
	c, err := s.peek()
	if err != nil {
		return nil, err
	}
	switch c {
	case '"':
		text, textErr := s.string()
		return string(text), textErr
	case 't', 'f':
		return s.bool(c)
	case 'n':
		return nil, s.word("null")
	case '[':
		return s.array()
	case '{':
		return s.object()
	}
	text, err := s.number()
	return json.Number(text), err
}

func (s *scanner) array() (any, error) {
	list := []any{}
	if err := s.enter('['); err != nil {
		return nil, err
	}
	for first := true; ; first = false {
		more, err := s.next(first, ']')
		if err != nil || !more {
			return list, err
		}
		v, err := s.value()
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
}

func (s *scanner) object() (any, error) {
	object := map[string]any{}
	if err := s.enter('{'); err != nil {
		return nil, err
	}
	for first := true; ; first = false {
		name, more, err := s.member(first)
		if err != nil || !more {
			return object, err
		}
		key := string(name)
		if object[key], err = s.value(); err != nil {
			return nil, err
		}
	}
}

func scanAll(in io.Reader) (any, error) {
	s := newScanner(in)
	v, err := s.value()
	if err != nil {
		return nil, err
	}
	return v, s.ended()
}

// oracle is what encoding/json makes of a text.
func oracle(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF { //nolint:errorlint // it is given bare
		return nil, fmt.Errorf("more follows")
	}
	return v, nil
}

// compare holds the scanner against encoding/json. Surrogates that stand alone are
// kept here and replaced there; texts that have them are left out.
func compare(t *testing.T, text []byte) {
	t.Helper()
	want, wantErr := oracle(text)
	got, gotErr := scanAll(bytes.NewReader(text))
	if (wantErr == nil) != (gotErr == nil) {
		if wantErr == nil && strings.Contains(gotErr.Error(), errTooDeep.Error()) {
			return
		}
		t.Fatalf("%q: %v, encoding/json says %v", text, gotErr, wantErr)
	}
	slow, slowErr := scanAll(iotest.OneByteReader(bytes.NewReader(text)))
	if (slowErr == nil) != (gotErr == nil) || gotErr == nil && !reflect.DeepEqual(slow, got) {
		t.Fatalf("%q: %v by single bytes, %v at once", text, slow, got)
	}
	if lower := bytes.ToLower(text); bytes.Contains(lower, []byte(`\ud`)) || bytes.Contains(text, []byte{0xED}) {
		return
	}
	if wantErr == nil && !reflect.DeepEqual(got, want) {
		t.Fatalf("%q: %#v, want %#v", text, got, want)
	}
}

func seeds() []string {
	return []string{
		`{}`, `[]`, `null`, `true`, `false`, `""`, `0`, `-0.5e+10`, ` {"a" : [1, "x", {"b":null}] } `, `{"a":1,"a":2}`, `"\u00e4\n\t\"\\\/\b\f\r"`,
		`"\ud83d\ude00 \ud83d x \ude00"`, "\"\xff\xfe\"", "\"\x01\"", `01`, `1.`, `.5`, `1e`, `-`, `[1,]`, `{,}`, `{"a":}`, `{"a" 1}`, `[1 2]`, `tru`, `nul`, `"\x"`, `"\u12"`, `"`, `{`, `[`,
		`{"value":[{"A@data.type":"System.Int32","A":1}]}`, strings.Repeat("[", 300) + strings.Repeat("]", 300), `1 2`, `"a"x`, `"ü§日本"`, ``,
	}
}

// The scanner takes what encoding/json takes, with the same values, and no more.
func TestScannerAgainstEncodingJSON(t *testing.T) {
	for _, text := range seeds() {
		compare(t, []byte(text))
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		text := []byte(seeds()[r.IntN(len(seeds()))])
		for range r.IntN(4) {
			if len(text) == 0 {
				break
			}
			at := r.IntN(len(text))
			switch r.IntN(3) {
			case 0:
				text[at] = `{}[]",:\u0019eE+-. tfn`[r.IntN(22)]
			case 1:
				text = append(text[:at:at], text[at+1:]...)
			default:
				text = append(text[:at:at], append([]byte(seeds()[r.IntN(len(seeds()))]), text[at:]...)...)
			}
		}
		compare(t, text)
	}
}

func FuzzScanner(f *testing.F) {
	for _, text := range seeds() {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) { compare(t, text) })
}

// FuzzRows: whatever comes, rows are rows, texts are texts, and nothing panics.
func FuzzRows(f *testing.F) {
	f.Add([]byte(`{"value":[{"A@data.type":"System.DateTime","A":"2024-03-31T08:07:47.0000000+00:00","B":[1,{"c":null}],"C":{"@data.type":"x","D":1.5}}]}`))
	f.Add([]byte(`{"value":[{"_clixml":"<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"><S>a</S></Objs>"}],"@odata.nextLink":"x"}`))
	for _, text := range seeds() {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		table := result.NewTable(result.Provenance{})
		r := &rowReader{scanner: newScanner(bytes.NewReader(text)), to: table.Builder()}
		_, err := r.page()
		if n := table.Len(); n != r.rows {
			t.Fatalf("%d rows of %d are there", n, r.rows)
		}
		if _, oracleErr := oracle(text); err == nil && oracleErr != nil {
			t.Fatalf("%q is no JSON: %v", text, oracleErr)
		}
		v := table.Snapshot()
		rows, cols := v.Size()
		for row := range rows {
			for col := range cols {
				if s := v.Value(row, col).Text; !utf8.ValidString(s) && !validWTF8([]byte(s)) {
					t.Fatalf("%q is no text", s)
				}
			}
		}
	})
}

// page is an answer with rows as mailboxes have them, in the form of the samples.
func benchPage(rows int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"@odata.context":"https://outlook.office365.com/adminapi/beta/x/$metadata#Collection(Exchange.GenericHashTable)","adminapi.warnings@odata.type":"#Collection(String)","@adminapi.warnings":[],"value":[`)
	for i := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"ExchangeGuid@data.type":"System.Guid","ExchangeGuid@odata.type":"#Guid","ExchangeGuid":"c2c1f0de-52aa-4c1c-9c2b-%012x","LitigationHoldEnabled":false,"LitigationHoldDate":null,`, i)
		fmt.Fprintf(&b, `"LitigationHoldDuration":"Unlimited","RetainDeletedItemsFor":"14.00:00:00","ProhibitSendQuota":"49.5 GB (53,150,220,288 bytes)","RecipientSoftDeletedStatus@data.type":"System.Int32","RecipientSoftDeletedStatus":%d,`, i)
		fmt.Fprintf(&b, `"EmailAddresses@odata.type":"#Collection(String)","EmailAddresses":["SMTP:user%d@nordwind.example","smtp:u.%d@nordwind.example"],"ProtocolSettings@odata.type":"#Collection(String)","ProtocolSettings":["OWA\u00a71"],`, i, i)
		fmt.Fprintf(&b, `"WhenMailboxCreated@data.type":"System.DateTime","WhenMailboxCreated":"2024-03-31T08:07:47.0000000+00:00","DisplayName":"User Büro %d"`, i)
		for p := range 40 {
			fmt.Fprintf(&b, `,"CustomProperty%d":"a value of some length %d"`, p, p)
		}
		b.WriteByte('}')
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

// BenchmarkRows reads a page into a table; BenchmarkEncodingJSON, in the same run,
// lets encoding/json make maps of the same bytes.
func BenchmarkRows(b *testing.B) {
	page := benchPage(1000)
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		table := result.NewTable(result.Provenance{})
		r := &rowReader{scanner: newScanner(bytes.NewReader(page)), to: table.Builder()}
		if _, err := r.page(); err != nil || r.rows != 1000 {
			b.Fatal(r.rows, err)
		}
	}
}

func BenchmarkEncodingJSON(b *testing.B) {
	page := benchPage(1000)
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		var v struct {
			Value []map[string]any `json:"value"`
		}
		if err := json.Unmarshal(page, &v); err != nil || len(v.Value) != 1000 {
			b.Fatal(err)
		}
	}
}

// A row costs no more than three allocations.
func TestRowsAllocateLittle(t *testing.T) {
	page := benchPage(1000)
	allocated := testing.AllocsPerRun(3, func() {
		table := result.NewTable(result.Provenance{})
		r := &rowReader{scanner: newScanner(bytes.NewReader(page)), to: table.Builder()}
		if _, err := r.page(); err != nil {
			t.Fatal(err)
		}
	})
	if allocated > 3*1000 {
		t.Errorf("%.1f allocations for a row", allocated/1000)
	}
}

// endless gives a beginning and then the same text for ever.
type endless struct{ begin, again string }

func (e *endless) Read(p []byte) (int, error) {
	if e.begin == "" {
		e.begin = e.again
	}
	n := copy(p, e.begin)
	e.begin = e.begin[n:]
	return n, nil
}

// An answer without end does not fill the memory, whichever part of it grows.
func TestAnAnswerWithoutEndIsRefused(t *testing.T) {
	for name, body := range map[string]*endless{
		"a list of texts":   {`{"value":[{"Members":["ada"`, strings.Repeat(`,"ada"`, 1000)},
		"a list of objects": {`{"value":[{"Members":[{}`, strings.Repeat(`,{}`, 1000)},
		"an object":         {`{"value":[{"Members":{"a":1`, strings.Repeat(`,"a":1`, 1000)},
		"lists in lists":    {`{"value":[{"Members":[[]`, strings.Repeat(`,[]`, 1000)},
		"warnings":          {`{"@adminapi.warnings":["a"`, strings.Repeat(`,"a"`, 1000)},
		"errors":            {`{"@adminapi.errors":["a"`, strings.Repeat(`,"a"`, 1000)},
	} {
		r := &rowReader{scanner: newScanner(io.LimitReader(body, 1<<20)), to: result.NewTable(result.Provenance{}).Builder()}
		r.mostHeld /= 1 << 10
		if _, err := r.page(); !errors.Is(err, errTooLong) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
