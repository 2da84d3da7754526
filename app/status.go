package app

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session"
	"postroom/widgets"
)

// statusItems say in one line how things are.
func statusItems(infos []session.Info, demo bool) (leading, trailing []widgets.StatusItem) {
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
	zone, _ := time.Now().Zone()
	return leading, []widgets.StatusItem{{Text: fmt.Sprintf(lang.L("All times %s"), zone)}}
}
