package job

import (
	"postroom/session/cmdlet"
	"postroom/session/result"
)

// Before gives the value that a property of an object had when it was read; false where it
// was not read.
type Before func(property string) (result.Value, bool)

// PutBack is the call of a cmdlet that sets properties of an object to what they were, for
// a person to review: those that it takes, and whose value was read. left are the others.
// There is nothing to send when all are left.
func PutBack(by cmdlet.Cmdlet, object string, properties []string, before Before) (call cmdlet.Invocation, left []string) {
	call = cmdlet.Invocation{Cmdlet: by.Name}
	for _, name := range properties {
		p, takes := by.Parameter(name)
		was, read := before(name)
		value, ok := argument(was)
		if !takes || !read || !ok {
			left = append(left, name)
			continue
		}
		call.Args = append(call.Args, cmdlet.Arg{Name: p.Name, Value: value})
	}
	if len(call.Args) > 0 && object != "" {
		call.Args = append([]cmdlet.Arg{{Name: "Identity", Value: object}}, call.Args...)
	}
	return call, left
}

// argument is a value that came as one that can be sent; false for what has none.
func argument(v result.Value) (any, bool) {
	if v.Kind == result.KindList && len(v.Items) == 0 {
		return nil, true
	}
	return v.Go(), v.Kind != result.KindAbsent
}
