package system

import (
	"errors"
	"fmt"
	"slices"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// CopyPicture puts a picture, a PNG, on the system's clipboard. Errors say what was tried:
// there may be no X server, as under Wayland without XWayland.
//
// With X the program that copied gives the picture to whoever pastes it (ICCCM section 2):
// a goroutine does, until something else is copied or the display goes. guard is deferred
// in it. It must not be called on the UI thread.
func CopyPicture(png []byte, guard func()) error {
	x, err := xgb.NewConn()
	if err != nil {
		return fmt.Errorf("copy a picture: %w", err)
	}
	o := &pictureOwner{conn: x, picture: slices.Clone(png), atoms: map[string]xproto.Atom{}, rests: map[transfer][]byte{}}
	if err := o.take(); err != nil {
		x.Close()
		return fmt.Errorf("copy a picture: %w", err)
	}
	go func() { // ends when something else is copied, or with the display
		defer guard()
		defer x.Close()
		o.serve()
	}()
	return nil
}

// pictureOwner owns the clipboard, with a picture in it.
type pictureOwner struct {
	conn    *xgb.Conn
	window  xproto.Window
	picture []byte
	atoms   map[string]xproto.Atom
	rests   map[transfer][]byte // of pictures that are given in pieces
}

// transfer is a picture on its way to another window, in a property of that.
type transfer struct {
	window   xproto.Window
	property xproto.Atom
}

// The atoms of the protocol.
const (
	clipboardAtom = "CLIPBOARD"
	targetsAtom   = "TARGETS"
	pngAtom       = "image/png"
	incrAtom      = "INCR"
)

// piece is how much goes into a request: the protocol has room for 262,140 bytes in one.
const piece = 200 << 10

// errTaken means that another program took the clipboard at that moment.
var errTaken = errors.New("another program took the clipboard")

// take makes us the clipboard's owner.
func (o *pictureOwner) take() error {
	for _, name := range []string{clipboardAtom, targetsAtom, pngAtom, incrAtom} {
		reply, err := xproto.InternAtom(o.conn, false, uint16(len(name)), name).Reply() //nolint:gosec // names of ours
		if err != nil {
			return err
		}
		o.atoms[name] = reply.Atom
	}
	var err error
	if o.window, err = xproto.NewWindowId(o.conn); err != nil {
		return err
	}
	screen := xproto.Setup(o.conn).DefaultScreen(o.conn)
	if err = xproto.CreateWindowChecked(o.conn, 0, o.window, screen.Root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0, 0, nil).Check(); err != nil {
		return err
	}
	if err = xproto.SetSelectionOwnerChecked(o.conn, o.window, o.atoms[clipboardAtom], xproto.TimeCurrentTime).Check(); err != nil {
		return err
	}
	owner, err := xproto.GetSelectionOwner(o.conn, o.atoms[clipboardAtom]).Reply()
	if err == nil && owner.Owner != o.window {
		err = errTaken
	}
	return err
}

// serve gives the picture to those that ask. A window that asked may be gone, which is an
// error of its request alone.
func (o *pictureOwner) serve() {
	for {
		event, err := o.conn.WaitForEvent()
		switch e := event.(type) {
		case xproto.SelectionClearEvent:
			return
		case xproto.SelectionRequestEvent:
			o.answer(e)
		case xproto.PropertyNotifyEvent:
			if e.State == xproto.PropertyDelete {
				o.next(transfer{e.Window, e.Atom})
			}
		case nil:
			if err == nil {
				return // the display is gone
			}
		}
	}
}

// answer gives the picture, or says in which format it is there.
func (o *pictureOwner) answer(e xproto.SelectionRequestEvent) {
	t := transfer{e.Requestor, e.Property}
	if t.property == xproto.AtomNone {
		t.property = e.Target // as the oldest programs ask
	}
	said := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: t.property}
	switch e.Target {
	case o.atoms[targetsAtom]:
		o.put(t, xproto.AtomAtom, 32, cardinals(uint32(o.atoms[targetsAtom]), uint32(o.atoms[pngAtom])))
	case o.atoms[pngAtom]:
		if len(o.picture) <= piece {
			o.put(t, e.Target, 8, o.picture)
			break
		}
		o.rests[t] = o.picture
		xproto.ChangeWindowAttributes(o.conn, t.window, xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange})
		o.put(t, o.atoms[incrAtom], 32, cardinals(uint32(len(o.picture)))) //nolint:gosec // a picture of a chart
	default:
		said.Property = xproto.AtomNone
	}
	xproto.SendEvent(o.conn, false, e.Requestor, 0, string(said.Bytes()))
}

// next gives the next piece once the one before was taken; an empty one is the last.
func (o *pictureOwner) next(t transfer) {
	rest, under := o.rests[t]
	if !under {
		return
	}
	now := rest[:min(piece, len(rest))]
	o.put(t, o.atoms[pngAtom], 8, now)
	if o.rests[t] = rest[len(now):]; len(now) == 0 {
		delete(o.rests, t)
	}
}

// put writes a property of another window.
func (o *pictureOwner) put(t transfer, kind xproto.Atom, bits byte, data []byte) {
	xproto.ChangeProperty(o.conn, xproto.PropModeReplace, t.window, t.property, kind, bits, uint32(len(data))/uint32(bits/8), data) //nolint:gosec // a piece
}

// cardinals are numbers as the protocol has them.
func cardinals(numbers ...uint32) []byte {
	b := make([]byte, 4*len(numbers))
	for i, n := range numbers {
		xgb.Put32(b[4*i:], n)
	}
	return b
}
