// Package app is the desktop program: the frame of the main window, which puts
// the panels together and carries news from one to the others, and the wiring
// between them and sessions. The panels are in its folders: connect, tenants,
// tray and their neighbours.
//
// Widgets that could serve another program live in widgets, protocol and
// results below session, words about errors in session/diagnose. Nothing here
// waits on the UI thread: work goes to goroutines, and what they have to show
// comes back through the desk's Post.
package app
