package psrp_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"testing"

	"postroom/session/psrp"
)

// largeStream gives the bytes of the recorded pipeline with the most output,
// and the pool that they belong to.
func largeStream(b *testing.B) (pool, stream psrp.GUID, data []byte) {
	b.Helper()
	for _, c := range conversations(b) {
		if c.name != "07-large" {
			continue
		}
		streams := map[psrp.GUID][]byte{}
		for _, p := range c.pieces {
			if !p.fromClient && p.stream != (psrp.GUID{}) {
				streams[p.stream] = append(streams[p.stream], p.data...)
			}
		}
		for id, bytes := range streams {
			if len(bytes) > len(data) {
				stream, data = id, bytes
			}
		}
		return rawMessages(b, c.pieces)[0].pool, stream, data
	}
	b.Fatal("no such recording")
	return
}

// BenchmarkFragmentsToMessages measures Pool.Receive on recorded output, in
// pieces as they come out of an envelope.
func BenchmarkFragmentsToMessages(b *testing.B) {
	pool, stream, data := largeStream(b)
	for name, size := range map[string]int{"380000": 380_000, "32768": 32_768, "4096": 4096} {
		b.Run("piece="+name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				p, err := psrp.NewPool(psrp.PoolOptions{ID: pool})
				if err != nil {
					b.Fatal(err)
				}
				for rest := data; len(rest) > 0; {
					n := min(size, len(rest))
					if _, err := p.Receive(stream, rest[:n]); err != nil {
						b.Fatal(err)
					}
					rest = rest[n:]
				}
			}
		})
	}
}

// BenchmarkEncodingXML is the yardstick: a bare token loop of encoding/xml over
// the payloads of the same bytes.
func BenchmarkEncodingXML(b *testing.B) {
	_, stream, data := largeStream(b)
	raw := rawMessages(b, []piece{{stream: stream, data: data}})
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		for _, m := range raw {
			d := xml.NewDecoder(bytes.NewReader(m.payload))
			for {
				if _, err := d.RawToken(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}

// BenchmarkMessagesToFragments measures the server half on the same rows.
func BenchmarkMessagesToFragments(b *testing.B) {
	pool, stream, data := largeStream(b)
	raw := rawMessages(b, []piece{{stream: stream, data: data}})
	p, err := psrp.NewPool(psrp.PoolOptions{ID: pool})
	if err != nil {
		b.Fatal(err)
	}
	if err := p.Open(); err != nil {
		b.Fatal(err)
	}
	s := psrp.NewServer(psrp.ServerOptions{})
	feed := func() {
		for {
			packet, ok := p.Outgoing(1 << 20)
			if !ok {
				return
			}
			if _, err := s.Receive(packet.Pipeline, packet.Data); err != nil {
				b.Fatal(err)
			}
		}
	}
	feed()
	if err := s.Opened(nil); err != nil {
		b.Fatal(err)
	}
	if _, err := p.Receive(psrp.GUID{}, s.Outgoing(psrp.GUID{}, 1<<20)); err != nil {
		b.Fatal(err)
	}
	if err := p.Start(stream, psrp.PipelineOptions{}, call("X")); err != nil {
		b.Fatal(err)
	}
	feed()
	var buffer []byte
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		for _, m := range raw {
			if m.typ == psrp.MsgPipelineOutput {
				if err := s.OutputPayload(stream, m.payload); err != nil {
					b.Fatal(err)
				}
			}
		}
		for {
			buffer = s.AppendOutgoing(buffer[:0], stream, 380_000)
			if len(buffer) == 0 {
				break
			}
		}
	}
}
