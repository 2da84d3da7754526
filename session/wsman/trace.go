package wsman

import "time"

// Tracer is told of what crosses the wire. Everything it is given is redacted:
// no password, no Authorization or cookie value, no content of a SecureString.
// It is called from many goroutines.
type Tracer interface {
	Trace(Event)
}

// Event is one line of a protocol trace.
type Event struct {
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
	// Header is the HTTP header, redacted, one "Name: value" each, sorted.
	Header []string
	// Body is the envelope, redacted; cut at 64 KB.
	Body string
	// Err is what went wrong, with Kind "error".
	Err string
}
