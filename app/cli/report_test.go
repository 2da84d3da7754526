package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/simulator"
)

const nordsee = "nordsee-logistik.example"

// reportAt is a report's arguments against the simulator.
func reportAt(s *simulator.Server, name string, more ...string) []string {
	return append([]string{"report", name, "--url", s.URL(), "--ca", s.CAFile(), "--user", s.Account(), "--password-stdin"}, more...)
}

// The list is a contract for scripts.
func TestReportsAsJSON(t *testing.T) {
	t.Setenv("LC_ALL", "de_DE.UTF-8")
	got := do(t, "", "report", "--json")
	got.fits(t, cli.ExitDone, "")
	var list []struct {
		Name, Title, Group       string
		Services, Columns, Steps []string
		Questions                []struct {
			Name, Kind, Default string
			Choices             []string
		}
	}
	if err := json.Unmarshal([]byte(got.stdout), &list); err != nil {
		t.Fatal(err)
	}
	byName := map[string]int{}
	for i, r := range list {
		byName[r.Name] = i
		if r.Title == "" || len(r.Columns) == 0 || (len(r.Steps) == 0) != (r.Name == "changes-since") {
			t.Errorf("%+v", r)
		}
	}
	trace, ok := byName["message-trace"]
	if !ok || len(list) < 150 || list[trace].Title != "Nachrichtenablaufverfolgung" || len(list[trace].Questions) != 3 || list[trace].Questions[2].Kind != "choice" {
		t.Errorf("%d reports, %+v", len(list), list[trace])
	}
	if got = do(t, "", "report"); !strings.Contains(got.stdout, "Postfächer mit Weiterleitung") {
		t.Errorf("%.300s", got.stdout)
	}
}

// A report of two steps over two tenants: its columns in its order behind ours,
// and what is computed agrees with what stands beside it.
func TestAReportRuns(t *testing.T) {
	s := start(t, simulator.Options{Rows: 60})
	file := filepath.Join(t.TempDir(), "sizes.csv")
	got := do(t, s.Password()+"\n", reportAt(s, "mailbox-sizes", "--tenant", nordsee, "--tenant", "alpenhof.example", "--csv", file)...)
	got.fits(t, cli.ExitDone, s.Password())
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows := readCSV(t, strings.TrimPrefix(string(b), "\ufeff"))
	want := "Tenant,DisplayName,PrimarySmtpAddress,RecipientTypeDetails,TotalItemSize,ItemCount,TotalDeletedItemSize,ProhibitSendReceiveQuota,PercentUsed,LastLogonTime,Marks"
	if strings.Join(rows[0], ",") != want {
		t.Errorf("columns %v", rows[0])
	}
	tenants := column(rows[1:], 0)
	if !slices.Contains(tenants, nordsee) || !slices.Contains(tenants, "alpenhof.example") {
		t.Errorf("tenants %v", slices.Compact(tenants))
	}
	computed := 0
	for _, row := range rows[1:] {
		if row[8] != "" && row[4] != "" {
			computed++
		}
	}
	if computed == 0 {
		t.Error("nothing was computed")
	}
	nothingLeft(t, s)
}

// All pages of the quarantine are asked for, by whoever asks.
func TestReportsAskForAllPages(t *testing.T) {
	s := start(t, simulator.Options{})
	const tenant = "soleil.example" // 214 messages: five pages
	whole := do(t, s.Password()+"\n", reportAt(s, "quarantine", "--tenant", tenant, "--csv", "-")...)
	run := do(t, s.Password()+"\n", "run", "--url", s.URL(), "--ca", s.CAFile(), "--user", s.Account(), "--password-stdin",
		"--tenant", tenant, "--csv", "-", "Get-QuarantineMessage", "-PageSize", "50")
	whole.fits(t, cli.ExitDone, s.Password())
	run.fits(t, cli.ExitDone, s.Password())
	if rows := len(readCSV(t, run.stdout)); rows <= 51 || s.Stats().Commands < 4 {
		t.Errorf("%d rows by %d commands", rows, s.Stats().Commands)
	}
}

func TestReportUsage(t *testing.T) {
	s := start(t, simulator.Options{})
	for name, c := range map[string]struct {
		args  []string
		words []string
	}{
		"no such report":   {reportAt(s, "nonsense"), []string{"nonsense"}},
		"no such question": {reportAt(s, "message-trace", "--ask", "colour=red"), []string{"colour", "sender"}},
		"a missing answer": {reportAt(s, "mailbox-folders"), []string{"--ask mailbox="}},
		"no choice":        {reportAt(s, "message-trace", "--ask", "status=lost"), []string{"lost", "Delivered"}},
		"no NAME=VALUE":    {reportAt(s, "message-trace", "--ask", "sender"), []string{"NAME=VALUE"}},
		"a word too much":  {reportAt(s, "mailbox-list", "more"), []string{"more"}},
	} {
		t.Run(name, func(t *testing.T) {
			do(t, s.Password()+"\n", c.args...).fits(t, cli.ExitUsage, s.Password(), c.words...)
		})
	}
	if s.Stats().Requests != 0 {
		t.Errorf("%d requests were sent", s.Stats().Requests)
	}
	got := do(t, "", reportAt(s, "mailbox-sizes", "--show", "--tenant", nordsee)...)
	got.fits(t, cli.ExitDone, "")
	if !strings.Contains(got.stdout, "Get-Mailbox -ResultSize Unlimited\n") || !strings.Contains(got.stdout, "Get-MailboxStatistics") {
		t.Errorf("%s", got.stdout)
	}
}

