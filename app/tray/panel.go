// Package tray is the panel of the sessions at the side of the window: what is
// open, waits or was lost, how many slots are in use, and what an earlier run of
// the program left on servers. What a session is, session knows.
package tray

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/endpoint"
	"postroom/widgets"
)

// Panel is the panel of the sessions: their states, the slots in use, and what
// can be done with them. UI thread only.
type Panel struct {
	// Reopen opens a session anew that was lost.
	Reopen func(lost session.Info)
	// SignIn lets the person sign in for a session's tenant.
	SignIn func(session.Info)

	// Works says what goes on for a session's tenant, also between two of its commands.
	// nil knows of nothing.
	Works func(session.Info) []string

	desk      *desk.Desk
	manager   *session.Manager
	shown     *widgets.SessionTray
	ended     []session.Info // lost sessions that are still shown
	elsewhere slots          // what others hold of the accounts in use here
}

// New returns the panel over a manager's sessions.
func New(d *desk.Desk, m *session.Manager) *Panel {
	p := &Panel{desk: d, manager: m, shown: widgets.NewSessionTray()}
	p.shown.OnDisconnect = p.tapped(p.Disconnect)
	p.shown.OnGiveUp = p.shown.OnDisconnect
	p.shown.OnDisconnectAll = p.DisconnectAll
	p.shown.OnReconnect = p.tapped(p.reconnect)
	p.shown.OnKeep = p.keep
	p.shown.OnSignIn = p.tapped(p.signIn)
	return p
}

// Content is what stands in the window.
func (p *Panel) Content() *widgets.SessionTray { return p.shown }

// SetSessions shows the sessions.
func (p *Panel) SetSessions(infos []session.Info) { p.shown.SetState(p.state(infos)) }

// Heard takes news of a session in. One that broke off stays in the panel until
// it is dismissed or connected again.
func (p *Panel) Heard(i session.Info) {
	switch {
	case i.State == session.Lost && !i.Opened.IsZero():
		p.ended = append(p.ended, i)
	case i.State == session.Closed && errors.Is(i.Err, session.ErrIdle):
		p.desk.Note(widgets.Information, fmt.Sprintf(lang.L("The session of %s was idle and has been disconnected."), words.Session(i)))
	case i.State == session.Idle || i.State == session.Running:
		p.ended = slices.DeleteFunc(p.ended, func(lost session.Info) bool { return lost.SamePlace(i) })
	}
}

func (p *Panel) state(infos []session.Info) widgets.TrayState {
	state := widgets.TrayState{Now: time.Now(), Slots: p.slots(infos)}
	for _, i := range infos {
		if i.Waits() {
			state.Waiting = append(state.Waiting, widgets.WaitingInfo{
				ID: sessionID(i.ID), Title: words.Session(i), Place: i.Place, Color: words.TenantColor(i.Tenant),
				Detail: words.Wait(i.Wait, i.Place, i.Limit),
			})
			continue
		}
		state.Sessions = append(state.Sessions, p.working(sessionInfo(i), i))
	}
	for _, i := range p.ended {
		lost := sessionInfo(i)
		if i.Err != nil {
			lost.Note = words.Explain(i.Err).Title
		}
		state.Sessions = append(state.Sessions, lost)
	}
	return state
}

// working says what a session works for, also while it waits for the next command of a run.
// Where several things go on there it names the cmdlet: whose that is the session does not know.
func (p *Panel) working(out widgets.SessionInfo, i session.Info) widgets.SessionInfo {
	if p.Works == nil || i.State != session.Idle && i.State != session.Running {
		return out
	}
	what := p.Works(i)
	if len(what) > 0 && i.State == session.Idle || len(what) == 1 {
		out.State, out.Running = trayStates[session.Running], strings.Join(what, ", ")
	}
	return out
}

