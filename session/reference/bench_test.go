package reference_test

import (
	"testing"

	"postroom/session/cmdlet"
	"postroom/session/reference"
)

// BenchmarkOpen is the first question to a new reference: what a start pays.
func BenchmarkOpen(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, found := reference.New().Cmdlet("Set-Mailbox"); !found {
			b.Fatal("no Set-Mailbox")
		}
	}
}

func BenchmarkCmdlet(b *testing.B) {
	r := reference.New()
	b.ReportAllocs()
	for b.Loop() {
		r.Cmdlet("Get-Mailbox")
	}
}

// BenchmarkLayTransportRule is the largest form: some 200 parameters.
func BenchmarkLayTransportRule(b *testing.B) {
	r := reference.New()
	fact, _ := r.Cmdlet("Set-TransportRule")
	server := cmdlet.Cmdlet{Name: fact.Name}
	for _, p := range fact.Parameters {
		server.Parameters = append(server.Parameters, cmdlet.Parameter{Name: p.Name, Type: "System.String", Position: -1})
	}
	b.ReportAllocs()
	for b.Loop() {
		r.Lay(server)
	}
}
