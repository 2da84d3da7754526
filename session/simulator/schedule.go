package simulator

import (
	"slices"
	"strings"
	"sync"

	"postroom/session/simulator/exchange"
)

// schedule decides which request meets which fault. For each rule it counts
// the requests that meet the rule's conditions; the decision depends on that
// count, the rule and the seed alone.
type schedule struct {
	mu     sync.Mutex
	faults *Faults
	seen   []int
	played []int
}

// set replaces the rules and begins to count anew.
func (s *schedule) set(f *Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = f
	n := 0
	if f != nil {
		n = len(f.Rules)
	}
	s.seen, s.played = make([]int, n), make([]int, n)
}

// occasion is what a rule is held against.
type occasion struct {
	kind                    Kind
	account, tenant, cmdlet string
	given                   int // bytes of output that the command has given
}

// next counts the occasion and gives the rule to play, if any.
func (s *schedule) next(o occasion) (Rule, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults == nil {
		return Rule{}, false
	}
	chosen := -1
	for i, r := range s.faults.Rules {
		if !r.fits(o) {
			continue
		}
		s.seen[i]++
		if chosen >= 0 || r.Limit > 0 && s.played[i] >= r.Limit {
			continue
		}
		if r.due(s.seen[i], s.faults.Seed, i) {
			chosen = i
			s.played[i]++
		}
	}
	if chosen < 0 {
		return Rule{}, false
	}
	return s.faults.Rules[chosen], true
}

func (r Rule) fits(o occasion) bool {
	switch {
	case r.On != "" && r.On != o.kind, r.On == "" && (o.kind == Accept || o.kind == Cmdlet || o.kind == Token):
		return false
	case o.given < r.After:
		return false
	case r.Account != "" && !strings.EqualFold(r.Account, o.account):
		return false
	case r.Tenant != "" && !strings.EqualFold(r.Tenant, o.tenant):
		return false
	case r.Cmdlet != "" && !strings.EqualFold(r.Cmdlet, o.cmdlet):
		return false
	}
	return true
}

// due says whether the nth of the rule's requests is one to play.
func (r Rule) due(n int, seed int64, rule int) bool {
	if len(r.Nth) == 0 && r.Every == 0 && r.Probability == 0 {
		return true
	}
	if slices.Contains(r.Nth, n) || r.Every > 0 && n%r.Every == 0 {
		return true
	}
	return r.Probability > 0 && exchange.Chance(uint64(seed), uint64(rule), uint64(n)) < r.Probability
}
