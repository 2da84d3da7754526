package bounded_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"postroom/session/bounded"
)

// endless is an answer that never ends.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	e.read += int64(len(p))
	return len(p), nil
}

// An answer is read up to the bound and the byte that shows that there is more.
func TestBounds(t *testing.T) {
	const most = 1000
	for size := most - 2; size <= most+2; size++ {
		text := strings.Repeat("x", size)
		for name, in := range map[string]io.Reader{
			"at once": strings.NewReader(text), "by bytes": iotest.OneByteReader(strings.NewReader(text)), "end with data": iotest.DataErrReader(strings.NewReader(text)),
		} {
			b, err := bounded.ReadAll(in, "EXOModuleFile", most)
			var long *bounded.Error
			switch {
			case size <= most && (err != nil || string(b) != text):
				t.Errorf("%s, %d bytes: %d came, %v", name, size, len(b), err)
			case size > most && (b != nil || !errors.As(err, &long) || long.Most != most || long.Asked != "EXOModuleFile"):
				t.Errorf("%s, %d bytes: %d came, %v", name, size, len(b), err)
			}
		}
	}
	e := &endless{}
	if _, err := io.Copy(io.Discard, bounded.NewReader(e, "x", 1<<20)); err == nil || e.read > 1<<20+1 {
		t.Errorf("%d bytes of an answer without end were read, %v", e.read, err)
	}
	if _, err := bounded.ReadAll(iotest.ErrReader(io.ErrUnexpectedEOF), "x", 10); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the answer's own error: %v", err)
	}
	if b, err := bounded.ReadAll(bytes.NewReader(nil), "x", 0); err != nil || len(b) != 0 {
		t.Errorf("an empty answer: %q, %v", b, err)
	}
}
