package runs

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/job"
	"postroom/widgets"
)

// stripHeight is how high the cells of many tenants get; more scroll.
const stripHeight = 62

// strip is a cell for each tenant of a run: its state, and a filter. A tap shows
// that tenant's rows alone, with Shift held it adds them. Below it stands what
// needs a person. UI thread only.
type strip struct {
	onChosen func(domains []string)
	arrange  func()

	cells   []*tenantCell
	flow    *fyne.Container
	scroll  *container.Scroll // over the flow
	summary *widgets.Text
	stop    *widgets.Button
	retry   *widgets.Button
	signIn  *widgets.Button // for the first tenant that needs it
	needed  int             // which that is
	foot    *fyne.Container // summary, stop and retry, while there is one of them to do
	content *fyne.Container
}

// tenantCell is one tenant of the strip.
type tenantCell struct {
	domain string
	button *widgets.Button
	panel  *widgets.Panel
	look   widgets.PanelLook
	chosen bool
	ended  time.Time // of the state that it shows; zero while its tenant is asked
}

// stripDeeds are what the buttons of a strip do.
type stripDeeds struct {
	chosen      func(domains []string)
	stop, retry func()
	signIn      func(target int)
	arrange     func()
}

func newStrip(do stripDeeds) *strip {
	s := &strip{
		onChosen: do.chosen, arrange: do.arrange, flow: widgets.NewFlow(6), summary: widgets.NewCutText("", widgets.BodyText),
		stop: widgets.NewButton(lang.L("Stop"), do.stop), retry: widgets.NewButton(lang.L("Retry what failed"), do.retry),
	}
	s.signIn = widgets.NewButton("", func() { do.signIn(s.needed) })
	s.stop.Small, s.retry.Small, s.signIn.Small = true, true, true
	s.scroll = container.NewVScroll(s.flow)
	cells := container.New(&atMost{stripHeight}, s.scroll)
	line := container.NewBorder(nil, nil, nil, container.NewHBox(s.signIn, s.retry, s.stop), s.summary)
	s.foot = container.New(layout.NewCustomPaddedLayout(2, 0, tabPad, tabPad), line)
	s.content = widgets.NewColumn(0, cells, s.foot)
	s.content.Hide()
	return s
}

// begin makes the cells of a run; a run on one tenant has none.
func (s *strip) begin(r *run) {
	s.cells, s.flow.Objects = nil, nil
	widgets.SetVisible(s.content, r.several())
	if !r.several() {
		return
	}
	for _, t := range r.targets {
		c := &tenantCell{domain: t.Tenant.Domain}
		c.button = widgets.NewButton(words.Place(t), func() { s.tapped(c) })
		c.button.Style, c.button.Small = widgets.QuietButton, true
		c.look = widgets.PanelLook{Edge: theme.ColorNameSeparator, Radius: 4, Accent: words.TenantColor(t.Tenant)}
		c.panel = widgets.NewPanelWith(c.look, c.button)
		s.cells = append(s.cells, c)
		s.flow.Add(c.panel)
	}
	widgets.FollowKeyboard(s.scroll)
	s.show(r)
}

// tapped chooses a tenant, or lets go of the only one.
func (s *strip) tapped(c *tenantCell) {
	add := false
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		add = d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
	}
	s.choose(c, add)
}

// choose shows a tenant's rows, beside those chosen before or alone; again shows
// those of all.
func (s *strip) choose(c *tenantCell, beside bool) {
	was := c.chosen
	for _, o := range s.cells {
		o.choose(beside && o.chosen)
	}
	c.choose(!was)
	var domains []string
	for _, o := range s.cells {
		if o.chosen {
			domains = append(domains, o.domain)
		}
	}
	s.onChosen(domains)
}

func (c *tenantCell) choose(chosen bool) {
	if c.chosen == chosen {
		return
	}
	c.chosen = chosen
	look := c.look
	if chosen {
		look.Fill = widgets.ColorNameAccentSoft
	}
	c.panel.SetLook(look)
}

// show shows how far each tenant is.
func (s *strip) show(r *run) {
	if !r.several() {
		return
	}
	list := r.job.Status()
	for i, c := range s.cells {
		if ended := list[i].Ended; !ended.IsZero() && ended.Equal(c.ended) {
			continue // why it failed is not explained ten times a second
		}
		c.ended = list[i].Ended
		icon, text := stateSign(list[i])
		c.button.SetIcon(icon)
		c.button.SetText(words.Place(list[i].Target) + "  " + text)
	}
	sum := job.Summarize(list)
	s.summary.SetText(summaryText(sum))
	widgets.SetVisible(s.stop, !sum.Ended())
	widgets.SetVisible(s.retry, sum.Ended() && len(r.again()) > 0)
	s.needed = slices.IndexFunc(list, func(t job.Status) bool { return t.State == job.SignIn })
	if s.needed >= 0 {
		s.signIn.SetText(fmt.Sprintf(lang.L("Sign in for %s"), words.Place(list[s.needed].Target)))
	}
	widgets.SetVisible(s.signIn, sum.Ended() && s.needed >= 0)
	widgets.SetVisible(s.foot, s.stop.Visible() || s.retry.Visible() || s.signIn.Visible())
	s.arrange()
}

