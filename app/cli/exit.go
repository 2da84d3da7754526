package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"postroom/session"
	"postroom/session/diagnose"
	"postroom/session/job"
)

// The exit codes of docs/command-line.md. Where several things went wrong, the
// highest counts.
const (
	ExitDone         = 0 // all went well
	ExitCmdletErrors = 1 // the cmdlet reported errors
	ExitUsage        = 2 // wrong usage
	ExitConnect      = 3 // could not connect or sign in, or the connection broke off
	ExitLimit        = 4 // the account holds as many sessions as it may
	ExitInterrupted  = 5 // interrupted; sessions were closed all the same
)

// Finish tells the error, if any, and gives the exit code for it.
func Finish(w io.Writer, err error) int {
	if err != nil {
		Explain(w, err)
	}
	return exitCode(err)
}

// exitCode is the table of the exit codes: first what this package knows for
// certain, then the kind of problem that diagnose sees.
func exitCode(err error) int {
	var several failures
	if errors.As(err, &several) {
		worst := ExitDone
		for _, e := range several {
			worst = max(worst, exitCode(e))
		}
		return worst
	}
	var shown *shownError
	switch {
	case err == nil, errors.Is(err, errHelp):
		return ExitDone
	case errors.As(err, &shown):
		return shown.code
	case errors.Is(err, errInterrupted):
		return ExitInterrupted
	case is[*usageError](err), is[*fileError](err):
		return ExitUsage
	case is[*cmdletError](err):
		return ExitCmdletErrors
	}
	code := diagnose.Explain(err).ExitCode()
	if code == ExitCmdletErrors && is[*job.OpenError](err) {
		return ExitConnect // an error of the server's, but there was no cmdlet yet
	}
	return code
}

// statusCode is the exit code for one tenant.
func statusCode(s job.Status) int {
	switch {
	case s.State == job.Skipped, errors.Is(s.Err, job.ErrEnough), errors.Is(s.Err, errReaderGone):
		return ExitDone
	case s.Err != nil:
		return exitCode(runError(s.Err))
	case s.Errors > 0:
		return ExitCmdletErrors
	}
	return ExitDone
}

// runError is what a target ended with, as the exit codes know it.
func runError(err error) error {
	_, refused := session.Refused(err)
	switch {
	case errors.Is(err, context.Canceled):
		return errInterrupted
	case refused && !is[*job.OpenError](err):
		return &cmdletError{err: err}
	}
	return err
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// program is who speaks where it is about no tenant.
const program = "postroom"

// Explain writes what happened, why, and what to do.
func Explain(w io.Writer, err error) { explainFor(w, program, err) }

// explainFor begins with whom it is about: the program, or a tenant.
func explainFor(w io.Writer, whom string, err error) {
	var several failures
	var usage *usageError
	var remote session.CmdletError
	switch {
	case errors.As(err, &several):
		for _, e := range several {
			explainFor(w, whom, e)
		}
	case is[*shownError](err), errors.Is(err, errHelp):
	case errors.Is(err, errInterrupted):
		say(w, "%s: interrupted\n", whom)
	case errors.As(err, &usage):
		usage.explain(w)
	default:
		if errors.As(err, &remote) { // in the server's words first: they name what it is about
			said := "ERROR: " + remote.Error()
			if whom != program {
				said = whom + ": " + said
			}
			say(w, "%s\n", said)
		}
		explainProblem(w, whom, diagnose.Explain(err))
	}
}

func explainProblem(w io.Writer, before string, p *diagnose.Problem) {
	say(w, "%s: %s\n", before, p.Title)
	for _, line := range []string{p.Cause, p.Fix} {
		if line != "" {
			say(w, "  %s\n", line)
		}
	}
	if p.Who != "" && p.Mender != diagnose.MenderPerson {
		say(w, "  Who can fix it: %s.\n", p.Who)
	}
	if p.PointsToDetails() {
		say(w, "  Details: %s\n", strings.TrimSpace(p.Details))
	}
}

// errInterrupted is the end of the context given to Run.
var errInterrupted = fmt.Errorf("cli: interrupted: %w", context.Canceled)

// errHelp: help, or the version, was asked for and given.
var errHelp = errors.New("cli: help")

// usageError is a command line that cannot be done.
type usageError struct {
	command string // "" when it is none of the commands
	what    string
	err     error // nil when what says it all
}

// Error says what is wrong with the command line.
func (e *usageError) Error() string {
	if e.err != nil {
		return e.what + ": " + e.err.Error()
	}
	return e.what
}

// WrongUsage is Error, for whoever runs a command line from the window.
func (e *usageError) WrongUsage() string { return e.Error() }

// Unwrap gives the cause.
func (e *usageError) Unwrap() error { return e.err }

// explain writes it, with the cause in the words of diagnose where it has some.
func (e *usageError) explain(w io.Writer) {
	problem := diagnose.Explain(e.err)
	switch {
	case problem == nil:
		say(w, "postroom: %s\n", e.what)
	case problem.ID == "unknown":
		say(w, "postroom: %s: %v\n", e.what, e.err)
	default:
		explainProblem(w, "postroom: "+e.what, problem)
	}
	if e.command == "" {
		say(w, "Try 'postroom help'.\n")
		return
	}
	say(w, "Try 'postroom help %s'.\n", e.command)
}

// fileError is a file that cannot be written.
type fileError struct{ err error }

// Error names the file and the cause.
func (e *fileError) Error() string { return e.err.Error() }

// Unwrap gives the cause.
func (e *fileError) Unwrap() error { return e.err }

// cmdletError is the error with which the server ended the cmdlet.
type cmdletError struct{ err error }

// Error gives the server's.
func (e *cmdletError) Error() string { return e.err.Error() }

// Unwrap gives the server's.
func (e *cmdletError) Unwrap() error { return e.err }

// shownError stands for what was written as it came; the code is what is left.
type shownError struct{ code int }

// Error gives the code.
func (e *shownError) Error() string { return fmt.Sprintf("cli: told already, exit code %d", e.code) }

// failures are several things that went wrong, each to be told.
type failures []error

// Error joins them.
func (f failures) Error() string { return errors.Join(f...).Error() }

// Unwrap gives them all.
func (f failures) Unwrap() []error { return f }

// join gives nil for none, the error itself for one, else failures.
func join(errs ...error) error {
	var failed failures
	for _, err := range errs {
		if err != nil {
			failed = append(failed, err)
		}
	}
	switch len(failed) {
	case 0:
		return nil
	case 1:
		return failed[0]
	}
	return failed
}
