package widgets

import (
	"bytes"
	"encoding/json"
	"strings"
)

// laidOut is a value as a person reads it: JSON and XML with a line for each part, the
// headers of a message with one line each. Everything else stays as it is.
func laidOut(text string) string {
	const most = 1 << 20 // what is longer is not read by a person
	trimmed := strings.TrimSpace(text)
	if len(trimmed) < 2 || len(trimmed) > most {
		return text
	}
	switch {
	case trimmed[0] == '{' || trimmed[0] == '[':
		var b bytes.Buffer
		if json.Indent(&b, []byte(trimmed), "", "  ") == nil {
			return b.String()
		}
	case trimmed[0] == '<' && trimmed[len(trimmed)-1] == '>':
		if out, ok := indentXML(trimmed); ok {
			return out
		}
	case isHeader(trimmed):
		return unfoldHeaders(trimmed)
	}
	return text
}

// indentXML puts each element on a line of its own. It changes nothing but the space
// between elements, and fails when the tags do not match.
func indentXML(s string) (string, bool) {
	var b strings.Builder
	var open []string
	onLine := false // text or an opening tag stands before on this line
	newLine := func() {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.Repeat("  ", len(open)))
	}
	for s != "" {
		if s[0] != '<' {
			end := strings.IndexByte(s, '<')
			if end < 0 {
				return "", false
			}
			if text := strings.TrimSpace(s[:end]); text != "" {
				b.WriteString(text)
				onLine = true
			}
			s = s[end:]
			continue
		}
		tag, rest, ok := cutTag(s)
		if !ok {
			return "", false
		}
		s = rest
		name := tagName(tag)
		switch {
		case strings.HasPrefix(tag, "</"):
			if len(open) == 0 || open[len(open)-1] != name {
				return "", false
			}
			open = open[:len(open)-1]
			if !onLine {
				newLine()
			}
			onLine = false
		case strings.HasPrefix(tag, "<?"), strings.HasPrefix(tag, "<!"), strings.HasSuffix(tag, "/>"):
			newLine()
			onLine = false
		default:
			newLine()
			open = append(open, name)
			onLine = true
			if next := strings.TrimLeft(s, " \t\r\n"); strings.HasPrefix(next, "<") && !strings.HasPrefix(next, "</") {
				onLine = false
			}
		}
		b.WriteString(tag)
	}
	return b.String(), len(open) == 0
}

// cutTag cuts a tag, comment or CDATA from the beginning.
func cutTag(s string) (tag, rest string, ok bool) {
	for begin, end := range map[string]string{"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"} {
		if strings.HasPrefix(s, begin) {
			i := strings.Index(s, end)
			if i < 0 {
				return "", s, false
			}
			return s[:i+len(end)], s[i+len(end):], true
		}
	}
	var quote byte
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return s[:i+1], s[i+1:], true
		case c == '<':
			return "", s, false
		}
	}
	return "", s, false
}

func tagName(tag string) string {
	name := strings.TrimLeft(tag, "</")
	if end := strings.IndexAny(name, " \t\r\n/>"); end >= 0 {
		name = name[:end]
	}
	return name
}

// isHeader tells whether a text begins as the headers of a message do: two lines at least
// with a name, a colon and a value (RFC 5322, section 2.2).
func isHeader(s string) bool {
	named := 0
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case line == "" || line[0] == ' ' || line[0] == '\t':
			continue
		case !headerLine(line):
			return false
		}
		named++
	}
	return named >= 2
}

func headerLine(line string) bool {
	name, _, ok := strings.Cut(line, ":")
	return ok && name != "" && strings.IndexFunc(name, func(c rune) bool { return c <= ' ' || c > '~' }) < 0
}

// unfoldHeaders joins the lines of each header (RFC 5322, section 2.2.3).
func unfoldHeaders(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.TrimSpace(line) == "":
			continue
		case b.Len() > 0 && (line[0] == ' ' || line[0] == '\t'):
			b.WriteByte(' ')
			line = strings.TrimLeft(line, " \t")
		case b.Len() > 0:
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	return b.String()
}
