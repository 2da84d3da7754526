package remoting

import (
	"context"
	"time"

	"postroom/session"
)

// A long poll is answered when there is something to read, or when its time is
// over. quickPoll is what comes too soon for that, and slowestPoll the longest
// pause that it costs.
const (
	quickPoll   = time.Second
	slowestPoll = time.Second
)

// pace spaces out the polls of one stream. Some servers, and proxies with a
// short time of their own, answer at once that there is nothing: asked again at
// once they would be asked a thousand times a second, for hours.
type pace struct{ quick int }

// pause is how long to wait before the next poll. empty says that the last one
// brought nothing, took how long it was out. One quick answer without anything
// is usual where a command ends, and costs nothing.
func (p *pace) pause(took time.Duration, empty bool) time.Duration {
	if !empty || took >= quickPoll {
		p.quick = 0
		return 0
	}
	p.quick++
	return min(slowestPoll, (1<<min(p.quick, 10)-2)*25*time.Millisecond)
}

// keep waits for the pause, or until ctx ends.
func (p *pace) keep(ctx context.Context, asked time.Time, empty bool) {
	if d := p.pause(time.Since(asked), empty); d > 0 {
		_ = session.Pause(ctx, d) // the next Receive tells that ctx has ended
	}
}
