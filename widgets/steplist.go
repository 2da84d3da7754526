package widgets

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// StepState is how far a step has come.
type StepState int

// The states of a step.
const (
	StepPending StepState = iota
	StepRunning
	StepDone
	StepFailed
	StepSkipped
)

// Step is one thing of several that are done in turn.
type Step struct {
	Text   string
	Detail string // what it found, or is about; a column of its own where Who is one
	State  StepState
	Took   time.Duration // shown when it is more than zero
	Who    string        // can mend it; a column of its own where a step has it
}

// StepList shows steps ticked off with the time that each took.
type StepList struct {
	composite
	steps []Step
}

// NewStepList returns a list.
func NewStepList(steps ...Step) *StepList {
	l := &StepList{}
	l.body = NewColumn(0)
	l.ExtendBaseWidget(l)
	l.SetSteps(steps)
	return l
}

// SetSteps replaces all steps.
func (l *StepList) SetSteps(steps []Step) {
	l.steps = slices.Clone(steps)
	l.rebuild()
}

// SetStep replaces one step, or adds it when i is the number of steps. Others are ignored.
func (l *StepList) SetStep(i int, s Step) {
	switch {
	case i >= 0 && i < len(l.steps):
		l.steps[i] = s
	case i == len(l.steps):
		l.steps = append(l.steps, s)
	default:
		return
	}
	l.rebuild()
}

// Steps returns what is shown.
func (l *StepList) Steps() []Step { return slices.Clone(l.steps) }

func (l *StepList) rebuild() {
	rows := make([]fyne.CanvasObject, 0, len(l.steps)+1)
	named := slices.ContainsFunc(l.steps, func(s Step) bool { return s.Who != "" })
	if named {
		rows = append(rows, hline(8, 2, sized(NewText("", MutedText), 20, 18), stepCell(NewText(tr("Access check"), MutedText)), NewText("", MutedText),
			tookCell(tr("Time")), whoCell(NewText(tr("Who can fix it"), MutedText))))
	}
	for _, s := range l.steps {
		rows = append(rows, stepRow(s, named))
	}
	l.set(NewPanelWith(PanelLook{Fill: ColorNamePanel, Edge: theme.ColorNameSeparator, Radius: 6, PadX: 12, PadY: 9}, NewColumn(3, rows...)))
	l.Refresh()
}

// whoWidth is the width of the column of who can mend a step.
const whoWidth = 208

func whoCell(o fyne.CanvasObject) fyne.CanvasObject { return sized(o, whoWidth, 18) }

// stepCell and tookCell are the columns of the step and its time where who can mend it
// has one.
func stepCell(o fyne.CanvasObject) fyne.CanvasObject { return sized(o, 90, 18) }

func tookCell(text string) fyne.CanvasObject {
	t := NewText(text, MutedText)
	t.setAlign(fyne.TextAlignTrailing)
	return sized(t, 56, 18)
}

func stepRow(s Step, named bool) fyne.CanvasObject {
	mark, role, text := IconRing, MutedText, MutedText
	switch s.State {
	case StepRunning:
		mark, role, text = IconDot, AccentText, BodyText
	case StepDone:
		mark, role, text = IconTick, SuccessText, BodyText
	case StepFailed:
		mark, role, text = IconCross, ErrorText, BodyText
	case StepSkipped:
		mark = IconDash
	}
	took := ""
	if s.Took > 0 {
		took = stepDuration(s.Took)
	}
	if named {
		who, detail := MutedText, NewParagraph(s.Detail, MutedText)
		if s.State == StepFailed {
			who, text = StrongText, StrongText
		}
		return hline(8, 2, sized(NewSign(mark, role, ""), 20, 18), stepCell(NewText(s.Text, text)), detail, tookCell(took), whoCell(NewText(s.Who, who)))
	}
	words := s.Text
	if s.Detail != "" {
		words += " · " + s.Detail
	}
	return hline(8, 1, sized(NewSign(mark, role, ""), 20, 18), NewParagraph(words, text), NewText(took, MutedText))
}
