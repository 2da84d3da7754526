package reference

import (
	"slices"
	"strings"

	"postroom/session/cmdlet"
)

// State says that a cmdlet is on its way out.
type State uint8

const (
	// Current cmdlets are there to stay.
	Current State = iota
	// Going cmdlets will be retired.
	Going
	// Deprecated cmdlets still run but should not be used.
	Deprecated
	// CloudRetired cmdlets are gone from the cloud; servers may have them.
	CloudRetired
)

// String gives the word for it; nothing for Current.
func (s State) String() string {
	return [...]string{Current: "", Going: "going", Deprecated: "deprecated", CloudRetired: "retired in the cloud"}[s]
}

// Cmdlet is what the reference knows of a cmdlet.
type Cmdlet struct {
	// Name is verb, dash and noun.
	Name string
	// Services that have it, as Microsoft's pages say.
	Services Services
	// Group is the subject that the pages file it under, such as mail-flow.
	Group string
	// State and ReplacedBy say whether it goes, and what to use instead, if anything.
	State      State
	ReplacedBy string
	// Sets are the names of its parameter sets; none when it has a single, nameless one.
	// DefaultSet is the one taken when the arguments do not tell; empty when unknown.
	Sets       []string
	DefaultSet string
	// WhatIf and Confirm say that it takes these parameters.
	WhatIf, Confirm bool
	// Internal says that it is for Microsoft's own use.
	Internal bool
	// Parameters in the order of use, the most used first.
	Parameters []Parameter
}

// Parameter is what the reference knows of a parameter. It has a field for each column of
// the reference's table.
type Parameter struct {
	// Name without the dash, and the type's short name.
	Name, Type string
	// Kind is what the value is for a person who fills it in.
	Kind cmdlet.Kind
	// Services that have it.
	Services Services
	// Sets says where it belongs and where it is needed.
	Sets Membership
	// Position among positional arguments from 0, negative when it must be named.
	Position int
	// Pipeline says that it can be filled from the command before.
	Pipeline bool
	// Aliases are other names.
	Aliases []string
	// Choices are values to offer.
	Choices Choices
	// Several says that it takes more than one value, AddRemove that it takes
	// @{Add=…;Remove=…}.
	Several, AddRemove bool
	// Limits are the bounds of its value.
	Limits Limits
	// Usual is the value that a new object gets; a hint, never to be sent.
	Usual string
	// Identity says by what the object may be named; empty for no identity.
	Identity Identity
	// UTC says that its time is read as UTC.
	UTC bool
	// Hidden says that nobody should need it: Microsoft's own use, or deprecated.
	Hidden bool
	// Rank is its place by use among the cmdlet's parameters, 0 for the most used.
	Rank int
}

// Membership says in which parameter sets a parameter is.
type Membership struct {
	// In names the sets; none means all.
	In []string
	// Required names those in which the call needs it. With Always it is needed in each
	// set that it is in, and Required is empty.
	Required []string
	Always   bool
}

// Choices are values that may be chosen.
type Choices struct {
	// Values in the order in which they are known.
	Values []string
	// Open says that other values may be right, too: so it is with all that a server did
	// not name itself.
	Open bool
}

// Limits are the bounds of a value as the pages write them: whole numbers, empty where
// there is none.
type Limits struct {
	// Least and Greatest bound a number (bytes for a size).
	Least, Greatest string
	// Longest is the greatest number of characters.
	Longest string
}

// Identity has a letter for each way to name an object; [Identity.Ways] reads them.
type Identity string

// Ways are the ways to name the object, in words.
func (i Identity) Ways() []string {
	ways := []string{}
	for _, letter := range i {
		if way := identityWays[letter]; way != "" {
			ways = append(ways, way)
		}
	}
	return ways
}

var identityWays = map[rune]string{
	'n': "name", 'i': "display name", 'a': "alias", 'd': "distinguished name", 'c': "canonical name",
	'u': `domain\user`, 'e': "email address", 'g': "GUID", 'x': "Exchange GUID", 'l': "legacy distinguished name",
	's': "SAM account name", 'p': "user principal name", 'f': "host name",
}

// Names tells whether the value names an object of the server.
func (p Parameter) Names() bool {
	return p.Identity != "" || strings.HasSuffix(strings.TrimSuffix(p.Type, "[]"), "IdParameter")
}

// Risk is how much it may change.
func (c Cmdlet) Risk() cmdlet.Risk { return cmdlet.RiskOf(c.Name) }

// Parameter finds a parameter by name or alias, letter case aside.
func (c Cmdlet) Parameter(name string) (Parameter, bool) {
	for _, p := range c.Parameters {
		if strings.EqualFold(p.Name, name) {
			return p, true
		}
	}
	for _, p := range c.Parameters {
		if slices.ContainsFunc(p.Aliases, func(a string) bool { return strings.EqualFold(a, name) }) {
			return p, true
		}
	}
	return Parameter{}, false
}

// Has tells whether the set is among them; any is for an empty name.
func (m Membership) Has(set string) bool {
	return set == "" || len(m.In) == 0 || slices.Contains(m.In, set)
}

// Needed tells whether a call by the set needs it; for an empty name, a call by any set.
func (m Membership) Needed(set string) bool {
	if m.Always {
		return m.Has(set)
	}
	return set != "" && slices.Contains(m.Required, set)
}
