package runs

import (
	"context"
	"fmt"
	"image/color"
	"maps"
	"slices"
	"sort"

	"fyne.io/fyne/v2/lang"

	"postroom/session/result"
	"postroom/widgets"
)

// group is the rows of a view that have one value in common. They follow each other.
type group struct {
	title string
	first int            // row of the view
	rows  int            // of the group
	said  map[int]string // by column of the view: its sum, or another total
}

// total is what the headings of groups say of a column.
type total uint8

const (
	totalSum total = iota
	totalAverage
	totalMin
	totalMax
)

// totalNames are the totals as the settings have them; a sum is the usual one.
var totalNames = []string{totalSum: "", totalAverage: "average", totalMin: "min", totalMax: "max"}

func (t total) String() string { return totalNames[t] }

func totalOf(name string) total { return total(max(0, slices.Index(totalNames, name))) } //nolint:gosec // of four names

// words says what the total is, around its value.
func (t total) words() string {
	return []string{totalSum: "%s", totalAverage: lang.L("avg %s"), totalMin: lang.L("min %s"), totalMax: lang.L("max %s")}[t]
}

const (
	totalledGroups  = 300 // more groups than that have no totals
	totalledColumns = 12
)

// grouped puts the rows of a view in groups by a column. The headings say of the named
// columns, or of all, what t is, where that makes sense.
func grouped(ctx context.Context, view *result.View, column string, t total, names []string) (*result.View, []group, error) {
	col, ok := view.Column(column)
	if !ok {
		return view, nil, nil
	}
	parts, err := view.GroupBy(ctx, col)
	if err != nil {
		return nil, nil, err
	}
	var ids []int
	groups := make([]group, 0, len(parts))
	for _, p := range parts {
		g := group{title: p.Text, first: len(ids)}
		g.rows, _ = p.Rows.Size()
		ids = append(ids, p.Rows.RowIDs()...)
		if len(parts) <= totalledGroups {
			if g.said, err = totals(ctx, p.Rows, col, t, names); err != nil {
				return nil, nil, err
			}
		}
		groups = append(groups, g)
	}
	return view.WithRows(placesIn(view, ids)...), groups, nil
}

// placesIn gives the rows of a view that have these RowIDs; it has them all.
func placesIn(view *result.View, ids []int) []int {
	out := make([]int, len(ids))
	if len(ids) == 0 {
		return out
	}
	place := make([]int32, slices.Max(ids)+1)
	rows, _ := view.Size()
	for row := range rows {
		place[view.RowID(row)] = int32(row)
	}
	for i, id := range ids {
		out[i] = int(place[id])
	}
	return out
}

// totals writes the totals of the columns, but for the one that is grouped by: of numbers,
// sizes and lengths of time, the first and the last of dates too.
func totals(ctx context.Context, v *result.View, by int, t total, names []string) (map[int]string, error) {
	if len(names) == 0 {
		names = v.Headers()
	}
	out := map[int]string{}
	for _, name := range names {
		col, ok := v.Column(name)
		if !ok || col == by || len(out) == totalledColumns {
			continue
		}
		switch filterKind(v, col) {
		case widgets.FilterNumber, widgets.FilterSize, widgets.FilterDuration:
		case widgets.FilterDate:
			if t != totalMin && t != totalMax {
				continue
			}
		default:
			continue
		}
		s, err := v.Statistics(ctx, col)
		if err != nil {
			return nil, err
		}
		if value := t.of(viewSource{View: v}, col, s); value != "" {
			out[col] = fmt.Sprintf(t.words(), value)
		}
	}
	return out, nil
}

// of is the total in words; "" where there is none.
func (t total) of(v viewSource, col int, s result.Statistics) string {
	switch {
	case t == totalMin && s.MinRow >= 0:
		return v.Cell(s.MinRow, col)
	case t == totalMax && s.MaxRow >= 0:
		return v.Cell(s.MaxRow, col)
	case s.Numbers == 0:
		return ""
	case t == totalAverage:
		return measured(s.Average, s.Unit)
	}
	return measured(s.Sum, s.Unit)
}

// groupSource shows the rows of a view under the headings of their groups, some of them
// folded. Most of its methods are the view's, which it embeds.
type groupSource struct {
	viewSource
	groups []group
	open   []bool
	heads  []int // row of the grid that each heading stands in
	size   int   // rows of the grid
}

var (
	_ widgets.GridSource  = (*groupSource)(nil)
	_ widgets.GridGrouper = (*groupSource)(nil)
	_ widgets.GridKeyer   = (*groupSource)(nil)

	_ widgets.GridRowTinter = (*groupSource)(nil)
	_ widgets.GridMarker    = (*groupSource)(nil)

	_ widgets.GridHeadingCounter = (*groupSource)(nil)
)

// manyGroups take longer to lay out than the UI thread has.
const manyGroups = 5000

// folding says which groups are folded: all or none, but for some by title.
type folding struct {
	all bool
	but map[string]bool
}

func (f folding) has(title string) bool { return f.all != f.but[title] }

