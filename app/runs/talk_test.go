package runs

import (
	"testing"

	"postroom/session"
	"postroom/session/report"
)

// What the program itself says of a run stands in English with the fact, for a terminal, and
// as the key of the window's translations: the two are the same sentence.
func TestTheWindowsSentencesAreThoseOfTheTerminal(t *testing.T) {
	for _, err := range []error{
		&session.DoubtfulValue{Parameter: "PageSize", Value: "0", Least: "1"},
		&session.DoubtfulValue{Parameter: "QuarantineTypes", Value: "S", Choices: []string{"Spam"}},
		&session.UnreadMessage{Type: "0x41007"},
		&report.NoPropertyError{Property: "Guid"},
	} {
		if said := saidText(session.Message{Err: err}); said != err.Error() {
			t.Errorf("%T: the window says %q, a terminal %q", err, said, err)
		}
	}
}
