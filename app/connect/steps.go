package connect

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/tray"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/endpoint"
	"postroom/widgets"
)

// The names of the steps of a test; the session's own is session.StepSession.
const (
	stepProxy  = "proxy"
	stepName   = "name"
	stepTCP    = "tcp"
	stepTLS    = "tls"
	stepHTTP   = "http"
	stepSignIn = "sign-in"
	// of the REST door
	stepToken   = "token"
	stepTenant  = "tenant"
	stepRole    = "role"
	stepCmdlets = "cmdlets"
	stepRead    = "read"
)

// connectSteps are the steps of Connect before any is done.
func connectSteps(t session.Target) []widgets.Step {
	server := ""
	if u, err := url.Parse(t.Endpoint.URL); err == nil {
		server = u.Hostname()
	}
	opened := widgets.Step{Text: fmt.Sprintf(lang.L("Session at %s"), server)}
	var steps []widgets.Step
	if t.Endpoint.Door == endpoint.REST {
		opened.Text = fmt.Sprintf(lang.L("Tenant verified at %s"), server)
		steps = append(steps, widgets.Step{Text: lang.L("Signed in")})
	}
	steps = append(steps, opened, widgets.Step{Text: lang.L("Loading the cmdlets of this account")})
	steps[0].State = widgets.StepRunning
	return steps
}

// testOrder are the steps in the order in which they are gone.
func testOrder(address string, door endpoint.Door) []string {
	if door == endpoint.REST {
		return []string{stepName, stepTCP, stepTLS, stepSignIn, stepToken, stepTenant, stepRole, stepCmdlets, stepRead}
	}
	if strings.HasPrefix(strings.ToLower(address), "http://") {
		return []string{stepName, stepTCP, stepHTTP, stepSignIn, session.StepSession}
	}
	return []string{stepName, stepTCP, stepTLS, stepHTTP, stepSignIn, session.StepSession}
}

// testSteps are the steps before any is done.
func testSteps(to session.Target) []widgets.Step {
	at := to.Endpoint
	u, err := url.Parse(at.URL)
	if err != nil {
		return nil // read has refused it
	}
	var steps []widgets.Step
	for _, name := range testOrder(at.URL, at.Door) {
		step := widgets.Step{Text: stepText(name, u)}
		if at.Door == endpoint.REST {
			step = widgets.Step{Text: shortStep(name, u), Detail: stepHint(name, u), Who: usualMender(name, to.AsPartner())}
		}
		steps = append(steps, step)
	}
	steps[0].State = widgets.StepRunning
	return steps
}

// usualMender is who most often can mend a step that fails; once it has, the error
// says who can. A role at somebody else's tenant comes from the partner's own groups.
func usualMender(name string, partner bool) string {
	switch name {
	case stepName, stepTCP, stepTLS:
		return lang.L("your network")
	case stepSignIn, stepTenant:
		return lang.L("you")
	case stepToken, stepRole:
		if name == stepRole && partner {
			return lang.L("partner's administrator")
		}
		return lang.L("tenant's administrator")
	}
	return lang.L("Microsoft")
}

// shortStep is a step of the REST door in a word; what it is about stands beside it.
func shortStep(name string, u *url.URL) string {
	return map[string]string{
		stepName: lang.L("Name"), stepTCP: lang.L("Connection"), stepTLS: lang.L("Certificate"), stepSignIn: lang.L("Sign-in"), stepToken: lang.L("Token"),
		stepTenant: lang.L("Tenant"), stepRole: lang.L("Role"), stepCmdlets: lang.L("Cmdlets"), stepRead: lang.L("One read"),
	}[name]
}

// stepHint is what a step of the REST door is about, before it has found anything.
func stepHint(name string, u *url.URL) string {
	return map[string]string{
		stepName: u.Hostname(), stepTCP: fmt.Sprintf(lang.L("port %s"), portOf(u)), stepToken: lang.L("for this service"), stepTenant: lang.L("must be the chosen one"),
		stepRole: lang.L("rights in this tenant"), stepCmdlets: lang.L("the list of the role"), stepRead: lang.L("second check of the tenant"),
	}[name]
}

func portOf(u *url.URL) string {
	if u.Port() != "" {
		return u.Port()
	}
	return map[string]string{"https": "443", "http": "80"}[u.Scheme]
}

func stepText(name string, u *url.URL) string {
	switch name {
	case stepName:
		return fmt.Sprintf(lang.L("Name %s found"), u.Hostname())
	case stepTCP:
		return fmt.Sprintf(lang.L("Port %s open"), portOf(u))
	case stepTLS:
		return lang.L("Certificate valid")
	case stepHTTP:
		return lang.L("The server answers")
	case stepSignIn:
		return lang.L("Signed in")
	}
	return lang.L("Session opened")
}

