package chart_test

import (
	"bytes"
	"image"
	"image/png"
	"os/exec"
	"strings"
	"testing"

	"postroom/session/chart"
)

// barsOf draws two rows, the largest with a name, and gives the picture as its reader has it.
func barsOf(t *testing.T, name string) image.Image {
	t.Helper()
	rows := []mailbox{{"a.example", name, "2 GB (2,147,483,648 bytes)", 10, 1}, {"a.example", "A name of as many letters", "1 GB (1,073,741,824 bytes)", 5, 1}}
	c := made(t, view(t, rows), chart.Spec{Kind: chart.Bars, Value: "ItemCount", Label: "DisplayName"})
	var picture bytes.Buffer
	if err := c.PNG(&picture, chart.Style{Width: 480, Height: 240}); err != nil {
		t.Fatal(err)
	}
	keep(t, "letters-"+name+".png", picture.Bytes())
	img, err := png.Decode(&picture)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// label gives the pixels of the upper bar's name, those of its letters as #.
func label(img image.Image) string {
	var pixels strings.Builder
	size := img.Bounds().Size()
	middle := size.Y / 11
	bar := 0 // where it begins
	for r, _, b, _ := img.At(bar, middle).RGBA(); bar < size.X-1 && (r > 0x8000 || b < 0x8000); r, _, b, _ = img.At(bar, middle).RGBA() {
		bar++
	}
	for y := middle - 15; y < middle+15; y++ {
		for x := range bar {
			pixels.WriteByte(" #"[inked(img, x, y)])
		}
		pixels.WriteByte('\n')
	}
	return pixels.String()
}

// inked is 1 where a letter is.
func inked(img image.Image, x, y int) int {
	if r, _, b, _ := img.At(x, y).RGBA(); r < 0x8000 && b < 0x8000 {
		return 1
	}
	return 0
}

// A name in letters that the chart's own font lacks is drawn in a font of the system: two
// names of as many letters do not look the same, as boxes and blanks would.
func TestNamesInAnyScript(t *testing.T) {
	for _, names := range []struct{ language, one, other string }{
		{"el", "Ελένη", "Νίκος"},
		{"ru", "Ольга", "Игорь"},
		{"ja", "東京支店", "大阪本社"},
		{"ja", "さくら", "ひまわ"},
		{"ko", "김민준", "이서연"},
	} {
		t.Run(names.language+names.one, func(t *testing.T) {
			if names.language == "ja" || names.language == "ko" {
				if fonts, err := exec.CommandContext(t.Context(), "fc-list", ":lang="+names.language).Output(); err != nil || len(bytes.TrimSpace(fonts)) == 0 {
					t.Skip("no font here has these letters: ", err)
				}
			}
			one, other := label(barsOf(t, names.one)), label(barsOf(t, names.other))
			if !strings.Contains(one, "#") || !strings.Contains(other, "#") || one == other {
				t.Errorf("%s and %s are drawn as\n%s\n%s", names.one, names.other, one, other)
			}
		})
	}
}

// A letter that no font has is a box, and the chart says why. The name stays in the SVG,
// whose viewer may have a font.
func TestALetterThatNoFontHas(t *testing.T) {
	const nobodys = "\U0010FFF0" // for private use
	if !strings.Contains(label(barsOf(t, nobodys)), "#") {
		t.Error("the name is blank")
	}
	foot := func(img image.Image) (wide int) {
		size := img.Bounds().Size()
		for y := size.Y * 9 / 10; y < size.Y; y++ {
			for x := range size.X {
				wide += inked(img, x, y)
			}
		}
		return wide
	}
	if with, without := foot(barsOf(t, nobodys)), foot(barsOf(t, "A")); with <= without {
		t.Errorf("the foot has %d dark pixels, %d without such a letter", with, without)
	}
	rows := []mailbox{{"a.example", nobodys, "", 10, 1}}
	var svg bytes.Buffer
	if err := made(t, view(t, rows), chart.Spec{Kind: chart.Bars, Value: "ItemCount", Label: "DisplayName"}).SVG(&svg, chart.Style{}); err != nil {
		t.Fatal(err)
	}
	if said := texts(t, &svg); !strings.Contains(said, nobodys) || strings.Contains(said, "□") {
		t.Errorf("the SVG says %q", said)
	}
}
