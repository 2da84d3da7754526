package chart

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"postroom/session/bytesize"
	"postroom/session/result"
)

// ErrNothing means that no row of the view has what the chart would show.
var ErrNothing = errors.New("chart: no row has a value to show")

// ColumnError names a column that a view does not have.
type ColumnError struct{ Column string }

// Error names it.
func (e *ColumnError) Error() string { return fmt.Sprintf("chart: there is no column %q", e.Column) }

// Chart is what is drawn, counted from a view.
type Chart struct {
	spec     Spec
	unit     result.Unit
	labels   []string // of the bars or ranges, in order
	whose    []string // beside labels: of which stack a bar is that shares its label; nil where none does
	days     []time.Time
	together int       // how many days each point of a line stands for; 0 is one
	edges    []float64 // of the histogram's ranges, one more than there are
	series   []series
	shown    int // bars that are drawn
	all      int // bars that there would be
	withheld int // rows without a value
}

// series is what has one colour: the values beside labels, edges or days.
type series struct {
	name   string
	values []float64
}

// Of counts what a chart shows. Errors are *ColumnError, ErrNothing and the
// context's. With ErrNothing comes a chart that says so.
func Of(ctx context.Context, v *result.View, s Spec) (*Chart, error) {
	c := &Chart{spec: s}
	r := reader{view: v, value: -1, label: -1, stack: -1}
	for column, to := range map[string]*int{s.Value: &r.value, s.Label: &r.label, s.Stack: &r.stack} {
		if column == "" {
			continue
		}
		col, ok := v.Column(column)
		if !ok {
			return nil, &ColumnError{column}
		}
		*to = col
	}
	if s.Stack != "" && s.Stack == s.Label { // a map has one of two equal keys
		r.label, r.stack = columnOf(v, s.Label), columnOf(v, s.Stack)
	}
	if s.Value != "" && s.Value == s.Label {
		r.label, r.value = columnOf(v, s.Label), columnOf(v, s.Value)
	}
	var err error
	switch s.Kind {
	case Histogram:
		err = c.histogram(ctx, r)
	case Line:
		err = c.line(ctx, r)
	default:
		err = c.bars(ctx, r)
	}
	if err == nil && len(c.series) == 0 {
		err = ErrNothing
	}
	return c, err
}

func columnOf(v *result.View, name string) int {
	col, _ := v.Column(name)
	return col
}

// reader reads rows of a view.
type reader struct {
	view                *result.View
	value, label, stack int
}

// each gives every row that has a value.
func (r reader) each(ctx context.Context, c *Chart, take func(row int, n float64, stack string)) error {
	rows, _ := r.view.Size()
	for row := range rows {
		if row%4096 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		n := 1.0
		if r.value >= 0 {
			number, unit, ok := r.view.Number(row, r.value)
			if !ok {
				c.withheld++
				continue
			}
			n, c.unit = number, max(c.unit, unit)
		}
		stack := ""
		if r.stack >= 0 {
			stack = r.view.Cell(row, r.stack)
		}
		take(row, n, stack)
	}
	return nil
}

// table sums values by label and stack, in the order in which they came.
type table struct {
	labels, stacks []string
	byLabel        map[string]int
	byStack        map[string]int
	sums           map[[2]int]float64
	// apart says that equal labels of two stacks are two things.
	apart bool
	of    []string // the stack of each label, then
}

func newTable() *table {
	return &table{byLabel: map[string]int{}, byStack: map[string]int{}, sums: map[[2]int]float64{}}
}

func (t *table) add(label, stack string, n float64) {
	key := label
	if t.apart {
		key += "\x00" + stack
	}
	at, ok := t.byLabel[key]
	if !ok {
		at = len(t.labels)
		t.byLabel[key], t.labels, t.of = at, append(t.labels, label), append(t.of, stack)
	}
	of, ok := t.byStack[stack]
	if !ok {
		of = len(t.stacks)
		t.byStack[stack], t.stacks = of, append(t.stacks, stack)
	}
	t.sums[[2]int{at, of}] += n
}

