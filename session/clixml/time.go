package clixml

import (
	"math"
	"strconv"
	"time"
)

// DateTimeKind says what a [DateTime] is relative to.
type DateTimeKind uint8

// The kinds of System.DateTime.
const (
	Unspecified DateTimeKind = iota // no zone on the wire
	UTC                             // "Z" on the wire
	Local                           // an offset on the wire
)

// DateTime is a System.DateTime (element DT, [MS-PSRP] 2.2.5.1.5) as the wire
// shows it: the clock of its own zone, to 100 ns, years 1 to 9999.
type DateTime struct {
	Ticks         int64 // 100 ns since 0001-01-01T00:00:00 on the clock it shows
	Kind          DateTimeKind
	OffsetMinutes int16 // east of UTC, -840 to 840; Local only
}

// Duration is a System.TimeSpan (element TS, [MS-PSRP] 2.2.5.1.6) in units of
// 100 ns.
type Duration int64

const (
	ticksPerSecond = 10_000_000
	ticksPerMinute = 60 * ticksPerSecond
	ticksPerHour   = 60 * ticksPerMinute
	ticksPerDay    = 24 * ticksPerHour
	maxTicks       = 3_155_378_975_999_999_999 // 9999-12-31T23:59:59.9999999
	unixTicks      = 621_355_968_000_000_000   // 1970-01-01
)

// DateTimeOf gives t as a DateTime of Kind UTC if t is in UTC, else Local
// with t's offset (whole minutes). Fractions of 100 ns are cut.
func DateTimeOf(t time.Time) DateTime {
	_, off := t.Zone()
	shown := t.Unix() + int64(off)
	d := DateTime{Ticks: unixTicks + shown*ticksPerSecond + int64(t.Nanosecond()/100)}
	if t.Location() == time.UTC {
		d.Kind = UTC
	} else {
		d.Kind, d.OffsetMinutes = Local, int16(off/60)
	}
	return d
}

