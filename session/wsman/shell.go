package wsman

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/masterzen/winrm/soap"
)

// CreateOptions describe the shell to open.
type CreateOptions struct {
	// ShellID is the shell's id, chosen by the client: a GUID; it travels in
	// upper case.
	ShellID string
	// Name is shown in the server's lists of shells; may be empty.
	Name string
	// IdleTimeout asks the server to delete the shell after that time
	// without a request; 0 leaves it to the server.
	IdleTimeout time.Duration
	// Open is the first fragments of the pool: at most Client.OpenLimit bytes.
	Open []byte
	// ProtocolVersion is the remoting protocol announced; "" means 2.3.
	ProtocolVersion string
	// NoProfile skips the account's profile script.
	NoProfile bool
	// Cookies go with the first Create: those that Front gave.
	Cookies []Cookie
	// Intend is called before each Create goes out, also after a redirect, with
	// what finds the shell again as far as it is known: the URL that it goes to,
	// and the cookies that go with it. An error stops the Create.
	Intend func(Record) error
}

// Record is all that is needed to find a shell again, but for the password.
type Record struct {
	ShellID       string   `json:"shellId"`
	URL           string   `json:"url"`
	Configuration string   `json:"configuration"`
	Cookies       []Cookie `json:"cookies,omitempty"`
}

// Cookie is one cookie of a session: the server's affinity, not a secret of
// the user, but still not for a log.
type Cookie struct {
	Name     string    `json:"name"`
	Value    string    `json:"value"`
	Domain   string    `json:"domain,omitempty"`
	Path     string    `json:"path,omitempty"`
	Expires  time.Time `json:"expires,omitzero"`
	Secure   bool      `json:"secure,omitempty"`
	HTTPOnly bool      `json:"httpOnly,omitempty"`
}

// Signal is a code of the Signal operation (MS-WSMV 2.2.4.38).
type Signal string

// The signals of remoting. crtl_c is spelled so on the wire (MS-PSRP
// 3.1.5.3.9); a server takes any other code for SignalTerminate.
const (
	SignalStop      Signal = "powershell/signal/crtl_c"
	SignalTerminate Signal = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/Terminate"
)

// Received is the answer to one Receive.
type Received struct {
	// Data is the bytes of the output stream, in order. It is the caller's
	// until Release. Empty when the server had nothing to tell.
	Data []byte
	// Stderr is the bytes of a stream "stderr", which remoting does not use.
	Stderr []byte
	// Done says that the command will send no more.
	Done bool
	// State is the last part of the command's state: "Done", "Pending",
	// "Running", or "".
	State string
	// ExitCode is the command's, with Done.
	ExitCode int

	buf  *buffer
	life uint32
}

// Shell is a shell on a server. Its methods may be called by many goroutines;
// each takes a connection of its own while it runs. A server wants at most
// one Receive at a time for the shell and for each command.
type Shell struct {
	c             *Client
	link          *link
	id            string
	configuration string
	idle, maxIdle time.Duration

	mu        sync.Mutex
	frame     *frame
	templates *templates
}

// templates are the envelopes of a shell, built once for each envelope size.
type templates struct {
	command, sendShell, sendCommand, receiveShell, receiveCommand *template
	signalShell, signalCommand, delete                            *template
	limit                                                         int // of an envelope
	room                                                          int // for data, in Send and Command
}

func (c *Client) newShell(l *link, f *frame, id string) *Shell {
	s := &Shell{c: c, link: l, frame: f, id: id, configuration: c.cfg.Configuration}
	s.build(f.maxEnvelope)
	return s
}

// build makes the templates for an envelope size.
func (s *Shell) build(limit int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := *s.frame
	f.shellID, f.maxEnvelope = s.id, limit
	t := &templates{
		command: f.command(), sendShell: f.send(false), sendCommand: f.send(true),
		receiveShell: f.receive(false), receiveCommand: f.receive(true),
		signalShell: f.signal(false), signalCommand: f.signal(true),
		delete: f.empty(actionDelete),
		limit:  limit,
	}
	t.room = min(t.command.room(limit), t.sendCommand.room(limit))
	s.frame, s.templates = &f, t
}

func (s *Shell) current() (*templates, *frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.templates, s.frame
}

// ID is the shell's id as the server gave it.
func (s *Shell) ID() string { return s.id }

// URL is where the shell was opened, after redirects.
func (s *Shell) URL() string { return s.link.url.String() }

// Record is all that another process needs to delete the shell, but for the
// password.
func (s *Shell) Record() Record {
	return Record{ShellID: s.id, URL: s.URL(), Configuration: s.configuration, Cookies: s.link.jar.export(s.link.url)}
}

// IdleTimeout is the time without a request after which the server deletes
// the shell; 0 when the server did not say.
func (s *Shell) IdleTimeout() time.Duration { return s.idle }

