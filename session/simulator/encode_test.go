package simulator_test

import (
	"strings"
	"testing"
	"time"

	"postroom/session/simulator"
)

func TestTextsSurviveTheWire(t *testing.T) {
	s := start(t, simulator.Options{Epoch: epoch})
	c := mustOpen(t, s, dial{})
	defer c.close()
	for _, text := range []string{"plain", "a<b>&\"c'", "l1\r\nl2\ttab", "_x0041_ _X0041_ _x", "😀 𝔘 王 ß", "\x01\x7f\u0085\u00a0\u2028\ufeff", "  spaces  ", "=1+1", strings.Repeat("ä<", 500)} {
		if r := c.run(call("Set-TransportRule", "Identity", "Extern kennzeichnen", "Comments", text)); r.err != nil || len(r.errors) != 0 {
			t.Fatalf("%q: %v %v", text, r.err, r.errors)
		}
		if got := c.run(call("Get-TransportRule", "", "Extern kennzeichnen")).get(t, 0, "Comments"); got != text {
			t.Errorf("%q came back as %q", text, got)
		}
	}
}

func TestManualClock(t *testing.T) {
	c := simulator.NewManualClock(epoch)
	var order []string
	c.AfterFunc(2*time.Second, func() {
		order = append(order, "2")
		c.AfterFunc(time.Second, func() { order = append(order, "3 "+c.Now().Sub(epoch).String()) })
	})
	c.AfterFunc(time.Second, func() { order = append(order, "1") })
	stop := c.AfterFunc(time.Second, func() { order = append(order, "stopped") })
	stop()
	c.AfterFunc(0, func() { order = append(order, "0") })
	c.Advance(2500 * time.Millisecond)
	if got := strings.Join(order, ","); got != "0,1,2" {
		t.Errorf("got %s", got)
	}
	c.Advance(time.Hour)
	if got := strings.Join(order, ","); got != "0,1,2,3 3s" || !c.Now().Equal(epoch.Add(time.Hour+2500*time.Millisecond)) {
		t.Errorf("got %s at %s", got, c.Now())
	}
}
