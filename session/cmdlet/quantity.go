package cmdlet

import (
	"math"
	"strconv"
	"strings"
	"time"

	"postroom/session/bytesize"
)

// dateLayouts are tried in order. Those without a zone are in the zone of the clock.
var dateLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04Z07:00",
	"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02",
	"1/2/2006 15:04:05", "1/2/2006 15:04", "1/2/2006 3:04:05 PM", "1/2/2006 3:04 PM", "1/2/2006",
	"2.1.2006 15:04:05", "2.1.2006 15:04", "2.1.2006",
}

func parseDate(text string, zone *time.Location) (time.Time, bool) {
	text = strings.ToUpper(strings.Join(strings.Fields(text), " "))
	for _, layout := range dateLayouts {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// parseDuration reads .NET's [-][d.]hh:mm[:ss[.fffffff]] or its number of days, or sums
// such as 1d12h, 90m, 30s.
func parseDuration(text string) (any, Want) {
	text = strings.ToLower(strings.TrimSpace(text))
	body, negative := strings.CutPrefix(text, "-")
	var seconds float64
	var ok bool
	if strings.Contains(body, ":") {
		return clockDuration(body, negative)
	}
	if isDigits(body) {
		body += "d" // as TimeSpan.Parse has it
	}
	seconds, ok = unitSum(body)
	if !ok {
		return nil, WantKind
	}
	if negative {
		seconds = -seconds
	}
	nanoseconds := math.Round(seconds * 1e9)
	if math.Abs(nanoseconds) >= math.MaxInt64 {
		return nil, WantRange
	}
	return time.Duration(nanoseconds), wantNothing
}

func unitSum(text string) (seconds float64, ok bool) {
	units := map[byte]float64{'d': 86400, 'h': 3600, 'm': 60, 's': 1, 'w': 7 * 86400}
	for text != "" {
		end := strings.IndexAny(text, "wdhms")
		if end <= 0 || strings.Trim(text[:end], "0123456789.") != "" {
			return 0, false
		}
		n, err := strconv.ParseFloat(text[:end], 64)
		if err != nil {
			return 0, false
		}
		seconds += n * units[text[end]]
		ok = true
		text = strings.TrimSpace(text[end+1:])
	}
	return seconds, ok
}

// clockDuration reads [d.]hh:mm[:ss[.fffffff]] exactly.
func clockDuration(text string, negative bool) (any, Want) {
	parts := strings.Split(text, ":")
	if len(parts) > 3 {
		return nil, WantKind
	}
	var days, fraction string
	if before, after, ok := strings.Cut(parts[0], "."); ok {
		days, parts[0] = before, after
	} else {
		days = "0"
	}
	if len(parts) == 3 {
		parts[2], fraction, _ = strings.Cut(parts[2], ".")
	}
	total := int64(0)
	for i, field := range append([]string{days}, parts...) {
		n, err := strconv.ParseUint(field, 10, 31)
		if err != nil || i == 1 && n > 23 || i > 1 && n > 59 {
			return nil, WantKind
		}
		total += int64(n) * [...]int64{86400, 3600, 60, 1}[i]
	}
	if len(fraction) > 7 || strings.Trim(fraction, "0123456789") != "" {
		return nil, WantKind
	}
	if total >= math.MaxInt64/int64(time.Second) {
		return nil, WantRange
	}
	nanoseconds, _ := strconv.ParseInt((fraction + "000000000")[:9], 10, 64) // digits only, see above
	d := time.Duration(total)*time.Second + time.Duration(nanoseconds)
	if negative {
		d = -d
	}
	return d, wantNothing
}

// parseByteSize reads an amount of data as bytes: a number, or a number with a unit.
// Exchange's own text with the bytes in parentheses stays that text, which a server reads.
func parseByteSize(text string) (any, Want) {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "(") {
		if _, exact := bytesize.Exact([]byte(text)); !exact {
			return nil, WantKind
		}
		return text, wantNothing
	}
	compact := strings.ToLower(strings.Join(strings.Fields(text), ""))
	if number, ok := strings.CutSuffix(compact, "b"); ok && isDigits(number) {
		compact = number
	}
	v, ok := parseNumber(compact)
	switch n := v.(type) {
	case int64:
		return n, wantIf(n < 0, WantRange)
	case float64:
		if n < 0 || n >= math.MaxInt64 {
			return nil, WantRange
		}
		return int64(math.Round(n)), wantNothing
	}
	if ok || isDigits(compact) {
		return nil, WantRange
	}
	return nil, WantKind
}
