package clixml_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"postroom/session/clixml"
	"postroom/test/fixture"
)

const pipelineOutput = 0x00041004

// message is one recorded PSRP message.
type message struct {
	from    string // file and place
	client  bool   // is for the client
	kind    uint32
	payload []byte
}

// recordedMessages takes the messages of all the conversations of real
// PowerShell apart: fragments of 21 bytes of header, messages of 40.
func recordedMessages(tb testing.TB) []message {
	dir := fixture.Path(tb, "powershell", "psrp")
	var all []message
	for _, pattern := range []string{"*.jsonl", "*.jsonl.gz"} {
		paths, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			tb.Fatal(err)
		}
		for _, path := range paths {
			all = append(all, messagesOf(tb, path)...)
		}
	}
	return all
}

func messagesOf(tb testing.TB, path string) []message {
	var all []message
	open := map[string][]byte{} // by direction and object
	lines := bufio.NewScanner(bytes.NewReader(readFixture(tb, path)))
	lines.Buffer(nil, 64<<20)
	for n := 1; lines.Scan(); n++ {
		var packet struct{ Dir, El, Data string }
		if err := json.Unmarshal(lines.Bytes(), &packet); err != nil {
			tb.Fatalf("%s:%d: %v", path, n, err)
		}
		if packet.El != "Data" {
			continue
		}
		b, err := base64.StdEncoding.DecodeString(packet.Data)
		if err != nil {
			tb.Fatalf("%s:%d: %v", path, n, err)
		}
		for len(b) > 0 {
			size := int(binary.BigEndian.Uint32(b[17:21]))
			object := packet.Dir + fmt.Sprint(binary.BigEndian.Uint64(b[:8]))
			open[object] = append(open[object], b[21:21+size]...)
			if b[16]&2 != 0 {
				m := open[object]
				delete(open, object)
				all = append(all, message{
					from:    fmt.Sprintf("%s:%d", filepath.Base(path), n),
					client:  m[0] == 1,
					kind:    binary.LittleEndian.Uint32(m[4:8]),
					payload: m[40:],
				})
			}
			b = b[21+size:]
		}
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return all
}

// isXML tells messages with CLIXML from the few without.
func (m message) isXML() bool {
	return bytes.HasPrefix(bytes.TrimPrefix(m.payload, []byte("\xEF\xBB\xBF")), []byte("<"))
}

// TestRecordedMessages decodes everything that PowerShell's client and server
// sent each other, writes it again to the same bytes, and reads it as rows.
func TestRecordedMessages(t *testing.T) {
	var s clixml.RowScanner
	n := 0
	all, step := recordedMessages(t), fixture.OneOf(3)
	for at := 0; at < len(all); at += step {
		m := all[at]
		if !m.isXML() {
			if len(m.payload) > 0 {
				t.Errorf("%s: type %#x: not XML: %q", m.from, m.kind, m.payload[:min(80, len(m.payload))])
			}
			continue
		}
		n++
		v, err := clixml.Decode(m.payload)
		if err != nil {
			t.Errorf("%s: type %#x: %v", m.from, m.kind, err)
			continue
		}
		again, err := clixml.Append([]byte("\xEF\xBB\xBF"), v)
		if err != nil {
			t.Errorf("%s: type %#x: %v", m.from, m.kind, err)
			continue
		}
		if !bytes.Equal(again, m.payload) {
			i := 0
			for i < min(len(again), len(m.payload)) && again[i] == m.payload[i] {
				i++
			}
			from := max(0, i-60)
			t.Errorf("%s: type %#x: byte %d:\ngot  %q\nwant %q", m.from, m.kind, i,
				again[from:min(i+100, len(again))], m.payload[from:min(i+100, len(m.payload))])
		}
		if err := s.Scan(m.payload); err != nil {
			t.Errorf("%s: row: %v", m.from, err)
			continue
		}
		if err := sameRow(&s, v); err != nil {
			t.Errorf("%s: row: %v", m.from, err)
		}
		if found := unknowns(v); len(found) > 0 {
			t.Errorf("%s: not known: %q", m.from, found)
		}
	}
	t.Logf("%d messages", n)
	if n < 2000/step {
		t.Errorf("only %d messages", n)
	}
}
