package widgets

import (
	"image/color"
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// SessionState is what a session does.
type SessionState int

// The states of a session.
const (
	SessionOpening SessionState = iota
	SessionIdle
	SessionRunning
	SessionClosing
	SessionLost
)

// SessionInfo is one session in the tray.
type SessionInfo struct {
	ID       string // given back by the callbacks
	Tenant   string
	Account  string
	Endpoint string
	Color    color.Color // the tenant's
	State    SessionState
	Running  string // what runs, for SessionRunning
	Note     string // said after the state: a reason, progress

	Opened    time.Time // zero: not said
	IdleUntil time.Time // when the server closes it; zero: not said
	Kept      bool      // a person keeps it open

	// Of a connection by tokens: there is nothing on the server that could be idle.
	Tokens   bool
	Verified bool     // the token is of the tenant that was chosen
	Facts    []string // a line each: until when the token is good, what is left of the rate
	SignIn   bool     // the person has to sign in
}

// WaitingInfo is something that waits for a free session.
type WaitingInfo struct {
	ID     string
	Title  string
	Detail string
	Color  color.Color
	Place  int // in the queue, from 1; 0 is not said
}

// ResultInfo is one of the last results.
type ResultInfo struct {
	ID     string
	Title  string
	Detail string // rows, or what went wrong
	Failed bool
}

// Slots is how many sessions of an account are in use.
type Slots struct {
	Account     string
	Used, Limit int
	Elsewhere   int // of Used, those that are not among the sessions shown
}

// TrayState is all that the tray shows.
type TrayState struct {
	Slots    []Slots // one per account
	Sessions []SessionInfo
	Waiting  []WaitingInfo
	Results  []ResultInfo
	Now      time.Time // for ages and idle times
}

// SessionTray shows every session with what it does and how long it lasts, how many of the
// account's sessions are in use, what waits, and the last results. It has a field for each
// callback and for each part on screen.
type SessionTray struct {
	widget.BaseWidget

	OnDisconnect    func(id string)
	OnDisconnectAll func()
	OnReconnect     func(id string)            // nil: lost sessions offer none
	OnKeep          func(id string, keep bool) // nil: sessions offer none
	OnOpen          func(id string)            // the session's name was tapped
	OnSignIn        func(id string)            // nil: connections offer none
	OnGiveUp        func(id string)            // something that waits should wait no longer
	OnResult        func(id string)

	state    TrayState
	cards    map[string]*sessionCard
	waiting  map[string]*waitingCard
	all      *Button
	title    *Text
	list     *fyne.Container
	scroller *container.Scroll
}

// NewSessionTray returns a tray without sessions.
func NewSessionTray() *SessionTray {
	t := &SessionTray{cards: map[string]*sessionCard{}, waiting: map[string]*waitingCard{}}
	t.title = NewSectionTitle(tr("Sessions"))
	t.all = NewLink(tr("Disconnect all"), func() {
		if t.OnDisconnectAll != nil {
			t.OnDisconnectAll()
		}
	})
	t.all.Small = true
	t.list = NewColumn(8)
	t.scroller = container.NewVScroll(padded(t.list, 12, 10))
	t.ExtendBaseWidget(t)
	t.SetState(TrayState{})
	return t
}

// SetState replaces everything. Cards of sessions that stay keep the keyboard's focus.
func (t *SessionTray) SetState(s TrayState) {
	s.Sessions, s.Slots = slices.Clone(s.Sessions), slices.Clone(s.Slots)
	s.Waiting, s.Results = slices.Clone(s.Waiting), slices.Clone(s.Results)
	resultsChanged := !slices.Equal(s.Results, t.state.Results)
	t.state = s
	t.rebuild(resultsChanged)
}

// SetNow moves the clock: ages and idle times are shown for this moment.
func (t *SessionTray) SetNow(now time.Time) {
	t.state.Now = now
	for _, s := range t.state.Sessions {
		if c := t.cards[s.ID]; c != nil {
			c.update(s, now)
		}
	}
}

// CreateRenderer is Fyne's.
func (t *SessionTray) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(t.scroller)
}

// MinSize leaves the height to the window.
func (t *SessionTray) MinSize() fyne.Size {
	t.ExtendBaseWidget(t)
	return fyne.NewSize(220, 120)
}

