package cmdlet

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"postroom/session/bytesize"
)

// parseNumber reads a number as PowerShell writes it: 5, -5, 0x1F, 1.5, 1e3, 5GB, with
// the type suffixes d, l, u, s, y, n and their unions. ok is false for what is no number,
// and for whole numbers that do not fit 64 bits.
func parseNumber(text string) (v any, ok bool) {
	lower := strings.ToLower(text)
	negative := false
	if r, n := utf8.DecodeRuneInString(lower); isDash(r) {
		negative, lower = true, lower[n:]
	} else if r == '+' {
		lower = lower[1:]
	}
	factor := uint64(1)
	hex := strings.HasPrefix(lower, "0x")
	if len(lower) > 2 {
		if f := bytesize.Unit(lower[len(lower)-2:]); f > 0 {
			factor, lower = f, lower[:len(lower)-2]
		}
	}
	lower = trimTypeSuffix(lower, hex)
	digits, base := lower, 10
	if hex {
		digits, base = lower[2:], 16
	}
	if whole, err := strconv.ParseUint(digits, base, 64); err == nil {
		return scaleWhole(whole, factor, negative)
	}
	if hex || strings.Trim(lower, "0123456789.e+-") != "" || strings.HasSuffix(lower, ".") {
		return nil, false
	}
	if !strings.ContainsAny(lower, ".e") {
		return nil, false // a whole number of more than 64 bits
	}
	f, err := strconv.ParseFloat(lower, 64)
	if err != nil {
		return nil, false
	}
	if f *= float64(factor); negative {
		f = -f
	}
	return f, true
}

func trimTypeSuffix(lower string, hex bool) string {
	suffixes := []string{"ul", "us", "uy", "d", "l", "u", "s", "y", "n"}
	for _, suffix := range suffixes {
		if hex && suffix == "d" {
			continue // a digit
		}
		if t, ok := strings.CutSuffix(lower, suffix); ok {
			return t
		}
	}
	return lower
}

func scaleWhole(whole, factor uint64, negative bool) (any, bool) {
	if whole > math.MaxUint64/factor {
		return nil, false
	}
	whole *= factor
	switch {
	case negative && whole <= 1<<63:
		return -int64(whole), true
	case negative:
		return nil, false
	case whole > math.MaxInt64:
		return whole, true
	}
	return int64(whole), true
}
