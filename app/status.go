package app

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/tray"
	"postroom/app/words"
	"postroom/session"
	"postroom/widgets"
)

// statusItems say in one line how things are; running is what runs in tabs.
func statusItems(infos []session.Info, running []goingOn, demo bool) (leading, trailing []widgets.StatusItem) {
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
	leading = []widgets.StatusItem{{Text: text}}
	if demo {
		leading = append(leading, widgets.StatusItem{Text: lang.L("DEMO: all data is made up")})
	}
	if len(running) > 0 {
		leading = append(leading, runningItem(running))
	}
	zone, _ := time.Now().Zone()
	return leading, []widgets.StatusItem{{Text: fmt.Sprintf(lang.L("All times %s"), zone)}}
}

// runningItem says what runs. How far it is stands first, and stays where there is little
// room: nothing else says it while another tab is in front.
func runningItem(running []goingOn) widgets.StatusItem {
	first := running[0]
	far, _, _ := strings.Cut(first.far, " · ")
	item := widgets.StatusItem{Least: fmt.Sprintf(lang.L("Running: %s"), far)}
	said := strings.TrimPrefix(first.far+" · "+first.name, " · ")
	item.Text = fmt.Sprintf(lang.L("Running: %s"), said)
	if more := len(running) - 1; more > 0 {
		item.Text = fmt.Sprintf(lang.L("Running: %s and %s more"), said, words.Number(more))
	}
	return item
}

// statusLine is the bar at the foot of the window.
type statusLine struct {
	sessions func() []session.Info
	panel    *tray.Panel // of the sessions
	running  func() []goingOn
	demo     func() bool
	bar      *widgets.StatusBar // nil while the window is being made
}

// show shows at the foot of the window how things are.
func (s *statusLine) show() {
	if s.bar != nil {
		s.bar.SetItems(statusItems(s.sessions(), s.running(), s.demo()))
	}
}

// showRunning shows what runs: at the foot of the window, and at the sessions that work for
// it.
func (s *statusLine) showRunning() {
	if s.bar != nil {
		s.panel.SetSessions(s.sessions())
		s.show()
	}
}
