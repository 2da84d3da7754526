package result

import (
	"bytes"
	"cmp"
	"strings"
	"time"

	"postroom/session/bytesize"
)

// criterionTest is a Criterion made ready: its value read in every way that a cell may
// want.
type criterionTest struct {
	Criterion
	from, to operand
	values   map[string]bool
	since    Time // of Last and Older
	relative bool // since holds

	text, scratch []byte
}

// operand is a value to compare with.
type operand struct {
	word     []byte // lower case
	key      []byte // natural key
	number   float64
	isNumber bool
	span     timeSpan
	isTime   bool
	ticks    int64
	isTicks  bool
}

func newOperand(value string) operand {
	o := operand{word: lower(value), key: appendNaturalKey(nil, []byte(value))}
	o.number, o.isNumber = parseNumber(value)
	o.span, o.isTime = parseTimeSpan(value)
	o.ticks, o.isTicks = parseTicks(value)
	if !o.isTicks { // 90 min, 2 days
		if r, ok := parseRelative(value); ok && strings.Trim(value, "0123456789 ") != "" {
			o.ticks, o.isTicks = r.ticks(), true
		}
	}
	return o
}

// parseNumber reads a number or a size as a person types it, also with a decimal comma
// (`1,5 GB`). A comma before exactly three digits is not read: it may be meant either way.
func parseNumber(value string) (float64, bool) {
	if n, ok := bytesize.Parse(value); ok {
		return n, true
	}
	whole, fraction, found := strings.Cut(value, ",")
	digits := len(fraction) - len(strings.TrimLeft(fraction, "0123456789"))
	if !found || digits == 0 || digits == 3 || strings.ContainsAny(whole, ".") {
		return 0, false
	}
	return bytesize.Parse(whole + "." + fraction)
}

// Reading says as what a typed value can be compared with.
type Reading struct {
	Number   bool // a number, or a size such as 10 MB
	Time     bool // a date, with or without a time
	Duration bool // a length of time
	Ago      bool // what Last and Older look back by
}

// Read reads a value as a Criterion does.
func Read(value string) Reading {
	o := newOperand(value)
	_, ago := parseRelative(value)
	return Reading{Number: o.isNumber, Time: o.isTime, Duration: o.isTicks, Ago: ago}
}

// above tells whether o is the larger of two operands of the same kind.
func (o *operand) above(p *operand) bool {
	switch {
	case o.isNumber && p.isNumber:
		return o.number > p.number
	case o.isTime && p.isTime:
		return o.span.from > p.span.from
	case o.isTicks && p.isTicks:
		return o.ticks > p.ticks
	}
	return bytes.Compare(o.key, p.key) > 0
}

func newCriterionTest(c Criterion, now time.Time) *criterionTest {
	t := &criterionTest{Criterion: c, from: newOperand(c.Value)}
	switch c.Op {
	case Between:
		if t.to = newOperand(c.To); t.from.above(&t.to) {
			t.from, t.to = t.to, t.from
		}
	case OneOf:
		t.values = make(map[string]bool, len(c.Values))
		for _, v := range c.Values {
			t.values[v] = true
		}
	case Last, Older:
		var r relative
		if r, t.relative = parseRelative(c.Value); t.relative {
			t.since = Time{Ticks: ticksOf(r.before(now).UTC()), Kind: TimeUTC}
		}
	}
	return t
}

func (t *criterionTest) match(c cell) bool { return t.holds(c) != t.Not }

func (t *criterionTest) holds(c cell) bool {
	switch {
	case t.Op == Empty:
		return c.empty()
	case t.Op == OneOf && c.empty():
		return t.values[""]
	case c.kind <= cellNull:
		return false
	case c.kind == cellList && t.itemwise():
		for item := range c.items {
			if t.holds(cell{kind: cellText, data: item}) {
				return true
			}
		}
		return false
	}
	switch t.Op {
	case Contains:
		return bytes.Contains(t.lower(c), t.from.word)
	case StartsWith:
		return bytes.HasPrefix(t.lower(c), t.from.word)
	case EndsWith:
		return bytes.HasSuffix(t.lower(c), t.from.word)
	case OneOf:
		t.text = shown.append(t.text[:0], c)
		return t.values[string(t.text)]
	case Last, Older:
		return t.holdsSince(c)
	}
	return t.holdsOrder(c)
}

