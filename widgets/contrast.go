package widgets

import (
	"image/color"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// luminance is the relative luminance of WCAG 2.1, 0 to 1.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	lin := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(r) + 0.7152*lin(g) + 0.0722*lin(b)
}

// TextOn returns black or white, whichever reads better on the given colour. One of the
// two always reaches 4.5 : 1.
func TextOn(background color.Color) color.Color {
	white, black := rgb(0xffffff), rgb(0x101418)
	if Contrast(white, background) >= 4.5 {
		return white
	}
	if Contrast(black, background) >= 4.5 {
		return black
	}
	return rgb(0x000000)
}

// themed is a widget that knows its theme.
type themed interface{ Theme() fyne.Theme }

// colorOf looks a colour up in the widget's theme. The names that this package adds are
// asked of our own theme only: for another one they come from the palette that goes with
// its background.
func colorOf(w themed, n fyne.ThemeColorName) color.Color {
	th := w.Theme()
	v := fyne.CurrentApp().Settings().ThemeVariant()
	if _, ours := th.(*look); ours || !strings.HasPrefix(string(n), ownNames) {
		return th.Color(n, v)
	}
	v = theme.VariantLight
	if luminance(th.Color(theme.ColorNameBackground, fyne.CurrentApp().Settings().ThemeVariant())) < 0.2 {
		v = theme.VariantDark
	}
	c, _ := paletteColor(n, v)
	return c
}

// ownNames begins the names of the colours that this package adds.
const ownNames = "postroom"
