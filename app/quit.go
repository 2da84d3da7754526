package app

import (
	"context"
	"errors"
	"image/color"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"postroom/app/desk"
	"postroom/app/runs"
	"postroom/app/settings"
	"postroom/app/words"
	"postroom/session"
	"postroom/widgets"
)

// closing is the end of the program.
type closing struct {
	desk     *desk.Desk
	window   fyne.Window
	manager  *session.Manager
	settings *settings.File
	changing func() []*runs.Tab // whose run changes something
	arranged func() func(*settings.Settings)
	writing  func() bool           // an export goes on
	finish   func(context.Context) // waits for exports
	shutdown func(context.Context) error
	demo     func() *demoPlace
	end      func() // of the program
	begun    bool
	farewell *farewell // shown while sessions are closed; nil before
}

// request ends the program when a person wants to. While a run changes something
// it asks first.
func (c *closing) request() {
	running := c.changing()
	if c.begun || len(running) == 0 {
		c.now()
		return
	}
	if top := c.desk.Sheets.Top(); top != nil && top.Title() == lang.L("Quit while a change is running?") {
		return // it asks already
	}
	var s *widgets.Sheet
	stay := widgets.NewPrimaryButton(lang.L("Keep running"), func() { s.Hide() })
	leave := widgets.NewDangerButton(lang.L("Quit anyway"), func() { s.Hide(); c.now() })
	parts := []fyne.CanvasObject{widgets.NewParagraph(
		lang.L("Quitting stops it. What the server has already changed stays changed, and the rest is left undone."), widgets.BodyText)}
	for _, t := range running {
		parts = append(parts, widgets.NewParagraph(t.Strip.Name(), widgets.StrongText))
	}
	s = c.desk.Sheets.New(widgets.SheetSpec{
		Title: lang.L("Quit while a change is running?"), Width: 520, Foot: widgets.NewFoot(nil, leave, stay),
	}, parts...)
	s.Show(stay)
}

// now shows what is being disconnected, waits for the servers for at most
// shutdownTime, and quits. It is what signals and the end of the desktop session
// do: nobody may be there to ask. Doing it again changes nothing: closing the
// window twice must not leave a session behind.
func (c *closing) now() {
	if c.begun {
		return
	}
	c.begun = true
	keep := c.settings.Change(c.arranged())
	infos := c.manager.Sessions()
	if len(infos) > 0 {
		c.showDisconnecting(infos)
	}
	if c.writing() {
		c.desk.Note(widgets.Information, lang.L("Finishing the export ..."))
	}
	demo := c.demo()
	c.desk.Spawn(func() { // ends after shutdownTime at the latest
		ctx, cancel := context.WithTimeout(context.Background(), shutdownTime-lastWord)
		defer cancel()
		err := c.settle(ctx, keep)
		if demo != nil { // when its sessions are closed
			c.beside(demo.Stop).wait(ctx)
		}
		c.desk.Post(func() { c.quit(err) })
	})
}

// The parts of shutdownTime.
const (
	// lastWord is how long the window says what servers did not confirm before it closes.
	lastWord = 2 * time.Second
	// clearing is how long an export that is given up has to remove what it has written.
	clearing = time.Second
)

// settle closes the sessions, finishes the exports and keeps the arrangement, all at once:
// a server or a disk that does not answer costs only what it has to do with. It ends with
// ctx, as shutdown does, whatever the others do, and gives what servers did not confirm.
func (c *closing) settle(ctx context.Context, keep func(context.Context) error) error {
	kept := c.beside(func() {
		if err := keep(ctx); err != nil {
			slog.Warn("the arrangement of the window is not kept", "error", err)
		}
	})
	written := c.beside(func() {
		early, cancel := context.WithTimeout(ctx, shutdownTime-lastWord-clearing)
		defer cancel()
		c.finish(early)
	})
	err := c.shutdown(ctx)
	kept.wait(ctx)
	written.wait(ctx)
	return err
}

// under is work that goes on; it is closed when that is done.
type under chan struct{}

// beside does something on a worker.
func (c *closing) beside(do func()) under {
	done := make(under)
	c.desk.Spawn(func() { // ends with do; the program does not wait longer than for ctx
		defer close(done)
		do()
	})
	return done
}

// wait waits until it is done, or ctx ends.
func (u under) wait(ctx context.Context) {
	select {
	case <-u:
	case <-ctx.Done():
	}
}

// quit ends the program. What could not be confirmed is in the ledger; that is
// said here, and by main on standard error.
func (c *closing) quit(err error) {
	if err == nil || c.farewell == nil {
		c.end()
		return
	}
	p := words.Explain(err)
	c.farewell.say(p.Title + "\n" + p.Fix)
	time.AfterFunc(lastWord, func() { c.desk.Post(c.end) })
}

// showDisconnecting shows the sessions that are being closed. Nothing in it can
// be answered: it goes when they have gone.
func (c *closing) showDisconnecting(infos []session.Info) {
	steps := make([]widgets.Step, len(infos))
	at := map[session.ID]int{}
	for n, i := range infos {
		steps[n] = widgets.Step{Text: words.Session(i), Detail: words.Server(i), State: widgets.StepRunning}
		at[i.ID] = n
	}
	list := widgets.NewStepList(steps...)
	c.manager.Observe(session.ObserverFunc(func(i session.Info) {
		n, ours := at[i.ID]
		if !ours || !i.State.Ended() {
			return
		}
		step := steps[n]
		step.State = widgets.StepDone
		var left *session.LeftOpenError
		if errors.As(i.Err, &left) {
			step.State = widgets.StepFailed
		}
		c.desk.Post(func() { list.SetStep(n, step) })
	}))
	c.farewell = newFarewell(c.window, lang.L("Disconnecting ..."), list)
}

// farewell is the dialog that closes the program.
type farewell struct {
	text   *widget.Label
	body   *fyne.Container
	dialog *dialog.CustomDialog
}

func newFarewell(window fyne.Window, text string, list fyne.CanvasObject) *farewell {
	f := &farewell{text: widget.NewLabel(text)}
	f.text.Wrapping = fyne.TextWrapWord
	f.body = container.NewVBox(f.text, list)
	f.dialog = dialog.NewCustomWithoutButtons(lang.L("Closing"), fixedWidth(f.body, 460), window)
	f.dialog.Show()
	return f
}

// say changes the text and makes room for it.
func (f *farewell) say(text string) {
	f.text.SetText(text)
	f.body.Refresh()
	f.dialog.Resize(f.dialog.MinSize())
}

// fixedWidth keeps an object at a width, whatever it would like.
func fixedWidth(o fyne.CanvasObject, width float32) fyne.CanvasObject {
	strut := canvas.NewRectangle(color.Transparent)
	strut.SetMinSize(fyne.NewSize(width, 0))
	return container.NewStack(strut, o)
}
