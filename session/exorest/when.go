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
// behind it: what nothing follows is of a zone that nobody knows.
func parseTime(text []byte) (result.Time, bool) {
	seconds, ok := secondsOf(text)
	if !ok {
		return result.Time{}, false
	}
	fraction, rest, ok := ticksOf(text[len(clockForm):])
	if !ok {
		return result.Time{}, false
	}
	t := result.Time{Ticks: seconds*ticksPerSecond + fraction}
	ok = zoneOf(rest, &t)
	return t, ok
}

// clockForm is how a date and a time of day are written.
const clockForm = "2006-01-02T15:04:05"

// secondsOf reads date and time of day, as seconds since the year 1.
func secondsOf(text []byte) (int64, bool) {
	if len(text) < len(clockForm) {
		return 0, false
	}
	for i, c := range []byte(clockForm) {
		if (c == '-' || c == ':' || c == 'T') && text[i] != c {
			return 0, false
		}
	}
	var f [6]int
	for i, span := range [...][2]int{{0, 4}, {5, 7}, {8, 10}, {11, 13}, {14, 16}, {17, 19}} {
		n, ok := digits(text[span[0]:span[1]])
		if !ok {
			return 0, false
		}
		f[i] = n
	}
	at := time.Date(f[0], time.Month(f[1]), f[2], f[3], f[4], f[5], 0, time.UTC)
	year, month, day := at.Date()
	hour, minute, second := at.Clock()
	read := [6]int{year, int(month), day, hour, minute, second} // not the 31st of February
	return at.Unix() + secondsToUnix, read == f && year > 0
}

// zoneOf reads what stands behind a time.
func zoneOf(rest []byte, t *result.Time) bool {
	switch {
	case len(rest) == 0:
		t.Kind = result.TimeUnspecified
		return true
	case string(rest) == "Z":
		t.Kind = result.TimeUTC
		return true
	case len(rest) != len("+01:00") || rest[0] != '+' && rest[0] != '-' || rest[3] != ':':
		return false
	}
	hours, okHours := digits(rest[1:3])
	minutes, okMinutes := digits(rest[4:6])
	if !okHours || !okMinutes || hours > 14 || minutes > 59 {
		return false
	}
	t.Kind, t.OffsetMinutes = result.TimeLocal, int16(60*hours+minutes)
	if rest[0] == '-' {
		t.OffsetMinutes = -t.OffsetMinutes
	}
	return true
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
	if dot := bytes.IndexByte(text, '.'); dot >= 0 && dot < bytes.IndexByte(text, ':') {
		if days, ok = digits(text[:dot]); !ok || days > 10675199 {
			return 0, false
		}
		text = text[dot+1:]
	}
	if ticks, ok = clockTicks(text); !ok {
		return 0, false
	}
	ticks += int64(days) * 24 * 3600 * ticksPerSecond
	if negative {
		ticks = -ticks
	}
	return ticks, true
}

// clockTicks reads hh:mm:ss[.fffffff].
func clockTicks(text []byte) (int64, bool) {
	if len(text) < len("00:00:00") || text[2] != ':' || text[5] != ':' {
		return 0, false
	}
	total := 0
	for i, most := range []int{23, 59, 59} {
		n, ok := digits(text[3*i : 3*i+2])
		if !ok || n > most {
			return 0, false
		}
		total = 60*total + n
	}
	fraction, rest, ok := ticksOf(text[8:])
	return int64(total)*ticksPerSecond + fraction, ok && len(rest) == 0
}
