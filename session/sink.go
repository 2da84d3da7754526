package session

import (
	"context"
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
	// Err is the error itself, of MessageError: a *psrp.RemoteError, or at the end of a
	// run the *UndecodedError.
	Err error
	// Progress is set for MessageProgress.
	Progress Progress
}

// Progress is how far an activity of the run has come.
type Progress struct {
	ID, Parent       int
	Activity, Status string
	Operation        string
	Percent          int           // 0 to 100, or -1 when unknown
	Remaining        time.Duration // negative when unknown
	Completed        bool
}
