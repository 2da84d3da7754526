package exchange

import (
	"context"
	"time"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// Host is the door that a call came through: it takes what the cmdlets give,
// and asks what they ask.
type Host interface {
	// Row takes a row of output; it is the caller's again when Row returns.
	// false says that nobody wants more.
	Row(r Row) bool
	// Object takes a value that is not a row of a table.
	Object(v clixml.Value) bool
	// Say takes what is said beside the output.
	Say(n Note)
	// Ask asks the person and waits. Without a person, or with one that does
	// not answer, it is an error.
	Ask(q Question) (clixml.Value, *psrp.RemoteError)
}

// Stream says what a Note is.
type Stream uint8

// The streams.
const (
	Warning  Stream = iota
	Verbose         // -Verbose was given
	WhatIf          // what would be done
	Progress        // how far an activity has come
	Failure         // an error that does not end the call
)

// Note is what a cmdlet says beside its output.
type Note struct {
	Stream Stream
	// Text is of Warning, Verbose, WhatIf, and the status of Progress.
	Text string
	// Activity and Percent are of Progress; 100 ends it.
	Activity string
	Percent  int32
	// Err is of Failure.
	Err *psrp.RemoteError
}

// Question is a question to the person.
type Question struct {
	Caption, Message string
	// Fields are the values that are wanted; none means that the question is
	// whether to go on: yes, yes to all, no, no to all, answered by its number.
	Fields []Field
}

// Field is a value that is asked for.
type Field struct{ Name, Type string }

// Trouble is what goes wrong with a cmdlet on demand.
type Trouble struct {
	// NotInRole: there is no such cmdlet. Transient: the directory fails.
	NotInRole, Transient bool
	// HalfWay: the cmdlet ends after half of its rows. MicroDelay adds the
	// warning of a session that is slowed down.
	HalfWay, MicroDelay bool
	// Every: of each so many identities one fails, by name; 0 means none.
	Every int
	// Wait is called before the work.
	Wait func(ctx context.Context)
}

// Call is commands that a session wants run, each into the next.
type Call struct {
	Tenant   *Tenant
	Account  string
	Commands []cmdlet.Invocation
	Host     Host
	Now      time.Time
	// Decrypt reads a secret that the person gave; nil means that there is none.
	Decrypt func(clixml.SecureString) (string, error)
	// Begun is called for each cmdlet before its work; it counts it, and says
	// what goes wrong with it. changes says that the cmdlet is one that changes
	// something. nil means that nothing goes wrong.
	Begun func(i cmdlet.Invocation, changes bool) Trouble
}
