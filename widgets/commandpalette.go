package widgets

import "fyne.io/fyne/v2"

// CommandPalette searches everything there is to do, over the window. The application
// opens it, usually with Ctrl+K.
type CommandPalette struct {
	Search      SearchFunc
	OnChosen    func(Item)
	PlaceHolder string

	chooser *chooser
	before  fyne.Focusable
	on      fyne.Canvas
}

// NewCommandPalette returns a palette that is not shown.
func NewCommandPalette(search SearchFunc, chosen func(Item)) *CommandPalette {
	return &CommandPalette{Search: search, OnChosen: chosen}
}

// Show opens the palette over a canvas.
func (p *CommandPalette) Show(on fyne.Canvas) {
	if p.Shown() {
		return
	}
	p.on, p.before = on, on.Focused()
	c := newChooser(p.Search)
	c.entry.SetPlaceHolder(p.PlaceHolder)
	if p.PlaceHolder == "" {
		c.entry.SetPlaceHolder(tr("Search everything"))
	}
	c.leave = p.Hide
	c.chosen = func(i Item) {
		p.Hide()
		if p.OnChosen != nil {
			p.OnChosen(i)
		}
	}
	p.chooser = c
	width := min(580, on.Size().Width-40)
	c.open(on, chooserPlace{at: fyne.NewPos((on.Size().Width-width)/2, on.Size().Height/10), width: width, rows: 14, pad: 8})
}

// Hide closes the palette and gives the keyboard back to who had it.
func (p *CommandPalette) Hide() {
	if p.chooser == nil {
		return
	}
	p.chooser.close()
	p.chooser = nil
	if p.before != nil && p.on != nil {
		p.on.Focus(p.before)
	}
}

// Shown tells whether the palette is open.
func (p *CommandPalette) Shown() bool { return p.chooser != nil && p.chooser.shown() }
