package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"postroom/session/cmdlet"
	"postroom/session/reference"
)

// longestScript is how much of standard input --line - reads, in bytes.
const longestScript = 1 << 20

// command is what is to be run: the arguments, or the line of --line.
func (o *runFlags) command(ctx context.Context, s Streams, f *flag.FlagSet) (cmdlet.Line, error) {
	if o.line == "" {
		inv, err := invocation(f)
		return cmdlet.Line{Pipeline: cmdlet.Pipeline{inv}}, err
	}
	text := o.line
	switch {
	case f.NArg() > 0:
		return cmdlet.Line{}, &usageError{command: "run", what: fmt.Sprintf("--line says what to run already: %q is too much", f.Arg(0))}
	case text == stdoutName && o.passwordStdin:
		return cmdlet.Line{}, &usageError{command: "run", what: "--line - and --password-stdin both read standard input: give the line as TEXT"}
	case text == stdoutName:
		var err error
		text, err = wait(ctx, func() (string, error) {
			raw, readErr := io.ReadAll(io.LimitReader(s.In, longestScript+1))
			if len(raw) > longestScript {
				readErr = errLineTooLong
			}
			return string(raw), readErr
		})
		if err != nil {
			return cmdlet.Line{}, fmt.Errorf("read the line from standard input: %w", err)
		}
	}
	if !utf8.ValidString(text) {
		return cmdlet.Line{}, &usageError{command: "run", what: "--line is not UTF-8, which a server could understand"}
	}
	line, err := cmdlet.Reader{Kinds: reference.New()}.Line(text)
	if err != nil {
		return line, &usageError{command: "run", what: "--line", err: err}
	}
	o.shape = line.Shape
	if e := line.Shape.Export; e != nil {
		if o.csv != "" {
			return line, &usageError{command: "run", what: "--csv and Export-Csv both name a file: give one"}
		}
		o.csv = e.Path
		for name, delimiter := range delimiters {
			if o.delimiter == "" && e.Delimiter == delimiter {
				o.delimiter = name
			}
		}
	}
	return line, nil
}

// invocation reads the cmdlet and its arguments. What kind a parameter is, the
// reference says; to ask the server for its descriptions first would take longer
// than most reports.
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
	inv, err := cmdlet.Reader{Kinds: reference.New()}.Arguments(args)
	var bind *cmdlet.BindError
	switch {
	case errors.As(err, &bind):
		return inv, &usageError{command: "run", what: "the arguments of " + args[0], err: bind}
	case err != nil:
		return inv, &usageError{command: "run", what: "the arguments of " + args[0], err: err}
	}
	return inv, nil
}
