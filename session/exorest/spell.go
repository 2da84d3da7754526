package exorest

import (
	"context"
	"fmt"

	"postroom/session/cmdlet"
)

// spelled gives calls with the full names of their parameters, and no other: the service
// knows no aliases, no beginnings of names and no positions, which a server of PowerShell
// resolves itself.
func (c *conn) spelled(ctx context.Context, commands []cmdlet.Invocation) ([]cmdlet.Invocation, error) {
	all := make([]cmdlet.Invocation, len(commands))
	for n, i := range commands {
		var err error
		if all[n], err = c.spell(ctx, i); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// spell is spelled for one call. The module file is asked only where the reference does
// not know every name already.
func (c *conn) spell(ctx context.Context, i cmdlet.Invocation) (cmdlet.Invocation, error) {
	if isStage(i.Cmdlet) {
		return i, nil
	}
	var known cmdlet.Cmdlet
	if kinds := c.door.options.Kinds; kinds != nil {
		known, _ = kinds.Describe(i.Cmdlet)
	}
	unnamed := false
	for _, a := range i.Args {
		unnamed = unnamed || a.Name == ""
	}
	if known.IsSpelled(i) || c.door.options.Kinds == nil && !unnamed {
		return i, nil
	}
	m, err := c.module(ctx)
	switch {
	case err != nil && (unnamed || ctx.Err() != nil):
		return i, fmt.Errorf("ask for the parameters of %s: %w", i.Cmdlet, err)
	case err == nil: // else the names may well be full ones, of a cmdlet that is not known here
		if found, has := m.find(i.Cmdlet); has {
			known = withAliases(found.Cmdlet, known)
		}
	}
	spelled, err := known.Spell(i)
	if err != nil {
		return i, fmt.Errorf("the arguments of %s: %w", i.Cmdlet, err)
	}
	return spelled, nil
}

// withAliases adds what the reference knows of other names to what the module file says,
// which has none.
func withAliases(said, known cmdlet.Cmdlet) cmdlet.Cmdlet {
	parameters := make([]cmdlet.Parameter, len(said.Parameters))
	for n, p := range said.Parameters {
		if fact, ok := known.Parameter(p.Name); ok && len(p.Aliases) == 0 {
			p.Aliases = fact.Aliases
		}
		parameters[n] = p
	}
	said.Parameters = parameters
	return said
}

// Accepts says why a call cannot be sent through this door, before anything is asked of
// anybody: a *ValueError. nil is no promise that the service takes it.
func (*Door) Accepts(i cmdlet.Invocation) error {
	for _, a := range i.Args {
		if credentialIn(a.Value) {
			return &ValueError{Cmdlet: i.Cmdlet, Parameter: a.Name, Err: errCredential}
		}
	}
	return nil
}

// credentialIn says that there is a PSCredential in a value. No client that was published
// sends one, and nothing says how the service would read it: a password is not sent by way
// of trial.
func credentialIn(v any) bool {
	switch v := v.(type) {
	case cmdlet.PSCredential:
		return true
	case []any:
		for _, item := range v {
			if credentialIn(item) {
				return true
			}
		}
	case map[string]any:
		for _, item := range v {
			if credentialIn(item) {
				return true
			}
		}
	}
	return false
}
