package cmdlet

import (
	"encoding/base64"
	"math"
	"regexp"
	"strings"
	"time"
)

// kind is the parameter's kind, inferred from its type where the description does not
// say it.
func (p Parameter) kind() Kind {
	k := p.Kind
	if k == Text {
		k = KindOf(p.Type)
	}
	if k == Text && len(p.Choices) > 0 {
		return Choice
	}
	return k
}

// convert reads plain text by the parameter's kind; a date without a zone is in the zone
// given.
func (p Parameter) convert(text string, zone *time.Location) (any, Want) {
	if p.Secret && p.kind() != Credential {
		return typedSecret(text)
	}
	switch p.kind() {
	case Number:
		return p.number(text)
	case Bool:
		v, ok := parseBool(text)
		return v, wantIf(!ok, WantKind)
	case SwitchKind:
		v, ok := parseBool(text)
		return Switch(v), wantIf(!ok, WantKind)
	case Choice:
		return p.choice(text)
	case List:
		return p.list(text), wantNothing
	case Date:
		v, ok := parseDate(text, zone)
		return v, wantIf(!ok, WantKind)
	case Duration:
		return parseDuration(text)
	case ByteSize:
		return parseByteSize(text)
	case UnlimitedByteSize:
		if isUnlimited(text) {
			return unlimited, wantNothing
		}
		return parseByteSize(text)
	case UnlimitedNumber:
		if isUnlimited(text) {
			return unlimited, wantNothing
		}
		return p.number(text)
	case Hashtable:
		return nil, WantKind // a table is written as one: @{a='x'}
	case SecretKind:
		return typedSecret(text)
	case Credential:
		return parseCredential(text)
	case File:
		data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
		return data, wantIf(err != nil, WantKind)
	}
	return text, wantNothing
}

func wantIf(wrong bool, w Want) Want {
	if wrong {
		return w
	}
	return wantNothing
}

// unlimited is Exchange's word for a number without limit.
const unlimited = "Unlimited"

func isUnlimited(text string) bool { return equalFold(strings.TrimSpace(text), unlimited) }

func parseBool(text string) (v, ok bool) {
	switch strings.ToLower(strings.TrimPrefix(strings.TrimSpace(text), "$")) {
	case "true", "yes", "1", "on":
		return true, true
	case "false", "no", "0", "off":
		return false, true
	}
	return false, false
}

// choice gives the server's spelling. Flags may be several, with commas between.
func (p Parameter) choice(text string) (any, Want) {
	if v, ok := p.oneChoice(text); ok {
		return v, wantNothing
	}
	parts := strings.Split(text, ",")
	for i, part := range parts {
		v, ok := p.oneChoice(part)
		if !ok {
			return nil, WantChoice
		}
		parts[i] = v
	}
	return strings.Join(parts, ", "), wantNothing
}

func (p Parameter) oneChoice(text string) (string, bool) {
	text = strings.TrimSpace(text)
	if len(p.Choices) == 0 {
		return text, true
	}
	for _, c := range p.Choices {
		if equalFold(c, text) {
			return c, true
		}
	}
	return "", false
}

// list reads one item a line, or items with commas between. A text with a blank within
// an item is one item, commas and all: whoever has blanks in it means a sentence. So is a
// distinguished name.
func (p Parameter) list(text string) []string {
	trimmed := strings.TrimSpace(text)
	items := []string{}
	if strings.ContainsAny(trimmed, "\r\n") {
		for line := range strings.FieldsFuncSeq(trimmed, isNewline) {
			if line = strings.TrimSpace(line); line != "" {
				items = append(items, unquote(line))
			}
		}
		return p.items(items)
	}
	split, ok := splitItems(trimmed)
	if !ok {
		split = []string{unquote(trimmed)}
	}
	return p.items(append(items, split...))
}

// items gives the description's spelling to each.
func (p Parameter) items(items []string) []string {
	for i, item := range items {
		items[i] = p.spelling(item)
	}
	return items
}

// spelling gives the description's spelling of a choice; what it does not know stays as it
// is, since a server may know more.
func (p Parameter) spelling(item string) string {
	if v, ok := p.oneChoice(item); ok && len(p.Choices) > 0 {
		return v
	}
	return item
}

