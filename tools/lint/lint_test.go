package main

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

// TestPrintsPastSayAreRefused: a print in the command line that a server's text could reach
// is refused, whichever function prints; texts that are put together in memory, constants,
// and prints of packages that reach no terminal are not.
func TestPrintsPastSayAreRefused(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), forbidden, "postroom/app/cli", "postroom/session/other")
}

// TestLargeStructsSayWhy: a struct with many fields, or many methods of its own and of what it
// embeds, is refused unless its comment speaks of them.
func TestLargeStructsSayWhy(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), size, "postroom/widgets")
}
