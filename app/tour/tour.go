// Package tour drives the window by itself and takes pictures of it. What the
// steps are is the window's to say.
package tour

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"

	"postroom/app/desk"
	"postroom/session/atomicfile"
)

// Tour takes pictures of a window while something is done in it. Its methods
// must not be called on the UI thread.
type Tour struct {
	desk  *desk.Desk
	dir   string
	shots int
}

// New returns a tour whose pictures go into a folder, which it makes.
func New(d *desk.Desk, dir string) (*Tour, error) {
	//lint:ignore gosec pictures of made up data, for whoever looks
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("tour: %w", err)
	}
	return &Tour{desk: d, dir: dir}, nil
}

// stepTime is how long a step of the tour may take.
const stepTime = 60 * time.Second

// errStepTime is a step of the tour that did not come to its end.
var errStepTime = errors.New("tour: not done in the time of a step")

// Failed takes a picture of how a tour ended that did not come to its end.
func (t *Tour) Failed() error { return t.shot("failed") }

// Step does something on the UI thread, waits until it is done, and takes a
// picture.
func (t *Tour) Step(ctx context.Context, name string, do func(), done func() bool) error {
	ctx, cancel := context.WithTimeoutCause(ctx, stepTime, errStepTime)
	defer cancel()
	if err := t.OnUI(ctx, do); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for ok := false; !ok; {
		if err := t.OnUI(ctx, func() { ok = done() }); err != nil {
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

// OnUI does something on the UI thread and waits for it.
func (t *Tour) OnUI(ctx context.Context, do func()) error {
	done := make(chan struct{})
	t.desk.Post(func() { do(); close(done) })
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
func (t *Tour) shot(name string) error {
	timer := time.NewTimer(settle)
	<-timer.C
	ctx, cancel := context.WithTimeout(context.Background(), stepTime)
	defer cancel()
	t.shots++
	file := filepath.Join(t.dir, fmt.Sprintf("%02d-%s.png", t.shots, name))
	var failed error
	err := t.OnUI(ctx, func() { failed = Capture(t.desk.Window.Canvas(), file) })
	return errors.Join(err, failed)
}

// Capture takes a picture of a canvas and keeps it as a PNG.
func Capture(c fyne.Canvas, file string) error {
	picture := c.Capture()
	if blank(picture) {
		picture = paint(c)
	}
	if err := atomicfile.Replace(file, atomicfile.Shared, func(w io.Writer) error { return png.Encode(w, picture) }); err != nil {
		return fmt.Errorf("take a picture: %w", err)
	}
	return nil
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
