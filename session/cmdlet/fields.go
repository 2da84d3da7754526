package cmdlet

import (
	"encoding/base64"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fields gives the texts that a form needs to make the call, by the parameters' names in
// the cmdlet's spelling: [Cmdlet.Bind] makes the same call of them. A secret is left out,
// since it is asked for anew. What the form has no field for is an error, for each a
// *[BindError], joined; the other fields are given all the same.
func (c Cmdlet) Fields(inv Invocation) (map[string]string, error) {
	fields := map[string]string{}
	var errs []error
	given := map[string]bool{}
	for _, a := range inv.Args {
		if p, ok := c.Parameter(a.Name); ok && a.Name != "" {
			given[strings.ToLower(p.Name)] = true
		}
	}
	for _, a := range inv.Args {
		p, err := c.fieldOf(a, given)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if _, secret := a.Value.(Secret); secret {
			continue
		}
		if _, credential := a.Value.(PSCredential); credential {
			continue
		}
		fields[p.Name] = p.fieldText(a.Value)
	}
	return fields, errors.Join(errs...)
}

// fieldOf finds the parameter of an argument; given are those that have one.
func (c Cmdlet) fieldOf(a Arg, given map[string]bool) (Parameter, error) {
	if a.Name == "" {
		return c.atNextPosition(a, given)
	}
	p, several, ok := c.resolve(a.Name)
	if ok {
		p, ok = c.Parameter(p.Name) // one that every cmdlet has may be none of the form's
	}
	switch {
	case ok:
		return p, nil
	case len(several) > 0:
		return Parameter{}, &BindError{Parameter: a.Name, Want: WantUnambiguous, Names: several}
	}
	return Parameter{}, &BindError{Parameter: a.Name, Want: WantKnown}
}

// fieldText writes a value as it is typed into the parameter's field.
func (p Parameter) fieldText(v any) string {
	switch v := v.(type) {
	case nil:
		return "$null"
	case string:
		return p.typedText(v)
	case bool:
		if p.kind() == Bool {
			return strconv.FormatBool(v)
		}
		return "$" + strconv.FormatBool(v)
	case Switch:
		return strconv.FormatBool(bool(v))
	case time.Time:
		if p.kind() == Date {
			return v.Format("2006-01-02T15:04:05.999999999Z07:00")
		}
	case time.Duration:
		return timeSpan(v)
	case []byte:
		if p.kind() == File {
			return base64.StdEncoding.EncodeToString(v)
		}
	case []string:
		if text, ok := p.lines(v); ok {
			return text
		}
		return string(appendItems([]byte{}, stringsOf(v), true))
	}
	return string(appendValue(nil, v, true))
}

// typedText is the text itself where it stands for itself in the field, else in quotes.
func (p Parameter) typedText(text string) string {
	v, want := p.fromField(text, time.Time{})
	if list, ok := v.([]string); ok && len(list) == 1 {
		v = list[0]
	}
	if want == wantNothing && v == text && text != "" {
		return text
	}
	return string(appendSingleQuoted(nil, text)) // a field takes double quotes as they are
}

// lines writes a list one item a line, where it reads back so.
func (p Parameter) lines(items []string) (string, bool) {
	if p.kind() != List || len(items) < 2 {
		return "", false
	}
	text := strings.Join(items, "\n")
	v, want := p.fromField(text, time.Time{})
	again, ok := v.([]string)
	return text, ok && want == wantNothing && slices.Equal(again, items)
}
