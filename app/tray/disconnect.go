package tray

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session"
	"postroom/widgets"
)

// closeTime bounds what a person waits for when a session is closed.
const closeTime = 10 * time.Second

// Disconnect closes a session, or takes a waiting one out of the queue. While a command
// runs in it, it asks first.
func (p *Panel) Disconnect(id session.ID) {
	for _, i := range p.manager.Sessions() {
		if i.ID == id && p.runsIn(i) != "" {
			p.ask(lang.L("Disconnect while a command is running?"), []session.Info{i}, func() { p.close(id) })
			return
		}
	}
	p.close(id)
}

// DisconnectAll closes all sessions of this window. Where there are several, or a command
// runs in one, it asks first.
func (p *Panel) DisconnectAll() { p.DisconnectThen(func() {}) }

// DisconnectThen is DisconnectAll; then is called once it is sure that they are closed.
func (p *Panel) DisconnectThen(then func()) {
	infos := p.manager.Sessions()
	sure := func() {
		then()
		p.CloseAll()
	}
	if len(infos) > 1 || slices.ContainsFunc(infos, func(i session.Info) bool { return p.runsIn(i) != "" }) {
		p.ask(lang.L("Disconnect all sessions?"), infos, sure)
		return
	}
	sure()
}

// CloseAll closes all sessions of this window without asking.
func (p *Panel) CloseAll() {
	for _, i := range p.manager.Sessions() {
		p.close(i.ID)
	}
}

// ask asks whether sessions are to be closed, and says what runs in them.
func (p *Panel) ask(title string, infos []session.Info, sure func()) {
	if top := p.desk.Sheets.Top(); top != nil && top.Title() == title {
		return // it asks already
	}
	var s *widgets.Sheet
	stay := widgets.NewPrimaryButton(lang.L("Stay connected"), func() { s.Hide() })
	leave := widgets.NewDangerButton(lang.L("Disconnect"), func() { s.Hide(); sure() })
	var parts []fyne.CanvasObject
	running := false
	for _, i := range infos {
		line := words.Session(i)
		if what := p.runsIn(i); what != "" {
			running = true
			line += " · " + what
		}
		parts = append(parts, widgets.NewParagraph(line, widgets.StrongText))
	}
	if running {
		parts = append(parts, widgets.NewParagraph(lang.L("What runs is stopped. What the server has already changed stays changed."), widgets.BodyText))
	}
	s = p.desk.Sheets.New(widgets.SheetSpec{Title: title, Width: 520, Foot: widgets.NewFoot(nil, leave, stay)}, parts...)
	s.Show(stay)
}

// runsIn is what goes on in a session, also between two commands of a run; "" for nothing.
func (p *Panel) runsIn(i session.Info) string {
	if p.Works != nil && (i.State == session.Idle || i.State == session.Running) {
		if what := p.Works(i); len(what) > 0 {
			return strings.Join(what, ", ")
		}
	}
	return words.Runs(i.Runs)
}

// close closes a session without asking.
func (p *Panel) close(id session.ID) {
	if i := slices.IndexFunc(p.ended, func(i session.Info) bool { return i.ID == id }); i >= 0 {
		p.ended = slices.Delete(p.ended, i, i+1) // it was lost; nothing is left to disconnect
		p.SetSessions(p.manager.Sessions())
		return
	}
	p.desk.Spawn(func() { // ends when the server has answered, at the latest after closeTime
		ctx, cancel := context.WithTimeout(context.Background(), closeTime)
		defer cancel()
		if err := p.manager.Close(ctx, id); err != nil {
			p.desk.Post(func() { p.desk.Problem(err) })
		}
	})
}
