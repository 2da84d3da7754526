package app

import (
	"context"
	"maps"

	"fyne.io/fyne/v2"

	"postroom/app/settings"
)

// remember changes what the window remembers. What goes wrong is shown.
func (w *mainWindow) remember(do func(*settings.Settings)) {
	w.desk.Spawn(func() { // ends when the file is written
		if err := w.app.settings.Change(context.Background(), do); err != nil {
			w.desk.Post(func() { w.desk.Problem(err) })
		}
	})
}

// arranged gives the window the look that it had when the program ended last.
func (w *mainWindow) arranged(s settings.Settings) {
	w.setTheme(s.Theme)
	size := windowSize
	if s.Window.Width > 0 && s.Window.Height > 0 {
		size = fyne.NewSize(s.Window.Width, s.Window.Height)
	}
	w.window.Resize(size)
	if s.Side > 0 {
		w.split.SetWidth(s.Side)
	}
	w.panels.folded = s.TrayFolded
}

// arrangement is how the window is arranged now.
func (w *mainWindow) arrangement() func(*settings.Settings) {
	size, side, folded := w.window.Canvas().Size(), w.split.Width(), w.panels.folded
	return func(s *settings.Settings) {
		s.Window = settings.Size{Width: size.Width, Height: size.Height}
		s.Side, s.TrayFolded = side, folded
	}
}

// columns keeps how the columns of rows are arranged, with the settings.
type columns struct{ w *mainWindow }

// Arranged returns what is kept of a cmdlet's rows.
func (c columns) Arranged(cmdlet string) settings.Columns {
	return c.w.app.settings.Get().Columns[cmdlet]
}

// Arrange changes what is kept.
func (c columns) Arrange(cmdlet string, change func(*settings.Columns)) {
	c.w.remember(func(s *settings.Settings) {
		all := map[string]settings.Columns{}
		maps.Copy(all, s.Columns) // a reader may have the old ones
		now := all[cmdlet]
		change(&now)
		all[cmdlet] = now
		s.Columns = all
	})
}
