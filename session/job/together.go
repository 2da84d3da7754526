package job

import (
	"context"
	"errors"
	"sync"

	"postroom/session"
	"postroom/session/diagnose"
	"postroom/session/holder"
)

// event is what a target's run hands to the goroutine that called Run.
type event struct {
	at      int
	row     *row
	message *session.Message
	ended   bool
	err     error         // of ended
	seen    chan struct{} // closed when all before it was handed on; nil: nobody waits
}

// together works on several targets at once. One goroutine, the caller's, hands
// on what comes, so that rows arrive whole and each target's in its order.
func (j *Job) together(ctx context.Context, targets []int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	parallel := len(targets)
	if j.work.Parallel > 0 {
		parallel = min(parallel, j.work.Parallel)
	}
	if turns, ok := j.work.Task.(inTurn); ok && turns.InTurn() {
		parallel = 1
	}
	events := make(chan event)
	for _, g := range j.groups(targets, events, make(chan struct{}, parallel)) {
		g.start(ctx)
	}
	m := merge{job: j, order: targets, held: map[int][]*row{}, over: map[int]error{}, stop: cancel}
	for going := len(targets); going > 0; { // each target sends its end, also when ctx has ended
		e := <-events
		m.take(e)
		if e.ended {
			going--
		}
	}
	return m.full
}

// group are the targets of one account at one server: one limit holds for them.
type group struct {
	job    *Job
	events chan<- event
	atOnce chan struct{} // places of Work.Parallel
	known  chan struct{} // closed when it is known whether the account is let in

	mu     sync.Mutex
	queue  []int
	proved bool  // the account was let in
	ended  error // what ends all the others too; nil while nothing has
	once   sync.Once
}

// groups puts together what counts under one limit.
func (j *Job) groups(targets []int, events chan<- event, atOnce chan struct{}) []*group {
	byHolder := map[holder.Holder]*group{}
	var list []*group
	for _, at := range targets {
		who := j.work.Targets[at].Holder()
		g := byHolder[who]
		if g == nil {
			g = &group{job: j, events: events, atOnce: atOnce, known: make(chan struct{})}
			byHolder[who] = g
			list = append(list, g)
		}
		g.queue = append(g.queue, at)
	}
	return list
}

// start begins as many workers as the account may have sessions. The first goes
// alone until it is known whether the account is let in: three wrong passwords
// at once are three steps towards being locked out.
func (g *group) start(ctx context.Context) {
	workers := len(g.queue)
	if _, limit, err := g.job.work.Sessions.Slots(g.job.work.Targets[g.queue[0]]); err == nil && limit > 0 {
		workers = min(workers, limit)
	}
	workers = min(workers, cap(g.atOnce)) // one alone keeps the order
	for n := range workers {
		go func() { // ends when the group's queue is empty
			if g.job.work.Guard != nil {
				defer g.job.work.Guard()
			}
			if n > 0 {
				<-g.known
			}
			for at, more := g.next(); more; at, more = g.next() {
				g.do(ctx, at)
				g.know()
			}
			g.know()
		}()
	}
}

// know lets the other workers begin.
func (g *group) know() { g.once.Do(func() { close(g.known) }) }

// next takes a target out of the queue.
func (g *group) next() (at int, more bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.queue) == 0 {
		return 0, false
	}
	at = g.queue[0]
	g.queue = g.queue[1:]
	return at, true
}

// do does the work for one target and sends its end.
func (g *group) do(ctx context.Context, at int) {
	err := g.skip(ctx)
	if err == nil {
		err = g.work(ctx, at)
	}
	g.events <- event{at: at, ended: true, err: err}
}

// skip is why the target is not begun any more, nil when it is.
func (g *group) skip(ctx context.Context) error {
	g.mu.Lock()
	ended := g.ended
	g.mu.Unlock()
	if ended != nil {
		return &SkippedError{Err: ended}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

func (g *group) work(ctx context.Context, at int) error {
	select {
	case g.atOnce <- struct{}{}:
		defer func() { <-g.atOnce }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	ctx, cancel := g.job.begin(ctx, at)
	defer cancel(nil)
	send := func(e event) error {
		e.at = at
		select {
		case g.events <- e:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	opened, err := g.job.one(ctx, at, &sink{
		Appender: &recorder{pass: func(r *row) error { return send(event{row: r}) }},
		job:      g.job, at: at,
		say: func(m session.Message) error { return send(event{message: &m}) },
		settle: func() error {
			seen := make(chan struct{})
			if err := send(event{seen: seen}); err != nil {
				return err
			}
			<-seen
			return nil
		},
		opened: func() { g.letIn(); g.know() },
	})
	_, limited := errors.AsType[*session.LimitError](err) // that nobody wants to wait out
	if err != nil && !opened && (limited || ctx.Err() == nil) {
		g.refused(err)
	}
	return err
}

// letIn notes that the account's password is right.
func (g *group) letIn() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.proved = true
}

// refused ends the group when the others would meet the same: the account is
// not let in, and each further attempt brings it closer to being locked; or the
// server refuses it sessions, and each further attempt lengthens that. Once the
// account was let in for one tenant, a refusal is about the other tenant.
func (g *group) refused(err error) {
	problem := diagnose.Explain(err)
	g.mu.Lock()
	defer g.mu.Unlock()
	if problem.Kind == diagnose.Limit || problem.OfAccount() && !g.proved {
		g.ended = err
	}
}

// merge hands on what the targets' runs give.
type merge struct {
	job   *Job
	order []int
	turn  int            // in order: whose rows are not held back
	held  map[int][]*row // by target
	bytes int            // of held
	over  map[int]error  // ends that wait for their turn
	stop  context.CancelCauseFunc
	full  error // why no more rows are taken
}

func (m *merge) take(e event) {
	switch {
	case e.message != nil:
		m.job.tell(e.at, *e.message)
	case e.row != nil && m.job.work.InOrder && m.order[m.turn] != e.at:
		m.hold(e.at, e.row)
	case e.row != nil:
		m.write(e.at, e.row)
	case e.ended:
		m.end(e)
	}
	if e.seen != nil {
		close(e.seen)
	}
}

// hold keeps a row until the targets before have ended. When too much is kept
// the order gives way, not the memory.
func (m *merge) hold(at int, r *row) {
	m.held[at] = append(m.held[at], r)
	m.bytes += len(r.bytes)
	if m.bytes > heldMost {
		m.release(at)
	}
}

func (m *merge) release(at int) {
	for _, r := range m.held[at] {
		m.bytes -= len(r.bytes)
		m.write(at, r)
	}
	delete(m.held, at)
}

func (m *merge) write(at int, r *row) {
	if m.full != nil {
		return
	}
	err := r.replay(m.job.work.Rows, []byte(m.job.work.Targets[at].Tenant.Domain))
	if err == nil || errors.Is(err, ErrEnough) {
		m.job.set(at, func(s *Status) { s.Rows++ })
	}
	if err != nil {
		m.full = err
		m.stop(&fullError{err: err})
	}
}

// end notes the end of a target when its rows have been written.
func (m *merge) end(e event) {
	if !m.job.work.InOrder {
		m.job.ended(e.at, e.err)
		return
	}
	m.over[e.at] = e.err
	for m.turn < len(m.order) {
		at := m.order[m.turn]
		m.release(at)
		err, ended := m.over[at]
		if !ended {
			return
		}
		m.job.ended(at, err)
		m.turn++
	}
}
