package app

import (
	"slices"
	"testing"

	"postroom/session/history"
)

// What ran stands in the history; its rows open again without a server, and what
// changed since is a tab as any other.
func TestHistoryOpensAndCompares(t *testing.T) {
	a, q := connected(t)
	w := a.window
	run := func() {
		tab := w.opening.cmdlet("Get-TransportRule")
		tab.Form().Run()
		q.Until(t, "the rows", func() bool { return tab.Ran() && tab.Shown() != nil })
	}
	run()
	run()
	var entries []history.Entry
	q.Until(t, "the history", func() bool {
		entries, _ = a.history.Entries()
		return len(entries) == 2
	})
	sent := func() int { return w.demo.Server.Stats().CommandsByName["Get-TransportRule"] }
	before := sent()
	w.history.show()
	w.desk.Sheets.Top().Hide()
	w.middle.openKept(entries[1])
	kept := w.middle.open[len(w.middle.open)-1]
	q.Until(t, "the kept rows", func() bool { return kept.Ran() && kept.Shown() != nil })
	rows, _ := kept.Shown().Size()
	if rows != entries[1].Rows || kept.Err() != nil {
		t.Errorf("%d rows, want %d; %v", rows, entries[1].Rows, kept.Err())
	}
	if again := sent(); again != before {
		t.Errorf("%d commands were sent for what is kept", again-before)
	}
	w.middle.openDifference(entries[1], entries[0])
	difference := w.middle.open[len(w.middle.open)-1]
	q.Until(t, "the comparison", difference.Ran)
	if s := difference.Summary(); s.Rows != 0 || difference.Err() != nil {
		t.Errorf("%d changes where there are none, %v", s.Rows, difference.Err())
	}
	w.history.again(entries[0])
	if open := w.middle.open; open[len(open)-1].Cmdlet().Name != "Get-TransportRule" {
		t.Error("the form is not filled in again")
	}
	if all, _ := a.history.Entries(); !slices.Equal(ids(all), ids(entries)) {
		t.Error("what was opened again is in the history again")
	}
}

func ids(entries []history.Entry) (list []string) {
	for _, e := range entries {
		list = append(list, e.ID)
	}
	return list
}
