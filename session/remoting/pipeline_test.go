package remoting_test

import (
	"testing"
	"time"

	"postroom/session/cmdlet"
	"postroom/session/result"
	"postroom/session/simulator"
)

// TestAPipelineAsksOnce: the statistics of a thousand mailboxes, on a line that adds 60 ms to
// each request, are one command and a bounded number of requests: it is the server that goes
// from one mailbox to the next. A call for each would be a thousand times Command, Receive
// and Signal, three minutes.
func TestAPipelineAsksOnce(t *testing.T) {
	const mailboxes = 1000
	w := newWholePath(t, mailboxes)
	line, err := cmdlet.Reader{}.Line("Get-Mailbox -ResultSize Unlimited | Get-MailboxStatistics | Select-Object DisplayName,ItemCount,TotalItemSize")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.server.SetFaults(&simulator.Faults{Rules: []simulator.Rule{{Fault: simulator.Delayed, Delay: simulator.Duration(60 * time.Millisecond)}}}); err != nil {
		t.Fatal(err)
	}
	before := w.server.Stats()
	table := result.NewTable(result.Provenance{})
	started := time.Now()
	if err := w.manager.Run(t.Context(), w.id, line.Pipeline, runSink{table.Builder()}); err != nil {
		t.Fatal(err)
	}
	took, after := time.Since(started), w.server.Stats()
	view := table.Snapshot()
	if rows, columns := view.Size(); rows != mailboxes || columns != 3 {
		t.Errorf("%d rows of %d columns", rows, columns)
	}
	requests, commands := after.Requests-before.Requests, after.Commands-before.Commands
	t.Logf("%d requests, %v", requests, took)
	if commands != 1 || requests > 40 {
		t.Errorf("%d commands and %d requests for %d mailboxes", commands, requests, mailboxes)
	}
}
