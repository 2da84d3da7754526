package system_test

import (
	"bytes"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"golang.design/x/clipboard"

	"postroom/app/system"
)

// startX starts an X server without a screen that anybody sees.
func startX(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("Xvfb"); err != nil {
		t.Skip("Xvfb is not installed: make setup installs it")
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "200x200x24", "-noreset")
	x.ExtraFiles = []*os.File{write}
	startErr := x.Start()
	_ = write.Close() // Xvfb has its own
	if startErr != nil {
		t.Fatal(startErr)
	}
	t.Cleanup(func() {
		_ = x.Process.Kill()
		_ = x.Wait()
		_ = read.Close()
	})
	number := make([]byte, 16)
	n, err := read.Read(number)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DISPLAY", ":"+strings.TrimSpace(string(number[:n])))
}

// noise is a picture that does not get smaller as a PNG.
func noise(t *testing.T, side int) []byte {
	t.Helper()
	picture := image.NewNRGBA(image.Rect(0, 0, side, side))
	random := rand.NewChaCha8([32]byte{1})
	_, _ = random.Read(picture.Pix) // never fails
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A picture that was copied is there for other programs: one that nobody here wrote reads
// it, and the next one that is copied takes its place.
func TestACopiedPictureIsPasted(t *testing.T) {
	startX(t)
	if err := clipboard.Init(); err != nil {
		t.Skipf("the other program cannot read: %v", err)
	}
	for _, side := range []int{20, 100} {
		want := noise(t, side)
		if err := system.CopyPicture(want, func() {}); err != nil {
			t.Fatal(err)
		}
		if got := clipboard.Read(clipboard.FmtImage); !bytes.Equal(got, want) {
			t.Errorf("%d bytes are pasted of %d", len(got), len(want))
		}
	}
}

// A picture that is larger than a request goes in pieces.
func TestALargePictureGoesInPieces(t *testing.T) {
	startX(t)
	want := noise(t, 500) // a million bytes
	if err := system.CopyPicture(want, func() {}); err != nil {
		t.Fatal(err)
	}
	if got := pasted(t); !bytes.Equal(got, want) {
		t.Errorf("%d bytes are pasted of %d", len(got), len(want))
	}
}

// Without a display the error says so, at once.
func TestNoPictureWithoutADisplay(t *testing.T) {
	t.Setenv("DISPLAY", ":12345")
	if err := system.CopyPicture(noise(t, 4), func() {}); err == nil {
		t.Error("a picture was copied nowhere")
	}
}

// pasted reads a picture as ICCCM section 2.7.2 has it for what comes in pieces.
func pasted(t *testing.T) []byte {
	t.Helper()
	x, err := xgb.NewConn()
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	atom := func(name string) xproto.Atom {
		reply, internErr := xproto.InternAtom(x, false, uint16(len(name)), name).Reply() //nolint:gosec // a short name
		if internErr != nil {
			t.Fatal(internErr)
		}
		return reply.Atom
	}
	window, err := xproto.NewWindowId(x)
	if err != nil {
		t.Fatal(err)
	}
	root := xproto.Setup(x).DefaultScreen(x).Root
	err = xproto.CreateWindowChecked(x, 0, window, root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0, xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange}).Check()
	if err != nil {
		t.Fatal(err)
	}
	property := atom("PASTED")
	xproto.ConvertSelection(x, window, atom("CLIPBOARD"), atom("image/png"), property, xproto.TimeCurrentTime)
	take := func() (xproto.Atom, []byte) {
		reply, err := xproto.GetProperty(x, true, window, property, xproto.GetPropertyTypeAny, 0, 1<<24).Reply()
		if err != nil {
			t.Fatal(err)
		}
		return reply.Type, reply.Value
	}
	var all []byte
	pieces, begun := 0, false
	for {
		event, err := x.WaitForEvent()
		if err != nil {
			t.Fatal(err)
		}
		switch e := event.(type) {
		case xproto.SelectionNotifyEvent:
			if kind, _ := take(); kind != atom("INCR") {
				t.Fatal("it does not come in pieces")
			}
			begun = true
		case xproto.PropertyNotifyEvent:
			if !begun || e.State != xproto.PropertyNewValue || e.Atom != property {
				continue
			}
			_, value := take()
			if len(value) == 0 {
				if pieces < 2 {
					t.Errorf("it came in %d pieces", pieces)
				}
				return all
			}
			all, pieces = append(all, value...), pieces+1
		case nil:
			t.Fatal("the display is gone")
		}
	}
}
