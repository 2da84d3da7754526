// Package widgets holds the reusable Fyne widgets of the program: the theme, the
// virtual grid, the parameter form, pickers, the session tray, and the small parts
// that a window is put together from.
//
// A widget here shows what it is given and says through its On... fields what a
// person did. It knows Fyne and the standard library and nothing else of this
// module: no sessions, no results, no files, no network. It starts no goroutine, and
// asks the clock only for the month that a calendar opens at. All of it is used on the UI thread only. A setter never calls a
// callback; callbacks mean that a person did something.
package widgets
