package widgets_test

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"postroom/widgets"
)

// over blends a translucent colour onto an opaque one.
func over(c, ground color.Color) color.Color {
	r, g, b, a := c.RGBA()
	gr, gg, gb, _ := ground.RGBA()
	mix := func(s, d uint32) uint16 { return uint16(s + d*(0xffff-a)/0xffff) }
	return color.RGBA64{R: mix(r, gr), G: mix(g, gg), B: mix(b, gb), A: 0xffff}
}

func TestTheme_text_can_be_read(t *testing.T) {
	for name, m := range map[string]widgets.Mode{"light": widgets.AlwaysLight, "dark": widgets.AlwaysDark} {
		th := widgets.NewTheme(m)
		of := func(n fyne.ThemeColorName) color.Color { return th.Color(n, theme.VariantLight) }
		for _, p := range widgets.TextPairs() {
			if c := widgets.Contrast(of(p.Text), of(p.On)); c < 4.5 {
				t.Errorf("%s: %s on %s has %.2f : 1", name, p.Text, p.On, c)
			}
		}
		// What lies over a button or a line when the mouse is over it, or holds it down.
		for _, veil := range []fyne.ThemeColorName{theme.ColorNameHover, theme.ColorNamePressed} {
			for _, p := range []widgets.TextPair{
				{Text: theme.ColorNameForeground, On: theme.ColorNameButton},
				{Text: theme.ColorNameForeground, On: theme.ColorNameBackground},
				{Text: widgets.ColorNameMuted, On: theme.ColorNameBackground},
				{Text: widgets.ColorNameAccentText, On: theme.ColorNameBackground},
				{Text: theme.ColorNameForegroundOnPrimary, On: theme.ColorNamePrimary},
			} {
				if c := widgets.Contrast(of(p.Text), over(of(veil), of(p.On))); c < 4.5 {
					t.Errorf("%s: %s on %s under %s has %.2f : 1", name, p.Text, p.On, veil, c)
				}
			}
		}
	}
}

func TestTheme_knows_every_name_of_Fyne(t *testing.T) {
	test.NewTempApp(t)
	for _, m := range []widgets.Mode{widgets.FollowSystem, widgets.AlwaysLight, widgets.AlwaysDark} {
		test.AssertAllColorNamesDefined(t, widgets.NewTheme(m), "postroom")
		th := widgets.NewTheme(m)
		for _, s := range []fyne.ThemeSizeName{theme.SizeNameText, theme.SizeNamePadding, theme.SizeNameScrollBarRadius, theme.SizeNameWindowTitleBarHeight} {
			if th.Size(s) <= 0 {
				t.Errorf("%s is %v", s, th.Size(s))
			}
		}
	}
}

func TestTheme_follows_or_is_forced(t *testing.T) {
	light, dark := theme.VariantLight, theme.VariantDark
	at := func(m widgets.Mode, v fyne.ThemeVariant) color.Color {
		return widgets.NewTheme(m).Color(theme.ColorNameBackground, v)
	}
	if at(widgets.FollowSystem, light) == at(widgets.FollowSystem, dark) {
		t.Error("the theme does not follow the desktop")
	}
	if at(widgets.AlwaysDark, light) != at(widgets.FollowSystem, dark) || at(widgets.AlwaysLight, dark) != at(widgets.FollowSystem, light) {
		t.Error("a forced theme follows the desktop")
	}
}

func TestTextOn_can_be_read_on_any_colour(t *testing.T) {
	for r := 0; r < 256; r += 5 {
		for g := 0; g < 256; g += 5 {
			for b := 0; b < 256; b += 15 {
				c := color.NRGBA{R: uint8(r), G: uint8(g), B: uint8(b), A: 0xff}
				if got := widgets.Contrast(widgets.TextOn(c), c); got < 4.5 {
					t.Fatalf("on %v the letter has %.2f : 1", c, got)
				}
			}
		}
	}
}

func TestWidgets_live_with_another_theme(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(test.Theme())
	g := widgets.NewGrid()
	window(t, g, 400, 300)
	g.SetSource(mailboxes{})
	text := textObject(t, g, "Ada Brandt")
	if _, _, _, a := text.Color.RGBA(); a == 0 {
		t.Error("text without a colour in a theme that does not know our names")
	}
	app.Settings().SetTheme(widgets.NewTheme(widgets.AlwaysDark))
	g.Refresh()
	if widgets.Contrast(textObject(t, g, "Ada Brandt").Color, color.NRGBA{R: 0x1d, G: 0x21, B: 0x27, A: 0xff}) < 4.5 {
		t.Error("the grid keeps its light text in the dark")
	}
}

// TestNothingIsBlurredBehindASheet: where no graphics processor draws, each frame would wait for
// it.
func TestNothingIsBlurredBehindASheet(t *testing.T) {
	if got := widgets.NewTheme(widgets.FollowSystem).Size(theme.SizeNameModalBlurRadius); got != 0 {
		t.Errorf("what is behind a sheet is blurred by %v", got)
	}
}
