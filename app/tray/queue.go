package tray

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session"
	"postroom/widgets"
)

// WaitingFor finds the session of a target that waits, for a free slot or for the
// server.
func WaitingFor(infos []session.Info, t session.Target) (session.Info, bool) {
	for _, i := range infos {
		if i.Waits() && i.Of(t) {
			return i, true
		}
	}
	return session.Info{}, false
}

// Offers are the ways to go on with a session that waits: a button for each idle
// session of ours that counts under the same limit, and one that has it tried at
// once, where that may help.
func (p *Panel) Offers(infos []session.Info, waiting session.Info) []fyne.CanvasObject {
	return append(p.ownOffers(infos, waiting), p.tryNow(waiting)...)
}

// tryNow is the way on at the person's own risk: where the server refused, and
// where slots are held by what may be gone.
func (p *Panel) tryNow(waiting session.Info) []fyne.CanvasObject {
	if waiting.Wait.For != session.WaitServer && waiting.Wait.Doubtful == 0 {
		return nil
	}
	text := lang.L("If you have closed a session elsewhere, you can try now. Each refusal can lengthen the wait.")
	if waiting.Wait.For == session.WaitSlot {
		text = lang.L("You can try now without counting the sessions that may already be gone. The server may refuse.")
	}
	button := widgets.NewButton(lang.L("Try now"), func() { p.manager.TryNow(waiting.ID) })
	return []fyne.CanvasObject{widgets.NewParagraph(text, widgets.MutedText), widgets.NewFlow(8, button)}
}

func (p *Panel) ownOffers(infos []session.Info, waiting session.Info) []fyne.CanvasObject {
	if waiting.Wait.For == session.WaitServer {
		return nil // what it counts is elsewhere
	}
	var inUse, buttons []fyne.CanvasObject
	if text := words.InUse(waiting.Wait.InUse); text != "" {
		inUse = append(inUse, widgets.NewParagraph(text, widgets.BodyText))
	}
	for _, i := range infos {
		if i.State != session.Idle || !i.Holder.MayBe(waiting.Holder) {
			continue
		}
		buttons = append(buttons, widgets.NewButton(fmt.Sprintf(lang.L("Disconnect %s"), words.Session(i)), func() { p.Disconnect(i.ID) }))
	}
	if len(buttons) == 0 {
		return append(inUse, widgets.NewParagraph(
			lang.L("None of these sessions is idle. Your run starts when another ends or a session in another window is disconnected. Cancel gives up."), widgets.MutedText))
	}
	return append(inUse,
		widgets.NewParagraph(lang.L("To start now, disconnect an idle session:"), widgets.MutedText),
		widgets.NewFlow(8, buttons...),
	)
}
