package report

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"postroom/session/bytesize"
	"postroom/session/cmdlet"
)

// function is one that expressions may call.
type function struct {
	least, most int // arguments
	eval        func(scope, []node) value
}

// Usages are the functions as one writes them, sorted by name.
func Usages() []string {
	return []string{
		"after(text, mark)", "amount(size)", "before(text, mark)", "bytes(size)", "coalesce(a, b)", "column(name)", "contains(text, part)", "count(list)", "days(time)",
		"domain(address)", "empty(value)", "if(condition, a, b)", "join(list, separator)", "json(text, path)", "like(text, pattern)", "lower(text)",
		"now()", "outside(list, domains)", "plain(html)", "question(name)", "time(value)", "today()",
	}
}

// functions are those of the language, by name, a table that does not change:
//
//	after(text, mark)        what follows the mark; null where it is not
//	amount(size)             bytes as people read them, 1.5 GB
//	before(text, mark)       what stands before the mark, else the whole
//	bytes(size)              '1.2 GB (1,288,490,189 bytes)' in bytes; null for Unlimited
//	coalesce(a, b, …)        the first that has a value
//	column('a name')         the property of a name that is no plain word
//	contains(text, part)     the text, or an item of a list, has the part within it
//	count(list)              number of items
//	days(time)               whole days since then; negative ahead
//	domain(address)          what follows @, of an address with or without smtp: before it; of a list, each
//	empty(value)             null, no text, no item
//	if(condition, a, b)      a or b; b may be left out
//	join(list, separator)    one text
//	json(text, 'a.b')        a value within JSON text
//	like(text, pattern)      the text, or an item of a list, is like a*b, where ? is one character
//	lower(text)              in small letters
//	now() today()            the time of the run; today begins at midnight where the person is
//	outside(list, domains)   the addresses whose domain is none of these, nor below one
//	plain(html)              what HTML says, in one line without its tags; other text stays
//	question(name)           what the person answered
//	time(value)              a text as a time
var functions = map[string]function{
	"after": {2, 2, func(s scope, a []node) value {
		_, rest, found := cutFold(text(a[0].eval(s)), text(a[1].eval(s)))
		if !found {
			return nil
		}
		return rest
	}},
	"amount": {1, 1, func(s scope, a []node) value {
		if n, ok := sizeOf(a[0].eval(s)); ok {
			return amount(n)
		}
		return nil
	}},
	"before": {2, 2, func(s scope, a []node) value {
		head, _, _ := cutFold(text(a[0].eval(s)), text(a[1].eval(s)))
		return head
	}},
	"bytes": {1, 1, func(s scope, a []node) value {
		if n, ok := sizeOf(a[0].eval(s)); ok {
			return n
		}
		return nil
	}},
	"coalesce": {1, 9, func(s scope, a []node) value {
		for _, part := range a {
			if v := part.eval(s); !empty(v) {
				return v
			}
		}
		return nil
	}},
	"column":   {1, 1, func(s scope, a []node) value { return s.property(text(a[0].eval(s))) }},
	"contains": {2, 2, func(s scope, a []node) value { return anyItem(a[0].eval(s), a[1].eval(s), strings.Contains) }},
	"count":    {1, 1, func(s scope, a []node) value { return float64(len(items(a[0].eval(s)))) }},
	"days": {1, 1, func(s scope, a []node) value {
		t, ok := moment(a[0].eval(s))
		if !ok {
			return nil
		}
		return float64(int(s.now().now.Sub(t).Hours() / 24))
	}},
	"domain":   {1, 1, func(s scope, a []node) value { return domains(a[0].eval(s)) }},
	"empty":    {1, 1, func(s scope, a []node) value { return empty(a[0].eval(s)) }},
	"if":       {2, 3, choose},
	"join":     {2, 2, func(s scope, a []node) value { return bounded(strings.Join(items(a[0].eval(s)), text(a[1].eval(s)))) }},
	"json":     {2, 2, func(s scope, a []node) value { return within(text(a[0].eval(s)), text(a[1].eval(s))) }},
	"like":     {2, 2, func(s scope, a []node) value { return like(items(a[0].eval(s)), text(a[1].eval(s))) }},
	"lower":    {1, 1, func(s scope, a []node) value { return strings.ToLower(text(a[0].eval(s))) }},
	"now":      {0, 0, func(s scope, _ []node) value { return s.now().now }},
	"today":    {0, 0, func(s scope, _ []node) value { return s.now().today }},
	"outside":  {2, 2, func(s scope, a []node) value { return outside(items(a[0].eval(s)), items(a[1].eval(s))) }},
	"plain":    {1, 1, func(s scope, a []node) value { return plain(text(a[0].eval(s))) }},
	"question": {1, 1, func(s scope, a []node) value { return s.answer(text(a[0].eval(s))) }},
	"time": {1, 1, func(s scope, a []node) value {
		if t, ok := moment(a[0].eval(s)); ok {
			return t
		}
		return nil
	}},
}

