package cmdlet

import (
	"errors"
	"strings"
	"time"

	"postroom/session/harmless"
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

// binder puts the parameters and values of one command together.
type binder struct {
	inv Invocation
	// cmdlet is what is known of it.
	cmdlet Cmdlet
	known  bool
	now    time.Time
	// parameters has the description for each token that is a name.
	parameters map[int]Parameter
	given      map[string]bool
	// at has the place of a parameter's argument, by its name in lower case.
	at   map[string]int
	errs []error
}

func (r Reader) binder(name string) *binder {
	c, known := r.describe(name)
	return &binder{
		inv: Invocation{Cmdlet: name}, cmdlet: c, known: known, now: r.now(),
		parameters: map[int]Parameter{}, given: map[string]bool{}, at: map[string]int{},
	}
}

func (b *binder) bind(tokens []token) (Invocation, error) {
	b.resolve(tokens)
	for i := 0; i < len(tokens); i++ {
		if tokens[i].name == "" {
			b.positional(tokens[i])
			continue
		}
		if i+1 < len(tokens) && tokens[i+1].name == "" && b.takesValue(i, tokens[i], tokens[i+1]) {
			b.named(i, tokens[i], &tokens[i+1])
			i++
			continue
		}
		b.named(i, tokens[i], nil)
	}
	return b.inv, errors.Join(b.errs...)
}

// resolve finds the parameters by their names, before any value is looked at: a value
// without a name goes to a parameter that no name is given for.
func (b *binder) resolve(tokens []token) {
	for i, t := range tokens {
		if t.name == "" {
			continue
		}
		p := b.find(t.name)
		b.given[strings.ToLower(p.Name)] = true
		b.parameters[i] = p
	}
}

// find resolves a name, of a cmdlet that is not known in full only. What is not known
// keeps its name.
func (b *binder) find(name string) Parameter {
	if p, _, ok := b.cmdlet.resolve(name); ok && (b.known || p.isNamed(name)) {
		return p
	}
	// Exchange's parameters of such names are all SecureStrings.
	return Parameter{Name: name, Secret: strings.HasSuffix(strings.ToLower(name), "password"), Position: -1}
}

// describes says that something is known of the parameter.
func (b *binder) describes(p Parameter) bool {
	_, ok := b.cmdlet.Parameter(p.Name)
	return ok || IsCommon(p.Name)
}

// takesValue says whether the value after a parameter belongs to it: not to a switch,
// unless it is $true or $false, which nobody means for another parameter.
func (b *binder) takesValue(i int, t, value token) bool {
	_, on := value.value.(bool)
	return t.colon || on || b.parameters[i].kind() != SwitchKind
}

func (b *binder) named(i int, t token, value *token) {
	p := b.parameters[i]
	switch {
	case harmless.Line(t.name) != t.name: // nobody would see what name that is
		b.errs = append(b.errs, &BindError{Parameter: t.name, Want: WantKnown})
	case value != nil:
		v, want := b.value(p, *value)
		b.add(p, Arg{Name: p.Name, Value: v}, value.source, want)
	case t.colon, p.kind() != SwitchKind && b.describes(p):
		b.errs = append(b.errs, p.wrong("", WantValue))
	default:
		b.add(p, Arg{Name: p.Name, Value: Switch(true)}, "", wantNothing)
	}
}

// value reads the value of a parameter: as it stands where it is a secret, else by the
// parameter's kind. A choice that is not known stays as it is.
func (b *binder) value(p Parameter, t token) (any, Want) {
	switch {
	case p.hidden() && t.plain:
		return p.convert(t.source, b.now.Location())
	case t.want != wantNothing:
		return nil, t.want
	}
	literal := t.value
	if t.plain {
		literal = p.withBraces(literal, t.source)
	}
	v, want := p.fromLiteral(literal, b.now.Location())
	if want == WantChoice {
		p.Kind, p.Type, p.Choices = Text, "", nil
		return p.fromLiteral(literal, b.now.Location())
	}
	return v, want
}

// withBraces gives a text in braces that was typed back as it was where the parameter is
// no filter.
func (p Parameter) withBraces(literal any, source string) any {
	if _, braces := literal.(block); braces && !isFilter(p.Name) {
		return bareword(source)
	}
	return literal
}

// positional binds a value without a name to the next free position.
func (b *binder) positional(t token) {
	p := b.nextPosition()
	b.given[strings.ToLower(p.Name)] = true
	v, want := b.value(p, t)
	if want != wantNothing {
		b.errs = append(b.errs, p.wrong(t.source, want))
		return
	}
	b.inv.Args = append(b.inv.Args, Arg{Value: v})
}

// nextPosition gives the free parameter of the lowest position, those of the default set
// first; the zero Parameter where none is known.
func (b *binder) nextPosition() Parameter {
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
	return best
}

// add appends an argument, or makes a list where its parameter was given before.
func (b *binder) add(p Parameter, a Arg, source string, want Want) {
	if want != wantNothing {
		b.errs = append(b.errs, p.wrong(source, want))
		return
	}
	name := strings.ToLower(a.Name)
	at, again := b.at[name]
	if !again {
		b.at[name] = len(b.inv.Args)
		b.inv.Args = append(b.inv.Args, a)
		return
	}
	v, ok := joinLists(b.inv.Args[at].Value, a.Value)
	if k := p.kind(); !ok || p.hidden() || k != Text && k != List && k != Choice {
		b.errs = append(b.errs, p.wrong(source, WantOnce))
		return
	}
	b.inv.Args[at].Value = v
}

// joinLists makes one list of two values, each of which may be one; ok is false for what
// is no element of a list.
func joinLists(a, b any) (list any, ok bool) {
	texts := []string{}
	values := []any{}
	for _, v := range []any{a, b} {
		switch v := v.(type) {
		case []string:
			texts = append(texts, v...)
			for _, text := range v {
				values = append(values, text)
			}
			continue
		case []any:
			values = append(values, v...)
			continue
		case string:
			texts = append(texts, v)
		case Switch, Secret, PSCredential, map[string]any, nil:
			return nil, false
		}
		values = append(values, v)
	}
	if len(texts) == len(values) {
		return texts, true
	}
	return values, true
}
