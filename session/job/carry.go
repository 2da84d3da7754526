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
			carryCell(to, names[col], v.Value(row, col))
		}
		if err := to.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

func carryCell(to result.Appender, name []byte, v result.Value) {
	switch v.Kind {
	case result.KindAbsent:
	case result.KindText:
		to.Text(name, []byte(v.Text))
	case result.KindBool:
		to.Bool(name, v.Bool)
	case result.KindInt:
		to.Int(name, v.Int)
	case result.KindUint:
		to.Uint(name, v.Uint)
	case result.KindFloat:
		to.Float(name, v.Float)
	case result.KindDecimal:
		to.Decimal(name, []byte(v.Text))
	case result.KindTime:
		to.Time(name, v.Time)
	case result.KindDuration:
		to.Duration(name, v.Int)
	case result.KindBytes:
		to.Bytes(name, v.Bytes)
	case result.KindList:
		items := make([][]byte, len(v.Items))
		for i, item := range v.Items {
			items[i] = []byte(item)
		}
		to.List(name, items, v.Raw)
	case result.KindNested:
		to.Nested(name, []byte(v.Text), v.Raw)
	default:
		to.Null(name)
	}
}
