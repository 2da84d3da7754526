package cli

import (
	"fmt"
	"sync"
	"time"

	"postroom/session"
	"postroom/session/job"
)

// forgotten is after how long the cloud drops a session that nobody uses.
const forgotten = 15 * time.Minute

// waits tells of what sessions wait for, each news once, and ends a wait where
// nobody sits who could: a job that waits for ever is a job that nobody misses.
// It observes a session.Manager.
type waits struct {
	streams  Streams
	patience time.Duration // for a slot; 0 is without end
	// giveUp ends the attempt to open a session.
	giveUp func(session.Info, error)
	// tryNow is set where the person wants each wait tried at once, at their own risk.
	tryNow func(session.ID)

	mu    sync.Mutex
	turns map[session.ID]*turn
}

// turn is a session that waits.
type turn struct {
	told  string // last
	tried bool
	timer *time.Timer
}

func newWaits(s Streams, t session.Target) *waits {
	w := &waits{streams: s, patience: t.Endpoint.IdleTimeout, turns: map[session.ID]*turn{}}
	switch {
	case s.Terminal:
		w.patience = 0
	case w.patience <= 0:
		w.patience = forgotten
	}
	return w
}

// SessionChanged hears of the places and of the end of the wait.
func (w *waits) SessionChanged(i session.Info) {
	if i.State != session.Waiting || i.Wait.For == session.WaitNothing {
		w.over(i)
		return
	}
	text, news, try := w.news(i)
	if news {
		say(w.streams.Err, "postroom: %s\n", text)
	}
	switch {
	case try:
		w.tryNow(i.ID)
	case news && i.Wait.For == session.WaitServer && !w.streams.Terminal:
		w.giveUp(i, i.Wait.Err)
	}
}

// news notes what is told, and says whether it is news and whether the wait is to
// be tried at once.
func (w *waits) news(i session.Info) (text string, news, try bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := w.turns[i.ID]
	if t == nil {
		t = &turn{}
		w.turns[i.ID] = t
	}
	text = waitText(i, w.tryNow != nil)
	news = text != t.told
	t.told = text
	try = w.tryNow != nil && !t.tried && (i.Wait.For == session.WaitServer || i.Wait.Doubtful > 0)
	t.tried = t.tried || try
	if i.Wait.For == session.WaitSlot && t.timer == nil && w.patience > 0 {
		refusal := &noSlotError{account: i.Account, limit: i.Limit, waited: w.patience}
		t.timer = time.AfterFunc(w.patience, func() { w.giveUp(i, refusal) })
	}
	return text, news, try
}

// over forgets a session that does not wait any more.
func (w *waits) over(i session.Info) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if t := w.turns[i.ID]; t != nil && t.timer != nil {
		t.timer.Stop()
	}
	delete(w.turns, i.ID)
}

// waitText says what a session waits for, and until when.
func waitText(i session.Info, tried bool) string {
	hint := "; --try-now tries at once"
	if tried {
		hint = ""
	}
	if i.Wait.For == session.WaitServer {
		return fmt.Sprintf("the server refuses %s another session; trying again at %s%s", i.Account, i.Wait.Until.Local().Format(time.TimeOnly), hint)
	}
	text := fmt.Sprintf("%s has all %d sessions in use; waiting for one to end (place %d)", i.Account, i.Limit, i.Place)
	if i.Wait.Doubtful == 0 {
		return text
	}
	text += fmt.Sprintf("; %d of them may be gone already", i.Wait.Doubtful)
	if !i.Wait.Until.IsZero() {
		text += ", which shows at " + i.Wait.Until.Local().Format(time.TimeOnly)
	}
	return text + hint
}

// queue is the waits of a job's targets.
type queue struct {
	*waits
	job *job.Job
}

func newQueue(s Streams, j *job.Job, t session.Target) *queue {
	q := &queue{waits: newWaits(s, t), job: j}
	q.giveUp = func(i session.Info, why error) {
		if target, ours := j.Opening(i); ours {
			j.StopTarget(target, why)
		}
	}
	return q
}

// SessionChanged tells the job too.
func (q *queue) SessionChanged(i session.Info) {
	q.job.SessionChanged(i)
	q.waits.SessionChanged(i)
}

// noSlotError is a wait for a slot that was given up.
type noSlotError struct {
	account string
	limit   int
	waited  time.Duration
}

// Error says who waited and how long.
func (e *noSlotError) Error() string {
	return fmt.Sprintf("cli: no session of the %d of %s became free in %s", e.limit, e.account, e.waited)
}

// Waited gives the limit and how long one of the sessions was waited for.
func (e *noSlotError) Waited() (limit int, waited time.Duration) { return e.limit, e.waited }
