package job

import (
	"context"
	"strings"

	"postroom/session/result"
)

// grouped makes a row of the rows that have the same values in the columns: how many they
// are, and the values, as Group-Object does. Rows of several tenants are grouped for each.
// missing are the columns that no row has.
func grouped(ctx context.Context, v *result.View, columns []string) (groups *result.View, missing []string, err error) {
	g := grouping{}
	var own []result.OwnColumn
	if col, ok := v.Column(result.TenantColumn.Name()); ok && v.Header(col) == result.TenantColumn.Name() {
		own, g.columns, g.tenants = append(own, result.TenantColumn), append(g.columns, col), true
	}
	for _, name := range columns {
		col, found := v.Column(name)
		if !found {
			missing = append(missing, name)
			continue
		}
		g.columns = append(g.columns, col)
	}
	table := result.NewTable(v.Provenance(), own...)
	g.to = table.Builder()
	if err := g.split(ctx, v, nil); err != nil {
		return nil, nil, err
	}
	return table.Snapshot(), missing, nil
}

// grouping writes a row for each group.
type grouping struct {
	columns []int
	tenants bool // the first column is the tenant
	to      *result.Builder
}

// split groups rows by the columns that are left; values are those of the columns before.
func (g *grouping) split(ctx context.Context, rows *result.View, values []string) error {
	n, _ := rows.Size()
	if len(values) == len(g.columns) {
		if n == 0 {
			return nil
		}
		g.to.BeginRow()
		if g.tenants {
			g.to.Own(result.TenantColumn, []byte(values[0]))
			values = values[1:]
		}
		g.to.Int([]byte("Count"), int64(n))
		g.to.Text([]byte("Name"), []byte(strings.Join(values, ", ")))
		return g.to.EndRow()
	}
	groups, err := rows.GroupBy(ctx, g.columns[len(values)])
	if err != nil {
		return err
	}
	for _, group := range groups {
		if err := g.split(ctx, group.Rows, append(values[:len(values):len(values)], group.Text)); err != nil {
			return err
		}
	}
	return nil
}
