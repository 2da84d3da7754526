package cmdlet

import (
	"errors"
	"sort"
	"time"
)

// Bind makes a call out of what was typed into a form: parameter name to text. A
// parameter that is not in values, or whose text is empty, was left alone; to send an
// empty text, $null or an empty list, the text is ”, $null or @(). The arguments are in
// the cmdlet's order. now is what (Get-Date) means; dates without a zone are in its zone.
//
// Text is read as [Reader] reads it, by the parameter's kind:
//
//   - Text as it is, Choice in any letter case;
//   - Number as PowerShell writes it (5, 1.5, 0x1F, 10KB);
//   - Bool and Switch as true, false, yes, no, 1, 0, with or without $;
//   - List one item a line, or words on one line with commas between; items may be in
//     quotes; or PowerShell's @('a','b') and @{Add='a'; Remove='b'};
//   - Date as ISO 8601, 03/04/2024 (month first), 04.03.2024 (day first), with a time
//     after it if wanted;
//   - Duration as 1.02:03:04, as a number of days, or 90m, 12h, 7d and their sums;
//   - ByteSize as bytes or 10 MB; `99 GB (106,300,440,576 bytes)` stays as it is;
//   - UnlimitedNumber and UnlimitedByteSize also as Unlimited;
//   - Hashtable as PowerShell's @{a=1; b='x'};
//   - Credential as the user's name, a line end and the password;
//   - File as base64.
//
// Errors are *[BindError], one for each field in the cmdlet's order, joined with
// errors.Join: errors.As finds the first, [BindErrors] all.
func (c Cmdlet) Bind(values map[string]string, now time.Time) (Invocation, error) {
	inv := Invocation{Cmdlet: c.Name}
	var errs []error
	given := map[string]string{}
	for _, name := range sortedKeys(values) {
		p, ok := c.Parameter(name)
		switch {
		case values[name] == "":
		case !ok:
			errs = append(errs, &BindError{Parameter: name, Text: values[name], Want: WantKnown})
		case has(given, p.Name):
			errs = append(errs, p.wrong(values[name], WantOnce))
		default:
			given[p.Name] = values[name]
		}
	}
	required := c.required(given)
	for _, p := range c.Parameters {
		text, ok := given[p.Name]
		if !ok {
			if required(p) {
				errs = append(errs, p.wrong("", WantValue))
			}
			continue
		}
		value, want := p.fromField(text, now)
		if want != wantNothing {
			errs = append(errs, p.wrong(text, want))
			continue
		}
		inv.Args = append(inv.Args, Arg{Name: p.Name, Value: value})
	}
	if len(errs) > 0 {
		return Invocation{}, errors.Join(errs...)
	}
	return inv, nil
}

// fromField reads what was typed into a field. Secrets stand for themselves.
func (p Parameter) fromField(text string, now time.Time) (any, Want) {
	if p.hidden() {
		return p.convert(text, now.Location())
	}
	v, want := typedLiteral(text, now.Truncate(time.Second))
	if want != wantNothing {
		return nil, want
	}
	return p.fromLiteral(p.withBraces(v, text), now.Location())
}

// required tells which parameters the call needs, going by the parameter sets that the
// given ones leave possible.
func (c Cmdlet) required(given map[string]string) func(Parameter) bool {
	possible := func(set string) bool {
		for _, p := range c.Parameters {
			if _, ok := given[p.Name]; ok && !p.inSet(set) {
				return false
			}
		}
		return true
	}
	inDefault := c.DefaultSet == "" || possible(c.DefaultSet)
	return func(p Parameter) bool {
		if !p.Mandatory {
			return false
		}
		if inDefault && c.DefaultSet != "" {
			return p.inSet(c.DefaultSet)
		}
		return p.inSet("")
	}
}

// allSets is how PowerShell says that a parameter is in every set.
const allSets = "__AllParameterSets"

// inSet says that the parameter is in the set; in every set when set is empty.
func (p Parameter) inSet(set string) bool {
	if len(p.Sets) == 0 {
		return true
	}
	for _, s := range p.Sets {
		if s == allSets || set != "" && equalFold(s, set) {
			return true
		}
	}
	return false
}

// hidden says that the value must not be shown.
func (p Parameter) hidden() bool {
	k := p.kind()
	return p.Secret || k == SecretKind || k == Credential
}

// wrong makes the error for a text that does not bind.
func (p Parameter) wrong(text string, want Want) *BindError {
	e := &BindError{Parameter: p.Name, Text: text, Want: want, Kind: p.kind()}
	if p.hidden() {
		e.Text = ""
	}
	if want == WantChoice {
		e.Names = append([]string(nil), p.Choices...)
	}
	return e
}

func has(m map[string]string, key string) bool {
	_, ok := m[key]
	return ok
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
