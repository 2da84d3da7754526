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
	case text == stdoutName:
		if o.passwordStdin { // its first line
			if _, err := o.passwordLine(ctx, s); err != nil {
				return cmdlet.Line{}, err
			}
		}
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

// flagsBehind reads the flags that stand behind the cmdlet, which have two dashes: the
// cmdlet's own parameters have one. One right behind a parameter that takes a value
// could be that value; it is refused. Behind -- nothing is a flag.
func flagsBehind(f *flag.FlagSet) error {
	var flags, words []string
	args := f.Args()
	for i := 0; i < len(args); i++ {
		if args[i] == "--" {
			words = append(words, args[i:]...)
			break
		}
		name, _, hasValue := strings.Cut(strings.TrimPrefix(args[i], "--"), "=")
		known := f.Lookup(name)
		if i == 0 || !strings.HasPrefix(args[i], "--") || known == nil {
			words = append(words, args[i])
			continue
		}
		if before := args[i-1]; len(words) > 1 && words[len(words)-1] == before && takesValue(args[0], before) {
			return &usageError{command: "run", what: fmt.Sprintf("--%s stands where %s has its value: put it before the cmdlet", name, before)}
		}
		flags = append(flags, args[i])
		if isBool, _ := known.Value.(interface{ IsBoolFlag() bool }); !hasValue && (isBool == nil || !isBool.IsBoolFlag()) && i+1 < len(args) {
			i++
			flags = append(flags, args[i])
		}
	}
	if len(flags) == 0 {
		return nil
	}
	if err := f.Parse(append(append(flags, "--"), words...)); err != nil {
		return &usageError{command: "run", what: twoDashes(err.Error())}
	}
	return nothingEmpty(f)
}

// takesValue says that a word is a parameter whose value comes next: all but those
// that are known to be switches.
func takesValue(name, word string) bool {
	parameter, is := strings.CutPrefix(word, "-")
	if !is || parameter == "" || strings.ContainsAny(parameter, ":") || parameter[0] >= '0' && parameter[0] <= '9' {
		return false
	}
	c, _ := reference.New().Describe(name)
	p, known := c.Parameter(parameter)
	return !known || p.Kind != cmdlet.SwitchKind
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
