package wsman

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

const (
	// maxReply is far above what servers answer (MaxEnvelope), and a guard
	// against a server that does not end.
	maxReply = 16 << 20
	// maxPooled keeps a single huge reply from staying in memory.
	maxPooled = 2 << 20
)

var errReplyTooLong = fmt.Errorf("%w: more than %d bytes", ErrReplyTooLarge, maxReply)

// buffer is a reply's bytes, with what the scanner needs beside them.
type buffer struct {
	b    []byte
	scan receiveScan
	life atomic.Uint32 // how often it was given back
}

// The pool itself is the only state, and it has none that a caller could see.
var buffers = sync.Pool{New: func() any { return new(buffer) }}

func newBuffer() *buffer {
	b, ok := buffers.Get().(*buffer)
	if !ok {
		b = new(buffer)
	}
	b.b = b.b[:0]
	return b
}

func (b *buffer) release() {
	if b != nil {
		b.releaseOnce(b.life.Load())
	}
}

// releaseOnce gives the buffer back if nobody has since the life was read, so
// that copies of one Received cannot give back what is somebody else's by now.
func (b *buffer) releaseOnce(life uint32) {
	if b.life.CompareAndSwap(life, life+1) && cap(b.b) <= maxPooled {
		buffers.Put(b)
	}
}

// read fills the buffer from r; size is the length announced, or less than 0.
func (b *buffer) read(r io.Reader, size int64) error {
	if size > maxReply {
		return errReplyTooLong
	}
	if want := int(size) + 1; size >= 0 && cap(b.b) < want { // one more, to see the end without growing
		b.b = make([]byte, 0, max(want, 8<<10))
	} else if cap(b.b) == 0 {
		b.b = make([]byte, 0, 64<<10)
	}
	for {
		if len(b.b) == cap(b.b) {
			if len(b.b) >= maxReply {
				return errReplyTooLong
			}
			b.b = append(b.b, 0)[:len(b.b)]
		}
		n, err := r.Read(b.b[len(b.b):cap(b.b)])
		b.b = b.b[:len(b.b)+n]
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Release gives the memory of Data back. Data must not be used afterwards, not
// in copies of r either. More than one call does nothing, also on copies.
func (r *Received) Release() {
	if r.buf != nil {
		r.buf.releaseOnce(r.life)
	}
	r.buf, r.Data = nil, nil
}
