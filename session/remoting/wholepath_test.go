package remoting_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/ledger"
	"postroom/session/result"
	"postroom/session/simulator"
)

// wholePath is an open session on a simulator over TLS on loopback.
type wholePath struct {
	server  *simulator.Server
	manager *session.Manager
	id      session.ID
}

func newWholePath(tb testing.TB, rows int, change ...func(*session.Target)) *wholePath {
	tb.Helper()
	server, err := simulator.Start(simulator.Options{Rows: rows, Seed: 1, Dir: tb.TempDir()})
	if err != nil {
		tb.Fatal(err)
	}
	target := targetAt(server.URL(), server.Account(), "")
	target.RootCAs = server.RootCAs()
	for _, f := range change {
		f(&target) // what it starts ends after the session
	}
	book, err := ledger.Open(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	w := &wholePath{server: server, manager: session.NewManager(session.Options{Doors: behind(knows(server.Password())), Ledger: book})}
	tb.Cleanup(func() {
		if err := closeAll(w.manager); err != nil {
			tb.Error(err)
		}
		if err := server.Close(); err != nil {
			tb.Error(err)
		}
	})
	if w.id, err = w.manager.Open(tb.Context(), target); err != nil {
		tb.Fatal(err)
	}
	return w
}

var allMailboxes = cmdlet.Invocation{Cmdlet: "Get-Mailbox", Args: []cmdlet.Arg{{Name: "ResultSize", Value: "Unlimited"}}}

// runSink is where a run's rows go, without messages.
type runSink struct{ result.Appender }

func (runSink) Message(session.Message) {}

func (runSink) Ask(context.Context, session.Prompt) (session.Answer, error) {
	return session.Answer{}, session.ErrNoAnswer
}

// BenchmarkWholePath is the way from the server's rows to a file of CSV: TLS on
// loopback, HTTP, envelopes, base64, fragments, CLIXML, rows, text. Both ends
// run in this process, on the same processors. MB are those of the remoting
// protocol, before base64.
func BenchmarkWholePath(b *testing.B) {
	for name, appender := range map[string]func() result.Appender{
		"table": func() result.Appender { return result.NewTable(result.Provenance{}).Builder() },
		"csv":   func() result.Appender { return result.NewStream(io.Discard, result.StreamOptions{}) },
	} {
		b.Run(name, func(b *testing.B) {
			const rows = 20000
			w := newWholePath(b, rows)
			before := w.server.Stats().Bytes
			b.ReportAllocs()
			for b.Loop() {
				if err := w.manager.Run(b.Context(), w.id, allMailboxes, runSink{appender()}); err != nil {
					b.Fatal(err)
				}
			}
			bytes := w.server.Stats().Bytes - before
			b.SetBytes(bytes / int64(b.N))
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// TestMemoryStaysBounded: 100,000 rows to CSV let the process grow by no more
// than 64 MB. What the simulator takes in the same process counts too.
func TestMemoryStaysBounded(t *testing.T) {
	const rows, limit = 100000, 64 << 20
	if raceEnabled {
		t.Skip("the race detector keeps memory of its own")
	}
	resident(t) // skips where it cannot be read
	w := newWholePath(t, rows)
	file, err := os.Create(filepath.Join(t.TempDir(), "rows.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // what counts is the memory
	// The server's world is built with the first call; what follows is ours.
	warm := cmdlet.Invocation{Cmdlet: "Get-Mailbox", Args: []cmdlet.Arg{{Name: "ResultSize", Value: int64(1000)}}}
	if err := w.manager.Run(t.Context(), w.id, warm, runSink{result.NewStream(io.Discard, result.StreamOptions{})}); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	before := resident(t)
	stream := result.NewStream(file, result.StreamOptions{})
	most := &highWater{Appender: stream, tb: t}
	if err := w.manager.Run(t.Context(), w.id, allMailboxes, runSink{most}); err != nil {
		t.Fatal(err)
	}
	if err := stream.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	most.resident = max(most.resident, resident(t)) // the rows that waited for all columns
	if err := stream.Close(); err != nil {
		t.Fatal(err)
	}
	grown := most.resident - before
	t.Logf("%d rows, %d MB before, grown by %d MB", stream.Rows(), before>>20, grown>>20)
	if stream.Rows() != rows {
		t.Errorf("%d rows, want %d", stream.Rows(), rows)
	}
	if grown > limit {
		t.Errorf("memory grew by %d MB, want %d at most", grown>>20, limit>>20)
	}
}

// highWater looks at the memory now and then.
type highWater struct {
	result.Appender
	tb       testing.TB
	rows     int
	resident int64
}

func (h *highWater) EndRow() error {
	if h.rows++; h.rows%2000 == 0 {
		h.resident = max(h.resident, resident(h.tb))
	}
	return h.Appender.EndRow()
}

// resident is the process's memory in bytes, as the system counts it.
func resident(tb testing.TB) int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		tb.Skip("resident memory is read from /proc")
	}
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.ParseInt(strings.Fields(kb)[0], 10, 64)
			if err != nil {
				tb.Fatal(err)
			}
			return n << 10
		}
	}
	tb.Skip("the system does not tell the resident memory")
	return 0
}

// TestAnIdleSessionIsQuiet: a session that nobody uses has one Receive out and
// sends nothing else.
func TestAnIdleSessionIsQuiet(t *testing.T) {
	w := newWholePath(t, 10)
	settled := w.server.Stats().Requests
	timer := time.NewTimer(3 * time.Second)
	<-timer.C
	if now := w.server.Stats().Requests; now > settled+1 {
		t.Errorf("%d requests in three idle seconds, want the outstanding Receive alone", now-settled)
	}
}
