package runs

import (
	"fmt"
	"image/color"
	"testing"

	"postroom/session/result"
	"postroom/widgets"
)

// TestGroupedRowsKeepTheirTenantAndMarks: what is said of a row of the grid is said of the row
// that stands there, also under headings; each heading moved the colours of the tenants down
// by one, and past the last row of the view the window ended.
func TestGroupedRowsKeepTheirTenantAndMarks(t *testing.T) {
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	const rows, tenants = 12, 3
	for i := range rows {
		b.BeginRow()
		b.Text([]byte("Tenant"), fmt.Appendf(nil, "t%d", i%tenants))
		b.Text([]byte("Office"), fmt.Appendf(nil, "office %d", i%4))
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	tints := map[string]color.Color{}
	for i := range tenants {
		tints[fmt.Sprint("t", i)] = color.NRGBA{R: uint8(i + 1), A: 255} //nolint:gosec // of three
	}
	view, groups, err := grouped(t.Context(), table.Snapshot(), "Office", totalSum, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := newGroupSource(viewSource{View: view, tints: tints, marked: func(v *result.View, row, _ int) bool {
		return v.Cell(row, 0) == "t1"
	}}, groups, folding{but: map[string]bool{"office 1": true}})
	size, _ := s.Size()
	headings := 0
	var grid widgets.GridSource = s
	for row := range size {
		tint, marked := grid.(widgets.GridRowTinter).RowTint(row), grid.(widgets.GridMarker).Marked(row, 0)
		if _, heading := s.Group(row); heading {
			headings++
			if tint != nil || marked {
				t.Errorf("the heading in row %d has the colour %v, marked %v", row, tint, marked)
			}
			continue
		}
		if tenant := s.Cell(row, 0); tint != tints[tenant] || marked != (tenant == "t1") {
			t.Errorf("row %d of %s has the colour %v, marked %v", row, tenant, tint, marked)
		}
	}
	if headings != 4 || size != 4+rows-rows/4 {
		t.Errorf("%d headings in %d rows", headings, size)
	}
}
