package session

import (
	"fmt"
	"strings"
	"time"
)

// Doing is what a door does by itself in an activity, as facts: no server has words for it,
// and whoever shows it has those of the person's language. The zero value is nothing.
type Doing struct {
	Wait time.Duration // the service asks to wait this long
	// Again is after what time a read is sent once more, as no answer came that can be used:
	// for the Try-th time of Tries.
	Again      time.Duration
	Try, Tries int
	// Page is the page of a list that is asked for, with so many Rows in those before; from 1.
	Page, Rows int
}

// String says it in English, for a log and for the command line; "" for nothing.
func (d Doing) String() string {
	switch {
	case d.Wait > 0:
		return fmt.Sprintf("waiting %d s, as the service asks", Seconds(d.Wait))
	case d.Tries > 0:
		return fmt.Sprintf("no usable answer; trying again in %d s (%d of %d)", Seconds(d.Again), d.Try, d.Tries)
	case d.Page > 0:
		return fmt.Sprintf("page %d, %d rows so far", d.Page, d.Rows)
	}
	return ""
}

// Seconds are the whole seconds of a length of time that somebody waits for, one at least.
func Seconds(d time.Duration) int { return max(1, int(d.Round(time.Second).Seconds())) }

// DoubtfulValue warns, before a command is sent, of a value that the service takes without a
// word and answers with no rows.
type DoubtfulValue struct {
	Parameter, Value string
	Choices          []string // Value is none of the known ones, but the beginning of these; or
	Least            string   // it is less than this
}

// Error says it in English.
func (e *DoubtfulValue) Error() string {
	if e.Least != "" {
		return fmt.Sprintf("-%s: %s is less than %s. Exchange Online may give no rows for it.", e.Parameter, e.Value, e.Least)
	}
	return fmt.Sprintf("-%s: %s is not a known value, but the beginning of %s. Exchange Online may take it for that, or give no rows.",
		e.Parameter, e.Value, strings.Join(e.Choices, " or "))
}

// UnreadMessage is a message of the server's that could not be read, of a type of the protocol.
type UnreadMessage struct {
	Type string
	Err  error
}

// Error says it in English.
func (e *UnreadMessage) Error() string {
	return fmt.Sprintf("The server sent a message of type %s that could not be read.", e.Type)
}

// Unwrap gives why.
func (e *UnreadMessage) Unwrap() error { return e.Err }
