package history_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"postroom/session/history"
	"postroom/session/result"
)

// TestRunsAreFoundByTheirRows: a text is looked for in what is said of a run, and in every
// cell of the rows that were kept.
func TestRunsAreFoundByTheirRows(t *testing.T) {
	dir := t.TempDir()
	b := history.Open(dir)
	hamburg := record(t, b, noon, [2]string{"Ada", "Hamburg"}, [2]string{"Ben", "Köln"})
	lyon := record(t, b, noon.Add(time.Hour), [2]string{"Chloé", "Lyon"})
	r := b.Begin(noon.Add(2 * time.Hour))
	r.BeginRow()
	r.Own(result.TenantColumn, []byte("Nordsee"))
	r.Int([]byte("Items"), 4711)
	r.List([]byte("Addresses"), [][]byte{[]byte("smtp:dora@contoso.example")}, nil)
	if err := r.EndRow(); err != nil {
		t.Fatal(err)
	}
	kinds, err := r.Commit(t.Context(), history.Entry{Command: "Get-Recipient -Anr x", Account: "ada@contoso.example", Endpoint: "Exchange", Started: noon})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]history.Entry{
		"köLN": {hamburg}, "lyon": {lyon}, "get-MAILBOX": {lyon, hamburg}, "a.example": {lyon, hamburg}, "exchange mailbox": {lyon, hamburg},
		"4711": {kinds}, "dora@": {kinds}, "nordsee": {kinds}, "nowhere": nil, "": {kinds, lyon, hamburg},
	} {
		found, err := b.Search(t.Context(), text)
		if err != nil || len(found) != len(want) {
			t.Errorf("%q: %d runs, %v; want %d", text, len(found), err, len(want))
			continue
		}
		for i := range want {
			if found[i].ID != want[i].ID {
				t.Errorf("%q: run %d is %s", text, i, found[i].Command)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "rows", hamburg.ID+".rows"), []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	if found, err := b.Search(t.Context(), "Lyon"); err == nil || len(found) != 1 {
		t.Errorf("with torn rows: %d runs, %v", len(found), err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Search(ended, "Lyon"); !errors.Is(err, context.Canceled) {
		t.Errorf("after its end: %v", err)
	}
}
