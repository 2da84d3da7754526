package app

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desktest"
)

// TestThePageOfKeysIsTrue: each key of the menus and of the window stands on the page, and
// each that the page names of the window is one of these.
func TestThePageOfKeysIsTrue(t *testing.T) {
	w, q := withDemo(t)
	page := map[string]bool{}
	for _, line := range w.commands.keyHelp() {
		for keys := range strings.SplitSeq(line.Keys, ", ") {
			if page[keys] {
				t.Errorf("%s is on the page twice", keys)
			}
			page[keys] = true
		}
	}
	taken := map[string]bool{"Tab": true, "Shift+Tab": true} // Fyne's own
	take := func(s fyne.Shortcut) {
		if s, is := s.(*desktop.CustomShortcut); is {
			taken[keyText(s.KeyName, s.Modifier)] = true
		}
	}
	for _, menu := range w.window.MainMenu().Items {
		for _, item := range menu.Items {
			take(item.Shortcut)
		}
	}
	ours := w.commands.ofWindow
	for _, k := range ours {
		taken[keyText(k.key, k.held)] = true
	}
	for keys := range taken {
		if !page[keys] {
			t.Errorf("%s does something and is not on the page", keys)
		}
	}
	for keys := range page {
		if !taken[keys] {
			t.Errorf("%s is on the page and does nothing", keys)
		}
	}
	for _, c := range []struct {
		key   fyne.KeyName
		shows string
	}{{fyne.KeyF1, lang.L("Keyboard")}, {fyne.KeyK, lang.L("Nothing found")}} {
		i := slices.IndexFunc(ours, func(k windowKey) bool { return k.key == c.key })
		if k := ours[i]; k.held == 0 {
			w.commands.typedKey(&fyne.KeyEvent{Name: k.key})
		} else {
			w.commands.keys.TypedShortcut(&desktop.CustomShortcut{KeyName: k.key, Modifier: k.held})
		}
		q.Drain()
		if c.key == fyne.KeyK {
			for _, r := range "qqqq" {
				w.window.Canvas().Focused().TypedRune(r)
			}
			q.Drain()
		}
		if !strings.Contains(desktest.Text(w.desk), c.shows) {
			t.Errorf("%s does not show %q but %s", c.key, c.shows, desktest.Text(w.desk))
		}
		w.commands.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	}
}
