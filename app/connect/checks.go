package connect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/access"
	"postroom/session/endpoint"
	"postroom/widgets"
)

// checks is the page on which the way to many tenants is checked: the tenants, those
// first that need somebody, and the steps of the chosen one. UI thread only.
type checks struct {
	of    *Connector
	sheet *widgets.Sheet

	list    *widgets.SideList
	sum     *widgets.Text
	title   *widgets.Text
	steps   *widgets.StepList
	problem *fyne.Container
	signIn  *widgets.Button
	one     *widgets.Button
	all     *widgets.Button
	stop    *widgets.Button

	checked []access.Checked
	at      []time.Time // when each ended
	chosen  int
	cancel  context.CancelFunc // of the check that runs; nil when none does
}

const (
	checksWidth  = 860
	checksHeight = 178 // of the list
)

// ShowChecks shows the access check of an account's tenants, the first of which is
// checked at once.
func (c *Connector) ShowChecks(targets []session.Target) { c.newChecks(targets) }

func (c *Connector) newChecks(targets []session.Target) *checks {
	k := &checks{of: c, list: widgets.NewSideList(), sum: widgets.NewParagraph("", widgets.MutedText), title: widgets.NewText("", widgets.StrongText), steps: widgets.NewStepList(), problem: widgets.NewColumn(0)}
	for _, t := range targets {
		k.checked = append(k.checked, access.Checked{Target: t})
	}
	k.at = make([]time.Time, len(targets))
	k.list.SetPlaceHolder(lang.L("Find a tenant"))
	k.list.OnOpen, k.list.OnCurrent = k.choose, k.choose
	k.signIn = widgets.NewPrimaryButton("", k.signInFor)
	k.one = widgets.NewButton("", func() { k.check([]int{k.chosen}) })
	k.all = widgets.NewPrimaryButton(fmt.Sprintf(lang.L("Check all (%s)"), words.Number(len(targets))), k.checkAll)
	k.stop = widgets.NewButton(lang.L("Stop"), k.halt)
	support := widgets.NewButton(lang.L("Copy for support"), func() { c.Desk.Copy(k.report()) })
	k.sheet = c.Desk.Sheets.New(widgets.SheetSpec{
		Title: lang.L("Access check"), Explanation: lang.L("The way to each tenant, step by step, and who can fix the step that fails. Nothing is changed anywhere."),
		Width: checksWidth, Foot: widgets.NewFootOf([]fyne.CanvasObject{k.all, k.stop, support}, widgets.NewButton(lang.L("Close"), k.leave)),
	}, k.sum, widgets.NewTall(checksHeight, k.list), widgets.NewFlow(10, k.title, k.signIn, k.one), k.steps, k.problem)
	k.sheet.Leave = k.leave
	k.show()
	k.sheet.Show(nil)
	k.list.FocusSearch()
	k.check([]int{0})
	return k
}

func (k *checks) leave() {
	k.halt()
	k.sheet.Hide()
}

// halt ends the check that runs.
func (k *checks) halt() {
	if k.cancel != nil {
		k.cancel()
	}
}

func (k *checks) checkAll() {
	which := make([]int, len(k.checked))
	for i := range which {
		which[i] = i
	}
	k.check(which)
}

// check checks some of the tenants, several at once where the door has no places.
func (k *checks) check(which []int) {
	if k.cancel != nil {
		return // one after the other
	}
	ctx, cancel := context.WithCancel(context.Background())
	k.cancel = cancel
	targets := make([]session.Target, len(which))
	how := access.Several{
		Everywhere: func(err error) bool { return words.Explain(err).OfAccount() },
		Changed: func(i int, c access.Checked) {
			k.of.Desk.Post(func() { k.changed(which[i], c) })
		},
	}
	for n, i := range which {
		targets[n] = k.checked[i].Target
		k.checked[i] = access.Checked{Target: targets[n]}
		if targets[n].Endpoint.Door == endpoint.REST {
			how.AtOnce = session.RequestsAtOnce
		}
	}
	k.show()
	k.of.Desk.Spawn(func() { // ends with the checks, which Stop and Close end
		defer cancel()
		k.of.Access.CheckAll(ctx, targets, access.Checking{Manager: k.of.Manager}, how)
		k.of.Desk.Post(func() { k.cancel = nil; k.show() })
	})
}

func (k *checks) changed(i int, c access.Checked) {
	k.checked[i] = c
	if c.State != access.CheckRunning {
		k.at[i] = time.Now()
	}
	k.show()
}

// choose shows the steps of a tenant.
func (k *checks) choose(id string) {
	if i, err := strconv.Atoi(id); err == nil && i < len(k.checked) && i != k.chosen {
		k.chosen = i
		k.show()
	}
}

// needsPerson says that the person can go on by signing in for a tenant.
func needsPerson(c access.Checked) bool {
	_, needed := errors.AsType[*session.NeedsSignInError](c.Err)
	return needed
}

// signInFor lets the person sign in for the chosen tenant, which is checked then.
func (k *checks) signInFor() {
	i := k.chosen
	k.of.SignInFor(k.checked[i].Target, func() { k.check([]int{i}) })
}