// stateSign is a state as an icon and a word: it is never the icon alone.
func stateSign(s job.Status) (widgets.Icon, string) {
	switch s.State {
	case job.Queued:
		return widgets.IconRing, lang.L("queued")
	case job.Waiting:
		if s.Wait.For == session.WaitServer {
			return widgets.IconRing, fmt.Sprintf(lang.L("tried at %s"), s.Wait.Until.Local().Format(time.TimeOnly))
		}
		return widgets.IconRing, fmt.Sprintf(lang.L("number %s in line"), words.Number(max(1, s.Place)))
	case job.Connecting:
		return widgets.IconDot, lang.L("connecting")
	case job.Running:
		return widgets.IconDot, fmt.Sprintf(lang.L("%s so far"), words.Number(s.Rows))
	case job.Asking:
		return widgets.IconWarning, lang.L("asks you")
	case job.Done:
		if s.Errors > 0 {
			return widgets.IconWarning, words.Errors(s.Errors)
		}
		return widgets.IconTick, words.Rows(s.Rows)
	case job.Partial:
		return widgets.IconWarning, fmt.Sprintf(lang.L("%s, incomplete"), words.Rows(s.Rows))
	case job.Stopped:
		return widgets.IconDash, lang.L("stopped")
	case job.Skipped:
		return widgets.IconDash, lang.L("left out")
	case job.SignIn:
		return widgets.IconWarning, lang.L("sign-in needed")
	}
	if s.NeedsPerson() {
		return widgets.IconFailure, lang.L("sign in")
	}
	if why := words.Explain(s.Err); why != nil && why.Refused() {
		return widgets.IconFailure, lang.L("refused")
	}
	return widgets.IconFailure, lang.L("failed")
}

// summaryText counts the tenants by how they are.
func summaryText(s job.Summary) string {
	parts := []string{fmt.Sprintf(lang.L("%s of %s done"), words.Number(s.ByState[job.Done]), words.Number(s.Targets))}
	for _, group := range []struct {
		states []job.State
		text   string
	}{
		{[]job.State{job.Connecting, job.Running, job.Asking}, lang.L("%s running")},
		{[]job.State{job.Queued, job.Waiting}, lang.L("%s waiting")},
		{[]job.State{job.SignIn}, lang.L("%s to sign in")},
		{[]job.State{job.Failed}, lang.L("%s failed")},
		{[]job.State{job.Partial}, lang.L("%s incomplete")},
		{[]job.State{job.Stopped, job.Skipped}, lang.L("%s left out")},
	} {
		n := 0
		for _, state := range group.states {
			n += s.ByState[state]
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf(group.text, words.Number(n)))
		}
	}
	return strings.Join(parts, " · ")
}

// failures are what went wrong, a line for each tenant, for the card above the
// rows.
func failures(list []job.Status) []string {
	var lines []string
	for _, s := range list {
		if s.State == job.Failed || s.State == job.Partial || s.State == job.SignIn {
			lines = append(lines, words.Place(s.Target)+": "+words.Explain(s.Err).Title)
		}
	}
	return lines
}

// missingText says which rows a run lacks: the last of what broke off, or all of tenants that
// gave none, as they refused or were not asked.
func (t *running) missingText(list []job.Status) string {
	without := 0
	if t.packed && job.Summarize(list).ByState[job.Partial] > 0 {
		return lang.L("Some reports are incomplete: the columns State and Note say which, and why.")
	}
	for _, s := range list {
		if len(list) == 1 || s.State == job.Partial || s.State == job.Stopped && s.Rows > 0 {
			return lang.L("Incomplete: the run stopped before all rows arrived.")
		}
		if s.State != job.Done {
			without++
		}
	}
	return fmt.Sprintf(lang.L("%s of %s tenants gave no rows. All rows of the others are here."), words.Number(without), words.Number(len(list)))
}

// atMost gives the content of a scroll the height that it needs, up to one, and
// room round it.
type atMost struct{ height float32 }

const stripPad = 4 // over and under the cells

// HeightFor is the content's height at the width, up to the most.
func (l *atMost) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	height := l.height
	if scroll, ok := objects[0].(*container.Scroll); ok {
		height = min(height, widgets.HeightFor(scroll.Content, width-2*tabPad))
	}
	return height + 2*stripPad
}

// MinSize is Fyne's.
func (l *atMost) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(objects[0].MinSize().Width+2*tabPad, l.height+2*stripPad)
}

// Layout is Fyne's. What scrolls is clipped, and the edge of a cell whose place is no
// whole pixel is drawn below it: so the room under the cells is theirs but for a line.
func (l *atMost) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(tabPad, stripPad))
	objects[0].Resize(fyne.NewSize(max(0, size.Width-2*tabPad), max(0, size.Height-stripPad-1)))
}
