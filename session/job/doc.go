// Package job holds what people do: one command on one target or on many. It
// says how far each target is, hands on rows, messages and questions, keeps to
// what each account may hold at once, stops, and repeats what failed.
//
// The window's run tab and the command line's run are two faces of a Job: they
// draw and print. What a session is, and when one may be opened, is the
// session.Manager's; words for people are session/diagnose's. Nothing here knows
// a window, a file or a terminal.
package job
