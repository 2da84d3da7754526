package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Segments lets a person choose one of a few words that all stand beside each other. With
// the focus on it, Left and Right choose, Home and End go to the ends.
type Segments struct {
	widget.BaseWidget
	inSight

	OnChanged func(i int)               // a person chose
	OnKey     func(*fyne.KeyEvent) bool // sees each key first; true means that it is used up

	words   []string
	chosen  int
	focused bool
}

var (
	_ fyne.Tappable   = (*Segments)(nil)
	_ fyne.Focusable  = (*Segments)(nil)
	_ fyne.Accessible = (*Segments)(nil)
)

// NewSegments returns words with the first one chosen.
func NewSegments(changed func(i int), words ...string) *Segments {
	s := &Segments{OnChanged: changed, words: words}
	s.ExtendBaseWidget(s)
	return s
}

// SetWords replaces the words and chooses one of them.
func (s *Segments) SetWords(words []string, chosen int) {
	s.words, s.chosen = words, chosen
	s.Refresh()
}

// Chosen returns the place of the chosen word.
func (s *Segments) Chosen() int { return s.chosen }

// SetChosen chooses a word; a place that there is not is ignored.
func (s *Segments) SetChosen(i int) {
	if i >= 0 && i < len(s.words) && i != s.chosen {
		s.chosen = i
		s.Refresh()
	}
}

func (s *Segments) choose(i int) {
	if i = max(0, min(len(s.words)-1, i)); i == s.chosen {
		return
	}
	s.SetChosen(i)
	if s.OnChanged != nil {
		s.OnChanged(i)
	}
}

// Tapped chooses the word under the mouse.
func (s *Segments) Tapped(e *fyne.PointEvent) {
	focus(s)
	var x float32
	for i, w := range s.widths() {
		if x += w; e.Position.X < x {
			s.choose(i)
			return
		}
	}
}

// TypedKey chooses.
func (s *Segments) TypedKey(e *fyne.KeyEvent) {
	switch {
	case s.OnKey != nil && s.OnKey(e):
	case e.Name == fyne.KeyLeft:
		s.choose(s.chosen - 1)
	case e.Name == fyne.KeyRight:
		s.choose(s.chosen + 1)
	case e.Name == fyne.KeyHome:
		s.choose(0)
	case e.Name == fyne.KeyEnd:
		s.choose(len(s.words) - 1)
	case e.Name == fyne.KeySpace:
		s.choose((s.chosen + 1) % max(1, len(s.words)))
	default:
		passKey(s, e)
	}
}

// TypedRune does nothing.
func (s *Segments) TypedRune(rune) {}

// FocusGained shows the focus ring.
func (s *Segments) FocusGained() { s.focused = true; s.Refresh(); s.bring(s) }

// FocusLost hides it.
func (s *Segments) FocusLost() { s.focused = false; s.Refresh() }

// AccessibilityLabel names the chosen word.
func (s *Segments) AccessibilityLabel() string {
	if s.chosen < len(s.words) {
		return s.words[s.chosen]
	}
	return ""
}

// AccessibilityRole says that it can be pressed.
func (s *Segments) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

const segmentPad = 11

func (s *Segments) bold() *ruler {
	return newRuler(textStyle{size: s.Theme().Size(theme.SizeNameText), style: fyne.TextStyle{Bold: true}})
}

func (s *Segments) widths() []float32 {
	ru := s.bold()
	out := make([]float32, len(s.words))
	for i, word := range s.words {
		out[i] = ru.width(word) + 2*segmentPad
	}
	return out
}

// CreateRenderer is Fyne's.
func (s *Segments) CreateRenderer() fyne.WidgetRenderer {
	r := &segmentsRenderer{s: s, edge: newFlat(), ring: newFlat()}
	r.Refresh()
	return r
}

type segmentsRenderer struct {
	s          *Segments
	edge, ring *canvas.Rectangle
	rects      pool[*canvas.Rectangle]
	texts      pool[*canvas.Text]
	objs       []fyne.CanvasObject
}

func (r *segmentsRenderer) Destroy()                     {}
func (r *segmentsRenderer) Objects() []fyne.CanvasObject { return r.objs }
func (r *segmentsRenderer) Layout(fyne.Size)             { r.update() }

func (r *segmentsRenderer) MinSize() fyne.Size {
	var w float32
	for _, one := range r.s.widths() {
		w += one
	}
	return fyne.NewSize(w, r.s.bold().lineHeight()+2*r.s.Theme().Size(theme.SizeNameInnerPadding))
}

func (r *segmentsRenderer) Refresh() {
	r.update()
	canvas.Refresh(r.s)
}

func (r *segmentsRenderer) update() {
	s := r.s
	ru := s.bold()
	radius := s.Theme().Size(theme.SizeNameInputRadius)
	size := r.MinSize()
	r.rects.used, r.texts.used = 0, 0
	r.objs = append(r.objs[:0], r.edge)
	r.edge.FillColor, r.edge.CornerRadius = colorOf(s, theme.ColorNameInputBackground), radius
	r.edge.StrokeColor, r.edge.StrokeWidth = colorOf(s, ColorNameBorder), 1
	place(r.edge, 0, 0, size.Width, size.Height)
	var x float32
	for i, w := range s.widths() {
		if i == s.chosen {
			face := r.rects.next(newFlat)
			*face = canvas.Rectangle{FillColor: colorOf(s, ColorNameAccentSoft), CornerRadius: radius - 1}
			place(face, x+1, 1, w-2, size.Height-2)
			r.objs = append(r.objs, face)
		}
		if i > 0 {
			line := r.rects.next(newFlat)
			*line = canvas.Rectangle{FillColor: colorOf(s, ColorNameBorder)}
			place(line, x, 1, 1, size.Height-2)
			r.objs = append(r.objs, line)
		}
		t := r.texts.next(newCellText)
		t.Text, t.TextSize, t.Alignment = s.words[i], ru.st.size, fyne.TextAlignCenter
		t.Color, t.TextStyle = colorOf(s, theme.ColorNameForeground), fyne.TextStyle{}
		if i == s.chosen {
			t.Color, t.TextStyle = colorOf(s, ColorNameAccentText), fyne.TextStyle{Bold: true}
		}
		place(t, x, (size.Height-ru.lineHeight())/2, w, ru.lineHeight())
		r.objs = append(r.objs, t)
		x += w
	}
	r.ring.FillColor, r.ring.CornerRadius = color.Transparent, radius
	r.ring.StrokeColor, r.ring.StrokeWidth = colorOf(s, theme.ColorNamePrimary), 2
	place(r.ring, 0, 0, size.Width, size.Height)
	show(r.ring, s.focused)
	r.objs = append(r.objs, r.ring)
}
