package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"postroom/session/result"
)

// value is what an expression computes: nil, bool, float64 (also an amount of
// data in bytes), string, time.Time, time.Duration, or []string.
type value any

// fromCell gives the value of a cell.
func fromCell(c result.Value) value {
	switch c.Kind {
	case result.KindBool:
		return c.Bool
	case result.KindInt:
		return float64(c.Int)
	case result.KindUint:
		return float64(c.Uint)
	case result.KindFloat:
		return c.Float
	case result.KindDecimal:
		if f, err := strconv.ParseFloat(c.Text, 64); err == nil {
			return f
		}
		return c.Text
	case result.KindTime:
		return c.Time.Time()
	case result.KindDuration:
		return ofTicks(c.Int)
	case result.KindList:
		return c.Items
	case result.KindText, result.KindNested:
		return c.Text
	}
	return nil
}

// ofTicks gives a length of time in .NET's ticks of 100 ns, at most what Go
// can hold: 292 years.
func ofTicks(ticks int64) time.Duration {
	const most = int64(math.MaxInt64 / 100)
	return time.Duration(max(-most, min(most, ticks)) * 100)
}

// put adds a value to a row under a name.
func put(to result.Appender, name string, v value) {
	n := []byte(name)
	switch v := v.(type) {
	case nil:
		to.Null(n)
	case bool:
		to.Bool(n, v)
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			to.Int(n, int64(v))
		} else {
			to.Float(n, math.Round(v*100)/100)
		}
	case string:
		to.Text(n, []byte(v))
	case time.Time:
		to.Time(n, ticksOf(v))
	case time.Duration:
		to.Duration(n, int64(v/100))
	case []string:
		items := make([][]byte, len(v))
		for i, item := range v {
			items[i] = []byte(item)
		}
		to.List(n, items, nil)
	}
}

// ticksOf gives a time as .NET counts it.
func ticksOf(t time.Time) result.Time {
	_, offset := t.Zone()
	kind := result.TimeLocal
	if t.Location() == time.UTC {
		kind, offset = result.TimeUTC, 0
	}
	wall := t.Add(time.Duration(offset) * time.Second).UTC()
	days := int64(wall.Sub(time.Unix(0, 0)) / 100)
	return result.Time{Ticks: days + unixTicks, Kind: kind, OffsetMinutes: int16(offset / 60)} //nolint:gosec // a zone is within 14 hours
}

// unixTicks is 1970-01-01 in ticks of 100 ns since 0001-01-01.
const unixTicks = 621_355_968_000_000_000

// text is how a value reads.
func text(v value) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return "True"
		}
		return "False"
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		return v
	case time.Time:
		return v.Format(time.RFC3339)
	case time.Duration:
		return v.String()
	case []string:
		return strings.Join(v, "; ")
	}
	return fmt.Sprint(v)
}

// empty is what has nothing in it: null, no text, no item. Exchange writes
// nothing as text in places, too.
func empty(v value) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []string:
		return !slices.ContainsFunc(v, func(item string) bool { return item != "" })
	case time.Time:
		return v.IsZero()
	}
	return false
}

// truth is what a condition makes of a value: what is there and is neither
// false nor zero.
func truth(v value) bool {
	switch v := v.(type) {
	case bool:
		return v
	case float64:
		return v != 0
	case string: // Exchange sends some booleans as text
		return !empty(v) && !strings.EqualFold(v, "False")
	}
	return !empty(v)
}

// items is a value as a list.
func items(v value) []string {
	if list, ok := v.([]string); ok {
		return list
	}
	if empty(v) {
		return nil
	}
	return []string{text(v)}
}

// number reads a value as a number; ok is false where it is none.
func number(v value) (n float64, ok bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	case time.Duration:
		return v.Hours() / 24, true
	case string:
		n, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		return n, err == nil
	}
	return 0, false
}

// moment reads a value as a time; a text without a zone is UTC, as Exchange's
// texts are.
func moment(v value) (t time.Time, ok bool) {
	switch v := v.(type) {
	case time.Time:
		return v, !v.IsZero()
	case string:
		for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02", "1/2/2006 3:04:05 PM", "1/2/2006"} {
			if t, err := time.Parse(form, strings.TrimSpace(v)); err == nil {
				return t, true
			}
		}
	}
	return time.Time{}, false
}
