package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// ProgressLine shows how far a run has come: a thin bar, what it does, times, and Cancel
// while it can be cancelled.
type ProgressLine struct {
	composite

	OnCancel func() // nil: no Cancel

	bar         *thinBar
	left, right *Text
	cancel      *Button
}

// NewProgressLine returns a line that says nothing yet.
func NewProgressLine() *ProgressLine {
	p := &ProgressLine{bar: &thinBar{}, left: NewCutText("", BodyText), right: NewCutText("", MutedText)}
	p.bar.ExtendBaseWidget(p.bar)
	p.cancel = NewButton(tr("Cancel"), func() {
		if p.OnCancel != nil {
			p.OnCancel()
		}
	})
	p.cancel.Small = true
	p.cancel.Hide()
	p.body = &fyne.Container{Layout: &progressLayout{p}, Objects: []fyne.CanvasObject{p.bar, p.left, p.right, p.cancel}}
	p.bar.Hide()
	p.ExtendBaseWidget(p)
	return p
}

// SetFraction shows the bar filled from 0 to 1.
func (p *ProgressLine) SetFraction(f float64) { p.running(max(0, min(1, f)), false) }

// SetUnknown shows that something goes on whose end is not known. Each call moves the
// bar's piece a little further, so that it lives as long as news come.
func (p *ProgressLine) SetUnknown() {
	step := p.bar.value + 0.07
	if !p.bar.unknown || step >= 1 {
		step = 0
	}
	p.running(step, true)
}

func (p *ProgressLine) running(value float64, unknown bool) {
	p.bar.value, p.bar.unknown = value, unknown
	p.bar.Show()
	if p.OnCancel != nil {
		p.cancel.Show()
	}
	p.bar.Refresh()
	p.relay()
}

// SetText sets what stands at the left and at the right.
func (p *ProgressLine) SetText(left, right string) {
	p.left.SetText(left)
	p.right.SetText(right)
	p.relay()
}

// SetDone takes away the bar and Cancel; the words stay, in the colour of the outcome.
func (p *ProgressLine) SetDone(s Severity) {
	p.bar.Hide()
	p.cancel.Hide()
	p.left.SetRole(severityRole(s))
	p.relay()
}

// SetRunning gives the words their usual colour again.
func (p *ProgressLine) SetRunning() {
	p.left.SetRole(BodyText)
	p.SetUnknown()
}

func (p *ProgressLine) relay() {
	if s := p.body.Size(); s.Width > 0 {
		p.body.Layout.Layout(p.body.Objects, s)
	}
	canvas.Refresh(p)
}

// progressLayout puts the parts beside each other. Where there is little room the bar is
// shorter, then the text at the right is cut, then the one at the left.
type progressLayout struct{ p *ProgressLine }

const (
	progressGap   = 16
	progressBar   = 220
	progressShort = 60 // of the bar and of each text
)

func (l *progressLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	p := l.p
	size := fyne.NewSize(2*progressShort+progressGap, max(p.left.MinSize().Height, p.right.MinSize().Height))
	if p.bar.Visible() {
		size.Width += progressShort + progressGap
	}
	if p.cancel.Visible() {
		m := p.cancel.MinSize()
		size = fyne.NewSize(size.Width+m.Width+progressGap, max(size.Height, m.Height))
	}
	return size
}

func (l *progressLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	p := l.p
	room := size.Width
	put := func(o fyne.CanvasObject, x, width float32) {
		h := o.MinSize().Height
		place(o, x, (size.Height-h)/2, width, h)
	}
	if p.cancel.Visible() {
		w := p.cancel.MinSize().Width
		put(p.cancel, room-w, w)
		room -= w + progressGap
	}
	left, right := p.left.WholeWidth()+1, p.right.WholeWidth()+1
	x := float32(0)
	if p.bar.Visible() {
		w := max(progressShort, min(progressBar, room-left-right-2*progressGap))
		put(p.bar, 0, w)
		x = w + progressGap
	}
	right = min(right, max(progressShort, room-x-left-progressGap))
	put(p.right, room-right, right)
	put(p.left, x, room-right-progressGap-x)
}

func severityRole(s Severity) TextRole {
	switch s {
	case Failure:
		return ErrorText
	case Warning:
		return WarningText
	case Success:
		return SuccessText
	default:
		return BodyText
	}
}

type thinBar struct {
	widget.BaseWidget
	value   float64
	unknown bool
}

func (b *thinBar) CreateRenderer() fyne.WidgetRenderer {
	r := &thinBarRenderer{b: b, track: newFlat(), done: newFlat()}
	r.Refresh()
	return r
}

type thinBarRenderer struct {
	b           *thinBar
	track, done *canvas.Rectangle
}

func (r *thinBarRenderer) Destroy()                     {}
func (r *thinBarRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.track, r.done} }
func (r *thinBarRenderer) MinSize() fyne.Size           { return fyne.NewSize(progressShort, 4) }

func (r *thinBarRenderer) Layout(s fyne.Size) {
	place(r.track, 0, 0, s.Width, s.Height)
	x, w := float32(0), s.Width*float32(r.b.value)
	if r.b.unknown {
		x, w = s.Width*0.75*float32(r.b.value), s.Width/4
	}
	place(r.done, x, 0, w, s.Height)
}

func (r *thinBarRenderer) Refresh() {
	r.track.FillColor, r.done.FillColor = colorOf(r.b, ColorNameTrack), colorOf(r.b, theme.ColorNamePrimary)
	r.track.CornerRadius, r.done.CornerRadius = 2, 2
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}
