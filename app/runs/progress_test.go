package runs

import (
	"strings"
	"testing"

	"postroom/app/desktest"
	"postroom/app/words"
	"postroom/session/job"
)

// TestOnlyWhatConnectsSaysSo: a run that ended, and whose rows are being taken in and kept, is
// not said to connect.
func TestOnlyWhatConnectsSaysSo(t *testing.T) {
	desktest.New(t) // the words
	for state := job.Queued; state <= job.SignIn; state++ {
		text := stateText(job.Status{State: state, Rows: 1240})
		if connects := state == job.Queued || state == job.Connecting; strings.HasPrefix(text, "Connecting") != connects {
			t.Errorf("%s: %q", state, text)
		}
		if state.Ended() && !strings.HasPrefix(text, words.Rows(1240)) {
			t.Errorf("%s: %q does not say what came", state, text)
		}
	}
}
