package wsman

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"sort"
	"strings"
	"time"
)

const maxTraceBody = 64 << 10

// trace gives the function through which one call is traced. Everything goes
// through redaction here, so that no caller can forget it.
func (c *Client) trace(op string, at *url.URL, started time.Time) func(kind string, e Event) {
	return func(kind string, e Event) {
		e.Time = time.Now()
		e.Kind, e.Op, e.URL, e.Elapsed = kind, op, c.hideSecrets(hideQuery(at.Redacted())), e.Time.Sub(started)
		e.Body = c.hideSecrets(redactBody(e.Body))
		if len(e.Body) > maxTraceBody {
			e.Body = e.Body[:maxTraceBody] + fmt.Sprintf("... %d more bytes", len(e.Body)-maxTraceBody)
		}
		e.Body = inputValue.ReplaceAllString(hideQuery(e.Body), `${1}"[hidden]"`)
		e.Err = c.hideSecrets(hideQuery(e.Err))
		for i, line := range e.Header {
			e.Header[i] = c.hideSecrets(line)
		}
		c.cfg.Trace.Trace(e)
	}
}

// hideSecrets removes the password itself, should a server send it back, as it
// is, escaped, and as Basic writes it.
func (c *Client) hideSecrets(s string) string {
	password := c.cfg.Credential.Secret.Reveal()
	if s == "" || len(password) < 4 { // shorter ones would take half the trace with them
		return s
	}
	for _, form := range []string{
		password, escape(password), url.QueryEscape(password), url.PathEscape(password),
		base64.StdEncoding.EncodeToString([]byte(c.cfg.Credential.User + ":" + password)),
		base64.StdEncoding.EncodeToString([]byte(password)),
	} {
		s = strings.ReplaceAll(s, form, "[hidden]")
	}
	return s
}

// headerLines writes the headers of a request and its response, without the
// values that sign in.
func headerLines(request, response http.Header) []string {
	var out []string
	for prefix, h := range map[string]http.Header{"> ": request, "< ": response} {
		for name, values := range h {
			for _, v := range values {
				out = append(out, prefix+name+": "+redactHeader(name, v))
			}
		}
	}
	sort.Strings(out)
	return out
}

func redactHeader(name, value string) string {
	switch name {
	case "Authorization", "Proxy-Authorization", "Www-Authenticate", "Proxy-Authenticate", "Authentication-Info":
		word, rest, _ := strings.Cut(value, " ")
		if rest == "" || strings.Contains(rest, `="`) && strings.HasSuffix(name, "uthenticate") {
			return challengeToken.ReplaceAllString(value, "$1 [hidden]") // a realm, and what stands beside it
		}
		return fmt.Sprintf("%s [%d characters hidden]", word, len(rest))
	case "Location", "Content-Location", "Refresh", "Link", "Referer":
		return hideQuery(value)
	case "Cookie":
		var names []string
		for part := range strings.SplitSeq(value, ";") {
			cookie, _, _ := strings.Cut(strings.TrimSpace(part), "=")
			names = append(names, cookie+"=[hidden]")
		}
		return strings.Join(names, "; ")
	case "Set-Cookie":
		pair, attributes, _ := strings.Cut(value, ";")
		cookie, _, _ := strings.Cut(pair, "=")
		if attributes != "" {
			attributes = ";" + attributes
		}
		return cookie + "=[hidden]" + attributes
	}
	lower := strings.ToLower(name)
	for _, word := range []string{"token", "secret", "password", "cookie", "authorization", "api-key", "apikey"} {
		if strings.Contains(lower, word) {
			return fmt.Sprintf("[%d characters hidden]", len(value))
		}
	}
	return value
}

var (
	// challengeToken is a token of a sign-in beside other challenges.
	challengeToken = regexp.MustCompile(`(?i)\b(negotiate|ntlm|kerberos)\s+[A-Za-z0-9+/=]{8,}`)
	// queryToken is a parameter of a URL that signs somebody in. A redirect to a
	// sign-in page has them.
	queryToken = regexp.MustCompile(`(?i)([?&;#][a-z0-9_.-]*(?:token|code|secret|password|passwd|pwd|assertion|saml[a-z]*|signature|sig|key|ticket|nonce|wresult|wctx|state)=)[^&;#\s"'<>]+`)
	// inputValue is what a page has in its fields, hidden ones among them.
	inputValue = regexp.MustCompile(`(?is)(<input\b[^>]*?\bvalue\s*=\s*)("[^"]*"?|'[^']*'?|[^\s>"']+)`)
)

func hideQuery(s string) string { return queryToken.ReplaceAllString(s, "${1}[hidden]") }

// redactBody replaces what the remoting protocol carries, where names, values
// and SecureStrings are, by a description of its fragments.
func redactBody(s string) string {
	var out strings.Builder
	for {
		at, end := nextPayload(s)
		if at < 0 {
			out.WriteString(s)
			return out.String()
		}
		out.WriteString(s[:at])
		out.WriteString(describePayload(s[at:end]))
		s = s[end:]
	}
}

// nextPayload finds the text of the next element that carries fragments. It
// looks at local names only and takes everything up to the next tag, so that a
// strange prefix, or a reply cut short, hides no less.
func nextPayload(s string) (from, to int) {
	for pos := 0; ; {
		lt := strings.IndexByte(s[pos:], '<')
		if lt < 0 {
			return -1, -1
		}
		lt += pos
		gt := strings.IndexByte(s[lt:], '>')
		if gt < 0 {
			return -1, -1
		}
		gt += lt
		name, _, _ := strings.Cut(s[lt+1:gt], " ")
		name = strings.TrimRight(localName(name), "/\t\r\n")
		pos = gt + 1
		switch name {
		case "Stream", "Arguments", "creationXml", "connectXml", "connectResponseXml":
		default:
			continue
		}
		if s[lt+1] == '/' || s[gt-1] == '/' {
			continue
		}
		end := strings.IndexByte(s[pos:], '<')
		if end < 0 {
			end = len(s) - pos
		}
		if end > 0 {
			return pos, pos + end
		}
	}
}

const (
	fragmentHeader = 21 // MS-PSRP 2.2.4
	messageHeader  = 40 // MS-PSRP 2.2.1
	fragmentStart  = 1
)

// describePayload names the fragments in base64 text by their headers, which
// are numbers and ids: object, fragment, flags, length, and for the first of a
// message its type, pool and pipeline.
func describePayload(text string) string {
	b, err := decodeBase64(text)
	if err != nil {
		return fmt.Sprintf("[%d characters that are not base64]", len(text))
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "[%d bytes", len(b))
	for len(b) >= fragmentHeader {
		size := int(binary.BigEndian.Uint32(b[17:21]))
		fmt.Fprintf(&out, "; object %d fragment %d flags %d length %d",
			binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:]), b[16], size)
		content := b[fragmentHeader:]
		if size > len(content) || size < 0 {
			out.WriteString(" cut")
			break
		}
		if b[16]&fragmentStart != 0 && b[15] == 0 && size >= messageHeader {
			fmt.Fprintf(&out, " message %08X pool %s pipeline %s", binary.LittleEndian.Uint32(content[4:]),
				hex.EncodeToString(content[8:24]), hex.EncodeToString(content[24:40]))
		}
		b = content[size:]
	}
	out.WriteString("]")
	return out.String()
}
