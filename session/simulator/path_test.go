package simulator_test

import (
	"strings"
	"testing"

	"postroom/session/psrp"
	"postroom/session/simulator"
)

// The whole path: a rule report of a customer, over TLS, and nothing is left.
func TestTransportRulesOfACustomer(t *testing.T) {
	s := start(t, simulator.Options{})
	c := mustOpen(t, s, dial{tenant: "nordsee-logistik.example"})
	r := c.run(call("Get-TransportRule"))
	if r.state != psrp.PipelineCompleted || len(r.rows) < 15 {
		t.Fatalf("state %v, %d rows, error %v", r.state, len(r.rows), r.err)
	}
	if got := r.get(t, 0, "Name"); got != "Extern kennzeichnen" {
		t.Errorf("first rule is %q", got)
	}
	if got := r.get(t, 0, "Comments"); !strings.Contains(got, "\r\n") || !strings.Contains(got, `"`) {
		t.Errorf("comments have no line break or quotes: %q", got)
	}
	c.close()
	got := s.Stats()
	if got.OpenShells != 0 || got.ShellsCreated != 1 || got.ShellsDeleted != 1 || got.MaxOpenByAccount != 1 || got.Commands != 1 {
		t.Errorf("stats: %+v", got)
	}
}