// show shows how far it is.
func (k *checks) show() {
	k.list.SetSections(k.sections())
	k.list.SetSelected(strconv.Itoa(k.chosen))
	c, running := k.checked[k.chosen], k.cancel != nil
	k.sum.SetText(k.summary())
	k.title.SetText(words.Place(c.Target))
	k.one.SetText(lang.L("Check again"))
	if c.State == access.CheckQueued {
		k.one.SetText(lang.L("Check this tenant"))
	}
	k.signIn.SetText(fmt.Sprintf(lang.L("Sign in for %s"), words.Place(c.Target)))
	widgets.SetVisible(k.signIn, !running && needsPerson(c))
	widgets.SetVisible(k.one, !running)
	widgets.SetVisible(k.all, !running && len(k.checked) > 1)
	widgets.SetVisible(k.stop, running)
	k.steps.SetSteps(stepsOf(c))
	k.problem.Objects = nil
	if c.State == access.CheckFailed {
		k.problem.Objects = []fyne.CanvasObject{k.of.Desk.ProblemCard(c.Err)}
	}
	k.problem.Refresh()
	k.sheet.Arrange()
}

// stepsOf are the steps of a check as far as it has come.
func stepsOf(c access.Checked) []widgets.Step {
	steps := testSteps(c.Target)
	for _, step := range c.Steps {
		steps = ticked(steps, c.Target.Endpoint, step)
	}
	switch c.State {
	case access.CheckFailed:
		turn(steps, widgets.StepFailed) // nothing was asked for yet
	case access.CheckQueued, access.CheckSkipped:
		turn(steps, widgets.StepPending)
	case access.CheckRunning, access.CheckDone:
	}
	return steps
}

// sections are the tenants, those first that need somebody.
func (k *checks) sections() []widgets.SideSection {
	titles := []string{lang.L("Needs attention"), lang.L("Being checked"), lang.L("All steps passed"), lang.L("Not checked")}
	sections := make([]widgets.SideSection, len(titles))
	for n, title := range titles {
		sections[n].Title = title
	}
	for i, c := range k.checked {
		n := map[access.CheckState]int{access.CheckFailed: 0, access.CheckRunning: 1, access.CheckDone: 2}
		at, known := n[c.State]
		if !known {
			at = len(sections) - 1
		}
		sections[at].Items = append(sections[at].Items, widgets.SideItem{
			ID: strconv.Itoa(i), Title: words.Place(c.Target), Detail: stateOf(c), Hint: k.took(i), Plain: true,
		})
	}
	return slices.DeleteFunc(sections, func(s widgets.SideSection) bool { return len(s.Items) == 0 })
}

// took is how long a tenant's check was, and when it ended.
func (k *checks) took(i int) string {
	c := k.checked[i]
	if c.State != access.CheckDone && c.State != access.CheckFailed {
		return ""
	}
	var all time.Duration
	for _, s := range c.Steps {
		all += s.Elapsed
	}
	return fmt.Sprintf(lang.L("%s s, at %s"), words.Seconds(all), k.at[i].Format("15:04"))
}

// stateOf is how far the check of a tenant has come, in words.
func stateOf(c access.Checked) string {
	switch c.State {
	case access.CheckRunning:
		return fmt.Sprintf(lang.L("steps so far: %d"), len(c.Steps))
	case access.CheckDone:
		return fmt.Sprintf(lang.L("all %d steps"), len(c.Steps))
	case access.CheckFailed:
		p := words.Explain(c.Err)
		if needsPerson(c) {
			return lang.L("sign-in needed")
		}
		if p.Who != "" {
			return p.Title + " " + fmt.Sprintf(lang.L("Who can fix it: %s."), p.Who)
		}
		return p.Title
	case access.CheckSkipped:
		return lang.L("skipped")
	case access.CheckQueued:
	}
	return ""
}

// summary counts the tenants.
func (k *checks) summary() string {
	well, person, stopped := 0, 0, 0
	for _, c := range k.checked {
		switch {
		case c.State == access.CheckDone:
			well++
		case needsPerson(c):
			person++
		case c.State == access.CheckFailed:
			stopped++
		}
	}
	parts := []string{words.Tenants(len(k.checked)), fmt.Sprintf(lang.L("passed: %s"), words.Number(well))}
	if stopped > 0 {
		parts = append(parts, fmt.Sprintf(lang.L("failed: %s"), words.Number(stopped)))
	}
	if person > 0 {
		parts = append(parts, fmt.Sprintf(lang.L("sign-in needed: %s"), words.Number(person)))
	}
	return strings.Join(parts, " · ")
}

// report is the check of the chosen tenant for whoever can help.
func (k *checks) report() string {
	c := k.checked[k.chosen]
	lines := []string{fmt.Sprintf("%s · %s · %s", words.Place(c.Target), c.Target.Endpoint.URL, c.Target.Account)}
	for _, s := range c.Steps {
		how := "ok"
		if s.Err != nil {
			how = "FAILED"
		}
		lines = append(lines, fmt.Sprintf("%-7s %-8s %8s  %s", how, s.Name, max(time.Millisecond, s.Elapsed.Round(time.Millisecond)), s.Detail))
	}
	if p := words.Explain(c.Err); p != nil {
		lines = append(lines, p.Title, p.Cause, p.Fix, words.Mender(p), p.Details)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
