package simulator_test

import (
	"strings"
	"testing"
	"time"

	"postroom/session/clixml"
	"postroom/session/simulator"
)

// Rows are written without a tree; the room that knows the format must read
// them and write the same bytes.
func TestRowsAreWrittenAsTheFormatHasThem(t *testing.T) {
	s := start(t, simulator.Options{Rows: 40, Epoch: epoch})
	for _, tenant := range s.Tenants() {
		c := mustOpen(t, s, dial{tenant: tenant.Domain})
		for _, i := range everyGet(t, c) {
			for n, p := range c.run(i).payloads {
				v, err := clixml.Decode([]byte(p))
				if err != nil {
					t.Fatalf("%s row %d: %v\n%s", i.Cmdlet, n, err, p)
				}
				again, err := clixml.Append(nil, v)
				if err != nil {
					t.Fatalf("%s row %d: %v", i.Cmdlet, n, err)
				}
				if string(again) != p {
					t.Fatalf("%s row %d: written as\n%s\nand not as\n%s", i.Cmdlet, n, p, again)
				}
			}
		}
		c.close()
	}
}

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
