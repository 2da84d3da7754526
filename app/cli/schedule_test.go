package cli_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"postroom/app/cli"
	"postroom/session/schedule"
)

// What is to run again and again is a report or a run: asking about it changes nothing.
func TestWhatASchedulesCommandMayBe(t *testing.T) {
	config, _ := home(t)
	do(t, "", "report", "--save", "mine", "--line", "Get-Mailbox", "--columns", "DisplayName").fits(t, cli.ExitDone, "")
	for _, args := range [][]string{
		{"report", "-remove=mine"},
		{"report", "--remove=mine"},
		{"report", "-csv", "here"},
		{"report", "accepted-domains", "-csv", "here"},
		{"report", "accepted-domains", "--tsv", "here"},
		{"report", "accepted-domains", "--chart", "here.svg"},
		{"sessions", "--close"},
		{"run"},
	} {
		do(t, "", append([]string{"schedule", "--add", "daily 07:00", "--dir", t.TempDir()}, args...)...).fits(t, cli.ExitUsage, "")
	}
	do(t, "", "report", "--export", "mine").fits(t, cli.ExitDone, "") // it is there still

	// A file by another hand ends in a sentence.
	book := schedule.Open(filepath.Join(config, "schedules.json"))
	made, err := book.Add(t.Context(), schedule.Schedule{Title: "x", Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	do(t, "", "schedule", "--run", made.ID).fits(t, cli.ExitUsage, "", "report NAME or run")

	// How it came out, the newest run first.
	for _, r := range []schedule.Ran{{At: time.Date(2026, 11, 16, 7, 0, 0, 0, time.UTC)}, {At: time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC), Code: 3, Text: "no password"}} {
		if _, err := book.Note(t.Context(), made.ID, r); err != nil {
			t.Fatal(err)
		}
	}
	var list []struct {
		Runs []struct {
			At   time.Time
			Code int
			Text string
		}
	}
	if err := json.Unmarshal([]byte(do(t, "", "schedule", "--json").stdout), &list); err != nil || len(list) != 1 || len(list[0].Runs) != 2 || list[0].Runs[0].Code != 3 || list[0].Runs[1].At.Day() != 16 {
		t.Errorf("%+v, %v", list, err)
	}
}
