package session

import (
	"encoding/json"
	"io"
	"sync"
	"time"

	"postroom/session/psrp"
	"postroom/session/wsman"
)

// Tracer is told of every request and reply, without secrets.
type Tracer = wsman.Tracer

// RemoteError is an error that the server reported for a command.
type RemoteError = psrp.RemoteError

// TraceWriter writes a protocol trace, a JSON object a line, to send to
// someone who can read it. wsman has taken all secrets out before.
type TraceWriter struct {
	mu  sync.Mutex
	w   io.Writer
	err error
}

// NewTraceWriter gives a trace that goes to w. w stays the caller's.
func NewTraceWriter(w io.Writer) *TraceWriter { return &TraceWriter{w: w} }

// traceLine is an event as it is written: names of the wire, times for people.
type traceLine struct {
	Time    string   `json:"time"`
	Kind    string   `json:"kind"`
	Op      string   `json:"op,omitempty"`
	URL     string   `json:"url,omitempty"`
	Status  int      `json:"status,omitempty"`
	Elapsed string   `json:"elapsed,omitempty"`
	Header  []string `json:"header,omitempty"`
	Body    string   `json:"body,omitempty"`
	Err     string   `json:"error,omitempty"`
}

// Trace writes one event. After a failed write nothing more is written; Err
// tells.
func (t *TraceWriter) Trace(e wsman.Event) {
	line := traceLine{
		Time: e.Time.UTC().Format(time.RFC3339Nano), Kind: e.Kind, Op: e.Op, URL: e.URL,
		Status: e.Status, Header: e.Header, Body: e.Body, Err: e.Err,
	}
	if e.Elapsed > 0 {
		line.Elapsed = e.Elapsed.String()
	}
	b, err := json.Marshal(line)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err != nil {
		return
	}
	if err == nil {
		_, err = t.w.Write(append(b, '\n'))
	}
	t.err = err
}

// Err is the first write that failed.
func (t *TraceWriter) Err() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}
