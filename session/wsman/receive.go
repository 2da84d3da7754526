package wsman

import (
	"context"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"github.com/masterzen/winrm/soap"
)

// Receive waits for output of a command, or of the shell when id is empty. It
// lasts until the server has something or its OperationTimeout is over; then
// Received is empty, without an error. The rows of an answer that was lost on
// the way are gone: after a NetError with SentMaybe the stream may have a hole.
func (s *Shell) Receive(ctx context.Context, id string) (Received, error) {
	t, _ := s.current()
	out := t.receiveShell
	if id != "" {
		out = t.receiveCommand
	}
	req := newBuffer()
	req.b = out.append(req.b, fill{messageID: newMessageID(), commandID: strings.ToUpper(id)})
	a, err := s.link.post(ctx, opReceive, req.b)
	req.release()
	if err != nil {
		return Received{}, late(err, s.link.url)
	}
	r, err := a.received()
	if err != nil {
		a.buf.release()
		var f *Fault
		if errors.As(err, &f) && f.TimedOut() {
			return Received{}, nil
		}
		return Received{}, err
	}
	return r, nil
}

// received reads the answer to a Receive. Without an error, the buffer is
// Received's.
func (a *answer) received() (Received, error) {
	r := Received{buf: a.buf, life: a.buf.life.Load()}
	scan := &a.buf.scan
	if a.status != 200 || !scanReceive(a.buf.b, scan) {
		return a.receivedSlowly()
	}
	n := 0
	for _, s := range scan.streams {
		// In place: what is decoded is shorter than its text, and never
		// reaches what is still to be read.
		k, err := base64.StdEncoding.Decode(a.buf.b[n:s.to], a.buf.b[s.from:s.to])
		if err != nil {
			return r, &ProtocolError{Op: opReceive, What: "content of a stream", Err: err}
		}
		n += k
	}
	r.Data = a.buf.b[:n:n]
	return r, r.setState(string(scan.state), string(scan.exitCode))
}

// receivedSlowly reads any valid form of the answer, and faults.
func (a *answer) receivedSlowly() (Received, error) {
	r := Received{buf: a.buf, life: a.buf.life.Load()}
	x, err := a.envelope(opReceive)
	if err != nil {
		return r, err
	}
	resp := x.body.child(soap.NS_WIN_SHELL, "ReceiveResponse")
	if resp == nil {
		return r, &ProtocolError{Op: opReceive, What: "the answer is no ReceiveResponse", Body: a.excerpt()}
	}
	seenState := false
	for _, c := range resp.children {
		if c.name.Space != soap.NS_WIN_SHELL {
			continue
		}
		switch c.name.Local {
		case "Stream":
			data, err := decodeBase64(c.text)
			if err != nil {
				return r, &ProtocolError{Op: opReceive, What: "content of a stream", Err: err}
			}
			switch name := c.attr("Name"); name {
			case "stdout":
				r.Data = append(r.Data, data...)
			case "stderr":
				r.Stderr = append(r.Stderr, data...)
			default:
				return r, &ProtocolError{Op: opReceive, What: "a stream " + strconv.Quote(name)}
			}
		case "CommandState":
			if seenState {
				return r, &ProtocolError{Op: opReceive, What: "more than one command state"}
			}
			seenState = true
			if err := r.setState(c.attr("State"), c.childText(soap.NS_WIN_SHELL, "ExitCode")); err != nil {
				return r, err
			}
		}
	}
	return r, nil
}

func (r *Received) setState(uri, exitCode string) error {
	r.State = uri[strings.LastIndexByte(uri, '/')+1:]
	r.Done = r.State == "Done"
	if exitCode == "" {
		return nil
	}
	n, err := strconv.ParseInt(exitCode, 10, 64) // programs end with codes up to 2^32
	if err != nil {
		return &ProtocolError{Op: opReceive, What: "exit code", Err: err}
	}
	r.ExitCode = int(n)
	return nil
}

// decodeBase64 takes base64 with white space anywhere, as XML allows.
func decodeBase64(text string) ([]byte, error) {
	if strings.ContainsAny(text, " \t\r\n") {
		text = strings.Map(func(r rune) rune {
			switch r {
			case ' ', '\t', '\r', '\n':
				return -1
			}
			return r
		}, text)
	}
	return base64.StdEncoding.DecodeString(text)
}
