package exorest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxFault is how much of an error's body is read, in bytes. What is longer is most
// often a trace of its stack: the reason stands before it, and is found.
const maxFault = 1 << 20

// answer is what the service said, before anybody judges it.
type answer struct {
	Origin
	header http.Header
	body   []byte // of an error; at most maxFault, Origin.Short says that there was more
}

// faultBody is an error as the service writes it.
type faultBody struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Details []struct {
		Message string `json:"message"`
	} `json:"details"`
	Inner struct {
		Message  string     `json:"message"`
		Type     string     `json:"type"`
		Internal *exception `json:"internalexception"`
	} `json:"innererror"`
	// Warnings stand within an error, where an answer of success has them beside its rows.
	Warnings json.RawMessage `json:"@adminapi.warnings"`
}

// exception is the innermost error that is told.
type exception struct {
	Message string `json:"message"`
	Type    string `json:"type"`
}

// detail is an exception as a text of JSON in the details of an error.
type detail struct {
	Message    string          `json:"Message"`
	TypeName   string          `json:"TypeName"`
	ClassName  string          `json:"ClassName"`
	InnerError json.RawMessage `json:"InnerError"`
}

// err judges an answer that is none of success.
func (a *answer) err() error {
	body := bytes.TrimSpace(a.body)
	if retry, throttled := a.throttled(); throttled {
		return &ThrottledError{Origin: a.Origin, Until: retry, Message: firstLine(body)}
	}
	if isZeros(body) && (a.Status == http.StatusForbidden || len(body) > 0) {
		return &NotPermittedError{Origin: a.Origin}
	}
	var in struct {
		Error *faultBody `json:"error"`
	}
	whole := body
	if a.Short != nil {
		whole = closed(body)
	}
	if json.Unmarshal(whole, &in) != nil || in.Error == nil || a.Short != nil && in.Error.empty() {
		return a.foreign(body)
	}
	return in.Error.err(a.Origin, a.header)
}

// closed is JSON that broke off, up to the last value that is whole, with what was
// open closed; what is no JSON stays what it is.
func closed(body []byte) []byte {
	var open, then []byte // the ends of what is open now, and was at the last whole value
	whole, text, escaped := 0, false, false
	for i, c := range body {
		switch {
		case escaped:
			escaped = false
		case text:
			escaped, text = c == '\\', c != '"'
		case c == '"':
			text = true
		case c == '{', c == '[':
			open = append(open, c+2) // ASCII has a bracket between the two, or a letter
		case (c == '}' || c == ']') && len(open) > 0:
			open = open[:len(open)-1]
		case c == ',':
			whole, then = i, append(then[:0], open...)
		}
	}
	if whole == 0 {
		return body
	}
	slices.Reverse(then)
	return append(bytes.Clone(body[:whole]), then...)
}

// foreign judges a body that is not the service's JSON.
func (a *answer) foreign(body []byte) error {
	switch a.Status {
	case http.StatusUnauthorized:
		return &RefusedError{Origin: a.Origin, Challenge: challengeOf(a.header)["error"]}
	case http.StatusForbidden:
		if len(body) == 0 {
			return &NotPermittedError{Origin: a.Origin}
		}
	}
	return &HTTPError{Origin: a.Origin, Text: firstLine(body)}
}

// err picks what people want to know out of an error: its message is never it.
func (f *faultBody) err(from Origin, header http.Header) error {
	e := &CmdletError{Origin: from, Code: f.Code, Class: header.Get("X-ExceptionType")}
	f.reason(e)
	_ = json.Unmarshal(f.Warnings, &e.Warnings) // what is no list of texts is none
	e.Warnings = append(e.Warnings, headerWarnings(header, e.Warnings)...)
	switch {
	case strings.HasPrefix(e.Message, "User is not allowed to call"):
		return &NotPermittedError{Origin: from, Message: e.Message}
	case from.Status == http.StatusUnauthorized:
		return &RefusedError{Origin: from, Challenge: e.Message}
	case strings.Contains(e.Message, "Expired or Invalid pagination request"):
		return &cursorError{e}
	}
	return e
}

// cursorError is the service's refusal to go on with a list.
type cursorError struct{ *CmdletError }

// Is makes it an ErrCursor.
func (*cursorError) Is(target error) bool { return target == ErrCursor }

// Unwrap gives what the service said.
func (e *cursorError) Unwrap() error { return e.CmdletError }

// empty says that nothing came of an error's reason.
func (f *faultBody) empty() bool {
	var e CmdletError
	f.reason(&e)
	return e.Message == ""
}

// reason fills message, class and id: from the details, else the innermost
// exception unless it only says that it was thrown, else what is around it.
func (f *faultBody) reason(e *CmdletError) {
	for _, d := range f.Details {
		if e.piece(d.Message) {
			return
		}
	}
	if i := f.Inner.Internal; i != nil && i.Message != "" && !(strings.HasPrefix(i.Message, "Exception of type") && strings.Contains(i.Message, "was thrown")) {
		e.Message, e.Class = i.Message, i.Type
		return
	}
	if f.Inner.Message != "" {
		e.Message = f.Inner.Message
		if e.Class == "" {
			e.Class = f.Inner.Type
		}
		return
	}
	e.Message = f.Message
}