// Time gives the point in time: in UTC for UTC, in a fixed zone for Local. An
// Unspecified clock is taken as it stands, in UTC.
func (d DateTime) Time() time.Time {
	ticks := d.Ticks
	loc := time.UTC
	if d.Kind == Local {
		ticks -= int64(d.OffsetMinutes) * ticksPerMinute
		loc = time.FixedZone("", int(d.OffsetMinutes)*60)
	}
	ticks -= unixTicks
	return time.Unix(floorDiv(ticks, ticksPerSecond), (ticks-floorDiv(ticks, ticksPerSecond)*ticksPerSecond)*100).In(loc)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// String gives the form of the wire: yyyy-MM-ddTHH:mm:ss, up to 7 digits of a
// second without trailing zeros, and nothing, "Z" or "+hh:mm".
func (d DateTime) String() string { return string(d.append(nil)) }

// AppendText appends that form; the error is nil.
func (d DateTime) AppendText(dst []byte) ([]byte, error) { return d.append(dst), nil }

func (d DateTime) append(dst []byte) []byte {
	y, m, day := civil(d.Ticks / ticksPerDay)
	dst = appendDigits(dst, y, 4)
	dst = appendDigits(append(dst, '-'), m, 2)
	dst = appendDigits(append(dst, '-'), day, 2)
	dst = appendClock(append(dst, 'T'), d.Ticks%ticksPerDay)
	dst = appendFraction(dst, d.Ticks%ticksPerSecond)
	switch d.Kind {
	case UTC:
		dst = append(dst, 'Z')
	case Local:
		off := int64(d.OffsetMinutes)
		sign := byte('+')
		if off < 0 {
			sign, off = '-', -off
		}
		dst = appendDigits(append(dst, sign), off/60, 2)
		dst = appendDigits(append(dst, ':'), off%60, 2)
	}
	return dst
}

// appendDisplay writes what DateTime.ToString gives in the invariant culture.
func (d DateTime) appendDisplay(dst []byte) []byte {
	y, m, day := civil(d.Ticks / ticksPerDay)
	dst = appendDigits(dst, m, 2)
	dst = appendDigits(append(dst, '/'), day, 2)
	dst = appendDigits(append(dst, '/'), y, 4)
	return appendClock(append(dst, ' '), d.Ticks%ticksPerDay)
}

// appendClock writes hh:mm:ss of ticks within a day.
func appendClock(dst []byte, ticks int64) []byte {
	dst = appendDigits(dst, ticks/ticksPerHour, 2)
	dst = appendDigits(append(dst, ':'), ticks/ticksPerMinute%60, 2)
	return appendDigits(append(dst, ':'), ticks/ticksPerSecond%60, 2)
}

func appendDigits(dst []byte, n int64, width int) []byte {
	var b [20]byte
	i := len(b)
	for ; width > 0 || n > 0; width-- {
		i--
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return append(dst, b[i:]...)
}

// appendFraction writes .ffff of ticks within a second, nothing for zero.
func appendFraction(dst []byte, ticks int64) []byte {
	if ticks == 0 {
		return dst
	}
	dst = appendDigits(append(dst, '.'), ticks, 7)
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// civil turns days since 0001-01-01 into a date of the Gregorian calendar.
func civil(days int64) (y, m, d int64) {
	n := days + 306 // days since 0000-03-01
	era := n / 146097
	doe := n % 146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d = doy - (153*mp+2)/5 + 1
	m, y = mp+3, yoe+era*400
	if m > 12 {
		m, y = m-12, y+1
	}
	return y, m, d
}

// daysOf is the inverse of civil.
func daysOf(y, m, d int64) int64 {
	if m <= 2 {
		y, m = y-1, m+12
	}
	era := y / 400
	yoe := y % 400
	doy := (153*(m-3)+2)/5 + d - 1
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 306
}

func daysIn(y, m int64) int64 {
	switch m {
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// fixed reads exactly n digits at t[0].
func fixed(t []byte, n int) (int64, bool) {
	if len(t) < n {
		return 0, false
	}
	var v int64
	for _, c := range t[:n] {
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + int64(c-'0')
	}
	return v, true
}

// parseDateTime reads xs:dateTime, xs:date, xs:gYearMonth or xs:gYear, as .NET's
// XmlConvert does.
func parseDateTime(t []byte) (d DateTime, ok bool) {
	if d, ok = parseFullDate(t); ok {
		return d, true
	}
	d = DateTime{}
	if d.Ticks, t, ok = parseShortDate(t); !ok {
		return d, false
	}
	return d, parseZone(t, &d)
}

func parseFullDate(t []byte) (d DateTime, ok bool) {
	if d.Ticks, ok = parseDate(t); !ok {
		return d, false
	}
	t = t[10:]
	if len(t) > 0 && t[0] == 'T' {
		var ticks int64
		if ticks, t, ok = parseClock(t[1:]); !ok {
			return d, false
		}
		d.Ticks += ticks
	}
	if d.Ticks > maxTicks {
		return d, false
	}
	return d, parseZone(t, &d)
}

// parseDate reads yyyy-mm-dd, the first ten bytes of t, as ticks.
func parseDate(t []byte) (ticks int64, ok bool) {
	if len(t) < 10 || t[4] != '-' || t[7] != '-' {
		return 0, false
	}
	y, ok1 := fixed(t, 4)
	m, ok2 := fixed(t[5:], 2)
	day, ok3 := fixed(t[8:], 2)
	if !ok1 || !ok2 || !ok3 || y < 1 || m < 1 || m > 12 || day < 1 || day > daysIn(y, m) {
		return 0, false
	}
	return daysOf(y, m, day) * ticksPerDay, true
}

// parseShortDate reads a year or a year and a month, which mean their first day,
// and gives what follows.
func parseShortDate(t []byte) (ticks int64, rest []byte, ok bool) {
	y, ok := fixed(t, 4)
	if !ok || y < 1 {
		return 0, nil, false
	}
	t = t[4:]
	month := int64(1)
	if len(t) > 2 && t[0] == '-' && (len(t) == 3 || t[3] != ':') { // else it is a zone
		if month, ok = fixed(t[1:], 2); !ok || month < 1 || month > 12 {
			return 0, nil, false
		}
		t = t[3:]
	}
	return daysOf(y, month, 1) * ticksPerDay, t, true
}

// parseClock reads hh:mm:ss with a fraction and gives what follows. 24:00:00
// is the end of the day.
func parseClock(t []byte) (ticks int64, rest []byte, ok bool) {
	if len(t) < 8 || t[2] != ':' || t[5] != ':' {
		return 0, nil, false
	}
	h, ok1 := fixed(t, 2)
	m, ok2 := fixed(t[3:], 2)
	s, ok3 := fixed(t[6:], 2)
	if !ok1 || !ok2 || !ok3 || h > 24 || m > 59 || s > 59 {
		return 0, nil, false
	}
	ticks = h*ticksPerHour + m*ticksPerMinute + s*ticksPerSecond
	t = t[8:]
	if len(t) > 0 && t[0] == '.' {
		f, n := fraction(t[1:])
		if n == 0 {
			return 0, nil, false
		}
		ticks += f
		t = t[1+n:]
	}
	if ticks > ticksPerDay && h == 24 {
		return 0, nil, false
	}
	return ticks, t, true
}

// fraction reads the digits after the point as ticks, half to even beyond the
// seventh, and gives how many there were.
func fraction(t []byte) (ticks int64, n int) {
	above, half := false, false
	for n < len(t) && t[n] >= '0' && t[n] <= '9' {
		c := t[n]
		switch {
		case n < 7:
			ticks = ticks*10 + int64(c-'0')
		case n == 7:
			above, half = c > '5', c == '5'
		default:
			above = above || half && c != '0'
		}
		n++
	}
	for i := n; i < 7; i++ {
		ticks *= 10
	}
	if above || half && ticks%2 == 1 {
		ticks++
	}
	return ticks, n
}

// parseZone reads nothing, Z, or an offset of at most 14 hours.
func parseZone(t []byte, d *DateTime) bool {
	switch {
	case len(t) == 0:
		return true
	case len(t) == 1 && t[0] == 'Z':
		d.Kind = UTC
		return true
	case len(t) != 6 || t[3] != ':' || t[0] != '+' && t[0] != '-':
		return false
	}
	h, ok1 := fixed(t[1:], 2)
	m, ok2 := fixed(t[4:], 2)
	if !ok1 || !ok2 || m > 59 || h*60+m > 14*60 {
		return false
	}
	d.Kind, d.OffsetMinutes = Local, int16(h*60+m)
	if t[0] == '-' {
		d.OffsetMinutes = -d.OffsetMinutes
	}
	return true
}

// String gives .NET's "c" form: [-][d.]hh:mm:ss[.fffffff].
func (d Duration) String() string { return string(d.appendDisplay(nil)) }

// Std gives d as a time.Duration. ok is false if that is out of its range of
// 292 years.
func (d Duration) Std() (std time.Duration, ok bool) {
	if d > math.MaxInt64/100 || d < math.MinInt64/100 {
		return 0, false
	}
	return time.Duration(d) * 100, true
}

// abs gives the sign and the size, which math.MinInt64 has, too.
func (d Duration) abs() (neg bool, n uint64) {
	if d < 0 {
		return true, -uint64(d)
	}
	return false, uint64(d)
}

func (d Duration) appendDisplay(dst []byte) []byte {
	neg, n := d.abs()
	if neg {
		dst = append(dst, '-')
	}
	if days := n / ticksPerDay; days > 0 {
		dst = append(strconv.AppendUint(dst, days, 10), '.')
	}
	rest := int64(n % ticksPerDay)
	dst = appendClock(dst, rest)
	if f := rest % ticksPerSecond; f != 0 {
		dst = appendDigits(append(dst, '.'), f, 7)
	}
	return dst
}

// append writes xs:duration as .NET's XmlConvert does.
func (d Duration) append(dst []byte) []byte {
	neg, n := d.abs()
	if neg {
		dst = append(dst, '-')
	}
	dst = append(dst, 'P')
	if days := n / ticksPerDay; days > 0 {
		dst = append(strconv.AppendUint(dst, days, 10), 'D')
	}
	rest := int64(n % ticksPerDay)
	if rest == 0 && n != 0 {
		return dst
	}
	dst = append(dst, 'T')
	if h := rest / ticksPerHour; h > 0 {
		dst = append(strconv.AppendInt(dst, h, 10), 'H')
	}
	if m := rest / ticksPerMinute % 60; m > 0 {
		dst = append(strconv.AppendInt(dst, m, 10), 'M')
	}
	if s := rest % ticksPerMinute; s > 0 || rest == 0 {
		dst = strconv.AppendInt(dst, s/ticksPerSecond, 10)
		dst = append(appendFraction(dst, s%ticksPerSecond), 'S')
	}
	return dst
}

// parseDuration reads xs:duration. Years count 365 days and months 30, as in
// .NET. Beyond seven digits of a second the rest is cut.
func parseDuration(t []byte) (Duration, bool) {
	neg := false
	if len(t) > 0 && t[0] == '-' {
		neg, t = true, t[1:]
	}
	if len(t) < 3 || t[0] != 'P' {
		return 0, false
	}
	n, ok := durationParts(t[1:])
	switch {
	case !ok:
		return 0, false
	case neg && n <= 1<<63:
		return Duration(-n), true
	case !neg && n < 1<<63:
		return Duration(n), true
	}
	return 0, false
}

// The parts of a duration in their order, each with its ticks.
var durationUnits = [...]struct {
	letter byte
	clock  bool // stands after the T
	ticks  uint64
}{
	{'Y', false, 365 * ticksPerDay},
	{'M', false, 30 * ticksPerDay},
	{'D', false, ticksPerDay},
	{'H', true, ticksPerHour},
	{'M', true, ticksPerMinute},
	{'S', true, ticksPerSecond},
}

func durationParts(t []byte) (sum uint64, ok bool) {
	clock, next := false, 0
	for parts := 0; len(t) > 0 || parts == 0; parts++ {
		if len(t) > 0 && t[0] == 'T' && !clock {
			clock, t = true, t[1:]
		}
		n, frac, letter, rest, ok := durationPart(t)
		if !ok {
			return 0, false
		}
		for next < len(durationUnits) && (durationUnits[next].letter != letter || durationUnits[next].clock != clock) {
			next++
		}
		if next == len(durationUnits) {
			return 0, false
		}
		unit := durationUnits[next].ticks
		if n > (1<<63)/unit {
			return 0, false
		}
		if sum += n*unit + frac; sum > 1<<63 {
			return 0, false
		}
		next, t = next+1, rest
	}
	return sum, true
}

// durationPart reads a number and its letter. Only seconds have a fraction.
func durationPart(t []byte) (n, frac uint64, letter byte, rest []byte, ok bool) {
	k := digitRun(t)
	n, ok = digits(t[:k])
	if !ok || n > math.MaxInt32 || k == len(t) {
		return 0, 0, 0, nil, false
	}
	t = t[k:]
	if t[0] == '.' {
		f := digitRun(t[1:])
		if f == 0 || 1+f >= len(t) || t[1+f] != 'S' {
			return 0, 0, 0, nil, false
		}
		ticks, _ := fraction(t[1 : 1+min(f, 7)])
		frac, t = uint64(ticks), t[1+f:]
	}
	return n, frac, t[0], t[1:], true
}

func digitRun(t []byte) int {
	n := 0
	for n < len(t) && t[n] >= '0' && t[n] <= '9' {
		n++
	}
	return n
}
