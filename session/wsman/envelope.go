package wsman

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/masterzen/simplexml/dom"
	"github.com/masterzen/winrm/soap"
)

// node wraps the element type of masterzen's message builder, which writes
// every value as it is: this is the only way in which values reach it.
type node struct{ *dom.Element }

func (n node) add(ns dom.Namespace, name string) node {
	e := dom.CreateElement(name)
	n.AddChild(e)
	ns.SetTo(e)
	return node{e}
}

func (n node) text(s string) node { n.SetContent(escape(s)); return n }

func (n node) attr(name, value string) node { n.SetAttr(name, escape(value)); return n }

func (n node) mustUnderstand(value string) node {
	n.SetAttr(soap.NSP_SOAP_ENV+":mustUnderstand", value)
	return n
}

// slot puts a place to be filled where the text goes.
func (n node) slot(c rune) node { n.SetContent(string(c)); return n }

func (n node) slotAttr(name string, c rune) node { n.SetAttr(name, string(c)); return n }

// escape writes s as XML character data that also fits between double quotes.
// Characters that XML 1.0 cannot carry become U+FFFD, as encoding/xml does.
func escape(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' || r == '&' || r == '<' || r == '>' || r == '"' || r == '\'' || r == '\uFFFD' || r == '\uFFFE' || r == '\uFFFF'
	}) {
		return s
	}
	return string(appendEscaped(nil, s))
}

func appendEscaped(dst []byte, s string) []byte {
	for _, r := range s {
		switch {
		case r == '&':
			dst = append(dst, "&amp;"...)
		case r == '<':
			dst = append(dst, "&lt;"...)
		case r == '>':
			dst = append(dst, "&gt;"...)
		case r == '"':
			dst = append(dst, "&quot;"...)
		case r == '\'':
			dst = append(dst, "&#39;"...)
		case r == '\t':
			dst = append(dst, "&#x9;"...)
		case r == '\n':
			dst = append(dst, "&#xA;"...)
		case r == '\r':
			dst = append(dst, "&#xD;"...)
		case r < ' ' || r == 0xFFFE || r == 0xFFFF:
			dst = append(dst, "\uFFFD"...)
		default:
			dst = append(dst, string(r)...)
		}
	}
	return dst
}

// frame is what all messages of a shell have in common.
type frame struct {
	to, resourceURI, sessionID, locale string
	shellID                            string // "" in Create
	timeout                            time.Duration
	maxEnvelope                        int
}

// message is one envelope under construction.
type message struct {
	doc          *dom.Document
	header, body node
}

// newMessage builds the header: MS-WSMV 2.2.1, the order that Windows' own
// client sends.
func (f *frame) newMessage(action string, options ...Option) *message {
	doc := dom.CreateDocument()
	doc.DocType = false
	root := node{dom.CreateElement("Envelope")}
	doc.SetRoot(root.Element)
	soap.AddUsualNamespaces(root.Element)
	soap.DOM_NS_SOAP_ENV.SetTo(root.Element)
	m := &message{doc: doc, header: root.add(soap.DOM_NS_SOAP_ENV, "Header")}
	h := m.header
	h.add(soap.DOM_NS_ADDRESSING, "To").text(f.to)
	h.add(soap.DOM_NS_WSMAN_DMTF, "ResourceURI").mustUnderstand("true").text(f.resourceURI)
	h.add(soap.DOM_NS_ADDRESSING, "ReplyTo").add(soap.DOM_NS_ADDRESSING, "Address").
		mustUnderstand("true").text(addressAnonymous)
	h.add(soap.DOM_NS_ADDRESSING, "Action").mustUnderstand("true").text(action)
	h.add(soap.DOM_NS_WSMAN_DMTF, "MaxEnvelopeSize").mustUnderstand("true").text(strconv.Itoa(f.maxEnvelope))
	h.add(soap.DOM_NS_ADDRESSING, "MessageID").slot(slotMessageID)
	h.add(soap.DOM_NS_WSMAN_DMTF, "Locale").mustUnderstand("false").attr("xml:lang", f.locale)
	h.add(soap.DOM_NS_WSMAN_MSFT, "DataLocale").mustUnderstand("false").attr("xml:lang", f.locale)
	h.add(soap.DOM_NS_WSMAN_MSFT, "SessionId").mustUnderstand("false").text(f.sessionID)
	if f.shellID != "" {
		h.add(soap.DOM_NS_WSMAN_DMTF, "SelectorSet").add(soap.DOM_NS_WSMAN_DMTF, "Selector").
			attr("Name", "ShellId").text(f.shellID)
	}
	if len(options) > 0 {
		set := h.add(soap.DOM_NS_WSMAN_DMTF, "OptionSet").mustUnderstand("true")
		for _, o := range options {
			e := set.add(soap.DOM_NS_WSMAN_DMTF, "Option").attr("Name", o.Name).text(o.Value)
			if o.MustComply {
				e.attr("MustComply", "true")
			}
		}
	}
	h.add(soap.DOM_NS_WSMAN_DMTF, "OperationTimeout").text(formatDuration(f.timeout))
	m.body = root.add(soap.DOM_NS_SOAP_ENV, "Body")
	return m
}

