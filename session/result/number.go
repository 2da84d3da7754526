package result

import (
	"strconv"
	"strings"
)

// Grouped writes a whole number with a mark between its groups of three digits: 1,240.
func Grouped(n int, mark string) string { return groups(strconv.Itoa(n), mark) }

// Decimal writes a number with so many places behind the decimal point, and a mark between
// the groups of three digits before it: 1,240.50.
func Decimal(n float64, places int, mark, point string) string {
	whole, rest, broken := strings.Cut(strconv.FormatFloat(n, 'f', places, 64), ".")
	if whole = groups(whole, mark); broken {
		return whole + point + rest
	}
	return whole
}

func groups(digits, mark string) string {
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + mark + digits[i:]
	}
	return digits
}
