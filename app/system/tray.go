package system

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session"
)

// TrayActions is what a person can do in the desktop's tray.
type TrayActions struct {
	Show          func() // the window
	Disconnect    func(session.ID)
	DisconnectAll func()
	Quit          func()
}

// Tray is the desktop's own tray. It is an extra way: where the desktop shows
// none, the panel in the window is enough. UI thread only.
type Tray struct {
	desktop desktop.App // nil where the platform knows no tray
	actions TrayActions
}

// NewTray puts the program's menu into the desktop's tray.
func NewTray(f fyne.App, actions TrayActions) *Tray {
	t := &Tray{actions: actions}
	t.desktop, _ = f.(desktop.App) // nil on the test driver
	t.SetSessions(nil)
	return t
}

// SetSessions lists the sessions in the tray's menu.
func (t *Tray) SetSessions(infos []session.Info) {
	if t.desktop == nil {
		return
	}
	menu := fyne.NewMenu("Postroom", fyne.NewMenuItem(lang.L("Show window"), t.actions.Show))
	for _, i := range infos {
		if i.State.Ended() {
			continue
		}
		menu.Items = append(menu.Items, fyne.NewMenuItem(
			fmt.Sprintf(lang.L("Disconnect %s"), words.Session(i)), func() { t.actions.Disconnect(i.ID) }))
	}
	if len(infos) > 0 {
		menu.Items = append(menu.Items, fyne.NewMenuItem(lang.L("Disconnect all"), t.actions.DisconnectAll))
	}
	quit := fyne.NewMenuItem(lang.L("Quit"), t.actions.Quit)
	quit.IsQuit = true // Fyne adds none of its own, which would not disconnect
	menu.Items = append(menu.Items, fyne.NewMenuItemSeparator(), quit)
	t.desktop.SetSystemTrayMenu(menu)
}
