package runs

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session/chart"
	"postroom/session/result"
	"postroom/widgets"
)

// picture is the chart beside the rows: of the view as it is filtered. UI thread only; it
// is drawn by a worker. It has a field for each thing that it asks of its tab, for each
// part on screen, and for what is drawn and what is wished.
type picture struct {
	desk    *desk.Desk
	arrange func()
	save    func(name string, whole bool, write func(w io.Writer, ending string) error)
	copy    func(write func(io.Writer) error)
	whole   func() bool // the rows are all that there are
	title   func() string
	tints   func() map[string]color.Color

	content *fyne.Container
	kind    *widgets.Button
	image   *canvas.Image
	said    *widgets.Text
	at      *pictureLayout

	view   *result.View
	offers []chart.Spec
	wish   chart.Spec   // what the person chose; the zero value takes what suits
	drawn  *chart.Chart // that is shown; nil for none
	dark   bool         // it was drawn for a dark ground
	draws  bool         // a worker draws
	again  bool         // something has changed since it began
}

func newPicture(d *desk.Desk, arrange func()) *picture {
	p := &picture{desk: d, arrange: arrange, image: &canvas.Image{FillMode: canvas.ImageFillStretch}, said: widgets.NewParagraph("", widgets.MutedText)}
	p.kind = widgets.NewButton(lang.L("Chart"), p.choose)
	save := widgets.NewButton(lang.L("Save picture"), p.ask)
	copied := widgets.NewButton(lang.L("Copy picture"), p.take)
	closed := widgets.NewIconButton(widgets.IconCross, lang.L("Close the chart"), func() { p.show(false) })
	bar := widgets.NewFlow(8, p.kind, copied, save, closed)
	p.at = &pictureLayout{resized: p.draw}
	p.content = &fyne.Container{Layout: p.at, Objects: []fyne.CanvasObject{bar, p.said, p.image, newRelook(p.relook)}}
	p.content.Hide()
	return p
}

// visible tells whether the chart stands beside the rows.
func (p *picture) visible() bool { return p.content.Visible() }

// show shows the chart, or takes it away.
func (p *picture) show(on bool) {
	widgets.SetVisible(p.content, on)
	p.arrange()
	p.draw()
}

// look takes another view of the rows.
func (p *picture) look(v *result.View) {
	if p.view != v {
		p.view = v
		p.draw()
	}
}

// choose offers the charts that suit the rows.
func (p *picture) choose() {
	var items []*fyne.MenuItem
	for _, o := range p.offers {
		items = append(items, fyne.NewMenuItem(chartName(o), func() { p.wish = o; p.draw() }))
	}
	if len(items) > 0 {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.kind)
		p.desk.Menu(at.AddXY(0, p.kind.Size().Height), items...)
	}
}

// chartName says what a chart shows.
func chartName(s chart.Spec) string {
	switch {
	case s.Kind == chart.Line:
		return fmt.Sprintf(lang.L("Rows by day: %s"), s.Label)
	case s.Kind == chart.Histogram:
		return fmt.Sprintf(lang.L("Histogram: %s"), s.Value)
	case s.Value == "":
		return fmt.Sprintf(lang.L("Rows by %s"), s.Label)
	}
	return fmt.Sprintf(lang.L("The largest: %s"), s.Value)
}

// style is how the chart looks in the window.
func (p *picture) style() chart.Style {
	return chart.Style{Language: lang.L("en"), Title: p.title(), Colors: p.tints(), Dark: dark()}
}

// dark tells whether the window has a dark ground.
func dark() bool {
	settings := fyne.CurrentApp().Settings()
	r, g, b, _ := settings.Theme().Color(theme.ColorNameBackground, settings.ThemeVariant()).RGBA()
	return r+g+b < 3*0x8000
}

// draw draws the chart of the view on a worker. What changes meanwhile is drawn when that is
// done: rows that come would else keep every picture from being finished.
func (p *picture) draw() {
	if !p.visible() || p.view == nil || p.at.size.Width < 80 || p.at.size.Height < 80 {
		return
	}
	if p.again = p.draws; p.again {
		return
	}
	p.draws = true
	view, wish, style := p.view, p.wish, p.style()
	p.dark = style.Dark
	style.Title = "" // the tab says it
	style.Width, style.Height = float64(p.at.size.Width), float64(p.at.size.Height)
	style.Scale = 1
	if c := fyne.CurrentApp().Driver().CanvasForObject(p.content); c != nil {
		style.Scale = float64(c.Scale())
	}
	p.desk.Spawn(func() { // ends with the picture
		drawn, picture, offers, err := drawnOf(context.Background(), view, wish, style)
		p.desk.Post(func() {
			p.draws = false
			p.took(drawn, picture, offers, err)
			if p.again {
				p.draw()
			}
		})
	})
}

