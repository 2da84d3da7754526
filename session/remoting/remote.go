package remoting

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"postroom/session"
	"postroom/session/psrp"
	"postroom/session/wsman"
)

// remote is a session on a server: the pump between a psrp.Pool, which is pure
// computing, and a wsman.Shell, which is pure transport.
//
// One goroutine sends what the pool has to say, one reads the pool's own stream, and each
// run has one that reads its pipeline's. All end with life. It has as many methods and
// fields, as it is where pool and shell meet: sending, reading, running, stopping and
// closing share the one pool under its mutex; a file each.
type remote struct {
	client *wsman.Client
	shell  *wsman.Shell

	life     context.Context //nolint:containedctx // the session's own life, ended by abort
	abort    context.CancelCauseFunc
	wake     chan struct{} // tells the sender that the pool has something to say
	runs     turns         // one for each runspace
	freeing  turns         // of the pipelines that have ended and are being freed
	guard    func()        // deferred in every goroutine
	say      func(session.Message)
	stopTime time.Duration // see Network
	password ofSession     // which the server may take no more

	spawning sync.Mutex     // guards over, and that work grows only before it
	over     bool           // Close waits or has waited
	work     sync.WaitGroup // all goroutines of the session

	open   sync.Once     // closes opened
	opened chan struct{} // closed when the server says that the pool is open

	// mu guards what follows. The pool only computes, so that it is held for
	// the time of a parse and never for one of a network.
	mu    sync.Mutex
	pool  *psrp.Pool
	pipes map[psrp.GUID]*pipe
	asked map[int64]chan struct{} // by call about runspaces: closed when it is answered
	key   string                  // for the set of commands, see CommandsKey
}

// turns lets a number of callers go on at once.
type turns chan struct{}

// take waits for a turn until ctx or life ends.
func (t turns) take(ctx, life context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-life.Done():
		return context.Cause(life)
	}
}

func (t turns) give() { <-t }

func newRemote(ctx context.Context, client *wsman.Client, shell *wsman.Shell, pool *psrp.Pool, o remoteOptions) *remote {
	life, abort := context.WithCancelCause(context.WithoutCancel(ctx))
	r := &remote{
		client: client, shell: shell, pool: pool, life: life, abort: abort,
		wake: make(chan struct{}, 1), runs: make(turns, o.runspaces), freeing: make(turns, freeAhead), guard: o.guard, say: o.say, stopTime: o.stopTime, password: o.password,
		opened: make(chan struct{}), pipes: map[psrp.GUID]*pipe{}, asked: map[int64]chan struct{}{},
	}
	if r.say == nil {
		r.say = func(session.Message) {}
	}
	r.spawn(r.sendAll)  // ends with life
	r.spawn(r.readPool) // ends with life
	r.news()
	return r
}

// remoteOptions is what the caller decides about a remote.
type remoteOptions struct {
	runspaces int
	guard     func()                // deferred in every goroutine
	say       func(session.Message) // hears what is said without a run; nil hears nothing
	stopTime  time.Duration         // see Network
	password  ofSession
}

// ofSession is what a session has to do with its password once it is open.
type ofSession struct {
	// refused hears why a request failed. True says that the server does not take the
	// password any more: it was changed, or the account is locked.
	refused func(error) bool
	// remove deletes the shell with the password of now, and asks nobody for it.
	remove func(context.Context, session.Record) error
}

// heed ends the session where the server does not take its password any more: each further
// request would bring the account closer to being locked. The next one asks for the new.
func (r *remote) heed(err error) {
	if err == nil || r.password.refused == nil || !r.password.refused(err) {
		return
	}
	r.abort(&staleError{fmt.Errorf("session lost: %w", err)})
}

// staleError ends a session whose password the server does not take any more.
type staleError struct{ error }

func (e *staleError) Unwrap() error { return e.error }

// spawn starts a goroutine of the session.
func (r *remote) spawn(f func()) {
	r.spawning.Lock()
	defer r.spawning.Unlock()
	counted := !r.over // after that it ends at once: life has ended
	if counted {
		r.work.Add(1)
	}
	go func() { // ends when f does; each caller says when that is
		if r.guard != nil {
			defer r.guard()
		}
		if counted {
			defer r.work.Done() // before guard, which may wait for all the others
		}
		f()
	}()
}

// Record is what finds the shell again.
func (r *remote) Record() session.Record { return recordOf(r.shell.Record()) }

// AtOnce is how many runspaces the session has: each does a command.
func (r *remote) AtOnce() int { return cap(r.runs) }

