package remoting

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
	"postroom/session/wsman"
)

// stopTime is how long the server may take to confirm a stop before the whole
// session is closed.
const stopTime = 2 * time.Second

// freeAhead is how many pipelines that have ended may wait to be freed.
const freeAhead = 2

// freeTime is how long the server may take to free a pipeline that has ended.
const freeTime = 20 * time.Second

// pipe is one pipeline on the wire.
type pipe struct {
	id   psrp.GUID
	name string // id as WS-Man has it
	// stopTime is how long the server may take to confirm a stop.
	stopTime time.Duration

	// ctx is for what is sent and read for the pipeline; end ends it.
	ctx context.Context //nolint:containedctx // the pipeline's own life, which outlasts the caller's
	end context.CancelFunc

	started  chan struct{} // closed when Command was answered, or failed
	startErr error         // set before started is closed

	once   sync.Once
	failed chan struct{} // closed when input could not be sent
	err    error         // set before failed is closed

	chunks chan chunk // what the reader read; closed at its end
}

// chunk is the answer to one Receive.
type chunk struct {
	got wsman.Received
	// lost says that an answer before this one may have been lost. The core
	// hears of it in the place where it happened: what was read ahead comes first.
	lost bool
	err  error
}

// readAhead is how many answers may wait while one is worked on: the next
// Receive is on its way meanwhile, and memory stays bounded.
const readAhead = 2

func newPipe(life context.Context, stopTime time.Duration) *pipe {
	id := psrp.NewGUID()
	ctx, end := context.WithCancel(life)
	return &pipe{
		id: id, name: strings.ToUpper(id.String()), stopTime: stopTime, ctx: ctx, end: end,
		started: make(chan struct{}), failed: make(chan struct{}), chunks: make(chan chunk, readAhead),
	}
}

func (p *pipe) commandAnswered(err error) {
	p.startErr = err
	close(p.started)
}

func (p *pipe) fail(err error) {
	p.once.Do(func() { p.err = err; close(p.failed) })
}

// Run sends one command.
func (r *remote) Run(ctx context.Context, command session.Command, sink session.Sink) error {
	call := &call{remote: r, sink: sink, command: command.PowerShell()}
	defer call.finish()
	return r.exchange(ctx, question{call.command, r.stopTime, func(pool *psrp.Pool, id psrp.GUID) error {
		return pool.Start(id, psrp.PipelineOptions{}, command.Commands()...)
	}}, call)
}

// Commands asks for the description of all that the account may run.
func (r *remote) Commands(ctx context.Context) ([]cmdlet.Cmdlet, error) {
	var list commandList
	err := r.exchange(ctx, question{"Get-Command", r.stopTime, func(pool *psrp.Pool, id psrp.GUID) error {
		return pool.GetMetadata(id, nil)
	}}, &list)
	if err != nil {
		return nil, fmt.Errorf("ask for cmdlets: %w", err)
	}
	return list.cmdlets, nil
}

// An eventHandler takes the events of one pipeline, but its end.
type eventHandler interface {
	handle(context.Context, psrp.Event) error
	delivered() int // rows so far
}

// ending is what is known of a pipeline on the server.
type ending int

const (
	unended   ending = iota // it may run
	confirmed               // the server said that it has ended
	unsent                  // the server never heard of it
)

// question is what a pipeline is made of.
type question struct {
	command  string // as PowerShell text without secrets
	stopTime time.Duration
	start    func(*psrp.Pool, psrp.GUID) error
}

// exchange starts a pipeline and feeds handler until its end. When it returns
// because of ctx or of handler's error, the pipeline is stopped on the server
// in the background; it holds its turn until that is done. One that ended by itself
// holds no turn while it is freed.
func (r *remote) exchange(ctx context.Context, q question, h eventHandler) error {
	command := q.command
	if err := r.runs.take(ctx, r.life); err != nil {
		return fmt.Errorf("run %s: %w", command, err)
	}
	p := newPipe(r.life, q.stopTime)
	r.mu.Lock()
	err := q.start(r.pool, p.id)
	if err == nil {
		r.pipes[p.id] = p
	}
	r.mu.Unlock()
	if err != nil {
		p.end()
		r.runs.give()
		return fmt.Errorf("run %s: %w", command, err)
	}
	r.news()
	r.spawn(func() { r.read(p) }) // ends with the pipeline, or with p.ctx
	known, err := r.pump(ctx, p, h)
	if err != nil && known == unended && r.withdraw(p) {
		known = unsent
	}
	r.spawn(func() { // ends when the server confirmed the end, or after stopTime and freeTime
		if known == confirmed && r.freeing.take(r.life, r.life) == nil {
			// Its runspace is free: the next command need not wait for the round trip by
			// which this one's name is given up.
			r.runs.give()
			defer r.freeing.give()
		} else {
			defer r.runs.give()
		}
		r.settle(p, known)
	})
	return outcome(command, p, known, h, err)
}