// named are the labels in an order, and whose each is that several things have.
func (t *table) named(order []int) (labels, whose []string) {
	times := map[string]int{}
	for _, label := range t.labels {
		times[label]++
	}
	labels, whose = make([]string, len(order)), make([]string, len(order))
	for i, at := range order {
		if labels[i] = t.labels[at]; times[labels[i]] > 1 {
			whose[i] = t.of[at]
		}
	}
	return labels, whose
}

// series are the sums in an order of labels, the stacks by name.
func (t *table) series(order []int) []series {
	var list []series
	for of, name := range t.stacks {
		s := series{name: name, values: make([]float64, len(order))}
		used := false
		for i, at := range order {
			if at >= 0 {
				s.values[i] = t.sums[[2]int{at, of}]
			}
			used = used || s.values[i] != 0
		}
		if used {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b series) int { return cmp.Compare(strings.ToLower(a.name), strings.ToLower(b.name)) })
	return list
}

// own are columns that name something within a tenant: two tenants may each have one of
// that name.
var own = []string{"Object", "DisplayName", "UserDisplayName", "FriendlyName", "Name", "Identity", "User", "RuleName", "PolicyName", "ConnectorName"}

// apart says that the same label in two tenants names two things.
func (s Spec) apart() bool {
	return s.Stack != "" && s.Stack != s.Label && slices.ContainsFunc(own, func(name string) bool { return strings.EqualFold(name, s.Label) })
}

// bars sums by label and keeps the largest.
func (c *Chart) bars(ctx context.Context, r reader) error {
	t := newTable()
	t.apart = c.spec.apart()
	err := r.each(ctx, c, func(row int, n float64, stack string) {
		label := ""
		if r.label >= 0 {
			label = r.view.Cell(row, r.label)
		}
		t.add(label, stack, n)
	})
	if err != nil {
		return err
	}
	totals := make([]float64, len(t.labels))
	for at, n := range t.sums {
		totals[at[0]] += n
	}
	order := make([]int, len(t.labels))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(totals[b], totals[a]) })
	c.all = len(order)
	order = order[:min(len(order), mostBars)]
	c.shown = len(order)
	c.labels, c.whose = t.named(order)
	c.series = t.series(order)
	return nil
}

// histogram counts rows in ranges of equal, round width.
func (c *Chart) histogram(ctx context.Context, r reader) error {
	type one struct {
		n     float64
		stack string
	}
	var all []one
	low, high := math.Inf(1), math.Inf(-1)
	err := r.each(ctx, c, func(_ int, n float64, stack string) {
		all = append(all, one{n, stack})
		low, high = min(low, n), max(high, n)
	})
	if err != nil || len(all) == 0 {
		return err
	}
	c.edges = edges(low, high, min(20, max(5, int(math.Sqrt(float64(len(all)))))), c.unit)
	t := newTable()
	for i := range len(c.edges) - 1 {
		t.byLabel[fmt.Sprint(i)] = i
		t.labels = append(t.labels, fmt.Sprint(i))
	}
	width := c.edges[1] - c.edges[0]
	for _, o := range all {
		at := min(len(c.edges)-2, max(0, int((o.n-c.edges[0])/width)))
		t.add(fmt.Sprint(at), o.stack, 1)
	}
	order := make([]int, len(t.labels))
	for i := range order {
		order[i] = i
	}
	c.labels, c.series = t.labels, t.series(order)
	return nil
}

// edges are the bounds of about n ranges that hold low to high; a size's are
// round in its unit.
func edges(low, high float64, n int, unit result.Unit) []float64 {
	scale, _ := scaleOf(max(math.Abs(low), math.Abs(high)), unit)
	low, high = low/scale, high/scale
	step := roundStep((high - low) / float64(n))
	from := math.Floor(low/step) * step
	var list []float64
	for at := 0; ; at++ {
		edge := from + float64(at)*step
		list = append(list, edge*scale)
		if edge > high && len(list) > 1 {
			return list
		}
	}
}

