package wsman

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/masterzen/winrm/soap"
)

// Request is a client's request as a server sees it. It has a field for each header and
// each part of a body that a client may send.
type Request struct {
	// Op is "Create", "Command", "Send", "Receive", "Signal", "Delete",
	// "Connect", "Disconnect", "Reconnect", or "" for another Action.
	Op                                        string
	Action, MessageID, SessionID, ResourceURI string
	// To is the URL that the client believes it talks to.
	To string
	// ShellID is the selector's, or for Create the one in the body; in upper
	// case.
	ShellID string
	// CommandID is that of Command, Send, Receive, Signal and Connect, in
	// upper case; "" means the shell.
	CommandID string
	// MaxEnvelope is what the client takes, in bytes; 0 when it did not say.
	MaxEnvelope int
	// OperationTimeout is how long the client wants to be kept waiting; 0
	// when it did not say.
	OperationTimeout time.Duration
	Options          []Option
	Locale           string
	// Name is Create's.
	Name string
	// IdleTimeout is that of Create and Disconnect; 0 when not given.
	IdleTimeout time.Duration
	// Stream is Send's stream or Receive's desired stream.
	Stream string
	Signal Signal
	// Data is creationXml, Arguments, connectXml or the stream, decoded.
	Data []byte
}

// Option is one w:Option of the header.
type Option struct {
	Name, Value string
	MustComply  bool
}

// option is the value of an option, and whether it was given.
func (r *Request) option(name string) (string, bool) {
	for _, o := range r.Options {
		if strings.EqualFold(o.Name, name) {
			return o.Value, true
		}
	}
	return "", false
}

// opOfAction is the name of an operation; "" for what this package does not
// know.
func opOfAction(action string) string {
	switch action {
	case actionCreate, actionDelete:
		return strings.TrimPrefix(action, soap.NS_TRANSFER+"/")
	case actionCommand, actionSend, actionReceive, actionSignal, actionDisconnect, actionReconnect, actionConnect:
		return strings.TrimPrefix(action, soap.NS_WIN_SHELL+"/")
	}
	return ""
}

// ParseRequest reads a client's envelope. When the error is not nil, the
// request may still have a MessageID to answer a fault to, or be nil.
func ParseRequest(b []byte) (*Request, error) {
	x, err := parseEnvelope(b)
	if err != nil {
		return nil, &ProtocolError{Op: "request", What: "cannot be read", Err: err}
	}
	r := &Request{
		Action:      x.header.childText(soap.NS_ADDRESSING, "Action"),
		MessageID:   x.header.childText(soap.NS_ADDRESSING, "MessageID"),
		To:          x.header.childText(soap.NS_ADDRESSING, "To"),
		ResourceURI: x.header.childText(soap.NS_WSMAN_DMTF, "ResourceURI"),
		SessionID:   x.header.childText(soap.NS_WSMAN_MSFT, "SessionId"),
	}
	r.Op = opOfAction(r.Action)
	if err := r.readHeader(x.header); err != nil {
		return r, &ProtocolError{Op: orDefault(r.Op, "request"), What: "header", Err: err}
	}
	if err := r.readBody(x.body); err != nil {
		return r, &ProtocolError{Op: orDefault(r.Op, "request"), What: "body", Err: err}
	}
	return r, nil
}

func (r *Request) readHeader(h *element) (err error) {
	if s := h.childText(soap.NS_WSMAN_DMTF, "MaxEnvelopeSize"); s != "" {
		if r.MaxEnvelope, err = strconv.Atoi(s); err != nil {
			return err
		}
	}
	if s := h.childText(soap.NS_WSMAN_DMTF, "OperationTimeout"); s != "" {
		if r.OperationTimeout, err = parseDuration(s); err != nil {
			return err
		}
	}
	if l := h.child(soap.NS_WSMAN_DMTF, "Locale"); l != nil {
		for _, a := range l.attrs {
			if a.Name.Local == "lang" {
				r.Locale = a.Value
			}
		}
	}
	r.readSets(h)
	return nil
}

// readSets reads the selectors and the options.
func (r *Request) readSets(h *element) {
	if set := h.child(soap.NS_WSMAN_DMTF, "SelectorSet"); set != nil {
		for _, c := range set.children {
			if c.name.Local == "Selector" && c.attr("Name") == "ShellId" {
				r.ShellID = strings.ToUpper(c.trimmed())
			}
		}
	}
	if set := h.child(soap.NS_WSMAN_DMTF, "OptionSet"); set != nil {
		for _, c := range set.children {
			if c.name.Local == "Option" {
				must := c.attr("MustComply")
				r.Options = append(r.Options, Option{
					Name: c.attr("Name"), Value: c.text, MustComply: must == "true" || must == "1",
				})
			}
		}
	}
}

func (r *Request) readBody(body *element) error {
	switch r.Op {
	case opCreate:
		return r.readCreate(body.child(soap.NS_WIN_SHELL, "Shell"))
	case opCommand:
		return r.readCommand(body.child(soap.NS_WIN_SHELL, "CommandLine"))
	case opSend:
		s := body.child(soap.NS_WIN_SHELL, "Send").child(soap.NS_WIN_SHELL, "Stream")
		if s == nil {
			return missing("Stream")
		}
		r.Stream, r.CommandID = s.attr("Name"), strings.ToUpper(s.attr("CommandId"))
		return r.readData(s)
	case opReceive:
		s := body.child(soap.NS_WIN_SHELL, "Receive").child(soap.NS_WIN_SHELL, "DesiredStream")
		if s == nil {
			return missing("DesiredStream")
		}
		r.Stream, r.CommandID = s.trimmed(), strings.ToUpper(s.attr("CommandId"))
	case opSignal:
		s := body.child(soap.NS_WIN_SHELL, "Signal")
		if s == nil {
			return missing("Signal")
		}
		r.CommandID = strings.ToUpper(s.attr("CommandId"))
		r.Signal = Signal(s.childText(soap.NS_WIN_SHELL, "Code"))
	case opConnect:
		c := body.child(soap.NS_WIN_SHELL, "Connect")
		r.CommandID = strings.ToUpper(c.attr("CommandId"))
		return r.readData(c.child(nsPowerShell, "connectXml"))
	case opDisconnect:
		return r.readIdle(body.child(soap.NS_WIN_SHELL, "Disconnect"))
	}
	return nil
}

func (r *Request) readCreate(shell *element) error {
	if shell == nil {
		return missing("Shell")
	}
	r.ShellID, r.Name = strings.ToUpper(shell.attr("ShellId")), shell.attr("Name")
	if err := r.readIdle(shell); err != nil {
		return err
	}
	return r.readData(shell.child(nsPowerShell, "creationXml"))
}

func (r *Request) readCommand(line *element) error {
	if line == nil {
		return missing("CommandLine")
	}
	r.CommandID = strings.ToUpper(line.attr("CommandId"))
	for _, c := range line.children { // a client may cut the first fragment into several
		if c.name.Space == soap.NS_WIN_SHELL && c.name.Local == "Arguments" {
			if err := r.readData(c); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Request) readIdle(e *element) error {
	s := e.childText(soap.NS_WIN_SHELL, "IdleTimeOut")
	if s == "" {
		return nil
	}
	d, err := parseDuration(s)
	r.IdleTimeout = d
	return err
}

func (r *Request) readData(e *element) error {
	if e == nil {
		return nil
	}
	data, err := decodeBase64(e.text)
	if err != nil {
		return fmt.Errorf("%s: %w", e.name.Local, err)
	}
	r.Data = append(r.Data, data...)
	return nil
}

func missing(name string) error { return fmt.Errorf("no %s element", name) }
