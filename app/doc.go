// Package app is the desktop program: the main window, its panels and dialogs,
// the wiring between widgets and sessions, and the seam to the UI thread. The
// tour, which drives the window by itself, lives here too.
//
// Widgets that could serve another program live in widgets, protocol and
// results below session, words about errors in session/diagnose. Nothing here
// waits on the UI thread: work goes to goroutines, and what they have to show
// comes back through post.
package app
