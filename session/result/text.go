package result

import (
	"context"
	"io"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// TextOptions say how a console table is written.
type TextOptions struct {
	// Width is the console's width in character cells; 0 is without limit.
	Width int
	// NoHeader leaves the names and the line under them away.
	NoHeader bool
}

// WriteText writes the view as a table for a console, as Format-Table -AutoSize of
// PowerShell looks: numbers and booleans to the right, names underlined, at most four
// items of a list, one line a row, what does not fit cut with an ellipsis. Values are
// those of [View.Cell]. Columns that do not fit the width are left out from the right;
// [FitText] tells which. The error is the writer's or the context's.
func WriteText(ctx context.Context, w io.Writer, v *View, o TextOptions) error {
	t, err := newTextTable(ctx, v, o.Width)
	if err != nil {
		return err
	}
	out := &output{w: w}
	if !o.NoHeader && len(t.columns) > 0 {
		out.buffer = t.header(out.buffer)
	}
	err = t.view.eachRow(ctx, func(_ int, cells []cell) error {
		out.buffer = t.row(out.buffer, cells)
		return out.flushFull()
	})
	if err != nil {
		return err
	}
	return out.flush()
}

// FitText gives the view with the columns that WriteText shows at this width, and the
// names of the columns that it leaves out.
func FitText(ctx context.Context, v *View, consoleWidth int) (fitting *View, dropped []string, err error) {
	t, err := newTextTable(ctx, v, consoleWidth)
	if err != nil {
		return nil, nil, err
	}
	for col := len(t.columns); col < len(v.cols); col++ {
		dropped = append(dropped, v.Header(col))
	}
	return t.view, dropped, nil
}

// textTable is the measures of a console table.
type textTable struct {
	view    *View
	columns []textColumn
	field   []byte
}

type textColumn struct {
	name  []byte
	width int
	right bool
}

const ellipsis = "\u2026"

// textMinimum is the width below which a column is left out rather than cut.
const textMinimum = 5

func newTextTable(ctx context.Context, v *View, limit int) (*textTable, error) {
	t := &textTable{view: v, columns: make([]textColumn, len(v.cols))}
	for i := range t.columns {
		name := oneLine(appendUTF8(nil, []byte(v.Header(i))))
		t.columns[i] = textColumn{name: name, width: max(1, textWidth(name)), right: v.Kind(i).alignsRight()}
	}
	err := v.eachRow(ctx, func(_ int, cells []cell) error {
		for i, c := range cells {
			t.field = appendTextField(t.field[:0], c)
			t.columns[i].width = max(t.columns[i].width, textWidth(t.field))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if limit > 0 {
		t.fit(limit)
	}
	return t, nil
}

// fit cuts the column that reaches the limit and leaves out those after it.
func (t *textTable) fit(limit int) {
	used := 0
	for i := range t.columns {
		c := &t.columns[i]
		room := limit - used
		if c.width > room {
			n := i
			if room >= textMinimum || i == 0 {
				c.width = max(1, room)
				n++
			}
			cols := make([]int, n)
			for k := range cols {
				cols[k] = k
			}
			t.columns, t.view = t.columns[:n], t.view.WithColumns(cols...)
			return
		}
		used += c.width + 1
	}
}

func (k Kind) alignsRight() bool {
	switch k {
	case KindBool, KindInt, KindUint, KindFloat, KindDecimal, KindDuration:
		return true
	}
	return false
}

func (t *textTable) header(dst []byte) []byte {
	for i, c := range t.columns {
		dst = t.pad(dst, i, c.name)
	}
	dst = append(dst, '\n')
	for i, c := range t.columns {
		t.field = t.field[:0]
		for range min(textWidth(c.name), c.width) {
			t.field = append(t.field, '-')
		}
		dst = t.pad(dst, i, t.field)
	}
	return append(dst, '\n')
}

func (t *textTable) row(dst []byte, cells []cell) []byte {
	if len(cells) == 0 {
		return dst
	}
	for i, c := range cells {
		t.field = appendTextField(t.field[:0], c)
		dst = t.pad(dst, i, t.field)
	}
	return append(dst, '\n')
}

// pad writes one field at the column's width; the last to the left without blanks after.
func (t *textTable) pad(dst []byte, col int, field []byte) []byte {
	c := t.columns[col]
	if col > 0 {
		dst = append(dst, ' ')
	}
	field, used := cutText(field, c.width)
	if c.right {
		for range c.width - used {
			dst = append(dst, ' ')
		}
	}
	dst = append(dst, field...)
	if !c.right && col < len(t.columns)-1 {
		for range c.width - used {
			dst = append(dst, ' ')
		}
	}
	return dst
}

// appendTextField writes a cell on one line.
func appendTextField(dst []byte, c cell) []byte {
	if c.kind != cellList {
		return oneLine(shown.append(dst, c))
	}
	dst = append(dst, '{')
	n := 0
	for item := range c.items {
		if n > 0 {
			dst = append(dst, ", "...)
		}
		if n++; n > 4 {
			dst = append(dst[:len(dst)-2], ellipsis...)
			break
		}
		dst = appendUTF8(dst, item)
	}
	return oneLine(append(dst, '}'))
}

// oneLine cuts a text at its first line break with an ellipsis, and replaces characters
// that a console would obey.
func oneLine(text []byte) []byte {
	for i, c := range text {
		switch {
		case c == '\r' || c == '\n':
			return append(text[:i], ellipsis...)
		case c < ' ' || c == 0x7F:
			text[i] = ' '
		case c == 0xC2 && i+1 < len(text) && text[i+1] < 0xA0: // C1 controls
			text[i], text[i+1] = ' ', ' '
		}
	}
	return text
}

// cutText cuts a text to a number of character cells, and says how many it then takes.
func cutText(text []byte, limit int) ([]byte, int) {
	if used := textWidth(text); used <= limit {
		return text, used
	}
	used, end := 0, 0
	for end < len(text) {
		r, n := utf8.DecodeRune(text[end:])
		w := runeWidth(r)
		if used+w > limit-1 {
			break
		}
		used, end = used+w, end+n
	}
	return append(text[:end:end], ellipsis...), used + 1
}

func textWidth(text []byte) int {
	total := 0
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			total++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		total += runeWidth(r)
		i += n
	}
	return total
}

// runeWidth is how many character cells a rune takes on a console.
func runeWidth(r rune) int {
	if r < utf8.RuneSelf {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
