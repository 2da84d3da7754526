package psrp

import (
	"errors"
	"fmt"

	"postroom/session/clixml"
)

// ErrNoKey says that a SecureString cannot be decrypted yet: the key exchange
// has not taken place. The KeyReady event says when to try again.
var ErrNoKey = errors.New("psrp: no session key yet")

// ErrBadSecureString says that a SecureString does not decrypt with the session
// key: it is damaged, or belongs to another session.
var ErrBadSecureString = errors.New("psrp: SecureString does not decrypt with the session key")

// StateError says that an action does not fit the state of its pool or pipeline.
type StateError struct {
	Action   string // what was asked for: "Start", "Input", ...
	Pipeline GUID   // zero: the pool
	Is       string // the state that was found
	Want     string // the states that the action needs
}

// Error says what was tried, what state there was and which was needed.
func (e *StateError) Error() string {
	where := "the pool"
	if e.Pipeline != (GUID{}) {
		where = "pipeline " + e.Pipeline.String()
	}
	return fmt.Sprintf("psrp: %s: %s is %s, must be %s", e.Action, where, e.Is, e.Want)
}

// ProtocolError says that the other end sent something that MS-PSRP does not
// allow. The stream on which it came cannot be read further.
type ProtocolError struct {
	Stream GUID        // zero: the pool's
	Type   MessageType // 0: the error is in the framing
	What   string
	Err    error // cause, nil when there is none
}

// Error names the stream, the message type and what is wrong.
func (e *ProtocolError) Error() string {
	text := "psrp: protocol error"
	if e.Stream != (GUID{}) {
		text += " on pipeline " + e.Stream.String()
	}
	if e.Type != 0 {
		text += " in " + e.Type.String()
	}
	text += ": " + e.What
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the cause.
func (e *ProtocolError) Unwrap() error { return e.Err }

// LimitError says that the other end sent more than Limits allow.
type LimitError struct {
	Stream GUID
	Limit  string // the name of the field of Limits
	Max    int
	Got    int // at least this much
}

// Error names the limit, its value and what came.
func (e *LimitError) Error() string {
	return fmt.Sprintf("psrp: limit %s of %d exceeded: %d", e.Limit, e.Max, e.Got)
}

// VersionError says that the ends have no protocol version in common.
type VersionError struct {
	Ours   string
	Theirs string
}

// Error names both versions.
func (e *VersionError) Error() string {
	return fmt.Sprintf("psrp: protocol version %s of the other end does not go with ours, %s", e.Theirs, e.Ours)
}

// RemoteError is an error that the server reported: an ERROR_RECORD, the reason
// of a state, or the answer to a host call (MS-PSRP 2.2.3.15). Fields that the
// server did not send are empty.
type RemoteError struct {
	Message            string // the exception's message
	FullyQualifiedID   string
	Category           int32 // MS-PSRP 2.2.3.9
	CategoryReason     string
	CategoryActivity   string
	CategoryTarget     string
	CategoryTargetType string
	CategoryText       string // the one line that PowerShell shows as CategoryInfo
	ExceptionType      string // .NET type, without "Deserialized."
	ExceptionText      string // ToString of the exception
	Details            string // ErrorDetails: the text to show in place of Message
	RecommendedAction  string
	Target             string // display text of TargetObject
	StackTrace         string // the script's stack
	Value              *clixml.Object
}

// ErrorID gives FullyQualifiedID.
func (e *RemoteError) ErrorID() string { return e.FullyQualifiedID }

// Exception gives ExceptionType.
func (e *RemoteError) Exception() string { return e.ExceptionType }

// Error gives the text that PowerShell would show: the details when there are
// some, else the message.
func (e *RemoteError) Error() string {
	switch {
	case e.Details != "":
		return e.Details
	case e.Message != "":
		return e.Message
	case e.ExceptionText != "":
		return e.ExceptionText
	}
	return "psrp: the server reported an error without a text"
}
