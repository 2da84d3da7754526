package job

// What of an Each can be sent again, and what is not. One rule holds for the window, for
// the command line and for a retry within a run: what the server refused is known not to
// have been done and can be sent again, what was never sent can be sent; what was sent and
// has no answer is not sent again, unless it only reads.

// notDone says that a row is known not to have been done: the server answered its only
// command with an error, and gave nothing beside it. Of several commands some may have
// been done before one was refused; that matters to those that change something.
func (e *Each) notDone(i int, came EachResult) bool {
	return came.State == RowFailed && (e.reading || came.Rows == 0 && len(e.rows[i].Task.Commands()) == 1)
}

// open says that a row can be sent: it never was, or is known not to have been done, or
// only reads.
func (e *Each) open(i int, came EachResult) bool {
	return came.State == RowNotSent || e.notDone(i, came) || e.reading && came.State == RowUnknown
}

// again says that a row can be sent again in the same run: it is open, and nothing of it
// stands among the rows. e.mu must be held.
func (e *Each) again(i int) bool {
	return !e.told[i] && e.results[i].Rows == 0 && e.open(i, e.results[i])
}

func (e *Each) resends(i int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.again(i)
}

// Rest is a task of the rows that were not sent, also by the task before; nil when all were.
func (e *Each) Rest(on OnError) *Each {
	return e.those(on, func(_ *Each, _ int, came EachResult) bool { return came.State == RowNotSent })
}

// Refusals is a task of the rows that the server answered with an error; nil when it
// did so for none. It is for a person who asks for them again: one whose outcome
// is not known is not among them.
func (e *Each) Refusals(on OnError) *Each {
	return e.those(on, (*Each).notDone)
}

// those is a task of some rows; nil for none.
func (e *Each) those(on OnError, fits func(of *Each, i int, came EachResult) bool) *Each {
	var list []EachRow
	for l := range e.lastly() {
		if fits(l.of, l.at, l.came) {
			list = append(list, l.of.rows[l.at])
		}
	}
	if len(list) == 0 {
		return nil
	}
	next := NewEach(list, on)
	next.before, next.language = e, e.language
	return next
}

// Retry says how often what the server refused is sent again within a run, in the session
// that is open.
func (e *Each) Retry(times int) { e.retries = times }

// begin makes ready for what is sent now: the rows that can be.
func (e *Each) begin(mine []int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, i := range mine {
		if e.again(i) {
			e.results[i] = EachResult{}
		}
	}
	e.stopped = !e.goOn && e.failed(func(int) bool { return true })
}

// failed says that a row failed, of those that count. e.mu must be held.
func (e *Each) failed(counts func(i int) bool) bool {
	for i, r := range e.results {
		if r.Err != nil && counts(i) {
			return true
		}
	}
	return false
}

// Left is how many rows of a target a further pass of the same run would send. What an
// error keeps from being sent is not among them.
func (e *Each) Left(target int) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.goOn && e.failed(func(i int) bool { return !e.again(i) }) {
		return 0
	}
	n := 0
	for _, i := range e.of(target) {
		if e.again(i) {
			n++
		}
	}
	return n
}

// Open is how many rows of a target running the task again would send.
func (e *Each) Open(target int) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, i := range e.of(target) {
		if e.open(i, e.results[i]) {
			n++
		}
	}
	return n
}

// Anew makes ready for whoever takes the rows anew: each row of the target gives its
// result once more. What only reads is read again; of what changed something the result
// alone stands there.
func (e *Each) Anew(target int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, i := range e.of(target) {
		e.told[i] = false
		if e.reading || e.open(i, e.results[i]) {
			e.results[i] = EachResult{}
		}
	}
}

// doubt is why it is not known of a row of a target whether it was done; nil where it is
// known of all. A later pass that sent the rest does not make it known.
func (e *Each) doubt(mine []int) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, i := range mine {
		if e.results[i].State == RowUnknown {
			return e.results[i].Err
		}
	}
	return nil
}
