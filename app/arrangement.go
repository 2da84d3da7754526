package app

import (
	"maps"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/settings"
	"postroom/widgets"
)

// remembering keeps what the window remembers.
type remembering struct {
	desk     *desk.Desk
	settings *settings.File
}

// remember changes what the window remembers. What goes wrong is shown.
func (r remembering) remember(do func(*settings.Settings)) {
	r.desk.Keep(r.settings.Change(do))
}

// look is how the window is arranged: its size and theme, its panels. UI thread
// only.
type look struct {
	remembering
	window   fyne.Window
	useTheme func(fyne.Theme)
	panels   *panels
	split    *widgets.SideSplit // of the cmdlets and the rest
	spoken   settings.Language  // that the window was started with
	chose    func()             // hears of a choice
}

// choose changes the theme, and remembers it.
func (l *look) choose(t settings.Theme) {
	l.setTheme(t)
	l.remember(func(s *settings.Settings) { s.Theme = t })
	l.chose()
}

// speak remembers the language of the next start: the texts of this one stand in the window
// already.
func (l *look) speak(language settings.Language) {
	l.remember(func(s *settings.Settings) { s.Language = language })
	l.chose()
	if language != l.spoken {
		l.desk.Note(widgets.Information, lang.L("The language changes with the next start of Postroom."))
	}
}

func (l *look) setTheme(t settings.Theme) { l.useTheme(themeOf(t)) }

// themeOf is the theme of a choice.
func themeOf(t settings.Theme) fyne.Theme {
	modes := map[settings.Theme]widgets.Mode{settings.Light: widgets.AlwaysLight, settings.Dark: widgets.AlwaysDark}
	return widgets.NewTheme(modes[t]) // the zero mode follows the desktop
}

// restore gives the window the size and the panels that it had when the program ended
// last. Its theme it has from the beginning: see New.
func (l *look) restore(s settings.Settings) {
	size := windowSize
	if s.Window.Width > 0 && s.Window.Height > 0 {
		size = fyne.NewSize(s.Window.Width, s.Window.Height)
	}
	l.window.Resize(size)
	if s.Side > 0 {
		l.split.SetWidth(s.Side)
	}
	l.panels.folded = s.TrayFolded
}

// now is how the window is arranged now.
func (l *look) now() func(*settings.Settings) {
	size, side, folded := l.window.Canvas().Size(), l.split.Width(), l.panels.folded
	return func(s *settings.Settings) {
		s.Window = settings.Size{Width: size.Width, Height: size.Height}
		s.Side, s.TrayFolded = side, folded
	}
}

// columns keeps how the columns of rows are arranged, with the settings.
type columns struct{ remembering }

// Arranged returns what is kept of a cmdlet's rows.
func (c columns) Arranged(cmdlet string) settings.Columns {
	return c.settings.Get().Columns[cmdlet]
}

// Arrange changes what is kept.
func (c columns) Arrange(cmdlet string, change func(*settings.Columns)) {
	c.remember(func(s *settings.Settings) {
		all := map[string]settings.Columns{}
		maps.Copy(all, s.Columns) // a reader may have the old ones
		now := all[cmdlet]
		change(&now)
		all[cmdlet] = now
		s.Columns = all
	})
}
