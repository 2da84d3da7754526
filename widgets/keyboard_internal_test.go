package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestFocus_beside_the_window_of_the_system_tray: with an icon in the system tray Fyne has a
// second window, which nobody sees; what was just made gets the keyboard all the same.
func TestFocus_beside_the_window_of_the_system_tray(t *testing.T) {
	app := test.NewTempApp(t)
	w, tray := app.NewWindow("ours"), app.NewWindow("SystrayMonitor")
	if onlyCanvas([]fyne.Window{w, tray}) != w.Canvas() || onlyCanvas([]fyne.Window{tray, w}) != w.Canvas() {
		t.Error("the window that a person sees is not found beside the tray's")
	}
	if onlyCanvas([]fyne.Window{w, w}) != nil || onlyCanvas(nil) != nil {
		t.Error("of several windows one was chosen")
	}
}
