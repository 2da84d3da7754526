package app

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session"
)

// systemTray is the desktop's own tray. It is an extra way: where the desktop
// shows none, the panel in the window is enough.
type systemTray struct {
	desktop desktop.App
	window  *mainWindow
}

// newSystemTray gives nil where the platform knows no tray.
func newSystemTray(w *mainWindow) *systemTray {
	d, ok := w.app.fyne.(desktop.App)
	if !ok {
		return nil
	}
	s := &systemTray{desktop: d, window: w}
	s.show(nil)
	return s
}

// show lists the sessions in the tray's menu.
func (s *systemTray) show(infos []session.Info) {
	menu := fyne.NewMenu("Postroom", fyne.NewMenuItem(lang.L("Show window"), s.window.window.Show))
	for _, i := range infos {
		if i.State.Ended() {
			continue
		}
		id := sessionID(i.ID)
		menu.Items = append(menu.Items, fyne.NewMenuItem(
			fmt.Sprintf(lang.L("Disconnect %s"), words.Session(i)), func() { s.window.disconnect(id) }))
	}
	if len(infos) > 0 {
		menu.Items = append(menu.Items, fyne.NewMenuItem(lang.L("Disconnect all"), s.window.disconnectAll))
	}
	quit := fyne.NewMenuItem(lang.L("Quit"), s.window.requestQuit)
	quit.IsQuit = true // Fyne adds none of its own, which would not disconnect
	menu.Items = append(menu.Items, fyne.NewMenuItemSeparator(), quit)
	s.desktop.SetSystemTrayMenu(menu)
}
