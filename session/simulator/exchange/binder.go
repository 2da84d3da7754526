package exchange

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// bound are a call's arguments by lower-case parameter name: string, []string,
// bool, int64, clixml.DateTime, clixml.Duration, quota, cmdlet.Secret,
// cmdlet.PSCredential, map[string]any, or nil for $null.
type bound map[string]any

func (b bound) has(name string) bool { return b.holds(strings.ToLower(name)) }

func (b bound) holds(key string) bool { _, ok := b[key]; return ok }

func (b bound) text(name string) string {
	s, _ := b[strings.ToLower(name)].(string)
	return s
}

func (b bound) on(name string) bool {
	v, _ := b[strings.ToLower(name)].(bool)
	return v
}

func (b bound) list(name string) []string {
	switch v := b[strings.ToLower(name)].(type) {
	case []string:
		return v
	case string:
		return []string{v}
	}
	return nil
}

func (b bound) number(name string, otherwise int64) int64 {
	if n, ok := b[strings.ToLower(name)].(int64); ok {
		return n
	}
	return otherwise
}

func (b bound) time(name string) (t time.Time, given bool) {
	v, given := b[strings.ToLower(name)].(clixml.DateTime)
	return v.Time(), given
}

// bind gives the arguments to the parameters as PowerShell does.
func (d *definition) bind(call cmdlet.Invocation) (bound, *psrp.RemoteError) {
	activity := d.name
	b := bound{}
	var positional []any
	for _, a := range call.Args {
		if a.Name == "" {
			positional = append(positional, a.Value)
			continue
		}
		p, possible := d.parameter(a.Name)
		switch {
		case len(possible) > 0:
			return nil, bindingProblem(activity, "AmbiguousParameter", a.Name, strings.Join(possible, " "))
		case p == nil:
			return nil, bindingProblem(activity, "NamedParameterNotFound", a.Name)
		case b.holds(p.key):
			return nil, bindingProblem(activity, "ParameterAlreadyBound", p.Name)
		}
		if err := d.put(b, p, a.Value); err != nil {
			return nil, err
		}
	}
	if err := d.bindPositional(b, positional); err != nil {
		return nil, err
	}
	return b, d.checkSets(b)
}

func (d *definition) bindPositional(b bound, values []any) *psrp.RemoteError {
	byPosition := map[int]*parameter{}
	for i := range d.parameters {
		p := &d.parameters[i]
		if p.Position < 0 || b.holds(p.key) {
			continue
		}
		if byPosition[p.Position] == nil || p.Name == "Identity" { // several sets begin with one
			byPosition[p.Position] = p
		}
	}
	for at := 0; len(values) > 0; at++ {
		if at > 20 {
			return bindingProblem(d.name, "PositionalParameterNotFound", display(values[0]))
		}
		if p := byPosition[at]; p != nil {
			if err := d.put(b, p, values[0]); err != nil {
				return err
			}
			values = values[1:]
		}
	}
	return nil
}

// checkSets refuses parameters that have no parameter set in common.
func (d *definition) checkSets(b bound) *psrp.RemoteError {
	if len(d.sets) > 0 && len(d.possibleSets(b)) == 0 {
		return bindingProblem(d.name, "AmbiguousParameterSet", "")
	}
	return nil
}

// possibleSets are the sets that have all the parameters that are bound.
func (d *definition) possibleSets(b bound) []string {
	possible := d.sets
	for i := range d.parameters {
		p := &d.parameters[i]
		if b.holds(p.key) && len(p.Sets) > 0 {
			possible = slices.DeleteFunc(slices.Clone(possible), func(s string) bool { return !slices.Contains(p.Sets, s) })
		}
	}
	return possible
}

// missing are the mandatory parameters that have no value: those of the set
// that lacks the fewest, the default one before others.
func (d *definition) missing(b bound, piped bool) []*parameter {
	sets := d.possibleSets(b)
	if len(sets) == 0 {
		return d.missingIn("*", b, piped)
	}
	if i := slices.Index(sets, d.defaultSet); i > 0 {
		sets = append([]string{d.defaultSet}, sets...)
	}
	fewest := d.missingIn(sets[0], b, piped)
	for _, s := range sets[1:] {
		if list := d.missingIn(s, b, piped); len(list) < len(fewest) {
			fewest = list
		}
	}
	return fewest
}

func (d *definition) missingIn(set string, b bound, piped bool) []*parameter {
	var list []*parameter
	for i := range d.parameters {
		p := &d.parameters[i]
		if len(p.required) == 0 || b.holds(p.key) || piped && p.pipeline != "" {
			continue
		}
		if p.required[0] == "*" || slices.Contains(p.required, set) {
			list = append(list, p)
		}
	}
	return list
}

// put converts a value and binds it.
func (d *definition) put(b bound, p *parameter, v any) *psrp.RemoteError {
	converted, err := d.convert(p, v)
	if err != nil {
		return err
	}
	b[p.key] = converted
	return nil
}

// codeKinds are the kinds of what parameters hold, by the codes of their types;
// the others hold texts.
var codeKinds = map[string]kind{"bool": kindBool, "switch": kindBool, "int": kindInt64, "unlimited": kindInt64, "date": kindTime, "size": kindSize, "span": kindSpan}

