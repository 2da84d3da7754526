// Package desktest is for the tests of the window's panels: a desk on Fyne's
// test driver, a UI thread that the test drives, and eyes and hands: what stands
// on the screen, and pressing it. Tests that look at the window this way do not
// break when its parts move. No program imports it.
package desktest

import (
	"image"
	"image/color"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"

	"postroom/app/desk"
	"postroom/app/tour"
	"postroom/assets"
	"postroom/test/fixture"
	"postroom/widgets"
)

// New is a desk with an empty window. Folders that its workers write into must be
// made before it: they are removed in the reverse order.
func New(t testing.TB) (*desk.Desk, *Queue) {
	t.Helper()
	f := test.NewTempApp(t)
	if err := lang.AddTranslationsFS(assets.Translations(), "translations"); err != nil {
		t.Fatal(err)
	}
	f.Settings().SetTheme(widgets.NewTheme(widgets.AlwaysLight))
	w := f.NewWindow("test")
	q := NewQueue()
	var working atomic.Int32
	d := desk.New(f, w, q.Post, func(do func()) {
		working.Add(1)
		go func() { // ends when do does
			defer working.Add(-1)
			do()
		}()
	})
	w.SetContent(&fyne.Container{Layout: d.Fill(), Objects: []fyne.CanvasObject{d.Toasts}})
	w.Resize(fyne.NewSize(1360, 860))
	t.Cleanup(func() {
		for some := true; some; some = q.Drain() { // what is done may start more, and nobody writes into a folder that is being removed
			q.Until(t, "the end of the workers", func() bool { return working.Load() == 0 })
		}
		Forget()
	})
	return d, q
}

// Show puts something alone into the window.
func Show(d *desk.Desk, o fyne.CanvasObject, width, height float32) {
	d.Window.SetContent(&fyne.Container{Layout: d.Fill(), Objects: []fyne.CanvasObject{o, d.Toasts}})
	d.Window.Resize(fyne.NewSize(width, height))
}

// Forget lets Fyne's caches go of windows that are no more: they are cleaned when
// something is painted, which the test driver never does, and would keep every
// window of a package's tests to their end. Call it when a test has ended.
func Forget() {
	c := software.NewCanvas()
	c.Resize(fyne.NewSize(1, 1))
	c.SetContent(canvas.NewRectangle(color.Transparent))
	c.Capture()
}

// English makes texts English, whatever language the machine speaks: Fyne reads
// it from the environment. Call it from TestMain. On Windows and macOS Fyne asks
// the system, whose language then has to be English.
func English() error {
	for name, value := range map[string]string{"LC_ALL": "en_US.UTF-8", "LANGUAGE": "en"} {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
}

// German makes the window of a test speak German; the tests after it speak as before.
func German(t *testing.T) {
	t.Helper()
	t.Cleanup(func() { // after the environment is as it was
		if err := lang.AddTranslationsFS(assets.Translations(), "translations"); err != nil {
			t.Error(err)
		}
	})
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANGUAGE"} {
		t.Setenv(name, "")
	}
	t.Setenv("LANG", "de_DE.UTF-8")
}

// Front is what a person can reach: what lies over the window, or the window.
func Front(d *desk.Desk) fyne.CanvasObject {
	if top := d.Window.Canvas().Overlays().Top(); top != nil {
		return top
	}
	return d.Window.Content()
}

// Walk visits what can be seen of an object, itself first.
func Walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if !o.Visible() {
		return
	}
	visit(o)
	var parts []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		parts = o.Objects
	case fyne.Widget:
		parts = test.WidgetRenderer(o).Objects()
	}
	for _, part := range parts {
		Walk(part, visit)
	}
}

// seen are the objects that can be seen in o, of one kind.
func seen[T fyne.CanvasObject](o fyne.CanvasObject) []T {
	var found []T
	Walk(o, func(part fyne.CanvasObject) {
		if p, ok := part.(T); ok {
			found = append(found, p)
		}
	})
	return found
}

// Buttons are those that a person can press, by what is on them.
func Buttons(d *desk.Desk) map[string]*widgets.Button {
	found := map[string]*widgets.Button{}
	for _, b := range seen[*widgets.Button](Front(d)) {
		found[b.Text] = b
	}
	return found
}

// Press presses the button that says text.
func Press(t testing.TB, d *desk.Desk, text string) {
	t.Helper()
	b := Buttons(d)[text]
	if b == nil {
		t.Fatalf("no button says %q; on the screen is %s", text, Text(d))
	}
	test.Tap(b)
}

