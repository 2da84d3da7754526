package job

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"postroom/session/cmdlet"
)

// Filled puts values of a row into a command, by the names of parameters, before
// what it has. A value is text as it stands where the parameter takes text, or
// where nothing is known of it; else it is read as the parameter's kind. Errors
// are *cmdlet.BindError: a value that is none, or a parameter that the command
// has already.
func Filled(kinds cmdlet.Kinds, into cmdlet.Invocation, values map[string]string, now time.Time) (cmdlet.Invocation, error) {
	known, _ := kinds.Describe(into.Cmdlet)
	out := cmdlet.Invocation{Cmdlet: into.Cmdlet}
	byName := func(a, b string) int { // Identity first, as people write it
		x, y := !strings.EqualFold(a, "Identity"), !strings.EqualFold(b, "Identity")
		if x != y {
			return map[bool]int{false: -1, true: 1}[x]
		}
		return cmp.Compare(a, b)
	}
	for _, given := range slices.SortedFunc(maps.Keys(values), byName) {
		name := given
		p, described := known.Parameter(name)
		if described {
			name = p.Name
		}
		for _, a := range into.Args {
			if strings.EqualFold(a.Name, name) {
				return into, &cmdlet.BindError{Parameter: name, Text: values[given], Want: cmdlet.WantOnce}
			}
		}
		value, err := valueOf(p, described, values[given], now)
		if err != nil {
			return into, err
		}
		out.Args = append(out.Args, cmdlet.Arg{Name: name, Value: value})
	}
	out.Args = append(out.Args, into.Args...)
	return out, nil
}

// valueOf reads a text as what a parameter takes.
func valueOf(p cmdlet.Parameter, described bool, text string, now time.Time) (any, error) {
	if !described || p.Kind == cmdlet.Text || p.Kind == cmdlet.List {
		return text, nil
	}
	one := cmdlet.Cmdlet{Parameters: []cmdlet.Parameter{{Name: p.Name, Type: p.Type, Kind: p.Kind, Choices: p.Choices}}}
	inv, err := one.Bind(map[string]string{p.Name: text}, now)
	if err != nil || len(inv.Args) == 0 {
		return nil, err
	}
	return inv.Args[0].Value, nil
}
