package words

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/session"
)

// Wait says what a session waits for, and until when; place is its place in the
// queue for a slot, limit how many there are.
func Wait(w session.Wait, place, limit int) string {
	if w.For == session.WaitServer {
		return fmt.Sprintf(lang.L("The server refuses another session. Trying again at %s."), clock(w.Until))
	}
	text := fmt.Sprintf(lang.L("Waiting for a free session (number %s in line). All %s are in use."), Number(max(1, place)), Number(limit))
	switch {
	case w.Doubtful == 0:
	case w.Until.IsZero():
		text += " " + fmt.Sprintf(lang.L("May already be gone: %s."), Number(w.Doubtful))
	default:
		text += " " + fmt.Sprintf(lang.L("May already be gone: %s, free by %s at the latest."), Number(w.Doubtful), clock(w.Until))
	}
	return text
}

func clock(t time.Time) string { return t.Local().Format(time.TimeOnly) }
