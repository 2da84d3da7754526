package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/credential"
	"postroom/session/holder"
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
	w.showState()
	if w.signIn != nil {
		w.signIn.sessionsChanged(infos)
	}
	for _, t := range w.open {
		t.sessionsChanged(infos)
	}
}

// sessionChanged hears of every change of a session. One that broke off stays
// in the panel until it is dismissed or connected again.
func (w *mainWindow) sessionChanged(i session.Info) {
	switch {
	case i.State == session.Connecting:
		w.app.claim()
	case i.State == session.Lost && !i.Opened.IsZero() && !w.quitting:
		w.ended = append(w.ended, i)
	case i.State == session.Closed && errors.Is(i.Err, session.ErrIdle):
		w.desk.Note(widgets.Information, fmt.Sprintf(lang.L("The session of %s was not used any more and is disconnected."), words.Session(i)))
	case i.State == session.Idle || i.State == session.Running:
		w.ended = slices.DeleteFunc(w.ended, func(lost session.Info) bool { return sameSession(lost, i) })
	}
	w.sessionsChanged()
}

// sameSession says that two sessions are for the same holder, endpoint and
// tenant.
func sameSession(a, b session.Info) bool {
	return a.Holder == b.Holder && a.Endpoint.URL == b.Endpoint.URL && a.Tenant.Domain == b.Tenant.Domain
}

func (w *mainWindow) trayState(infos []session.Info) widgets.TrayState {
	state := widgets.TrayState{Now: time.Now(), Slots: w.traySlots(infos)}
	for _, i := range infos {
		if i.State == session.Waiting {
			state.Waiting = append(state.Waiting, widgets.WaitingInfo{
				ID: sessionID(i.ID), Title: words.Session(i), Place: i.Place, Color: words.TenantColor(i.Tenant),
				Detail: fmt.Sprintf(lang.L("waits for a free session of %s"), i.Account),
			})
			continue
		}
		state.Sessions = append(state.Sessions, sessionInfo(i))
	}
	for _, i := range w.ended {
		lost := sessionInfo(i)
		if i.Err != nil {
			lost.Note = words.Explain(i.Err).Title
		}
		state.Sessions = append(state.Sessions, lost)
	}
	return state
}

func sessionInfo(i session.Info) widgets.SessionInfo {
	out := widgets.SessionInfo{
		ID: sessionID(i.ID), Tenant: words.Session(i), Account: i.Account, Endpoint: words.Server(i),
		Color: words.TenantColor(i.Tenant), State: trayStates[i.State], Running: strings.Join(i.Runs, ", "),
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
	if i := slices.IndexFunc(w.ended, func(i session.Info) bool { return i.ID == n }); i >= 0 {
		w.ended = slices.Delete(w.ended, i, i+1) // it was lost; nothing is left to disconnect
		w.sessionsChanged()
		return
	}
	w.app.spawn(func() { // ends when the server has answered, at the latest after shutdownTime
		ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
		defer cancel()
		if err := w.app.manager.Close(ctx, n); err != nil {
			w.post(func() { w.desk.Problem(err) })
		}
	})
}

func (w *mainWindow) disconnectAll() {
	for _, i := range w.app.manager.Sessions() {
		w.disconnect(sessionID(i.ID))
	}
}

// reconnect opens a lost session anew, of the same account and tenant. The run
// that broke off is not repeated.
func (w *mainWindow) reconnect(id string) {
	n, _ := parseSessionID(id)
	i := slices.IndexFunc(w.ended, func(i session.Info) bool { return i.ID == n })
	if i < 0 {
		return
	}
	lost := w.ended[i]
	target := session.Target{Endpoint: lost.Endpoint, AllowRedirect: w.allowRedirect(lost.Endpoint), RootCAs: w.app.roots}
	if known, ok := w.bases[base{lost.Holder, lost.Endpoint.URL}]; ok {
		target = known
	}
	target.Tenant, target.Account = lost.Tenant, lost.Account
	w.openSession(w.traced(target))
}

// openSession opens a session, or finds the one that is open.
func (w *mainWindow) openSession(target session.Target) {
	w.app.spawn(func() { // ends with the attempt to open
		if _, err := w.app.manager.Open(context.Background(), target); err != nil {
			w.post(func() { w.openFailed(target, err) })
		}
	})
}

// openFailed says why a session could not be opened. A password that is not
// known any more is asked for.
func (w *mainWindow) openFailed(target session.Target, err error) {
	if errors.Is(err, credential.ErrNotFound) {
		w.signInAgain(target)
		return
	}
	w.desk.Problem(err)
}

// base names a holder's place: a server may have several addresses to connect to.
type base struct {
	holder  holder.Holder
	address string
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
			text = fmt.Sprintf(lang.L("Connected to %s"), words.Server(i))
		}
	}
	if open > 1 {
		text = fmt.Sprintf(lang.L("%s sessions open"), words.Number(open))
	}
	zone, _ := time.Now().Zone()
	left := []widgets.StatusItem{{Text: text}}
	if w.demo != nil {
		left = append(left, widgets.StatusItem{Text: lang.L("DEMO: all data are made up")})
	}
	w.status.SetItems(left, []widgets.StatusItem{{Text: fmt.Sprintf(lang.L("All times %s"), zone)}})
}
