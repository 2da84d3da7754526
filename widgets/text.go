package widgets

import (
	"image/color"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// TextRole is what a piece of text is for; it decides colour, size and weight.
type TextRole int

// The roles of text.
const (
	BodyText    TextRole = iota
	StrongText           // bold
	MutedText            // secondary, body size
	CaptionText          // secondary, small
	LabelText            // above or beside a field
	HeadingText          // of a dialog
	SectionText          // upper-case heading of a group; give it in normal case
	AccentText
	WarningText
	ErrorText
	SuccessText
	CodeText     // fixed width
	RequiredText // small, accent
)

// TextFit says what a text does when it has less room than it needs.
type TextFit int

// The ways to fit.
const (
	FitWhole TextFit = iota // asks for its whole width
	FitCut                  // cut with an ellipsis
	FitWrap                 // broken into lines at spaces
)

// Text is a themed text without padding.
type Text struct {
	widget.BaseWidget

	text  string
	role  TextRole
	fit   TextFit
	align fyne.TextAlign
	known *ruler // of the style that the text had last
}

var (
	_ fyne.Widget     = (*Text)(nil)
	_ fyne.Accessible = (*Text)(nil)
)

// NewText returns a text that asks for its whole width.
func NewText(text string, role TextRole) *Text {
	t := &Text{text: text, role: role}
	t.ExtendBaseWidget(t)
	return t
}

// NewCutText returns a text of one line that is cut with an ellipsis when it has to be.
func NewCutText(text string, role TextRole) *Text {
	t := NewText(text, role)
	t.fit = FitCut
	return t
}

// WholeWidth returns the width that the text takes on one line when nothing is cut.
func (t *Text) WholeWidth() float32 { return t.ruler().width(t.shown()) }

// NewParagraph returns a text that wraps.
func NewParagraph(text string, role TextRole) *Text {
	t := NewText(text, role)
	t.fit = FitWrap
	return t
}

// NewSectionTitle returns the small heading over a group.
func NewSectionTitle(text string) *Text { return NewCutText(text, SectionText) }

// SetText replaces the text.
func (t *Text) SetText(text string) {
	if t.text != text {
		t.text = text
		t.Refresh()
	}
}

// SetRole changes what the text is for.
func (t *Text) SetRole(r TextRole) {
	if t.role != r {
		t.role = r
		t.Refresh()
	}
}

// setAlign changes the alignment; leading is the default.
func (t *Text) setAlign(a fyne.TextAlign) {
	t.align = a
	t.Refresh()
}

// Value returns the text.
func (t *Text) Value() string { return t.text }

// AccessibilityLabel returns the text.
func (t *Text) AccessibilityLabel() string { return t.text }

// AccessibilityRole says that this is text.
func (t *Text) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// HeightFor returns the height that the text needs at a width.
func (t *Text) HeightFor(width float32) float32 {
	r := t.ruler()
	if t.fit != FitWrap {
		return r.lineHeight()
	}
	n := len(wrapLines(r, t.shown(), width))
	return float32(n)*r.lineHeight() + float32(n-1)*lineGap
}

// CreateRenderer is Fyne's.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{text: t}
	r.Refresh()
	return r
}

const lineGap = 1

// How much of a text is drawn, in bytes: 200 lines, and of what has no blank, such as the
// content of a file within a command, the beginning and the end. A file has millions of
// them, and the window stood still while they were laid out.
const (
	mostShown = 20_000
	longWord  = 1_000
	wordHead  = 100
	wordTail  = 40
)

// shown is what is drawn of the text.
func (t *Text) shown() string {
	text := t.text
	if len(text) > longWord {
		text = withoutMiddle(shortWords(text), mostShown, mostShown*3/4, mostShown/4)
	}
	if t.role == SectionText {
		return upper(text)
	}
	return text
}

// shortWords leaves out the middle of what has no blank for very long.
func shortWords(text string) string {
	var b strings.Builder
	for text != "" {
		end := strings.IndexAny(text, " \t\r\n")
		if end < 0 {
			end = len(text)
		}
		b.WriteString(withoutMiddle(text[:end], longWord, wordHead, wordTail))
		text = text[end:]
		rest := strings.TrimLeft(text, " \t\r\n")
		b.WriteString(text[:len(text)-len(rest)])
		text = rest
	}
	return b.String()
}

