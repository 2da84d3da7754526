package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// focus gives the keyboard to a widget. Fyne does not know the canvas of one that was
// just added and not drawn yet: it is looked for in the window then.
func focus(o fyne.Focusable) {
	obj, ok := o.(fyne.CanvasObject)
	if !ok {
		return
	}
	d := fyne.CurrentApp().Driver()
	c := d.CanvasForObject(obj)
	if c == nil { // it has not been painted yet
		c = onlyCanvas(d.AllWindows())
	}
	if c != nil {
		c.Focus(o)
	}
}

// trayWindow is the title of a window that Fyne itself keeps, and never shows, where there
// is an icon in the system tray.
const trayWindow = "SystrayMonitor"

// onlyCanvas is the canvas of the only window that a person sees; nil where there are several.
func onlyCanvas(windows []fyne.Window) (only fyne.Canvas) {
	for _, w := range windows {
		switch {
		case w.Title() == trayWindow:
		case only != nil:
			return nil
		default:
			only = w.Canvas()
		}
	}
	return only
}

// spent says that the last key was a Space that has done something: the blank that the
// driver types after it is none for an entry that this gave the keyboard to. (A sheet opened
// by Space searched for a blank, and found nothing.) UI thread only.
var spent bool

// spend notes a key that does something.
func spend(k *fyne.KeyEvent) { spent = k.Name == fyne.KeySpace }

// shifted tells whether a Shift key is held down: a key event does not say so.
func shifted() bool {
	d, is := fyne.CurrentApp().Driver().(desktop.Driver)
	return is && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}

// focusBeside gives the keyboard to what comes behind, or before, the one that has it.
func focusBeside(o fyne.CanvasObject, before bool) {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	switch {
	case c == nil:
	case before:
		c.FocusPrevious()
	default:
		c.FocusNext()
	}
}

// passShortcut gives a shortcut to its taker, and without one to the canvas of an object.
func passShortcut(o fyne.CanvasObject, s fyne.Shortcut, taker func(fyne.Shortcut)) {
	if taker != nil {
		taker(s)
		return
	}
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if h, ok := c.(fyne.Shortcutable); ok {
		h.TypedShortcut(s)
	}
}

// passKey gives a key that a widget has no use for to the window, as if nothing had the
// keyboard. (Fyne gives a key to the focused widget alone, so that F5 would be dead there.)
func passKey(o fyne.CanvasObject, k *fyne.KeyEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil {
		return
	}
	if typed := c.OnTypedKey(); typed != nil {
		typed(k)
	}
}

// forWindow tells the keys that never edit a text: they are the window's.
func forWindow(k fyne.KeyName) bool {
	switch k {
	case fyne.KeyEscape, fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6,
		fyne.KeyF7, fyne.KeyF8, fyne.KeyF9, fyne.KeyF10, fyne.KeyF11, fyne.KeyF12:
		return true
	}
	return false
}
