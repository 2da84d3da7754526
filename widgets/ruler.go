package widgets

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
)

// ellipsis ends a text that was cut.
const ellipsis = "…"

type textStyle struct {
	size  float32
	style fyne.TextStyle
}

// ruler measures text of one style by adding up the widths of its runes. That is a hair
// more than the shaped text takes, and needs no shaping: a grid measures every visible
// cell in every frame.
type ruler struct {
	st     textStyle
	ascii  [128]float32
	other  map[rune]float32
	height float32
}

func newRuler(st textStyle) *ruler { return &ruler{st: st} }

// in is a ruler of a style: this one where it is, so that a text that is asked again
// does not measure its runes again. No ruler at all may be asked.
func (r *ruler) in(st textStyle) *ruler {
	if r == nil || r.st != st {
		return newRuler(st)
	}
	return r
}

func (r *ruler) lineHeight() float32 {
	if r.height == 0 {
		r.height = fyne.MeasureText("Mg", r.st.size, r.st.style).Height
	}
	return r.height
}

func (r *ruler) rune(c rune) float32 {
	if c < 0x80 {
		if w := r.ascii[c]; w != 0 {
			return w
		}
		w := fyne.MeasureText(string(c), r.st.size, r.st.style).Width
		r.ascii[c] = w
		return w
	}
	if w, ok := r.other[c]; ok {
		return w
	}
	if r.other == nil || len(r.other) > 20_000 {
		r.other = map[rune]float32{} // also the bound of what a hostile result can make us keep
	}
	w := fyne.MeasureText(string(c), r.st.size, r.st.style).Width
	r.other[c] = w
	return w
}

func (r *ruler) width(s string) float32 {
	var w float32
	for _, c := range s {
		w += r.rune(c)
	}
	return w
}

// cut returns s, or as much of its beginning as fits with an ellipsis behind it.
func (r *ruler) cut(s string, width float32) string {
	var w float32
	dots := r.rune('…')
	fits := 0 // bytes that fit together with the ellipsis
	for i, c := range s {
		if w+dots <= width && !unicode.Is(unicode.Mn, c) {
			fits = i
		}
		w += r.rune(c)
		if w > width {
			return strings.TrimRight(s[:fits], " ") + ellipsis
		}
	}
	return s
}

// oneLine shows line breaks and tabs as spaces, so that a cell stays one line. It returns
// s itself when there is nothing to replace.
func oneLine(s string) string {
	if strings.IndexFunc(s, isBreak) < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, c := range s {
		if isBreak(c) {
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		}
		b.WriteRune(c)
		space = c == ' '
	}
	return b.String()
}

func isBreak(c rune) bool { return unicode.IsControl(c) || c == '\u2028' || c == '\u2029' }

// display is oneLine for the screen. It leaves out what turns the direction of text, with
// which a name can be made to look like another, and the space behind an arrow: Fyne
// takes arrows from a font without a space, and draws a box for it (2.8.1).
func display(s string) string {
	if strings.IndexFunc(s, needsDisplay) < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	arrow := false
	for _, c := range oneLine(s) {
		if turnsText(c) || arrow && unicode.IsSpace(c) {
			continue
		}
		b.WriteRune(c)
		arrow = isArrow(c)
	}
	return b.String()
}

func needsDisplay(c rune) bool {
	return c < ' ' || c >= 0x7f && (isBreak(c) || turnsText(c) || isArrow(c))
}

// isArrow tells the block of arrows, U+2190 to U+21FF.
func isArrow(c rune) bool { return c >= 0x2190 && c <= 0x21ff }

// turnsText tells the embeddings, overrides and isolates of the bidirectional algorithm.
func turnsText(c rune) bool { return c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 }

// wrapLines breaks s at its own line breaks and, where a line is too wide, at spaces; a
// word that is wider than a line is broken anywhere. It returns at least one line.
func wrapLines(r *ruler, s string, width float32) []string {
	var out []string
	for _, para := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		out = wrapParagraph(r, para, width, out)
	}
	return out
}

func wrapParagraph(r *ruler, para string, width float32, out []string) []string {
	if width <= 0 {
		return append(out, para)
	}
	var line strings.Builder
	var used float32
	space := r.rune(' ')
	words := strings.Fields(para)
	if r.st.style.Monospace { // blanks in code mean something
		words = strings.Split(para, " ")
	}
	for _, word := range words {
		w := r.width(word)
		if line.Len() > 0 && used+space+w > width {
			out = append(out, line.String())
			line.Reset()
			used = 0
		}
		if line.Len() > 0 {
			line.WriteByte(' ')
			used += space
		}
		for w > width { // longer than a line: break it where the line ends
			n, nw := 0, float32(0)
			for n < len(word) {
				c, size := utf8.DecodeRuneInString(word[n:])
				cw := r.rune(c)
				if n > 0 && nw+cw > width {
					break
				}
				n, nw = n+size, nw+cw
			}
			out = append(out, word[:n])
			word, w = word[n:], w-nw
		}
		line.WriteString(word)
		used += w
	}
	return append(out, line.String())
}

func upper(s string) string { return strings.ToUpper(s) }
