package result

import (
	"bytes"
	"strconv"
	"strings"
)

// ParseByteSize reads Exchange's text for an amount of data, such as
// 99 GB (106,300,440,576 bytes), whatever the culture's separators; size is in
// bytes. ok is false for any other text, Unlimited among them.
func ParseByteSize(text []byte) (size uint64, ok bool) {
	body, isSize := bytes.CutSuffix(text, []byte(" bytes)"))
	if !isSize || len(body) == 0 || !isDigit(body[0]) {
		return 0, false
	}
	open := bytes.LastIndexByte(body, '(')
	if open < 0 {
		return 0, false
	}
	digits := 0
	for _, r := range string(body[open+1:]) {
		switch {
		case '0' <= r && r <= '9':
			if digits++; digits > 19 {
				return 0, false
			}
			size = size*10 + uint64(r-'0')
		case strings.ContainsRune(",.'\u00A0\u202F\u2019 ", r):
		default:
			return 0, false
		}
	}
	return size, digits > 0
}

var sizeUnits = []struct {
	unit   string
	factor float64
}{
	{"pb", 1 << 50}, {"tb", 1 << 40}, {"gb", 1 << 30}, {"mb", 1 << 20}, {"kb", 1 << 10}, {"bytes", 1}, {"b", 1},
}

// parseQuantity reads what a person types for a number: 5, -1.5, 10 MB, or a text of
// ParseByteSize.
func parseQuantity(text string) (v float64, ok bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if size, isSize := ParseByteSize([]byte(text)); isSize {
		return float64(size), true
	}
	factor := 1.0
	for _, u := range sizeUnits {
		if number, found := strings.CutSuffix(text, u.unit); found {
			text, factor = strings.TrimSpace(number), u.factor
			break
		}
	}
	if text == "" || strings.Trim(text, "0123456789.e+-") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v * factor, err == nil
}
