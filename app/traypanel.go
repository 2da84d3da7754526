package app

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/session"
	"postroom/widgets"
)

// sessionsChanged shows the sessions in the panel, the system tray and the
// status bar.
func (w *mainWindow) sessionsChanged() {
	infos := w.app.manager.Sessions()
	w.tray.SetState(w.trayState(infos))
	if w.systemTray != nil {
		w.systemTray.show(infos)
	}
	w.showStatus(infos)
	if w.signIn != nil {
		w.signIn.sessionsChanged(infos)
	}
}

func (w *mainWindow) trayState(infos []session.Info) widgets.TrayState {
	state := widgets.TrayState{Now: time.Now()}
	used := map[string]*widgets.Slots{}
	for _, i := range infos {
		if i.State == session.Waiting {
			state.Waiting = append(state.Waiting, widgets.WaitingInfo{
				ID: sessionID(i.ID), Title: infoName(i), Place: i.Place, Color: tenantColor(i.Tenant),
				Detail: fmt.Sprintf(lang.L("waits for a free session of %s"), i.Account),
			})
			continue
		}
		state.Sessions = append(state.Sessions, sessionInfo(i))
		key := i.Account + "\x00" + i.Endpoint.URL
		if used[key] == nil {
			used[key] = &widgets.Slots{Account: i.Account, Limit: i.Limit}
		}
		used[key].Used++
	}
	for _, s := range used {
		state.Slots = append(state.Slots, *s)
	}
	return state
}

func sessionInfo(i session.Info) widgets.SessionInfo {
	out := widgets.SessionInfo{
		ID: sessionID(i.ID), Tenant: infoName(i), Account: i.Account, Endpoint: serverName(i),
		Color: tenantColor(i.Tenant), State: trayStates[i.State], Running: strings.Join(i.Runs, ", "),
		Opened: i.Opened, Kept: i.Kept,
	}
	if until, ok := i.Expires(); ok {
		out.IdleUntil = until
	}
	return out
}

var trayStates = map[session.State]widgets.SessionState{
	session.Waiting: widgets.SessionOpening, session.Connecting: widgets.SessionOpening,
	session.Idle: widgets.SessionIdle, session.Running: widgets.SessionRunning,
	session.Closing: widgets.SessionClosing, session.Closed: widgets.SessionClosing,
	session.Lost: widgets.SessionLost,
}

func infoName(i session.Info) string {
	t := session.Target{Tenant: i.Tenant, Endpoint: i.Endpoint}
	t.Credential.User = i.Account
	return targetName(t)
}

func serverName(i session.Info) string {
	if i.Server != "" {
		return i.Server
	}
	return i.Endpoint.Name
}

func sessionID(id session.ID) string { return strconv.FormatUint(uint64(id), 10) }

func parseSessionID(text string) (session.ID, bool) {
	n, err := strconv.ParseUint(text, 10, 64)
	return session.ID(n), err == nil
}

// disconnect closes a session, or takes a waiting one out of the queue.
func (w *mainWindow) disconnect(id string) {
	n, ok := parseSessionID(id)
	if !ok {
		return
	}
	w.app.spawn(func() { // ends when the server has answered, at the latest after shutdownTime
		ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
		defer cancel()
		if err := w.app.manager.Close(ctx, n); err != nil {
			w.post(func() { w.showProblem(err) })
		}
	})
}

func (w *mainWindow) disconnectAll() {
	for _, i := range w.app.manager.Sessions() {
		w.disconnect(sessionID(i.ID))
	}
}

// reconnect opens the session of the same tenant anew. The run that broke off
// is not repeated.
func (w *mainWindow) reconnect(string) {
	target, ok := w.target()
	if !ok {
		w.showSignIn()
		return
	}
	w.app.spawn(func() { // ends with the attempt to open
		if _, err := w.app.manager.Open(context.Background(), target); err != nil {
			w.post(func() { w.showProblem(err) })
		}
	})
}

func (w *mainWindow) keep(id string, keep bool) {
	n, ok := parseSessionID(id)
	switch {
	case !ok:
	case keep:
		w.app.manager.Keep(n)
	default:
		w.app.manager.LetGo(n)
	}
}

// showStatus says in one line how things are.
func (w *mainWindow) showStatus(infos []session.Info) {
	text := lang.L("Not connected")
	open := 0
	for _, i := range infos {
		if !i.Opened.IsZero() {
			open++
			text = fmt.Sprintf(lang.L("Connected to %s"), serverName(i))
		}
	}
	if open > 1 {
		text = fmt.Sprintf(lang.L("%s sessions open"), number(open))
	}
	zone, _ := time.Now().Zone()
	left := []widgets.StatusItem{{Text: text}}
	if w.demo != nil {
		left = append(left, widgets.StatusItem{Text: lang.L("DEMO: all data are made up")})
	}
	w.status.SetItems(left, []widgets.StatusItem{{Text: fmt.Sprintf(lang.L("All times %s"), zone)}})
}
