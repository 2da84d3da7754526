package widgets

import (
	"math/rand/v2"
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2/test"
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

func FuzzRuler_cut(f *testing.F) {
	for _, s := range []string{"", "Ada Brandt", "Łukasz Łorenz", "日本語のメール", "e\u0301e\u0301e\u0301e\u0301", "\xff\xfe broken", "a b  c   "} {
		f.Add(s, float32(40))
	}
	test.NewTempApp(f)
	f.Fuzz(func(t *testing.T, s string, width float32) {
		if len(s) > 200 || width < 15 || width > 1000 || width != width {
			t.Skip()
		}
		r := newRuler(textStyle{size: 13})
		got := r.cut(s, width)
		if w := r.width(got); w > width+0.01 && got != ellipsis {
			t.Errorf("%q cut to %v is %q, %v wide", s, width, got, w)
		}
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Errorf("%q cut is not UTF-8: %q", s, got)
		}
		for _, l := range wrapLines(r, s, width) {
			if w := r.width(l); w > width+0.01 && utf8.RuneCountInString(l) > 1 {
				t.Errorf("%q wrapped to %v has the line %q, %v wide", s, width, l, w)
			}
		}
	})
}
