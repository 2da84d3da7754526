package widgets

import (
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
)

func TestLaidOut(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                       "plain",
		`{"a":1,"b":[true]}`:          "{\n  \"a\": 1,\n  \"b\": [\n    true\n  ]\n}",
		`{not json}`:                  `{not json}`,
		`<a><b x="1>2">t</b><c/></a>`: "<a>\n  <b x=\"1>2\">t</b>\n  <c/>\n</a>",
		`<a><b></a>`:                  `<a><b></a>`,
		"Received: from a\r\n by b\r\nSubject: x: y\r\n": "Received: from a by b\nSubject: x: y",
		"smtp:a@b":       "smtp:a@b",
		"one: line only": "one: line only",
	} {
		if got := laidOut(text); got != want {
			t.Errorf("%q is laid out as %q, want %q", text, got, want)
		}
	}
}

// FuzzLaidOutXML: what is laid out says the same as before.
func FuzzLaidOutXML(f *testing.F) {
	f.Add(`<a><b x="1">t</b><!-- c --><c/><![CDATA[ x ]]></a>`)
	f.Add(`<?xml version="1.0"?><r><k>v</k></r>`)
	f.Fuzz(func(t *testing.T, s string) {
		before, err := xmlWords(s)
		if err != nil {
			return
		}
		after, err := xmlWords(laidOut(s))
		if err != nil || !reflect.DeepEqual(before, after) {
			t.Errorf("%q became %q: %v, %v, %v", s, laidOut(s), before, after, err)
		}
	})
}

// xmlWords lists tags and texts, space round texts aside, as encoding/xml reads them.
func xmlWords(s string) ([]string, error) {
	d := xml.NewDecoder(strings.NewReader(s))
	var out []string
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			out = append(out, "<"+token.Name.Local)
		case xml.EndElement:
			out = append(out, ">"+token.Name.Local)
		case xml.CharData:
			if text := strings.TrimSpace(string(token)); text != "" {
				out = append(out, text)
			}
		}
	}
}
