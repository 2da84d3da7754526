package result

import "io"

// output gathers bytes and writes them in large pieces.
type output struct {
	w      io.Writer
	buffer []byte
}

const outputSize = 64 << 10

// flushFull writes the buffer when it is large enough.
func (o *output) flushFull() error {
	if len(o.buffer) < outputSize {
		return nil
	}
	return o.flush()
}

func (o *output) flush() error {
	if len(o.buffer) == 0 {
		return nil
	}
	n, err := o.w.Write(o.buffer)
	if err == nil && n < len(o.buffer) {
		err = io.ErrShortWrite
	}
	o.buffer = o.buffer[:0]
	return err
}
