package history

import (
	"strings"

	"postroom/session/cmdlet"
)

// Effect is what a run that came to its end did beside giving rows.
type Effect uint8

const (
	// NoEffect is a run that read, that did not come to its end, or had errors.
	NoEffect Effect = iota
	// DidChange is a run that changed something.
	DidChange
	// WouldChange is a run that was only asked what it would change (What if).
	WouldChange
)

// Effect tells what the run did. A change has no rows as a rule, and "0 rows" would say
// that it came to nothing.
func (e Entry) Effect() Effect {
	if e.State != Done || e.Errors > 0 {
		return NoEffect
	}
	line, err := cmdlet.Reader{}.Line(e.Command)
	if err != nil && len(line.Pipeline) == 0 { // steps of a report; a line that leaves secrets out is given all the same
		name, _, _ := strings.Cut(e.Command, " ")
		line.Pipeline = cmdlet.Pipeline{{Cmdlet: name}}
	}
	switch {
	case line.Pipeline.Risk() == cmdlet.Reads:
		return NoEffect
	case line.Pipeline[len(line.Pipeline)-1].WhatIf():
		return WouldChange
	}
	return DidChange
}
