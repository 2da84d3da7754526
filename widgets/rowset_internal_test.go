package widgets

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestRowSet_is_a_set(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var s rowSet
	want := map[int]bool{}
	for step := range 5000 {
		a, b := r.IntN(60), r.IntN(60)
		if r.IntN(3) > 0 {
			s = s.with(RowRange{a, b})
			for i := min(a, b); i <= max(a, b); i++ {
				want[i] = true
			}
		} else {
			s = s.without(a)
			delete(want, a)
		}
		if step%97 == 0 {
			s, want = nil, map[int]bool{}
		}
		if s.count() != len(want) {
			t.Fatalf("step %d: %v counts %d, want %d", step, s, s.count(), len(want))
		}
		for i := range 60 {
			if s.has(i) != want[i] {
				t.Fatalf("step %d: %v has(%d) is %v", step, s, i, s.has(i))
			}
		}
		for i := 1; i < len(s); i++ {
			if s[i-1].Last+1 >= s[i].First {
				t.Fatalf("step %d: ranges touch in %v", step, s)
			}
		}
	}
}

// TestRowSet_mapped: the rows of a set in a new order, some of them gone.
func TestRowSet_mapped(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		rows := r.IntN(200)
		place := r.Perm(200)
		to := func(row int) (int, bool) { return place[row], place[row]%3 > 0 }
		var s, want rowSet
		for range r.IntN(6) {
			a := r.IntN(200)
			s = s.with(RowRange{a, min(199, a+r.IntN(40))})
		}
		for row := range 200 {
			if now, ok := to(row); ok && s.has(row) && now < rows {
				want = want.with(RowRange{now, now})
			}
		}
		if got := s.mapped(rows, to); !slices.Equal(got, want) {
			t.Fatalf("%v in %d rows by %v: %v, want %v", s, rows, place, got, want)
		}
	}
}

// TestRowSet_union: single rows added in one walk are those added one by one.
func TestRowSet_union(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 500 {
		var s, want rowSet
		for range r.IntN(5) {
			a := r.IntN(60)
			s = s.with(RowRange{a, a + r.IntN(9)})
		}
		want = s
		rows := make([]int, r.IntN(12))
		for i := range rows {
			rows[i] = r.IntN(80)
			want = want.with(RowRange{rows[i], rows[i]})
		}
		if got := s.union(rows); !slices.Equal(got, want) {
			t.Fatalf("%v with %v is %v, want %v", s, rows, got, want)
		}
	}
}