// progress is the part of the dialog that says how far an attempt has come: its
// steps, and what may be disconnected while it waits for a session.
type progress struct {
	steps   *widgets.StepList
	queue   *fyne.Container
	arrange func() // gives the dialog the size of what is in it
	noticed string // what the running step waits for
}

func newProgress(arrange func()) *progress {
	p := &progress{steps: widgets.NewStepList(), queue: widgets.NewColumn(6), arrange: arrange}
	p.steps.Hide()
	p.queue.Hide()
	return p
}

// tested ticks a step of a test of an address off.
func (p *progress) tested(at endpoint.Endpoint, step session.Step) {
	p.set(ticked(p.steps.Steps(), at, step))
}

// ticked are the steps of a test of an address after one more has ended.
func ticked(steps []widgets.Step, at endpoint.Endpoint, step session.Step) []widgets.Step {
	order := testOrder(at.URL, at.Door)
	offset := len(steps) - len(order) // a proxy's step stands before the others
	state := widgets.StepDone
	if step.Err != nil {
		state = widgets.StepFailed
	}
	if step.Name == stepProxy {
		proxy := widgets.Step{Text: fmt.Sprintf(lang.L("Proxy %s"), step.Detail), State: state, Took: step.Elapsed}
		return append([]widgets.Step{proxy}, steps...)
	}
	n := slices.Index(order, step.Name)
	if n < 0 || offset < 0 {
		return steps // a step of a newer core
	}
	n += offset
	for i := range n { // what came before it must have gone well
		if steps[i].State == widgets.StepRunning {
			steps[i].State = widgets.StepDone
		}
	}
	steps[n].State, steps[n].Took = state, max(step.Elapsed, time.Millisecond)
	if at.Door == endpoint.REST && step.Err == nil {
		if found := words.StepDetail(step.Name, step.Detail); found != "" {
			steps[n].Detail = found
		}
	}
	if step.Err == nil && n+1 < len(steps) {
		steps[n+1].State = widgets.StepRunning
	}
	if who := words.Explain(step.Err); step.Err != nil && at.Door == endpoint.REST && who.Who != "" {
		steps[n].Who = who.Who
	}
	return steps
}

// set shows steps; none hides the list.
func (p *progress) set(steps []widgets.Step) {
	p.steps.SetSteps(steps)
	widgets.SetVisible(p.steps, len(steps) > 0)
	p.arrange()
}

// noticeMark stands between what a step is about and what it waits for.
const noticeMark = " · "

// forgetNotice takes away what a step waited for.
func (p *progress) forgetNotice(s *widgets.Step) {
	if p.noticed != "" {
		s.Detail = strings.TrimSuffix(strings.TrimSuffix(s.Detail, p.noticed), noticeMark)
	}
}

// notice says what the running step waits for.
func (p *progress) notice(text string) {
	steps := p.steps.Steps()
	for i := range steps {
		p.forgetNotice(&steps[i])
		switch {
		case steps[i].State != widgets.StepRunning || text == "":
		case steps[i].Detail == "":
			steps[i].Detail = text
		default:
			steps[i].Detail += noticeMark + text
		}
	}
	p.noticed = text
	p.set(steps)
}

// done ticks a step off that took a while.
func (p *progress) done(n int, took time.Duration) {
	steps := p.steps.Steps()
	if n >= len(steps) {
		return
	}
	steps[n].State, steps[n].Took, steps[n].Detail = widgets.StepDone, max(took, time.Millisecond), ""
	if n+1 < len(steps) {
		steps[n+1].State = widgets.StepRunning
	}
	p.set(steps)
}

// failed marks the step at which the attempt ended.
func (p *progress) failed() {
	steps := p.steps.Steps()
	for i := range steps {
		p.forgetNotice(&steps[i])
	}
	turn(steps, widgets.StepFailed)
	p.set(steps)
}

// turn gives the step that runs another state.
func turn(steps []widgets.Step, to widgets.StepState) {
	for i := range steps {
		if steps[i].State == widgets.StepRunning {
			steps[i].State = to
		}
	}
}

// queued shows the place in the queue of a target that waits for a session, and
// what could be disconnected to come first.
func (p *progress) queued(infos []session.Info, target session.Target, offers func([]session.Info, session.Info) []fyne.CanvasObject) {
	waiting, ok := tray.WaitingFor(infos, target)
	if !ok {
		p.offer(nil)
		return
	}
	p.notice(words.Wait(waiting.Wait, waiting.Place, waiting.Limit))
	p.offer(offers(infos, waiting))
}

// offer offers sessions to disconnect; none hides the offer.
func (p *progress) offer(offers []fyne.CanvasObject) {
	if len(offers) == 0 && !p.queue.Visible() {
		return
	}
	p.queue.Objects = offers
	widgets.SetVisible(p.queue, len(offers) > 0)
	p.arrange()
}
