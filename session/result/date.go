package result

import "time"

// Seconds from 0001-01-01 to 1970-01-01.
const secondsToUnix = 62135596800

// clock gives the time on the clock that t shows, as if it were UTC, and the fraction of
// its second in ticks.
func (t Time) clock() (time.Time, int64) {
	seconds, fraction := t.Ticks/ticksPerSecond, t.Ticks%ticksPerSecond
	if fraction < 0 {
		seconds, fraction = seconds-1, fraction+ticksPerSecond
	}
	return time.Unix(seconds-secondsToUnix, 0).UTC(), fraction
}

// Time gives the Go time: in UTC, in a zone of the offset, or in UTC too when the value
// does not say where.
func (t Time) Time() time.Time {
	clock, fraction := t.clock()
	clock = clock.Add(time.Duration(fraction) * 100)
	if t.Kind != TimeLocal {
		return clock
	}
	zone := time.FixedZone("", int(t.OffsetMinutes)*60)
	return clock.Add(-time.Duration(t.OffsetMinutes) * time.Minute).In(zone)
}

// instant gives ticks that order times: in UTC where the zone is known.
func (t Time) instant() int64 {
	if t.Kind == TimeLocal {
		return t.Ticks - int64(t.OffsetMinutes)*60*ticksPerSecond
	}
	return t.Ticks
}

func (d dateForm) append(dst []byte, t Time) []byte {
	clock, fraction := t.clock()
	year, month, day := clock.Date()
	if d == dateInvariant {
		dst = append(appendPadded(dst, uint64(month), 2), '/')
		dst = append(appendPadded(dst, uint64(day), 2), '/')
		dst = append(appendPadded(dst, uint64(year), 4), ' ')
		return appendClock(dst, clock.Hour(), clock.Minute(), clock.Second())
	}
	dst = append(appendPadded(dst, uint64(year), 4), '-')
	dst = append(appendPadded(dst, uint64(month), 2), '-')
	dst = appendPadded(dst, uint64(day), 2)
	if d == dateISO {
		dst = append(dst, 'T')
	} else {
		dst = append(dst, ' ')
	}
	dst = appendClock(dst, clock.Hour(), clock.Minute(), clock.Second())
	if d == dateISO && fraction > 0 {
		dst = append(dst, '.')
		dst = appendPadded(dst, uint64(fraction), 7)
		for dst[len(dst)-1] == '0' {
			dst = dst[:len(dst)-1]
		}
	}
	return t.appendZone(dst)
}

func (t Time) appendZone(dst []byte) []byte {
	switch t.Kind {
	case TimeUTC:
		return append(dst, 'Z')
	case TimeLocal:
		offset := int(t.OffsetMinutes)
		if offset < 0 {
			dst, offset = append(dst, '-'), -offset
		} else {
			dst = append(dst, '+')
		}
		dst = append(appendPadded(dst, uint64(offset/60), 2), ':')
		return appendPadded(dst, uint64(offset%60), 2)
	}
	return dst
}
