package cli_test

import (
	"path/filepath"
	"testing"

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
}
