package runs

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/job"
	"postroom/session/reference"
	"postroom/widgets"
)

// outcome is how a run came out, in words.
type outcome struct {
	severity widgets.Severity
	text     string // for the foot
	empty    string // where the rows would be, when there are none
	where    string
}

func outcomeOf(r *run, list []job.Status) outcome {
	sum := job.Summarize(list)
	o := ofReading(sum)
	if !r.reads() {
		o = ofChange(r, list, sum)
	}
	o.where = place(r.targets)
	if declined(list) {
		o.severity, o.text = widgets.Warning, lang.L("You answered No. That step changed nothing.")
		o.empty = o.text
		return o
	}
	if r.several() {
		o.text += " · " + summaryText(sum)
	}
	if sum.Errors > 0 {
		o.text += " · " + words.Errors(sum.Errors)
	} else if sum.Warnings > 0 && o.severity == widgets.Success {
		o.severity, o.text = widgets.Warning, o.text+" · "+warningText(sum.Warnings)
	}
	return o
}

// broken counts the targets whose command did not come to its end: by itself, and because
// a person stopped it.
func broken(sum job.Summary) (failed, givenUp int) {
	return sum.ByState[job.Failed] + sum.ByState[job.Partial] + sum.ByState[job.SignIn], sum.ByState[job.Stopped] + sum.ByState[job.Skipped]
}

// ofReading is how a command that reads came out.
func ofReading(sum job.Summary) outcome {
	o := outcome{severity: widgets.Success, text: words.Rows(sum.Rows), empty: lang.L("The server found nothing.")}
	failed, givenUp := broken(sum)
	switch {
	case failed > 0:
		o.severity, o.empty = widgets.Failure, lang.L("The run failed before any row came.")
	case givenUp > 0:
		o.severity, o.text = widgets.Warning, o.text+" · "+lang.L("stopped, rows may be missing")
		o.empty = lang.L("The run was stopped before any row came.")
	case sum.Errors > 0:
		o.severity, o.empty = widgets.Failure, lang.L("The server reported an error and returned no rows.")
	}
	return o
}

// ofChange is how a command that changes something came out. It says that nothing was
// changed, or that something was, only where that is known.
func ofChange(r *run, list []job.Status, sum job.Summary) outcome {
	o := outcome{severity: widgets.Success, text: changed(r.invocation())}
	failed, givenUp := broken(sum)
	switch {
	case failed > 0 || sum.Errors > 0 && givenUp == 0:
		o.severity, o.text = widgets.Failure, lang.L("The change was not completed.")
	case givenUp > 0:
		o.severity, o.text = widgets.Warning, lang.L("Stopped. What the server had already changed stays changed.")
	}
	if each, is := r.command.(*job.Each); is && !r.invocation().WhatIf() {
		o.text = fmt.Sprintf(lang.L("Changed: %s of %s."), words.Number(doneOf(each)), words.Number(len(each.Rows())))
	}
	if unsure(list) {
		o.text = lang.L("It is not known whether the server ran the command.")
	}
	o.empty = o.text
	return o
}

// unsure says that the answer to a command was lost, so that nobody knows whether it ran.
func unsure(list []job.Status) bool {
	return slices.ContainsFunc(list, func(s job.Status) bool {
		partial, is := errors.AsType[*session.PartialError](s.Err)
		return is && partial.Unsure
	})
}

// doneOf counts the rows that the server did.
func doneOf(e *job.Each) (n int) {
	for _, r := range e.Results() {
		if r.State == job.RowDone {
			n++
		}
	}
	return n
}

func declined(list []job.Status) bool {
	for _, s := range list {
		if s.Declined {
			return true
		}
	}
	return false
}

// changed says what a command that came to its end has changed.
func changed(last cmdlet.Invocation) string {
	if last.WhatIf() {
		return lang.L("What if: nothing was changed. The messages say what would be.")
	}
	_, noun, _ := strings.Cut(last.Cmdlet, "-")
	return fmt.Sprintf(doneText(cmdlet.DeedOf(last.Cmdlet)), "1 "+reference.Words(noun))
}

// doneText says what a command has done, and to what.
func doneText(d cmdlet.Deed) string {
	switch d {
	case cmdlet.Creates:
		return lang.L("Created %s.")
	case cmdlet.Adds:
		return lang.L("Added %s.")
	case cmdlet.Deletes:
		return lang.L("Removed %s.")
	case cmdlet.Enables:
		return lang.L("Enabled %s.")
	case cmdlet.Disables:
		return lang.L("Disabled %s.")
	case cmdlet.Imports:
		return lang.L("Imported %s.")
	case cmdlet.Starts:
		return lang.L("Started %s.")
	case cmdlet.Stops:
		return lang.L("Stopped %s.")
	case cmdlet.Moves:
		return lang.L("Moved %s.")
	case cmdlet.Restores:
		return lang.L("Restored %s.")
	case cmdlet.Releases:
		return lang.L("Released %s.")
	case cmdlet.Sends:
		return lang.L("Sent %s.")
	case cmdlet.Alters:
	}
	return lang.L("Changed %s.")
}

