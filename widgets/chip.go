package widgets

import "fyne.io/fyne/v2"

// Chip shows a condition, such as a filter, that can be taken away.
type Chip struct {
	composite
	OnClosed func()
	label    *Text
}

// NewChip returns a chip; without closed it cannot be taken away.
func NewChip(text string, closed func()) *Chip {
	c := &Chip{OnClosed: closed, label: NewText(text, AccentText)}
	objects := []fyne.CanvasObject{c.label}
	if closed != nil {
		objects = append(objects, NewIconButton(IconCross, tr("Remove {{.what}}", "what", text), func() {
			if c.OnClosed != nil {
				c.OnClosed()
			}
		}))
	}
	face := NewPanelWith(PanelLook{Fill: ColorNameAccentSoft, Radius: 4, PadX: 7, PadY: 2}, hline(4, -1, objects...))
	c.body = NewColumn(0, face)
	c.ExtendBaseWidget(c)
	return c
}

// SetText replaces the text.
func (c *Chip) SetText(text string) { c.label.SetText(text); c.body.Refresh() }
