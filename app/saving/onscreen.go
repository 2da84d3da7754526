package saving

import (
	"time"

	"fyne.io/fyne/v2"
)

// readTime is how long a warning stands on the screen before it can be answered. A key or a
// click that comes sooner was on its way already, and meant for what was there before.
const readTime = 500 * time.Millisecond

// onScreen calls then on the UI thread when what was just shown has been drawn and has stood
// there for readTime, however long a busy computer takes to draw it. Animations tick before
// a frame is drawn: at the second frame the first one is there.
func onScreen(then func()) {
	const frame = time.Nanosecond
	after(frame, func() { after(frame, func() { after(readTime, then) }) })
}

// after calls then before the first frame that is drawn after d.
func after(d time.Duration, then func()) {
	fyne.NewAnimation(d, func(done float32) {
		if done == 1 {
			then()
		}
	}).Start()
}
