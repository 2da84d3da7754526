package endpoint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// endpointFields is Endpoint without its methods, so it has a field for each of its.
type endpointFields Endpoint

// endpointJSON is an endpoint in a file: durations as people write them.
type endpointJSON struct {
	endpointFields
	IdleTimeout string `json:"idle_timeout,omitempty"`
}

// MarshalJSON writes e with its idle timeout as "15m0s".
func (e Endpoint) MarshalJSON() ([]byte, error) {
	out := endpointJSON{endpointFields: endpointFields(e)}
	if e.IdleTimeout != 0 {
		out.IdleTimeout = e.IdleTimeout.String()
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (e *Endpoint) UnmarshalJSON(b []byte) error {
	var in endpointJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	next := Endpoint(in.endpointFields)
	if in.IdleTimeout != "" {
		d, err := time.ParseDuration(in.IdleTimeout)
		if err != nil {
			return fmt.Errorf("endpoint: idle_timeout: %w", err)
		}
		next.IdleTimeout = d
	}
	*e = next
	return nil
}

// CatalogueError is a fault in a catalogue.
type CatalogueError struct {
	ID  string // of the endpoint; empty when the whole is not JSON
	Err error
}

// Error names the endpoint and the fault.
func (e *CatalogueError) Error() string {
	return fmt.Sprintf("endpoint: catalogue, %q: %v", e.ID, e.Err)
}

// Unwrap gives the fault.
func (e *CatalogueError) Unwrap() error { return e.Err }

// ParseCatalogue reads a JSON list of endpoints, such as assets/endpoints.json,
// and checks each: fields it does not know, a second use of an ID, and what
// Validate finds are errors. Templates are checked with a host filled in, and
// the demo may lack a URL. It returns *CatalogueError.
func ParseCatalogue(b []byte) ([]Endpoint, error) {
	var raw []json.RawMessage
	if err := decodeStrict(b, &raw); err != nil {
		return nil, &CatalogueError{Err: err}
	}
	all := make([]Endpoint, 0, len(raw))
	for _, r := range raw {
		var in endpointJSON
		if err := decodeStrict(r, &in); err != nil {
			return nil, &CatalogueError{ID: in.ID, Err: err}
		}
		var e Endpoint
		if err := json.Unmarshal(r, &e); err != nil {
			return nil, &CatalogueError{ID: in.ID, Err: err}
		}
		if err := checkCatalogued(e, all); err != nil {
			return nil, &CatalogueError{ID: e.ID, Err: err}
		}
		all = append(all, e)
	}
	return all, nil
}

func decodeStrict(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("text after the end at byte %d", d.InputOffset())
	}
	return nil
}

func checkCatalogued(e Endpoint, before []Endpoint) error {
	if e.ID == "" || e.ID != slug(e.ID) {
		return &InvalidError{Field: "ID", Value: e.ID, Want: "lower-case letters, digits and hyphens"}
	}
	if slices.ContainsFunc(before, func(b Endpoint) bool { return b.ID == e.ID }) {
		return &InvalidError{Field: "ID", Value: e.ID, Want: "an ID that is not in the catalogue yet"}
	}
	switch {
	case e.Template():
		e = e.WithHost("server.example")
	case e.Kind == KindDemo && e.URL == "":
		e.URL = "https://localhost/PowerShell/"
		if e.Door == REST {
			e.URL, e.Modern.Authority = "https://localhost", "https://localhost"
		}
	}
	return e.Validate()
}

// WithHost returns e with host, which may carry a port, in place of the
// placeholder.
func (e Endpoint) WithHost(host string) Endpoint {
	e = e.Clone()
	e.URL = withHostAsKept(strings.ReplaceAll(e.URL, hostPlaceholder, strings.TrimSpace(host)))
	return e
}

// In returns e with its texts in the language of a BCP 47 tag such as "de-AT",
// where the catalogue has them.
func (e Endpoint) In(language string) Endpoint {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	texts, ok := e.Texts[base]
	if !ok {
		return e
	}
	e = e.Clone()
	for _, t := range []struct {
		to   *string
		text string
	}{{&e.Name, texts.Name}, {&e.Closed, texts.Closed}, {&e.Note, texts.Note}} {
		if t.text != "" {
			*t.to = t.text
		}
	}
	return e
}

// slug makes an ID out of a name: lower-case ASCII letters and digits, with
// single hyphens for all else.
func slug(name string) string {
	var b strings.Builder
	for _, r := range fold(name) {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
