package widgets_test

import (
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/test/fixture"
	"postroom/widgets"
)

// shoot writes a picture of a window to out/widgets, which git ignores, for a person to look at.
func shoot(t *testing.T, w fyne.Window, name string) {
	t.Helper()
	dir := filepath.Join(fixture.Root(t), "out", "widgets")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, w.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

// both runs a test in the light theme, and among the long tests in the dark one too.
func both(t *testing.T, run func(t *testing.T, mode string)) {
	modes := []string{"light", "dark"}
	for n := 0; n < len(modes); n += fixture.OneOf(2) {
		t.Run(modes[n], func(t *testing.T) {
			app := test.NewTempApp(t)
			app.Settings().SetTheme(widgets.NewTheme(map[string]widgets.Mode{"light": widgets.AlwaysLight, "dark": widgets.AlwaysDark}[modes[n]]))
			run(t, modes[n])
		})
	}
}

// window shows an object in a window of a size.
func window(t testing.TB, o fyne.CanvasObject, w, h float32) fyne.Window {
	t.Helper()
	win := test.NewTempWindow(t, o)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(w, h))
	return win
}

// local makes the local part of an address from a name.
func local(name string) string {
	_, family, _ := strings.Cut(name, " ")
	return strings.NewReplacer("ö", "o", "ü", "u").Replace(strings.ToLower(family))
}

// mailboxes is a table as people see it.
type mailboxes struct{ extra int }

var people = []string{"Ada Brandt", "Björn Clausen", "Chloë Dierks", "Dmitri Ehlers", "Émile Feddersen", "Fatima Gül", "Gökçe Hansen", "Hanna Iwersen", "Ioana Jansen", "Jürgen Kröger", "Łukasz Lorenz", "Maike Möller", "Nils Ohlsen", "Øyvind Petersen", "Ruth Sönksen", "Svenja Thomsen"}

func (m mailboxes) Size() (int, int) { return len(people) + m.extra, 6 }
func (m mailboxes) Header(c int) string {
	return []string{"DisplayName", "PrimarySmtpAddress", "Type", "Items", "Size", "ForwardingSmtpAddress"}[c]
}

func (m mailboxes) Cell(r, c int) string {
	name := people[r%len(people)]
	switch c {
	case 0:
		return name
	case 1:
		return local(name) + "@nordsee-logistik.de"
	case 2:
		return "UserMailbox"
	case 3:
		return strconv.Itoa(r * 7919 % 41000)
	case 4:
		return strconv.FormatFloat(0.4+float64(r*17%90)/10, 'f', 1, 64) + " GB"
	default:
		return "forward." + local(name) + "@gmail.example"
	}
}
func (m mailboxes) IsNull(r, c int) bool { return c == 5 && r%2 == 0 }
func (m mailboxes) Align(c int) fyne.TextAlign {
	if c == 3 || c == 4 {
		return fyne.TextAlignTrailing
	}
	return fyne.TextAlignLeading
}

func (m mailboxes) Provenance() (string, color.Color) {
	return "Nordsee Logistik, Get-Mailbox", color.NRGBA{R: 0x7a, G: 0x3f, B: 0xb3, A: 0xff}
}

// million is a table of 1,000,000 rows and 40 columns.
type million struct{}

func (million) Size() (int, int)     { return 1_000_000, 40 }
func (million) Header(c int) string  { return "Column" + strconv.Itoa(c) }
func (million) Cell(r, c int) string { return "r" + strconv.Itoa(r) + " c" + strconv.Itoa(c) }