// changesNothing says that a Set- command names an object at most, and nothing
// that is to be set.
func changesNothing(inv cmdlet.Invocation) bool {
	verb, _, _ := strings.Cut(inv.Cmdlet, "-")
	if !strings.EqualFold(verb, "Set") {
		return false
	}
	for _, a := range inv.Args {
		if !strings.EqualFold(a.Name, "Identity") && !common(a.Name) {
			return false
		}
	}
	return true
}

// withWhatIf is the command that only says what it would do.
func withWhatIf(inv cmdlet.Invocation) cmdlet.Invocation {
	args := []cmdlet.Arg{}
	for _, a := range inv.Args {
		if !strings.EqualFold(a.Name, "WhatIf") {
			args = append(args, a)
		}
	}
	return cmdlet.Invocation{Cmdlet: inv.Cmdlet, Args: append(args, cmdlet.Arg{Name: "WhatIf", Value: cmdlet.Switch(true)})}
}

// progressLines is how many activities within others are shown at most.
const progressLines = 3

// progress is the foot of a tab: how far the run is, a line for each activity
// within another, and in the end how it came out.
type progress struct {
	line    *widgets.ProgressLine
	inner   []*widgets.ProgressLine
	content *fyne.Container
}

func newProgress(stop func()) *progress {
	p := &progress{line: widgets.NewProgressLine()}
	p.line.OnCancel = stop
	column := widgets.NewColumn(2, p.line)
	for range progressLines {
		line := widgets.NewProgressLine()
		line.Hide()
		p.inner = append(p.inner, line)
		column.Add(line)
	}
	p.content = container.New(layout.NewCustomPaddedLayout(3, 3, tabPad, tabPad), column)
	p.content.Hide()
	return p
}

func (p *progress) begin() {
	p.content.Show()
	p.line.SetRunning()
	p.line.SetText(lang.L("Connecting ..."), "")
}

// show shows how far the targets of a run are.
func (p *progress) show(list []job.Status, started time.Time) {
	right := fmt.Sprintf(lang.L("Started %s"), clock(started))
	if len(list) > 1 {
		sum := job.Summarize(list)
		ended := 0
		for state := job.Done; int(state) < len(sum.ByState); state++ {
			ended += sum.ByState[state]
		}
		p.line.SetFraction(float64(ended) / float64(sum.Targets))
		p.line.SetText(words.Rows(sum.Rows)+" · "+summaryText(sum), right)
		return
	}
	s := list[0]
	p.line.SetText(stateText(s), right)
	for i, line := range append([]*widgets.ProgressLine{p.line}, p.inner...) {
		if i >= len(s.Progress) {
			widgets.SetVisible(line, i == 0)
			continue
		}
		step := s.Progress[i]
		line.Show()
		if step.Percent >= 0 {
			line.SetFraction(float64(step.Percent) / 100)
		} else {
			line.SetUnknown()
		}
		if i > 0 {
			line.SetText(activity(step), "")
		}
	}
}

// stateText is how far the only target is.
func stateText(s job.Status) string {
	switch s.State {
	case job.Waiting:
		return words.Wait(s.Wait, s.Place, s.Limit)
	case job.Asking:
		return lang.L("The server waits for your answer.")
	case job.Running:
		text := words.Rows(s.Rows)
		if len(s.Progress) > 0 {
			text += " · " + activity(s.Progress[0])
		}
		return text
	}
	if s.State.Ended() { // its last rows are being taken in and kept
		return words.Rows(s.Rows) + " · " + lang.L("finishing ...")
	}
	return lang.L("Connecting ...")
}

// activity says what goes on, how far it is, and how long the rest takes.
func activity(p session.Progress) string {
	if doing := words.Doing(p.Doing); doing != "" {
		return doing + " · " + p.Activity
	}
	if p.Total == 0 {
		return strings.TrimSpace(p.Activity + " " + p.Status)
	}
	text := fmt.Sprintf(lang.L("%s of %s"), words.Number(p.Done), words.Number(p.Total))
	if p.Remaining > 0 {
		text += ", " + words.About(p.Remaining)
	}
	return text + " · " + p.Activity // the command is long, and may be cut
}

// end shows how the run came out.
func (p *progress) end(o outcome, started time.Time, took time.Duration) {
	for _, line := range p.inner {
		line.Hide()
	}
	p.line.SetDone(o.severity)
	p.line.SetText(o.text, fmt.Sprintf(lang.L("%s · %s s · %s"), o.where, words.Seconds(took), started.Local().Format(time.DateTime)))
}
