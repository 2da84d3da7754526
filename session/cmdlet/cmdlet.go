package cmdlet

import "slices"

// Cmdlet is what a server says about one of its commands.
type Cmdlet struct {
	// Name is verb, dash and noun as the server spells them.
	Name string
	// Synopsis is one line about what it does; empty when the server gave none.
	Synopsis string
	// DefaultSet is the parameter set taken when the arguments do not tell; may be empty.
	DefaultSet string
	// Parameters in the server's order.
	Parameters []Parameter
}

// Parameter is what a server says about one parameter of a cmdlet.
type Parameter struct {
	// Name without the dash.
	Name string
	// Type is the .NET type's full name, such as System.String or
	// Microsoft.Exchange.Data.Unlimited`1[[System.UInt32, mscorlib]].
	Type string
	// Kind is what the value is for a person who fills it in. KindOf(Type) gives it.
	Kind Kind
	// Aliases are other names that the server accepts, without the dash.
	Aliases []string
	// Choices are the only values that the server accepts; empty when it takes any.
	Choices []string
	// Sets are the names of the parameter sets it belongs to; empty means all.
	Sets []string
	// Mandatory says that the call needs it, in the default set where there are several.
	Mandatory bool
	// Position is the place among positional arguments from 0, or negative when it must be named.
	Position int
	// Help is one line for the person who fills it in; may be empty.
	Help string
	// Secret says that its value must not be shown or remembered.
	Secret bool
}

// Parameter finds a parameter by name or alias, letter case aside, as PowerShell does
// when the name is given in full.
func (c Cmdlet) Parameter(name string) (Parameter, bool) {
	for _, p := range c.Parameters {
		if equalFold(p.Name, name) {
			return p, true
		}
	}
	for _, p := range c.Parameters {
		if p.isNamed(name) {
			return p, true
		}
	}
	return Parameter{}, false
}

// isNamed says that name is the parameter's own or one of its aliases, in full.
func (p Parameter) isNamed(name string) bool {
	return equalFold(p.Name, name) || slices.ContainsFunc(p.Aliases, func(alias string) bool { return equalFold(alias, name) })
}

// resolve finds the parameter that a name stands for, as PowerShell does: in full, by
// alias, or by its unambiguous beginning; the cmdlet's own parameters go before those
// that every cmdlet has. several are the names that a beginning may stand for where it is
// not clear; ok is false then, and where nothing is known of the name.
func (c Cmdlet) resolve(name string) (p Parameter, several []string, ok bool) {
	all := []Cmdlet{c, {Parameters: commonParameters}}
	for _, of := range all {
		if p, ok = of.Parameter(name); ok {
			return p, nil, true
		}
	}
	for _, of := range all {
		found := of.beginningWith(name)
		if len(found) == 1 {
			return found[0], nil, true
		}
		for _, one := range found {
			several = append(several, one.Name)
		}
		if len(found) > 1 {
			return Parameter{}, several, false
		}
	}
	return Parameter{}, nil, false
}

// beginningWith are the parameters whose name or alias begins so.
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