// The list speaks the language of the session; JSON has the group's own name, for programs.
func TestGroupsOfTheListInGerman(t *testing.T) {
	t.Setenv("LC_ALL", "de_DE.UTF-8")
	list := do(t, "", "report")
	list.fits(t, cli.ExitDone, "")
	if !strings.Contains(list.stdout, "Nachrichtenfluss") || strings.Contains(list.stdout, "Mail flow") {
		t.Errorf("%.400s", list.stdout)
	}
	if list = do(t, "", "report", "--json"); !strings.Contains(list.stdout, `"group": "Mail flow"`) {
		t.Errorf("%.400s", list.stdout)
	}
}

// A chart is drawn beside the other outputs, in the language of the session; the
// largest mailbox of the CSV is the first bar.
func TestAChartOfAReport(t *testing.T) {
	t.Setenv("LC_ALL", "de_DE.UTF-8")
	s := start(t, simulator.Options{Rows: 40})
	dir := t.TempDir()
	svg, png := filepath.Join(dir, "sizes.svg"), filepath.Join(dir, "sizes.png")
	got := do(t, s.Password()+"\n", reportAt(s, "mailbox-sizes", "--tenant", nordsee, "--csv", "-", "--chart", svg, "--chart-of", "bars:ItemCount:PrimarySmtpAddress")...)
	got.fits(t, cli.ExitDone, s.Password())
	rows := readCSV(t, got.stdout)
	largest, name := -1, ""
	for _, row := range rows[1:] {
		if n, err := strconv.Atoi(row[slices.Index(rows[0], "ItemCount")]); err == nil && n > largest {
			largest, name = n, row[slices.Index(rows[0], "PrimarySmtpAddress")]
		}
	}
	b, err := os.ReadFile(svg)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Postfachgrößen", nordsee, name[:20]} {
		if !strings.Contains(string(b), want) {
			t.Errorf("%q is not in the picture", want)
		}
	}
	got = do(t, s.Password()+"\n", reportAt(s, "mailbox-sizes", "--tenant", nordsee, "--chart", png)...)
	got.fits(t, cli.ExitDone, s.Password())
	if b, err = os.ReadFile(png); err != nil || !strings.HasPrefix(string(b), "\x89PNG") || !strings.Contains(got.stdout, "TotalItemSize") {
		t.Errorf("%v, %d bytes; %.100s", err, len(b), got.stdout)
	}
	for _, args := range [][]string{{"--chart", "a.gif"}, {"--chart-of", "bars"}, {"--chart", svg, "--chart-of", "pie"}} {
		do(t, s.Password()+"\n", reportAt(s, "mailbox-sizes", args...)...).fits(t, cli.ExitUsage, s.Password())
	}
	nothingLeft(t, s)
}

// An answer for a parameter that takes a list is read as on the command line; one for a text
// stays a text.
func TestAnAnswerOfSeveralIsAList(t *testing.T) {
	s := start(t, simulator.Options{})
	for name, want := range map[string]string{
		"message-trace":    "-SenderAddress 'a@x.example','b@x.example' -RecipientAddress @('c@x.example')",
		"message-tracking": "-Sender 'a@x.example,b@x.example' -Recipients @('c@x.example')",
	} {
		got := do(t, "", reportAt(s, name, "--show", "--ask", "sender=a@x.example,b@x.example", "--ask", "recipient=c@x.example")...)
		if got.code != cli.ExitDone || !strings.Contains(got.stdout, want) {
			t.Errorf("%s: exit %d\n%s%s", name, got.code, got.stdout, got.stderr)
		}
	}
}

// --show says what it costs and asks nobody.
func TestShowSaysTheCost(t *testing.T) {
	s := start(t, simulator.Options{})
	got := do(t, "", reportAt(s, "inbox-rules-external", "--show")...)
	got.fits(t, cli.ExitDone, "")
	if !strings.HasPrefix(got.stdout, "# one call per mailbox, 3 at once: about 7 minutes for 5,000\n") || s.Stats().Requests != 0 {
		t.Errorf("%s", got.stdout)
	}
}
