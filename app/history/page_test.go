package history_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"postroom/app/desktest"
	page "postroom/app/history"
	"postroom/session/history"
)

func TestMain(m *testing.M) {
	if err := desktest.English(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// TestRunsAreFoundByTheirRowsInTheWindow: what is typed is looked for in the rows, too.
func TestRunsAreFoundByTheirRowsInTheWindow(t *testing.T) {
	book := history.Open(t.TempDir())
	d, q := desktest.New(t)
	for i, city := range []string{"Hamburg", "Lyon"} {
		r := book.Begin(time.Now())
		r.BeginRow()
		r.Text([]byte("City"), []byte(city))
		if err := r.EndRow(); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Commit(t.Context(), history.Entry{
			Command: fmt.Sprintf("Get-Thing%d", i), Account: "ada@contoso.example", Endpoint: "Exchange", Started: time.Now(), Rows: 1, State: "done",
		}); err != nil {
			t.Fatal(err)
		}
	}
	opened := ""
	page.Show(d, book, page.Deeds{Title: history.Entry.Title, Open: func(e history.Entry) { opened = e.Command }})
	q.Until(t, "the runs", func() bool {
		return strings.Contains(desktest.Text(d), "Get-Thing0") && strings.Contains(desktest.Text(d), "Get-Thing1")
	})
	for _, r := range "lyon" {
		d.Window.Canvas().Focused().TypedRune(r)
	}
	q.Until(t, "the run whose rows have it", func() bool {
		return strings.Contains(desktest.Text(d), "Get-Thing1") && !strings.Contains(desktest.Text(d), "Get-Thing0")
	})
	desktest.Shot(t, d, "history rows")
	desktest.Type(d, fyne.KeyDown)
	desktest.Type(d, fyne.KeyReturn)
	desktest.Press(t, d, "Open the rows")
	if opened != "Get-Thing1" {
		t.Errorf("opened %q", opened)
	}
}

// TestAChangeIsNotZeroRows: what a run did is said, in the list and beside it.
func TestAChangeIsNotZeroRows(t *testing.T) {
	book := history.Open(t.TempDir())
	d, q := desktest.New(t)
	runs := []struct {
		history.Entry

		listed, chosen string
	}{
		{history.Entry{Command: "Set-A -Identity a", State: "done"}, "changed", "s · changed"},
		{history.Entry{Command: "Remove-B -Identity a", State: "failed", Errors: 2}, "0 rows", "0 rows · 2 errors · failed"},
		{history.Entry{Command: "New-C -Name a", State: "done", Rows: 1}, "1 row · changed", "s · 1 row · changed"},
		{history.Entry{Command: "Set-D -Identity a -WhatIf", State: "done"}, "What if", "s · What if"},
		{history.Entry{Command: "Get-E", State: "done"}, "0 rows", "0 rows · all rows"},
		{history.Entry{Command: "Get-F | Remove-F", State: "partial"}, "0 rows", "0 rows · incomplete"},
		{history.Entry{Command: "New-G -P (Read-Host -AsSecureString)", State: "done"}, "changed", "s · changed"},
	}
	for i := range runs {
		runs[i].Started = time.Now()
		if _, err := book.Begin(time.Now()).Commit(t.Context(), runs[i].Entry); err != nil {
			t.Fatal(err)
		}
	}
	page.Show(d, book, page.Deeds{Title: history.Entry.Title})
	q.Until(t, "the runs", func() bool { return strings.Contains(desktest.Text(d), "New-G") })
	for i := range runs { // the newest comes first
		run := runs[len(runs)-1-i]
		desktest.Type(d, fyne.KeyDown)
		desktest.Type(d, fyne.KeyReturn)
		text := desktest.Text(d)
		if listed := run.Title() + "\n" + run.listed; !strings.Contains(text, listed) || !strings.Contains(text, run.chosen+"\n") {
			t.Errorf("%s: want %q and %q in\n%s", run.Command, listed, run.chosen, text)
		}
	}
}

// TestAllIsForgottenOnlyWhenAsked: Enter by habit keeps the runs, the second press removes
// those too that the search hides.
func TestAllIsForgottenOnlyWhenAsked(t *testing.T) {
	book := history.Open(t.TempDir())
	d, q := desktest.New(t)
	if _, err := book.Begin(time.Now()).Commit(t.Context(), history.Entry{Command: "Get-Thing", Started: time.Now(), State: "done"}); err != nil {
		t.Fatal(err)
	}
	page.Show(d, book, page.Deeds{Title: history.Entry.Title})
	q.Until(t, "the run", func() bool { return strings.Contains(desktest.Text(d), "Get-Thing") })
	desktest.Press(t, d, "Forget all")
	if text := desktest.Text(d); !strings.Contains(text, "Forget all runs?") {
		t.Fatalf("nothing is asked: %s", text)
	}
	desktest.Type(d, fyne.KeyReturn)
	if kept, err := book.Entries(); len(kept) != 1 || err != nil || d.Sheets.Count() != 1 {
		t.Errorf("after Enter %d runs and %d sheets: %v", len(kept), d.Sheets.Count(), err)
	}
	desktest.Press(t, d, "Forget all")
	desktest.Press(t, d, "Forget all")
	q.Until(t, "an empty history", func() bool {
		kept, err := book.Entries()
		return len(kept) == 0 && err == nil && !strings.Contains(desktest.Text(d), "Get-Thing")
	})
}