// roundStep is the next 1, 2 or 5 times a power of ten.
func roundStep(step float64) float64 {
	if step <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(step)))
	for _, times := range []float64{1, 2, 5, 10} {
		if times*power >= step*0.999 {
			return times * power
		}
	}
	return 10 * power
}

// between stands between a label and whose it is.
const between = " · "

// mostDays are drawn at most; longer spans are cut at their beginning.
const mostDays = 3660

// line sums by day, on this computer's clock.
func (c *Chart) line(ctx context.Context, r reader) error {
	if r.label < 0 {
		return &ColumnError{c.spec.Label}
	}
	t := newTable()
	days := map[string]time.Time{}
	err := r.each(ctx, c, func(row int, n float64, stack string) {
		v := r.view.Value(row, r.label)
		if v.Kind != result.KindTime {
			c.withheld++
			return
		}
		at := v.Time.Time()
		if v.Time.Kind != result.TimeUnspecified {
			at = at.Local()
		}
		day := at.Format(time.DateOnly)
		days[day] = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
		t.add(day, stack, n)
	})
	if err != nil || len(days) == 0 {
		return err
	}
	sorted := slices.Sorted(func(yield func(string) bool) {
		for day := range days {
			if !yield(day) {
				return
			}
		}
	})
	last := days[sorted[len(sorted)-1]]
	from := days[sorted[0]]
	if earliest := last.AddDate(0, 0, -mostDays); from.Before(earliest) {
		from = earliest
	}
	var order []int
	for day := from; !day.After(last); day = day.AddDate(0, 0, 1) { // a day without rows counts none
		at, there := t.byLabel[day.Format(time.DateOnly)]
		if !there {
			at = -1
		}
		order, c.days = append(order, at), append(c.days, day)
	}
	c.series = t.series(order)
	c.merge()
	return nil
}

// mostPoints is how many points a line has: a chart is not much wider, and drawing takes
// longer than a person waits where there are thousands.
const mostPoints = 400

// merge puts days together that a line has no room for, whole weeks each; a point stands at
// the first day.
func (c *Chart) merge() {
	days := len(c.days)
	if days <= mostPoints {
		return
	}
	c.together = 7 * ((days + 7*mostPoints - 1) / (7 * mostPoints))
	var first []time.Time
	for i := 0; i < days; i += c.together {
		first = append(first, c.days[i])
	}
	for at, one := range c.series {
		values := make([]float64, len(first))
		for i, v := range one.values {
			values[i/c.together] += v
		}
		c.series[at].values = values
	}
	c.days = first
}

// Spec is what the chart shows.
func (c *Chart) Spec() Spec { return c.spec }

// Points gives what is drawn, for whoever checks or reads it: a line for each
// series, its name and its values in the order of Labels.
func (c *Chart) Points() (labels []string, series map[string][]float64) {
	labels = slices.Clone(c.labels)
	for i, of := range c.whose {
		if of != "" {
			labels[i] += between + of
		}
	}
	if c.spec.Kind == Line {
		labels = nil
		for _, day := range c.days {
			labels = append(labels, day.Format(time.DateOnly))
		}
	}
	if c.spec.Kind == Histogram {
		labels = nil
		for i := range len(c.edges) - 1 {
			labels = append(labels, fmt.Sprintf("%g-%g", c.edges[i], c.edges[i+1]))
		}
	}
	series = map[string][]float64{}
	for _, s := range c.series {
		series[s.name] = slices.Clone(s.values)
	}
	return labels, series
}

// scaleOf is what numbers are divided by to be read, and the unit then.
func scaleOf(most float64, unit result.Unit) (scale float64, name string) {
	switch unit {
	case result.UnitBytes:
		name, scale = bytesize.Scale(most)
		return scale, name
	case result.UnitTicks:
		const second = 10_000_000
		switch {
		case most >= 2*24*3600*second:
			return 24 * 3600 * second, "d"
		case most >= 2*3600*second:
			return 3600 * second, "h"
		case most >= 2*60*second:
			return 60 * second, "min"
		}
		return second, "s"
	}
	return 1, ""
}
