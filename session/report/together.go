package report

import (
	"context"

	"postroom/session"
	"postroom/session/paging"
	"postroom/session/result"
)

// togetherCalls is how many calls are handed over at a time.
const togetherCalls = 200

// together sends the calls in few requests, where the session can, and gives what
// came of each to take, whose error ends it. done is false where it cannot, or
// where a call goes on by pages of its own; nothing was sent then.
func (r *running) together(ctx context.Context, open []*rowCall, take func(reply) error) (done bool, err error) {
	by, can := r.by.(session.EachRunner)
	if !can || len(open) < 2 {
		return false, nil
	}
	for _, c := range open {
		if _, pages := paging.Of(c.call); pages {
			return false, nil
		}
	}
	for from := 0; from < len(open); from += togetherCalls {
		some := open[from:min(from+togetherCalls, len(open))]
		calls, tables, heard := make([]session.Call, len(some)), make([]*result.Table, len(some)), make([]*hearing, len(some))
		for i, c := range some {
			tables[i], heard[i] = result.NewTable(result.Provenance{}), &hearing{talk: r.to}
			calls[i] = session.Call{Command: c.call, Sink: &taking{Appender: tables[i].Builder(), talk: heard[i]}}
		}
		errs, can := by.RunEach(ctx, calls)
		if !can {
			return false, nil // said of the first ones: all are calls of one cmdlet
		}
		for i, c := range some {
			if err := take(reply{c, tables[i].Snapshot(), heard[i].outcome(errs[i])}); err != nil {
				return true, err
			}
		}
	}
	return true, nil
}
