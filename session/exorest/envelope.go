package exorest

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// envelope is what an answer has beside its rows.
type envelope struct {
	next     string // the link to the page that follows
	warnings []string
	errors   []string // of rows that failed while others came
	confirm  string   // what would be done, where Confirm was asked for
	fault    []byte   // the error, where the answer is one
}

// page reads a whole answer: rows go to the sink, the rest comes back. Members may
// stand in any order; value may be missing, null or empty.
func (r *rowReader) page() (envelope, error) {
	var e envelope
	if err := r.enter('{'); err != nil {
		return e, err
	}
	for first := true; ; first = false {
		name, more, err := r.member(first)
		switch {
		case err != nil:
			return e, err
		case !more:
			return e, r.ended()
		}
		if err := r.part(&e, string(name)); err != nil {
			return e, err
		}
	}
}

// part reads one member of an answer.
func (r *rowReader) part(e *envelope, name string) error {
	switch name {
	case "value":
		return r.list()
	case "@odata.nextLink":
		return r.into(&e.next)
	case "@adminapi.confirmationmessage":
		return r.into(&e.confirm)
	case "@adminapi.warnings":
		return r.texts(&e.warnings)
	case "@adminapi.errors":
		return r.texts(&e.errors)
	case "error":
		raw, err := r.raw()
		e.fault = append([]byte(nil), raw...)
		return err
	}
	return r.skip()
}

// into reads a text; a null, or another value, is none.
func (r *rowReader) into(to *string) error {
	c, err := r.peek()
	if err != nil {
		return err
	}
	if c != '"' {
		return r.skip()
	}
	text, err := r.string()
	*to = string(text)
	return err
}

// texts reads a list of texts. What is an object is kept as it stands.
func (r *rowReader) texts(to *[]string) error {
	c, err := r.peek()
	if err != nil {
		return err
	}
	if c != '[' {
		var one string
		if err := r.into(&one); err != nil || one == "" {
			return err
		}
		*to = append(*to, one)
		return nil
	}
	if err := r.enter('['); err != nil {
		return err
	}
	r.held = 0
	for first := true; ; first = false {
		more, err := r.next(first, ']')
		if err != nil || !more {
			return err
		}
		text, err := r.message()
		if err != nil {
			return err
		}
		if text != "" && text != "null" {
			*to = append(*to, text)
		}
	}
}

// message reads one of a list of texts.
func (r *rowReader) message() (string, error) {
	if err := r.hold(); err != nil {
		return "", err
	}
	raw, err := r.raw()
	if err != nil {
		return "", err
	}
	text := string(raw)
	if strings.HasPrefix(text, `"`) {
		if err := json.Unmarshal(raw, &text); err != nil {
			return "", r.fail(err)
		}
	}
	return text, nil
}

// batchPart is the answer to one request of a batch.
type batchPart struct {
	id     string
	status int
	header map[string]string
	body   []byte // JSON; a text where the answer was none
}

// batchParts reads the answer to a batch. The parts come in any order.
func batchParts(in io.Reader) ([]batchPart, error) {
	r := rowReader{scanner: newScanner(in)}
	var parts []batchPart
	if err := r.enter('{'); err != nil {
		return nil, err
	}
	for first := true; ; first = false {
		name, more, err := r.member(first)
		switch {
		case err != nil:
			return nil, err
		case !more:
			return parts, r.ended()
		case string(name) != "responses":
			err = r.skip()
		default:
			parts, err = r.responses(parts)
		}
		if err != nil {
			return nil, err
		}
	}
}

func (r *rowReader) responses(parts []batchPart) ([]batchPart, error) {
	if err := r.enter('['); err != nil {
		return nil, err
	}
	for first := true; ; first = false {
		more, err := r.next(first, ']')
		if err != nil || !more {
			return parts, err
		}
		raw, err := r.raw()
		if err != nil {
			return nil, err
		}
		var in struct {
			ID      string            `json:"id"`
			Status  int               `json:"status"`
			Headers map[string]string `json:"headers"`
			Body    json.RawMessage   `json:"body"`
		}
		if err := json.Unmarshal(raw, &in); err != nil {
			return nil, r.fail(fmt.Errorf("an answer in a batch: %w", err))
		}
		part := batchPart{id: in.ID, status: in.Status, header: in.Headers, body: in.Body}
		if len(in.Body) > 0 && in.Body[0] == '"' { // plain text
			var text string
			if err := json.Unmarshal(in.Body, &text); err != nil {
				return nil, r.fail(err)
			}
			part.body = []byte(text)
		}
		parts = append(parts, part)
	}
}
