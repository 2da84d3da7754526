package interop

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"postroom/session/cmdlet"
	"postroom/session/psrp"
	"postroom/session/wsman"
)

// remote is the least that makes a client of wsman and psrp, so that these
// tests see every event and every byte order. package session has the real one.
type remote struct {
	t      testing.TB
	shell  *wsman.Shell
	opened chan error
	loops  sync.WaitGroup
	stop   context.CancelFunc

	sending sync.Mutex // keeps packets in their order
	mu      sync.Mutex // guards pool and begun
	pool    *psrp.Pool
	begun   map[psrp.GUID]chan struct{} // closed when Command was answered
	ready   chan struct{}               // closed with the session key
	told    chan psrp.Event             // the pool's events but its states
}

// open opens a pool. The test fails when it does not.
func open(t testing.TB, config wsman.Config, options psrp.PoolOptions) *remote {
	t.Helper()
	r, err := tryOpen(t, config, options)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return r
}

func tryOpen(t testing.TB, config wsman.Config, options psrp.PoolOptions) (*remote, error) {
	t.Helper()
	client, err := wsman.New(config)
	if err != nil {
		return nil, err
	}
	t.Cleanup(client.Close)
	pool, err := psrp.NewPool(options)
	if err != nil {
		return nil, err
	}
	if err := pool.Open(); err != nil {
		return nil, err
	}
	first, ok := pool.Outgoing(client.OpenLimit())
	if !ok || !first.Opens {
		return nil, fmt.Errorf("the pool's first packet is %+v", first)
	}
	ctx := patient(t)
	shell, err := client.Create(ctx, wsman.CreateOptions{
		ShellID: strings.ToUpper(pool.ID().String()), Open: first.Data, Name: "interop",
		Intend: func(wsman.Record) error { return nil },
	})
	if err != nil {
		return nil, err
	}
	loop, stop := context.WithCancel(context.WithoutCancel(ctx))
	r := &remote{t: t, shell: shell, pool: pool, opened: make(chan error, 1), begun: map[psrp.GUID]chan struct{}{}, ready: make(chan struct{}), told: make(chan psrp.Event, 100), stop: stop}
	r.loops.Go(func() { r.receivePool(loop) }) // ends with close
	if err := r.flush(ctx); err != nil {
		return nil, err
	}
	select {
	case err := <-r.opened:
		return r, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// close deletes the shell and waits for the pool's loop.
func (r *remote) close() {
	r.t.Helper()
	if err := r.shell.Delete(patient(r.t)); err != nil {
		r.t.Errorf("delete: %v", err)
	}
	r.stop()
	r.loops.Wait()
}

// flush sends all that the pool wants to say.
func (r *remote) flush(ctx context.Context) error {
	r.sending.Lock()
	defer r.sending.Unlock()
	for {
		r.mu.Lock()
		packet, ok := r.pool.Outgoing(r.shell.DataLimit())
		r.mu.Unlock()
		if !ok {
			return nil
		}
		id := ""
		if packet.Pipeline != (psrp.GUID{}) {
			id = strings.ToUpper(packet.Pipeline.String())
		}
		var err error
		if packet.Opens {
			err = r.shell.Command(ctx, id, packet.Data)
			close(r.beginning(packet.Pipeline))
		} else {
			err = r.shell.Send(ctx, id, packet.Stream, packet.Data)
		}
		if err != nil {
			return fmt.Errorf("send: %w", err)
		}
	}
}

// beginning tells when a pipeline was created on the server: a call with a
// secret waits for the session key first.
func (r *remote) beginning(id psrp.GUID) chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.begun[id] == nil {
		r.begun[id] = make(chan struct{})
	}
	return r.begun[id]
}

// receive takes one answer of a stream and the events in it.
func (r *remote) receive(ctx context.Context, stream psrp.GUID) (events []psrp.Event, done bool, err error) {
	id := ""
	if stream != (psrp.GUID{}) {
		id = strings.ToUpper(stream.String())
		select {
		case <-r.beginning(stream):
		case <-ctx.Done():
			return nil, false, ctx.Err()
		}
	}
	got, err := r.shell.Receive(ctx, id)
	if err != nil {
		return nil, false, err
	}
	// Events may borrow the bytes, so these are never released here.
	r.mu.Lock()
	defer r.mu.Unlock()
	events, err = r.pool.Receive(stream, got.Data)
	return events, got.Done, err
}

func (r *remote) receivePool(ctx context.Context) {
	for {
		events, _, err := r.receive(ctx, psrp.GUID{})
		if err != nil {
			var fault *wsman.Fault
			if ctx.Err() == nil && !(errors.As(err, &fault) && (fault.ShellGone() || fault.Ended())) {
				r.t.Errorf("receive of the pool: %v", err)
			}
			r.report(err)
			return
		}
		for _, e := range events {
			switch e := e.(type) {
			case psrp.PoolStateChanged:
				if e.State == psrp.PoolOpened {
					r.report(nil)
				} else if e.State.Final() {
					r.report(fmt.Errorf("the pool is %v: %w", e.State, e.Err))
				}
			case psrp.KeyReady:
				close(r.ready)
			default:
				r.told <- e
			}
		}
		if err := r.flush(ctx); err != nil && ctx.Err() == nil {
			r.t.Errorf("after a receive of the pool: %v", err)
		}
	}
}

// report says once how opening went.
func (r *remote) report(err error) {
	select {
	case r.opened <- err:
	default:
	}
}

// run runs one command and gives its events, the state last. each, if not nil,
// sees them as they come and may answer.
func (r *remote) run(o psrp.PipelineOptions, inv cmdlet.Invocation, each func(psrp.GUID, psrp.Event)) []psrp.Event {
	r.t.Helper()
	id := newGUID(r.t)
	r.do(func(p *psrp.Pool) error { return p.Start(id, o, inv) })
	return r.drain(id, each)
}

// drain receives until the command is done.
func (r *remote) drain(id psrp.GUID, each func(psrp.GUID, psrp.Event)) []psrp.Event {
	r.t.Helper()
	ctx := patient(r.t)
	var all []psrp.Event
	for {
		events, done, err := r.receive(ctx, id)
		if err != nil {
			r.t.Fatalf("receive of %v: %v", id, err)
		}
		for _, e := range events {
			all = append(all, e)
			if each != nil {
				each(id, e)
			}
		}
		if err := r.flush(ctx); err != nil {
			r.t.Fatal(err)
		}
		if done {
			r.do(func(p *psrp.Pool) error { all = append(all, p.Ended(id)...); return nil })
			if err := r.shell.Signal(ctx, strings.ToUpper(id.String()), wsman.SignalTerminate); err != nil {
				r.t.Errorf("terminate: %v", err)
			}
			r.do(func(p *psrp.Pool) error { p.Forget(id); return nil })
			return all
		}
	}
}

// do calls the pool and sends what comes of it.
func (r *remote) do(call func(*psrp.Pool) error) {
	r.t.Helper()
	r.mu.Lock()
	err := call(r.pool)
	r.mu.Unlock()
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.flush(patient(r.t)); err != nil {
		r.t.Fatal(err)
	}
}

func newGUID(t testing.TB) psrp.GUID {
	t.Helper()
	var id psrp.GUID
	if _, err := rand.Read(id[:]); err != nil {
		t.Fatal(err)
	}
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id
}
