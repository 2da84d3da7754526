package app

import (
	"slices"

	"postroom/session/reference"
	"postroom/widgets"
)

// setRows shows the rows of a cmdlet. Where their columns are not those that the grid has,
// as the person has arranged them, the ones that the reference puts first come first, and
// what is incidental is hidden: servers send the properties of an object in an order of
// their own, and with them how they travelled.
func setRows(g *widgets.Grid, s widgets.GridSource, cmdletName string) {
	if g.SetSource(s) {
		return
	}
	place := map[string]int{}
	var headers []string
	for col := range g.Columns() { // all are in the source's order as yet
		name := s.Header(col)
		place[name] = col
		headers = append(headers, name)
	}
	shown, incidental := reference.New().Arrange(cmdletName, headers)
	inPlace := len(shown) - 1 // from here on they follow each other as they came
	for inPlace > 0 && place[shown[inPlace-1]] < place[shown[inPlace]] {
		inPlace--
	}
	for _, name := range slices.Backward(shown[:max(0, inPlace)]) {
		g.MoveColumn(place[name], -len(headers))
	}
	for _, name := range incidental {
		g.HideColumn(place[name])
	}
}
