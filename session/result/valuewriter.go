package result

import (
	"time"

	"postroom/session/bytesize"
)

// valueWriter makes of the cells of a row those that are written.
type valueWriter struct {
	o     ValueOptions
	form  form
	plain bool // nothing is to be done
	row   []cell
	data  []byte // of the dates of this row
	lists [][][]byte
}

func newValueWriter(o ValueOptions) *valueWriter {
	w := &valueWriter{o: o, form: form{dates: dateISO, separator: o.ListSeparator}}
	switch o.Dates {
	case Invariant:
		w.form.dates = dateInvariant
	case LocalDates:
		w.form.dates = dateShort
		if w.o.Zone == nil {
			w.o.Zone = time.Local
		}
	}
	if w.form.separator == "" {
		w.form.separator = "; "
	}
	w.plain = o.Dates != LocalDates && o.Lists == JoinedLists && o.Sizes == SizeText
	return w
}

// rows calls fn with each line that a row makes.
func (w *valueWriter) rows(cells []cell, fn func(cells []cell) error) error {
	if w.plain {
		return fn(cells)
	}
	w.row, w.data = w.row[:0], w.data[:0]
	lines := 1
	for _, c := range cells {
		w.row = append(w.row, w.cell(c))
		if w.o.Lists == ExplodedLists && c.kind == cellList {
			lines = max(lines, c.len())
		}
	}
	if w.o.Lists != ExplodedLists {
		return fn(w.row)
	}
	return w.explode(cells, lines, fn)
}

// cell changes a cell that is no list.
func (w *valueWriter) cell(c cell) cell {
	switch c.kind {
	case cellTimeUTC, cellTimeLocal:
		if w.o.Dates == LocalDates {
			return w.local(c)
		}
	case cellText, cellNested:
		if text, _ := c.meaning(); w.o.Sizes == SizeBytes {
			if size, ok := bytesize.Exact(text); ok {
				return cell{kind: cellUint, num: size}
			}
		}
	}
	return c
}

// local gives a date on the clock of the zone.
func (w *valueWriter) local(c cell) cell {
	t := c.time()
	_, offset := t.Time().In(w.o.Zone).Zone()
	t.Ticks = t.instant() + int64(offset)*ticksPerSecond
	t.Kind, t.OffsetMinutes = TimeLocal, int16(offset/60)
	start := len(w.data)
	w.data = appendLocalTime(w.data, t)
	return cell{kind: cellTimeLocal, data: w.data[start:len(w.data):len(w.data)]}
}

// explode calls fn with a line for each item of the lists.
func (w *valueWriter) explode(cells []cell, lines int, fn func(cells []cell) error) error {
	w.lists = w.lists[:0]
	for _, c := range cells {
		var items [][]byte
		if c.kind == cellList {
			for item := range c.items {
				items = append(items, item)
			}
		}
		w.lists = append(w.lists, items)
	}
	for line := range lines {
		for i, c := range cells {
			switch {
			case c.kind != cellList:
			case line < len(w.lists[i]):
				w.row[i] = cell{kind: cellText, data: w.lists[i][line]}
			default:
				w.row[i] = cell{kind: cellNull}
			}
		}
		if err := fn(w.row); err != nil {
			return err
		}
	}
	return nil
}