// convert turns what came over the wire into what the parameter holds.
func (d *definition) convert(p *parameter, v any) (any, *psrp.RemoteError) {
	v = plainValue(v)
	text, _ := v.(string)
	switch {
	case p.list || p.code == "mvp":
		return d.convertList(p, v)
	case p.code == "hashtable":
		return v, nil
	case p.code == "secure":
		if _, ok := v.(cmdlet.Secret); ok {
			return v, nil
		}
		return nil, untransformed(d.name, p.Name, display(v), p.Type, "")
	case p.code == "credential":
		if _, ok := v.(cmdlet.PSCredential); ok {
			return v, nil
		}
		return nil, untransformed(d.name, p.Name, display(v), p.Type, "")
	case p.code == "unlimited" && strings.EqualFold(text, "unlimited"):
		return unlimited, nil
	case p.code == "span" && strings.EqualFold(text, "unlimited"):
		return text, nil
	}
	if k, ok := codeKinds[p.code]; ok {
		return d.convertTo(p, k, v)
	}
	if v == nil && (p.code == "id" || len(p.required) > 0) {
		return nil, invalidArgument(d.name, p.Name, "The argument is null. Provide a valid value for the argument, and then try running the command again.")
	}
	if v == nil {
		return nil, nil
	}
	return display(v), d.validate(p, display(v))
}

func (d *definition) convertTo(p *parameter, k kind, v any) (any, *psrp.RemoteError) {
	if f, fraction := v.(float64); fraction && k == kindInt64 {
		v = int64(f + 0.5)
	}
	_, isText := v.(string)
	if v == nil && p.code == "switch" {
		v = true
	}
	converted, err := convert(k, v)
	if isText && k == kindBool && (err != nil || p.code == "switch") {
		return nil, unconverted(d.name, p.Name, "Cannot convert value \"System.String\" to type \""+p.Type+"\". Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0.")
	}
	if err != nil {
		return nil, untransformed(d.name, p.Name, display(v), p.Type, err.Error())
	}
	if n, ok := converted.(int64); ok {
		return n, d.within(p, n)
	}
	return converted, nil
}

// within refuses a number that is out of the parameter's range.
func (d *definition) within(p *parameter, n int64) *psrp.RemoteError {
	switch {
	case p.max > 0 && n > p.max:
		return invalidArgument(d.name, p.Name, fmt.Sprintf("The %d argument is greater than the maximum allowed range of %d. Supply an argument that is less than or equal to %d and then try the command again.", n, p.max, p.max))
	case p.min > 0 && n < p.min || p.code == "unlimited" && n < 0:
		return invalidArgument(d.name, p.Name, fmt.Sprintf("The %d argument is less than the minimum allowed range of %d. Supply an argument that is greater than or equal to %d and then try the command again.", n, p.min, p.min))
	}
	return nil
}

func (d *definition) validate(p *parameter, text string) *psrp.RemoteError {
	if len(p.Choices) > 0 && !slices.ContainsFunc(p.Choices, func(c string) bool { return strings.EqualFold(c, text) }) {
		return d.notAChoice(p, text)
	}
	if text == "" && (p.code == "id" || len(p.required) > 0) {
		return invalidArgument(d.name, p.Name, "The argument is null or empty. Provide an argument that is not null or empty, and then try the command again.")
	}
	if p.size > 0 && int64(len([]rune(text))) > p.size {
		return invalidArgument(d.name, p.Name, fmt.Sprintf("The character length of the %d argument is too long. Shorten the character length of the argument so it is fewer than or equal to \"%d\" characters, and then try the command again.", len([]rune(text)), p.size))
	}
	return nil
}

// notAChoice is how a value is refused that is none of a few: for texts by
// their ValidateSet, for enumerations by the conversion, which names them all.
func (d *definition) notAChoice(p *parameter, text string) *psrp.RemoteError {
	if strings.HasPrefix(p.Type, "System.String") {
		return invalidArgument(d.name, p.Name, fmt.Sprintf("The argument \"%s\" does not belong to the set \"%s\" specified by the ValidateSet attribute. Supply an argument that is in the set and then try the command again.", text, strings.Join(p.Choices, ",")))
	}
	return untransformed(d.name, p.Name, text, p.Type, fmt.Sprintf("Unable to match the identifier name %s to a valid enumerator name. Specify one of the following enumerator names and try again:\r\n%s", text, strings.Join(p.Choices, ", ")))
}

func (d *definition) convertList(p *parameter, v any) (any, *psrp.RemoteError) {
	switch v := v.(type) {
	case nil:
		return []string{}, nil
	case map[string]any:
		return v, nil // @{Add=...; Remove=...}
	case []any:
		list := make([]string, len(v))
		for i, item := range v {
			list[i] = display(plainValue(item))
			if err := d.validate(p, list[i]); err != nil {
				return nil, err
			}
		}
		return list, nil
	}
	text := display(v)
	if len(p.Choices) > 0 && strings.Contains(text, ",") {
		var list []any
		for part := range strings.SplitSeq(text, ",") {
			list = append(list, strings.TrimSpace(part))
		}
		return d.convertList(p, list)
	}
	return []string{text}, d.validate(p, text)
}
