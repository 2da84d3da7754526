package cmdlet

import "strings"

// Invocation is one call: a cmdlet and its arguments, in the order given.
type Invocation struct {
	Cmdlet string
	Args   []Arg
}

// Arg is one argument of a call.
type Arg struct {
	// Name is the parameter's name without the dash; empty for a positional argument.
	Name string
	// Value is one of: nil ($null), string, bool, int64, uint64, float64, time.Time,
	// time.Duration, []string, []any (of these), map[string]any (of these), []byte,
	// [Switch], [Secret], [PSCredential].
	Value any
}

// Switch is the value of a switch parameter: true for `-Force`, false for `-Force:$false`.
// It differs from bool in how a call is written and sent.
type Switch bool

// Secret is a value that is never written out: credential.Secret is one. Whoever sends
// a call reveals it at the last moment; [Invocation.PowerShell] never does.
type Secret interface {
	// Reveal gives the plain text. The caller keeps it no longer than it must.
	Reveal() string
}

// PSCredential is a user name with a password, the value of a PSCredential parameter.
type PSCredential struct {
	User     string
	Password Secret
}

// Arg gives the first argument of that name (letter case does not matter) and whether
// there is one.
func (i Invocation) Arg(name string) (Arg, bool) {
	for _, a := range i.Args {
		if a.Name != "" && equalFold(a.Name, name) {
			return a, true
		}
	}
	return Arg{}, false
}

// WhatIf says that the call only asks what it would change.
func (i Invocation) WhatIf() bool {
	a, has := i.Arg("WhatIf")
	return has && (a.Value == Switch(true) || a.Value == true)
}

// Commands gives the call as the only command of a pipeline.
func (i Invocation) Commands() []Invocation { return []Invocation{i} }

// plainName is a command's name without the module before it.
func plainName(name string) string { return name[strings.LastIndexByte(name, '\\')+1:] }