// turn folds a group that is open, and opens one that is folded.
func (f *folding) turn(title string) {
	if f.but == nil {
		f.but = map[string]bool{}
	}
	if f.but[title] {
		delete(f.but, title)
		return
	}
	f.but[title] = true
}

// clone is for a worker: this one may change.
func (f folding) clone() folding { return folding{f.all, maps.Clone(f.but)} }

// newGroupSource shows groups, some of them folded.
func newGroupSource(s viewSource, groups []group, folded folding) *groupSource {
	g := &groupSource{viewSource: s, groups: groups, open: make([]bool, len(groups)), heads: make([]int, len(groups))}
	for i := range groups {
		g.open[i] = !folded.has(groups[i].title)
		g.heads[i] = g.size
		g.size++
		if g.open[i] {
			g.size += groups[i].rows
		}
	}
	return g
}

// locate finds the group of a row of the grid, and the row of the view; false for a heading.
func (s *groupSource) locate(row int) (i, viewRow int, ok bool) {
	i = sort.SearchInts(s.heads, row+1) - 1
	behind := row - s.heads[i]
	return i, s.groups[i].first + behind - 1, behind > 0
}

// Size gives the rows with the headings among them.
func (s *groupSource) Size() (rows, cols int) {
	_, cols = s.View.Size()
	return s.size, cols
}

// Cell gives a cell, or a total in the row of a heading.
func (s *groupSource) Cell(row, col int) string {
	i, at, ok := s.locate(row)
	if !ok {
		return s.groups[i].said[col]
	}
	return s.viewSource.Cell(at, col)
}

// IsNull tells a cell without a value.
func (s *groupSource) IsNull(row, col int) bool {
	_, at, ok := s.locate(row)
	return ok && s.viewSource.IsNull(at, col)
}

// RowTint is the colour of the tenant that a row is of; a heading has none, its rows may be
// of several.
func (s *groupSource) RowTint(row int) color.Color {
	_, at, ok := s.locate(row)
	if !ok {
		return nil
	}
	return s.viewSource.RowTint(at)
}

// Marked says whether a cell stands out.
func (s *groupSource) Marked(row, col int) bool {
	_, at, ok := s.locate(row)
	return ok && s.viewSource.Marked(at, col)
}

// Group gives the heading in a row.
func (s *groupSource) Group(row int) (widgets.GridGroup, bool) {
	i, _, ok := s.locate(row)
	if ok {
		return widgets.GridGroup{}, false
	}
	title := s.groups[i].title
	if title == "" {
		title = emptyWord()
	}
	return widgets.GridGroup{Title: title, Count: s.groups[i].rows, Open: s.open[i]}, true
}

// Headings counts the headings in rows.
func (s *groupSource) Headings(first, last int) int {
	return sort.SearchInts(s.heads, last+1) - sort.SearchInts(s.heads, first)
}

// RowKey is the row's number in the order of arrival; headings have negative ones.
func (s *groupSource) RowKey(row int) int {
	i, at, ok := s.locate(row)
	if !ok {
		return -1 - i
	}
	return s.RowID(at)
}

// RowOfKey finds a row again; not in a folded group.
func (s *groupSource) RowOfKey(key int) (int, bool) {
	if key < 0 {
		if i := -1 - key; i < len(s.heads) {
			return s.heads[i], true
		}
		return 0, false
	}
	at, ok := s.viewSource.RowOfKey(key)
	if !ok {
		return 0, false
	}
	i, found := slices.BinarySearchFunc(s.groups, at, func(g group, at int) int { return g.first - at })
	if !found {
		i-- // it begins before the row
	}
	if i < 0 || !s.open[i] {
		return 0, false
	}
	return s.heads[i] + 1 + at - s.groups[i].first, true
}

// InOrder tells that rows stand elsewhere than they came.
func (s *groupSource) InOrder() bool { return false }

// grouping puts rows in groups and folds them.
type grouping struct {
	*wishes
	grid      *widgets.Grid
	folded    folding // groups whose rows are hidden
	change    func(wish func(*look))
	inSight   func() []string // names the columns
	again     func()          // shows what is shown, with the groups as they are folded now
	showChips func()
}

// groupBy puts the rows in groups by a column; the empty name ends that.
func (v *grouping) groupBy(column string) {
	v.grouped, v.folded = column, folding{}
	v.showChips()
	v.keepWanted()
	columns := v.inSight()
	v.change(func(l *look) { l.group, l.columns = column, columns })
}

// totalGroups says another total in the headings.
func (v *grouping) totalGroups(t total) {
	v.total = t
	v.keepWanted()
	v.change(func(l *look) { l.total = t })
}

// fold opens or folds the group whose heading is in a row of the grid.
func (v *grouping) fold(row int) {
	source, ok := v.grid.Source().(*groupSource)
	if !ok {
		return
	}
	i, _, _ := source.locate(row)
	v.folded.turn(source.groups[i].title)
	v.again()
}

// foldAll folds all groups, or opens them.
func (v *grouping) foldAll(folded bool) {
	v.folded = folding{all: folded}
	v.again()
}
