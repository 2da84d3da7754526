package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Mode says whether a theme follows the desktop or is forced.
type Mode int

// The modes of a theme.
const (
	FollowSystem Mode = iota // light or dark as the desktop says
	AlwaysLight
	AlwaysDark
)

// NewTheme returns the look of the program: quiet, dense, one accent colour. It
// has every colour and size of Fyne's own themes and the names that this package adds.
func NewTheme(m Mode) fyne.Theme { return &look{mode: m} }

type look struct{ mode Mode }

var _ fyne.Theme = (*look)(nil)

func (l *look) variant(v fyne.ThemeVariant) fyne.ThemeVariant {
	switch l.mode {
	case AlwaysLight:
		return theme.VariantLight
	case AlwaysDark:
		return theme.VariantDark
	default:
		return v
	}
}

// Color returns the named colour. The variant counts only when the mode is FollowSystem.
func (l *look) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	v = l.variant(v)
	if c, ok := paletteColor(n, v); ok {
		return c
	}
	return theme.DefaultTheme().Color(n, v)
}

// Font returns the bundled font of Fyne: it covers Latin, Greek and Cyrillic and falls
// back to the fonts of the system for the rest.
func (l *look) Font(s fyne.TextStyle) fyne.Resource { return theme.DefaultTheme().Font(s) }

// Icon returns Fyne's icons.
func (l *look) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

// Size returns the named size in device-independent pixels.
func (l *look) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case theme.SizeNameText:
		return 13
	case theme.SizeNameCaptionText:
		return 12
	case theme.SizeNameHeadingText:
		return 20
	case theme.SizeNameSubHeadingText:
		return 16
	case theme.SizeNameInnerPadding:
		return 6
	case theme.SizeNamePadding:
		return 4
	case theme.SizeNameLineSpacing:
		return 3
	case theme.SizeNameInputRadius, theme.SizeNameButtonRadius, theme.SizeNameSelectionRadius:
		return 5
	case theme.SizeNameInlineIcon:
		return 18
	case theme.SizeNameScrollBar:
		return 12
	case theme.SizeNameSplitThickness:
		return 3
	case theme.SizeNameScrollBarSmall:
		return 5
	case theme.SizeNameModalBlurRadius:
		// Without a graphics processor each frame behind a sheet would be blurred by the processor,
		// for each blink of a cursor: keys and the end of the program would wait for it.
		return 0
	default:
		return theme.DefaultTheme().Size(n)
	}
}
