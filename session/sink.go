package session

import (
	"context"
	"errors"
	"time"

	"postroom/session/result"
)

// A Sink takes what a run gives: rows as they come, and messages and questions
// between them in the server's order. It is called from one goroutine, and not
// again after Run has returned. An error of EndRow stops the run.
type Sink interface {
	result.Appender
	// Message takes a warning, an error or the like. It must return soon: the
	// run waits for it.
	Message(Message)
	// Ask puts a question of the server to the user. The run waits for the
	// answer; ctx ends with the run. ErrNoAnswer tells the server that there
	// is nobody to ask.
	Ask(context.Context, Prompt) (Answer, error)
}

// MessageKind is the stream that a message came on.
type MessageKind int

// The kinds of messages.
const (
	MessageError MessageKind = iota
	MessageWarning
	MessageInformation
	MessageVerbose
	MessageDebug
	MessageProgress
)

// Message is what a run says beside its rows.
type Message struct {
	Kind MessageKind
	Text string
	Time time.Time
	// Err is the error itself, of MessageError: a CmdletError, or at the end of a
	// run the *UndecodedError. Where a warning has one, Text is its English, and the
	// program says it, not a server: a *DoubtfulValue, an *UnreadMessage.
	Err error
	// Progress is set for MessageProgress.
	Progress Progress
}

// A CmdletError is an error that the server reported for a cmdlet. Its text is
// the server's, as PowerShell would show it. It comes as a Message; where it
// ended the cmdlet, Run returns it.
type CmdletError interface {
	error
	// ErrorID is PowerShell's FullyQualifiedErrorId, such as
	// "CouldNotFindRecipient,Get-Mailbox"; "" when there is none.
	ErrorID() string
	// Exception is the .NET type of the exception; "" when it is not known.
	Exception() string
}

// Refused gives the error with which the server answered a command, where that alone
// ended it: the server has not done it. What broke off in the middle, or of which the answer
// was lost, is not known to be undone, whatever its cause.
func Refused(err error) (CmdletError, bool) {
	if _, broken := errors.AsType[*PartialError](err); broken {
		return nil, false
	}
	return errors.AsType[CmdletError](err)
}

// Progress is how far an activity of the run has come.
type Progress struct {
	ID, Parent       int
	Activity, Status string
	Doing            Doing // in place of Status, where the program says it
	Operation        string
	Percent          int           // 0 to 100, or -1 when unknown
	Remaining        time.Duration // negative when unknown
	Done, Total      int           // of so many things, where they are counted; else 0
	Completed        bool
}
