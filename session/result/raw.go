package result

import (
	"bytes"
	"encoding/binary"
)

// The CLIXML of lists and objects is kept apart from what they show, and without it: what is
// left is the same in many rows, and is kept once for these. Its first byte says whether
// anything was cut out.
const (
	rawWhole byte = iota
	rawCut        // before each text that is shown, what stands between it and the one before, its length first
)

// appendCutRaw cuts what a list or an object shows out of its CLIXML; where one of the texts
// does not stand there letter by letter, the CLIXML stays whole.
func appendCutRaw(dst []byte, c cell, raw []byte) []byte {
	start, rest := len(dst), raw
	dst = append(dst, rawCut)
	for text := range c.displayed {
		at := bytes.Index(rest, text)
		if at < 0 {
			return append(append(dst[:start], rawWhole), raw...)
		}
		dst = binary.AppendUvarint(dst, uint64(at))
		dst = append(dst, rest[:at]...)
		rest = rest[at+len(text):]
	}
	return append(dst, rest...)
}

// joinRaw is the CLIXML that appendCutRaw cut.
func joinRaw(c cell, cut []byte) []byte {
	rest := cut[1:]
	if cut[0] == rawWhole {
		return rest
	}
	raw := make([]byte, 0, len(rest)+len(c.data))
	for text := range c.displayed {
		n, w := binary.Uvarint(rest)
		rest = rest[w:]
		raw = append(append(raw, rest[:n]...), text...)
		rest = rest[n:]
	}
	return append(raw, rest...)
}