// itemwise says that the condition holds for a list when it does for an item.
func (t *criterionTest) itemwise() bool {
	switch t.Op {
	case Equals, StartsWith, EndsWith, OneOf:
		return true
	}
	return false
}

func (t *criterionTest) holdsSince(c cell) bool {
	switch c.kind {
	case cellTimeUnspecified, cellTimeUTC, cellTimeLocal:
		return t.relative && (c.time().instant() >= t.since.Ticks) == (t.Op == Last)
	}
	return false
}

func (t *criterionTest) holdsOrder(c cell) bool {
	low, high := t.compare(c, &t.from)
	switch t.Op {
	case Equals:
		return low >= 0 && high <= 0
	case Greater:
		return high > 0
	case GreaterOrEqual:
		return low >= 0
	case Less:
		return low < 0
	case LessOrEqual:
		return high <= 0
	case Between:
		if low < 0 {
			return false
		}
		_, high = t.compare(c, &t.to)
		return high <= 0
	}
	return false
}

// lower gives what the cell displays in lower case, until the next call.
func (t *criterionTest) lower(c cell) []byte {
	t.text = shown.append(t.text[:0], c)
	t.scratch = appendLower(t.scratch[:0], t.text)
	return t.scratch
}

// compare says how the cell stands to the beginning and to the end of what the value
// means: a day typed as a date is 24 hours long, most values are one point.
func (t *criterionTest) compare(c cell, o *operand) (low, high int) {
	switch c.kind {
	case cellInt, cellUint, cellFloat, cellDecimal:
		if o.isNumber {
			return both(cmp.Compare(numberOf(c), o.number))
		}
	case cellTimeUnspecified, cellTimeUTC, cellTimeLocal:
		if o.isTime {
			return o.span.compare(c.time())
		}
	case cellDuration:
		if o.isTicks {
			return both(cmp.Compare(int64(c.num), o.ticks))
		}
	case cellText, cellNested:
		text, _ := c.meaning()
		if ticks, ok := parseSpan(text); ok && o.isTicks {
			return both(cmp.Compare(ticks, o.ticks))
		}
		if low, ok := o.compareQuantity(c); ok {
			return both(low)
		}
	}
	if t.Op == Equals {
		return both(bytes.Compare(t.lower(c), o.word))
	}
	t.text = shown.append(t.text[:0], c)
	t.scratch = appendNaturalKey(t.scratch[:0], t.text)
	return both(bytes.Compare(t.scratch, o.key))
}

func both(n int) (low, high int) { return n, n }

// compareQuantity compares texts that are numbers or sizes by value. Unlimited is more
// than any number.
func (o *operand) compareQuantity(c cell) (int, bool) {
	if !o.isNumber {
		return 0, false
	}
	if isUnlimited(c) {
		return 1, true
	}
	text, _ := c.meaning()
	v, ok := bytesize.Parse(string(text))
	return cmp.Compare(v, o.number), ok
}

func numberOf(c cell) float64 {
	switch c.kind {
	case cellInt:
		return float64(int64(c.num))
	case cellUint:
		return float64(c.num)
	case cellFloat:
		return floatOf(c.num)
	}
	v, _ := bytesize.Parse(string(c.data)) // a decimal's own text
	return v
}

// timeSpan is the time that a typed date means: from its beginning to before its end, on
// the clock that a cell shows, or as instants when it was typed with a zone.
type timeSpan struct {
	from, to int64 // ticks
	instant  bool
}

