package cmdlet

import (
	"errors"
	"slices"
	"strings"
)

// Spell gives the call with the full name of every argument's parameter, in the cmdlet's
// spelling, as a server of PowerShell makes it of aliases, beginnings of names and values
// without one. A name of which nothing is known stays as it is: a server may know more.
//
// Errors are *[BindError], joined: a name that may mean several, a parameter that is given
// twice, more values than there are positions.
func (c Cmdlet) Spell(inv Invocation) (Invocation, error) {
	spelled := Invocation{Cmdlet: inv.Cmdlet, Args: slices.Clone(inv.Args)}
	given := map[string]bool{}
	var errs []error
	for i, a := range spelled.Args {
		if a.Name == "" {
			continue
		}
		p, several, ok := c.resolve(a.Name)
		if ok {
			a.Name = p.Name
		}
		key := strings.ToLower(a.Name)
		switch {
		case len(several) > 0:
			errs = append(errs, &BindError{Parameter: a.Name, Want: WantUnambiguous, Names: several})
		case given[key]:
			errs = append(errs, &BindError{Parameter: a.Name, Want: WantOnce})
		}
		given[key] = true
		spelled.Args[i] = a
	}
	for i, a := range spelled.Args {
		if a.Name != "" {
			continue
		}
		p, err := c.atNextPosition(a, given)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		spelled.Args[i].Name = p.Name
	}
	return spelled, errors.Join(errs...)
}

// IsSpelled says that every argument has the full name of a parameter that is known: Spell
// has nothing to do.
func (c Cmdlet) IsSpelled(inv Invocation) bool {
	return !slices.ContainsFunc(inv.Args, func(a Arg) bool {
		p, ok := c.Parameter(a.Name)
		if !ok {
			p, ok = Cmdlet{Parameters: commonParameters}.Parameter(a.Name)
		}
		return !ok || !equalFold(p.Name, a.Name)
	})
}

// atNextPosition finds the parameter of an argument without a name, and counts it as given.
func (c Cmdlet) atNextPosition(a Arg, given map[string]bool) (Parameter, error) {
	b := binder{cmdlet: c, known: true, given: given}
	p := b.nextPosition()
	if p.Name == "" {
		return p, &BindError{Text: strings.TrimSpace(string(appendValue(nil, a.Value, false))), Want: WantPosition}
	}
	given[strings.ToLower(p.Name)] = true
	return p, nil
}