// IdleTimeout is the server's.
func (r *remote) IdleTimeout() time.Duration { return r.shell.IdleTimeout() }

// CommandsKey is the server's for the set of commands, "" when it has none.
func (r *remote) CommandsKey() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.key
}

// Ended is closed when the session broke off.
func (r *remote) Ended() <-chan struct{} { return r.life.Done() }

// Err is why it broke off.
func (r *remote) Err() error { return context.Cause(r.life) }

func (r *remote) waitOpened(ctx context.Context) error {
	select {
	case <-r.opened:
		return nil
	case <-r.life.Done():
		return context.Cause(r.life)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Close deletes the shell and ends all goroutines of the session.
func (r *remote) Close(ctx context.Context) error {
	err := r.remove(ctx)
	r.abort(session.ErrClosed)
	r.spawning.Lock()
	r.over = true
	r.spawning.Unlock()
	r.work.Wait()
	if err == nil {
		r.client.Close()
	}
	return err
}

// remove deletes the shell. A password that the server has refused is not sent for it.
func (r *remote) remove(ctx context.Context) error {
	if _, stale := errors.AsType[*staleError](context.Cause(r.life)); stale {
		return r.password.remove(ctx, r.Record())
	}
	_, err := deleteShell(ctx, r.shell)
	r.heed(err)
	return err
}

// news wakes the sender.
func (r *remote) news() {
	select {
	case r.wake <- struct{}{}:
	default: // it is awake already and looks again before it sleeps
	}
}

// sendAll sends the pool's packets, one after the other, in its order.
func (r *remote) sendAll() {
	for {
		select {
		case <-r.wake:
		case <-r.life.Done():
			return
		}
		for {
			packet, ok := r.outgoing()
			if !ok {
				break
			}
			r.send(packet)
		}
	}
}

func (r *remote) outgoing() (psrp.Packet, bool) {
	limit := r.shell.DataLimit()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pool.Outgoing(limit)
}

// send gives one packet to the transport. It is never sent again: it may have
// arrived (docs/promises.md 3).
func (r *remote) send(packet psrp.Packet) {
	if packet.Pipeline == (psrp.GUID{}) {
		if err := r.shell.Send(r.life, "", packet.Stream, packet.Data); err != nil {
			r.heed(err)
			r.abort(fmt.Errorf("send to session: %w", err))
		}
		r.mindKey()
		return
	}
	p := r.pipe(packet.Pipeline)
	if p == nil {
		return // forgotten: its run has ended
	}
	if packet.Opens {
		err := r.shell.Command(p.ctx, p.name, packet.Data)
		p.commandAnswered(err) // first: that it did not run is known
		r.heed(err)
		return
	}
	if err := r.shell.Send(p.ctx, p.name, packet.Stream, packet.Data); err != nil {
		p.fail(fmt.Errorf("send to run: %w", err))
		r.heed(err)
	}
}

func (r *remote) pipe(id psrp.GUID) *pipe {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pipes[id]
}

// readPool reads the pool's own stream from open on: its state, the session
// key, calls. The Receive in flight also tells at once when the server is gone.
func (r *remote) readPool() {
	var polls pace
	for {
		asked := time.Now()
		got, err := r.receive(r.life, "", r.mindLoss)
		if err != nil {
			r.abort(fmt.Errorf("session lost: %w", err))
			return
		}
		polls.keep(r.life, asked, len(got.Data) == 0 && !got.Done)
		err = r.poolEvents(got.Data)
		got.Release()
		if err == nil && got.Done {
			err = session.ErrServerEnded
		}
		if err != nil {
			r.abort(fmt.Errorf("session lost: %w", err))
			return
		}
	}
}

// poolEvents handles what the pool's stream said.
func (r *remote) poolEvents(data []byte) error {
	events, err := r.feed(psrp.GUID{}, data)
	for _, e := range events {
		switch e := e.(type) {
		case psrp.Negotiated:
			if takesLargeEnvelopes(e.Version) {
				r.shell.RaiseEnvelope()
			}
		case psrp.PoolStateChanged:
			if e.State == psrp.PoolOpened {
				r.open.Do(func() { close(r.opened) })
			}
			if e.State.Final() {
				return poolEnded(e)
			}
		case psrp.PrivateData:
			r.mu.Lock()
			r.key = e.CommandsHash()
			r.mu.Unlock()
		case psrp.Availability:
			r.answered(e.CallID)
		case psrp.HostCall:
			if text, ok := e.AsWrite(); ok {
				r.say(written(text))
				continue
			}
			// No run is there to ask for it, and the server would wait for ever
			// (as PowerShell 7 does).
			if e.NeedsAnswer() {
				r.mu.Lock()
				answerErr := r.pool.AnswerError(e, psrp.NoAnswer+" while the session opens")
				r.mu.Unlock()
				err = errors.Join(err, answerErr)
			}
		default:
			if m, ok := message(e); ok {
				r.say(m)
			}
		}
	}
	r.news()
	return err
}

// takesLargeEnvelopes says whether servers of the version take more than 150 KB
// (WinRM 3.0 has the larger limit).
func takesLargeEnvelopes(version string) bool {
	return version != psrp.Version20 && version != psrp.Version21
}

func poolEnded(e psrp.PoolStateChanged) error {
	if e.Err != nil {
		return fmt.Errorf("%w as %s: %w", session.ErrServerEnded, e.State, e.Err)
	}
	return fmt.Errorf("%w as %s", session.ErrServerEnded, e.State)
}

// feed gives bytes to the protocol core.
func (r *remote) feed(stream psrp.GUID, data []byte) ([]psrp.Event, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pool.Receive(stream, data)
}

// receive asks the server for news of a command, or of the pool when it is "".
// The one operation beside Delete that is repeated: lost is told when an answer
// may have been lost on the way, which the object ids then show (docs/promises.md 3).
func (r *remote) receive(ctx context.Context, command string, lost func()) (wsman.Received, error) {
	for try := 0; ; try++ {
		got, err := r.shell.Receive(ctx, command)
		if err == nil {
			return got, nil
		}
		if ctx.Err() != nil {
			return wsman.Received{}, context.Cause(ctx)
		}
		lost()
		if try == len(retryAfter) || !worthRetrying(err) {
			r.heed(err)
			return wsman.Received{}, err
		}
		if session.Pause(ctx, retryAfter[try]) != nil {
			return wsman.Received{}, err
		}
	}
}

// lossTime is how long an answer of the pool's stream is waited for that may
// have been lost.
const lossTime = 15 * time.Second

// mindLoss notes that an answer of the pool's stream may have been lost. Where
// something waits for one, that the pool is open or the session key, the session
// is given up after a while: neither can be asked for again, and the wait would
// have no end.
func (r *remote) mindLoss() {
	r.mu.Lock()
	r.pool.LostReply(psrp.GUID{})
	r.mu.Unlock()
	if r.waitsForPool() {
		r.giveUpAfter(lossTime)
	}
}

// keyTime is how long the server may take to answer the key exchange; the pool
// is closed then (MS-PSRP 3.1.5.4.3). .NET waits as long.
const keyTime = 60 * time.Second

// mindKey gives the session up when the server does not answer the key exchange
// that has just been sent: what waits for the key would wait without an end.
func (r *remote) mindKey() {
	r.mu.Lock()
	awaits := r.pool.AwaitsKey()
	r.mu.Unlock()
	if awaits {
		r.giveUpAfter(keyTime)
	}
}

// giveUpAfter ends the session when it still waits for the pool's stream then.
func (r *remote) giveUpAfter(d time.Duration) {
	time.AfterFunc(d, func() { // once
		if r.waitsForPool() {
			r.abort(fmt.Errorf("session lost: %w", session.ErrGap))
		}
	})
}

func (r *remote) waitsForPool() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pool.State() != psrp.PoolOpened || r.pool.AwaitsKey()
}

// KeepAlive asks for the number of free runspaces, the smallest request that
// counts as use of the session, and waits for the answer.
func (r *remote) KeepAlive(ctx context.Context) error {
	r.mu.Lock()
	id, err := r.pool.GetAvailable()
	answer := make(chan struct{})
	if err == nil {
		r.asked[id] = answer
	}
	r.mu.Unlock()
	if err != nil {
		return fmt.Errorf("ask whether the session is there: %w", err)
	}
	r.news()
	select {
	case <-answer:
		return nil
	case <-r.life.Done():
		return context.Cause(r.life)
	case <-ctx.Done():
		r.answered(id) // nobody waits any more
		return fmt.Errorf("ask whether the session is there: %w", context.Cause(ctx))
	}
}

// answered wakes whoever waits for the answer to a call about runspaces.
func (r *remote) answered(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if answer := r.asked[id]; answer != nil {
		close(answer)
		delete(r.asked, id)
	}
}
