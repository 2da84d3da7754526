package wsman

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"
)

var durationForm = regexp.MustCompile(
	`^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d*)?)S)?)?$`)

// parseDuration reads an xs:duration. A year counts 365 days and a month 30:
// servers use neither. What is longer than a time.Duration can hold becomes
// the longest one, as servers write "no limit" so.
func parseDuration(s string) (time.Duration, error) {
	m := durationForm.FindStringSubmatch(s)
	if m == nil || s[len(s)-1] == 'P' || s[len(s)-1] == 'T' {
		return 0, fmt.Errorf("%q is not a duration", s)
	}
	seconds := 0.0
	for i, unit := range []float64{365 * 86400, 30 * 86400, 86400, 3600, 60, 1} {
		if m[i+2] == "" {
			continue
		}
		n, err := strconv.ParseFloat(m[i+2], 64)
		if err != nil {
			return 0, fmt.Errorf("%q is not a duration: %w", s, err)
		}
		seconds += n * unit
	}
	d := time.Duration(math.MaxInt64)
	if seconds < d.Seconds() {
		d = time.Duration(math.Round(seconds*1000)) * time.Millisecond
	}
	if m[1] == "-" {
		d = -d
	}
	return d, nil
}