func (m *message) template() *template {
	// The builder writes a line end after each end tag, which only costs room.
	return newTemplate(bytes.ReplaceAll([]byte(m.doc.String()), []byte(">\n"), []byte(">")))
}

// The templates of the operations, MS-WSMV 3.1.4 and MS-PSRP 3.1.5.3.

func (f *frame) create(o CreateOptions) *template {
	options := []Option{{Name: "protocolversion", Value: orDefault(o.ProtocolVersion, "2.3"), MustComply: true}}
	if o.NoProfile {
		options = append(options, Option{Name: "WINRS_NOPROFILE", Value: "TRUE", MustComply: true})
	}
	m := f.newMessage(actionCreate, options...)
	shell := m.body.add(soap.DOM_NS_WIN_SHELL, "Shell").attr("ShellId", strings.ToUpper(o.ShellID))
	if o.Name != "" {
		shell.attr("Name", o.Name)
	}
	shell.add(soap.DOM_NS_WIN_SHELL, "InputStreams").text("stdin pr")
	shell.add(soap.DOM_NS_WIN_SHELL, "OutputStreams").text("stdout")
	if o.IdleTimeout > 0 {
		shell.add(soap.DOM_NS_WIN_SHELL, "IdleTimeOut").text(formatDuration(o.IdleTimeout))
	}
	shell.addPlain("creationXml", nsPowerShell).slot(slotData)
	return m.template()
}

// addPlain adds an element whose namespace is the default one from there on.
func (n node) addPlain(name, uri string) node {
	e := node{dom.CreateElement(name)}
	n.AddChild(e.Element)
	e.SetAttr("xmlns", uri)
	return e
}

func (f *frame) command() *template {
	m := f.newMessage(actionCommand, Option{Name: "WINRS_SKIP_CMD_SHELL", Value: "False"})
	line := m.body.add(soap.DOM_NS_WIN_SHELL, "CommandLine").slotAttr("CommandId", slotCommandID)
	line.add(soap.DOM_NS_WIN_SHELL, "Command")
	line.add(soap.DOM_NS_WIN_SHELL, "Arguments").slot(slotData)
	return m.template()
}

func (f *frame) send(ofCommand forCommand) *template {
	m := f.newMessage(actionSend)
	stream := m.body.add(soap.DOM_NS_WIN_SHELL, "Send").add(soap.DOM_NS_WIN_SHELL, "Stream").
		slotAttr("Name", slotStream)
	if ofCommand {
		stream.slotAttr("CommandId", slotCommandID)
	}
	stream.slot(slotData)
	return m.template()
}

func (f *frame) receive(ofCommand forCommand) *template {
	m := f.newMessage(actionReceive, Option{Name: "WSMAN_CMDSHELL_OPTION_KEEPALIVE", Value: "True"})
	want := m.body.add(soap.DOM_NS_WIN_SHELL, "Receive").add(soap.DOM_NS_WIN_SHELL, "DesiredStream").text("stdout")
	if ofCommand {
		want.slotAttr("CommandId", slotCommandID)
	}
	return m.template()
}

func (f *frame) signal(ofCommand forCommand) *template {
	m := f.newMessage(actionSignal)
	s := m.body.add(soap.DOM_NS_WIN_SHELL, "Signal")
	if ofCommand {
		s.slotAttr("CommandId", slotCommandID)
	}
	s.add(soap.DOM_NS_WIN_SHELL, "Code").slot(slotSignal)
	return m.template()
}

func (f *frame) empty(action string) *template { return f.newMessage(action).template() }

// forCommand tells the variant of an operation that names a command from the
// one that is about the shell.
type forCommand bool

// newMessageID gives a random id as WS-Man writes it: uuid: and upper case.
func newMessageID() string {
	var b [16]byte
	rand.Read(b[:]) //nolint:errcheck // never fails, by its documentation
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := strings.ToUpper(hex.EncodeToString(b[:]))
	return "uuid:" + h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// formatDuration writes an xs:duration in seconds, as Windows does.
func formatDuration(d time.Duration) string {
	s := strconv.FormatFloat(d.Seconds(), 'f', 3, 64)
	return "PT" + strings.TrimSuffix(s, ".000") + "S"
}

func orDefault(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
