package wsman

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"time"
)

// What the tests of this package need to reach; nothing of it is in the build.

// ScanReceived is the fast reader alone; false means that it leaves the
// decision to the other.
func ScanReceived(b []byte) (Received, bool, error) {
	var r receiveScan
	if !scanReceive(b, &r) {
		return Received{}, false, nil
	}
	got, err := Answered(200, bytes.Clone(b))
	return got, true, err
}

// Answered reads the answer to a Receive.
func Answered(status int, b []byte) (Received, error) {
	buf := newBuffer()
	buf.b = append(buf.b[:0], b...)
	a := &answer{status: status, header: http.Header{}, contentType: contentTypeSOAP, buf: buf}
	return a.received()
}

// AnsweredSlowly reads the answer to a Receive by encoding/xml.
func AnsweredSlowly(status int, b []byte) (Received, error) {
	buf := newBuffer()
	buf.b = append(buf.b[:0], b...)
	a := &answer{status: status, header: http.Header{}, contentType: contentTypeSOAP, buf: buf}
	return a.receivedSlowly()
}

// ReadFault reads an envelope's fault; nil if it has none.
func ReadFault(status int, b []byte) (*Fault, error) {
	x, err := parseEnvelope(b)
	if err != nil {
		return nil, err
	}
	return x.fault("Test", status, b), nil
}

// CreatedIn reads the answer to Create.
func CreatedIn(c *Client, b []byte) (id string, idle time.Duration, err error) {
	x, err := parseEnvelope(b)
	if err != nil {
		return "", 0, err
	}
	s := c.newShell(&link{c: c, url: c.url}, c.frame(c.url.String(), newMessageID()), "")
	err = s.created(x)
	return s.id, s.idle, err
}

// Frame makes envelopes for comparison with recorded ones.
type Frame struct {
	To, ResourceURI, SessionID, ShellID string
	Timeout                             time.Duration
	MaxEnvelope                         int
}

// Envelope writes the envelope that this package would send where another
// client sent q.
func (f Frame) Envelope(q *Request) []byte {
	fr := &frame{
		to: f.To, resourceURI: f.ResourceURI, sessionID: f.SessionID, locale: "en-US", shellID: f.ShellID,
		timeout: f.Timeout, maxEnvelope: f.MaxEnvelope,
	}
	ofCommand := forCommand(q.CommandID != "")
	var t *template
	switch q.Op {
	case opCreate:
		fr.shellID = ""
		_, noProfile := q.Option("WINRS_NOPROFILE")
		t = fr.create(CreateOptions{ShellID: q.ShellID, Name: q.Name, IdleTimeout: q.IdleTimeout, NoProfile: noProfile})
	case opCommand:
		t = fr.command()
	case opSend:
		t = fr.send(ofCommand)
	case opReceive:
		t = fr.receive(ofCommand)
	case opSignal:
		t = fr.signal(ofCommand)
	case opDelete:
		t = fr.empty(actionDelete)
	case opDisconnect:
		t = fr.disconnect(q.IdleTimeout)
	case opReconnect:
		t = fr.empty(actionReconnect)
	case opConnect:
		t = fr.connect(ConnectOptions{})
		if ofCommand {
			t = fr.connectCommand()
		}
	}
	return t.append(nil, fill{messageID: q.MessageID, commandID: q.CommandID, stream: q.Stream, signal: q.Signal, data: q.Data})
}

// Follow decides about one redirect from a first URL.
func Follow(c *Client, location ...string) (*url.URL, error) {
	return c.follow(context.Background(), c.url, &redirected{status: 302, location: location}, newTrail(c.url))
}

// SealedForm and OpenSealed are the multipart form with a cipher of the test.
func SealedForm(protocol string, length int, signature, sealed []byte) []byte {
	return appendSealed(nil, protocol, length, signature, sealed)
}

// Sealer is the cipher's interface.
type Sealer = sealer

// OpenSealed reads a sealed body.
func OpenSealed(b []byte, boundary string, s Sealer) ([]byte, string, error) {
	return openSealed(b, boundary, s)
}

// RedactBody is what the trace makes of a body.
func RedactBody(s string) string { return redactBody(s) }

// ParseDuration and FormatDuration are the durations of the envelopes.
func ParseDuration(s string) (time.Duration, error) { return parseDuration(s) }

// FormatDuration writes one.
func FormatDuration(d time.Duration) string { return formatDuration(d) }
