package widgets

import (
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// sessionCard is a session's card in the tray. It is changed in place, so that the
// buttons on it keep the keyboard's focus while the clock ticks.
type sessionCard struct {
	panel                       *Panel
	name                        *Button
	state, endpoint, account    *Text
	facts                       *Text
	disconnect, reconnect, keep *Button
	signIn                      *Button
	verified                    *fyne.Container
	links                       *fyne.Container
	kept                        bool
	tray                        *SessionTray
	last                        string
}

func cardLook() PanelLook {
	return PanelLook{Fill: ColorNamePanel, Edge: theme.ColorNameSeparator, Radius: 6, PadX: 10, PadY: 8}
}

func (t *SessionTray) newCard(id string) *sessionCard {
	c := &sessionCard{tray: t}
	link := func(text string, tapped func()) *Button {
		b := NewLink(text, tapped)
		b.Small = true
		return b
	}
	c.name = NewButton("", func() {
		if t.OnOpen != nil {
			t.OnOpen(id)
		}
	})
	c.name.Style, c.name.cut, c.name.leading = titleButton, true, true
	c.state, c.endpoint, c.account = NewParagraph("", CaptionText), NewCutText("", CaptionText), NewCutText("", CaptionText)
	c.disconnect = link(tr("Disconnect"), func() {
		if t.OnDisconnect != nil {
			t.OnDisconnect(id)
		}
	})
	c.reconnect = link(tr("Reconnect"), func() {
		if t.OnReconnect != nil {
			t.OnReconnect(id)
		}
	})
	c.keep = link(tr("Keep"), func() {
		if t.OnKeep != nil {
			t.OnKeep(id, !c.kept)
		}
	})
	c.signIn = link(tr("Sign in for this tenant"), func() {
		if t.OnSignIn != nil {
			t.OnSignIn(id)
		}
	})
	c.facts = NewParagraph("", CaptionText)
	c.verified = hline(4, -1, sized(NewSign(IconTick, SuccessText, ""), 18, 18), NewText(tr("verified"), SuccessText))
	c.links = hline(12, 0, c.endpoint, c.keep, c.reconnect, c.disconnect)
	c.panel = NewPanelWith(cardLook(), NewColumn(2, hline(8, 0, c.name, c.verified), c.state, c.facts, c.account, NewFlow(0, c.signIn), c.links))
	return c
}

func (c *sessionCard) update(s SessionInfo, now time.Time) {
	c.kept = s.Kept
	words := sessionWords(s, now)
	sign := strings.Join([]string{s.Tenant, words, s.Endpoint, s.Account, strconv.Itoa(int(s.State)), strconv.FormatBool(s.Kept), strings.Join(s.Facts, "\n"), strconv.FormatBool(s.SignIn), strconv.FormatBool(s.Verified)}, "\x00")
	if sign == c.last {
		return
	}
	c.last = sign
	name := s.Tenant
	if name == "" {
		name = s.Account
	}
	c.name.SetText(name)
	c.state.SetText(words)
	c.state.SetRole(CaptionText)
	if s.State == SessionLost {
		c.state.SetRole(ErrorText)
	}
	c.byTokens(s)
	c.endpoint.SetText(s.Endpoint)
	c.account.SetText(s.Account)
	show(c.account, s.Account != "" && s.Account != name && len(c.tray.state.Slots) > 1)
	show(c.disconnect, s.State != SessionClosing)
	if s.State == SessionLost {
		c.disconnect.SetText(tr("Dismiss"))
	}
	show(c.reconnect, s.State == SessionLost && c.tray.OnReconnect != nil)
	show(c.keep, s.State == SessionIdle && c.tray.OnKeep != nil && (s.Kept || !s.IdleUntil.IsZero()))
	if s.Kept {
		c.keep.SetText(tr("Do not keep"))
	} else {
		c.keep.SetText(tr("Keep"))
	}
	look := cardLook()
	look.Accent = s.Color
	if look.Accent == nil {
		look.Accent = colorOf(c.panel, ColorNameTrack)
	}
	c.panel.SetLook(look)
}

// byTokens shows what a connection depends on that has tokens in place of a session.
func (c *sessionCard) byTokens(s SessionInfo) {
	if s.SignIn {
		c.state.SetRole(ErrorText)
	}
	c.facts.SetText(strings.Join(s.Facts, "\n"))
	show(c.facts, len(s.Facts) > 0)
	show(c.verified, s.Verified)
	show(c.signIn, s.SignIn && c.tray.OnSignIn != nil)
	c.disconnect.SetText(tr("Disconnect"))
	if s.Tokens {
		c.disconnect.SetText(tr("Close"))
	}
}

// sessionWords says what a session does and for how long.
func sessionWords(s SessionInfo, now time.Time) string {
	var parts []string
	switch s.State {
	case SessionOpening:
		parts = append(parts, tr("opening"))
	case SessionRunning:
		if s.Running == "" {
			parts = append(parts, tr("running"))
		} else {
			parts = append(parts, tr("running {{.what}}", "what", s.Running))
		}
	case SessionClosing:
		parts = append(parts, tr("disconnecting"))
	case SessionLost:
		parts = append(parts, tr("connection lost"))
	default:
		switch {
		case s.SignIn:
			parts = append(parts, tr("sign-in needed"))
		case s.Tokens:
			parts = append(parts, tr("ready"))
		default:
			parts = append(parts, tr("idle"))
		}
	}
	if s.Note != "" {
		parts = append(parts, s.Note)
	}
	if !s.Opened.IsZero() && !now.IsZero() && s.State != SessionLost {
		parts = append(parts, shortDuration(now.Sub(s.Opened)))
	}
	switch {
	case s.State != SessionIdle:
	case s.Kept:
		parts = append(parts, tr("kept open"))
	case !s.IdleUntil.IsZero() && !now.IsZero():
		parts = append(parts, tr("closes in {{.time}}", "time", shortDuration(s.IdleUntil.Sub(now))))
	}
	return strings.Join(parts, " · ")
}

// waitingCard is the card of something that waits for a session.
type waitingCard struct {
	panel         *Panel
	title, detail *Text
}

func (t *SessionTray) newWaiting(id string) *waitingCard {
	c := &waitingCard{title: NewCutText("", StrongText), detail: NewParagraph("", CaptionText)}
	drop := NewLink(tr("Give up"), func() {
		if t.OnGiveUp != nil {
			t.OnGiveUp(id)
		}
	})
	drop.Small = true
	show(drop, t.OnGiveUp != nil)
	c.panel = NewPanelWith(cardLook(), NewColumn(2, hline(8, 0, c.title, drop), c.detail))
	return c
}

func (c *waitingCard) update(w WaitingInfo) {
	c.title.SetText(w.Title)
	var parts []string
	if w.Place > 0 {
		parts = append(parts, tr("place {{.place}}", "place", strconv.Itoa(w.Place)))
	}
	if w.Detail != "" {
		parts = append(parts, w.Detail)
	}
	c.detail.SetText(strings.Join(parts, " · "))
	look := cardLook()
	look.Accent = w.Color
	if look.Accent == nil {
		look.Accent = colorOf(c.panel, ColorNameBorder)
	}
	c.panel.SetLook(look)
}
