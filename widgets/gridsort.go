package widgets

import "slices"

// gridSorting is by what the rows are sorted, the first key first. It sorts nothing itself
// and knows nothing of the grid.
type gridSorting struct{ keys []SortKey }

// follow carries the keys over to where their columns are now; -1 is a column that is gone.
func (s *gridSorting) follow(now []int) {
	s.keys = slices.DeleteFunc(s.keys, func(k SortKey) bool { return now[k.Col] < 0 })
	for i, k := range s.keys {
		s.keys[i].Col = now[k.Col]
	}
}

// of returns the place of a column among the keys, from 0, and its order; -1 for a column
// that the rows are not sorted by.
func (s *gridSorting) of(col int) (place int, order SortOrder) {
	for i, k := range s.keys {
		if k.Col == col {
			return i, k.Order
		}
	}
	return -1, Unsorted
}

// cycle goes from the server's order to ascending to descending and back. adds keeps the
// other keys.
func (s *gridSorting) cycle(col int, adds bool) {
	_, order := s.of(col)
	s.put(SortKey{col, (order + 1) % 3}, adds)
}

// toggle sorts by a column, or no longer when it is sorted that way.
func (s *gridSorting) toggle(key SortKey, adds bool) {
	if _, order := s.of(key.Col); order == key.Order {
		key.Order = Unsorted
	}
	s.put(key, adds)
}

func (s *gridSorting) put(key SortKey, adds bool) {
	keys := slices.Clone(s.keys)
	if !adds {
		keys = slices.DeleteFunc(keys, func(k SortKey) bool { return k.Col != key.Col })
	}
	place := slices.IndexFunc(keys, func(k SortKey) bool { return k.Col == key.Col })
	switch {
	case key.Order == Unsorted && place >= 0:
		keys = slices.Delete(keys, place, place+1)
	case place >= 0:
		keys[place] = key
	case key.Order != Unsorted:
		keys = append(keys, key)
	}
	s.keys = keys
}
