// Package report holds reports as data: what a report asks, the commands that
// it runs, which columns it shows, what it computes, keeps, groups and marks.
// The catalogue is in assets; a person's own reports have the same form.
//
// A Plan is a report with its answers, ready to run against whatever runs a
// pipeline. It knows no session and no window: session/job runs it on one
// tenant or on many, and hands on rows, messages and questions as for a single
// command.
//
// Values are computed by a small language of expressions (see Expression) that
// has no loops, no calls of the program's and no side effects.
package report
