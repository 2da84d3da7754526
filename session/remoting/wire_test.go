package remoting_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/ledger"
	"postroom/session/remoting"
	"postroom/session/result"
	"postroom/session/simulator"
)

// wire is a trace of what crossed the wire, one word for each request and each
// reply, to wait for and to look at.
type wire struct {
	mu    sync.Mutex
	more  chan struct{} // closed and made anew with every line
	lines []string
	all   strings.Builder // every body and header, for what must not be there
}

func newWire() *wire { return &wire{more: make(chan struct{})} }

func (w *wire) Trace(e session.TraceEvent) {
	line := e.Kind + " " + e.Op
	switch {
	case strings.Contains(e.Body, "signal/crtl_c"):
		line += " stop"
	case strings.Contains(e.Body, "signal/Terminate"):
		line += " terminate"
	case e.Op == "Receive" && strings.Contains(e.Body, `CommandId="`):
		line += " of command"
	}
	if strings.Contains(e.Body, "CommandState/Done") {
		line += " done"
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, line)
	for _, h := range e.Header {
		w.all.WriteString(h + "\n")
	}
	w.all.WriteString(e.Body + e.Err + "\n")
	close(w.more)
	w.more = make(chan struct{})
}

// count gives how many lines there are.
func (w *wire) count(line string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.countLocked(line)
}

func (w *wire) countLocked(line string) (n int) {
	for _, l := range w.lines {
		if l == line {
			n++
		}
	}
	return n
}

// wait waits until the line was there n times.
func (w *wire) wait(ctx context.Context, line string, n int) error {
	for {
		w.mu.Lock()
		have, more := w.countLocked(line), w.more
		w.mu.Unlock()
		if have >= n {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return fmt.Errorf("%q came %d times, waited for %d: %w", line, have, n, ctx.Err())
		}
	}
}

// first gives the place of a line, -1 when it is not there.
func (w *wire) first(line string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Index(w.lines, line)
}

func (w *wire) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.all.String()
}

// bench is a session on a simulator, with a trace.
type bench struct {
	t       *testing.T
	server  *simulator.Server
	network *remoting.Door
	manager *session.Manager
	book    *ledger.Ledger
	target  session.Target
	id      session.ID
	wire    *wire
	heard   *changes
	unsure  bool // the test leaves a Create without an answer
}

// changes is an observer that can be waited for.
type changes struct {
	mu    sync.Mutex
	more  chan struct{}
	infos []session.Info
}

func (c *changes) SessionChanged(i session.Info) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.infos = append(c.infos, i)
	close(c.more)
	c.more = make(chan struct{})
}

// ended waits for the end of a session and gives its last state.
func (c *changes) ended(ctx context.Context, id session.ID) (session.Info, error) {
	return c.reached(ctx, func(i session.Info) bool { return i.ID == id && i.State.Ended() })
}

func (c *changes) reached(ctx context.Context, wanted func(session.Info) bool) (session.Info, error) {
	for {
		c.mu.Lock()
		i := slices.IndexFunc(c.infos, wanted)
		more := c.more
		if i >= 0 {
			defer c.mu.Unlock()
			return c.infos[i], nil
		}
		c.mu.Unlock()
		select {
		case <-more:
		case <-ctx.Done():
			return session.Info{}, ctx.Err()
		}
	}
}

// newBench starts a simulator and makes a manager; open opens the session. At
// the end the server must be clean.
func newBench(t *testing.T, o simulator.Options, change ...func(*session.Target)) *bench {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	o.Seed = 1
	server, err := simulator.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	book, err := ledger.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, server: server, book: book, wire: newWire(), heard: &changes{more: make(chan struct{})}}
	// A busy machine may need more than 2 s for what a server does in a moment.
	b.network = knows(server.Password())
	b.network.StopTime = time.Minute
	b.manager = session.NewManager(session.Options{Ledger: book, Doors: behind(b.network)})
	b.manager.Observe(b.heard)
	b.target = targetAt(server.URL(), server.Account(), server.Tenants()[0].Domain)
	b.target.RootCAs = server.RootCAs()
	b.target.Trace = b.wire
	for _, f := range change {
		f(&b.target)
	}
	t.Cleanup(func() {
		b.setFaults(nil)
		unsure := notConfirmed(t, closeAll(b.manager))
		if !b.unsure && len(unsure) > 0 {
			t.Errorf("not confirmed: %v", unsure)
		}
		check(t, server, book, unsure)
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func openBench(t *testing.T, o simulator.Options, change ...func(*session.Target)) *bench {
	t.Helper()
	b := newBench(t, o, change...)
	b.open(t)
	return b
}

func (b *bench) open(t *testing.T) {
	t.Helper()
	id, err := b.manager.Open(patient(t), b.target)
	if err != nil {
		t.Fatal(err)
	}
	b.id = id
}

// faults lets the server play rules from now on.
func (b *bench) faults(rules ...simulator.Rule) {
	b.setFaults(&simulator.Faults{Rules: rules})
}

// setFaults replaces what the server plays; nil lets it be well.
func (b *bench) setFaults(f *simulator.Faults) {
	b.t.Helper()
	if err := b.server.SetFaults(f); err != nil {
		b.t.Fatal(err)
	}
}

// played waits until the server plays a fault for the n-th time. A request on
// the wire is no sign of it.
func (b *bench) played(t *testing.T, f simulator.Fault, n int) {
	t.Helper()
	if err := b.server.Played(patient(t), f, n); err != nil {
		t.Fatal(err)
	}
}

// works shows that the session can be used.
func (b *bench) works(t *testing.T) {
	t.Helper()
	sink := newKeeper()
	if err := b.manager.Run(patient(t), b.id, mailboxes(3), sink); err != nil || sink.rows != 3 {
		t.Errorf("the next run gave %d rows, %v, want 3", sink.rows, err)
	}
}

// keeper is a sink that keeps all, and does what a test wants at each row and
// question.
type keeper struct {
	*result.Builder
	table *result.Table
	rows  int
	said  []session.Message
	asked []session.Prompt
	// order has "row", "warning" and the like as they came.
	order []string
	each  func(row int) error
	ask   func(context.Context, session.Prompt) (session.Answer, error)
}

func newKeeper() *keeper {
	table := result.NewTable(result.Provenance{})
	return &keeper{table: table, Builder: table.Builder()}
}

func (k *keeper) EndRow() error {
	k.rows++
	k.order = append(k.order, "row")
	if k.each != nil {
		if err := k.each(k.rows); err != nil {
			return err
		}
	}
	return k.Builder.EndRow()
}

func (k *keeper) Message(m session.Message) {
	k.said = append(k.said, m)
	k.order = append(k.order, [...]string{"error", "warning", "information", "verbose", "debug", "progress"}[m.Kind])
}

func (k *keeper) Ask(ctx context.Context, p session.Prompt) (session.Answer, error) {
	k.asked = append(k.asked, p)
	if k.ask == nil {
		return session.Answer{}, session.ErrNoAnswer
	}
	return k.ask(ctx, p)
}

// entries counts what is in the ledger.
func entries(t *testing.T, book *ledger.Ledger) int {
	t.Helper()
	list, err := book.Entries()
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}
