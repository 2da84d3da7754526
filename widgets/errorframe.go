package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// errorFrame draws an edge round an editor whose value is wrong or doubtful, in the colour of
// what is said about it.
type errorFrame struct {
	widget.BaseWidget
	editor fyne.CanvasObject
	shown  bool
	role   TextRole
}

func newErrorFrame(editor fyne.CanvasObject) *errorFrame {
	f := &errorFrame{editor: editor}
	f.ExtendBaseWidget(f)
	return f
}

func (f *errorFrame) set(shown bool, role TextRole) {
	if f.shown != shown || f.role != role {
		f.shown, f.role = shown, role
		f.Refresh()
	}
}

// inside is the editor.
func (f *errorFrame) inside() []fyne.CanvasObject { return []fyne.CanvasObject{f.editor} }

// HeightFor returns the height that the editor needs at a width.
func (f *errorFrame) HeightFor(width float32) float32 { return HeightFor(f.editor, width) }

func (f *errorFrame) CreateRenderer() fyne.WidgetRenderer {
	r := &errorFrameRenderer{f: f, edge: newFlat()}
	r.Refresh()
	return r
}

type errorFrameRenderer struct {
	f    *errorFrame
	edge *canvas.Rectangle
}

func (r *errorFrameRenderer) Destroy()           {}
func (r *errorFrameRenderer) MinSize() fyne.Size { return r.f.editor.MinSize() }

func (r *errorFrameRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.f.editor, r.edge}
}

func (r *errorFrameRenderer) Layout(s fyne.Size) {
	place(r.f.editor, 0, 0, s.Width, s.Height)
	place(r.edge, 0, 0, s.Width, s.Height)
}

func (r *errorFrameRenderer) Refresh() {
	r.edge.FillColor = color.Transparent
	r.edge.CornerRadius = r.f.Theme().Size(theme.SizeNameInputRadius)
	r.edge.StrokeColor, r.edge.StrokeWidth = roleColor(r.f, r.f.role), 1.5
	show(r.edge, r.f.shown)
	r.Layout(r.f.Size())
	canvas.Refresh(r.f)
}
