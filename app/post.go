package app

// post runs f on the UI thread, soon, and never waits: fyne.Do, or a queue in
// tests.
type post func(f func())
