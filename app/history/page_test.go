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
