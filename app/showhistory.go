package app

import (
	"strings"

	page "postroom/app/history"
	"postroom/session/history"
)

// showHistory lists what ran on this computer.
func (w *mainWindow) showHistory() {
	page.Show(w.desk, w.app.history, page.Deeds{Title: w.ranTitle, Open: w.middle.openKept, Compare: w.middle.openDifference, Again: w.runAgain})
}

// ranTitle is what people call a run.
func (w *mainWindow) ranTitle(e history.Entry) string {
	if e.Report == "" {
		return e.Title()
	}
	return w.titleOf(e.Report)
}

// runAgain opens the report of a run, or a form filled in with its command.
func (w *mainWindow) runAgain(e history.Entry) {
	if e.Report != "" {
		w.openReport(e.Report)
		return
	}
	if !strings.Contains(e.Command, " ") { // a cmdlet alone is no line to paste
		w.openCmdlet(e.Command)
		return
	}
	w.openFound(pastedLine + e.Command)
}
