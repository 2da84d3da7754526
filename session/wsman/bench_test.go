package wsman_test

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"testing"

	"postroom/session/wsman"
)

// largest is the largest recorded answer: 177 KB of real Windows output.
func largest(b *testing.B) []byte {
	b.Helper()
	var out []byte
	for _, e := range recorded(b) {
		if len(e.Response) > len(out) {
			out = []byte(e.Response)
		}
	}
	return out
}

// BenchmarkEnvelopeToBytes reads the largest recorded ReceiveResponse: by this
// package, and beside it by encoding/xml, whole and as a bare token loop.
func BenchmarkEnvelopeToBytes(b *testing.B) {
	envelope := largest(b)
	b.Run("wsman", func(b *testing.B) {
		b.SetBytes(int64(len(envelope)))
		b.ReportAllocs()
		for b.Loop() {
			r, err := wsman.Answered(200, envelope)
			if err != nil || len(r.Data) == 0 {
				b.Fatal(err)
			}
			r.Release()
		}
	})
	b.Run("encoding-xml", func(b *testing.B) {
		b.SetBytes(int64(len(envelope)))
		b.ReportAllocs()
		for b.Loop() {
			var x struct {
				Streams []string `xml:"Body>ReceiveResponse>Stream"`
			}
			if err := xml.Unmarshal(envelope, &x); err != nil {
				b.Fatal(err)
			}
			for _, s := range x.Streams {
				if _, err := base64.StdEncoding.DecodeString(s); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("encoding-xml-tokens", func(b *testing.B) {
		b.SetBytes(int64(len(envelope)))
		b.ReportAllocs()
		for b.Loop() {
			d := xml.NewDecoder(bytes.NewReader(envelope))
			for {
				if _, err := d.RawToken(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

// BenchmarkBytesToEnvelope writes a full answer of the server's half, as the
// simulator does, and a full Send.
func BenchmarkBytesToEnvelope(b *testing.B) {
	q := &wsman.Request{MessageID: "uuid:1"}
	data := make([]byte, wsman.ReceiveRoom(wsman.MaxEnvelope, 1))
	var out []byte
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		out = wsman.AppendReceive(out[:0], q, wsman.ReceiveAnswer{CommandID: commandID, Data: [][]byte{data}})
	}
	if len(out) > wsman.MaxEnvelope {
		b.Errorf("%d bytes do not fit", len(out))
	}
}

// BenchmarkReceive is a whole Receive over TLS on loopback, with a server that
// only sends.
func BenchmarkReceive(b *testing.B) {
	q := &wsman.Request{MessageID: "uuid:1"}
	data := make([]byte, wsman.ReceiveRoom(wsman.MaxEnvelope, 1))
	s := benchShell(b, wsman.AppendReceive(nil, q, wsman.ReceiveAnswer{CommandID: commandID, Data: [][]byte{data}}))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := s.Receive(b.Context(), commandID)
		if err != nil || len(r.Data) != len(data) {
			b.Fatal(err)
		}
		r.Release()
	}
}
