package cli_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/app/cli"
	"postroom/session/simulator"
)

// A report that makes a call for each row uses the account's free slots, never
// more than it may, and leaves nothing; --parallel 1 takes one session.
func TestEachStepsUseTheFreeSlots(t *testing.T) {
	s := start(t, simulator.Options{Rows: 40})
	got := do(t, s.Password()+"\n", reportAt(s, "mailbox-regional", "--tenant", nordsee, "--csv", "-")...)
	got.fits(t, cli.ExitDone, s.Password())
	if now := s.Stats(); now.MaxOpenByAccount != 3 {
		t.Errorf("%d sessions at once, 3 are allowed", now.MaxOpenByAccount)
	}
	nothingLeft(t, s)
	one := start(t, simulator.Options{Rows: 40})
	alone := do(t, one.Password()+"\n", reportAt(one, "mailbox-regional", "--tenant", nordsee, "--csv", "-", "--parallel", "1")...)
	if now := one.Stats(); now.MaxOpenByAccount != 1 || alone.stdout != got.stdout || len(readCSV(t, got.stdout)) < 20 {
		t.Errorf("%d sessions, %d rows, the same: %t", now.MaxOpenByAccount, len(readCSV(t, got.stdout)), alone.stdout == got.stdout)
	}
}

// A row whose follow-up fails is a note on that row and exit code 1; --retry asks
// for those rows again.
func TestFailedRowsAreTriedAgain(t *testing.T) {
	rule := simulator.Rule{Fault: simulator.Transient, On: simulator.Cmdlet, Cmdlet: "Get-MailboxRegionalConfiguration", Nth: []int{3, 8}}
	s := start(t, simulator.Options{Rows: 20, Faults: &simulator.Faults{Rules: []simulator.Rule{rule}}})
	args := reportAt(s, "mailbox-regional", "--tenant", nordsee, "--csv", "-")
	got := do(t, s.Password()+"\n", args...)
	got.fits(t, cli.ExitCmdletErrors, s.Password())
	rows := readCSV(t, got.stdout)
	status := slices.Index(rows[0], "Status")
	if status != len(rows[0])-1 {
		t.Fatalf("columns %v", rows[0])
	}
	notes := 0
	for _, row := range rows[1:] {
		if row[status] != "" {
			notes++
		}
	}
	if notes != 2 {
		t.Errorf("%d rows have a note, 2 failed", notes)
	}
	s = start(t, simulator.Options{Rows: 20, Faults: &simulator.Faults{Rules: []simulator.Rule{rule}}})
	got = do(t, s.Password()+"\n", reportAt(s, "mailbox-regional", "--tenant", nordsee, "--csv", "-", "--retry", "2")...)
	got.fits(t, cli.ExitDone, s.Password())
	if header := readCSV(t, got.stdout)[0]; slices.Contains(header, "Status") || strings.Contains(got.stderr, "ERROR") {
		t.Errorf("columns %v\n%s", header, got.stderr)
	}
	nothingLeft(t, s)
}

// BenchmarkThousandMailboxes gives how long the sizes of 1,000 mailboxes take
// with 60 ms added to each request: by one pipeline, and by a call for each.
func BenchmarkThousandMailboxes(b *testing.B) {
	slow := &simulator.Faults{Rules: []simulator.Rule{{Fault: simulator.Delayed, Delay: simulator.Duration(60 * time.Millisecond)}}}
	for name, report := range map[string]string{"pipeline": "mailbox-sizes", "calls": "mailbox-regional"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s, err := simulator.Start(simulator.Options{Rows: 1000, Faults: slow})
				if err != nil {
					b.Fatal(err)
				}
				homeOf(b)
				began := time.Now()
				got := doIn(b.Context(), cli.Streams{In: strings.NewReader(s.Password() + "\n")}, reportAt(s, report, "--tenant", nordsee, "--csv", "-")...)
				if got.code != cli.ExitDone {
					b.Fatal(got.stderr)
				}
				b.ReportMetric(time.Since(began).Seconds(), "s/report")
				b.ReportMetric(float64(strings.Count(got.stdout, "\n")-1), "rows")
				_ = s.Close()
			}
		})
	}
}