var spanLayouts = []struct {
	layout string
	length func(time.Time) time.Time
}{
	{"2006-01-02", func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }},
	{"2006-01", func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }},
	{"2006", func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }},
	{"2006-01-02 15:04", func(t time.Time) time.Time { return t.Add(time.Minute) }},
	{"2006-01-02T15:04", func(t time.Time) time.Time { return t.Add(time.Minute) }},
	{"2006-01-02 15:04:05", func(t time.Time) time.Time { return t.Add(time.Second) }},
	{"2006-01-02T15:04:05", func(t time.Time) time.Time { return t.Add(time.Second) }},
	{"2006-01-02 15:04:05Z07:00", func(t time.Time) time.Time { return t.Add(time.Second) }},
	{"2006-01-02T15:04:05Z07:00", func(t time.Time) time.Time { return t.Add(time.Second) }},
	{"1/2/2006", func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }},
	{"2.1.2006", func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }},
	{"1/2/2006 15:04", func(t time.Time) time.Time { return t.Add(time.Minute) }},
	{"2.1.2006 15:04", func(t time.Time) time.Time { return t.Add(time.Minute) }},
}

func parseTimeSpan(text string) (timeSpan, bool) {
	text = strings.TrimSpace(text)
	for _, l := range spanLayouts {
		t, err := time.Parse(l.layout, text)
		if err != nil {
			continue
		}
		return timeSpan{
			from: ticksOf(t), to: ticksOf(l.length(t)),
			instant: strings.HasSuffix(l.layout, "Z07:00"),
		}, true
	}
	return timeSpan{}, false
}

func ticksOf(t time.Time) int64 {
	return (t.Unix()+secondsToUnix)*ticksPerSecond + int64(t.Nanosecond()/100)
}

func (s timeSpan) compare(t Time) (low, high int) {
	ticks := t.Ticks
	if s.instant {
		ticks = t.instant()
	}
	low, high = cmp.Compare(ticks, s.from), 0
	if ticks >= s.to {
		high = 1
	}
	if ticks < s.from {
		high = -1
	}
	return low, high
}

// parseTicks reads a duration as it is displayed, [-][d.]hh:mm[:ss[.fffffff]].
func parseTicks(text string) (ticks int64, ok bool) {
	body, negative := strings.CutPrefix(strings.TrimSpace(text), "-")
	var days, hours, minutes, seconds, fraction int64
	head, rest, found := strings.Cut(body, ":")
	if !found {
		return 0, false
	}
	if before, after, dotted := strings.Cut(head, "."); dotted {
		days, ok = digitsOf(before)
		head = after
		if !ok {
			return 0, false
		}
	}
	minuteText, secondText, hasSeconds := strings.Cut(rest, ":")
	secondText, fractionText, _ := strings.Cut(secondText, ".")
	if !hasSeconds {
		secondText = "0"
	}
	fractionText = (fractionText + "0000000")[:7]
	for _, field := range []struct {
		text string
		to   *int64
	}{{head, &hours}, {minuteText, &minutes}, {secondText, &seconds}, {fractionText, &fraction}} {
		if *field.to, ok = digitsOf(field.text); !ok {
			return 0, false
		}
	}
	ticks = days*ticksPerDay + (hours*3600+minutes*60+seconds)*ticksPerSecond + fraction
	if negative {
		ticks = -ticks
	}
	return ticks, true
}

// parseSpan reads a text that is a length of time as .NET writes it, such as
// 14.00:00:00: hours, minutes and seconds of two digits each.
func parseSpan(text []byte) (ticks int64, ok bool) {
	if len(text) < len("00:00:00") || len(text) > 26 || text[0] != '-' && !isDigit(text[0]) {
		return 0, false
	}
	first := bytes.IndexByte(text, ':')
	if first < 2 || len(text) < first+6 || text[first+3] != ':' || len(text) > first+6 && text[first+6] != '.' {
		return 0, false
	}
	if first > 2 && text[first-3] != '.' && text[first-3] != '-' {
		return 0, false
	}
	return parseTicks(string(text))
}

func digitsOf(text string) (n int64, ok bool) {
	if text == "" || len(text) > 8 {
		return 0, false
	}
	for _, c := range []byte(text) {
		if !isDigit(c) {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}
