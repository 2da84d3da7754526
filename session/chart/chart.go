// Package chart draws pictures of results: bars of the largest, a histogram, a
// line by day, stacked by tenant. A chart is made from a view as it stands,
// filtered or not, and written as PNG or SVG by gonum's plot. What suits a result
// is said by Offers; nothing here knows a window.
package chart

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"postroom/session/result"
)

// Kind is what a chart looks like.
type Kind string

// The kinds of charts, as the command line names them.
const (
	Bars      Kind = "bars"      // the largest, or how many rows each value has
	Histogram Kind = "histogram" // how many rows lie in which range
	Line      Kind = "line"      // by day
)

// kinds are all.
func kinds() []Kind { return []Kind{Bars, Histogram, Line} }

// Spec says what is drawn of a view. Columns are named as View.Column finds them.
type Spec struct {
	Kind Kind
	// Value is the column that is measured; "" counts rows.
	Value string
	// Label is the column that names the bars, or whose days make the line.
	Label string
	// Stack is the column whose values are told apart by colour, such as Tenant;
	// "" tells nothing apart.
	Stack string
}

// Title says what a chart of a result is of: what ran, where and when.
func Title(p result.Provenance) string {
	parts := []string{p.Title()}
	switch tenants := strings.Split(p.Tenant, ", "); {
	case p.Tenant == "":
		parts = append(parts, p.Account)
	case len(tenants) <= 2:
		parts = append(parts, p.Tenant)
	default:
		parts = append(parts, fmt.Sprintf("%s + %d", tenants[0], len(tenants)-1))
	}
	if !p.Started.IsZero() {
		parts = append(parts, p.Started.Local().Format("2006-01-02 15:04"))
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// ErrSpec is a text that names no chart.
var ErrSpec = errors.New("chart: bars, histogram or line is wanted, with a column behind a colon")

// Parse reads what the command line calls a chart: KIND[:COLUMN[:LABEL]]. The
// column is what is measured, or for a line the one whose days it goes by. What
// is left out is taken from the charts that suit the view.
func Parse(text string) (Spec, error) {
	parts := strings.SplitN(text, ":", 3)
	s := Spec{Kind: Kind(strings.ToLower(parts[0]))}
	if !slices.Contains(kinds(), s.Kind) {
		return s, fmt.Errorf("%w: %q", ErrSpec, text)
	}
	if len(parts) > 1 {
		s.Value = parts[1]
	}
	if len(parts) > 2 {
		s.Label = parts[2]
	}
	if s.Kind == Line {
		s.Value, s.Label = s.Label, s.Value
	}
	return s, nil
}

// Suited completes a wish by the charts that suit a view: the best one for none.
// The error is the context's, or ErrNothing.
func Suited(ctx context.Context, v *result.View, wish Spec) (Spec, error) {
	offers, err := Offers(ctx, v)
	if err != nil {
		return wish, err
	}
	for _, o := range offers {
		if (wish.Kind == "" || wish.Kind == o.Kind) && (wish.Value == "" || strings.EqualFold(wish.Value, o.Value)) && (wish.Label == "" || strings.EqualFold(wish.Label, o.Label)) {
			return o, nil
		}
	}
	if wish.Value == "" && wish.Label == "" {
		return wish, ErrNothing
	}
	if wish.Label == "" && wish.Kind == Bars {
		wish.Label = labelOf(v)
	}
	if _, many := v.Column(result.TenantColumn.Name()); many {
		wish.Stack = result.TenantColumn.Name()
	}
	return wish, nil
}

const (
	sampled  = 2000 // rows that tell what a column holds
	mostBars = 15   // of the largest; the rest is not drawn
)

// names are columns that name a row, the best first.
var names = []string{"Object", "DisplayName", "PrimarySmtpAddress", "Name", "UserPrincipalName", "SenderAddress", "DomainName", "Domain", "Subject", "Identity"}

// Offers are the charts that suit a view, the best first: bars and histograms
// of what counts, lines of dates, bars of how many rows have which value. The
// error is the context's.
func Offers(ctx context.Context, v *result.View) ([]Spec, error) {
	rows, cols := v.Size()
	if rows == 0 {
		return nil, nil
	}
	stack := ""
	if _, many := v.Column(result.TenantColumn.Name()); many {
		stack = result.TenantColumn.Name()
	}
	sample := sampleOf(v)
	label := labelOf(v)
	var bars, lines, counts []Spec
	for col := range cols {
		name := v.Header(col)
		s, err := sample.Statistics(ctx, col)
		if err != nil {
			return nil, err
		}
		full := s.Rows - s.Empty
		few := s.Distinct > 1 && s.Distinct <= mostBars && s.Distinct < full
		switch {
		case full == 0 || strings.EqualFold(name, stack):
		case v.Kind(col) == result.KindTime:
			lines = append(lines, Spec{Kind: Line, Label: name, Stack: stack})
		case s.Numbers*2 > full && s.Distinct > 1:
			if label != "" {
				bars = append(bars, Spec{Kind: Bars, Value: name, Label: label, Stack: stack})
			}
			bars = append(bars, Spec{Kind: Histogram, Value: name, Stack: stack})
		case few:
			counts = append(counts, Spec{Kind: Bars, Label: name, Stack: stack})
		}
	}
	if stack != "" {
		counts = append([]Spec{{Kind: Bars, Label: stack, Stack: stack}}, counts...)
	}
	slices.SortStableFunc(bars, func(a, b Spec) int { return order(sample, a) - order(sample, b) })
	if len(bars) > 0 && order(sample, bars[0]) < 2 { // sizes are what people look at first
		return slices.Concat(bars, lines, counts), nil
	}
	return slices.Concat(lines, bars, counts), nil
}

// sampleOf are rows that tell what columns hold.
func sampleOf(v *result.View) *result.View {
	rows, _ := v.Size()
	if rows <= sampled {
		return v
	}
	every := make([]int, sampled)
	for i := range every {
		every[i] = i * rows / sampled
	}
	return v.WithRows(every...)
}

// order puts sizes and percentages before other numbers.
func order(v *result.View, s Spec) int {
	switch {
	case strings.Contains(s.Value, "Percent"):
		return 0
	case sized(v, s.Value):
		return 1
	}
	return 2
}

// sized says that a column has amounts of data.
func sized(v *result.View, column string) bool {
	col, ok := v.Column(column)
	rows, _ := v.Size()
	for row := 0; ok && row < min(rows, 50); row++ {
		if _, unit, counts := v.Number(row, col); counts {
			return unit == result.UnitBytes
		}
	}
	return false
}

// labelOf is the column that names rows; "" when there is none.
func labelOf(v *result.View) string {
	for _, name := range names {
		if col, ok := v.Column(name); ok {
			return v.Header(col)
		}
	}
	for col := range v.Headers() {
		if v.Kind(col) == result.KindText && !strings.EqualFold(v.Header(col), result.TenantColumn.Name()) {
			return v.Header(col)
		}
	}
	return ""
}