// distinguishedName is CN=Ada,OU=Users,DC=contoso: two attributes or more (RFC 4514).
var distinguishedName = regexp.MustCompile(`^(?i)(?:CN|OU|DC|O|L|C)=[^,'"]*(?:,\s*(?:CN|OU|DC|O|L|C)=[^,'"]*)+$`)

// unquote takes quotes off that are around the whole text.
func unquote(text string) string {
	if s := (scanner{src: text}); isSingleQuote(s.peek()) || isDoubleQuote(s.peek()) {
		if v, want := s.element(false); want == wantNothing && s.done() {
			return v.(string)
		}
	}
	return text
}

// splitItems splits at commas outside quotes. Empty items are left out. ok is false where
// an item without quotes has a blank in it, and for a distinguished name, which has commas.
func splitItems(text string) (items []string, ok bool) {
	if distinguishedName.MatchString(text) {
		return nil, false
	}
	for text != "" {
		text = strings.TrimLeft(text, " \t,")
		s := scanner{src: text}
		if isSingleQuote(s.peek()) || isDoubleQuote(s.peek()) {
			v, want := s.element(false)
			s.skipSpace(false)
			if want == wantNothing && (s.done() || s.peek() == ',') {
				items = append(items, v.(string))
				text = s.rest()
				continue
			}
		}
		item, after, _ := strings.Cut(text, ",")
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
		if strings.ContainsFunc(item, isSpace) {
			return nil, false
		}
		text = after
	}
	return items, true
}

func parseCredential(text string) (any, Want) {
	user, password, _ := strings.Cut(text, "\n")
	user = strings.TrimSuffix(user, "\r")
	return PSCredential{User: user, Password: hiddenText{password}}, wantIf(user == "" || password == "", WantCredential)
}

// number reads a number and checks that the parameter's type can hold it.
func (p Parameter) number(text string) (any, Want) {
	text = strings.TrimSpace(text)
	v, ok := parseNumber(text)
	if !ok {
		if isDigits(text) {
			return nil, WantRange
		}
		if f, special := parseNonFinite(text); special && p.limits() == nil {
			return f, wantNothing
		}
		return nil, WantKind
	}
	bounds := p.limits()
	if bounds == nil {
		return v, wantNothing
	}
	if f, isFloat := v.(float64); isFloat {
		// 49.5GB is whole, 1.5 is not: PowerShell would round it without a word.
		if f != math.Trunc(f) {
			return nil, WantKind
		}
		if math.Abs(f) >= 1<<63 {
			return nil, WantRange
		}
		v = int64(f)
	}
	return v, wantIf(!bounds.holds(v), WantRange)
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(strings.TrimLeft(text, "+-"), "0123456789") == ""
}

func parseNonFinite(text string) (float64, bool) {
	switch strings.ToLower(text) {
	case "nan":
		return math.NaN(), true
	case "infinity", "inf":
		return math.Inf(1), true
	case "-infinity", "-inf":
		return math.Inf(-1), true
	}
	return 0, false
}

// wholeRange is what a whole-number type holds.
type wholeRange struct {
	low  int64
	high uint64
}

func (r wholeRange) holds(v any) bool {
	switch n := v.(type) {
	case int64:
		return n >= r.low && (n < 0 || uint64(n) <= r.high)
	case uint64:
		return n <= r.high
	}
	return false
}

var wholeRanges = map[string]wholeRange{
	"sbyte": {math.MinInt8, math.MaxInt8}, "byte": {0, math.MaxUint8},
	"int16": {math.MinInt16, math.MaxInt16}, "uint16": {0, math.MaxUint16},
	"int32": {math.MinInt32, math.MaxInt32}, "uint32": {0, math.MaxUint32},
	"int64": {math.MinInt64, math.MaxInt64}, "uint64": {0, math.MaxUint64},
	"int": {math.MinInt32, math.MaxInt32}, "long": {math.MinInt64, math.MaxInt64},
	"uint": {0, math.MaxUint32}, "ulong": {0, math.MaxUint64},
	"short": {math.MinInt16, math.MaxInt16}, "ushort": {0, math.MaxUint16},
}

// limits gives what the parameter's type holds; nil when it is not a whole-number type.
func (p Parameter) limits() *wholeRange {
	name, argument := splitTypeName(p.Type)
	for argument != "" {
		name, argument = splitTypeName(argument)
	}
	if r, ok := wholeRanges[lastName(name)]; ok {
		return &r
	}
	return nil
}
