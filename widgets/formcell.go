package widgets

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
)

// formCell is one field of a form: label, editor, and beside them the help, or what is
// wrong or doubtful about the value.
type formCell struct {
	composite
	form   *formFields
	field  *Field
	editor editor
	frame  *errorFrame
	label  *formLabel
	help   *Text
	sign   *Sign
	said   *fyne.Container // sign and help
	told   string          // by the application, until the value changes
	wrong  string          // cannot be read as its kind
	doubt  string          // contradicts what is known
	full   bool            // the name and type are shown too
	height float32
}

func newFormCell(f *formFields, field *Field) *formCell {
	c := &formCell{form: f, field: field, help: NewParagraph("", CaptionText), sign: NewSign("", CaptionText, "")}
	hooks := editorHooks{changed: c.changed, submit: f.asks.run, key: c.key, paste: f.hooks.pasted}
	if f.hooks.Pick != nil {
		hooks.pick = func(took func([]string)) { f.hooks.Pick(field.Name, took) }
	}
	if f.hooks.ChooseFile != nil {
		hooks.file = func(took func(name, value string)) { f.hooks.ChooseFile(field.Name, took) }
	}
	c.editor = newEditor(field, hooks)
	c.frame = newErrorFrame(c.editor.object())
	c.label = newFormLabel(field.label())
	c.label.onTap = func() { focus(c.editor.focusable()) }
	c.label.takeBack = c.takeBack
	c.label.onKey = c.key
	c.said = hline(5, 1, c.sign, c.help)
	if l, ok := c.said.Layout.(*line); ok {
		l.top = true
	}
	c.body = &fyne.Container{Layout: &cellLayout{wide: wideKind(field.Kind)}, Objects: []fyne.CanvasObject{c.label, c.frame, c.said}}
	c.ExtendBaseWidget(c)
	c.tell()
	return c
}

// wideKind tells the editors that need the room of the help as well.
func wideKind(k FieldKind) bool { return k == FieldFilter || k == FieldAddRemove }

func (c *formCell) setText(text string) {
	c.editor.setText(text)
	c.told = ""
	c.judge()
}

func (c *formCell) changed() {
	c.told = ""
	c.judge()
	c.form.changed()
}

// takeBack empties the field: it will not be sent.
func (c *formCell) takeBack() {
	c.editor.setText("")
	focus(c.editor.focusable())
	c.changed()
}

func (c *formCell) key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyF1:
		c.full = !c.full
		c.tell()
		c.form.relayout()
	case fyne.KeyF5:
		c.form.asks.run()
	default:
		return false
	}
	return true
}

// setError shows what the application says is wrong.
func (c *formCell) setError(text string) {
	c.told = text
	c.tell()
}

// judge looks at the value anew.
func (c *formCell) judge() {
	text := c.editor.text()
	c.wrong, c.doubt = c.form.wrong(c.field, text), ""
	if c.wrong == "" {
		c.doubt = c.field.doubt(text)
	}
	c.tell()
}

// tell shows help, error or doubt beside the field, and whether it will be sent.
func (c *formCell) tell() {
	icon, role, text := Icon(""), CaptionText, c.field.Help
	switch {
	case c.told != "":
		icon, role, text = IconFailure, ErrorText, c.told
	case c.wrong != "":
		icon, role, text = IconFailure, ErrorText, c.wrong
	case c.doubt != "":
		icon, role, text = IconWarning, WarningText, c.doubt
	}
	if c.full {
		name := "-" + c.field.Name
		if c.field.Type != "" {
			name += " <" + c.field.Type + ">"
		}
		text = strings.TrimSpace(text + "\n" + name)
	}
	c.label.set(c.field.needed(c.form.set), c.editor.text() != "")
	c.sign.Set(icon, role, "")
	show(c.sign, icon != "")
	c.help.SetRole(role)
	c.help.SetText(text)
	show(c.said, text != "")
	c.frame.set(icon != "", role)
	width := c.Size().Width
	if width <= 0 {
		return // not laid out yet
	}
	if h := c.HeightFor(width); h != c.height { // a list has grown, an error has come
		c.height = h
		c.form.relayout()
	}
}

