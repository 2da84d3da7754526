package widgets_test

import (
	"image/color"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"postroom/widgets"
)

// TestIcons_are_all_drawn: each icon has a file, and each file an icon, in the colour that
// is asked for.
func TestIcons_are_all_drawn(t *testing.T) {
	files, err := fs.Glob(os.DirFS("."), "icons/*.svg")
	if err != nil || len(files) != len(widgets.Icons()) {
		t.Errorf("%d files for %d icons, %v", len(files), len(widgets.Icons()), err)
	}
	for _, icon := range widgets.Icons() {
		r := icon.Resource(color.NRGBA{R: 0x12, G: 0xab, B: 0xef, A: 0xff})
		if r == nil {
			t.Errorf("the icon %q is not drawn", icon)
			continue
		}
		if drawing := string(r.Content()); !strings.Contains(drawing, "#12abef") || strings.Contains(drawing, "#000") {
			t.Errorf("the icon %q has another colour: %s", icon, drawing)
		}
		if other := icon.Resource(color.Black); other.Name() == r.Name() {
			t.Errorf("the icon %q in two colours has one name, by which Fyne keeps what it drew", icon)
		}
	}
	if r := widgets.Icon("no such").Resource(color.Black); r != nil {
		t.Errorf("an icon that there is not is %q", r.Name())
	}
}

// TestSigns_are_no_letters: a sign that is a letter is a box where the system has no font
// for it, as under Wine.
func TestSigns_are_no_letters(t *testing.T) {
	signs := &unicode.RangeTable{R16: []unicode.Range16{ // arrows; shapes, signs and dingbats; more arrows and stars
		{Lo: 0x2190, Hi: 0x21FF, Stride: 1},
		{Lo: 0x2300, Hi: 0x23FF, Stride: 1},
		{Lo: 0x25A0, Hi: 0x27BF, Stride: 1},
		{Lo: 0x22EE, Hi: 0x22F1, Stride: 1},
		{Lo: 0x2B00, Hi: 0x2BFF, Stride: 1},
	}}
	read := 0
	for _, folder := range []string{".", "../app", "../assets/translations"} {
		err := filepath.WalkDir(folder, func(name string, _ fs.DirEntry, err error) error {
			if ext := filepath.Ext(name); err != nil || ext != ".go" && ext != ".json" || strings.HasSuffix(name, "_test.go") {
				return err
			}
			source, err := os.ReadFile(name)
			if i := strings.IndexFunc(string(source), func(r rune) bool { return unicode.Is(signs, r) }); i >= 0 {
				t.Errorf("%s has the sign %q", name, string(source)[i:i+3])
			}
			read++
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if read < 200 {
		t.Errorf("only %d files were read", read)
	}
}
