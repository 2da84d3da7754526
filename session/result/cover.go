package result

import (
	"strconv"
	"time"
)

// CoverWords are the words of a cover, in the person's language.
type CoverWords struct {
	Command, Tenant, Endpoint, Account, Started, Rows, Complete string
	// Yes and No say whether the rows are all that there are.
	Yes, No string
}

// EnglishCover are the words where no language is chosen.
func EnglishCover() CoverWords {
	return CoverWords{
		Command: "Command", Tenant: "Tenant", Endpoint: "Endpoint", Account: "Account", Started: "Started",
		Rows: "Rows", Complete: "Complete", Yes: "Yes", No: "No: the run stopped before all rows arrived, or only some were exported",
	}
}

// Cover says what a file is: what was asked, where, when and by whom, how many rows there
// are, and whether that is all. What is not known has no line.
func (v *View) Cover(w CoverWords, whole bool) []CoverLine {
	p := v.Provenance()
	started := ""
	if !p.Started.IsZero() {
		started = p.Started.Format(time.RFC3339)
	}
	complete := w.No
	if whole {
		complete = w.Yes
	}
	var lines []CoverLine
	for _, line := range []CoverLine{
		{w.Command, p.Command},
		{w.Tenant, p.Tenant},
		{w.Endpoint, p.Endpoint},
		{w.Account, p.Account},
		{w.Started, started},
		{w.Rows, strconv.Itoa(v.len())},
		{w.Complete, complete},
	} {
		if line.Value != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
