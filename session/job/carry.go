package job

import (
	"context"

	"postroom/session/result"
)

// Carry copies the rows of a result of several tenants, whose first column is
// result.TenantColumn, for which keep holds.
func Carry(ctx context.Context, to result.Appender, v *result.View, keep func(row int) bool) error {
	rows, cols := v.Size()
	names := make([][]byte, cols)
	for col := range names {
		names[col] = []byte(v.Header(col))
	}
	for row := range rows {
		if row%4096 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !keep(row) {
			continue
		}
		to.BeginRow()
		to.Own(result.TenantColumn, []byte(v.Value(row, 0).Text))
		for col := 1; col < cols; col++ {
			result.Copy(to, names[col], v.Value(row, col))
		}
		if err := to.EndRow(); err != nil {
			return err
		}
	}
	return nil
}
