// Package runs is the tab of a run: a form, the rows that came, what was said,
// and how each tenant is. It draws a session/job.Job; what a run is, and what may
// be sent again, is decided there.
package runs
