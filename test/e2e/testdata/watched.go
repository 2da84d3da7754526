package app

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"postroom/app/runs"
)

// This file is no part of the program. The tests of test/e2e build the program
// with it (go build -overlay), to see what stands in the window and to plant
// panics. It answers commands, a line each, on a socket.
func init() {
	if path := os.Getenv("POSTROOM_WATCHED"); path != "" {
		listener, err := net.Listen("unix", path)
		if err != nil {
			panic(err)
		}
		go watched(listener)
	}
}

func watched(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		for lines := bufio.NewScanner(conn); lines.Scan(); {
			word, what, _ := strings.Cut(lines.Text(), " ")
			answer := make(chan any, 1)
			fyne.Do(func() {
				defer func() { answer <- nil }() // also when it panics, as ordered
				switch {
				case theWindow.app.over.Load(): // Fyne has ended, and this is no UI thread
				case word == "see":
					answer <- seenNow()
				case word == "panic":
					plantPanic(what)
				}
			})
			if err := json.NewEncoder(conn).Encode(<-answer); err != nil {
				break
			}
		}
		_ = conn.Close()
	}
}

// theWindow is the program's window: the build with this file sets it.
var theWindow *mainWindow

// plantPanic panics where it is told to. On the UI thread.
func plantPanic(where string) {
	w := theWindow
	switch where {
	case "ui":
		panic("planted on the UI thread")
	case "shortcut": // the test presses it: a callback with GLFW and C below it
		key := &desktop.CustomShortcut{KeyName: fyne.KeyJ, Modifier: fyne.KeyModifierShortcutDefault}
		w.window.Canvas().AddShortcut(key, func(fyne.Shortcut) { panic("planted in a shortcut") })
	case "worker":
		w.desk.Spawn(func() { panic("planted in a worker") })
	case "redraw":
		runs.PlantRedraw(w.middle.open[0])
	case "disconnecting": // while the window says goodbye
		w.closing.request()
		panic("planted while disconnecting")
	default:
		panic(fmt.Sprintf("no panic is planted at %q", where))
	}
}

// tellLastWord tells what stands in the window when it has said its last word, after which
// it soon goes.
func tellLastWord() {
	fmt.Fprint(os.Stderr, "last word:")
	for _, s := range seenNow() {
		fmt.Fprintf(os.Stderr, " %q", s.Text)
	}
	fmt.Fprintln(os.Stderr)
}

type seen struct {
	Text       string
	X, Y, W, H float32
	Focused    bool
}

// seenNow are the texts that stand in the window, with their places in pixels.
func seenNow() []seen {
	w := theWindow
	c := w.window.Canvas()
	all := []seen{}
	var walk func(o fyne.CanvasObject, at fyne.Position, focused bool)
	walk = func(o fyne.CanvasObject, at fyne.Position, focused bool) {
		if o == nil || !o.Visible() {
			return
		}
		at = at.Add(o.Position())
		if f, ok := o.(fyne.Focusable); ok && f == c.Focused() {
			focused = true
		}
		switch o := o.(type) {
		case *canvas.Text:
			if o.Text != "" {
				s := c.Scale()
				all = append(all, seen{Text: o.Text, X: at.X * s, Y: at.Y * s, W: o.Size().Width * s, H: o.Size().Height * s, Focused: focused})
			}
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child, at, focused)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child, at, focused)
			}
		}
	}
	content := c.Content()
	walk(content, fyne.CurrentApp().Driver().AbsolutePositionForObject(content).Subtract(content.Position()), false)
	for _, o := range c.Overlays().List() {
		walk(o, fyne.Position{}, false)
	}
	return all
}
