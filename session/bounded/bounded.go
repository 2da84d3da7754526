// Package bounded reads what somebody else sends, and no more of it than was agreed: an
// answer that does not end must cost neither all memory nor all time. What is longer is an
// error, never an answer that looks whole.
package bounded

import (
	"fmt"
	"io"
)

// Error is an answer that is longer than is read.
type Error struct {
	// Asked is what the answer is to, for people.
	Asked string
	// Most is how much is read, in bytes.
	Most int64
}

// Error names both.
func (e *Error) Error() string {
	return fmt.Sprintf("the answer to %s is longer than %d bytes", e.Asked, e.Most)
}

// AnswerTooLong gives both.
func (e *Error) AnswerTooLong() (asked string, most int64) { return e.Asked, e.Most }

// Reader reads an answer up to its end, or fails with an *Error. It is not safe for
// several goroutines.
type Reader struct {
	in   io.Reader
	left int64 // one more than may come
	err  error
}

// NewReader bounds the answer to what was asked.
func NewReader(in io.Reader, asked string, most int64) *Reader {
	return &Reader{in: in, left: most + 1, err: &Error{Asked: asked, Most: most}}
}

// Read reads on. Errors are those of the answer, and *Error.
func (r *Reader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, r.err
	}
	n, err := r.in.Read(p[:min(int64(len(p)), r.left)])
	if r.left -= int64(n); r.left <= 0 {
		return n, r.err
	}
	return n, err //nolint:wrapcheck // a Reader hands on what it reads, io.EOF among it
}

// ReadAll reads the whole answer to what was asked. Errors are those of Read; nothing of
// an answer that is too long is given.
func ReadAll(in io.Reader, asked string, most int64) ([]byte, error) {
	b, err := io.ReadAll(NewReader(in, asked, most))
	if err != nil {
		return nil, err
	}
	return b, nil
}
