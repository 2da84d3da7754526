package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// pane holds objects where they were put. Unlike a container it asks nobody for a
// smallest size, which matters with a thousand objects in each frame.
type pane struct {
	widget.BaseWidget
	objs []fyne.CanvasObject
	clip bool
}

func newPane(clip bool, objs ...fyne.CanvasObject) *pane {
	p := &pane{objs: objs, clip: clip}
	p.ExtendBaseWidget(p)
	return p
}

func (p *pane) MinSize() fyne.Size { return fyne.Size{} }

func (p *pane) CreateRenderer() fyne.WidgetRenderer {
	if p.clip {
		return &clipRenderer{paneRenderer{p}}
	}
	return &paneRenderer{p}
}

type paneRenderer struct{ p *pane }

func (r *paneRenderer) Destroy()                     {}
func (r *paneRenderer) Layout(fyne.Size)             {}
func (r *paneRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *paneRenderer) Objects() []fyne.CanvasObject { return r.p.objs }
func (r *paneRenderer) Refresh()                     {}

type clipRenderer struct{ paneRenderer }

// IsClip tells Fyne's painters to draw nothing outside the pane.
func (r *clipRenderer) IsClip() {}
