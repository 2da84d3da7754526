package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"postroom/session"
	"postroom/session/diagnose"
)

// The exit codes of DESIGN.md section 5.
const (
	ExitDone         = 0 // all went well
	ExitCmdletErrors = 1 // the cmdlet reported errors
	ExitUsage        = 2 // wrong usage
	ExitConnect      = 3 // could not connect or sign in, or the connection broke off
	ExitLimit        = 4 // the account holds as many sessions as it may
	ExitInterrupted  = 5 // interrupted; sessions were closed all the same
)

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	// Terminal says that a person sits at In and Err and can be asked.
	Terminal bool
}

// command is one word of the command line.
type command struct {
	name, usage string
	run         func(context.Context, []string, Streams) error
}

func commands() []command {
	return []command{
		{name: "run", usage: "run a cmdlet and write what it gives", run: run},
		{name: "sessions", usage: "what the ledger holds; with --close, delete it on the servers", run: sessions},
		{name: "simulate", usage: "serve a simulated Exchange until interrupted", run: simulate},
	}
}

// Has says whether name is a command of the command line.
func Has(name string) bool {
	return name == "help" || slices.ContainsFunc(commands(), func(c command) bool { return c.name == name })
}

// Run does what the arguments, without the program's name, say. It returns the
// exit code. The end of ctx counts as an interruption; what is open on servers
// is closed before it returns.
func Run(ctx context.Context, args []string, s Streams) int {
	if len(args) == 0 || args[0] == "help" {
		writeUsage(s.Out)
		return ExitDone
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return finish(s, c.run(ctx, args[1:], s))
		}
	}
	return finish(s, &usageError{what: fmt.Sprintf("there is no command %q", args[0])})
}

func writeUsage(w io.Writer) {
	var b strings.Builder
	b.WriteString("postroom                      the window\n" +
		"postroom --demo               the window, with the simulator offered\n" +
		"postroom --tour DIR           the demo, driven by itself; screenshots and a CSV file into DIR\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "postroom %-20s %s\n", c.name, c.usage)
	}
	b.WriteString("\n'postroom run --help' lists the flags of a command.\n")
	_, _ = io.WriteString(w, b.String()) // nothing can be done about a closed terminal
}

// finish tells the error, if any, and gives the exit code for it.
func finish(s Streams, err error) int {
	code := exitCode(err)
	var shown *shownError
	if err == nil || errors.Is(err, errHelp) || errors.As(err, &shown) {
		return code
	}
	Explain(s.Err, err)
	return code
}

// Explain writes what happened, why, and what to do.
func Explain(w io.Writer, err error) {
	var usage *usageError
	if errors.As(err, &usage) {
		fmt.Fprintf(w, "postroom: %s\nTry 'postroom help'.\n", usage.Error())
		return
	}
	var remote *session.RemoteError
	if errors.As(err, &remote) { // in the server's words first: they name what it is about
		fmt.Fprintf(w, "ERROR: %s\n", remote.Error())
	}
	problem := diagnose.Explain(err)
	fmt.Fprintf(w, "postroom: %s\n", problem.Title)
	for _, line := range []string{problem.Cause, problem.Fix} {
		if line != "" {
			fmt.Fprintf(w, "  %s\n", line)
		}
	}
}

func exitCode(err error) int {
	var usage *usageError
	var limit *session.LimitError
	var partial *session.PartialError
	var file *fileError
	var remote *session.RemoteError
	var shown *shownError
	switch {
	case err == nil, errors.Is(err, errHelp):
		return ExitDone
	case errors.Is(err, errInterrupted), errors.Is(err, context.Canceled):
		return ExitInterrupted
	case errors.As(err, &usage), errors.As(err, &file):
		return ExitUsage
	case errors.As(err, &limit):
		return ExitLimit
	case errors.As(err, &partial):
		return ExitConnect
	case errors.As(err, &remote), errors.As(err, &shown):
		return ExitCmdletErrors
	}
	return ExitConnect
}

// errInterrupted is the end of the context given to Run.
var errInterrupted = errors.New("cli: interrupted")

// errHelp: help was asked for and given.
var errHelp = errors.New("cli: help")

// usageError is a command line that cannot be done.
type usageError struct {
	what string
	err  error
}

// Error says what is wrong with the command line.
func (e *usageError) Error() string {
	if e.err != nil {
		return e.what + ": " + e.err.Error()
	}
	return e.what
}

// Unwrap gives the cause.
func (e *usageError) Unwrap() error { return e.err }

// shownError stands for errors of the cmdlet that were written as they came.
type shownError struct{ count int }

// Error counts them.
func (e *shownError) Error() string {
	return fmt.Sprintf("cli: the cmdlet reported %d errors", e.count)
}
