package runs

import (
	"fmt"
	"testing"

	"postroom/session/result"
)

// TestPlacesAreThoseOfTheView: what the grid is told of where rows are agrees
// with the view, sorted, filtered or neither.
func TestPlacesAreThoseOfTheView(t *testing.T) {
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	for i := range 300 {
		b.BeginRow()
		b.Int([]byte("N"), int64(i*7%50))
		b.Text([]byte("Name"), fmt.Appendf(nil, "name %d", i%9))
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	all := table.Snapshot()
	sorted, err := all.SortedBy(t.Context(), result.SortKey{Direction: result.Descending})
	if err != nil {
		t.Fatal(err)
	}
	filtered, err := sorted.Filter(t.Context(), result.Filter{Text: "name 4"})
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]*result.View{"all": all, "sorted": sorted, "filtered": filtered} {
		s := viewSource{View: v, places: placesOf(v, all)}
		for id := range 310 {
			row, ok := s.RowOfKey(id)
			if want, has := v.Find(id); ok != has || ok && row != want {
				t.Errorf("%s: row %d is at %d, %v; want %d, %v", name, id, row, ok, want, has)
			}
		}
	}
	if placesOf(all, all) != nil {
		t.Error("places are kept for rows that did not move")
	}
}
