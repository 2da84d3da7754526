package clixml_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path/filepath"
	"runtime"
	"testing"

	"postroom/session/clixml"
	"postroom/test/fixture"
)

// The benchmarks of CLIXML to rows, with their yardstick over the same bytes in
// the same run:
//
//	BenchmarkRows/DATA/scanner   MB/s, rows/s, B/payloadB, allocs/row
//	BenchmarkRows/DATA/xml-token MB/s: an encoding/xml Token loop
//	BenchmarkRows/DATA/ratio     x-xml-token: how many times faster
//
// DATA is bulk (one document of 10,000 rows with 46 columns), bulk-payloads
// (the same rows as 10,000 payloads of their own, as a server sends them) and
// recorded (the outputs of the recorded conversations).
func BenchmarkRows(b *testing.B) {
	b.Run("bulk", func(b *testing.B) {
		doc := bulkDocument(b)
		benchmarkRows(b, [][]byte{doc}, func(s *clixml.RowScanner, fn func(*clixml.RowScanner) error) error {
			return s.ScanRows(doc, fn)
		})
	})
	b.Run("bulk-payloads", func(b *testing.B) {
		benchmarkPayloads(b, bulkPayloads(b))
	})
	b.Run("recorded", func(b *testing.B) {
		var payloads [][]byte
		for _, m := range recordedMessages(b) {
			if m.kind == pipelineOutput && len(m.payload) > 0 {
				payloads = append(payloads, m.payload)
			}
		}
		benchmarkPayloads(b, payloads)
	})
}

func benchmarkPayloads(b *testing.B, payloads [][]byte) {
	benchmarkRows(b, payloads, func(s *clixml.RowScanner, fn func(*clixml.RowScanner) error) error {
		for _, p := range payloads {
			if err := s.Scan(p); err != nil {
				return err
			}
			if err := fn(s); err != nil {
				return err
			}
		}
		return nil
	})
}

func benchmarkRows(b *testing.B, data [][]byte, scan func(*clixml.RowScanner, func(*clixml.RowScanner) error) error) {
	size := 0
	for _, d := range data {
		size += len(d)
	}
	var scanner, token float64 // ns for all of data
	b.Run("scanner", func(b *testing.B) {
		b.SetBytes(int64(size))
		b.ReportAllocs()
		rows, cells := 0, 0
		var s clixml.RowScanner
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for b.Loop() {
			err := scan(&s, func(s *clixml.RowScanner) error {
				rows++
				cells += len(s.Cells())
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		runtime.ReadMemStats(&after)
		n := float64(b.N)
		b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/n/float64(size), "B/payloadB")
		b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(rows), "allocs/row")
		b.ReportMetric(float64(cells)/float64(rows), "cells/row")
		b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		scanner = float64(b.Elapsed().Nanoseconds()) / n
	})
	b.Run("xml-token", func(b *testing.B) {
		b.SetBytes(int64(size))
		for b.Loop() {
			for _, d := range data {
				if err := xmlTokens(d); err != nil {
					b.Fatal(err)
				}
			}
		}
		token = float64(b.Elapsed().Nanoseconds()) / float64(b.N)
	})
	if scanner > 0 && token > 0 {
		b.Run("ratio", func(b *testing.B) {
			for b.Loop() { // nothing to do: the two figures are there
			}
			b.ReportMetric(token/scanner, "x-xml-token")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func xmlTokens(b []byte) error {
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF"))))
	for {
		if _, err := d.Token(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

func bulkDocument(tb testing.TB) []byte {
	return readFixture(tb, fixture.Path(tb, "powershell", "bulk", "mailboxes-10000.clixml.gz"))
}

// bulkPayloads are the rows of the bulk document, each on its own.
func bulkPayloads(tb testing.TB) [][]byte {
	v, err := clixml.Decode(bulkDocument(tb))
	if err != nil {
		tb.Fatal(err)
	}
	var payloads [][]byte
	for _, row := range v.(*clixml.Object).Items {
		p, err := clixml.Append([]byte("\xEF\xBB\xBF"), row)
		if err != nil {
			tb.Fatal(err)
		}
		payloads = append(payloads, p)
	}
	return payloads
}

// BenchmarkTree is the protocol's own messages to trees and back.
func BenchmarkTree(b *testing.B) {
	path := filepath.Join(fixture.Path(b, "powershell", "clixml"), "net-paramset.xml")
	doc := compact(readFixture(b, path))
	v, err := clixml.Decode(doc)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(len(doc)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := clixml.Decode(doc); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encode", func(b *testing.B) {
		b.SetBytes(int64(len(doc)))
		b.ReportAllocs()
		var out []byte
		for b.Loop() {
			if out, err = clixml.Append(out[:0], v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