// piece reads one detail, or the text of an error beside rows: JSON of an
// exception, or id|class|text, whose text may have bars of its own; false for an
// empty one.
func (e *CmdletError) piece(text string) bool {
	text = strings.TrimSpace(text)
	if text == "" {
		return false
	}
	var d detail
	if strings.HasPrefix(text, "{") && json.Unmarshal([]byte(text), &d) == nil && d.Message != "" {
		e.Message, e.Class = d.Message, cmp.Or(d.TypeName, d.ClassName, e.Class)
		return true
	}
	defer e.proxied()
	parts := strings.SplitN(text, "|", 3)
	if len(parts) == 3 && !strings.ContainsAny(parts[0]+parts[1], " \t") && (strings.Contains(parts[1], ".") || strings.HasSuffix(parts[1], "Exception")) {
		e.ID, e.Class, e.Message = parts[0], parts[1], parts[2]
		return true
	}
	e.Message = text
	return true
}

// within begins the answer of another server in the text of an error.
var within = regexp.MustCompile(`:\s*\{`)

// proxied takes the reason out of an error that a server passed on: its text ends in the
// whole answer of the other one, with the traces of its stack. What cannot be read of that
// is left out.
func (e *CmdletError) proxied() {
	at := within.FindStringIndex(e.Message)
	if at == nil || !strings.HasSuffix(e.Class, "CmdletProxyException") {
		return
	}
	var in struct {
		Error faultBody `json:"error"`
	}
	_ = json.NewDecoder(strings.NewReader(e.Message[at[1]-1:])).Decode(&in) // nothing then
	e.Message = strings.TrimRight(e.Message[:at[0]], ": ")
	var other CmdletError
	if in.Error.reason(&other); other.Message != "" && other.Message != in.Error.Message {
		e.Message, e.Class, e.ID = other.Message, cmp.Or(other.Class, e.Class), cmp.Or(other.ID, e.ID)
	}
}

// partialErr is an error beside rows.
func partialErr(text string, from Origin) error {
	e := &CmdletError{Origin: from}
	e.piece(text)
	return e
}

// isZeros says that a body is the zeros by which a cmdlet is refused; in a batch
// they may stand in base64.
func isZeros(body []byte) bool {
	return len(bytes.Trim(body, "\x00")) == 0 || len(bytes.Trim(body, "A=")) == 0
}

// firstLine is the first line of a text, without markup, cut to what a person
// reads.
func firstLine(body []byte) string {
	text := string(body[:min(len(body), 4096)])
	for {
		from := strings.IndexByte(text, '<')
		if from < 0 {
			break
		}
		to := strings.IndexByte(text[from:], '>')
		if to < 0 {
			text = text[:from]
			break
		}
		text = text[:from] + "\n" + text[from+to+1:]
	}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			return line[:min(len(line), 300)]
		}
	}
	return ""
}

// throttled says that the service wants a pause, and until when.
func (a *answer) throttled() (time.Time, bool) {
	wait, named := retryAfter(a.header)
	switch {
	case a.Status == http.StatusTooManyRequests,
		a.Status == http.StatusServiceUnavailable && named,
		a.Status >= 400 && bytes.Contains(a.body, []byte("maximum number of concurrent requests")):
		if !named {
			wait = throttleTime
		}
		return time.Now().Add(wait), true
	}
	return time.Time{}, false
}

// throttleTime is how long to wait where the service does not say it.
const throttleTime = 5 * time.Second

// longestWait is how long a Retry-After is believed.
const longestWait = 15 * time.Minute

// retryAfter reads Retry-After: seconds, or a date.
func retryAfter(h http.Header) (time.Duration, bool) {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if text == "" {
		return 0, false
	}
	if n, err := strconv.Atoi(text); err == nil && n >= 0 {
		return min(time.Duration(n)*time.Second, longestWait), true
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(0, time.Until(at)), longestWait), true
	}
	return 0, false
}

// passing are parts of the names of exceptions that pass by themselves.
func passing() []string {
	return []string{
		"DCOverloadedException", "SuitabilityDirectoryException", "ServerInMMException", "ADServerSettingsChangedException",
		"StorageTransientException", "CmdletProxyNotAvailableFailure", "ServerBusyException", "TransientException", "BackendCommunicationException",
	}
}

// passes says whether the same read may succeed a moment later.
func passes(err error) bool {
	var network *NetError
	var page *HTTPError
	var cmdlet *CmdletError
	var body *JSONError
	switch {
	case errors.As(err, &network), errors.As(err, &body):
		return true
	case errors.As(err, &page):
		return slices.Contains([]int{408, 500, 502, 503, 504}, page.Status) || page.Status/100 == 2
	case errors.As(err, &cmdlet):
		said := cmdlet.Class + " " + cmdlet.Code
		return slices.ContainsFunc(passing(), func(name string) bool { return strings.Contains(said, name) })
	}
	return false
}

// bearer begins a Bearer challenge, alone or behind another one (RFC 9110 section 11.6.1).
var bearer = regexp.MustCompile(`(?i)(?:^|,)\s*Bearer\s+`)

// challengeOf reads the parameters of a Bearer challenge; empty without one.
func challengeOf(h http.Header) map[string]string {
	found := map[string]string{}
	for _, line := range h.Values("Www-Authenticate") {
		begin := bearer.FindStringIndex(line)
		if begin == nil {
			continue
		}
		rest := line[begin[1]:]
		for rest != "" {
			name, after, ok := strings.Cut(rest, "=")
			if !ok {
				break
			}
			name = strings.Trim(name, " ,\t")
			var value string
			if strings.HasPrefix(after, `"`) {
				value, rest, _ = strings.Cut(after[1:], `"`)
			} else {
				value, rest, _ = strings.Cut(after, ",")
			}
			found[strings.ToLower(name)] = strings.TrimSpace(value)
		}
	}
	return found
}
