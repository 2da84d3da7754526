package session

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"postroom/session/cmdlet"
	"postroom/session/psrp"
	"postroom/session/wsman"
)

// stopTime is how long the server may take to confirm a stop before the whole
// session is closed.
const stopTime = 2 * time.Second

// pipe is one pipeline on the wire.
type pipe struct {
	id   psrp.GUID
	name string // id as WS-Man has it

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
	err error
}

// readAhead is how many answers may wait while one is worked on: the next
// Receive is on its way meanwhile, and memory stays bounded.
const readAhead = 2

func newPipe() *pipe {
	id := psrp.NewGUID()
	return &pipe{
		id: id, name: strings.ToUpper(id.String()),
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

// Run makes one call.
func (r *remote) Run(ctx context.Context, inv cmdlet.Invocation, sink Sink) error {
	call := &call{remote: r, sink: sink, command: inv.PowerShell()}
	return r.exchange(ctx, call.command, func(pool *psrp.Pool, id psrp.GUID) error {
		return pool.Start(id, psrp.PipelineOptions{}, inv)
	}, call)
}

// Commands asks for the description of all that the account may run.
func (r *remote) Commands(ctx context.Context) ([]cmdlet.Cmdlet, error) {
	var list commandList
	err := r.exchange(ctx, "Get-Command", func(pool *psrp.Pool, id psrp.GUID) error {
		return pool.GetMetadata(id, nil)
	}, &list)
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

// exchange starts a pipeline and feeds handler until its end. When it returns
// because of ctx or of handler's error, the pipeline is stopped on the server
// in the background; it holds its turn until that is done.
func (r *remote) exchange(ctx context.Context, command string, start func(*psrp.Pool, psrp.GUID) error, h eventHandler) error {
	if err := r.runs.take(ctx, r.life); err != nil {
		return fmt.Errorf("run %s: %w", command, err)
	}
	p := newPipe()
	r.mu.Lock()
	err := start(r.pool, p.id)
	if err == nil {
		r.pipes[p.id] = p
	}
	r.mu.Unlock()
	if err != nil {
		r.runs.give()
		return fmt.Errorf("run %s: %w", command, err)
	}
	r.news()
	reading, stopReading := context.WithCancel(r.life)
	r.spawn(func() { r.read(reading, p) }) // ends with the pipeline, or with reading
	ended, err := r.pump(ctx, p, h)
	r.spawn(func() { // ends when the server confirmed the end, or after stopTime
		defer r.runs.give()
		defer stopReading()
		r.settle(p, ended)
	})
	return r.outcome(command, p, h, err)
}

// outcome puts what a person must know into the error: rows may be missing,
// or nobody knows whether the command ran.
func (r *remote) outcome(command string, p *pipe, h eventHandler, err error) error {
	var remote *psrp.RemoteError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &remote) && !errors.Is(err, ErrGap):
		return fmt.Errorf("run %s: %w", command, err)
	case errors.Is(err, errNotStarted):
		unsure := wsman.SentMaybe(err)
		if !unsure {
			return fmt.Errorf("run %s: %w", command, err)
		}
		return &PartialError{Command: command, Unsure: true, Err: err}
	}
	return &PartialError{Command: command, Rows: h.delivered(), Err: err}
}

// errNotStarted marks a Command that was not answered with success.
var errNotStarted = errors.New("session: the command was not accepted")

// read keeps one Receive in flight for the pipeline until its end.
func (r *remote) read(ctx context.Context, p *pipe) {
	defer close(p.chunks)
	select {
	case <-p.started:
	case <-ctx.Done():
		return
	}
	if p.startErr != nil {
		return
	}
	for {
		got, err := r.receive(ctx, p.id, p.name)
		if err == nil && len(got.Data) == 0 && !got.Done {
			got.Release() // nothing to tell: the long poll ran out
			continue
		}
		select {
		case p.chunks <- chunk{got: got, err: err}:
		case <-ctx.Done():
			got.Release()
			return
		}
		if err != nil || got.Done {
			return
		}
	}
}

// pump hands events on until the pipeline's end. ended says that the server
// has confirmed that end, so that nothing needs to be stopped.
func (r *remote) pump(ctx context.Context, p *pipe, h eventHandler) (ended bool, err error) {
	select {
	case <-p.started:
	case <-ctx.Done():
		return false, context.Cause(ctx)
	case <-r.life.Done():
		return true, context.Cause(r.life)
	}
	if p.startErr != nil {
		return false, fmt.Errorf("%w: %w", errNotStarted, p.startErr)
	}
	var gap error
	for {
		select {
		case c, ok := <-p.chunks:
			if !ok {
				return true, errors.New("the server ended the run without saying how")
			}
			if c.err != nil {
				return false, c.err
			}
			ended, err := r.handle(ctx, p, c.got, h, &gap)
			c.got.Release()
			if ended || err != nil {
				return ended, errors.Join(gap, err)
			}
		case <-p.failed:
			return false, p.err
		case <-ctx.Done():
			return false, context.Cause(ctx)
		case <-r.life.Done():
			return true, context.Cause(r.life)
		}
	}
}

// handle works through one answer.
func (r *remote) handle(ctx context.Context, p *pipe, got wsman.Received, h eventHandler, gap *error) (ended bool, err error) {
	events, feedErr := r.feed(p.id, got.Data)
	for _, e := range events {
		switch e := e.(type) {
		case psrp.Gap:
			*gap = fmt.Errorf("%w (at most %d messages)", ErrGap, e.Missing)
		case psrp.PipelineStateChanged:
			if e.State.Final() {
				return true, pipelineError(e)
			}
		default:
			if err := h.handle(ctx, e); err != nil {
				return false, err
			}
			if ctx.Err() != nil {
				return false, context.Cause(ctx)
			}
		}
	}
	if len(events) > 0 {
		r.news() // the pool may have to answer by itself, as in a key exchange
	}
	return false, feedErr
}

// errStopped is a pipeline that was stopped by someone else than us.
var errStopped = errors.New("session: the server stopped the command")

func pipelineError(e psrp.PipelineStateChanged) error {
	switch {
	case e.State == psrp.PipelineCompleted:
		return nil
	case e.Err != nil:
		return e.Err
	}
	return errStopped
}

// settle ends the pipeline on the server: a running one is stopped first. The
// session is given up when the server does not confirm in time.
func (r *remote) settle(p *pipe, ended bool) {
	ctx, cancel := context.WithTimeout(r.life, stopTime)
	defer cancel()
	err := r.confirmEnd(ctx, p, ended)
	r.mu.Lock()
	r.pool.Forget(p.id)
	delete(r.pipes, p.id)
	r.mu.Unlock()
	for c := range drained(ctx, p.chunks) {
		c.got.Release()
	}
	if err != nil && r.life.Err() == nil {
		r.abort(fmt.Errorf("%w: %w", ErrStopUnconfirmed, err))
	}
}

// drained gives what is still in the channel until it is closed or ctx ends.
func drained(ctx context.Context, chunks <-chan chunk) func(func(chunk) bool) {
	return func(yield func(chunk) bool) {
		for {
			select {
			case c, ok := <-chunks:
				if !ok || !yield(c) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// confirmEnd stops the pipeline if need be and frees it on the server.
func (r *remote) confirmEnd(ctx context.Context, p *pipe, ended bool) error {
	select {
	case <-p.started:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if p.startErr != nil && !wsman.SentMaybe(p.startErr) {
		return nil // the server has no such command
	}
	if !ended && p.startErr == nil {
		if err := r.stop(ctx, p); err != nil {
			return err
		}
	}
	return ignoreGone(r.shell.Signal(ctx, p.name, wsman.SignalTerminate))
}

// stop signals the stop and drains until the pipeline has ended. The signal is
// spelled crtl_c on the wire; any other would close the pipeline instead.
func (r *remote) stop(ctx context.Context, p *pipe) error {
	signalled := make(chan error, 1)
	r.spawn(func() { signalled <- ignoreGone(r.shell.Signal(ctx, p.name, wsman.SignalStop)) }) // ends with ctx
	for {
		select {
		case err := <-signalled:
			if err != nil {
				return err
			}
			signalled = nil
		case c, ok := <-p.chunks:
			if !ok || c.err != nil {
				return c.err
			}
			if r.draining(p, c.got) {
				continue
			}
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// draining says whether more is to come after this answer of a pipeline that is
// being stopped. What cannot be read is at its end as well: Terminate follows.
func (r *remote) draining(p *pipe, got wsman.Received) bool {
	defer got.Release()
	events, err := r.feed(p.id, got.Data)
	return err == nil && !hasEnd(events) && !got.Done
}

func hasEnd(events []psrp.Event) bool {
	for _, e := range events {
		if s, ok := e.(psrp.PipelineStateChanged); ok && s.State.Final() {
			return true
		}
	}
	return false
}

// ignoreGone takes a command that the server no longer knows for ended.
func ignoreGone(err error) error {
	var fault *wsman.Fault
	if errors.As(err, &fault) && fault.ShellGone() {
		return nil
	}
	return err
}
