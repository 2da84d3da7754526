package cmdlet

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// This file reads the few expressions that every published example has: a date relative
// to now, a cast of a literal, bytes in base64. All others are no literals.

// paren reads a value in parentheses and the members that are asked of it.
func (s *scanner) paren() (any, Want) {
	s.next()
	s.skipSpace(true)
	var v any
	var want Want
	switch name := s.commandWord(); {
	case asksForSecret(name):
		return s.secretPrompt()
	case name != "":
		v, want = s.getDate(name)
	default:
		v, want = s.list(true)
	}
	if want != wantNothing {
		return nil, want
	}
	s.skipSpace(true)
	switch r := s.peek(); {
	case r < 0:
		return nil, WantSyntax
	case r != ')':
		return nil, WantLiteral
	}
	s.next()
	return s.members(v)
}

// commandWord gives the word with a dash in it that begins here, as a command does.
func (s *scanner) commandWord() string {
	rest := s.rest()
	end := 0
	for end < len(rest) && (isWordByte(rest[end]) || rest[end] == '-') {
		end++
	}
	if word := rest[:end]; end > 0 && rest[0] > '9' && strings.Contains(word, "-") {
		return word
	}
	return ""
}

// askedSecret is the literal in whose place PowerShell would ask for a secret, or make one
// of a text, which is not kept.
type askedSecret struct{}

func asksForSecret(command string) bool {
	switch strings.ToLower(command) {
	case "read-host", "get-credential", "convertto-securestring":
		return true
	}
	return false
}

// secretPrompt goes to the parenthesis that closes.
func (s *scanner) secretPrompt() (any, Want) {
	for {
		s.skipSpace(true)
		switch r := s.peek(); {
		case r < 0:
			return nil, WantSyntax
		case r == ')':
			s.next()
			return askedSecret{}, wantNothing
		case isSingleQuote(r), isDoubleQuote(r), r == '(':
			s.pass()
		default:
			s.next()
		}
	}
}

// getDate reads Get-Date, alone or with a text that is a date.
func (s *scanner) getDate(name string) (any, Want) {
	if !equalFold(name, "Get-Date") {
		return nil, WantLiteral
	}
	s.pos += len(name)
	s.skipSpace(true)
	if s.peek() == ')' {
		return s.now, wantNothing
	}
	if t, ok := s.parameter(); ok && !equalFold(t.name, "Date") {
		return nil, WantLiteral
	}
	s.skipSpace(true)
	v, want := s.element(false)
	if want != wantNothing {
		return nil, want
	}
	return s.toDate(v)
}

// members follows .Name and .Name(argument) behind a value. A date alone has some.
func (s *scanner) members(v any) (any, Want) {
	for s.peek() == '.' || s.peek() == '[' {
		date, ok := v.(time.Time)
		if !ok || s.peek() == '[' {
			return nil, WantLiteral
		}
		s.next()
		start := s.pos
		for !s.done() && isWordByte(s.src[s.pos]) {
			s.pos++
		}
		name := strings.ToLower(s.src[start:s.pos])
		if s.peek() != '(' {
			if name != "date" {
				return nil, WantLiteral
			}
			y, m, d := date.Date()
			v = time.Date(y, m, d, 0, 0, 0, 0, date.Location())
			continue
		}
		argument, want := s.argument()
		if want != wantNothing {
			return nil, want
		}
		if v, ok = method(date, name, argument); !ok {
			return nil, WantLiteral
		}
	}
	return v, wantNothing
}

// argument reads (number) or ().
func (s *scanner) argument() (string, Want) {
	s.next()
	s.skipSpace(true)
	text := ""
	if s.peek() != ')' {
		v, want := s.expressionNumber()
		if want != wantNothing {
			return "", want
		}
		text = string(v.(bareword))
	}
	s.skipSpace(true)
	if s.peek() != ')' {
		return "", WantLiteral
	}
	s.next()
	return text, wantNothing
}

// maxYears is how far a date may be moved: more than any server keeps.
const maxYears = 10000

// method calls a method of .NET's DateTime. Days and hours are those of the clock on the
// wall, whatever the zone does between.
func method(date time.Time, name, argument string) (time.Time, bool) {
	switch {
	case argument != "":
	case name == "touniversaltime":
		return date.UTC(), true
	case name == "tolocaltime":
		return date.Local(), true
	}
	v, ok := parseNumber(argument)
	if !ok {
		return date, false
	}
	n := asFloat(v)
	unit := map[string]time.Duration{
		"adddays": 24 * time.Hour, "addhours": time.Hour, "addminutes": time.Minute, "addseconds": time.Second,
	}[name]
	whole := int(max(-maxYears*12, min(n, maxYears*12)))
	switch {
	case unit > 0:
		d := n * unit.Seconds()
		if d > maxYears*366*86400 || d < -maxYears*366*86400 {
			return date, false
		}
		days := int(d / 86400)
		return onTheWall(date, 0, days, time.Duration((d-float64(days)*86400)*float64(time.Second))), true
	case float64(whole) != n:
		return date, false
	case name == "addmonths":
		return onTheWall(date, whole, 0, 0), true
	case name == "addyears":
		return onTheWall(date, whole*12, 0, 0), true
	}
	return date, false
}

func asFloat(v any) float64 {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case uint64:
		return float64(v)
	}
	f, _ := v.(float64)
	return f
}

// onTheWall moves what the clock shows; a month that is too short ends at its last day.
func onTheWall(t time.Time, months, days int, d time.Duration) time.Time {
	y, m, day := t.Date()
	last := time.Date(y, m+time.Month(months)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	w := time.Date(y, m+time.Month(months), min(day, last)+days, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC).Add(d)
	return time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), w.Nanosecond(), t.Location())
}

