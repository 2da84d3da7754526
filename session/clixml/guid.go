package clixml

import (
	"encoding/hex"
	"fmt"
)

// GUID is a System.Guid (element G). The bytes stand in the order of the
// text, not in .NET's mixed order.
type GUID [16]byte

// String gives the lower-case form with dashes and without braces.
func (g GUID) String() string {
	b := g.append(make([]byte, 0, 36))
	return string(b)
}

// IsZero tells whether all bytes are zero.
func (g GUID) IsZero() bool { return g == GUID{} }

func (g GUID) append(dst []byte) []byte {
	for i, c := range g {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			dst = append(dst, '-')
		}
		dst = append(dst, hexLower[c>>4], hexLower[c&15])
	}
	return dst
}

// ParseGUID reads the form 8-4-4-4-12 in either case, with or without braces
// around it. The error is a *[GUIDError].
func ParseGUID(s string) (GUID, error) {
	t := s
	if len(t) == 38 && t[0] == '{' && t[37] == '}' {
		t = t[1:37]
	}
	g, ok := parseGUID([]byte(t))
	if !ok {
		return GUID{}, &GUIDError{Text: s}
	}
	return g, nil
}

// GUIDError says that a text is not a GUID.
type GUIDError struct{ Text string }

func (e *GUIDError) Error() string { return fmt.Sprintf("clixml: %q is not a GUID", e.Text) }

func parseGUID(b []byte) (GUID, bool) {
	var g GUID
	if len(b) != 36 || b[8] != '-' || b[13] != '-' || b[18] != '-' || b[23] != '-' {
		return g, false
	}
	var d [32]byte
	n := copy(d[:], b[:8])
	n += copy(d[n:], b[9:13])
	n += copy(d[n:], b[14:18])
	n += copy(d[n:], b[19:23])
	copy(d[n:], b[24:])
	if _, err := hex.Decode(g[:], d[:]); err != nil {
		return GUID{}, false
	}
	return g, true
}

const hexLower = "0123456789abcdef"
