package remoting_test

import (
	"net"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/result"
)

// stamped notes when the first bytes of rows went to the client. Answers without
// rows are shorter than rowBytes.
type stamped struct {
	net.Conn
	first *atomic.Int64 // nanoseconds of the Unix clock, 0 as yet
}

const rowBytes = 4096

// Write stamps and passes on.
func (s stamped) Write(b []byte) (int, error) {
	if len(b) >= rowBytes {
		s.first.CompareAndSwap(0, time.Now().UnixNano())
	}
	return s.Conn.Write(b)
}

// firstRowSink notes when the first row was there.
type firstRowSink struct {
	runSink
	at int64
}

func (s *firstRowSink) EndRow() error {
	if s.at == 0 {
		s.at = time.Now().UnixNano()
	}
	return s.runSink.EndRow()
}

// BenchmarkFirstRow is the time from the first byte of the answer that has a
// command's first rows, TLS included, to the end of the first row in the sink. It
// is longer than the time from its last byte, which the protocol's issue limits.
func BenchmarkFirstRow(b *testing.B) {
	for _, rows := range []int64{2, 20, 200} {
		b.Run("rows="+strconv.FormatInt(rows, 10), func(b *testing.B) {
			var p *proxy
			w := newWholePath(b, 1000, func(target *session.Target) {
				p = newProxy(b, hostOf(b, target.Endpoint.URL))
				through(b, p, target)
			})
			all := cmdlet.Invocation{Cmdlet: "Get-Mailbox", Args: []cmdlet.Arg{{Name: "ResultSize", Value: rows}}}
			var took, longest time.Duration
			for b.Loop() {
				p.first.Store(0)
				sink := &firstRowSink{runSink: runSink{result.NewTable(result.Provenance{}).Builder()}}
				if err := w.manager.Run(b.Context(), w.id, all, sink); err != nil {
					b.Fatal(err)
				}
				first := p.first.Load()
				if first == 0 || sink.at < first {
					b.Fatalf("rows were there at %d, their bytes at %d", sink.at, first)
				}
				one := time.Duration(sink.at - first)
				took += one
				longest = max(longest, one)
			}
			b.ReportMetric(took.Seconds()*1000/float64(b.N), "ms/first-row")
			b.ReportMetric(longest.Seconds()*1000, "ms/longest")
		})
	}
}