// beginsCast says that a type stands here that a value can be cast to, or that has the
// time. What else begins with a bracket is a text, as it is to PowerShell.
func (s *scanner) beginsCast() bool {
	name, end := s.typeName()
	if end == 0 || !isCast(name) {
		return false
	}
	if static, ok := strings.CutPrefix(s.src[end:], "::"); ok {
		return name == "datetime" && len(static) > 0
	}
	r := (&scanner{src: s.src, pos: end}).peek()
	return isSingleQuote(r) || isDoubleQuote(r) || r == '(' || r == '@' || r == '$' || r == '+' || isDash(r) || r >= '0' && r <= '9'
}

// typeName reads [Name] or [Name[]] in lower case, without System; end is 0 where none is.
func (s *scanner) typeName() (name string, end int) {
	rest := s.rest()
	closed := closing(rest)
	if len(rest) < 3 || rest[0] != '[' || rest[closed-1] != ']' {
		return "", 0
	}
	name = strings.ToLower(strings.TrimSpace(rest[1 : closed-1]))
	return strings.TrimPrefix(name, "system."), s.pos + closed
}

func isCast(name string) bool {
	switch name {
	case "datetime", "string", "guid", "uri", "timespan", "bool", "boolean", "array", "string[]", "object[]", "int[]":
		return true
	}
	return name != "byte" && isNumberType(name)
}

func isNumberType(name string) bool { return kindsByName[name] == Number }

// typed reads what begins with a type: a cast, the time, or bytes in base64.
func (s *scanner) typed(expression bool) (any, Want) {
	name, end := s.typeName()
	if end == 0 {
		return nil, WantLiteral
	}
	s.pos = end
	if strings.HasPrefix(s.rest(), "::") {
		s.pos += 2
		return s.static(name)
	}
	if expression {
		s.skipSpace(true)
	}
	read := s.element
	if r := s.peek(); !expression && !isSingleQuote(r) && !isDoubleQuote(r) && !strings.ContainsRune("(@$[", r) {
		read = func(bool) (any, Want) { return s.bareword() }
	}
	v, want := read(true)
	if want != wantNothing {
		return nil, want
	}
	return s.cast(name, v)
}

// static reads [datetime]::Now and its kin, and the one call that makes bytes of base64.
func (s *scanner) static(typeName string) (any, Want) {
	start := s.pos
	for !s.done() && isWordByte(s.src[s.pos]) {
		s.pos++
	}
	member := strings.ToLower(s.src[start:s.pos])
	switch {
	case typeName == "datetime" && member == "now":
		return s.members(s.now)
	case typeName == "datetime" && member == "utcnow":
		return s.members(s.now.UTC())
	case typeName == "datetime" && member == "today":
		y, m, d := s.now.Date()
		return s.members(time.Date(y, m, d, 0, 0, 0, 0, s.now.Location()))
	case typeName == "convert" && member == "frombase64string" && s.peek() == '(':
		s.next()
		v, want := s.list(true)
		if want != wantNothing {
			return nil, want
		}
		text, ok := v.(string)
		data, err := base64.StdEncoding.DecodeString(text)
		if !ok || err != nil || s.peek() != ')' {
			return nil, WantLiteral
		}
		s.next()
		return data, wantNothing
	}
	return nil, WantLiteral
}

// cast makes a literal of the type. A number, a span of time and their kin stay text that
// was looked at: the server makes of it what its parameter is.
func (s *scanner) cast(typeName string, v any) (any, Want) {
	if element, ok := strings.CutSuffix(typeName, "[]"); ok || typeName == "array" {
		return s.castItems(element, v)
	}
	if typeName == "datetime" {
		return s.toDate(v)
	}
	if on, ok := v.(bool); ok && (typeName == "bool" || typeName == "boolean") {
		return on, wantNothing
	}
	var text string
	switch v := v.(type) {
	case bareword:
		text = string(v)
	case string:
		text = v
	default:
		return nil, WantLiteral
	}
	switch {
	case typeName == "string", typeName == "guid", typeName == "uri":
		return text, wantNothing
	case typeName == "timespan":
		_, want := parseDuration(text)
		return text, want
	case isNumberType(typeName):
		return (Parameter{Type: typeName}).castNumber(text)
	}
	return nil, WantLiteral
}

func (s *scanner) castItems(element string, v any) (any, Want) {
	items, ok := v.([]any)
	if !ok {
		items = []any{v}
	}
	if element == "object" || element == "array" {
		return items, wantNothing
	}
	out := make([]any, len(items))
	for i, item := range items {
		value, want := s.cast(element, item)
		if want != wantNothing {
			return nil, want
		}
		out[i] = value
	}
	return out, wantNothing
}

// castNumber writes a number's digits, so that [int]0x1F is 31.
func (p Parameter) castNumber(text string) (any, Want) {
	v, want := p.number(text)
	switch v := v.(type) {
	case int64:
		return bareword(strconv.FormatInt(v, 10)), want
	case uint64:
		return bareword(strconv.FormatUint(v, 10)), want
	case float64:
		return bareword(strconv.FormatFloat(v, 'g', -1, 64)), want
	}
	return nil, want
}

// toDate reads a date in the zone of the clock.
func (s *scanner) toDate(v any) (any, Want) {
	switch v := v.(type) {
	case time.Time:
		return v, wantNothing
	case bareword:
		t, ok := parseDate(string(v), s.now.Location())
		return t, wantIf(!ok, WantKind)
	case string:
		t, ok := parseDate(v, s.now.Location())
		return t, wantIf(!ok, WantKind)
	}
	return nil, WantLiteral
}
