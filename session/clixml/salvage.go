package clixml

import (
	"bytes"
	"strings"
)

// maxSalvage is how much text Salvage gives, in bytes.
const maxSalvage = 4 << 10

// Salvage finds a text in a payload that cannot be decoded: that of the first property
// with one of the names, tried in their order, else of the first ToString that has one,
// else all that stands between the tags. It gives at most 4 KiB, without control
// characters; ok is false when there is none.
func Salvage(payload []byte, names ...string) (text string, ok bool) {
	for _, name := range names {
		if text, ok = salvageAfter(payload, `<S N="`+name+`">`); ok {
			return text, true
		}
	}
	if text, ok = salvageAfter(payload, "<ToString>"); ok {
		return text, true
	}
	var all []byte
	for len(payload) > 0 && len(all) < maxSalvage {
		from, to := bytes.IndexByte(payload, '>'), bytes.IndexByte(payload, '<')
		if to >= 0 && to < from || from < 0 {
			from = -1
		}
		rest := payload[from+1:]
		end := bytes.IndexByte(rest, '<')
		if end < 0 {
			end = len(rest)
		}
		if t := bytes.TrimSpace(rest[:end]); len(t) > 0 {
			all = append(append(all, t...), ' ')
		}
		next := bytes.IndexByte(rest[end:], '>')
		if next < 0 {
			break
		}
		payload = rest[end+next:]
	}
	return cleanSalvage(all)
}

func salvageAfter(payload []byte, tag string) (string, bool) {
	_, rest, found := bytes.Cut(payload, []byte(tag))
	if !found {
		return "", false
	}
	end := bytes.IndexByte(rest, '<')
	if end < 0 {
		end = len(rest)
	}
	return cleanSalvage(rest[:end])
}

// cleanSalvage decodes what can be decoded, and makes a text of what cannot.
func cleanSalvage(raw []byte) (string, bool) {
	raw = bytes.ToValidUTF8(raw[:min(len(raw), maxSalvage)], []byte("\uFFFD"))
	var x lexer
	if decoded, err := x.appendEntities(nil, raw, 0); err == nil {
		raw = decoded[:decodeEscapes(decoded)]
	}
	text := strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case r < ' ' || r >= 0x7F && r < 0xA0:
			return '\uFFFD'
		}
		return r
	}, string(bytes.ToValidUTF8(raw, []byte("\uFFFD"))))
	text = strings.TrimSpace(text)
	return text, text != ""
}
