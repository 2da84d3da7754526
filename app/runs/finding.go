package runs

import (
	"context"

	"postroom/app/desk"
	"postroom/widgets"
)

// finding looks through rows on a worker: a million of them take longer than a key. UI
// thread only.
type finding struct {
	desk   *desk.Desk
	cancel context.CancelFunc // of what was looked for before; nil before the first
}

// find looks for what is typed; what was looked for before is given up.
func (f *finding) find(r widgets.FindRequest, found func(row int, ok bool)) {
	if f.cancel != nil {
		f.cancel()
	}
	ctx, cancel := context.WithCancel(context.Background())
	f.cancel = cancel
	f.desk.Spawn(func() { // ends when the row is found, or something else is looked for
		defer cancel()
		row, ok := r.Row(ctx.Done())
		if ctx.Err() == nil {
			f.desk.Post(func() { found(row, ok) })
		}
	})
}
