package tray

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session"
	"postroom/widgets"
)

// WaitingFor finds the session of a target that waits for a free slot.
func WaitingFor(infos []session.Info, t session.Target) (session.Info, bool) {
	who := t.Holder()
	for _, i := range infos {
		if i.State == session.Waiting && i.Place > 0 && i.Holder == who &&
			i.Endpoint.URL == t.Endpoint.URL && i.Tenant.Domain == t.Tenant.Domain {
			return i, true
		}
	}
	return session.Info{}, false
}

// QueueText says which place a waiting session has.
func QueueText(i session.Info) string {
	return fmt.Sprintf(lang.L("Waiting for a free session (number %s in line). All %s are in use."), words.Number(i.Place), words.Number(i.Limit))
}

// Offers are the ways to free a slot for a session that waits: a button
// for each idle session of ours that counts under the same limit. Empty when
// there is none.
func (p *Panel) Offers(infos []session.Info, waiting session.Info) []fyne.CanvasObject {
	var buttons []fyne.CanvasObject
	for _, i := range infos {
		if i.State != session.Idle || i.Holder != waiting.Holder {
			continue
		}
		buttons = append(buttons, widgets.NewButton(fmt.Sprintf(lang.L("Disconnect %s"), words.Session(i)), func() { p.Disconnect(i.ID) }))
	}
	if len(buttons) == 0 {
		return []fyne.CanvasObject{widgets.NewParagraph(
			lang.L("None of these sessions is idle. Yours starts when a run ends or a session in another window is disconnected."), widgets.MutedText)}
	}
	return []fyne.CanvasObject{
		widgets.NewParagraph(lang.L("To start now, disconnect an idle session:"), widgets.MutedText),
		widgets.NewFlow(8, buttons...),
	}
}