func sessionInfo(i session.Info) widgets.SessionInfo {
	out := widgets.SessionInfo{
		ID: sessionID(i.ID), Tenant: words.Session(i), Account: i.Account, Endpoint: words.Server(i),
		Color: words.TenantColor(i.Tenant), State: trayStates[i.State], Running: words.Runs(i.Runs),
		Opened: i.Opened, Kept: i.Kept,
	}
	if until, ok := i.Expires(); ok {
		out.IdleUntil = until
	}
	if i.Door == endpoint.REST {
		byToken(&out, i)
	}
	return out
}

// byToken says what a connection by tokens depends on.
func byToken(out *widgets.SessionInfo, i session.Info) {
	out.Tokens = true
	out.SignIn = i.NeedsSignIn != nil
	out.Verified = i.TenantID != "" && !out.SignIn
	if region := regionOf(i); region != "" {
		out.Facts = append(out.Facts, fmt.Sprintf(lang.L("Region: %s"), region))
	}
	if i.WaitUntil.After(time.Now()) {
		out.Note = fmt.Sprintf(lang.L("waiting until %s, as Exchange requires"), i.WaitUntil.Local().Format(time.TimeOnly))
	}
	if !i.TokenUntil.IsZero() && !out.SignIn {
		out.Facts = append(out.Facts, fmt.Sprintf(lang.L("Token valid until %s, renewed automatically"), i.TokenUntil.Local().Format("15:04")))
	}
	switch {
	case i.Rate.Limit == 0:
	case i.Rate.Reset.IsZero():
		out.Facts = append(out.Facts, fmt.Sprintf(lang.L("Requests left: %s"), words.Number(i.Rate.Remaining)))
	default:
		out.Facts = append(out.Facts, fmt.Sprintf(lang.L("Requests left: %s until %s"), words.Number(i.Rate.Remaining), i.Rate.Reset.Local().Format("15:04")))
	}
}

// regionOf is the label that a service puts before its own name: eurprd07 of
// eurprd07.outlook.office365.com. It is "" while none is known.
func regionOf(i session.Info) string {
	u, err := url.Parse(i.Endpoint.URL)
	if err != nil {
		return ""
	}
	label, front, ok := strings.Cut(i.Server, ".")
	if name, _, _ := strings.Cut(front, ":"); !ok || !strings.EqualFold(name, u.Hostname()) {
		return ""
	}
	return label
}

var trayStates = map[session.State]widgets.SessionState{
	session.Waiting: widgets.SessionOpening, session.Connecting: widgets.SessionOpening,
	session.Idle: widgets.SessionIdle, session.Running: widgets.SessionRunning,
	session.Closing: widgets.SessionClosing, session.Closed: widgets.SessionClosing,
	session.Lost: widgets.SessionLost,
}

func sessionID(id session.ID) string { return strconv.FormatUint(uint64(id), 10) }

func parseSessionID(text string) (session.ID, bool) {
	n, err := strconv.ParseUint(text, 10, 64)
	return session.ID(n), err == nil
}

// tapped gives a session's id to a function of ours.
func (*Panel) tapped(do func(session.ID)) func(string) {
	return func(text string) {
		if id, ok := parseSessionID(text); ok {
			do(id)
		}
	}
}

// reconnect opens a lost session anew, of the same account and tenant. The run
// that broke off is not repeated.
func (p *Panel) reconnect(id session.ID) {
	if i := slices.IndexFunc(p.ended, func(i session.Info) bool { return i.ID == id }); i >= 0 {
		p.Reopen(p.ended[i])
	}
}

// signIn asks the person for the sign-in that a session waits for.
func (p *Panel) signIn(id session.ID) {
	for _, i := range p.manager.Sessions() {
		if i.ID == id {
			p.SignIn(i)
		}
	}
}

func (p *Panel) keep(id string, keep bool) {
	n, ok := parseSessionID(id)
	switch {
	case !ok:
	case keep:
		p.manager.Keep(n)
	default:
		p.manager.LetGo(n)
	}
}
