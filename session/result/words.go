package result

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// splitWords takes what a person typed apart: words, and "several words" in quotes.
func splitWords(text string) []string {
	var words []string
	for {
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
		if text == "" {
			return words
		}
		if body, quoted := strings.CutPrefix(text, `"`); quoted {
			word, rest, _ := strings.Cut(body, `"`)
			if word != "" {
				words = append(words, word)
			}
			text = rest
			continue
		}
		end := strings.IndexFunc(text, unicode.IsSpace)
		if end < 0 {
			end = len(text)
		}
		words = append(words, text[:end])
		text = text[end:]
	}
}

// appendLower appends text with its letters in lower case.
func appendLower(dst, text []byte) []byte {
	for i, c := range text {
		if c >= utf8.RuneSelf {
			for _, r := range string(text[i:]) {
				dst = utf8.AppendRune(dst, unicode.ToLower(r))
			}
			return dst
		}
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		dst = append(dst, c)
	}
	return dst
}

func lower(text string) []byte { return appendLower(nil, []byte(text)) }

// wordTest finds a word, given in lower case, in what a cell displays.
type wordTest struct {
	word          []byte
	search        wordSearch
	text, scratch []byte
}

func newWordTest(word string) *wordTest {
	t := &wordTest{word: lower(word)}
	t.search = newWordSearch(t.word)
	return t
}

func (t *wordTest) match(c cell) bool {
	if c.kind <= cellNull {
		return false
	}
	if c.kind == cellText && utf8.Valid(c.data) {
		t.scratch = appendLower(t.scratch[:0], c.data)
	} else {
		t.text = shown.append(t.text[:0], c)
		t.scratch = appendLower(t.scratch[:0], t.text)
	}
	return bytes.Contains(t.scratch, t.word)
}

// plainKinds are the kinds of numbers, dates and booleans whose cells could have the word, as
// bits: it has none but the characters of their texts, or is a part of the words among these.
func plainKinds(word []byte) (kinds uint32) {
	text := string(word)
	only := func(of string) bool { return strings.Trim(text, of) == "" }
	digits := func(text string) bool { return strings.Trim(text, "0123456789") == "" }
	add := func(can bool, which ...cellKind) {
		for _, k := range which {
			if can {
				kinds |= 1 << k
			}
		}
	}
	add(strings.Contains("true", text) || strings.Contains("false", text), cellBool)
	add(digits(strings.TrimPrefix(text, "-")), cellInt)
	add(digits(text), cellUint)
	add(only("0123456789.e+-") || strings.Contains("nan", text) || strings.Contains("-infinity", text), cellFloat)
	add(only("0123456789-: z"), cellTimeUnspecified, cellTimeUTC)
	add(only("0123456789.:-"), cellDuration)
	return kinds
}
