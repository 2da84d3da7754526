package app

import (
	"fmt"
	"strings"
	"testing"

	"postroom/app/desktest"
	"postroom/app/words"
)

// The foot of the window counts the rows of a run as they come, as the tab does.
func TestTheStatusBarFollowsARun(t *testing.T) {
	a, q := connected(t)
	w := a.window
	tab := halfAnswered(t, w)
	q.Until(t, "the last rows in the status bar", func() bool {
		n := tab.Summary().Rows
		return n > 0 && strings.Contains(desktest.Text(w.desk), fmt.Sprintf("Running: %s rows · Get-Mailbox · %s", words.Number(n), tab.Strip.Detail))
	})
}