// bad tells whether the value holds Run back.
func (c *formCell) bad() bool { return c.told != "" || c.wrong != "" }

// doubt says what the known limits and choices have against a value; they may be out of
// date, so that the server decides.
func (f *Field) doubt(text string) string {
	if text == "" {
		return ""
	}
	if n, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err == nil && f.Limits.Bounded && f.Kind == FieldNumber && (n < f.Limits.Least || n > f.Limits.Greatest) {
		return tr("Known values range from {{.least}} to {{.greatest}}. You can still send this one; the server decides.",
			"least", plainNumber(f.Limits.Least), "greatest", plainNumber(f.Limits.Greatest))
	}
	if most := f.Limits.Longest; most > 0 && utf8.RuneCountInString(text) > most && !f.hidden() && f.Kind == FieldText {
		return tr("{{.n}} characters; the known limit is {{.most}}. The server decides.",
			"n", strconv.Itoa(utf8.RuneCountInString(text)), "most", strconv.Itoa(most))
	}
	if f.Kind != FieldChoice && f.Kind != FieldMultiChoice {
		return ""
	}
	for _, item := range lines(text) {
		if !hasFold(f.Choices, item) {
			return tr("{{.value}} is not a known value. The server decides.", "value", item)
		}
	}
	return ""
}

func hasFold(words []string, one string) bool {
	for _, w := range words {
		if strings.EqualFold(w, one) {
			return true
		}
	}
	return false
}

func plainNumber(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// cellLayout puts label, editor and help beside each other; where there is little room the
// help goes under the editor, and the label over it.
type cellLayout struct {
	wide  bool // the editor takes the room of the help, which goes over it
	width float32
}

const (
	cellLabel  = 200 // width of the labels
	cellEditor = 320 // width of the editors, at least
	cellGap    = 12
	cellHelpAt = 620 // from this width on help stands beside the editor
	cellNarrow = 420 // below it the label stands over the editor
)

// cellPlace is where a part of a cell is.
type cellPlace struct{ x, y, w, h float32 }

func (l *cellLayout) places(objects []fyne.CanvasObject, width float32) (label, field, help cellPlace, height float32) {
	left := float32(cellLabel)
	label = cellPlace{0, 0, cellLabel - 4, HeightFor(objects[0], cellLabel-4)}
	var top float32
	if width < cellNarrow {
		left, label = labelDot, cellPlace{0, 0, width, HeightFor(objects[0], width)}
		top = label.h - 4
	}
	said := objects[2].Visible()
	switch {
	case l.wide || width < cellHelpAt || !said:
		field = cellPlace{left, top, width - left, 0}
		if !l.wide && width >= cellHelpAt { // as wide as those with help
			field.w = l.editorWidth(width)
		}
		field.h = HeightFor(objects[1], field.w)
		if said {
			help = cellPlace{left, top + field.h + 3, width - left, 0}
			help.h = HeightFor(objects[2], help.w)
			height = help.y + help.h
		}
	default:
		field = cellPlace{left, 0, l.editorWidth(width), 0}
		field.h = HeightFor(objects[1], field.w)
		help = cellPlace{left + field.w + cellGap, 5, 0, 0}
		help.w = width - help.x
		help.h = HeightFor(objects[2], help.w)
		height = help.y + help.h
	}
	return label, field, help, max(height, label.y+label.h, field.y+field.h)
}

func (l *cellLayout) editorWidth(width float32) float32 {
	return max(cellEditor, min(460, (width-cellLabel-cellGap)*0.55))
}

// HeightFor is the height of a cell at a width.
func (l *cellLayout) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	_, _, _, h := l.places(objects, width)
	return h
}

func (l *cellLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	at := l.width
	if at <= 0 {
		at = 772
	}
	return fyne.NewSize(200, l.HeightFor(objects, at))
}

func (l *cellLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	label, field, help, _ := l.places(objects, size.Width)
	for i, p := range []cellPlace{label, field, help} {
		place(objects[i], p.x, p.y, p.w, p.h)
	}
}