func (t *SessionTray) rebuild(resultsChanged bool) {
	head := hline(8, 0, t.title, t.all)
	show(t.all, len(t.state.Sessions) > 0)
	objs := []fyne.CanvasObject{head}
	for _, s := range t.state.Slots {
		objs = append(objs, slotsLine(s))
	}
	if len(t.state.Sessions) == 0 {
		objs = append(objs, NewParagraph(tr("No sessions open"), MutedText))
	}
	seen := map[string]bool{}
	for _, s := range t.state.Sessions {
		seen[s.ID] = true
		c := t.cards[s.ID]
		if c == nil {
			c = t.newCard(s.ID)
			t.cards[s.ID] = c
		}
		c.update(s, t.state.Now)
		objs = append(objs, c.panel)
	}
	for id := range t.cards {
		if !seen[id] {
			delete(t.cards, id)
		}
	}
	objs = t.waitingCards(objs)
	t.list.Objects = t.resultLines(objs, resultsChanged)
	t.list.Refresh()
	FollowKeyboard(t.scroller)
	t.scroller.Refresh()
	canvas.Refresh(t)
}

func (t *SessionTray) waitingCards(objs []fyne.CanvasObject) []fyne.CanvasObject {
	if len(t.state.Waiting) > 0 {
		objs = append(objs, NewSectionTitle(tr("Waiting for a session")))
	}
	seen := map[string]bool{}
	for _, w := range t.state.Waiting {
		seen[w.ID] = true
		c := t.waiting[w.ID]
		if c == nil {
			c = t.newWaiting(w.ID)
			t.waiting[w.ID] = c
		}
		c.update(w)
		objs = append(objs, c.panel)
	}
	for id := range t.waiting {
		if !seen[id] {
			delete(t.waiting, id)
		}
	}
	return objs
}

func (t *SessionTray) resultLines(objs []fyne.CanvasObject, changed bool) []fyne.CanvasObject {
	if len(t.state.Results) == 0 {
		return objs
	}
	if !changed { // the lines are at the end of what is shown already; keep their focus
		old := t.list.Objects
		n := len(t.state.Results) + 1
		if len(old) >= n {
			return append(objs, old[len(old)-n:]...)
		}
	}
	objs = append(objs, NewSectionTitle(tr("Last results")))
	for _, r := range t.state.Results {
		role := CaptionText
		if r.Failed {
			role = ErrorText
		}
		open := NewButton(r.Title, func() {
			if t.OnResult != nil {
				t.OnResult(r.ID)
			}
		})
		open.Style, open.cut, open.leading = LinkButton, true, true
		objs = append(objs, hline(8, 0, open, NewText(r.Detail, role)))
	}
	return objs
}

func slotsLine(s Slots) fyne.CanvasObject {
	text := tr("{{.used}} of {{.limit}} in use by {{.account}}", "used", strconv.Itoa(s.Used), "limit", strconv.Itoa(s.Limit), "account", s.Account)
	if s.Elsewhere > 0 {
		text += " · " + tr("{{.n}} of them outside this window", "n", strconv.Itoa(s.Elsewhere))
	}
	b := &slotBar{used: s.Used, limit: s.Limit}
	b.ExtendBaseWidget(b)
	return NewColumn(4, NewParagraph(text, MutedText), b)
}

// slotBar is a piece per slot, filled for each one in use.
type slotBar struct {
	widget.BaseWidget
	used, limit int
}

func (b *slotBar) CreateRenderer() fyne.WidgetRenderer {
	r := &slotRenderer{b: b}
	for range max(b.limit, b.used) {
		r.pieces = append(r.pieces, newFlat())
	}
	r.Refresh()
	return r
}

type slotRenderer struct {
	b      *slotBar
	pieces []*canvas.Rectangle
}

func (r *slotRenderer) Destroy()           {}
func (r *slotRenderer) MinSize() fyne.Size { return fyne.NewSize(40, 7) }

func (r *slotRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, len(r.pieces))
	for i, p := range r.pieces {
		out[i] = p
	}
	return out
}

func (r *slotRenderer) Layout(s fyne.Size) {
	n := float32(len(r.pieces))
	w := (s.Width - (n-1)*4) / n
	for i, p := range r.pieces {
		place(p, float32(i)*(w+4), 0, w, s.Height)
	}
}

func (r *slotRenderer) Refresh() {
	for i, p := range r.pieces {
		p.CornerRadius = 3
		p.FillColor = colorOf(r.b, ColorNameTrack)
		if i < r.b.used {
			p.FillColor = colorOf(r.b, theme.ColorNamePrimary)
		}
		if i >= r.b.limit {
			p.FillColor = colorOf(r.b, theme.ColorNameError)
		}
	}
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}
