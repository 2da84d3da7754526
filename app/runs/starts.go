package runs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/session/job"
	"postroom/widgets"
)

// starts is what begins a run from a tab's form: the form with what is said of it, where
// the run goes, and the run before.
type starts struct {
	form    *widgets.ParameterForm
	notices *notices
	last    *lastRun
	to      *destination
	begin   func(job.Task, job.Answers)
}

// anew takes away what was said of the form before.
func (s starts) anew() {
	s.form.ClearErrors()
	s.notices.clear()
}

// wrong says what is wrong with a field, and gives it the keyboard.
func (s starts) wrong(field, text string) {
	s.form.SetError(field, text)
	s.form.FocusField(field)
}

// confirmation is the question before a run that changes something: one at a time.
type confirmation struct {
	desk  *desk.Desk
	sheet *widgets.Sheet // nil while nothing is asked
}

// answer is what a button under the question does.
type answer struct {
	label string
	style widgets.ButtonStyle
	do    func()
}

// ask shows a question with its answers beside Cancel. The first key stroke counts.
func (c *confirmation) ask(spec widgets.SheetSpec, answers []answer, parts ...fyne.CanvasObject) {
	leave := func() {
		if s := c.sheet; s != nil {
			c.sheet = nil
			s.Hide()
		}
	}
	cancel := widgets.NewButton(lang.L("Cancel"), leave)
	buttons := []fyne.CanvasObject{cancel}
	for _, a := range answers {
		b := widgets.NewButton(a.label, func() {
			if c.sheet == nil {
				return // a second key stroke for the same question
			}
			leave()
			a.do()
		})
		b.SetStyle(a.style)
		buttons = append(buttons, b)
	}
	spec.Foot = widgets.NewFoot(nil, buttons...)
	s := c.desk.Sheets.New(spec, parts...)
	s.Leave = leave
	c.sheet = s
	s.Show(cancel) // Enter must not change anything by habit
}
