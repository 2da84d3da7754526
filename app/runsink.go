package app

import (
	"context"
	"sync"

	"postroom/session"
	"postroom/session/result"
)

// runSink takes what a run gives: rows into the table, messages into a list
// that the UI thread reads, questions to a dialog. It is called from the run's
// goroutine.
type runSink struct {
	*result.Builder
	news func() // something came
	ask  func(context.Context, session.Prompt) (session.Answer, error)

	mu       sync.Mutex
	messages []session.Message
	progress session.Progress
	errors   int
	warnings int
}

// EndRow completes a row.
func (s *runSink) EndRow() error {
	err := s.Builder.EndRow()
	s.news()
	return err
}

// Message keeps a message.
func (s *runSink) Message(m session.Message) {
	s.mu.Lock()
	switch m.Kind {
	case session.MessageProgress:
		s.progress = m.Progress
	case session.MessageError:
		s.errors++
		s.messages = append(s.messages, m)
	case session.MessageWarning:
		s.warnings++
		s.messages = append(s.messages, m)
	default:
		s.messages = append(s.messages, m)
	}
	s.mu.Unlock()
	s.news()
}

// Ask puts a question to the user.
func (s *runSink) Ask(ctx context.Context, p session.Prompt) (session.Answer, error) {
	return s.ask(ctx, p)
}

// said gives the messages from number from on, and how far the run has come.
func (s *runSink) said(from int) (messages []session.Message, p session.Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.messages[from:len(s.messages):len(s.messages)], s.progress
}

// counts gives the numbers of errors and warnings.
func (s *runSink) counts() (errors, warnings int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.errors, s.warnings
}
