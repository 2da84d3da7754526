package app

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/session"
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
)

// testOrder are the steps in the order in which they are gone.
func testOrder(address string) []string {
	if strings.HasPrefix(strings.ToLower(address), "http://") {
		return []string{stepName, stepTCP, stepHTTP, stepSignIn, session.StepSession}
	}
	return []string{stepName, stepTCP, stepTLS, stepHTTP, stepSignIn, session.StepSession}
}

// testSteps are the steps before any is done.
func testSteps(address string) []widgets.Step {
	u, err := url.Parse(address)
	if err != nil {
		return nil // read has refused it
	}
	var steps []widgets.Step
	for _, name := range testOrder(address) {
		steps = append(steps, widgets.Step{Text: stepText(name, u)})
	}
	steps[0].State = widgets.StepRunning
	return steps
}

func stepText(name string, u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	switch name {
	case stepName:
		return fmt.Sprintf(lang.L("Name %s found"), u.Hostname())
	case stepTCP:
		return fmt.Sprintf(lang.L("Port %s open"), port)
	case stepTLS:
		return lang.L("Certificate valid")
	case stepHTTP:
		return lang.L("The server answers")
	case stepSignIn:
		return lang.L("Signed in")
	}
	return lang.L("Session opened")
}

// tested ticks a step of a test off.
func (s *signIn) tested(step session.Step) {
	if s.stop == nil {
		return // the test is over
	}
	order := testOrder(s.chosen().URL)
	steps := s.steps.Steps()
	offset := len(steps) - len(order) // a proxy's step stands before the others
	state := widgets.StepDone
	if step.Err != nil {
		state = widgets.StepFailed
	}
	if step.Name == stepProxy {
		proxy := widgets.Step{Text: fmt.Sprintf(lang.L("Proxy %s"), step.Detail), State: state, Took: step.Elapsed}
		s.setSteps(append([]widgets.Step{proxy}, steps...))
		return
	}
	at := slices.Index(order, step.Name)
	if at < 0 || offset < 0 {
		return // a step of a newer core
	}
	at += offset
	for i := range at { // what came before it must have gone well
		if steps[i].State == widgets.StepRunning {
			steps[i].State = widgets.StepDone
		}
	}
	steps[at].State, steps[at].Took = state, max(step.Elapsed, time.Millisecond)
	if step.Err == nil && at+1 < len(steps) {
		steps[at+1].State = widgets.StepRunning
	}
	s.setSteps(steps)
}

// setSteps shows steps; none hides the list.
func (s *signIn) setSteps(steps []widgets.Step) {
	s.steps.SetSteps(steps)
	widgets.SetVisible(s.steps, len(steps) > 0)
	s.arrange()
}

// notice says what the running step waits for.
func (s *signIn) notice(text string) {
	steps := s.steps.Steps()
	for i := range steps {
		steps[i].Detail = ""
		if steps[i].State == widgets.StepRunning {
			steps[i].Detail = text
			if text != "" {
				steps[i].Detail = "· " + text
			}
		}
	}
	s.setSteps(steps)
}

// stepDone ticks a step of Connect off. Called on a worker.
func (s *signIn) stepDone(n int, started time.Time) {
	took := max(time.Since(started), time.Millisecond)
	s.window.post(func() {
		steps := s.steps.Steps()
		if s.stop == nil || n >= len(steps) {
			return
		}
		steps[n].State, steps[n].Took, steps[n].Detail = widgets.StepDone, took, ""
		if n+1 < len(steps) {
			steps[n+1].State = widgets.StepRunning
		}
		s.setSteps(steps)
	})
}

// failStep marks the step at which the attempt ended.
func (s *signIn) failStep(error) {
	steps := s.steps.Steps()
	for i := range steps {
		steps[i].Detail = ""
		if steps[i].State == widgets.StepRunning {
			steps[i].State = widgets.StepFailed
		}
	}
	s.setSteps(steps)
}

// sessionsChanged shows a place in the queue, and what could be disconnected to
// come first.
func (s *signIn) sessionsChanged(infos []session.Info) {
	if s.stop == nil {
		return
	}
	mine, ok := waitingFor(infos, s.aim())
	if !ok {
		s.showQueue(nil)
		return
	}
	s.notice(queueText(mine))
	s.showQueue(s.window.freeSlotOffers(infos, mine))
}

// showQueue offers sessions to disconnect; none hides the offer.
func (s *signIn) showQueue(offers []fyne.CanvasObject) {
	if len(offers) == 0 && !s.queue.Visible() {
		return
	}
	s.queue.Objects = offers
	widgets.SetVisible(s.queue, len(offers) > 0)
	s.arrange()
}
