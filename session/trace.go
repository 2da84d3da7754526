package session

import (
	"encoding/json"
	"io"
	"sync"
	"time"
)

// Tracer is told of what crosses the wire. The doors have taken all secrets out
// before: no password, no Authorization or cookie value, no content of a
// SecureString. It is called from many goroutines.
type Tracer interface {
	Trace(TraceEvent)
}

// TraceEvent is one line of a protocol trace.
type TraceEvent struct {
	Time time.Time
	// Kind is "request", "response", "unsealed" (the content of a sealed
	// response), "redirect" or "error".
	Kind string
	// Op is the operation: "Create", "Command", ...
	Op string
	// URL is where the request went.
	URL string
	// Status is the HTTP status of a response.
	Status int
	// Elapsed is the time from the request to this event.
	Elapsed time.Duration
	// Header is the HTTP header, one "Name: value" each, sorted.
	Header []string
	// Body is what was sent or came, cut at 64 KB.
	Body string
	// Err is what went wrong, with Kind "error".
	Err string
}

// TraceWriter writes a protocol trace, a JSON object a line, to send to
// someone who can read it.
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
func (t *TraceWriter) Trace(e TraceEvent) {
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
