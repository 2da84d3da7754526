package simulator_test

import (
	"strings"
	"testing"

	"postroom/session/clixml"
	"postroom/session/psrp"
	"postroom/session/simulator"
	"postroom/session/wsman"
)

// BenchmarkGetMailbox measures the whole path, the server's and the client's
// half on the same machine: TLS, SOAP, base64, fragments, and a scan of each
// row. MB/s are those of the rows' CLIXML.
func BenchmarkGetMailbox(b *testing.B) {
	const rows = 20_000
	s, err := simulator.Start(simulator.Options{Rows: rows})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	c := mustOpen(b, s, dial{})
	c.shell.RaiseEnvelope()
	b.ResetTimer()
	for range b.N {
		bytes, count := drain(b, c)
		if count != rows {
			b.Fatalf("%d rows", count)
		}
		b.SetBytes(bytes)
	}
}

func drain(b *testing.B, c *client) (bytes int64, rows int) {
	b.Helper()
	id, err := c.begin(call("Get-Mailbox", "ResultSize", "Unlimited"))
	if err != nil {
		b.Fatal(err)
	}
	command := strings.ToUpper(id.String())
	var scan clixml.RowScanner
	for ended := false; !ended; {
		got, err := c.shell.Receive(c.ctx, command)
		if err != nil {
			b.Fatal(err)
		}
		events, err := c.pool.Receive(id, got.Data)
		if err != nil {
			b.Fatal(err)
		}
		for _, e := range events {
			switch e := e.(type) {
			case psrp.Output:
				bytes += int64(len(e.Payload))
				rows++
				if err := scan.Scan(e.Payload); err != nil {
					b.Fatal(err)
				}
			case psrp.PipelineStateChanged:
				ended = true
			}
		}
		got.Release()
	}
	if err := c.shell.Signal(c.ctx, command, wsman.SignalTerminate); err != nil {
		b.Fatal(err)
	}
	c.pool.Forget(id)
	return bytes, rows
}
