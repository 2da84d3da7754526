package cmdlet

import (
	"errors"
	"strconv"
	"strings"
)

// token is a piece of a command line: a parameter's name, or a value as a literal.
type token struct {
	name   string // of a parameter; empty for a value
	colon  bool   // a value must follow: -Name:
	value  any
	source string
	want   Want // why the source is no literal; wantNothing when it is one
	plain  bool // the source is the text itself, not PowerShell's quoting of it
}

// bindTokens puts parameters and values together.
func bindTokens(name string, tokens []token, c *Cmdlet) (Invocation, error) {
	b := binder{cmdlet: c, inv: Invocation{Cmdlet: name}, given: map[string]bool{}}
	b.resolve(tokens)
	for i := 0; i < len(tokens); i++ {
		if tokens[i].name == "" {
			b.positional(tokens[i])
			continue
		}
		if i+1 < len(tokens) && tokens[i+1].name == "" && b.takesValue(i, tokens[i]) {
			b.named(i, tokens[i], &tokens[i+1])
			i++
			continue
		}
		b.named(i, tokens[i], nil)
	}
	if len(b.errs) > 0 {
		return Invocation{}, errors.Join(b.errs...)
	}
	return b.inv, nil
}

type binder struct {
	cmdlet *Cmdlet
	inv    Invocation
	// parameters has the description for each token that is a name, where it is known.
	parameters map[int]Parameter
	given      map[string]bool
	errs       []error
}

// resolve finds the parameters by their names, before any value is looked at: a value
// without a name goes to a parameter that no name is given for.
func (b *binder) resolve(tokens []token) {
	b.parameters = map[int]Parameter{}
	for i, t := range tokens {
		if t.name == "" {
			continue
		}
		p, err := b.find(t.name)
		if err != nil {
			b.errs = append(b.errs, err)
		}
		if b.given[strings.ToLower(p.Name)] {
			b.errs = append(b.errs, p.wrong("", WantOnce))
		}
		b.given[strings.ToLower(p.Name)] = true
		b.parameters[i] = p
	}
}

// find resolves a name: in full, by alias, or by its unambiguous beginning; the cmdlet's
// own parameters go before the common ones.
func (b *binder) find(name string) (Parameter, error) {
	if b.cmdlet == nil {
		// Exchange's parameters of such names are all SecureStrings.
		return Parameter{Name: name, Secret: strings.HasSuffix(strings.ToLower(name), "password")}, nil
	}
	if p, ok := b.cmdlet.Parameter(name); ok {
		return p, nil
	}
	common := Cmdlet{Parameters: commonParameters}
	if p, ok := common.Parameter(name); ok {
		return p, nil
	}
	for _, c := range []*Cmdlet{b.cmdlet, &common} {
		switch found := c.beginningWith(name); len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			names := make([]string, len(found))
			for i, p := range found {
				names[i] = p.Name
			}
			return Parameter{Name: name}, &BindError{Parameter: name, Want: WantUnambiguous, Names: names}
		}
	}
	return Parameter{Name: name}, &BindError{Parameter: name, Want: WantKnown}
}

func (c Cmdlet) beginningWith(name string) []Parameter {
	var found []Parameter
	for _, p := range c.Parameters {
		for _, candidate := range append([]string{p.Name}, p.Aliases...) {
			if len(candidate) >= len(name) && equalFold(candidate[:len(name)], name) {
				found = append(found, p)
				break
			}
		}
	}
	return found
}

// takesValue says whether the value after a parameter belongs to it.
func (b *binder) takesValue(i int, t token) bool {
	return t.colon || b.cmdlet == nil || b.parameters[i].kind() != SwitchKind
}

func (b *binder) named(i int, t token, value *token) {
	p := b.parameters[i]
	switch {
	case value == nil && (t.colon || b.cmdlet != nil && p.kind() != SwitchKind):
		b.errs = append(b.errs, p.wrong("", WantValue))
	case value == nil:
		b.add(Arg{Name: p.Name, Value: Switch(true)})
	default:
		v, want := b.value(p, *value)
		if on, ok := v.(bool); ok && t.colon && b.cmdlet == nil {
			v = Switch(on)
		}
		b.addOr(Arg{Name: p.Name, Value: v}, p, value.source, want)
	}
}

// value reads the value of a parameter: as it stands where it is a secret, by the
// parameter's kind where the cmdlet is known.
func (b *binder) value(p Parameter, t token) (any, Want) {
	switch {
	case p.hidden() && t.plain:
		return p.convert(t.source)
	case t.want != wantNothing:
		return nil, t.want
	case b.cmdlet == nil && !p.hidden():
		return untyped(p.Name, t.value)
	}
	return p.fromLiteral(t.value)
}

// positional binds a value without a name to the next free position.
func (b *binder) positional(t token) {
	if b.cmdlet == nil {
		v, want := b.value(Parameter{}, t)
		b.addOr(Arg{Value: v}, Parameter{}, t.source, want)
		return
	}
	p, ok := b.nextPosition()
	if !ok {
		b.errs = append(b.errs, &BindError{Text: t.source, Want: WantPosition})
		return
	}
	b.given[strings.ToLower(p.Name)] = true
	v, want := b.value(p, t)
	b.addOr(Arg{Value: v}, p, t.source, want)
}

