package report

import (
	"strings"

	"postroom/session"
)

// hearing is the talk of a call for one row. What the server reports in it is how the call came
// out, for it is about that row: Exchange answers most of what it cannot do for a mailbox with an
// error record and a command that came to its end. It is said with the row's name once no further
// attempt is made.
type hearing struct {
	talk
	errors []session.Message
}

// Message keeps an error and hands on what else is said.
func (h *hearing) Message(m session.Message) {
	if m.Kind == session.MessageError {
		h.errors = append(h.errors, m)
		return
	}
	h.talk.Message(m)
}

// outcome is how a call came out that returned err. What was reported before something that is
// not about the row is said as it was.
func (h *hearing) outcome(err error) error {
	if len(h.errors) == 0 {
		return err
	}
	if err != nil && !ofOneRow(err) {
		for _, m := range h.errors {
			h.talk.Message(m)
		}
		return err
	}
	return &reportedError{h.errors, err}
}

// reportedError is what a server reported of one row, and how its command ended if not well.
type reportedError struct {
	said  []session.Message
	ended error
}

// Error is what was said, a line for each.
func (e *reportedError) Error() string {
	var lines []string
	for _, m := range e.said {
		lines = append(lines, m.Text)
	}
	if e.ended != nil {
		lines = append(lines, e.ended.Error())
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the server's own errors.
func (e *reportedError) Unwrap() []error {
	var all []error
	for _, m := range e.said {
		if m.Err != nil {
			all = append(all, m.Err)
		}
	}
	if e.ended != nil {
		all = append(all, e.ended)
	}
	return all
}
