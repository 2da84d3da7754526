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
	if g.SetSource(s) {
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
