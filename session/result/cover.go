package result

import (
	"fmt"
	"strconv"
	"time"
)

// CoverWords are the words of a cover, in the person's language.
type CoverWords struct {
	Report, Command, Tenant, Endpoint, Account, Started, Filter, Rows, Complete string
	// Yes and No say whether the run gave all rows that there are, Part that the file has
	// only some of them.
	Yes, No, Part string
	// Of says how many rows of how many: "%d of %d".
	Of string
	// Sheet is the name of the cover's sheet in a workbook.
	Sheet string
}

// Coverage says which rows of a run a file has.
type Coverage struct {
	// Whole says that the run gave all rows that there are.
	Whole bool
	// Of is how many rows the run gave; 0 stands for those of the view.
	Of int
	// Limited says that the run was ended after as many rows as were wanted: there may be
	// more of them.
	Limited bool
	// Filter says in words what took rows away.
	Filter string
}

// EnglishCount says how many of a thing, whose plural is regular: 1 row, 2 rows.
func EnglishCount(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

// EnglishCover are the words where no language is chosen.
func EnglishCover() CoverWords {
	return CoverWords{
		Report: "Report", Command: "Command", Tenant: "Tenant", Endpoint: "Endpoint", Account: "Account", Started: "Started",
		Filter: "Filter", Rows: "Rows", Complete: "Complete", Yes: "Yes", No: "No: the run stopped before all rows arrived",
		Part: "No: only some of the rows were exported", Of: "%d of %d", Sheet: "About this file",
	}
}

// Cover says what a file is: what was asked, where, when and by whom, how many rows there
// are, and whether that is all. What is not known has no line.
func (v *View) Cover(w CoverWords, c Coverage) []CoverLine {
	p := v.Provenance()
	started := ""
	if !p.Started.IsZero() {
		started = p.Started.Format(time.RFC3339)
	}
	complete, rows := w.Yes, strconv.Itoa(v.len())
	if c.Of > v.len() {
		complete, rows = w.Part, fmt.Sprintf(w.Of, v.len(), c.Of)
	}
	if c.Limited {
		complete = w.Part
	}
	if !c.Whole {
		complete = w.No
	}
	var lines []CoverLine
	for _, line := range []CoverLine{
		{w.Report, p.Report},
		{w.Command, p.Command},
		{w.Tenant, p.Tenant},
		{w.Endpoint, p.Endpoint},
		{w.Account, p.Account},
		{w.Started, started},
		{w.Filter, c.Filter},
		{w.Rows, rows},
		{w.Complete, complete},
	} {
		if line.Value != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