// nextPosition gives the free parameter of the lowest position, those of the default set
// first.
func (b *binder) nextPosition() (Parameter, bool) {
	best, found := Parameter{}, false
	for _, p := range b.cmdlet.Parameters {
		if p.Position < 0 || b.given[strings.ToLower(p.Name)] {
			continue
		}
		inDefault := p.inSet(b.cmdlet.DefaultSet)
		bestInDefault := best.inSet(b.cmdlet.DefaultSet)
		if !found || inDefault && !bestInDefault || inDefault == bestInDefault && p.Position < best.Position {
			best, found = p, true
		}
	}
	return best, found
}

func (b *binder) add(a Arg) { b.inv.Args = append(b.inv.Args, a) }

func (b *binder) addOr(a Arg, p Parameter, source string, want Want) {
	if want != wantNothing {
		b.errs = append(b.errs, p.wrong(source, want))
		return
	}
	b.add(a)
}

// fromLiteral reads a literal by the parameter's kind.
func (p Parameter) fromLiteral(v any) (any, Want) {
	switch v := v.(type) {
	case nil:
		return nil, wantNothing
	case bareword:
		return p.convert(string(v))
	case string:
		if p.kind() == List {
			return p.items([]string{v})
		}
		return p.convert(v)
	case bareItems:
		if p.kind() == List {
			return p.fromLiteral(v.items)
		}
		return p.convert(v.source)
	case bool:
		return p.fromBool(v)
	case []any:
		return p.fromList(v)
	case map[string]any:
		return p.fromTable(v)
	case block:
		if isFilter(p.Name) {
			return string(v), wantNothing
		}
		return nil, WantLiteral
	}
	return v, wantNothing // bytes
}

func (p Parameter) fromBool(v bool) (any, Want) {
	switch p.kind() {
	case SwitchKind:
		return Switch(v), wantNothing
	case Bool, Text:
		return v, wantNothing
	}
	return p.convert(strconv.FormatBool(v))
}

func (p Parameter) fromList(list []any) (any, Want) {
	switch p.kind() {
	case List:
	case Text, Hashtable, Choice:
		if p.hidden() {
			return nil, WantKind
		}
	default:
		return nil, WantKind
	}
	texts := make([]string, 0, len(list))
	for _, item := range list {
		switch item := item.(type) {
		case bareword:
			texts = append(texts, string(item))
		case string:
			texts = append(texts, item)
		default:
			return untyped(p.Name, list)
		}
	}
	return p.items(texts)
}

func (p Parameter) fromTable(table map[string]any) (any, Want) {
	switch p.kind() {
	case Hashtable, List, Text:
		return untyped(p.Name, table)
	}
	return nil, WantKind
}

// isFilter says that a parameter takes a filter, for which PowerShell allows { }.
func isFilter(name string) bool {
	return strings.HasSuffix(strings.ToLower(name), "filter")
}

// untyped makes a value of a literal about whose parameter nothing is known.
func untyped(name string, v any) (any, Want) {
	switch v := v.(type) {
	case bareword:
		return untypedWord(string(v)), wantNothing
	case bareItems:
		return untyped(name, v.items)
	case block:
		if isFilter(name) {
			return string(v), wantNothing
		}
		return nil, WantLiteral
	case map[string]any:
		table := make(map[string]any, len(v))
		for key, item := range v {
			value, want := untyped("", item)
			if want != wantNothing {
				return nil, want
			}
			table[key] = value
		}
		return table, wantNothing
	case []any:
		return untypedList(v)
	}
	return v, wantNothing
}

// untypedList gives []string when all items are text, else []any.
func untypedList(list []any) (any, Want) {
	values := make([]any, len(list))
	texts := make([]string, 0, len(list))
	for i, item := range list {
		value, want := untyped("", item)
		if want != wantNothing {
			return nil, want
		}
		values[i] = value
		if text, ok := value.(string); ok {
			texts = append(texts, text)
		}
	}
	if len(texts) == len(values) {
		return texts, wantNothing
	}
	return values, wantNothing
}

// untypedWord makes a number of a word that is one, unless the way it is written would
// be lost by it: 007 and +1 stay text, which a server reads as a number where it wants one.
func untypedWord(text string) any {
	v, ok := parseNumber(text)
	if !ok {
		return text
	}
	if r := text[0]; r == '+' || r >= 0x80 {
		return text
	}
	digits := strings.TrimLeft(text, "-")
	if len(digits) > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9' {
		return text
	}
	if _, isFloat := v.(float64); isFloat {
		significant := strings.Trim(strings.ReplaceAll(digits, ".", ""), "0")
		if len(significant) > 15 && isDigits(significant) {
			return text // more digits than a number surely holds
		}
	}
	return v
}