// withdraw drops what still waits to be sent for a pipeline. It tells true when
// nothing was sent before, so that the server does not know the pipeline.
func (r *remote) withdraw(p *pipe) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pool.PipelineState(p.id).Final() {
		return false
	}
	// Its only error is a pipeline that is not known.
	return r.pool.Stop(p.id) == nil && r.pool.PipelineState(p.id) == psrp.PipelineStopped
}

// cutOff marks an error that is not about the command: the caller, the session
// or the connection ended it.
type cutOff struct{ error }

func (c cutOff) Unwrap() error { return c.error }

// outcome puts what a person must know into the error: rows may be missing,
// or nobody knows whether the command ran.
func outcome(command string, p *pipe, known ending, h eventHandler, err error) error {
	if err == nil {
		return nil
	}
	var cut cutOff
	if errors.As(err, &cut) && !errors.Is(err, session.ErrGap) {
		err = cut.error
	}
	answered, startErr := p.commandAnswer()
	var remote *psrp.RemoteError
	switch {
	case known == unsent, startErr != nil && !wsman.SentMaybe(startErr):
		return fmt.Errorf("run %s: %w", command, err)
	case !answered || startErr != nil:
		return &session.PartialError{Command: command, Unsure: true, Err: err}
	case cut.error == nil && errors.As(err, &remote) && !errors.Is(err, session.ErrGap):
		return fmt.Errorf("run %s: %w", command, err)
	}
	return &session.PartialError{Command: command, Rows: h.delivered(), Err: err}
}

// commandAnswer gives what came of Command, if it has been answered.
func (p *pipe) commandAnswer() (answered bool, err error) {
	select {
	case <-p.started:
		return true, p.startErr
	default:
		return false, nil
	}
}

// read keeps one Receive in flight for the pipeline until its end.
func (r *remote) read(p *pipe) {
	defer close(p.chunks)
	select {
	case <-p.started:
	case <-p.ctx.Done():
		return
	}
	if p.startErr != nil {
		return
	}
	lost := false
	var polls pace
	for {
		asked := time.Now()
		got, err := r.receive(p.ctx, p.name, func() { lost = true })
		empty := err == nil && len(got.Data) == 0 && !got.Done
		polls.keep(p.ctx, asked, empty)
		if empty {
			got.Release() // nothing to tell: the long poll ran out
			continue
		}
		select {
		case p.chunks <- chunk{got: got, lost: lost, err: err}:
			lost = false
		case <-p.ctx.Done():
			got.Release()
			return
		}
		if err != nil || got.Done {
			return
		}
	}
}

// pump hands events on until the pipeline's end. known says whether the server
// has confirmed that end, so that nothing needs to be stopped.
func (r *remote) pump(ctx context.Context, p *pipe, h eventHandler) (known ending, err error) {
	select {
	case <-p.started:
	case <-ctx.Done():
		return unended, cutOff{context.Cause(ctx)}
	case <-r.life.Done():
		return unended, cutOff{context.Cause(r.life)}
	}
	if p.startErr != nil {
		return unended, cutOff{fmt.Errorf("start command: %w", p.startErr)}
	}
	var gap error
	for {
		select {
		case c, ok := <-p.chunks:
			switch {
			case !ok: // the reader ends by itself only after an end that handle has seen
				return unended, cutOff{context.Cause(r.life)}
			case c.err != nil && r.life.Err() != nil:
				return unended, cutOff{context.Cause(r.life)}
			case c.err != nil:
				return unended, cutOff{c.err}
			}
			known, err := r.handle(ctx, p, c, h, &gap)
			c.got.Release()
			if known == confirmed || err != nil {
				return known, errors.Join(gap, err)
			}
		case <-p.failed:
			return unended, cutOff{p.err}
		case <-ctx.Done():
			return unended, cutOff{context.Cause(ctx)}
		case <-r.life.Done():
			return unended, cutOff{context.Cause(r.life)}
		}
	}
}

// handle works through one answer.
func (r *remote) handle(ctx context.Context, p *pipe, c chunk, h eventHandler, gap *error) (known ending, err error) {
	events, feedErr := r.feedPipe(p, c)
	for _, e := range events {
		switch e := e.(type) {
		case psrp.Gap:
			*gap = fmt.Errorf("%w (at most %d messages)", session.ErrGap, e.Missing)
		case psrp.PipelineStateChanged:
			if e.State.Final() {
				return confirmed, pipelineError(e)
			}
		default:
			if err := h.handle(ctx, e); err != nil {
				return unended, err
			}
			if ctx.Err() != nil {
				return unended, cutOff{context.Cause(ctx)}
			}
		}
	}
	if len(events) > 0 {
		r.news() // the pool may have to answer by itself, as in a key exchange
	}
	return unended, feedErr
}

