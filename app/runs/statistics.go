package runs

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session/result"
	"postroom/widgets"
)

// measures says in a line what is in a column: of the selected rows, or of all that are
// shown. UI thread only.
type measures struct {
	desk      *desk.Desk
	grid      *widgets.Grid
	now       *looking            // what is shown
	selection func() func() []int // gives what lists the selected rows
	text      *widgets.Text
	content   *widgets.Panel
	arrange   func() // the line has come or gone
	always    bool   // also without a selection
	cancel    context.CancelFunc
	asked     int // how often something else was to be measured
}

func newMeasures(on *onScreen, arrange func()) *measures {
	m := &measures{desk: on.desk, grid: on.grid, now: &on.now, selection: on.selection, text: widgets.NewCutText("", widgets.CaptionText), arrange: arrange}
	m.content = widgets.NewPanelWith(widgets.PanelLook{PadX: tabPad, PadY: 3}, m.text)
	m.content.Hide()
	return m
}

// show measures a column of a view on a worker, of the rows that are listed there alone; nil
// is all of them, and a nil view hides the line.
func (m *measures) show(v *result.View, col int, rows func() []int) {
	m.asked++
	if m.cancel != nil {
		m.cancel()
		m.cancel = nil
	}
	if v == nil {
		m.set("")
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	m.cancel = cancel
	number := m.asked
	m.desk.Spawn(func() { // ends with the figures, or when others are wanted
		defer cancel()
		if rows != nil {
			v = v.WithRows(rows()...)
		}
		s, err := v.Statistics(ctx, col)
		if err != nil {
			return // only a newer wish ends it
		}
		m.desk.Post(func() {
			if number == m.asked { // the context says nothing here: it ends with the worker
				m.set(measuresText(viewSource{View: v}, col, s))
			}
		})
	})
}

func (m *measures) set(text string) {
	m.text.SetText(text)
	if visible := text != ""; visible != m.content.Visible() {
		widgets.SetVisible(m.content, visible)
		m.arrange()
	}
}

// measure says what is in the current column of the selected rows, or of all when that is
// wanted.
func (m *measures) measure() {
	_, col := m.grid.Current()
	several := m.grid.SelectedCount() > 1
	switch {
	case m.now.view == nil || col < 0 || !several && !m.always:
		m.show(nil, 0, nil)
	case several:
		m.show(m.now.view, col, m.selection())
	default:
		m.show(m.now.view, col, nil)
	}
}

// measuresText says what is in a column.
func measuresText(v viewSource, col int, s result.Statistics) string {
	parts := []string{v.Header(col) + ": " + words.Rows(s.Rows)}
	add := func(format, value string) { parts = append(parts, fmt.Sprintf(format, value)) }
	add(lang.L("%s different"), words.Number(s.Distinct))
	if s.Empty > 0 {
		add(lang.L("%s empty"), words.Number(s.Empty))
	}
	if s.Numbers > 0 {
		add(lang.L("sum %s"), measured(s.Sum, s.Unit))
		add(lang.L("average %s"), measured(s.Average, s.Unit))
		add(lang.L("median %s"), measured(s.Median, s.Unit))
	}
	if s.MinRow >= 0 {
		add(lang.L("from %s"), v.Cell(s.MinRow, col))
		add(lang.L("to %s"), v.Cell(s.MaxRow, col))
	}
	if s.Unlimited > 0 {
		add(lang.L("%s unlimited"), words.Number(s.Unlimited))
	}
	return strings.Join(parts, " · ")
}

// measured writes a number in its unit.
func measured(n float64, u result.Unit) string {
	switch u {
	case result.UnitBytes:
		return words.Size(n)
	case result.UnitTicks:
		return result.TimeSpan(int64(n))
	}
	if n == float64(int64(n)) {
		return words.Number(int(n))
	}
	return words.Decimal(n, 2)
}
