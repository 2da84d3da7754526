package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
)

// person is who answers at In. Several may want to ask at once: a server, a proxy, a server
// that refused a password.
type person struct {
	turn chan struct{} // held by who asks
	next <-chan read   // of the line that is being read; nil for none; for who has the turn
}

// read is what came of a reading.
type read struct {
	text string
	err  error
}

// asking waits for the turn to ask a question; done gives it back. Without it two would read
// one line each, and the first answer would show what is typed for the second. What was typed
// for a question that is gone is no answer to this one.
func (s Streams) asking(ctx context.Context) (done func(), err error) {
	if s.person == nil {
		return nil, errors.New("cli: streams that are not ready")
	}
	select {
	case s.person.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, errInterrupted
	}
	select {
	case <-s.person.next:
		s.person.next = nil
	default:
	}
	return func() { <-s.person.turn }, nil
}

// secret asks for a line of In that is not shown, until ctx ends. What is typed is hidden
// before the question is there: who sees it may type at once, and a terminal shows what
// comes before. The terminal is as it was when it returns. Whoever calls it has the turn.
func (s Streams) secret(ctx context.Context, question string) (string, error) {
	shown, err := s.Hide()
	if err != nil {
		return "", fmt.Errorf("ask at the terminal: %w", err)
	}
	say(s.Err, "%s", question)
	line, err := s.line(ctx)
	say(s.Err, "\n") // the person's own was not shown
	return line, errors.Join(err, shown())
}

// longestLine is the longest line that is read from standard input, in bytes.
const longestLine = 64 << 10

// errLineTooLong is a line that is no password and no answer.
var errLineTooLong = errors.New("the line is too long")

// line reads the next line of In without its end. At the end of the input it
// gives io.EOF, with the rest if there is one. Whoever calls it has the turn. A read that
// ctx left behind goes on, and the next line is the one that it gives.
func (s Streams) line(ctx context.Context) (string, error) {
	in, ok := s.In.(*bufio.Reader)
	if !ok {
		return "", errors.New("cli: streams that are not ready")
	}
	if s.person.next == nil {
		s.person.next = reading(func() (string, error) {
			b, err := in.ReadSlice('\n')
			if errors.Is(err, bufio.ErrBufferFull) {
				return "", errLineTooLong
			}
			return string(bytes.TrimRight(b, "\r\n")), err
		})
	}
	text, err := came(ctx, s.person.next)
	if !errors.Is(err, errInterrupted) {
		s.person.next = nil
	}
	return text, err
}

// wait reads until ctx ends.
func wait(ctx context.Context, do func() (string, error)) (string, error) {
	return came(ctx, reading(do))
}

// reading reads beside.
func reading(do func() (string, error)) <-chan read {
	got := make(chan read, 1)
	go func() { // ends with what is read, or with the program: nothing calls a read back
		text, err := do()
		got <- read{text, err}
	}()
	return got
}

// came waits for what is read, until ctx ends.
func came(ctx context.Context, got <-chan read) (string, error) {
	select {
	case a := <-got:
		return a.text, a.err
	case <-ctx.Done():
		return "", errInterrupted
	}
}
