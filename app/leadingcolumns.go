package app

import (
	"slices"

	"postroom/widgets"
)

// leadingColumns name what a row is about, in the order in which the Exchange
// admin center has them. Servers send the properties of an object in an order of
// their own: a mailbox begins with its database.
func leadingColumns() []string {
	return []string{"DisplayName", "Name", "PrimarySmtpAddress"}
}

// setRows shows a source. Where its columns are not those that the grid has, as
// the person has arranged them, the ones that say what a row is about come first.
func setRows(g *widgets.Grid, s widgets.GridSource) {
	arranged := sameColumns(g.Source(), s)
	g.SetSource(s)
	if arranged {
		return
	}
	place := map[string]int{}
	for col := range g.Columns() { // all are in the source's order as yet
		place[s.Header(col)] = col
	}
	for _, name := range slices.Backward(leadingColumns()) {
		if col, ok := place[name]; ok {
			g.MoveColumn(col, -len(place))
		}
	}
}

// sameColumns tells whether a source has the columns of an earlier one; more may
// have come behind them.
func sameColumns(earlier, s widgets.GridSource) bool {
	if earlier == nil {
		return false
	}
	_, before := earlier.Size()
	_, now := s.Size()
	for col := range before {
		if col >= now || earlier.Header(col) != s.Header(col) {
			return false
		}
	}
	return before > 0
}
