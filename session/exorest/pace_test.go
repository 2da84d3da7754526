package exorest

import (
	"context"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

// room is how many requests may go on at once now.
func (p *pace) room(t *testing.T, most int) int {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // nobody waits for a turn
	n := 0
	for p.take(ctx, most, func(time.Time) {}) == nil {
		n++
	}
	for range n {
		p.give()
	}
	return n
}

// A tenant's requests go four at a time, or as many as the caller wants at most; a complaint
// halves that, down to one, and answers without one open it again, one by one up to twelve,
// as long as enough of the rate is left and the service counts no more requests of the
// tenant than ours may be. Many answers do not say how much that is.
func TestThePaceOfATenant(t *testing.T) {
	p := newPace()
	if n := p.room(t, 0); n != 4 {
		t.Errorf("%d at once at first", n)
	}
	if n := p.room(t, 2); n != 2 {
		t.Errorf("%d at once where two are wanted", n)
	}
	for _, want := range []int{2, 1, 1} {
		p.throttled(time.Now())
		if n := p.room(t, 0); n != want {
			t.Errorf("%d at once after a complaint, not %d", n, want)
		}
	}
	answers := func(n int, h http.Header) {
		for range n {
			p.heard(h)
		}
	}
	left := func(n int) http.Header {
		return http.Header{"Rate-Limit-Limit": {"3000"}, "Rate-Limit-Remaining": {strconv.Itoa(n)}, "Rate-Limit-Reset": {"2026-11-27T12:05:30.412Z"}}
	}
	counted := func(name, n string) http.Header {
		h := left(2999)
		h.Set(name, n)
		return h
	}
	for _, step := range []struct {
		answers int
		header  http.Header
		want    int
	}{
		{easy - 1, http.Header{}, 1},
		{1, http.Header{}, 2},
		{easy, left(2999), 3},
		{5 * easy, left(300), 3}, // a tenth
		{1, left(301), 4},
		{5 * easy, counted("X-ConcurrencyCount", "5"), 4}, // others are at work there
		{5 * easy, counted("X-CombinedAppOnlyConcurrencyCount", "30"), 4},
		{1, counted("X-ConcurrencyCount", "4"), 5},
		{easy, counted("X-ConcurrencyCount", "many"), 6},
		{100 * easy, left(2999), 12},
	} {
		answers(step.answers, step.header)
		if n := p.room(t, 0); n != step.want {
			t.Errorf("%d at once after %d answers with %v, not %d", n, step.answers, step.header, step.want)
		}
	}
	rate := p.heard(left(7))
	if rate.Limit != 3000 || rate.Remaining != 7 || rate.Reset.Format(time.RFC3339Nano) != "2026-11-27T12:05:30.412Z" {
		t.Errorf("%+v", rate)
	}
}

// Nothing is sent before the time that the service named has come.
func TestThePaceWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace()
		began := time.Now()
		p.throttled(began.Add(7 * time.Second))
		p.throttled(began.Add(3 * time.Second)) // the later one counts
		told := 0
		if err := p.take(t.Context(), 0, func(until time.Time) { told++ }); err != nil || told != 1 || time.Since(began) != 7*time.Second {
			t.Errorf("after %v, told %d times, %v", time.Since(began), told, err)
		}
		if !p.waiting().IsZero() {
			t.Errorf("still waiting until %v", p.waiting())
		}
	})
}

// Retry-After is a number of seconds or a date; one of hours is not believed, and where
// there is none it is five seconds.
func TestHowLongToWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for text, want := range map[string]time.Duration{
			"7": 7 * time.Second, "0": 0, "": throttleTime, "soon": throttleTime, "-3": throttleTime, "86400": longestWait,
			time.Now().Add(90 * time.Second).UTC().Format(http.TimeFormat): 90 * time.Second,
		} {
			h := http.Header{}
			h.Set("Retry-After", text)
			until, ok := (&answer{Origin: Origin{Status: http.StatusTooManyRequests}, header: h}).throttled()
			if !ok || time.Until(until) != want {
				t.Errorf("%q: %v, %v", text, time.Until(until), ok)
			}
		}
		busy := &answer{Origin: Origin{Status: http.StatusServiceUnavailable}, header: http.Header{}}
		if _, slow := busy.throttled(); slow {
			t.Error("a 503 without Retry-After is no wish to wait")
		}
		words := &answer{Origin: Origin{Status: http.StatusBadRequest}, header: http.Header{}, body: []byte("You have reached the maximum number of concurrent requests per tenant. Please wait and try again")}
		if _, slow := words.throttled(); !slow {
			t.Error("the service's words are a wish to wait")
		}
	})
}

// The service works on a cmdlet for 15 minutes, on some for half an hour and on some for a
// whole one; a batch takes as long as the longest in it may.
func TestHowLongACmdletMayTake(t *testing.T) {
	for name, want := range map[string]time.Duration{
		"Get-Mailbox": 960 * time.Second, "Get-DistributionGroupMember": 3600 * time.Second, "Import-TransportRuleCollection": 3600 * time.Second, "Set-UnifiedGroup": 3600 * time.Second,
		"update-distributiongroupmember": 3600 * time.Second, "Set-OrganizationConfig": 1800 * time.Second, "Update-RoleGroupMember": 1800 * time.Second,
	} {
		if got := timeOf(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
