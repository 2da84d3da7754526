package reference

import (
	"cmp"
	"slices"
	"strings"

	"postroom/session/cmdlet"
)

// Lay lays the reference over what a server says about a cmdlet. The answer has exactly the
// parameters that the server named, in its order and with its types; the reference adds
// what does not travel: sets, what is required, choices, limits, identity, rank. Where the
// server says something, it has the last word; choices of the reference are always open.
// A cmdlet that the reference does not know comes out as the server described it.
func (r *Reference) Lay(server cmdlet.Cmdlet) Cmdlet {
	c, _ := r.Cmdlet(server.Name)
	known := c
	c.Name = server.Name
	c.DefaultSet = cmp.Or(server.DefaultSet, c.DefaultSet)
	own := setNames(server)
	if len(own) > 0 {
		c.Sets = own
	} else {
		c.dropSets(known, server)
	}
	c.WhatIf, c.Confirm = false, false
	c.Parameters = make([]Parameter, 0, len(server.Parameters))
	for _, p := range server.Parameters {
		fact, found := known.Parameter(p.Name)
		if !found {
			fact = Parameter{Position: -1, Rank: len(known.Parameters) + len(c.Parameters)}
		}
		fact.Sets = fact.Sets.among(c.Sets)
		c.Parameters = append(c.Parameters, fact.under(p, len(own) > 0))
		c.WhatIf = c.WhatIf || strings.EqualFold(p.Name, "WhatIf")
		c.Confirm = c.Confirm || strings.EqualFold(p.Name, "Confirm")
	}
	return c
}

// dropSets leaves out the sets of other services: those that need a parameter which the
// server has not, and those of whose own parameters it has none. The set that is called
// Identity or Default is the usual one, and stays without parameters of its own.
func (c *Cmdlet) dropSets(known Cmdlet, server cmdlet.Cmdlet) {
	c.Sets = slices.DeleteFunc(slices.Clone(c.Sets), func(set string) bool {
		own, here := 0, 0 // parameters that not every set has, and those of them that the server has
		for _, p := range known.Parameters {
			_, has := server.Parameter(p.Name)
			if !has && p.Sets.Needed(set) {
				return true
			}
			if len(p.Sets.In) > 0 && p.Sets.Has(set) && !p.Hidden {
				own++
				if has {
					here++
				}
			}
		}
		return own > 0 && here == 0 && set != "Identity" && set != "Default"
	})
	if !slices.Contains(c.Sets, c.DefaultSet) {
		c.DefaultSet = server.DefaultSet
	}
}

// among leaves out the sets that there are not; what is in none of those that are left is
// in all, and no call needs it: the server has it.
func (m Membership) among(sets []string) Membership {
	gone := func(set string) bool { return !slices.Contains(sets, set) }
	if len(m.In) > 0 && !slices.ContainsFunc(m.In, func(set string) bool { return !gone(set) }) {
		return Membership{}
	}
	m.In = slices.DeleteFunc(slices.Clone(m.In), gone)
	m.Required = slices.DeleteFunc(slices.Clone(m.Required), gone)
	return m
}

// Needed marks what only a server's Get-Help says is required: parameters of which the
// reference knows nothing. It is a hint like all that the server did not demand itself.
func (r *Reference) Needed(laid Cmdlet, server cmdlet.Help) Cmdlet {
	known, _ := r.Cmdlet(laid.Name)
	laid.Parameters = slices.Clone(laid.Parameters)
	for i, p := range laid.Parameters {
		_, ours := known.Parameter(p.Name)
		if said, found := server.Parameter(p.Name); found && said.Required && !ours && len(laid.Sets) == 0 {
			laid.Parameters[i].Sets.Always = true
		}
	}
	return laid
}

// setNames are the sets that the server named, in the order of their first parameters.
func setNames(c cmdlet.Cmdlet) []string {
	var names []string
	for _, p := range c.Parameters {
		for _, s := range p.Sets {
			if s != allSets && !slices.Contains(names, s) {
				names = append(names, s)
			}
		}
	}
	return names
}

// allSets is how PowerShell says that a parameter is in every set.
const allSets = "__AllParameterSets"

// under gives the fact with the server's word over it. With serverSets the server told of
// sets, so those of the pages do not count.
func (p Parameter) under(server cmdlet.Parameter, serverSets bool) Parameter {
	p.Name = server.Name
	p.Kind = kindUnder(p.Kind, server)
	p.Type = cmp.Or(server.Type, p.Type)
	for _, a := range server.Aliases {
		if !slices.ContainsFunc(p.Aliases, func(b string) bool { return strings.EqualFold(a, b) }) {
			p.Aliases = append(slices.Clip(p.Aliases), a)
		}
	}
	if len(server.Choices) > 0 {
		p.Choices = Choices{Values: server.Choices}
	} else {
		p.Choices.Open = len(p.Choices.Values) > 0
	}
	if serverSets {
		p.Sets = Membership{}
		if !slices.Contains(server.Sets, allSets) {
			p.Sets.In = server.Sets
		}
	}
	p.Sets.Always = p.Sets.Always || server.Mandatory
	if server.Position >= 0 {
		p.Position = server.Position
	}
	return p
}

// kindUnder is the kind by the server's type, and by the pages where that tells nothing: an
// enumeration, an Unlimited of unknown argument, no type at all. A server's String is text.
func kindUnder(fact cmdlet.Kind, server cmdlet.Parameter) cmdlet.Kind {
	kind := server.Kind
	if kind == cmdlet.Text {
		kind = cmdlet.KindOf(server.Type)
	}
	switch {
	case server.Secret && kind != cmdlet.Credential:
		return cmdlet.SecretKind
	case kind != cmdlet.Text:
		return kind
	case len(server.Choices) > 0:
		return cmdlet.Choice
	}
	plain := strings.EqualFold(server.Type, "System.String")
	if plain && fact != cmdlet.Choice {
		return cmdlet.Text
	}
	return fact
}
