package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"postroom/app/folders"
	"postroom/app/system"
	"postroom/session/credential"
)

// Start says how the program is started.
type Start struct {
	Demo bool   // start the simulator and offer it
	Tour string // drive the window by itself and leave pictures in this folder
	// Claim takes back from Fyne the signals that end the context: Fyne would
	// end the window at once, without a word about what is still open. nil
	// leaves them. It is called again before each session, as nothing tells when
	// the goroutine in which Fyne listens has come so far.
	Claim func()
	// Exit ends the process when Main cannot return: Xlib does not let it after the
	// display has gone, nor GLFW while it waits for another program. It is given what
	// servers did not confirm; the context has ended when the program was interrupted.
	// nil leaves the end to Xlib and GLFW.
	Exit func(context.Context, error)
}

// started is called on the UI thread when the window runs.
func (a *App) started(ctx context.Context, s Start) {
	if s.Claim != nil {
		a.claim = s.Claim
	}
	a.claim()
	if s.Exit != nil {
		system.WatchDisplay(func() {
			closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
			defer cancel()
			interrupted, interrupt := context.WithCancel(ctx)
			interrupt()
			s.Exit(interrupted, a.Shutdown(closing))
		})
	}
}

// watchSystem closes the sessions before the computer shuts down or the user
// logs off, and looks after them when it wakes.
func (a *App) watchSystem(ctx context.Context) {
	events := system.Events{
		Ending: func() {
			closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
			defer cancel()
			_ = a.Shutdown(closing) // what is left stays in the ledger
			a.post(a.window.closing.now)
		},
		Woke: a.manager.CheckAll,
	}
	for _, watch := range []func(context.Context, system.Events) error{system.WatchLogind, system.WatchLogoff} {
		a.spawn(func() { // ends with ctx, or at once where there is nothing to listen to
			if err := watch(ctx, events); err != nil {
				slog.Debug("no news of shutdown and sleep", "reason", err)
			}
		})
	}
}

// Main shows the window and serves it until the person quits or ctx ends. All
// sessions are closed when it returns. It must be called from the main
// goroutine. It returns what went wrong, also sessions that servers did not
// confirm to be closed.
func Main(ctx context.Context, s Start, messages io.Writer) (err error) {
	config, err := folders.Config()
	if err != nil {
		return err
	}
	state, err := folders.State()
	if err != nil {
		return err
	}
	a, err := New(fyneapp.NewWithID(folders.ID), Deps{
		Post: fyne.Do, Passwords: credential.NewKeyring(folders.ID), SignInKeys: credential.NewKeyring(folders.SignInKeys), Config: config, State: state,
	})
	if err != nil {
		return err
	}
	defer func() { // also when the UI thread panics
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		if closeErr := a.Shutdown(closing); closeErr != nil && err == nil {
			err = closeErr
		}
	}()
	if s.Exit != nil {
		a.exit = func(err error) { s.Exit(ctx, err) }
	}
	stopped := context.AfterFunc(ctx, func() { // SIGINT, SIGTERM, SIGHUP
		a.endAfter(shutdownTime + toolkitTime)
		a.post(a.window.closing.now)
	})
	defer stopped()
	// Posted, so that by then Fyne listens to signals and has its display.
	a.fyne.Lifecycle().SetOnStarted(func() { a.post(func() { a.started(ctx, s) }) })
	a.watchSystem(ctx)
	a.Show()
	toured := make(chan error, 1)
	switch {
	case s.Tour != "":
		a.spawn(func() { toured <- a.Tour(ctx, s.Tour) }) // ends by quitting the program
	case s.Demo:
		a.window.startDemo()
	}
	a.fyne.Run()
	if s.Tour == "" {
		return nil
	}
	if err := <-toured; err != nil {
		fmt.Fprintln(messages, err) // for the one who mends it: no words for people would do
		return err
	}
	_, err = fmt.Fprintf(messages, "the tour is in %s\n", s.Tour)
	return err
}
