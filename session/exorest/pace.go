package exorest

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"postroom/session"
)

const (
	// firstPace is how many requests of a tenant go on at once at first, mostPace
	// how many there may ever be.
	firstPace = 4
	mostPace  = 12
	// easy is how many answers without a complaint open the pace by one.
	easy = 20
	// scarce is what part of the rate must be left for that, in percent.
	scarce = 10
)

// pace is how many requests of one tenant go on at once: it halves when the
// service complains, and opens again slowly. All connections to the tenant share
// it.
type pace struct {
	mu      sync.Mutex
	limit   int
	busy    int
	calm    int       // answers since the last complaint
	until   time.Time // nothing is sent before
	rate    session.Rate
	changed chan struct{} // closed at each change
}

func newPace() *pace { return &pace{limit: firstPace, changed: make(chan struct{})} }

// news lets those who wait look again. p.mu must be held.
func (p *pace) news() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// take waits for a turn; most, if not 0, is the caller's own limit. waits is told
// when the service's wish is what is waited for.
func (p *pace) take(ctx context.Context, most int, waits func(until time.Time)) error {
	told := false
	for {
		p.mu.Lock()
		limit := p.limit
		if most > 0 {
			limit = min(limit, most)
		}
		pause := time.Until(p.until)
		if pause <= 0 && p.busy < limit {
			p.busy++
			p.mu.Unlock()
			return nil
		}
		until, changed := p.until, p.changed
		p.mu.Unlock()
		var over <-chan time.Time
		if pause > 0 {
			timer := time.NewTimer(pause)
			defer timer.Stop()
			over = timer.C
			if !told {
				told = true
				waits(until)
			}
		}
		select {
		case <-over:
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// give ends a turn.
func (p *pace) give() {
	p.mu.Lock()
	p.busy--
	p.news()
	p.mu.Unlock()
}

// throttled notes a complaint of the service.
func (p *pace) throttled(until time.Time) {
	p.mu.Lock()
	p.limit, p.calm = max(1, p.limit/2), 0
	if until.After(p.until) {
		p.until = until
	}
	p.news()
	p.mu.Unlock()
}

// heard notes what an answer says of the rate, and opens the pace after many of them
// while there is enough of it left and nobody else is at work in the tenant. An answer that
// complains is noted by throttled as well.
func (p *pace) heard(h http.Header) session.Rate {
	p.mu.Lock()
	defer p.mu.Unlock()
	if rate, ok := rateOf(h); ok {
		p.rate = rate
	}
	left := p.rate.Limit == 0 || p.rate.Remaining*100 > p.rate.Limit*scarce
	if p.calm++; p.calm >= easy && p.limit < mostPace && left && concurrencyOf(h) <= p.limit {
		p.limit, p.calm = p.limit+1, 0
		p.news()
	}
	return p.rate
}

// waiting gives when the service may be asked again; zero when it may now.
func (p *pace) waiting() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Until(p.until) <= 0 {
		return time.Time{}
	}
	return p.until
}

// rateOf reads the headers of the rate, which not every answer has.
func rateOf(h http.Header) (session.Rate, bool) {
	limit, err := strconv.Atoi(strings.TrimSpace(h.Get("Rate-Limit-Limit")))
	remaining, errRemaining := strconv.Atoi(strings.TrimSpace(h.Get("Rate-Limit-Remaining")))
	if err != nil || errRemaining != nil {
		return session.Rate{}, false
	}
	r := session.Rate{Limit: limit, Remaining: remaining}
	if at, err := time.Parse(time.RFC3339Nano, h.Get("Rate-Limit-Reset")); err == nil {
		r.Reset = at
	}
	return r, true
}

// concurrencyOf reads how many requests of the tenant the service counts at once; 0 where
// it does not say. No number that it allows is published, so that it slows nobody down: it
// keeps the pace from being opened over the requests of others (docs/decisions/0013).
func concurrencyOf(h http.Header) (most int) {
	for _, name := range []string{"X-ConcurrencyCount", "X-CombinedAppOnlyConcurrencyCount"} {
		if n, err := strconv.Atoi(strings.TrimSpace(h.Get(name))); err == nil {
			most = max(most, n)
		}
	}
	return most
}
