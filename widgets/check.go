package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Check is Fyne's box to tick. Keys and shortcuts that it has no use for go on to the
// window, so that Escape leaves a sheet whatever in it has the keyboard.
type Check struct {
	widget.Check
	inSight
}

var (
	_ fyne.Focusable    = (*Check)(nil)
	_ fyne.Shortcutable = (*Check)(nil)
	_ fyne.Accessible   = (*Check)(nil)
)

// NewCheck returns a box that is not ticked.
func NewCheck(text string, changed func(bool)) *Check {
	c := &Check{}
	c.Text, c.OnChanged = text, changed
	c.ExtendBaseWidget(c)
	return c
}

// SetChecked ticks the box, or takes the tick off, without a callback.
func (c *Check) SetChecked(checked bool) {
	c.Checked = checked
	c.Refresh()
}

// FocusGained shows the ring, and brings the box into sight.
func (c *Check) FocusGained() {
	c.Check.FocusGained()
	c.bring(c)
}

// TypedKey gives the key to the window, unless it ticks the box.
func (c *Check) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeySpace {
		c.Check.TypedKey(k)
		return
	}
	passKey(c, k)
}

// TypedShortcut gives the shortcut to the window.
func (c *Check) TypedShortcut(s fyne.Shortcut) { passShortcut(c, s, nil) }

// AccessibilityLabel names the box and says whether it is ticked.
func (c *Check) AccessibilityLabel() string { return onOrOff(c.Text, c.Checked) }

// AccessibilityRole says that it can be pressed.
func (c *Check) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// onOrOff is what a screen reader says of a box to tick.
func onOrOff(text string, on bool) string {
	if on {
		return text + ", " + tr("on")
	}
	return text + ", " + tr("off")
}
