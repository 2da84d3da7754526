package app

import (
	"maps"
	"slices"

	"postroom/session"
	"postroom/widgets"
)

// slots are sessions in use, by what the limit counts them as.
type slots map[string]int

// ownSlots counts the sessions of this window; who waits has none.
func ownSlots(infos []session.Info) slots {
	own := slots{}
	for _, i := range infos {
		if i.State == session.Waiting {
			continue
		}
		own[i.CountedAs]++
	}
	return own
}

// slotsElsewhere counts what other windows and processes on this computer hold,
// or left behind, of the accounts in use here. It reads the ledger: not for the
// UI thread.
func (a *App) slotsElsewhere(infos []session.Info) slots {
	own, elsewhere := ownSlots(infos), slots{}
	for _, i := range infos {
		key := i.CountedAs
		if _, done := elsewhere[key]; done {
			continue
		}
		t := session.Target{Endpoint: i.Endpoint, Tenant: i.Tenant}
		t.Credential.User = i.Account
		used, _, err := a.manager.Slots(t)
		if err != nil {
			continue // whoever opens a session is told why the ledger cannot be read
		}
		elsewhere[key] = max(0, used-own[key])
	}
	return elsewhere
}

// showSlots shows what a worker counted, if it is news.
func (w *mainWindow) showSlots(elsewhere slots) {
	if !maps.Equal(w.elsewhere, elsewhere) {
		w.elsewhere = elsewhere
		w.tray.SetState(w.trayState(w.app.manager.Sessions()))
	}
}

// traySlots is a line for each account.
func (w *mainWindow) traySlots(infos []session.Info) []widgets.Slots {
	own, lines := ownSlots(infos), map[string]widgets.Slots{}
	for _, i := range infos {
		key := i.CountedAs
		lines[key] = widgets.Slots{
			Account: i.Account, Limit: i.Limit, Used: own[key] + w.elsewhere[key], Elsewhere: w.elsewhere[key],
		}
	}
	out := make([]widgets.Slots, 0, len(lines))
	for _, key := range slices.Sorted(maps.Keys(lines)) {
		out = append(out, lines[key])
	}
	return out
}
