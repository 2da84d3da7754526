package widgets

import (
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2/test"
)

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

func TestDisplay(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "a\r\nb\tc": "a b c", "Jobs → Staff": "Jobs →Staff", "↑  x": "↑x", "→": "→",
		"anna\u202egpj.exe": "annagpj.exe", "ä ö": "ä ö", "a\u2066b\u2069": "ab", "": "",
	} {
		if got := display(in); got != want {
			t.Errorf("display(%q) is %q, want %q", in, got, want)
		}
	}
	if got := oneLine("Jobs → Staff\nx"); got != "Jobs → Staff x" {
		t.Errorf("oneLine, which is copied, changed the text to %q", got)
	}
}