func choose(s scope, a []node) value {
	if truth(a[0].eval(s)) {
		return a[1].eval(s)
	}
	if len(a) == 3 {
		return a[2].eval(s)
	}
	return nil
}

// sizeOf reads an amount of data in bytes: a number, or Exchange's text.
func sizeOf(v value) (n float64, ok bool) {
	if n, ok := number(v); ok {
		return n, true
	}
	size, ok := bytesize.Exact([]byte(text(v)))
	return float64(size), ok
}

// amount writes bytes as people read them.
func amount(n float64) string {
	unit, size := bytesize.Scale(n)
	digits := 1
	if size == 1 {
		digits = 0
	}
	return strings.TrimSuffix(strconv.FormatFloat(n/size, 'f', digits, 64), ".0") + " " + unit
}

// cutFold is strings.Cut, letter case aside.
func cutFold(s, mark string) (before, after string, found bool) {
	if i := strings.Index(strings.ToLower(s), strings.ToLower(mark)); mark != "" && i >= 0 && len(strings.ToLower(s)) == len(s) {
		return s[:i], s[i+len(mark):], true
	}
	return s, "", false
}

// domains gives the domain of an address, or those of several.
func domains(v value) value {
	list := items(v)
	found := make([]string, 0, len(list))
	for _, address := range list {
		if d := domainOf(address); d != "" {
			found = append(found, d)
		}
	}
	if _, several := v.([]string); several {
		return found
	}
	if len(found) == 0 {
		return nil
	}
	return found[0]
}

// domainOf takes the domain off an address as Exchange writes it: ada@x.y,
// smtp:ada@x.y, "Ada" [SMTP:ada@x.y], <ada@x.y>.
func domainOf(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return ""
	}
	domain := strings.TrimSpace(address[at+1:])
	if end := strings.IndexAny(domain, "]>)\"' ;,"); end >= 0 {
		domain = domain[:end]
	}
	return strings.ToLower(strings.TrimRight(domain, "."))
}

// like says that one of the texts is like a pattern in which * is anything and ?
// one character, letter case aside.
func like(texts []string, pattern string) bool {
	return slices.ContainsFunc(texts, cmdlet.NewWildcard(pattern).Match)
}

// outside keeps the addresses whose domain is not among the accepted ones, nor
// below one. What has no domain, such as an internal object, stays inside.
func outside(addresses, accepted []string) []string {
	var found []string
	if len(addresses)*len(accepted) > mostCompared {
		return nil
	}
	for _, address := range addresses {
		d := domainOf(address)
		if d != "" && !slices.ContainsFunc(accepted, func(a string) bool {
			a = strings.ToLower(strings.TrimPrefix(a, "*."))
			return d == a || strings.HasSuffix(d, "."+a)
		}) {
			found = append(found, address)
		}
	}
	return found
}

// within finds a value in JSON by names with dots between; a list of objects
// with Name and Value is one text 'Name=Value; …'.
func within(document, path string) value {
	var v any
	if json.Unmarshal([]byte(document), &v) != nil {
		return nil // no JSON: the property holds something else this time
	}
	for name := range strings.SplitSeq(path, ".") {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[name]
	}
	return fromJSON(v)
}

func fromJSON(v any) value {
	switch v := v.(type) {
	case nil, bool, float64, string:
		return v
	case []any:
		list := make([]string, 0, len(v))
		for _, item := range v {
			if pair, ok := item.(map[string]any); ok && pair["Name"] != nil {
				list = append(list, text(fromJSON(pair["Name"]))+"="+text(fromJSON(pair["Value"])))
				continue
			}
			list = append(list, text(fromJSON(item)))
		}
		return list
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return string(b)
}
