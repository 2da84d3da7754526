package widgets_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"postroom/widgets"
)

// themedApp starts a test application with the light theme.
func themedApp(t testing.TB) fyne.App {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(widgets.NewTheme(widgets.AlwaysLight))
	return app
}

// walk calls visit for every visible object under o.
func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	visit(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, c := range o.Objects {
			walk(c, visit)
		}
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(o).Objects() {
			walk(c, visit)
		}
	}
}

// texts lists what can be read under an object.
func texts(o fyne.CanvasObject) []string {
	var out []string
	walk(o, func(o fyne.CanvasObject) {
		if t, ok := o.(*canvas.Text); ok && t.Text != "" {
			out = append(out, t.Text)
		}
	})
	return out
}

func readable(o fyne.CanvasObject, text string) bool {
	return strings.Contains(strings.Join(texts(o), "\n"), text)
}

func mustRead(t *testing.T, o fyne.CanvasObject, want ...string) {
	t.Helper()
	for _, w := range want {
		if !readable(o, w) {
			t.Errorf("%q is not to be read in %q", w, texts(o))
		}
	}
}

// textObject finds the one text that reads so.
func textObject(t *testing.T, o fyne.CanvasObject, text string) *canvas.Text {
	t.Helper()
	var found *canvas.Text
	walk(o, func(o fyne.CanvasObject) {
		if c, ok := o.(*canvas.Text); ok && c.Text == text {
			found = c
		}
	})
	if found == nil {
		t.Fatalf("no text %q in %q", text, texts(o))
	}
	return found
}

// signs lists the icons to be seen under an object.
func signs(o fyne.CanvasObject) []widgets.Icon {
	var out []widgets.Icon
	walk(o, func(o fyne.CanvasObject) {
		img, ok := o.(*canvas.Image)
		if !ok || img.Resource == nil {
			return
		}
		name := strings.TrimSuffix(img.Resource.Name(), ".svg") // ends with six digits of a colour
		out = append(out, widgets.Icon(name[:len(name)-6]))
	})
	return out
}

func mustShow(t *testing.T, o fyne.CanvasObject, want ...widgets.Icon) {
	t.Helper()
	for _, w := range want {
		if !slices.Contains(signs(o), w) {
			t.Errorf("the icon %q is not to be seen in %q", w, signs(o))
		}
	}
}

// where is the place of an object on its canvas.
func where(o fyne.CanvasObject) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
}

// button finds a button by its text or its name.
func button(t *testing.T, o fyne.CanvasObject, text string) *widgets.Button {
	t.Helper()
	var found *widgets.Button
	walk(o, func(o fyne.CanvasObject) {
		if b, ok := o.(*widgets.Button); ok && (b.Text == text || b.Name == text) && found == nil {
			found = b
		}
	})
	if found == nil {
		t.Fatalf("no button %q", text)
	}
	return found
}

// overlay is what lies over the window, nil when nothing does.
func overlay(w fyne.Window) fyne.CanvasObject { return w.Canvas().Overlays().Top() }

// press sends a key to what has the focus.
func press(w fyne.Window, keys ...fyne.KeyName) {
	for _, k := range keys {
		if f := w.Canvas().Focused(); f != nil {
			f.TypedKey(&fyne.KeyEvent{Name: k})
		}
	}
}

// typed types text into what has the focus now, rune by rune: the focus may move.
func typed(w fyne.Window, text string) {
	for _, c := range text {
		if f := w.Canvas().Focused(); f != nil {
			f.TypedRune(c)
		}
	}
}

func shortcut(o fyne.Shortcutable, k fyne.KeyName, m fyne.KeyModifier) {
	o.TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: m})
}

func mouse(x, y float32, b desktop.MouseButton, m fyne.KeyModifier) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y), AbsolutePosition: fyne.NewPos(x, y)}, Button: b, Modifier: m}
}

// click presses and releases a mouse button at a place of the grid.
func click(g *widgets.Grid, x, y float32, m fyne.KeyModifier) {
	g.MouseDown(mouse(x, y, desktop.MouseButtonPrimary, m))
	g.MouseUp(mouse(x, y, desktop.MouseButtonPrimary, m))
}

// dragMouse presses at one place, moves to another in steps and releases.
func dragMouse(g *widgets.Grid, x1, y1, x2, y2 float32) {
	g.MouseDown(mouse(x1, y1, desktop.MouseButtonPrimary, 0))
	for i := float32(1); i <= 4; i++ {
		g.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x1+(x2-x1)*i/4, y1+(y2-y1)*i/4)}, Dragged: fyne.NewDelta((x2-x1)/4, (y2-y1)/4)})
	}
	g.MouseUp(mouse(x2, y2, desktop.MouseButtonPrimary, 0))
	g.DragEnd()
}
