package result

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// relative is a length of time back from now as a person types it: `30 days`, `12 h`,
// `3 Monate`; a number alone is days.
type relative struct {
	months, days int
	length       time.Duration
}

var relativeUnits = map[string]relative{
	"":  {days: 1},
	"d": {days: 1}, "day": {days: 1}, "days": {days: 1}, "t": {days: 1}, "tag": {days: 1}, "tage": {days: 1}, "tagen": {days: 1},
	"w": {days: 7}, "week": {days: 7}, "weeks": {days: 7}, "woche": {days: 7}, "wochen": {days: 7},
	"month": {months: 1}, "months": {months: 1}, "monat": {months: 1}, "monate": {months: 1}, "monaten": {months: 1},
	"y": {months: 12}, "year": {months: 12}, "years": {months: 12}, "jahr": {months: 12}, "jahre": {months: 12}, "jahren": {months: 12},
	"h": {length: time.Hour}, "hour": {length: time.Hour}, "hours": {length: time.Hour}, "std": {length: time.Hour}, "stunde": {length: time.Hour}, "stunden": {length: time.Hour},
	"min": {length: time.Minute}, "minute": {length: time.Minute}, "minutes": {length: time.Minute}, "minuten": {length: time.Minute},
}

// parseRelative reads a number and a unit.
func parseRelative(text string) (r relative, ok bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	end := strings.IndexFunc(text, func(c rune) bool { return !unicode.IsDigit(c) })
	if end < 0 {
		end = len(text)
	}
	n, err := strconv.Atoi(text[:end])
	if err != nil || n > 1_000_000 {
		return relative{}, false
	}
	unit, ok := relativeUnits[strings.TrimSpace(text[end:])]
	return relative{months: n * unit.months, days: n * unit.days, length: time.Duration(n) * unit.length}, ok
}

// Ago reads a length of time back from now as the filters do (`30 days`, `12 h`), and gives
// the point in time. ok is false for another text.
func Ago(text string, now time.Time) (at time.Time, ok bool) {
	r, ok := parseRelative(text)
	return r.before(now), ok
}

// before gives the point in time that is so long before now.
func (r relative) before(now time.Time) time.Time {
	return now.AddDate(0, -r.months, -r.days).Add(-r.length)
}

// ticks is the length itself, a month taken for 30 days.
func (r relative) ticks() int64 {
	return int64(r.months*30+r.days)*ticksPerDay + int64(r.length/100)
}