// feedPipe gives the core an answer of a pipeline. When the server says that no
// more is to come and the pipeline's end has not, the core makes the end.
func (r *remote) feedPipe(p *pipe, c chunk) ([]psrp.Event, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c.lost {
		r.pool.LostReply(p.id)
	}
	events, err := r.pool.Receive(p.id, c.got.Data)
	if err == nil && c.got.Done {
		events = append(events, r.pool.Ended(p.id)...)
	}
	return events, err
}

// The ends of a pipeline for which the server gives no reason.
var (
	errStopped  = errors.New("session: the server stopped the command")
	errNoReason = errors.New("session: the server ended the command without a reason")
)

func pipelineError(e psrp.PipelineStateChanged) error {
	switch {
	case e.State == psrp.PipelineCompleted:
		return nil
	case e.Err != nil:
		return e.Err
	case e.State == psrp.PipelineFailed:
		return errNoReason
	}
	return errStopped
}

// settle ends the pipeline on the server: a running one is stopped first. The
// session is given up when the server does not confirm in time.
func (r *remote) settle(p *pipe, known ending) {
	err := r.endOnServer(p, known)
	p.end() // a Send that hangs, and what is left of reading
	r.mu.Lock()
	r.pool.Forget(p.id)
	delete(r.pipes, p.id)
	r.mu.Unlock()
	for c := range p.chunks {
		c.got.Release()
	}
	if err != nil && r.life.Err() == nil {
		r.abort(err)
	}
}

// endOnServer stops the pipeline if need be and frees it.
func (r *remote) endOnServer(p *pipe, known ending) error {
	if known == unsent {
		return nil
	}
	stopping, cancel := context.WithTimeout(p.ctx, p.stopTime)
	defer cancel()
	if known == unended {
		if err := r.stop(stopping, p); err != nil {
			return fmt.Errorf("%w: %w", session.ErrStopUnconfirmed, err)
		}
	}
	_, startErr := p.commandAnswer()
	if startErr != nil && !wsman.SentMaybe(startErr) {
		return nil // the server has no such command
	}
	freeing, cancel := context.WithTimeout(p.ctx, freeTime)
	defer cancel()
	err := r.signal(freeing, p, wsman.SignalTerminate)
	var fault *wsman.Fault
	if errors.As(err, &fault) && (startErr != nil || fault.ShellGone()) {
		return nil // the server knows no such command (any more)
	}
	if err != nil {
		return fmt.Errorf("free command: %w", err)
	}
	drain(stopping, p.chunks) // the last Receive is answered now; its connection can be used again
	return nil
}

func (r *remote) signal(ctx context.Context, p *pipe, code wsman.Signal) error {
	err := r.shell.Signal(ctx, p.name, code)
	r.heed(err)
	return err //nolint:wrapcheck // whoever signals says what for
}

// drain releases what is still in the channel until it is closed or ctx ends.
func drain(ctx context.Context, chunks <-chan chunk) {
	for {
		select {
		case c, ok := <-chunks:
			if !ok {
				return
			}
			c.got.Release()
		case <-ctx.Done():
			return
		}
	}
}

// stop waits for the answer to Command, signals the stop and drains until the
// pipeline has ended. The signal is spelled crtl_c on the wire; any other would
// close the pipeline instead.
func (r *remote) stop(ctx context.Context, p *pipe) error {
	select {
	case <-p.started:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if p.startErr != nil || r.hasEnded(p) {
		return nil //nolint:nilerr // there is nothing to read; Terminate ends what may be there
	}
	signalled := make(chan error, 1)
	r.spawn(func() { signalled <- ignoreGone(r.signal(ctx, p, wsman.SignalStop)) }) // ends with ctx
	chunks := p.chunks
	for signalled != nil || chunks != nil {
		select {
		case err := <-signalled:
			if err != nil {
				return err
			}
			signalled = nil
		case c, ok := <-chunks:
			if ok && c.err == nil && r.draining(p, c) {
				continue
			}
			chunks = nil // it has ended, or cannot be read any more: Terminate follows
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// hasEnded says whether the end of the pipeline was read already.
func (r *remote) hasEnded(p *pipe) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pool.PipelineState(p.id).Final()
}

// draining says whether more is to come after this answer of a pipeline that is
// being stopped. What cannot be read is at its end as well.
func (r *remote) draining(p *pipe, c chunk) bool {
	defer c.got.Release()
	_, err := r.feedPipe(p, c)
	return err == nil && !c.got.Done && !r.hasEnded(p)
}

// ignoreGone takes a command that the server no longer knows for ended.
func ignoreGone(err error) error {
	var fault *wsman.Fault
	if errors.As(err, &fault) && fault.ShellGone() {
		return nil
	}
	return err
}