// drawnOf counts and draws.
func drawnOf(ctx context.Context, view *result.View, wish chart.Spec, style chart.Style) (*chart.Chart, image.Image, []chart.Spec, error) {
	offers, err := chart.Offers(ctx, view)
	if err != nil {
		return nil, nil, nil, err
	}
	spec, err := chart.Suited(ctx, view, wish)
	if err != nil {
		return nil, nil, offers, err
	}
	drawn, err := chart.Of(ctx, view, spec)
	if err != nil {
		return nil, nil, offers, err
	}
	return drawn, drawn.Image(style), offers, nil
}

// took shows what was drawn.
func (p *picture) took(drawn *chart.Chart, picture image.Image, offers []chart.Spec, err error) {
	p.drawn, p.offers = drawn, offers
	p.image.Image = picture
	widgets.SetVisible(p.image, drawn != nil)
	widgets.SetVisible(p.said, drawn == nil)
	p.kind.SetText(lang.L("Chart"))
	switch {
	case drawn != nil:
		p.kind.SetText(shortened(chartName(drawn.Spec())))
	case errors.Is(err, chart.ErrNothing):
		p.said.SetText(lang.L("No column of these rows has numbers, sizes or dates that a chart could show."))
	case err != nil:
		p.said.SetText(words.Explain(err).Title)
	}
	p.content.Refresh()
	p.image.Refresh()
}

// ask asks where to save the picture.
func (p *picture) ask() {
	if p.drawn == nil {
		return
	}
	drawn, style := p.drawn, p.style()
	p.save(p.view.Provenance().FileName(".png"), p.whole() && !p.draws, func(w io.Writer, ending string) error { return drawn.Write(w, ending, style) })
}

// take puts the picture on the clipboard.
func (p *picture) take() {
	if p.drawn == nil {
		return
	}
	drawn, style := p.drawn, p.style()
	p.copy(func(w io.Writer) error { return drawn.Write(w, ".png", style) })
}

// relook draws the chart anew when the window has got another ground.
func (p *picture) relook() {
	if p.visible() && dark() != p.dark {
		p.draw()
	}
}

// relook is nothing to see: it hears when the theme changes, as every widget does.
type relook struct {
	widget.BaseWidget
	heard func()
}

func newRelook(heard func()) *relook {
	r := &relook{heard: heard}
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer is Fyne's.
func (r *relook) CreateRenderer() fyne.WidgetRenderer {
	return &relookRenderer{WidgetRenderer: widget.NewSimpleRenderer(container.NewWithoutLayout()), heard: r.heard}
}

type relookRenderer struct {
	fyne.WidgetRenderer
	heard func()
}

// Refresh is Fyne's.
func (r *relookRenderer) Refresh() { r.heard() }

// pictureLayout puts the picture under its buttons.
type pictureLayout struct {
	size    fyne.Size // of the picture
	resized func()
}

// MinSize is Fyne's.
func (*pictureLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(200, objects[0].MinSize().Height+100)
}

// Layout is Fyne's.
func (l *pictureLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	bar := widgets.HeightFor(objects[0], size.Width-2*barGap)
	objects[0].Move(fyne.NewPos(barGap, barDrop))
	objects[0].Resize(fyne.NewSize(size.Width-2*barGap, bar))
	rest := fyne.NewSize(size.Width, max(0, size.Height-bar-2*barDrop))
	for _, o := range objects[1:] {
		o.Move(fyne.NewPos(0, bar+2*barDrop))
		o.Resize(rest)
	}
	if rest != l.size {
		l.size = rest
		l.resized()
	}
}

// besidePicture puts the chart beside the rows, or in their place where there is
// little room.
type besidePicture struct{}

// sideBySideLeast is the width from which rows and chart stand beside each other.
const sideBySideLeast = 680

// MinSize is Fyne's.
func (besidePicture) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// Layout is Fyne's.
func (besidePicture) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	rows, chart := objects[0], objects[1]
	width := size.Width
	widgets.SetVisible(rows, !chart.Visible() || size.Width >= sideBySideLeast)
	if chart.Visible() {
		side := size.Width
		if rows.Visible() {
			side = max(320, size.Width*0.42)
		}
		width = size.Width - side
		chart.Move(fyne.NewPos(width, 0))
		chart.Resize(fyne.NewSize(side, size.Height))
	}
	if rows.Visible() {
		rows.Move(fyne.NewPos(0, 0))
		rows.Resize(fyne.NewSize(width, size.Height))
	}
}
