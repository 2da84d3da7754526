package remoting

import (
	"testing"
	"time"
)

// A server that answers each poll at once with nothing is asked about once a
// second; one that has something to say, or takes its time, is never waited for.
func TestPaceOfPolls(t *testing.T) {
	var p pace
	asked := 0
	for clock := time.Duration(0); clock < time.Minute; asked++ {
		const took = 2 * time.Millisecond
		clock += took + p.pause(took, true)
	}
	if asked < 60 || asked > 70 {
		t.Errorf("it was asked %d times in a minute", asked)
	}
	if d := p.pause(time.Millisecond, false); d != 0 {
		t.Errorf("after rows the next ones wait %v", d)
	}
	if d := p.pause(time.Millisecond, true); d != 0 {
		t.Errorf("the first empty answer costs %v", d)
	}
	if d := p.pause(time.Millisecond, true); d <= 0 {
		t.Error("the second empty answer costs nothing")
	}
	for range 100 {
		if d := p.pause(time.Minute, true); d != 0 {
			t.Errorf("after a long poll the next one waits %v", d)
		}
	}
}
