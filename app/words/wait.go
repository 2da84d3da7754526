package words

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/session"
	"postroom/session/harmless"
)

// Wait says what a session waits for, and until when; place is its place in the
// queue for a slot, limit how many there are.
func Wait(w session.Wait, place, limit int) string {
	if w.For == session.WaitServer {
		return fmt.Sprintf(lang.L("The server refuses another session. Trying again at %s."), clock(w.Until))
	}
	text := fmt.Sprintf(lang.L("Waiting for a free session (number %s in line). All %s are in use."), Number(max(1, place)), Number(limit))
	if limit == 1 {
		text = fmt.Sprintf(lang.L("Waiting for the only session, which is in use (number %s in line)."), Number(max(1, place)))
	}
	switch {
	case w.Doubtful == 0:
	case w.Until.IsZero():
		text += " " + fmt.Sprintf(lang.L("May already be gone: %s."), Number(w.Doubtful))
	default:
		text += " " + fmt.Sprintf(lang.L("May already be gone: %s, free by %s at the latest."), Number(w.Doubtful), clock(w.Until))
	}
	return text
}

// mostInUse is how many of the sessions that are in use are named.
const mostInUse = 5

// InUse names the sessions that somebody who waits waits for, and what each does; empty
// where none is known.
func InUse(list []session.Use) string {
	var all []string
	for n, u := range list {
		if n == mostInUse {
			all = append(all, fmt.Sprintf(lang.L("%s more"), Number(len(list)-n)))
			break
		}
		all = append(all, use(u))
	}
	if len(all) == 0 {
		return ""
	}
	return fmt.Sprintf(lang.L("In use: %s."), strings.Join(all, "; "))
}

// use says what a session that holds a slot does: a run, its place, and since when.
func use(u session.Use) string {
	t := session.Target{Tenant: u.Tenant}
	t.Account = u.Account
	where, since := cmp.Or(Place(t), u.Account), u.Since.Local().Format("15:04")
	switch {
	case len(u.Runs) > 0:
		return fmt.Sprintf(lang.L("%s for %s (since %s)"), Runs(u.Runs[:1]), where, since)
	case u.PID != 0:
		return fmt.Sprintf(lang.L("another window or run for %s (since %s, process %s)"), where, since, strconv.Itoa(u.PID))
	case u.State == session.Idle && !u.Ends.IsZero():
		return fmt.Sprintf(lang.L("%s, idle (disconnects by itself at %s)"), where, u.Ends.Local().Format("15:04"))
	case u.State == session.Idle:
		return fmt.Sprintf(lang.L("%s, idle"), where)
	case u.State < session.Idle:
		return fmt.Sprintf(lang.L("%s, connecting"), where)
	}
	return fmt.Sprintf(lang.L("%s, disconnecting"), where)
}

func clock(t time.Time) string { return t.Local().Format(time.TimeOnly) }

// Runs names the cmdlets that run in a session, each once. Their values are left out: they are
// GUIDs more often than names.
func Runs(runs []string) string {
	var names []string
	for _, run := range runs {
		if name := harmless.Line(session.CmdletOf(run)); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
