package exchange

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// spanOf reads an xs:duration of days, hours, minutes and seconds, or .NET's
// [d.]hh:mm:ss; what cannot be read is no time at all.
func spanOf(text string) time.Duration {
	if strings.HasPrefix(text, "P") {
		return isoSpan(text[1:])
	}
	days, clock, found := strings.Cut(text, ".")
	if !found || strings.Contains(days, ":") {
		days, clock = "0", text
	}
	var d, h, m, s int
	if _, err := fmt.Sscanf(days+" "+strings.ReplaceAll(clock, ":", " "), "%d %d %d %d", &d, &h, &m, &s); err != nil {
		return 0
	}
	return time.Duration(((d*24+h)*60+m)*60+s) * time.Second
}

func isoSpan(text string) time.Duration {
	var total time.Duration
	units := map[byte]time.Duration{'D': 24 * time.Hour, 'H': time.Hour, 'M': time.Minute, 'S': time.Second}
	number := ""
	for i := range len(text) {
		switch unit, known := units[text[i]]; {
		case known:
			f, err := strconv.ParseFloat(number, 64)
			if err != nil {
				return 0
			}
			total, number = total+time.Duration(f*float64(unit)), ""
		case text[i] != 'T':
			number += text[i : i+1]
		}
	}
	return total
}

// spanText writes a span as .NET does: [d.]hh:mm:ss.
func spanText(d time.Duration) string {
	text := fmt.Sprintf("%02d:%02d:%02d", d/time.Hour%24, d/time.Minute%60, d/time.Second%60)
	if days := d / (24 * time.Hour); days != 0 {
		text = fmt.Sprintf("%d.%s", days, text)
	}
	return text
}

// isoText writes a span as an xs:duration.
func isoText(d time.Duration) string {
	text := "P"
	if days := d / (24 * time.Hour); days > 0 {
		text += fmt.Sprintf("%dD", days)
	}
	if rest := d % (24 * time.Hour); rest > 0 || d == 0 {
		text += "T"
		for _, u := range []struct {
			unit   time.Duration
			letter string
		}{{time.Hour, "H"}, {time.Minute, "M"}, {time.Second, "S"}} {
			if n := rest / u.unit; n > 0 || d == 0 && u.letter == "S" {
				text += fmt.Sprintf("%d%s", n, u.letter)
			}
			rest %= u.unit
		}
	}
	return text
}
