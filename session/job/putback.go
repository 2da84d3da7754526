package job

import (
	"time"

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
	switch v.Kind {
	case result.KindAbsent:
		return nil, false
	case result.KindNull:
		return nil, true
	case result.KindBool:
		return v.Bool, true
	case result.KindInt:
		return v.Int, true
	case result.KindUint:
		return v.Uint, true
	case result.KindFloat:
		return v.Float, true
	case result.KindTime:
		return v.Time.Time(), true
	case result.KindDuration:
		return time.Duration(v.Int) * 100, true
	case result.KindBytes:
		return v.Bytes, true
	case result.KindList:
		if len(v.Items) == 0 {
			return nil, true
		}
		return v.Items, true
	}
	return v.Text, true
}