// Text is every text that a person can read, a line each.
func Text(d *desk.Desk) string {
	var lines []string
	Walk(Front(d), func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widgets.Text:
			lines = append(lines, o.Value())
		case *widgets.Button:
			lines = append(lines, o.Text)
		case *widgets.Entry:
			lines = append(lines, o.Text)
		case *widgets.Check:
			lines = append(lines, o.Text)
		case *canvas.Text: // of lists and tables; of a Text and a Button again
			lines = append(lines, o.Text)
		}
	})
	return strings.Join(lines, "\n")
}

// Notes are the texts of the notes in the corner, also while a sheet lies over
// them.
func Notes(d *desk.Desk) string {
	var lines []string
	for _, text := range seen[*widgets.Text](d.Toasts) {
		lines = append(lines, text.Value())
	}
	return strings.Join(lines, "\n")
}

// Entry is the entry that shows a place holder while it is empty, or stands for a
// label.
func Entry(t testing.TB, d *desk.Desk, placeHolder string) *widgets.Entry {
	t.Helper()
	for _, e := range seen[*widgets.Entry](Front(d)) {
		if e.Hint() == placeHolder {
			return e
		}
	}
	t.Fatalf("no entry for %q; on the screen is %s", placeHolder, Text(d))
	return nil
}

// Password is the first entry for a password.
func Password(t testing.TB, d *desk.Desk) *widgets.PasswordEntry {
	t.Helper()
	if found := seen[*widgets.PasswordEntry](Front(d)); len(found) > 0 {
		return found[0]
	}
	t.Fatalf("no entry for a password; on the screen is %s", Text(d))
	return nil
}

// Check is the box to tick that says text.
func Check(t testing.TB, d *desk.Desk, text string) *widgets.Check {
	t.Helper()
	for _, c := range seen[*widgets.Check](Front(d)) {
		if c.Text == text {
			return c
		}
	}
	t.Fatalf("no box says %q; on the screen is %s", text, Text(d))
	return nil
}

// Card is the texts of the first card that explains an error: what happened, why
// and what to do, and the details when they are shown.
func Card(d *desk.Desk) []string {
	cards := seen[*widgets.ProblemCard](Front(d))
	if len(cards) == 0 {
		return nil
	}
	var lines []string
	for _, text := range seen[*widgets.Text](cards[0]) {
		lines = append(lines, text.Value())
	}
	return lines
}

// Lists are the lists with a search that can be seen.
func Lists(d *desk.Desk) []*widgets.SideList { return seen[*widgets.SideList](Front(d)) }

// Images are the pictures that can be seen, nil for one that is not drawn yet.
func Images(d *desk.Desk) []image.Image {
	var found []image.Image
	for _, c := range seen[*canvas.Image](Front(d)) {
		if c.Image != nil {
			found = append(found, c.Image)
		}
	}
	return found
}

// menu gives the items of the menu that is open, those of its own menus too.
func menu(d *desk.Desk) map[string]*fyne.MenuItem {
	all := map[string]*fyne.MenuItem{}
	var add func(items []*fyne.MenuItem)
	add = func(items []*fyne.MenuItem) {
		for _, i := range items {
			all[i.Label] = i
			if i.ChildMenu != nil {
				add(i.ChildMenu.Items)
			}
		}
	}
	add(d.Offered())
	return all
}

// Menus are the texts of the menu that was opened last.
func Menus(d *desk.Desk) []string { return slices.Sorted(maps.Keys(menu(d))) }

// ChooseMenu chooses from the menu that was opened last.
func ChooseMenu(t testing.TB, d *desk.Desk, text string) {
	t.Helper()
	item := menu(d)[text]
	if item == nil {
		t.Fatalf("no item of the menu says %q, but %q", text, Menus(d))
	}
	if top := d.Window.Canvas().Overlays().Top(); top != nil {
		d.Window.Canvas().Overlays().Remove(top)
	}
	item.Action()
}

// Type gives a key to whoever has the keyboard, else to the window.
func Type(d *desk.Desk, key fyne.KeyName) {
	c := d.Window.Canvas()
	event := &fyne.KeyEvent{Name: key}
	if f := c.Focused(); f != nil {
		f.TypedKey(event)
	} else if typed := c.OnTypedKey(); typed != nil {
		typed(event)
	}
}

// Shot keeps a picture of the window for people to look at, in out/app.
func Shot(t testing.TB, d *desk.Desk, name string) {
	t.Helper()
	if RaceDetector {
		return
	}
	dir := filepath.Join(fixture.Root(t), "out", "app")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := tour.Capture(d.Window.Canvas(), filepath.Join(dir, name+".png")); err != nil {
		t.Fatal(err)
	}
}

// Entries are the fields in front, from the first to the last.
func Entries(d *desk.Desk) []*widgets.Entry { return seen[*widgets.Entry](Front(d)) }
