package app

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"postroom/app/words"
	"postroom/session"
	"postroom/widgets"
)

// requestQuit ends the program: it shows what is being disconnected, waits for
// the servers for at most shutdownTime, and quits. Asking again changes
// nothing: closing the window twice must not leave a session behind.
func (w *mainWindow) requestQuit() {
	if w.quitting {
		return
	}
	w.quitting = true
	infos := w.app.manager.Sessions()
	if len(infos) > 0 {
		w.showDisconnecting(infos)
	}
	if w.exporting > 0 {
		w.desk.Note(widgets.Information, lang.L("The export is being finished ..."))
	}
	w.app.spawn(func() { // ends after shutdownTime at the latest
		ctx, cancel := context.WithTimeout(context.Background(), shutdownTime-lastWord)
		defer cancel()
		err := w.app.Shutdown(ctx)
		w.app.exports.finish(ctx)
		w.post(func() { w.quit(err) })
	})
}

// lastWord is how long the window says what servers did not confirm before it
// closes. It is part of shutdownTime.
const lastWord = 2 * time.Second

// quit ends the program. What could not be confirmed is in the ledger; that is
// said here, and by main on standard error.
func (w *mainWindow) quit(err error) {
	if err == nil || w.farewell == nil {
		w.end()
		return
	}
	p := words.Explain(err)
	w.farewell.say(p.Title + "\n" + p.Fix)
	time.AfterFunc(lastWord, func() { w.post(w.end) })
}

func (w *mainWindow) end() {
	if w.demo != nil {
		w.demo.stop()
	}
	w.app.over.Store(true)
	w.app.fyne.Quit()
}

// showDisconnecting shows the sessions that are being closed. Nothing in it can
// be answered: it goes when they have gone.
func (w *mainWindow) showDisconnecting(infos []session.Info) {
	steps := make([]widgets.Step, len(infos))
	at := map[session.ID]int{}
	for n, i := range infos {
		steps[n] = widgets.Step{Text: words.Session(i), Detail: words.Server(i), State: widgets.StepRunning}
		at[i.ID] = n
	}
	list := widgets.NewStepList(steps...)
	w.app.manager.Observe(session.ObserverFunc(func(i session.Info) {
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
		w.post(func() { list.SetStep(n, step) })
	}))
	w.farewell = newFarewell(w.window, lang.L("Disconnecting ..."), list)
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
