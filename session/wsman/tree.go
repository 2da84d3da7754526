package wsman

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/masterzen/winrm/soap"
)

// element is one element of a parsed envelope. Trees are for the short
// messages: faults, answers to Create, requests; the stream of output goes
// through the scanner in scan.go.
type element struct {
	name     xml.Name
	attrs    []xml.Attr
	text     string // character data directly inside, joined
	children []*element
}

const (
	maxDepth = 64
	// maxElements is far above what an envelope has: an element takes many times
	// the memory of its bytes.
	maxElements = 1 << 16
)

var (
	errNoEnvelope = errors.New("not a SOAP envelope")
	errTooDeep    = fmt.Errorf("%w: elements nested too deeply", ErrReplyTooLarge)
	errTooMany    = fmt.Errorf("%w: more than %d elements", ErrReplyTooLarge, maxElements)
)

// parseTree reads one document.
func parseTree(b []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(b))
	var root *element
	var stack []*element
	var text [][]byte // of each element on the stack
	elements := 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			if root == nil {
				return nil, errNoEnvelope
			}
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			e := &element{name: t.Name, attrs: t.Attr}
			elements += 1 + len(t.Attr)
			switch {
			case elements > maxElements:
				return nil, errTooMany
			case len(stack) >= maxDepth:
				return nil, errTooDeep
			case len(stack) > 0:
				parent := stack[len(stack)-1]
				parent.children = append(parent.children, e)
			case root != nil:
				return nil, fmt.Errorf("second root element %q", t.Name.Local)
			default:
				root = e
			}
			stack = append(stack, e)
			text = append(text, nil)
		case xml.EndElement:
			last := len(stack) - 1
			stack[last].text = string(text[last])
			stack, text = stack[:last], text[:last]
		case xml.CharData:
			if last := len(stack) - 1; last >= 0 {
				text[last] = append(text[last], t...)
			} else if len(bytes.TrimSpace(t)) > 0 {
				return nil, errNoEnvelope
			}
		}
	}
}

// child is the first child of that name, nil if there is none.
func (e *element) child(space, local string) *element {
	if e == nil {
		return nil
	}
	for _, c := range e.children {
		if c.name.Local == local && c.name.Space == space {
			return c
		}
	}
	return nil
}

// childText is the trimmed text of a child, "" if there is none.
func (e *element) childText(space, local string) string {
	return e.child(space, local).trimmed()
}

func (e *element) trimmed() string {
	if e == nil {
		return ""
	}
	return strings.TrimSpace(e.text)
}

func (e *element) attr(local string) string {
	if e == nil {
		return ""
	}
	for _, a := range e.attrs {
		if a.Name.Local == local && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// allText joins the text of e and all below it, in order of the tree.
func (e *element) allText(dst []string) []string {
	if e == nil {
		return dst
	}
	if s := e.trimmed(); s != "" {
		dst = append(dst, s)
	}
	for _, c := range e.children {
		dst = c.allText(dst)
	}
	return dst
}

// envelope is the two halves of a SOAP message.
type envelope struct{ header, body *element }

func parseEnvelope(b []byte) (envelope, error) {
	root, err := parseTree(b)
	if err != nil {
		return envelope{}, err
	}
	if root.name.Local != "Envelope" || root.name.Space != soap.NS_SOAP_ENV {
		return envelope{}, fmt.Errorf("root element is %q: %w", root.name.Local, errNoEnvelope)
	}
	e := envelope{header: root.child(soap.NS_SOAP_ENV, "Header"), body: root.child(soap.NS_SOAP_ENV, "Body")}
	if e.body == nil {
		return envelope{}, fmt.Errorf("no body: %w", errNoEnvelope)
	}
	return e, nil
}
