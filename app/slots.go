package app

import (
	"maps"
	"slices"
	"strings"

	"postroom/session"
	"postroom/session/holder"
	"postroom/widgets"
)

// slots are sessions in use, by who holds them.
type slots map[holder.Holder]int

// ownSlots counts the sessions of this window; who waits has none.
func ownSlots(infos []session.Info) slots {
	own := slots{}
	for _, i := range infos {
		if i.State == session.Waiting {
			continue
		}
		own[i.Holder]++
	}
	return own
}

// slotsElsewhere counts what other windows and processes on this computer hold,
// or left behind, of the accounts in use here. It reads the ledger: not for the
// UI thread.
func (a *App) slotsElsewhere(infos []session.Info) slots {
	own, elsewhere := ownSlots(infos), slots{}
	for _, i := range infos {
		if _, done := elsewhere[i.Holder]; done {
			continue
		}
		t := session.Target{Endpoint: i.Endpoint, Tenant: i.Tenant}
		t.Account = i.Account
		used, _, err := a.manager.Slots(t)
		if err != nil {
			continue // whoever opens a session is told why the ledger cannot be read
		}
		elsewhere[i.Holder] = max(0, used-own[i.Holder])
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
	own, lines := ownSlots(infos), map[holder.Holder]widgets.Slots{}
	for _, i := range infos {
		lines[i.Holder] = widgets.Slots{
			Account: i.Account, Limit: i.Limit, Used: own[i.Holder] + w.elsewhere[i.Holder], Elsewhere: w.elsewhere[i.Holder],
		}
	}
	out := make([]widgets.Slots, 0, len(lines))
	byName := func(a, b holder.Holder) int { return strings.Compare(a.String(), b.String()) }
	for _, h := range slices.SortedFunc(maps.Keys(lines), byName) {
		out = append(out, lines[h])
	}
	return out
}
