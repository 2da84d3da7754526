package clixml_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"path/filepath"
	"regexp"
	"testing"

	"postroom/session/clixml"
	"postroom/test/fixture"
)

var streams = regexp.MustCompile(`<(?:rsp:)?(?:Stream|Arguments|creationXml)(?: [^>]*)?>([A-Za-z0-9+/=]+)</`)

// windowsMessages takes the messages out of the recorded SOAP of real Windows
// hosts, those of the server and of its client, as far as they are PSRP.
func windowsMessages(tb testing.TB) []message {
	paths, err := filepath.Glob(filepath.Join(fixture.Path(tb, "windows-wsman"), "*.yml"))
	if err != nil {
		tb.Fatal(err)
	}
	var all []message
	for _, path := range paths {
		open := map[uint64][]byte{}
		for _, m := range streams.FindAllSubmatch(readFixture(tb, path), -1) {
			b, err := base64.StdEncoding.DecodeString(string(m[1]))
			if err != nil {
				continue // text of a command shell
			}
			for len(b) >= 21 {
				object, flags := binary.BigEndian.Uint64(b), b[16]
				size := int(binary.BigEndian.Uint32(b[17:21]))
				if flags > 3 || object == 0 || size > len(b)-21 {
					break // output of a command shell
				}
				if flags&1 != 0 {
					open[object] = nil
				}
				open[object] = append(open[object], b[21:21+size]...)
				if whole := open[object]; flags&2 != 0 && len(whole) >= 40 {
					all = append(all, message{
						from:    filepath.Base(path),
						client:  whole[0] == 1,
						kind:    binary.LittleEndian.Uint32(whole[4:]),
						payload: whole[40:],
					})
				}
				b = b[21+size:]
			}
		}
	}
	return all
}

// TestWindowsMessages decodes every recorded message, finds nothing in it that
// it does not know, writes it again, and reads it as a row.
func TestWindowsMessages(t *testing.T) {
	var s clixml.RowScanner
	n, same := 0, 0
	for _, m := range windowsMessages(t) {
		if !m.isXML() {
			continue
		}
		n++
		v, err := clixml.Decode(m.payload)
		if err != nil {
			t.Errorf("%s: type %#x: %v\n%q", m.from, m.kind, err, m.payload[:min(200, len(m.payload))])
			continue
		}
		if found := unknowns(v); len(found) > 0 {
			t.Errorf("%s: type %#x: not known: %q", m.from, m.kind, found)
		}
		b, err := clixml.Append([]byte("\xEF\xBB\xBF"), v)
		if err != nil {
			t.Errorf("%s: type %#x: %v", m.from, m.kind, err)
			continue
		}
		switch {
		case bytes.Equal(b, m.payload):
			same++
		case m.client: // what the client sent was not written by PowerShell
			t.Errorf("%s: type %#x: other bytes:\ngot  %q\nwant %q", m.from, m.kind, b, m.payload)
		}
		again, err := clixml.Decode(b)
		if err != nil || encoded(again) != encoded(v) {
			t.Errorf("%s: type %#x: does not survive encoding: %v", m.from, m.kind, err)
		}
		if err := s.Scan(m.payload); err != nil {
			t.Errorf("%s: row: %v", m.from, err)
			continue
		}
		if err := sameRow(&s, v); err != nil {
			t.Errorf("%s: row: %v", m.from, err)
		}
	}
	t.Logf("%d messages, %d of them written again to the same bytes", n, same)
	if n < 400 {
		t.Errorf("only %d messages", n)
	}
}

// unknowns finds all elements in v that were not known.
func unknowns(v clixml.Value) []string {
	var found []string
	seen := map[*clixml.Object]bool{}
	var walk func(v clixml.Value)
	walk = func(v clixml.Value) {
		switch v := v.(type) {
		case clixml.Unknown:
			found = append(found, v.Raw)
		case *clixml.Object:
			if v == nil || seen[v] {
				return
			}
			seen[v] = true
			walk(v.Base)
			for _, item := range v.Items {
				walk(item)
			}
			for _, en := range v.Entries {
				walk(en.Key)
				walk(en.Value)
			}
			for _, list := range [][]clixml.Property{v.Adapted, v.Extended} {
				for _, p := range list {
					walk(p.Value)
				}
			}
		}
	}
	walk(v)
	return found
}
