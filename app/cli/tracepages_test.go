package cli_test

import (
	"strings"
	"testing"
	"time"

	"postroom/app/cli"
	"postroom/session/simulator"
)

// A message trace without dates goes on with both: the server refuses one alone.
func TestATraceWithoutDatesHasAllItsPages(t *testing.T) {
	s := start(t, simulator.Options{Rows: 250, Epoch: time.Now()})
	rows := func(size string) int {
		t.Helper()
		got := do(t, s.Password()+"\n", at(s, "--csv", "-", "--columns", "MessageTraceId", "Get-MessageTraceV2", "-ResultSize", size)...)
		got.fits(t, cli.ExitDone, s.Password())
		return strings.Count(got.stdout, "\n") - 1
	}
	// What is left of 48 hours at their far end ages while the pages are asked for.
	if whole, paged := rows("5000"), rows("20"); whole <= 40 || paged < whole-2 || paged > whole {
		t.Errorf("%d rows in pages of 20, %d in one", paged, whole)
	}
}
