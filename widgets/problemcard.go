package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
)

// Action is something that can be done about what is shown.
type Action struct {
	Label    string
	OnTapped func()
}

// Problem is an error as a person should read it.
type Problem struct {
	Severity Severity // Failure when zero: a problem is bad news
	Title    string   // what happened
	Cause    string   // why, likely
	Fix      string   // what to do
	Who      string   // who can do it, as a sentence; may be empty
	Details  string   // for support; shown on request, copied as a block
	Actions  []Action
}

// ProblemCard shows a Problem.
type ProblemCard struct {
	composite

	OnCopy  func(text string) // nil: the card writes to the clipboard
	OnClose func()            // nil: the card has no Close

	problem Problem
	open    bool
	copied  bool
}

// NewProblemCard returns a card.
func NewProblemCard(p Problem) *ProblemCard {
	c := &ProblemCard{}
	c.body = NewColumn(0)
	c.ExtendBaseWidget(c)
	c.SetProblem(p)
	return c
}

// SetProblem shows another problem, its details closed.
func (c *ProblemCard) SetProblem(p Problem) {
	if p.Severity == Information {
		p.Severity = Failure
	}
	c.problem, c.open, c.copied = p, false, false
	c.rebuild()
}

// Refresh builds the card anew.
func (c *ProblemCard) Refresh() {
	c.rebuild()
	c.composite.Refresh()
}

// CreateRenderer is Fyne's.
func (c *ProblemCard) CreateRenderer() fyne.WidgetRenderer {
	c.rebuild() // OnClose may have been set since
	return c.composite.CreateRenderer()
}

// softLook is the ground for news of a severity.
func softLook(s Severity) PanelLook {
	l := PanelLook{Radius: 6, PadX: 12, PadY: 10}
	switch s {
	case Failure:
		l.Fill, l.Edge = ColorNameErrorSoft, ColorNameErrorEdge
	case Warning:
		l.Fill, l.Edge = ColorNameWarningSoft, ColorNameBorder
	case Success:
		l.Fill, l.Edge = ColorNameSuccessSoft, ColorNameBorder
	default:
		l.Fill, l.Edge = ColorNameAccentSoft, ColorNameBorder
	}
	return l
}

func (c *ProblemCard) rebuild() {
	p := c.problem
	parts := []fyne.CanvasObject{NewParagraph(p.Title, StrongText)}
	for _, text := range []string{p.Cause, p.Fix, p.Who} {
		if text != "" {
			parts = append(parts, NewParagraph(text, BodyText))
		}
	}
	if c.open {
		parts = append(parts, NewPanelWith(PanelLook{Fill: ColorNamePanel, Edge: ColorNameBorder, Radius: 4, PadX: 8, PadY: 6}, NewParagraph(p.Details, CodeText)))
	}
	var actions []fyne.CanvasObject
	for _, a := range p.Actions {
		actions = append(actions, NewButton(a.Label, a.OnTapped))
	}
	if p.Details != "" {
		label := tr("Details for support")
		if c.open {
			label = tr("Hide details")
		}
		actions = append(actions, NewLink(label, func() { c.open = !c.open; c.Refresh() }))
		if c.open {
			label = tr("Copy")
			if c.copied {
				label = tr("Copied")
			}
			actions = append(actions, NewLink(label, c.copy))
		}
	}
	if c.OnClose != nil {
		actions = append(actions, NewLink(tr("Close"), c.OnClose))
	}
	if len(actions) > 0 {
		parts = append(parts, &fyne.Container{Layout: &inset{top: 4}, Objects: []fyne.CanvasObject{hline(14, -1, actions...)}})
	}
	c.set(NewPanelWith(softLook(p.Severity), NewColumn(4, parts...)))
}

// Text is the whole problem as it is copied.
func (p Problem) Text() string {
	var lines []string
	for _, s := range []string{p.Title, p.Cause, p.Fix, p.Who, p.Details} {
		if s != "" {
			lines = append(lines, s)
		}
	}
	return strings.Join(lines, "\n\n") + "\n"
}

func (c *ProblemCard) copy() {
	c.copied = true
	if c.OnCopy != nil {
		c.OnCopy(c.problem.Text())
	} else {
		fyne.CurrentApp().Clipboard().SetContent(c.problem.Text())
	}
	c.Refresh()
}
