package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"postroom/widgets"
)

const (
	sideWidth    = 250 // of the list of cmdlets, before a person drags it
	trayWidth    = 268
	trayNarrow   = 216 // where the window is narrow
	stripWidth   = 40  // of the sessions when they are folded
	narrowWindow = 1000
	foldedWindow = 900 // what is narrower begins with the sessions folded
	barPad       = 12  // round the bar at the top
)

// panels are the parts of the window beside each other: the list of cmdlets with
// the tabs, and the sessions, which fold to a strip.
type panels struct {
	folded bool // by a person
	asked  bool // for the sessions although the window is narrow
	tray   fyne.CanvasObject
	strip  fyne.CanvasObject // in place of the sessions
	count  *widgets.Text     // of the sessions, in the strip
	body   *fyne.Container
}

// shown are the objects that stand in the panels.
type shown struct{ bar, side, middle, sessions, status fyne.CanvasObject }

// newPanels puts the panels together. The list of cmdlets keeps the width that a
// person gave it.
func newPanels(in shown) (*panels, *widgets.SideSplit) {
	p := &panels{count: widgets.NewText("", widgets.StrongText)}
	split := widgets.NewSideSplit(in.side, in.middle, sideWidth)
	fold := widgets.NewIconButton(widgets.IconChevronRight, lang.L("Fold the sessions"), func() { p.fold(true) })
	unfold := widgets.NewIconButton(widgets.IconChevronLeft, lang.L("Show the sessions"), func() { p.fold(false) })
	p.tray = container.NewBorder(nil, container.NewHBox(layout.NewSpacer(), fold), nil, nil, in.sessions)
	p.strip = container.NewVBox(unfold, container.NewCenter(p.count))
	p.body = &fyne.Container{Layout: &panelsLayout{p}, Objects: []fyne.CanvasObject{
		in.bar, widget.NewSeparator(), split, widget.NewSeparator(), p.tray, p.strip, in.status,
	}}
	return p, split
}

// fold shows the sessions or, in their place, the strip.
func (p *panels) fold(folded bool) {
	p.folded, p.asked = folded, !folded
	p.body.Refresh()
}

// toggle folds the sessions, or shows them.
func (p *panels) toggle() { p.fold(p.tray.Visible()) }

// stripAt tells whether the strip stands in place of the sessions in a window of
// a width: in a narrow one the rows need the room, until a person asks.
func (p *panels) stripAt(width float32) bool { return p.folded || width < foldedWindow && !p.asked }

// panelsLayout arranges the window: the bar at the top over a line, the status
// bar at the foot, between them the list of cmdlets with the tabs, a line, and
// the sessions or their strip.
type panelsLayout struct{ p *panels }

// trayAt is the width of the sessions in a window of a width.
func (l *panelsLayout) trayAt(width float32) float32 {
	switch {
	case l.p.stripAt(width):
		return stripWidth
	case width < narrowWindow:
		return trayNarrow
	}
	return trayWidth
}

// MinSize is Fyne's.
func (l *panelsLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	top, middle, tray, status := objects[0].MinSize(), objects[2].MinSize(), objects[4].MinSize(), objects[6].MinSize()
	return fyne.NewSize(max(top.Width, middle.Width+1+l.trayAt(0)), top.Height+1+max(middle.Height, tray.Height)+status.Height)
}

// Layout is Fyne's.
func (l *panelsLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, max(0, h)))
	}
	tray := l.trayAt(size.Width)
	widgets.SetVisible(l.p.tray, !l.p.stripAt(size.Width))
	widgets.SetVisible(l.p.strip, l.p.stripAt(size.Width))
	top, foot := objects[0].MinSize().Height, objects[6].MinSize().Height
	height := size.Height - top - 1 - foot
	place(objects[0], 0, 0, size.Width, top)
	place(objects[1], 0, top, size.Width, 1)
	place(objects[2], 0, top+1, size.Width-tray-1, height)
	place(objects[3], size.Width-tray-1, top+1, 1, height)
	place(objects[4], size.Width-tray, top+1, tray, height)
	place(objects[5], size.Width-tray, top+1, tray, height)
	place(objects[6], 0, size.Height-foot, size.Width, foot)
}

// topLayout is the bar at the top: account, tenant, the button that connects,
// the state, and the search at the trailing edge. Where there is little room the
// search goes first, then the state, then the names are cut.
type topLayout struct{ state *widgets.Text }

const (
	topGap    = 8
	nameLeast = 120 // of the account and of the tenant
	nameMost  = 300 // of the tenant
)

// MinSize is Fyne's.
func (*topLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(2*nameLeast+objects[2].MinSize().Width+2*topGap+2*barPad, widgets.Tallest(objects)+2*8)
}

// Layout is Fyne's.
func (l *topLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	account, tenant, connect, state, search := objects[0], objects[1], objects[2], objects[3], objects[4]
	room := size.Width - 2*barPad - connect.MinSize().Width - 2*topGap
	accountWidth, tenantWidth := account.MinSize().Width, max(nameMost, tenant.MinSize().Width)
	rest := room - accountWidth - tenantWidth
	if rest < 0 { // cut the longer one first
		tenantWidth = max(nameLeast, tenantWidth+rest)
		accountWidth = max(nameLeast, min(accountWidth, room-tenantWidth))
		rest = 0
	}
	x := float32(barPad)
	place := func(o fyne.CanvasObject, width float32) {
		height := o.MinSize().Height
		o.Move(fyne.NewPos(x, (size.Height-height)/2))
		o.Resize(fyne.NewSize(max(0, width), height))
		x += width + topGap
	}
	place(account, accountWidth)
	place(tenant, tenantWidth)
	place(connect, connect.MinSize().Width)
	searchWidth := search.MinSize().Width
	widgets.SetVisible(search, rest > searchWidth+topGap)
	if search.Visible() {
		rest -= searchWidth + topGap
	}
	widgets.SetVisible(state, rest > l.state.WholeWidth()+topGap) // the status bar says it too
	place(state, max(0, rest-topGap))
	x = size.Width - barPad - searchWidth
	place(search, searchWidth)
}