// MaxIdleTimeout is the longest IdleTimeout that the server allows; 0 when
// it did not say.
func (s *Shell) MaxIdleTimeout() time.Duration { return s.maxIdle }

// DataLimit is how many bytes of fragments fit into one Command or Send. It
// is computed from the envelopes that are really sent, for MinEnvelope until
// RaiseEnvelope is called.
func (s *Shell) DataLimit() int { t, _ := s.current(); return t.room }

// RaiseEnvelope goes from MinEnvelope to the configured MaxEnvelope, in what
// is sent and in what the server may answer. To be called when the server has
// announced a remoting protocol of 2.2 or later; servers of 2.1 take 150 KB.
func (s *Shell) RaiseEnvelope() { s.build(s.c.cfg.MaxEnvelope) }

// Command starts a command: a pipeline's id and the first fragments of its
// CREATE_PIPELINE, at most DataLimit bytes (MS-PSRP 3.1.5.3.3).
func (s *Shell) Command(ctx context.Context, id string, first []byte) error {
	t, _ := s.current()
	x, err := s.simple(ctx, opCommand, t.command, fill{commandID: strings.ToUpper(id), data: first})
	if err != nil {
		return err
	}
	got := x.body.child(soap.NS_WIN_SHELL, "CommandResponse").childText(soap.NS_WIN_SHELL, "CommandId")
	if got != "" && !strings.EqualFold(got, id) {
		return &ProtocolError{Op: opCommand, What: "the answer names command " + got + ", not " + id}
	}
	return nil
}

// Send sends fragments, at most DataLimit bytes, on stream "stdin" or "pr".
// An empty id means the shell.
func (s *Shell) Send(ctx context.Context, id, stream string, data []byte) error {
	t, _ := s.current()
	out := t.sendShell
	if id != "" {
		out = t.sendCommand
	}
	_, err := s.simple(ctx, opSend, out, fill{commandID: strings.ToUpper(id), stream: stream, data: data})
	return err
}

// Signal sends a signal to a command, or to the shell when id is empty.
func (s *Shell) Signal(ctx context.Context, id string, sig Signal) error {
	t, _ := s.current()
	out := t.signalShell
	if id != "" {
		out = t.signalCommand
	}
	_, err := s.simple(ctx, opSignal, out, fill{commandID: strings.ToUpper(id), signal: sig})
	return err
}

// Delete deletes the shell. A server that does not know it has nothing left
// to delete: that is success.
func (s *Shell) Delete(ctx context.Context) error {
	_, err := s.DeleteExisting(ctx)
	return err
}

// DeleteExisting deletes the shell and says whether the server knew it. Without
// the affinity cookie, which a lost answer to Create takes with it, a server of
// a farm that does not know the shell proves nothing about the others.
func (s *Shell) DeleteExisting(ctx context.Context) (existed bool, err error) {
	t, _ := s.current()
	_, err = s.simple(ctx, opDelete, t.delete, fill{})
	existed = err == nil
	var f *Fault
	if errors.As(err, &f) && f.ShellGone() {
		err = nil
	}
	if err == nil {
		s.link.close()
	}
	return existed, err
}

// simple is a call of an open shell.
func (s *Shell) simple(ctx context.Context, op string, t *template, v fill) (envelope, error) {
	if limit := s.templatesLimit(); t.length(len(v.data)) > limit {
		return envelope{}, fmt.Errorf("%w: %s with %d bytes, room for %d", ErrTooLarge, op, len(v.data), t.room(limit))
	}
	x, err := s.link.call(ctx, op, t, v)
	return x, late(err, s.link.url)
}

func (s *Shell) templatesLimit() int { t, _ := s.current(); return t.limit }

// call fills a template, sends it and reads the answer, which is no fault.
func (l *link) call(ctx context.Context, op string, t *template, v fill) (envelope, error) {
	v.messageID = newMessageID()
	out := newBuffer()
	defer out.release()
	out.b = t.append(out.b, v)
	a, err := l.post(ctx, op, out.b)
	if err != nil {
		return envelope{}, err
	}
	defer a.buf.release()
	return a.envelope(op)
}

// envelope parses an answer; a fault is an error.
func (a *answer) envelope(op string) (envelope, error) {
	x, err := parseEnvelope(a.buf.b)
	if err != nil {
		if a.status/100 == 2 {
			return x, &ProtocolError{Op: op, What: "the answer cannot be read", Body: a.excerpt(), Err: err}
		}
		return x, &HTTPError{
			Op: op, Status: a.status, ContentType: a.contentType, Body: a.excerpt(),
			Exchange: ParseExchangeFault(string(a.excerpt())), Header: supportHeader(a.header),
		}
	}
	if f := x.fault(op, a.status, nil); f != nil {
		f.Body = a.excerpt()
		return x, f
	}
	if a.status/100 != 2 {
		return x, &HTTPError{
			Op: op, Status: a.status, ContentType: a.contentType, Body: a.excerpt(), Header: supportHeader(a.header),
		}
	}
	return x, nil
}
