package tray

import (
	"maps"
	"slices"
	"strings"
	"time"

	"postroom/session"
	"postroom/session/holder"
	"postroom/widgets"
)

// slots are sessions in use, by who holds them.
type slots map[holder.Holder]int

// ownSlots counts the sessions of this window as the limit does, for each account; who
// waits has none.
func ownSlots(infos []session.Info) slots {
	own := slots{}
	for _, i := range infos {
		if _, done := own[i.Holder]; done {
			continue
		}
		own[i.Holder] = 0
		for _, other := range infos {
			if other.State != session.Waiting && other.Holder.MayBe(i.Holder) {
				own[i.Holder]++
			}
		}
	}
	return own
}

// slotsElsewhere counts what other windows and processes on this computer hold,
// or left behind, of the accounts in use here. It reads the ledger: not for the
// UI thread.
func (p *Panel) slotsElsewhere(infos []session.Info) slots {
	own, elsewhere := ownSlots(infos), slots{}
	for _, i := range infos {
		if _, done := elsewhere[i.Holder]; done {
			continue
		}
		t := session.Target{Endpoint: i.Endpoint, Tenant: i.Tenant}
		t.Account = i.Account
		used, _, err := p.manager.Slots(t)
		if err != nil {
			continue // whoever opens a session is told why the ledger cannot be read
		}
		elsewhere[i.Holder] = max(0, used-own[i.Holder])
	}
	return elsewhere
}

// Tick moves the clock of the panel, and counts the slots that others hold. Not
// for the UI thread: it reads the ledger. Without sessions there is nothing to do.
func (p *Panel) Tick(now time.Time) {
	infos := p.manager.Sessions()
	if len(infos) == 0 {
		return
	}
	elsewhere := p.slotsElsewhere(infos)
	p.desk.Post(func() {
		p.setElsewhere(elsewhere)
		p.shown.SetNow(now)
	})
}

// setElsewhere shows what was counted, if it is news.
func (p *Panel) setElsewhere(elsewhere slots) {
	if !maps.Equal(p.elsewhere, elsewhere) {
		p.elsewhere = elsewhere
		p.SetSessions(p.manager.Sessions())
	}
}

// slots is a line for each account.
func (p *Panel) slots(infos []session.Info) []widgets.Slots {
	own, lines := ownSlots(infos), map[holder.Holder]widgets.Slots{}
	for _, i := range infos {
		if i.Limit == 0 {
			continue // a door that counts none
		}
		lines[i.Holder] = widgets.Slots{
			Account: i.Account, Limit: i.Limit, Used: own[i.Holder] + p.elsewhere[i.Holder], Elsewhere: p.elsewhere[i.Holder],
		}
	}
	out := make([]widgets.Slots, 0, len(lines))
	byName := func(a, b holder.Holder) int { return strings.Compare(a.String(), b.String()) }
	for _, h := range slices.SortedFunc(maps.Keys(lines), byName) {
		out = append(out, lines[h])
	}
	return out
}
