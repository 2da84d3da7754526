package job

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"postroom/session/bytesize"
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
		if have, sized := bytesize.Exact([]byte(text)); sized {
			if want, ok := bytesize.Parse(fmt.Sprint(literal)); ok {
				return cmp.Compare(float64(have), want), true
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
