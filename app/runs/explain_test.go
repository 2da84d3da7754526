package runs_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"postroom/session"
	"postroom/session/cmdlet"
)

// TestTheServersHelpComesLate: a form opens without it; what only the server knows is added
// where nothing better is known, and nothing that was typed is touched.
func TestTheServersHelpComesLate(t *testing.T) {
	b := newBench(t)
	answer := make(chan struct{})
	var idle atomic.Bool
	var asked atomic.Int32
	b.help = func(name string) (cmdlet.Help, error) {
		asked.Add(1)
		<-answer
		if !idle.Load() {
			return cmdlet.Help{}, session.ErrNotIdle
		}
		return cmdlet.Help{Synopsis: "What " + name + " is for.", Parameters: []cmdlet.ParameterHelp{
			{Name: "Zone", Text: "Where the novelty is.", Required: true}, {Name: "ResultSize", Text: "The server's words."},
		}}, nil
	}
	tab := b.tab("Get-Novelty", "ResultSize", "Zone")
	tab.Form().SetValues(map[string]string{"ResultSize": "5"})
	b.until("the question", func() bool { return asked.Load() == 1 }) // its worker waits for the answer
	if strings.Contains(b.text(), "Where the novelty is.") {
		t.Error("the help is there before it came")
	}
	answer <- struct{}{} // no session is idle
	b.settle()
	idle.Store(true)
	who := tab.Target().Holder()
	tab.SessionsChanged([]session.Info{{Holder: who, Tenant: tab.Target().Tenant, State: session.Idle}})
	answer <- struct{}{}
	b.until("the help", func() bool { return strings.Contains(b.text(), "Where the novelty is.") })
	b.reads("What Get-Novelty is for.", "How many results at most; Unlimited gives all.")
	if strings.Contains(b.text(), "The server's words.") {
		t.Error("the server's words stand in place of ours")
	}
	if got := tab.Form().Values(); got["ResultSize"] != "5" || len(got) != 1 {
		t.Errorf("the form has %v", got)
	}
	tab.Form().Run() // usually needed, says the server
	b.settle()
	if sent := b.commands(); len(sent) != 0 {
		t.Errorf("sent %v", sent)
	}
	close(answer)
	tab.SessionsChanged([]session.Info{{Holder: who, Tenant: tab.Target().Tenant, State: session.Idle}})
	b.settle()
	if n := asked.Load(); n != 2 {
		t.Errorf("the server was asked %d times", n)
	}
}
