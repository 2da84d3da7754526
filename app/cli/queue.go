package cli

import (
	"cmp"
	"fmt"
	"strings"
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
	told  heard // last
	tried bool
	gives time.Time // when it is given up; zero where the person decides
	timer *time.Timer
}

// heard is what of a wait is news when it changes. What the sessions in use do is told
// along, and is none.
type heard struct {
	of       session.WaitFor
	place    int
	doubtful int
	until    string
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
	if !i.Waits() {
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
	if i.Wait.For == session.WaitSlot && t.timer == nil && w.patience > 0 {
		refusal := &noSlotError{account: i.Account, limit: i.Limit, waited: w.patience}
		t.gives = time.Now().Add(w.patience)
		t.timer = time.AfterFunc(w.patience, func() { w.giveUp(i, refusal) })
	}
	now := heard{of: i.Wait.For, place: i.Place, doubtful: i.Wait.Doubtful, until: clock(i.Wait.Until)}
	news = now != t.told
	t.told = now
	try = w.tryNow != nil && !t.tried && (i.Wait.For == session.WaitServer || i.Wait.Doubtful > 0)
	t.tried = t.tried || try
	text = waitText(i, t.gives, w.tryNow != nil)
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

// waitText says what a session waits for, until when, and what ends the wait. gives is
// when it is given up; zero where the person decides. tried says that it is tried at once.
func waitText(i session.Info, gives time.Time, tried bool) string {
	hint := "; --try-now tries at once"
	if tried {
		hint = ""
	}
	if i.Wait.For == session.WaitServer {
		return fmt.Sprintf("the server refuses %s another session; trying again at %s%s", i.Account, clock(i.Wait.Until), hint)
	}
	text := fmt.Sprintf("all %d sessions of %s are in use", i.Limit, i.Account)
	if i.Limit == 1 {
		text = fmt.Sprintf("the only session of %s is in use", i.Account)
	}
	if named := inUse(i.Wait.InUse); named != "" {
		text += ": " + named
	}
	text += fmt.Sprintf("; waiting for one to end (place %d)", i.Place)
	switch {
	case i.Wait.Doubtful == 0:
		hint = "" // what lives cannot be hurried
	case i.Wait.Until.IsZero():
		text += fmt.Sprintf("; %d of them may be gone already", i.Wait.Doubtful)
	default:
		text += fmt.Sprintf("; %d of them may be gone already, which shows at %s", i.Wait.Doubtful, clock(i.Wait.Until))
	}
	if gives.IsZero() {
		return text + hint + "; Ctrl+C gives up"
	}
	return text + hint + "; gives up at " + clock(gives)
}

// mostInUse is how many of the sessions that are in use are named.
const mostInUse = 5

// inUse names the sessions that hold the slots; empty where none is known.
func inUse(list []session.Use) string {
	var all []string
	for n, u := range list {
		if n == mostInUse {
			all = append(all, fmt.Sprintf("%d more", len(list)-n))
			break
		}
		all = append(all, useText(u))
	}
	return strings.Join(all, ", ")
}

func useText(u session.Use) string {
	what := "a session"
	switch {
	case len(u.Runs) > 0:
		what = session.CmdletOf(u.Runs[0])
	case u.State == session.Idle:
		what = "an idle session"
	}
	if u.Tenant.Domain != "" {
		what += " for " + cmp.Or(u.Tenant.Name, u.Tenant.Domain)
	}
	if u.PID != 0 {
		what += fmt.Sprintf(" in process %d", u.PID)
	}
	if u.Since.IsZero() {
		return what
	}
	return what + fmt.Sprintf(" (since %s)", u.Since.Local().Format("15:04"))
}

func clock(t time.Time) string { return t.Local().Format(time.TimeOnly) }

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
