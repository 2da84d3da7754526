package widgets

import "fyne.io/fyne/v2"

// Chip shows a condition, such as a filter: a click changes it, its cross takes it away.
type Chip struct{ composite }

// NewChip returns a chip. Without tapped it cannot be changed, without closed it cannot be
// taken away.
func NewChip(text string, tapped, closed func()) *Chip {
	c := &Chip{}
	var objects []fyne.CanvasObject
	if tapped != nil {
		objects = append(objects, NewLink(text, tapped))
	} else {
		objects = append(objects, NewText(text, AccentText))
	}
	if closed != nil {
		objects = append(objects, NewIconButton(IconCross, tr("Remove {{.what}}", "what", text), closed))
	}
	face := NewPanelWith(PanelLook{Fill: ColorNameAccentSoft, Radius: 4, PadX: 7, PadY: 1}, hline(2, -1, objects...))
	c.body = NewColumn(0, face)
	c.ExtendBaseWidget(c)
	return c
}
