package job

import (
	"context"
	"slices"

	"postroom/session/result"
)

// Carry copies the rows that stay when Resume tries some targets again: those of all
// others. The view is a result of this Job whose columns begin with ours. A Job of one
// target has nothing to carry.
func (j *Job) Carry(ctx context.Context, to result.Appender, v *result.View, targets ...int) error {
	if len(j.work.Targets) == 1 {
		return nil
	}
	again := map[string]bool{}
	for _, at := range among(targets, j.Retryable()) {
		again[j.work.Targets[at].Tenant.Domain] = true
	}
	own := []result.OwnColumn{result.TenantColumn}
	if task, has := j.work.Task.(owning); has {
		own = append(own, task.Own()...)
	}
	return carry(ctx, to, v, own, func(row int) bool { return !again[v.Value(row, 0).Text] })
}

// owning is a Task whose rows begin with columns of ours.
type owning interface{ Own() []result.OwnColumn }

// among are those of some targets that others are too.
func among(targets, can []int) []int {
	return slices.DeleteFunc(slices.Clone(targets), func(at int) bool { return !slices.Contains(can, at) })
}

// carry copies the rows for which keep holds. The first columns are ours, in that order.
func carry(ctx context.Context, to result.Appender, v *result.View, own []result.OwnColumn, keep func(row int) bool) error {
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
		for col := range cols {
			value := v.Value(row, col)
			switch {
			case col >= len(own):
				result.Copy(to, names[col], value)
			case value.Kind == result.KindText:
				to.Own(own[col], []byte(value.Text))
			}
		}
		if err := to.EndRow(); err != nil {
			return err
		}
	}
	return nil
}
