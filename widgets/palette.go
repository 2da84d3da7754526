package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// The colours that this package adds to Fyne's own names. A theme that does not know
// them gets those of NewTheme.
const (
	ColorNameMuted       fyne.ThemeColorName = "postroomMuted"       // secondary text
	ColorNameBackdrop    fyne.ThemeColorName = "postroomBackdrop"    // behind panels, tabs
	ColorNamePanel       fyne.ThemeColorName = "postroomPanel"       // panels and cards
	ColorNameBorder      fyne.ThemeColorName = "postroomBorder"      // edges of buttons and inputs
	ColorNameAccentText  fyne.ThemeColorName = "postroomAccentText"  // links, chosen items
	ColorNameAccentSoft  fyne.ThemeColorName = "postroomAccentSoft"  // behind chosen items, selected rows
	ColorNameTrack       fyne.ThemeColorName = "postroomTrack"       // the empty part of bars
	ColorNameGridHeader  fyne.ThemeColorName = "postroomGridHeader"  // header row of the grid
	ColorNameGridLine    fyne.ThemeColorName = "postroomGridLine"    // between rows and columns
	ColorNameGridStripe  fyne.ThemeColorName = "postroomGridStripe"  // every other row
	ColorNameNullText    fyne.ThemeColorName = "postroomNullText"    // the word for an empty cell
	ColorNameWarningText fyne.ThemeColorName = "postroomWarningText" // warnings as text
	ColorNameWarningSoft fyne.ThemeColorName = "postroomWarningSoft" // behind warnings
	ColorNameErrorText   fyne.ThemeColorName = "postroomErrorText"   // errors as text
	ColorNameErrorSoft   fyne.ThemeColorName = "postroomErrorSoft"   // behind errors
	ColorNameErrorEdge   fyne.ThemeColorName = "postroomErrorEdge"   // edge of a problem
	ColorNameSuccessText fyne.ThemeColorName = "postroomSuccessText" // good news as text
	ColorNameSuccessSoft fyne.ThemeColorName = "postroomSuccessSoft" // behind good news
)

// TextPair is a text colour and a background that it is shown on.
type TextPair struct{ Text, On fyne.ThemeColorName }

