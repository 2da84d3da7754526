package app

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"

	"postroom/widgets"
)

// tour drives the window through the whole job, as a person would: sign in to
// the demo, choose a customer, run, filter, export, look at the sessions,
// change the customer, disconnect. It leaves a picture of each step and the
// exported file in dir.
type tour struct {
	window *mainWindow
	dir    string
	shots  int
}

// stepTime is how long a step of the tour may take.
const stepTime = 60 * time.Second

// errStepTime is a step of the tour that did not come to its end.
var errStepTime = errors.New("app: not done in the time of a step")

// Tour runs the tour and ends the program. The error says which step failed.
// It must not be called on the UI thread.
func (a *App) Tour(ctx context.Context, dir string) error {
	//lint:ignore gosec pictures of made up data, for whoever looks
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("tour: %w", err)
	}
	t := &tour{window: a.window, dir: dir}
	err := t.walk(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("tour: %w", err), t.shot("failed"))
	}
	a.post(a.window.requestQuit)
	return err
}

func (t *tour) walk(ctx context.Context) error {
	w := t.window
	var dialog *signIn
	var tab *runTab
	steps := []struct {
		name string
		do   func()
		done func() bool
	}{
		{"welcome", func() { w.setTheme(widgets.AlwaysLight) }, func() bool { return w.window.Canvas().Size().Width > 0 }},
		{"sign-in", w.startDemo, func() bool { return w.demo != nil && w.window.Canvas().Overlays().Top() != nil }},
		{"connected", func() {
			w.desk.Sheets.Top().Leave()
			dialog = w.showDemoSignIn()
			dialog.setTenant(w.demo.tenants[0])
			dialog.submit()
		}, func() bool { return w.connection != nil }},
		{"form", func() { w.openCmdlet("Get-Mailbox"); tab = w.open[0] }, func() bool { return true }},
		{"rows", func() { tab.form.Run() }, func() bool { return tab.run != nil && !tab.run.running }},
		{"filtered", func() {
			tab.filter.SetText(tab.run.view.Cell(0, 0))
			tab.sort([]widgets.SortKey{{Col: 0, Order: widgets.Descending}})
		}, func() bool {
			rows, _ := tab.run.view.Size()
			return rows < tab.run.total
		}},
		{"second-tenant", func() {
			w.tenantChosen(tenantItem(w.demo.tenants[1]))
			w.openCmdlet("Get-TransportRule")
			tab = w.open[1]
			tab.form.Run()
		}, func() bool { return tab.run != nil && !tab.run.running }},
		{"dark", func() { w.setTheme(widgets.AlwaysDark) }, func() bool { return true }},
	}
	for _, s := range steps {
		if err := t.step(ctx, s.name, s.do, s.done); err != nil {
			return err
		}
		if tab != nil && tab.run != nil && tab.run.err != nil {
			return fmt.Errorf("%s: %w", s.name, tab.run.err)
		}
	}
	if err := t.export(ctx, tab); err != nil {
		return err
	}
	if err := t.step(ctx, "disconnected", w.disconnectAll, func() bool { return len(w.app.manager.Sessions()) == 0 }); err != nil {
		return err
	}
	if open := w.demo.server.Stats().OpenShells; open != 0 {
		return fmt.Errorf("the server still has %d sessions", open)
	}
	return nil
}

// step does something on the UI thread, waits until it is done, and takes a
// picture.
func (t *tour) step(ctx context.Context, name string, do func(), done func() bool) error {
	ctx, cancel := context.WithTimeoutCause(ctx, stepTime, errStepTime)
	defer cancel()
	if err := t.onUI(ctx, do); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for ok := false; !ok; {
		if err := t.onUI(ctx, func() { ok = done() }); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", name, context.Cause(ctx))
		}
	}
	return t.shot(name)
}

// onUI does something on the UI thread and waits for it.
func (t *tour) onUI(ctx context.Context, do func()) error {
	done := make(chan struct{})
	t.window.post(func() { do(); close(done) })
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// settle is the time in which what was just changed is drawn.
const settle = 400 * time.Millisecond

// shot takes a picture of the window.
func (t *tour) shot(name string) error {
	timer := time.NewTimer(settle)
	<-timer.C
	ctx, cancel := context.WithTimeout(context.Background(), stepTime)
	defer cancel()
	t.shots++
	file := filepath.Join(t.dir, fmt.Sprintf("%02d-%s.png", t.shots, name))
	var failed error
	err := t.onUI(ctx, func() { failed = capture(t.window.window.Canvas(), file) })
	return errors.Join(err, failed)
}

func capture(c fyne.Canvas, file string) error {
	f, err := os.Create(file)
	if err != nil {
		return fmt.Errorf("take a picture: %w", err)
	}
	picture := c.Capture()
	if blank(picture) {
		picture = paint(c)
	}
	if err := png.Encode(f, picture); err != nil {
		return errors.Join(fmt.Errorf("take a picture: %w", err), f.Close())
	}
	return f.Close()
}

// blank says that a picture has one colour only: software OpenGL has no front
// buffer that could be read.
func blank(i image.Image) bool {
	first, b := i.At(i.Bounds().Min.X, i.Bounds().Min.Y), i.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y += 7 {
		for x := b.Min.X; x < b.Max.X; x += 7 {
			if i.At(x, y) != first {
				return false
			}
		}
	}
	return true
}

// paint draws what is on a canvas without OpenGL.
func paint(c fyne.Canvas) image.Image {
	size, place := c.Content().Size(), c.Content().Position()
	copied := software.NewCanvas()
	copied.SetPadded(false)
	copied.Resize(c.Size())
	copied.SetContent(c.Content())
	for _, overlay := range c.Overlays().List() {
		copied.Overlays().Add(overlay)
	}
	picture := copied.Capture()
	c.Content().Resize(size)
	c.Content().Move(place)
	return picture
}

// export writes what the tab shows.
func (t *tour) export(ctx context.Context, tab *runTab) error {
	name := ""
	var failed error
	err := t.onUI(ctx, func() {
		v := tab.shown()
		name = filepath.Join(t.dir, v.Provenance().FileName(".csv"))
		failed = writeExport(ctx, name, v)
	})
	if err = errors.Join(err, failed); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}
