package widgets

import (
	"fyne.io/fyne/v2"
)

// formCell is one field of a form: label, editor, help and what is wrong.
type formCell struct {
	composite
	form   *ParameterForm
	field  *Field
	editor editor
	frame  *errorFrame
	help   *Text
	wrong  *Text
	err    string
	height float32
}

func newFormCell(f *ParameterForm, field *Field) *formCell {
	c := &formCell{form: f, field: field, help: NewParagraph("", CaptionText), wrong: NewParagraph("", ErrorText)}
	c.editor = newEditor(field, editorHooks{changed: c.changed, submit: f.Run, key: c.key})
	c.frame = newErrorFrame(c.editor.object())
	text := field.label()
	label := NewCutText(text, LabelText)
	parts := []fyne.CanvasObject{label}
	if field.Mandatory {
		parts = append(parts, NewText(tr("required"), RequiredText))
	}
	if field.Help != "" || field.Type != "" {
		ask := NewButton("?", c.toggleHelp)
		ask.Style, ask.Small = LinkButton, true
		parts = append(parts, ask)
	}
	c.help.Hide()
	c.wrong.Hide()
	c.body = NewColumn(3, heightBox(hline(6, 0, parts...), 18), c.frame, c.help, c.wrong)
	c.ExtendBaseWidget(c)
	return c
}

func (c *formCell) changed() {
	if c.err != "" {
		c.setError("")
	}
	if h := c.MinSize().Height; h != c.height { // a list has grown, an error has gone
		c.height = h
		c.form.relayout()
	}
	c.form.changed()
}

func (c *formCell) key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyF1:
		c.toggleHelp()
	case fyne.KeyF5:
		c.form.Run()
	default:
		return false
	}
	return true
}

func (c *formCell) toggleHelp() {
	text := c.field.Help
	if c.field.Type != "" {
		if text != "" {
			text += "\n"
		}
		text += "-" + c.field.Name + " <" + c.field.Type + ">"
	}
	c.help.SetText(text)
	show(c.help, !c.help.Visible())
	c.form.relayout()
}

func (c *formCell) setError(text string) {
	c.err = text
	c.wrong.SetText(text)
	show(c.wrong, text != "")
	c.frame.set(text != "")
}

// fieldLayout puts cells into columns of equal width, as many as have room.
type fieldLayout struct{ width float32 }

const (
	fieldMin  = 200
	fieldGapX = 14
	fieldGapY = 10
)

// grid calls put for each visible cell and returns the height of all.
func (l *fieldLayout) grid(objects []fyne.CanvasObject, width float32, put func(o fyne.CanvasObject, x, y, w, h float32)) float32 {
	columns := max(1, min(4, int((width+fieldGapX)/(fieldMin+fieldGapX))))
	w := (width - float32(columns-1)*fieldGapX) / float32(columns)
	var y float32
	for i := 0; i < len(objects); i += columns {
		row := objects[i:min(len(objects), i+columns)]
		var h float32
		for _, o := range row {
			h = max(h, HeightFor(o, w))
		}
		for j, o := range row {
			put(o, float32(j)*(w+fieldGapX), y, w, HeightFor(o, w))
		}
		y += h + fieldGapY
	}
	return max(0, y-fieldGapY)
}

// HeightFor is the height of the field, at a width.
func (l *fieldLayout) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return l.grid(objects, width, func(fyne.CanvasObject, float32, float32, float32, float32) {})
}

func (l *fieldLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	at := l.width
	if at <= 0 {
		at = 772
	}
	return fyne.NewSize(fieldMin, l.HeightFor(objects, at))
}

func (l *fieldLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.grid(objects, size.Width, func(o fyne.CanvasObject, x, y, w, h float32) { place(o, x, y, w, h) })
}