// TextPairs lists the pairs that the widgets use, so that a test can hold every theme to
// a contrast of 4.5 : 1.
func TextPairs() []TextPair {
	surfaces := []fyne.ThemeColorName{
		theme.ColorNameBackground, ColorNamePanel, ColorNameBackdrop, theme.ColorNameInputBackground,
		theme.ColorNameMenuBackground, theme.ColorNameOverlayBackground, theme.ColorNameButton,
		ColorNameAccentSoft, ColorNameGridStripe, ColorNameGridHeader,
	}
	var out []TextPair
	for _, s := range surfaces {
		out = append(out, TextPair{theme.ColorNameForeground, s}, TextPair{ColorNameMuted, s}, TextPair{theme.ColorNamePlaceHolder, s},
			TextPair{ColorNameAccentText, s}, TextPair{ColorNameNullText, s}, TextPair{theme.ColorNameHyperlink, s},
			TextPair{ColorNameErrorText, s}, TextPair{ColorNameWarningText, s}, TextPair{ColorNameSuccessText, s})
	}
	// Fyne's own widgets write in these: the chosen tab, an important label.
	for _, s := range []fyne.ThemeColorName{theme.ColorNameBackground, ColorNamePanel, ColorNameBackdrop, theme.ColorNameOverlayBackground} {
		out = append(out, TextPair{theme.ColorNamePrimary, s}, TextPair{theme.ColorNameError, s}, TextPair{theme.ColorNameWarning, s}, TextPair{theme.ColorNameSuccess, s})
	}
	for _, soft := range []fyne.ThemeColorName{ColorNameErrorSoft, ColorNameWarningSoft, ColorNameSuccessSoft} {
		out = append(out, TextPair{theme.ColorNameForeground, soft}, TextPair{ColorNameMuted, soft}, TextPair{ColorNameAccentText, soft})
	}
	return append(out,
		TextPair{ColorNameErrorText, ColorNameErrorSoft}, TextPair{ColorNameWarningText, ColorNameWarningSoft},
		TextPair{ColorNameSuccessText, ColorNameSuccessSoft},
		TextPair{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary}, TextPair{theme.ColorNameForegroundOnError, theme.ColorNameError},
		TextPair{theme.ColorNameForegroundOnSuccess, theme.ColorNameSuccess}, TextPair{theme.ColorNameForegroundOnWarning, theme.ColorNameWarning},
	)
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

func rgba(v uint32, a uint8) color.NRGBA { c := rgb(v); c.A = a; return c }

func paletteColor(n fyne.ThemeColorName, v fyne.ThemeVariant) (color.Color, bool) {
	if v == theme.VariantDark {
		return darkColor(n)
	}
	return lightColor(n)
}

func lightColor(n fyne.ThemeColorName) (color.Color, bool) {
	switch n {
	case theme.ColorNameBackground, ColorNamePanel, theme.ColorNameInputBackground, theme.ColorNameMenuBackground,
		theme.ColorNameOverlayBackground, theme.ColorNameButton:
		return rgb(0xffffff), true
	case ColorNameBackdrop, theme.ColorNameDisabledButton:
		return rgb(0xf3f4f6), true
	case theme.ColorNameForeground:
		return rgb(0x1b1f24), true
	case ColorNameMuted, theme.ColorNamePlaceHolder, ColorNameNullText:
		return rgb(0x5b6470), true
	case theme.ColorNameDisabled:
		return rgb(0x767d88), true
	case theme.ColorNameInputBorder, ColorNameBorder:
		return rgb(0xc9ced6), true
	case theme.ColorNameSeparator:
		return rgb(0xd9dde3), true
	case theme.ColorNamePrimary:
		return rgb(0x1463d8), true
	case ColorNameAccentText, theme.ColorNameHyperlink:
		return rgb(0x0d4aa8), true
	case ColorNameAccentSoft, theme.ColorNameSelection:
		return rgb(0xe4eefc), true
	case theme.ColorNameFocus:
		return rgba(0x1463d8, 0x40), true
	case theme.ColorNameHover:
		return rgba(0x1b1f24, 0x0c), true
	case theme.ColorNamePressed:
		return rgba(0x1b1f24, 0x1c), true
	case theme.ColorNameForegroundOnPrimary, theme.ColorNameForegroundOnError, theme.ColorNameForegroundOnSuccess, theme.ColorNameForegroundOnWarning:
		return rgb(0xffffff), true
	case ColorNameTrack:
		return rgb(0xdfe3e8), true
	case ColorNameGridHeader, theme.ColorNameHeaderBackground:
		return rgb(0xf7f8fa), true
	case ColorNameGridLine:
		return rgb(0xeceff2), true
	case ColorNameGridStripe:
		return rgb(0xfafbfc), true
	case theme.ColorNameError, ColorNameErrorText:
		return rgb(0xb3261e), true
	case ColorNameErrorSoft:
		return rgb(0xfdf1f0), true
	case ColorNameErrorEdge:
		return rgb(0xf0c8c4), true
	case theme.ColorNameWarning, ColorNameWarningText:
		return rgb(0x8a5200), true
	case ColorNameWarningSoft:
		return rgb(0xfff6e5), true
	case theme.ColorNameSuccess, ColorNameSuccessText:
		return rgb(0x166b3b), true
	case ColorNameSuccessSoft:
		return rgb(0xeaf6ef), true
	case theme.ColorNameScrollBar:
		return rgba(0x3c4450, 0x70), true
	case theme.ColorNameScrollBarBackground:
		return rgba(0x3c4450, 0x10), true
	case theme.ColorNameShadow:
		return rgba(0x000000, 0x33), true
	}
	return nil, false
}

func darkColor(n fyne.ThemeColorName) (color.Color, bool) {
	switch n {
	case theme.ColorNameBackground, ColorNamePanel:
		return rgb(0x1d2127), true
	case theme.ColorNameInputBackground:
		return rgb(0x171a1f), true
	case theme.ColorNameMenuBackground, theme.ColorNameOverlayBackground:
		return rgb(0x252a31), true
	case theme.ColorNameButton:
		return rgb(0x2a3038), true
	case ColorNameBackdrop:
		return rgb(0x15181c), true
	case theme.ColorNameDisabledButton:
		return rgb(0x23282e), true
	case theme.ColorNameForeground:
		return rgb(0xe8ebef), true
	case ColorNameMuted, theme.ColorNamePlaceHolder, ColorNameNullText:
		return rgb(0xa5adb8), true
	case theme.ColorNameDisabled:
		return rgb(0x808995), true
	case theme.ColorNameInputBorder, ColorNameBorder:
		return rgb(0x4a525d), true
	case theme.ColorNameSeparator:
		return rgb(0x343a43), true
	case theme.ColorNamePrimary:
		return rgb(0x6aa3f8), true
	case ColorNameAccentText, theme.ColorNameHyperlink:
		return rgb(0x8ebcff), true
	case ColorNameAccentSoft, theme.ColorNameSelection:
		return rgb(0x223a5c), true
	case theme.ColorNameFocus:
		return rgba(0x6aa5ff, 0x50), true
	case theme.ColorNameHover:
		return rgba(0xffffff, 0x0c), true
	case theme.ColorNamePressed:
		return rgba(0xffffff, 0x14), true
	case theme.ColorNameForegroundOnPrimary, theme.ColorNameForegroundOnError, theme.ColorNameForegroundOnSuccess, theme.ColorNameForegroundOnWarning:
		return rgb(0x15181c), true
	case ColorNameTrack:
		return rgb(0x3a414b), true
	case ColorNameGridHeader, theme.ColorNameHeaderBackground:
		return rgb(0x242931), true
	case ColorNameGridLine:
		return rgb(0x2b313a), true
	case ColorNameGridStripe:
		return rgb(0x20252b), true
	case theme.ColorNameError, ColorNameErrorText:
		return rgb(0xff9a92), true
	case ColorNameErrorSoft:
		return rgb(0x3a2222), true
	case ColorNameErrorEdge:
		return rgb(0x6e3a37), true
	case theme.ColorNameWarning, ColorNameWarningText:
		return rgb(0xf0bb63), true
	case ColorNameWarningSoft:
		return rgb(0x38301f), true
	case theme.ColorNameSuccess, ColorNameSuccessText:
		return rgb(0x78d3a0), true
	case ColorNameSuccessSoft:
		return rgb(0x1f3629), true
	case theme.ColorNameScrollBar:
		return rgba(0xc4ccd6, 0x70), true
	case theme.ColorNameScrollBarBackground:
		return rgba(0xc4ccd6, 0x10), true
	case theme.ColorNameShadow:
		return rgba(0x000000, 0x77), true
	}
	return nil, false
}

// Contrast returns the contrast of two opaque colours as WCAG 2.1 defines it, 1 to 21.
func Contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}
