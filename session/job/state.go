package job

import (
	"errors"
	"time"

	"postroom/session"
)

// State is how far a target has come.
type State uint8

// The states of a target.
const (
	Queued     State = iota // its turn has not come
	Waiting                 // for a free session of the account
	Connecting              // a session is being opened
	Running                 // the command was sent
	Asking                  // a question waits for a person
	Done                    // all rows came
	Partial                 // rows came and others may be missing, or it is not known whether the command ran
	Failed                  // nothing came
	Stopped                 // by a person, or because enough rows had come
	Skipped                 // not asked: what ended another target would have ended it too
	SignIn                  // a person has to sign in for its tenant; the others go on
)

var stateNames = [...]string{
	Queued: "queued", Waiting: "waiting", Connecting: "connecting", Running: "running", Asking: "asking",
	Done: "done", Partial: "partial", Failed: "failed", Stopped: "stopped", Skipped: "skipped", SignIn: "sign-in",
}

// String gives the state's name in lower case.
func (s State) String() string {
	if int(s) >= len(stateNames) {
		return "unknown"
	}
	return stateNames[s]
}

// Ended says that nothing goes on for the target any more.
func (s State) Ended() bool { return s >= Done }

// Status is what there is to see of a target. It is a value.
type Status struct {
	Target session.Target
	State  State
	// Place is the place in the queue for a session, from 1; 0 when not waiting.
	Place int
	// Wait is what it waits for while Waiting, and Limit how many sessions the
	// account may hold.
	Wait  session.Wait
	Limit int
	// Rows, Errors and Warnings are what came; errors that ended the command
	// count too.
	Rows, Errors, Warnings int
	// Progress are the activities that go on, those within others after them.
	Progress []session.Progress
	// Sent says that the command was handed to a session: the server may have
	// run it.
	Sent bool
	// Declined says that a person answered a question of the server with No.
	Declined       bool
	Started, Ended time.Time
	// Err is why it did not end as Done.
	Err error
}

// signInRefused is what an error says about itself when the account was not let
// in, and only a person can change that.
type signInRefused interface {
	error
	SignInRefused() bool
}

// NeedsPerson says that nothing more comes of the target until a person has
// done something: answered, or signed in.
func (s Status) NeedsPerson() bool {
	refused, ok := errors.AsType[signInRefused](s.Err)
	return s.State == Asking || s.State == SignIn || ok && refused.SignInRefused()
}

// Summary counts the targets of a Job.
type Summary struct {
	Targets int
	// ByState has the number of targets in each state, at its index.
	ByState [SignIn + 1]int
	// Good are targets that came to their end, or gave rows, without an error; Left those
	// of which nothing came, since they were stopped or not asked.
	Good, Left int
	// Errors, Rows and Warnings are what came; errors that ended a command count too.
	Rows, Errors, Warnings int
	// WithErrors are the targets that failed, came only in part, or reported errors, and
	// NeedSignIn those that a person has to sign in for, by their numbers.
	WithErrors, NeedSignIn []int
}

// Summarize counts.
func Summarize(list []Status) Summary {
	s := Summary{Targets: len(list)}
	for at, t := range list {
		s.ByState[t.State]++
		s.Rows += t.Rows
		s.Errors += t.Errors
		s.Warnings += t.Warnings
		switch {
		case t.State == SignIn:
			s.NeedSignIn = append(s.NeedSignIn, at)
		case t.State == Failed, t.State == Partial, t.Errors > 0:
			s.WithErrors = append(s.WithErrors, at)
		case t.State == Done, t.Rows > 0:
			s.Good++
		default:
			s.Left++
		}
	}
	return s
}

// Whole says that every target has all its rows. One that reported errors and
// went on counts as whole.
func (s Summary) Whole() bool { return s.ByState[Done] == s.Targets }

// Ended says that nothing goes on any more.
func (s Summary) Ended() bool {
	going := 0
	for state := Queued; state < Done; state++ {
		going += s.ByState[state]
	}
	return going == 0
}
