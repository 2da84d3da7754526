package result

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"slices"
)

// textSort sorts keys of texts. It looks at eight bytes at a time: those that all keys
// have in common are skipped, keys are sorted by the next eight as by numbers, and those
// that are equal so far go on with the eight after them.
type textSort struct {
	text []byte
	same bitmap
}

// sortTexts sorts keys by their texts, which are parts of text, on all processors, and
// sets in same the places of keys that are equal to the one before.
func sortTexts(ctx context.Context, keys []sortKey, text []byte, same bitmap) ([]sortKey, error) {
	s := textSort{text: text, same: same}
	if len(keys) <= fewKeys {
		s.compareSort(keys, 0, 0)
		return keys, nil
	}
	depth := s.common(keys, 0)
	parallel(len(keys), fewKeys, func(_, from, to int) { s.load(keys[from:to], depth) })
	sorted, err := byPrefix.sort(ctx, keys)
	if err != nil {
		return nil, err
	}
	// Parts that begin with a word of the bitmap, each with the runs that begin in it; a
	// run that reaches over the end of its part is left for later.
	var long [][2]int
	late := make([][][2]int, workers())
	errs := make([]error, workers())
	parts := parallel(len(sorted), 1<<14, func(part, from, to int) {
		late[part], errs[part] = s.runs(ctx, sorted, [2]int{from, to}, depth+8)
	})
	for part := range parts {
		if errs[part] != nil {
			return nil, errs[part]
		}
		long = append(long, late[part]...)
	}
	scratch := []sortKey(nil)
	for _, run := range long {
		if scratch == nil {
			scratch = make([]sortKey, len(sorted))
		}
		if err := s.sort(ctx, sorted[run[0]:run[1]], scratch, run[0], depth+8); err != nil {
			return nil, err
		}
	}
	return sorted, nil
}

func (s *textSort) of(k *sortKey) []byte {
	start := k.more >> keyLengthBits
	return s.text[start : start+k.more&(1<<keyLengthBits-1)]
}

func (s *textSort) from(k *sortKey, depth int) []byte {
	t := s.of(k)
	return t[min(depth, len(t)):]
}

// common is how many bytes all keys have in common, at least depth.
func (s *textSort) common(keys []sortKey, depth int) int {
	first := s.of(&keys[0])
	n := len(first)
	for i := range keys {
		t := s.of(&keys[i])
		n = min(n, len(t))
		at := depth
		for at < n && t[at] == first[at] {
			at++
		}
		if n = min(n, at); n <= depth {
			return depth
		}
	}
	return n
}

// load puts eight bytes of each text into its prefix.
func (s *textSort) load(keys []sortKey, depth int) {
	for i := range keys {
		t := s.from(&keys[i], depth)
		if len(t) >= 8 {
			keys[i].prefix = binary.BigEndian.Uint64(t)
			continue
		}
		var head [8]byte
		copy(head[:], t)
		keys[i].prefix = binary.BigEndian.Uint64(head[:])
	}
}

// runs sorts the runs of equal prefixes that begin within part by what follows, and
// gives those that are too long for that or reach over the part's end.
func (s *textSort) runs(ctx context.Context, keys []sortKey, part [2]int, depth int) (late [][2]int, err error) {
	from := part[0]
	for from > 0 && from < part[1] && keys[from].prefix == keys[from-1].prefix {
		from++ // it began in the part before
	}
	for looked := 0; from < part[1]; looked++ {
		if looked%sortBlock == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		to := from + 1
		for to < len(keys) && keys[to].prefix == keys[from].prefix {
			to++
		}
		switch {
		case to > part[1] || to-from > fewKeys:
			late = append(late, [2]int{from, to})
		case to-from > 1:
			s.compareSort(keys[from:to], from, depth)
		}
		from = to
	}
	return late, nil
}

// sortBlock is how many runs are sorted between two looks at the context.
const sortBlock = 1 << 12

// compareSort sorts few keys, which stand at a place, by their texts from depth on.
func (s *textSort) compareSort(keys []sortKey, place, depth int) {
	slices.SortFunc(keys, func(a, b sortKey) int {
		return cmp.Or(bytes.Compare(s.from(&a, depth), s.from(&b, depth)), cmp.Compare(a.id, b.id))
	})
	for i := 1; i < len(keys); i++ {
		if bytes.Equal(s.from(&keys[i-1], depth), s.from(&keys[i], depth)) {
			s.same.set(place + i)
		}
	}
}

// sort sorts many keys, which stand at a place, by their texts from depth on.
func (s *textSort) sort(ctx context.Context, keys, scratch []sortKey, place, depth int) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if len(keys) <= fewKeys {
		s.compareSort(keys, place, depth)
		return nil
	}
	depth = s.common(keys, depth)
	s.load(keys, depth)
	sorted, err := byPrefix.radixSort(ctx, keys, scratch[:len(keys)])
	if err != nil {
		return err
	}
	if &sorted[0] != &keys[0] {
		copy(keys, sorted)
	}
	if keys[0].prefix == keys[len(keys)-1].prefix && s.allEnd(keys, depth) {
		for i := 1; i < len(keys); i++ {
			s.same.set(place + i)
		}
		return nil
	}
	for from := 0; from < len(keys); {
		to := from + 1
		for to < len(keys) && keys[to].prefix == keys[from].prefix {
			to++
		}
		if to-from > 1 {
			if err := s.sort(ctx, keys[from:to], scratch, place+from, depth+8); err != nil {
				return err
			}
		}
		from = to
	}
	return nil
}

// allEnd says that no text goes on after depth.
func (s *textSort) allEnd(keys []sortKey, depth int) bool {
	for i := range keys {
		if len(s.of(&keys[i])) > depth {
			return false
		}
	}
	return true
}
