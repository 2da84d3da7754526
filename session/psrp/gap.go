package psrp

import (
	"slices"
	"sort"
)

// span is a closed range of object ids.
type span struct{ low, high uint64 }

// idSet is a set of object ids, kept as ranges in ascending order.
type idSet struct{ spans []span }

// maxSpans bounds an idSet. Beyond it the oldest ranges are forgotten, which
// can only turn what was seen into what may be missing.
const maxSpans = 1 << 14

func (s *idSet) add(id uint64) {
	if n := len(s.spans); n > 0 {
		last := &s.spans[n-1]
		if id <= last.high {
			s.insert(id)
			return
		}
		if id == last.high+1 {
			last.high = id
			return
		}
	}
	s.spans = append(s.spans, span{id, id})
	if len(s.spans) > maxSpans {
		s.spans = slices.Delete(s.spans, 0, len(s.spans)/2)
	}
}

// insert adds an id that is not above all others.
func (s *idSet) insert(id uint64) {
	i := sort.Search(len(s.spans), func(i int) bool { return s.spans[i].high >= id })
	if s.spans[i].low <= id {
		return
	}
	joinsNext := s.spans[i].low == id+1
	joinsPrevious := i > 0 && s.spans[i-1].high+1 == id
	switch {
	case joinsNext && joinsPrevious:
		s.spans[i-1].high = s.spans[i].high
		s.spans = slices.Delete(s.spans, i, i+1)
	case joinsNext:
		s.spans[i].low = id
	case joinsPrevious:
		s.spans[i-1].high = id
	default:
		s.spans = slices.Insert(s.spans, i, span{id, id})
	}
}

func (s *idSet) contains(id uint64) bool {
	i := sort.Search(len(s.spans), func(i int) bool { return s.spans[i].high >= id })
	return i < len(s.spans) && s.spans[i].low <= id
}

// missing counts the ids of r that are not in the set.
func (s *idSet) missing(r span) uint64 {
	if r.low > r.high {
		return 0
	}
	left := r.high - r.low + 1
	i := sort.Search(len(s.spans), func(i int) bool { return s.spans[i].high >= r.low })
	for ; i < len(s.spans) && s.spans[i].low <= r.high; i++ {
		left -= min(s.spans[i].high, r.high) - max(s.spans[i].low, r.low) + 1
	}
	return left
}

// last gives the highest id, 0 for none.
func (s *idSet) last() uint64 {
	if len(s.spans) == 0 {
		return 0
	}
	return s.spans[len(s.spans)-1].high
}

// inStream is what is known of one incoming stream.
type inStream struct {
	asm assembler
	// low is the id of the stream's last message; before the first, the highest
	// id that was known when the stream began: its messages have higher ones.
	low uint64
	// suspects are the ranges of ids in which messages may have been lost.
	suspects []span
	err      error // why the stream cannot be read further
}

// arrived notes a complete message. It tells false when the message is one that
// was seen before: an answer that was believed lost and came again.
func (s *inStream) arrived(seen *idSet) bool {
	id := s.asm.object
	if s.asm.lost {
		if id <= s.low && seen.contains(id) {
			return false
		}
		s.asm.lost = false
		if id > s.low+1 {
			s.suspects = append(s.suspects, span{s.low + 1, id - 1})
		}
	}
	seen.add(id)
	s.low = max(s.low, id)
	return true
}

// gap judges whether messages are missing: ids of the suspect ranges that
// arrived on no stream of the pool. They may have belonged to other streams or,
// since a server process counts over all its pools, to other pools; but what
// cannot be proven complete counts as incomplete.
func (s *inStream) gap(seen *idSet) (missing uint64, lost bool) {
	for _, r := range s.suspects {
		missing += seen.missing(r)
	}
	return missing, missing > 0 || s.asm.torn
}
