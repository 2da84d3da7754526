package cmdlet_test

import (
	"strings"
	"time"

	"postroom/session/cmdlet"
)

// kinds knows the cmdlets that it has.
type kinds []cmdlet.Cmdlet

func (k kinds) Describe(name string) (cmdlet.Cmdlet, bool) {
	for _, c := range k {
		if strings.EqualFold(c.Name, name) {
			return c, true
		}
	}
	return cmdlet.Cmdlet{}, false
}

var (
	berlin = time.FixedZone("CET", 60*60)
	noon   = time.Date(2026, 11, 27, 12, 0, 0, 0, berlin)
	// described knows Set-Sample.
	described = cmdlet.Reader{Kinds: kinds{sample}, Now: func() time.Time { return noon }}
)

// oneCommand reads a line that is one command.
func oneCommand(r cmdlet.Reader, line string) (cmdlet.Invocation, error) {
	l, err := r.Line(line)
	switch {
	case err != nil:
		return cmdlet.Invocation{}, err
	case len(l.Pipeline) != 1 || !l.Shape.IsZero():
		return cmdlet.Invocation{}, &cmdlet.BindError{Text: line, Want: cmdlet.WantCommand}
	}
	return l.Pipeline[0], nil
}
