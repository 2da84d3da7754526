package app

import (
	"fyne.io/fyne/v2/lang"

	"postroom/session/diagnose"
	"postroom/widgets"
)

// explain explains an error in the language that the window speaks.
func explain(err error) *diagnose.Problem { return diagnose.ExplainIn(lang.L("en"), err) }

// newProblemCard shows an explained error, with the texts that go to whoever
// can help.
func newProblemCard(p *diagnose.Problem, copied func(string)) *widgets.ProblemCard {
	card := widgets.NewProblemCard(widgets.Problem{
		Severity: widgets.Failure, Title: p.Title, Cause: p.Cause, Fix: p.Fix, Details: p.Details,
	})
	card.OnCopy = copied
	return card
}
