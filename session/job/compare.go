package job

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"postroom/session/result"
)

// compare puts a cell beside a literal: below zero when the cell comes first. As
// in PowerShell the cell decides what the literal is read as. comparable is false
// where there is no order between them.
func compare(v result.Value, text string, literal any, exact bool) (order int, comparable bool) {
	switch v.Kind {
	case result.KindNull, result.KindAbsent:
		return 0, false
	case result.KindBool:
		want, ok := literal.(bool)
		if s, isText := literal.(string); isText {
			parsed, err := strconv.ParseBool(s)
			want, ok = parsed, err == nil
		}
		return cmp.Compare(number(v.Bool), number(want)), ok
	case result.KindInt, result.KindUint, result.KindFloat, result.KindDecimal:
		have, err := strconv.ParseFloat(text, 64)
		want, ok := float(literal)
		return cmp.Compare(have, want), ok && err == nil
	case result.KindTime:
		want, ok := moment(literal)
		return v.Time.Time().Compare(want), ok
	case result.KindText:
		if have, sized := size(text); sized {
			if want, ok := bytesOf(literal); ok {
				return cmp.Compare(have, want), true
			}
		}
	}
	want := fmt.Sprint(literal)
	if !exact {
		text, want = strings.ToLower(text), strings.ToLower(want)
	}
	return strings.Compare(text, want), true
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

func float(literal any) (float64, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(fmt.Sprint(literal)), 64)
	return f, err == nil
}

// moment reads a date as a person writes it: without a zone it is local time.
func moment(literal any) (time.Time, bool) {
	if t, ok := literal.(time.Time); ok {
		return t, true
	}
	text := strings.TrimSpace(fmt.Sprint(literal))
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// size reads what Exchange shows of a ByteQuantifiedSize: 1.5 GB (1,610,612,736
// bytes).
func size(text string) (bytes float64, is bool) {
	_, rest, found := strings.Cut(text, "(")
	digits, ends := strings.CutSuffix(rest, " bytes)")
	if !found || !ends {
		return 0, false
	}
	n, err := strconv.ParseFloat(strings.ReplaceAll(digits, ",", ""), 64)
	return n, err == nil
}

// bytesOf reads a literal as a number of bytes: 10GB, 500 MB, 1024.
func bytesOf(literal any) (float64, bool) {
	text := strings.ToUpper(strings.TrimSpace(fmt.Sprint(literal)))
	if n, sized := size(strings.ToLower(text)); sized {
		return n, true
	}
	factor := 1.0
	for i, unit := range []string{"KB", "MB", "GB", "TB", "PB"} {
		if rest, has := strings.CutSuffix(text, unit); has {
			text, factor = strings.TrimSpace(rest), float64(int64(1)<<(10*(i+1)))
			break
		}
	}
	n, err := strconv.ParseFloat(text, 64)
	return n * factor, err == nil
}
