package harmless_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"postroom/session/harmless"
)

func TestTexts(t *testing.T) {
	for name, c := range map[string]struct{ in, label, terminal, line string }{
		"plain":          {"All is well.", "All is well.", "All is well.", "All is well."},
		"other scripts":  {"Grüße, 世界, שלום 👩‍💻", "Grüße, 世界, שלום 👩‍💻", "Grüße, 世界, שלום 👩‍💻", "Grüße, 世界, שלום 👩‍💻"},
		"title":          {"\x1b]0;owned\x07", "^[]0;owned^G", "^[]0;owned^G", "^[]0;owned^G"},
		"clipboard":      {"\x1b]52;c;aGk=\x1b\\", "^[]52;c;aGk=^[\\", "^[]52;c;aGk=^[\\", "^[]52;c;aGk=^[\\"},
		"C1":             {"\u009b2J", "<U+009B>2J", "<U+009B>2J", "<U+009B>2J"},
		"carriage":       {"bad\rgood", "bad^Mgood", "bad^Mgood", "bad^Mgood"},
		"backspace":      {"x\b\x7f", "x^H^?", "x^H^?", "x^H^?"},
		"line of ours":   {"a\r\npostroom: closed", "a\npostroom: closed", "a\n    postroom: closed", "a postroom: closed"},
		"other breaks":   {"a\u2028b\u2029c\u0085d", "a\nb\nc\nd", "a\n    b\n    c\n    d", "a b c d"},
		"tab":            {"a\tb", "a b", "a b", "a b"},
		"override":       {"invoice\u202Efdp.exe", "invoice<U+202E>fdp.exe", "invoice<U+202E>fdp.exe", "invoice<U+202E>fdp.exe"},
		"isolates":       {"\u2066a\u2069\u200f", "<U+2066>a<U+2069><U+200F>", "<U+2066>a<U+2069><U+200F>", "<U+2066>a<U+2069><U+200F>"},
		"hidden":         {"pay\u200bpal\ufeff", "pay<U+200B>pal<U+FEFF>", "pay<U+200B>pal<U+FEFF>", "pay<U+200B>pal<U+FEFF>"},
		"tags":           {"a\U000E0041b\uFFF9", "a<U+E0041>b<U+FFF9>", "a<U+E0041>b<U+FFF9>", "a<U+E0041>b<U+FFF9>"},
		"not UTF-8":      {"a\xffb", "a\uFFFDb", "a\uFFFDb", "a\uFFFDb"},
		"ends in return": {"a\r", "a^M", "a^M", "a^M"},
	} {
		if got := harmless.Label(c.in); got != c.label {
			t.Errorf("%s: label %q, want %q", name, got, c.label)
		}
		if got := harmless.Terminal(c.in, "    "); got != c.terminal {
			t.Errorf("%s: terminal %q, want %q", name, got, c.terminal)
		}
		if got := harmless.Line(c.in); got != c.line {
			t.Errorf("%s: line %q, want %q", name, got, c.line)
		}
	}
}

// Whatever comes in, nothing acts, every further line is indented, and a second
// pass changes nothing.
func FuzzNothingActs(f *testing.F) {
	f.Add("\x1b[2J\r\npostroom: x\u202e")
	f.Fuzz(func(t *testing.T, text string) {
		got := harmless.Terminal(text, "    ")
		if !utf8.ValidString(got) {
			t.Fatalf("%q is not UTF-8", got)
		}
		for _, r := range got {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
				t.Fatalf("%q still has %U", got, r)
			}
		}
		for i, line := range strings.Split(got, "\n") {
			if i > 0 && !strings.HasPrefix(line, "    ") {
				t.Fatalf("line %d of %q begins as one of ours could", i, got)
			}
		}
		if label := harmless.Label(text); harmless.Label(label) != label {
			t.Fatalf("%q changes again", label)
		}
	})
}
