package exchange

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"postroom/session/bytesize"
	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// bound are a call's arguments by lower-case parameter name: string, []string,
// bool, int64, time.Time, cmdlet.Secret, cmdlet.PSCredential, map[string]any, or nil
// for $null.
type bound map[string]any

func (b bound) has(name string) bool { _, ok := b[strings.ToLower(name)]; return ok }

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

// unlimited is the value of -ResultSize Unlimited.
const unlimited = int64(1) << 62

// bind gives the arguments to the parameters as PowerShell does.
func (d *definition) bind(call cmdlet.Invocation) (bound, *psrp.RemoteError) {
	activity := d.meta.Name
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
		case b.has(p.Name):
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
		if p.Position < 0 || b.has(p.Name) {
			continue
		}
		if byPosition[p.Position] == nil || p.Name == "Identity" { // several sets begin with one
			byPosition[p.Position] = p
		}
	}
	for at := 0; len(values) > 0; at++ {
		if at > 20 {
			return bindingProblem(d.meta.Name, "PositionalParameterNotFound", display(values[0]))
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
		return bindingProblem(d.meta.Name, "AmbiguousParameterSet", "")
	}
	return nil
}

// possibleSets are the sets that have all the parameters that are bound.
func (d *definition) possibleSets(b bound) []string {
	possible := d.sets
	for i := range d.parameters {
		p := &d.parameters[i]
		if b.has(p.Name) && len(p.Sets) > 0 {
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
	if i := slices.Index(sets, d.meta.DefaultSet); i > 0 {
		sets = append([]string{d.meta.DefaultSet}, sets...)
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
		if len(p.required) == 0 || b.has(p.Name) || piped && p.pipeline != "" {
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
	b[strings.ToLower(p.Name)] = converted
	return nil
}

// convert turns what came over the wire into what the parameter holds.
func (d *definition) convert(p *parameter, v any) (any, *psrp.RemoteError) {
	v = plainValue(v)
	if p.list || p.code == "mvp" {
		return d.convertList(p, v)
	}
	switch p.code {
	case "switch":
		return d.convertBool(p, v, true)
	case "bool":
		return d.convertBool(p, v, false)
	case "int":
		return d.convertInt(p, v)
	case "unlimited":
		if s, ok := v.(string); ok && strings.EqualFold(s, "unlimited") {
			return unlimited, nil
		}
		return d.convertInt(p, v)
	case "date":
		return d.convertDate(p, v)
	case "size":
		return d.convertSize(p, v)
	case "secure":
		if s, ok := v.(cmdlet.Secret); ok {
			return s, nil
		}
		return nil, untransformed(d.meta.Name, p.Name, display(v), p.Type, "")
	case "credential":
		if c, ok := v.(cmdlet.PSCredential); ok {
			return c, nil
		}
		return nil, untransformed(d.meta.Name, p.Name, display(v), p.Type, "")
	case "hashtable":
		return v, nil
	case "span":
		return convertSpan(v), nil
	}
	if v == nil {
		if p.code == "id" || len(p.required) > 0 {
			return nil, invalidArgument(d.meta.Name, p.Name, "The argument is null. Provide a valid value for the argument, and then try running the command again.")
		}
		return nil, nil
	}
	text := display(v)
	return text, d.validate(p, text)
}

// convertSpan keeps a span as an xs:duration, and what is none as it is.
func convertSpan(v any) any {
	text, ok := v.(string)
	if d, isSpan := v.(time.Duration); isSpan {
		return isoText(d)
	}
	if d := spanOf(text); ok && d > 0 && !strings.HasPrefix(text, "P") {
		return isoText(d)
	}
	return v
}

func (d *definition) validate(p *parameter, text string) *psrp.RemoteError {
	if len(p.Choices) > 0 && !slices.ContainsFunc(p.Choices, func(c string) bool { return strings.EqualFold(c, text) }) {
		return d.notAChoice(p, text)
	}
	if text == "" && (p.code == "id" || len(p.required) > 0) {
		return invalidArgument(d.meta.Name, p.Name, "The argument is null or empty. Provide an argument that is not null or empty, and then try the command again.")
	}
	if p.size > 0 && int64(len([]rune(text))) > p.size {
		return invalidArgument(d.meta.Name, p.Name, fmt.Sprintf("The character length of the %d argument is too long. Shorten the character length of the argument so it is fewer than or equal to \"%d\" characters, and then try the command again.", len([]rune(text)), p.size))
	}
	return nil
}

// notAChoice is how a value is refused that is none of a few: for texts by
// their ValidateSet, for enumerations by the conversion, which names them all.
func (d *definition) notAChoice(p *parameter, text string) *psrp.RemoteError {
	if strings.HasPrefix(p.Type, "System.String") {
		return invalidArgument(d.meta.Name, p.Name, fmt.Sprintf("The argument \"%s\" does not belong to the set \"%s\" specified by the ValidateSet attribute. Supply an argument that is in the set and then try the command again.", text, strings.Join(p.Choices, ",")))
	}
	return untransformed(d.meta.Name, p.Name, text, p.Type, fmt.Sprintf("Unable to match the identifier name %s to a valid enumerator name. Specify one of the following enumerator names and try again:\r\n%s", text, strings.Join(p.Choices, ", ")))
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
	case []string:
		for _, item := range v {
			if err := d.validate(p, item); err != nil {
				return nil, err
			}
		}
		return v, nil
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

func (d *definition) convertBool(p *parameter, v any, isSwitch bool) (any, *psrp.RemoteError) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case int64:
		return v != 0, nil
	case nil:
		if isSwitch {
			return true, nil
		}
		return nil, nil // a nullable
	case string:
		if b, err := textValue(kindBool, v); err == nil && !isSwitch {
			return b.number != 0, nil
		}
	}
	return nil, untransformed(d.meta.Name, p.Name, display(v), p.Type, "Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0.")
}

func (d *definition) convertInt(p *parameter, v any) (any, *psrp.RemoteError) {
	var n int64
	switch v := v.(type) {
	case int64:
		n = v
	case float64:
		n = int64(v + 0.5)
	case nil:
		return nil, nil
	default:
		var err error
		if n, err = strconv.ParseInt(strings.TrimSpace(display(v)), 10, 64); err != nil {
			return nil, untransformed(d.meta.Name, p.Name, display(v), p.Type, "Input string was not in a correct format.")
		}
	}
	if p.max > 0 && n > p.max {
		return nil, invalidArgument(d.meta.Name, p.Name, fmt.Sprintf("The %d argument is greater than the maximum allowed range of %d. Supply an argument that is less than or equal to %d and then try the command again.", n, p.max, p.max))
	}
	if p.min > 0 && n < p.min || p.code == "unlimited" && n < 0 {
		return nil, invalidArgument(d.meta.Name, p.Name, fmt.Sprintf("The %d argument is less than the minimum allowed range of %d. Supply an argument that is greater than or equal to %d and then try the command again.", n, p.min, p.min))
	}
	return n, nil
}

func (d *definition) convertDate(p *parameter, v any) (any, *psrp.RemoteError) {
	switch v := v.(type) {
	case time.Time:
		return v.UTC(), nil
	case nil:
		return nil, nil
	}
	t, ok := parseTime(display(v))
	if !ok {
		return nil, untransformed(d.meta.Name, p.Name, display(v), p.Type, fmt.Sprintf("The string '%s' was not recognized as a valid DateTime. There is an unknown word starting at index '0'.", display(v)))
	}
	return t, nil
}

// convertSize reads "10 MB", a number of bytes or Unlimited, and gives it as
// Exchange shows it.
func (d *definition) convertSize(p *parameter, v any) (any, *psrp.RemoteError) {
	switch v := v.(type) {
	case int64:
		return sizeText(v), nil
	case nil:
		return nil, nil
	}
	text := strings.TrimSpace(display(v))
	if strings.EqualFold(text, "unlimited") {
		return "Unlimited", nil
	}
	n, ok := bytesize.Parse(text)
	if !ok {
		return nil, untransformed(d.meta.Name, p.Name, text, p.Type, fmt.Sprintf("The value \"%s\" couldn't be converted to type Microsoft.Exchange.Data.ByteQuantifiedSize.", text))
	}
	return sizeText(int64(n)), nil
}

// plainValue takes what the wire wraps apart: switches, enums and the like.
func plainValue(v any) any {
	switch v := v.(type) {
	case cmdlet.Switch:
		return bool(v)
	case uint64:
		return int64(v)
	case int32:
		return int64(v)
	case int:
		return int64(v)
	case clixml.DateTime:
		return timeOf(v.Ticks).Add(-time.Duration(v.OffsetMinutes) * time.Minute)
	case *clixml.Object:
		return plainObject(v)
	case []string:
		list := make([]any, len(v))
		for i := range v {
			list[i] = v[i]
		}
		return list
	}
	return v
}

func plainObject(o *clixml.Object) any {
	switch {
	case o.Kind == clixml.Dictionary:
		m := map[string]any{}
		for _, e := range o.Entries {
			m[display(plainValue(e.Key))] = plainValue(e.Value)
		}
		return m
	case o.Kind != clixml.None:
		list := make([]any, len(o.Items))
		for i := range o.Items {
			list[i] = plainValue(o.Items[i])
		}
		return list
	case o.HasBase && !o.HasToString:
		return plainValue(o.Base)
	}
	if on, ok := o.Get("IsPresent"); ok {
		return plainValue(on)
	}
	return o.ToString
}

// display is a value as text, as PowerShell's conversion to string gives it.
func display(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return "True"
		}
		return "False"
	case time.Time:
		return v.UTC().Format("01/02/2006 15:04:05")
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = display(plainValue(v[i]))
		}
		return strings.Join(parts, " ")
	case map[string]any:
		return "System.Collections.Hashtable"
	case cmdlet.Secret:
		return "System.Security.SecureString"
	}
	return fmt.Sprint(v)
}
