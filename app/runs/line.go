package runs

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/cmdlet"
	"postroom/session/reference"
	"postroom/widgets"
)

// Pasted is a line of PowerShell that was pasted, and the cmdlet whose form takes it.
type Pasted struct {
	Cmdlet cmdlet.Cmdlet
	Line   cmdlet.Line
	// Left says which secrets the line leaves out; nil when it leaves out none.
	Left error
}

// NotYoursError is a cmdlet that the account may not run.
type NotYoursError struct{ Cmdlet string }

// Error names the cmdlet.
func (e *NotYoursError) Error() string {
	return "read a pasted line: the account may not run " + e.Cmdlet
}

// Paste reads a line of PowerShell by what the account's server and the reference know of
// its cmdlets; is is false for a text that is no such line but something to search for.
// Errors are those of cmdlet.Reader, and *NotYoursError.
func Paste(known *reference.Reference, mine []cmdlet.Cmdlet, text string) (p Pasted, is bool, err error) {
	k := kinds{known: known, mine: mine}
	if !k.begins(text) {
		return p, false, nil
	}
	line, err := cmdlet.Reader{Kinds: k}.Line(text)
	if len(line.Pipeline) == 0 {
		return p, true, err
	}
	first, ok := k.own(line.Pipeline[0].Cmdlet)
	if !ok {
		return p, true, &NotYoursError{Cmdlet: line.Pipeline[0].Cmdlet}
	}
	return Pasted{Cmdlet: first, Line: line, Left: err}, true, nil
}

// kinds is what is known of cmdlets: what the server said of those that the account may
// run with the reference over it, and the reference for all others.
type kinds struct {
	known *reference.Reference
	mine  []cmdlet.Cmdlet
}

// begins says that a text is a command with something behind it, or has a prompt.
func (k kinds) begins(text string) bool {
	fields := strings.Fields(text)
	if len(fields) < 2 {
		return false
	}
	if fields[0] == "PS" || strings.HasPrefix(fields[0], "[PS]") {
		return true
	}
	name, _, _ := strings.Cut(fields[0], "|")
	_, described := k.Describe(name)
	return described
}

// own finds a cmdlet among those that the account may run.
func (k kinds) own(name string) (cmdlet.Cmdlet, bool) {
	name = name[strings.LastIndexByte(name, '\\')+1:]
	i := slices.IndexFunc(k.mine, func(c cmdlet.Cmdlet) bool { return strings.EqualFold(c.Name, name) })
	if i < 0 {
		return cmdlet.Cmdlet{}, false
	}
	return k.mine[i], true
}

// Describe makes it a cmdlet.Kinds.
func (k kinds) Describe(name string) (cmdlet.Cmdlet, bool) {
	if c, ok := k.own(name); ok {
		return laidOver(k.known, c), true
	}
	return k.known.Describe(name)
}

// laidOver is what the server said with what does not travel: positions, and kinds where
// the type tells none.
func laidOver(known *reference.Reference, c cmdlet.Cmdlet) cmdlet.Cmdlet {
	laid := known.Lay(c)
	c.DefaultSet, c.Parameters = laid.DefaultSet, slices.Clone(c.Parameters)
	for i, p := range laid.Parameters {
		c.Parameters[i].Kind, c.Parameters[i].Position, c.Parameters[i].Aliases = p.Kind, p.Position, p.Aliases
	}
	return c
}

// pasting takes lines of PowerShell into a tab's form.
type pasting struct {
	known   *reference.Reference
	cmdlet  cmdlet.Cmdlet
	form    *widgets.ParameterForm
	notices *notices
	reshape func(cmdlet.Shape) // looks at the rows as the line does
	arrange func()
	behind  *behind
}

// take fills the form with a line that was pasted. What stands behind its first command
// runs along; what is not taken over is told.
func (t pasting) take(p Pasted) {
	values, err := laidOver(t.known, t.cmdlet).Fields(p.Line.Pipeline[0])
	t.form.SetValues(values)
	var left []string
	for _, wrong := range cmdlet.BindErrors(errors.Join(p.Left, err)) {
		left = append(left, words.Explain(wrong).Title)
	}
	behind := cmdlet.Line{Pipeline: p.Line.Pipeline[1:], Shape: p.Line.Shape}
	if behind.Pipeline.Risk() != cmdlet.Reads {
		left = append(left, fmt.Sprintf(lang.L("The rest changes something and is left out: %s"), textOf(behind)))
		behind = cmdlet.Line{}
	}
	if behind.Shape.Export != nil {
		left = append(left, lang.L("Export-Csv is left out: press Export once the rows have arrived."))
		behind.Shape.Export = nil
	}
	t.behind.set(behind, widgets.Action{Label: lang.L("Leave out"), OnTapped: t.dropBehind})
	t.reshape(behind.Shape)
	if len(left) > 0 {
		t.notices.warn(strings.Join(left, "\n"))
	}
	t.arrange()
}

// paste takes a line of PowerShell that is pasted into a field, if it is one. A line of
// another cmdlet is told, and where it belongs.
func (t pasting) paste(text string) bool {
	p, is, err := Paste(t.known, []cmdlet.Cmdlet{t.cmdlet}, text)
	other, isOther := errors.AsType[*NotYoursError](err)
	switch {
	case !is:
		return false
	case isOther:
		t.notices.warn(fmt.Sprintf(lang.L("That line is for %s: paste it into the search for cmdlets."), other.Cmdlet))
	case err != nil:
		t.notices.problem(err)
	default:
		t.notices.clear()
		t.take(p)
	}
	return true
}

// textOf is what stands behind a command in a line.
func textOf(behind cmdlet.Line) string {
	return strings.TrimPrefix(strings.TrimSpace(behind.PowerShell()), "| ")
}

// behind is what a pasted line does after the command of the form: commands that the
// server runs, and what is made of the rows here.
type behind struct {
	line    cmdlet.Line
	content *fyne.Container
}

func newBehind() *behind {
	b := &behind{content: widgets.NewColumn(0)}
	b.content.Hide()
	return b
}

// set shows what follows; nothing hides it.
func (b *behind) set(line cmdlet.Line, actions ...widgets.Action) {
	b.line = line
	b.content.Objects = nil
	if text := textOf(line); text != "" {
		b.content.Objects = []fyne.CanvasObject{widgets.NewBanner(widgets.Information, fmt.Sprintf(lang.L("Then: %s"), text), actions...)}
	}
	widgets.SetVisible(b.content, len(b.content.Objects) > 0)
}

// command is what the form's command and what a pasted line has behind it come to.
func (b *behind) command(inv cmdlet.Invocation) cmdlet.Line {
	return cmdlet.Line{Pipeline: append(cmdlet.Pipeline{inv}, b.line.Pipeline...), Shape: b.line.Shape}
}

// dropBehind takes away what follows the form's command.
func (t pasting) dropBehind() {
	t.behind.set(cmdlet.Line{})
	t.reshape(cmdlet.Shape{})
	t.arrange()
}
