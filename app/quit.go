package app

import (
	"context"
	"errors"
	"fmt"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

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
	w.app.spawn(func() { // ends after shutdownTime at the latest
		ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
		defer cancel()
		err := w.app.Shutdown(ctx)
		w.post(func() { w.quit(err) })
	})
}

// quit ends the program. What could not be confirmed is in the ledger, and
// main says so on standard error.
func (w *mainWindow) quit(error) {
	if w.demo != nil {
		w.demo.stop()
	}
	w.app.fyne.Quit()
}

// showDisconnecting shows the sessions that are being closed. Nothing in it can
// be answered: it goes when they have gone.
func (w *mainWindow) showDisconnecting(infos []session.Info) {
	steps := make([]widgets.Step, len(infos))
	at := map[session.ID]int{}
	for n, i := range infos {
		steps[n] = widgets.Step{Text: infoName(i), Detail: serverName(i), State: widgets.StepRunning}
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
	text := widget.NewLabel(fmt.Sprintf(lang.L("Disconnecting %s sessions ..."), number(len(infos))))
	d := dialog.NewCustomWithoutButtons(lang.L("Closing"), container.NewVBox(text, list), w.window)
	d.Show()
}
