package app

import (
	"errors"
	"fmt"

	"fyne.io/fyne/v2/lang"

	"postroom/app/runs"
	"postroom/app/words"
	"postroom/session/reference"
)

// pastedLine stands before a line of PowerShell in the ID of what a search found.
const pastedLine = "line:"

// lineFound is what a search says to a pasted line of PowerShell.
type lineFound struct{ id, title, detail string }

// findLine reads what was typed into a search as a line of PowerShell; false when it is
// none, but something to search for. What is not understood is told in its place.
func findLine(a *accounts, text string) (lineFound, bool) {
	if a.now == nil {
		return lineFound{}, false
	}
	p, is, err := runs.Paste(reference.New(), a.now.cmdlets, text)
	var notYours *runs.NotYoursError
	switch {
	case !is:
		return lineFound{}, false
	case errors.As(err, &notYours):
		return lineFound{id: pastedLine, title: fmt.Sprintf(lang.L("%s is not among the cmdlets of your role."), notYours.Cmdlet)}, true
	case err != nil:
		problem := words.Explain(err)
		return lineFound{id: pastedLine, title: problem.Title, detail: problem.Fix}, true
	}
	return lineFound{id: pastedLine + text, title: p.Line.PowerShell(), detail: lang.L("Open the form with these values")}, true
}