// withoutMiddle is a text that is longer than so many bytes cut to a head and a tail.
func withoutMiddle(text string, most, head, tail int) string {
	if len(text) <= most {
		return text
	}
	tail = len(text) - tail
	for head > 0 && !utf8.RuneStart(text[head]) {
		head--
	}
	for tail < len(text) && !utf8.RuneStart(text[tail]) {
		tail++
	}
	return text[:head] + " … " + text[tail:]
}

func (t *Text) style() textStyle {
	th := t.Theme()
	s := textStyle{size: th.Size(theme.SizeNameText)}
	switch t.role {
	case StrongText:
		s.style.Bold = true
	case CaptionText, LabelText, RequiredText:
		s.size = th.Size(theme.SizeNameCaptionText)
	case HeadingText:
		s.size = th.Size(theme.SizeNameSubHeadingText) + 1
		s.style.Bold = true
	case SectionText:
		s.size = th.Size(theme.SizeNameCaptionText) - 1
		s.style.Bold = true
	case CodeText:
		s.size = th.Size(theme.SizeNameCaptionText)
		s.style.Monospace = true
	}
	return s
}

func (t *Text) ruler() *ruler {
	t.known = t.known.in(t.style())
	return t.known
}

func (t *Text) color() color.Color { return colorOf(t, t.role.colorName()) }

func (r TextRole) colorName() fyne.ThemeColorName {
	switch r {
	case MutedText, CaptionText, SectionText, LabelText:
		return ColorNameMuted
	case AccentText, RequiredText:
		return ColorNameAccentText
	case WarningText:
		return ColorNameWarningText
	case ErrorText:
		return ColorNameErrorText
	case SuccessText:
		return ColorNameSuccessText
	default:
		return theme.ColorNameForeground
	}
}

type textRenderer struct {
	text  *Text
	lines []*canvas.Text
	objs  []fyne.CanvasObject
}

func (r *textRenderer) Destroy()                     {}
func (r *textRenderer) Objects() []fyne.CanvasObject { return r.objs }

func (r *textRenderer) MinSize() fyne.Size {
	t := r.text
	ruler := t.ruler()
	switch t.fit {
	case FitCut:
		return fyne.NewSize(min(ruler.width(t.shown()), 2*ruler.st.size), ruler.lineHeight())
	case FitWrap:
		w := t.Size().Width
		if w <= 0 {
			w = 320
		}
		return fyne.NewSize(min(ruler.width(t.shown()), 8*ruler.st.size), t.HeightFor(w))
	default:
		return fyne.NewSize(ruler.width(t.shown()), ruler.lineHeight())
	}
}

func (r *textRenderer) Layout(fyne.Size) { r.Refresh() }

func (r *textRenderer) Refresh() {
	t := r.text
	ruler := t.ruler()
	width := t.Size().Width
	var texts []string
	switch {
	case t.fit == FitWrap:
		texts = wrapLines(ruler, t.shown(), width)
	case t.fit == FitCut && width > 0:
		texts = []string{ruler.cut(display(t.shown()), width)}
	default:
		texts = []string{display(t.shown())}
	}
	for len(r.lines) < len(texts) {
		line := &canvas.Text{}
		r.lines = append(r.lines, line)
		r.objs = append(r.objs, line)
	}
	clear(r.lines[len(texts):])
	clear(r.objs[len(texts):])
	r.lines, r.objs = r.lines[:len(texts)], r.objs[:len(texts)]
	c, h := t.color(), ruler.lineHeight()
	for i, s := range texts {
		l := r.lines[i]
		l.Text, l.Color, l.TextSize, l.TextStyle, l.Alignment = display(s), c, ruler.st.size, ruler.st.style, t.align
		l.Move(fyne.NewPos(0, float32(i)*(h+lineGap)))
		l.Resize(fyne.NewSize(width, h))
		l.Refresh()
	}
}
