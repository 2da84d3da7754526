package remoting

import (
	"context"
	"errors"
	"fmt"
	"time"

	"postroom/session"
	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// call hands the events of one run to its sink.
type call struct {
	remote  *remote
	sink    session.Sink
	command string
	rows    rowReader
}

func (c *call) delivered() int { return c.rows.rows }

func (c *call) handle(ctx context.Context, e psrp.Event) error {
	switch e := e.(type) {
	case psrp.Output:
		return c.rows.read(e.Payload, c.sink)
	case psrp.HostCall:
		return c.hostCall(ctx, e)
	case psrp.Unknown:
		// Nothing is skipped in silence (docs/promises.md 6).
		if e.Type == psrp.MsgErrorRecord {
			c.sink.Message(unreadError(e))
			return nil
		}
		unread := &session.UnreadMessage{Type: e.Type.String(), Err: e.Err}
		c.sink.Message(session.Message{
			Kind: session.MessageWarning, Time: time.Now(),
			Text: unread.Error(), Err: unread,
		})
	default:
		if m, ok := message(e); ok {
			c.sink.Message(m)
		}
	}
	return nil
}

// unreadError makes a Message of an error record that cannot be read: an error with as
// much of its text as can be had.
func unreadError(e psrp.Unknown) session.Message {
	text, ok := clixml.Salvage(e.Payload, "ErrorDetails_Message", "Message")
	if !ok {
		unread := &session.UnreadMessage{Type: e.Type.String(), Err: e.Err}
		return session.Message{Kind: session.MessageError, Time: time.Now(), Text: unread.Error(), Err: unread}
	}
	return session.Message{
		Kind: session.MessageError, Time: time.Now(), Text: text,
		Err: &psrp.RemoteError{Message: text},
	}
}

// finish says at the end of a run what could not be decoded in it.
func (c *call) finish() {
	if err := c.rows.undecoded(); err != nil {
		c.sink.Message(session.Message{Kind: session.MessageError, Time: time.Now(), Text: err.Error(), Err: err})
	}
}

// message makes a Message of an event that is one.
func message(e psrp.Event) (session.Message, bool) {
	m := session.Message{Time: time.Now()}
	switch e := e.(type) {
	case psrp.ErrorRecord:
		m.Kind, m.Text, m.Err = session.MessageError, e.Err.Error(), e.Err
	case psrp.Record:
		m.Kind, m.Text = recordKind(e.Stream), e.Text
	case psrp.Information:
		m.Kind, m.Text = session.MessageInformation, e.Text
	case psrp.Progress:
		m.Kind, m.Text = session.MessageProgress, e.Activity
		m.Progress = progress(e)
	default:
		return session.Message{}, false
	}
	return m, true
}

func recordKind(s psrp.RecordStream) session.MessageKind {
	switch s {
	case psrp.Verbose:
		return session.MessageVerbose
	case psrp.Debug:
		return session.MessageDebug
	}
	return session.MessageWarning
}

func progress(e psrp.Progress) session.Progress {
	return session.Progress{
		ID: int(e.ActivityID), Parent: int(e.ParentActivityID),
		Activity: e.Activity, Status: e.Status, Operation: e.CurrentOperation,
		Percent: int(e.PercentComplete), Remaining: time.Duration(e.SecondsRemaining) * time.Second,
		Completed: e.Completed,
	}
}

// hostCall answers a call of the server's, with the user's help where it asks.
func (c *call) hostCall(ctx context.Context, e psrp.HostCall) error {
	if e.Repeats {
		return nil // the record said the same already
	}
	if text, ok := e.AsWrite(); ok {
		c.sink.Message(written(text))
		return nil
	}
	if !e.NeedsAnswer() {
		return nil // colours, cursor, window title: there is no console
	}
	prompt, ok := promptOf(e)
	if !ok {
		return c.refuse(e, "this host has no console")
	}
	answer, err := c.sink.Ask(ctx, prompt)
	if errors.Is(err, session.ErrNoAnswer) {
		return c.refuse(e, psrp.NoAnswer)
	}
	if err != nil {
		return fmt.Errorf("answer the server's question: %w", err)
	}
	value, err := answerValue(prompt, answer)
	if err != nil {
		return err
	}
	c.remote.mu.Lock()
	err = c.remote.pool.Answer(e, value)
	c.remote.mu.Unlock()
	if err != nil {
		return fmt.Errorf("answer the server's question: %w", err)
	}
	c.remote.news()
	return nil
}

// written makes a Message of what the server writes to the host. Warnings and their kin
// come so only where no record says the same.
func written(w psrp.WriteCall) session.Message {
	kind := session.MessageInformation
	switch {
	case w.Error:
		kind = session.MessageError
	case w.Stream != 0:
		kind = recordKind(w.Stream)
	}
	return session.Message{Kind: kind, Text: w.Text, Time: time.Now(), Err: writtenError(w)}
}

func writtenError(w psrp.WriteCall) error {
	if !w.Error {
		return nil
	}
	return &psrp.RemoteError{Message: w.Text}
}

func (c *call) refuse(e psrp.HostCall, why string) error {
	c.remote.mu.Lock()
	err := c.remote.pool.AnswerError(e, why)
	c.remote.mu.Unlock()
	if err != nil {
		return fmt.Errorf("refuse the server's question: %w", err)
	}
	c.remote.news()
	return nil
}

// commandList collects the descriptions of cmdlets.
type commandList struct {
	cmdlets []cmdlet.Cmdlet
	all     int // that are to come; 0 while the server has not said it
}

func (l *commandList) delivered() int { return len(l.cmdlets) }

func (l *commandList) handle(ctx context.Context, e psrp.Event) error {
	switch e := e.(type) {
	case psrp.MetadataCount:
		l.all = e.Count
	case psrp.Metadata:
		l.cmdlets = append(l.cmdlets, e.Command)
		session.CommandsCame(ctx, len(l.cmdlets), l.all)
	case psrp.ErrorRecord:
		return e.Err
	}
	return nil
}
