// Package bytesize knows amounts of data: their units, and how Exchange writes
// them (ByteQuantifiedSize). What parameters take beside them, and how columns
// sort and filter by them, is said where that is done.
package bytesize

import (
	"bytes"
	"strconv"
	"strings"
)

// names are the units, each 1,024 of the one before.
var names = [...]string{"B", "KB", "MB", "GB", "TB", "PB"}

// Unit is the number of bytes in a unit, B to PB, letter case aside; 0 for what is
// none.
func Unit(name string) uint64 {
	for i, n := range names {
		if strings.EqualFold(n, name) {
			return 1 << (10 * i)
		}
	}
	return 0
}

// Scale is the unit that an amount of bytes is read in best, and its number of
// bytes.
func Scale(amount float64) (unit string, size float64) {
	size = 1
	for _, name := range names[:len(names)-1] {
		if amount < size*1024 {
			return name, size
		}
		size *= 1024
	}
	return names[len(names)-1], size
}

// Exact reads Exchange's text for an amount of data, such as
// 99 GB (106,300,440,576 bytes), whatever the culture's separators; size is in
// bytes. ok is false for any other text, Unlimited among them.
func Exact(text []byte) (size uint64, ok bool) {
	body, isSize := bytes.CutSuffix(text, []byte(" bytes)"))
	if !isSize || len(body) == 0 || body[0] < '0' || body[0] > '9' {
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

// Parse reads what a person types for a number or an amount of data: 5, -1.5,
// 10 MB, or a text of Exact.
func Parse(text string) (v float64, ok bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if size, exact := Exact([]byte(text)); exact {
		return float64(size), true
	}
	number, size := text, uint64(1)
	if rest, found := strings.CutSuffix(text, "bytes"); found {
		number = rest
	} else if unit := strings.TrimLeft(text, "0123456789.e+- "); Unit(unit) != 0 {
		number, size = text[:len(text)-len(unit)], Unit(unit)
	}
	number = strings.TrimSpace(number)
	if number == "" || strings.Trim(number, "0123456789.e+-") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(number, 64)
	return v * float64(size), err == nil
}

// Append writes an amount of bytes as Exchange does: 99 GB (106,300,440,576 bytes).
func Append(dst []byte, size int64) []byte {
	unit, of := Scale(float64(size))
	dst = append(strconv.AppendFloat(dst, float64(size)/of, 'g', 4, 64), ' ')
	dst = append(append(dst, unit...), " ("...)
	var room [20]byte
	number := strconv.AppendInt(room[:0], size, 10)
	for i := range len(number) {
		if i > 0 && (len(number)-i)%3 == 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, number[i])
	}
	return append(dst, " bytes)"...)
}
