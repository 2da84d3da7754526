package runs

import (
	"slices"

	"postroom/session/result"
	"postroom/widgets"
)

// setRows shows the rows of a cmdlet. Where their columns are not those that the
// grid has, as the person has arranged them, those that say what a row is about
// come first, and those about how it travelled are hidden: servers send the
// properties of an object in an order of their own, a mailbox begins with its
// database. kept says that the grid had these columns.
func setRows(g *widgets.Grid, change *widgets.GridChange, arrange func(names []string) (shown, hidden []string)) (kept bool) {
	before := len(g.Columns())
	if g.Apply(change) && len(g.Columns()) == before {
		return true // else columns came late, that belong among the others
	}
	s := g.Source()
	place, stands := map[string]int{}, map[string]int{} // in the source; on screen, where late columns stand last
	var names []string
	for i, c := range g.Columns() {
		place[s.Header(i)] = i
		stands[s.Header(c.Source)] = i
		names = append(names, s.Header(i))
	}
	ours := 0 // the tenants' column is the program's: no cmdlet and no report knows it, to show or to hide it
	if len(names) > 0 && names[0] == result.TenantColumn.Name() {
		ours = 1
	}
	shown, incidental := arrange(slices.Clone(names[ours:]))
	shown = slices.Concat(names[:ours], shown)
	inPlace := len(shown) - 1 // from here on they follow each other on screen
	for inPlace > 0 && stands[shown[inPlace-1]] < stands[shown[inPlace]] {
		inPlace--
	}
	for _, name := range slices.Backward(shown[:max(0, inPlace)]) {
		g.MoveColumn(place[name], -len(names))
	}
	for _, name := range incidental {
		g.HideColumn(place[name])
	}
	return false
}
