package exorest

import (
	"bytes"
	"strings"
	"time"

	"postroom/session/result"
)

const (
	ticksPerSecond = 10_000_000
	// secondsToUnix are those from 0001-01-01 to 1970-01-01.
	secondsToUnix = 62135596800
)

// parseTime reads 2024-03-31T08:07:47.1234567, with Z, an offset or nothing
// behind it: what nothing follows is of a zone that nobody knows. An offset of
// zero is UTC.
func parseTime(text []byte) (result.Time, bool) {
	if len(text) < len("2006-01-02T15:04:05") || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' {
		return result.Time{}, false
	}
	var f [6]int
	for i, span := range [...][2]int{{0, 4}, {5, 7}, {8, 10}, {11, 13}, {14, 16}, {17, 19}} {
		n, ok := digits(text[span[0]:span[1]])
		if !ok {
			return result.Time{}, false
		}
		f[i] = n
	}
	at := time.Date(f[0], time.Month(f[1]), f[2], f[3], f[4], f[5], 0, time.UTC)
	if at.Year() != f[0] || int(at.Month()) != f[1] || at.Day() != f[2] || at.Hour() != f[3] || at.Minute() != f[4] || at.Second() != f[5] || f[0] < 1 {
		return result.Time{}, false // such as the 31st of February
	}
	fraction, rest, ok := ticksOf(text[19:])
	if !ok {
		return result.Time{}, false
	}
	t := result.Time{Ticks: (at.Unix()+secondsToUnix)*ticksPerSecond + fraction}
	switch {
	case len(rest) == 0:
		t.Kind = result.TimeUnspecified
	case string(rest) == "Z":
		t.Kind = result.TimeUTC
	case len(rest) == len("+01:00") && (rest[0] == '+' || rest[0] == '-') && rest[3] == ':':
		hours, okHours := digits(rest[1:3])
		minutes, okMinutes := digits(rest[4:6])
		if !okHours || !okMinutes || hours > 14 || minutes > 59 {
			return result.Time{}, false
		}
		t.Kind, t.OffsetMinutes = result.TimeLocal, int16(60*hours+minutes)
		if rest[0] == '-' {
			t.OffsetMinutes = -t.OffsetMinutes
		}
		if t.OffsetMinutes == 0 {
			t.Kind = result.TimeUTC
		}
	default:
		return result.Time{}, false
	}
	return t, true
}

func digits(text []byte) (n int, ok bool) {
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(text) > 0
}

// ticksOf reads .1234567; rest is what follows. Digits beyond the seventh are
// dropped.
func ticksOf(text []byte) (ticks int64, rest []byte, ok bool) {
	if len(text) == 0 || text[0] != '.' {
		return 0, text, true
	}
	n := 0
	for text = text[1:]; len(text) > 0 && '0' <= text[0] && text[0] <= '9'; text = text[1:] {
		if n < 7 {
			ticks = ticks*10 + int64(text[0]-'0')
		}
		n++
	}
	for i := n; i < 7; i++ {
		ticks *= 10
	}
	return ticks, text, n > 0
}

// looksLikeSpan is a quick look for [-][d.]hh:mm:ss[.fffffff].
func looksLikeSpan(text []byte) bool {
	return len(text) >= 8 && len(text) <= 26 && text[len(text)-1]-'0' <= 9 && (text[0]-'0' <= 9 || text[0] == '-') && bytes.IndexByte(text, ':') > 0
}

// spanEnds are the ends of the names of properties that hold a length of time:
// the service writes it as bare text.
func spanEnds() []string {
	return []string{
		"agelimit", "interval", "timeout", "duration", "period", "lifetime", "retaindeleteditemsfor", "timewindow", "latency",
		"itemage", "timespan", "resetinterval",
	}
}

// isSpanProperty says by its name that a property holds a length of time.
func isSpanProperty(name []byte) bool {
	lower := strings.ToLower(string(name))
	for _, end := range spanEnds() {
		if strings.HasSuffix(lower, end) {
			return true
		}
	}
	return false
}

// parseSpan reads .NET's constant form of a length of time, in ticks.
func parseSpan(text []byte) (ticks int64, ok bool) {
	negative := len(text) > 0 && text[0] == '-'
	if negative {
		text = text[1:]
	}
	days := 0
	for i, c := range text {
		if c == ':' {
			break
		}
		if c == '.' {
			if days, ok = digits(text[:i]); !ok || days > 10675199 {
				return 0, false
			}
			text = text[i+1:]
			break
		}
	}
	if len(text) < len("00:00:00") || text[2] != ':' || text[5] != ':' {
		return 0, false
	}
	hours, okHours := digits(text[:2])
	minutes, okMinutes := digits(text[3:5])
	seconds, okSeconds := digits(text[6:8])
	fraction, rest, okFraction := ticksOf(text[8:])
	if !okHours || !okMinutes || !okSeconds || !okFraction || len(rest) > 0 || hours > 23 || minutes > 59 || seconds > 59 {
		return 0, false
	}
	whole := ((int64(days)*24+int64(hours))*60+int64(minutes))*60 + int64(seconds)
	ticks = whole*ticksPerSecond + fraction
	if negative {
		ticks = -ticks
	}
	return ticks, true
}
