package cli

import (
	"errors"
	"flag"
	"fmt"
	"strings"
	"unicode/utf8"

	"postroom/session/cmdlet"
)

// invocation reads the cmdlet and its arguments. Without the server's
// description of the cmdlet the text decides what is a switch; to ask for the
// descriptions first would take longer than most reports.
func invocation(f *flag.FlagSet) (cmdlet.Invocation, error) {
	args := f.Args()
	if len(args) == 0 {
		return cmdlet.Invocation{}, &usageError{command: "run", what: "the cmdlet is missing, such as Get-TransportRule"}
	}
	if args[0] == "" || strings.HasPrefix(args[0], "-") || strings.ContainsAny(args[0], " \t\n|;&") {
		return cmdlet.Invocation{}, &usageError{command: "run", what: fmt.Sprintf("%q is not the name of a cmdlet, such as Get-TransportRule", args[0])}
	}
	for _, a := range args[1:] {
		if a == "--" {
			break
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(a, "--"), "=")
		if strings.HasPrefix(a, "--") && f.Lookup(name) != nil {
			return cmdlet.Invocation{}, &usageError{command: "run", what: fmt.Sprintf("--%s stands after the cmdlet %s; flags come before it", name, args[0])}
		}
	}
	for _, a := range args {
		if !utf8.ValidString(a) {
			return cmdlet.Invocation{}, &usageError{command: "run", what: fmt.Sprintf("%q is not UTF-8, which a server could understand", a)}
		}
	}
	inv, err := cmdlet.Reader{}.Arguments(args)
	var bind *cmdlet.BindError
	switch {
	case errors.As(err, &bind):
		return inv, &usageError{command: "run", what: "the arguments of " + args[0], err: bind}
	case err != nil:
		return inv, &usageError{command: "run", what: "the arguments of " + args[0], err: err}
	}
	return inv, nil
}
