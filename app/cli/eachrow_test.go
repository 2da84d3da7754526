package cli_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/simulator"
)

// runAt is a run's arguments against the simulator.
func runAt(s *simulator.Server, more ...string) []string {
	return append([]string{"run", "--url", s.URL(), "--ca", s.CAFile(), "--user", s.Account(), "--password-stdin"}, more...)
}

func written(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// Rows that were exported are changed one by one: the server has the change, a
// row that it does not know fails alone, and an export of the same tenants says
// which tenant each row goes to.
func TestEachRowOfAFile(t *testing.T) {
	s := start(t, simulator.Options{Rows: 20})
	tenants := []string{"--tenant", nordsee, "--tenant", "alpenhof.example"}
	list := do(t, s.Password()+"\n", reportAt(s, "mailbox-list", append(tenants, "--csv", "-")...)...)
	list.fits(t, cli.ExitDone, s.Password())
	rows := readCSV(t, list.stdout)
	address := slices.Index(rows[0], "PrimarySmtpAddress")
	var file strings.Builder
	file.WriteString("\ufeffTenant;Postfach\r\n")
	changed := map[string]bool{}
	for i, row := range rows[1:] {
		if i%7 == 0 {
			changed[row[address]] = true
			file.WriteString(row[0] + ";" + row[address] + "\r\n")
		}
	}
	file.WriteString(nordsee + ";nobody@nowhere.example\r\n")
	name := written(t, file.String())
	before := s.Stats().Commands
	got := do(t, s.Password()+"\n", runAt(s, append(tenants, "--each", name, "--map", "Identity=postfach", "--go-on", "--yes", "--csv", "-", "Set-Mailbox", "-CustomAttribute1", "done")...)...)
	got.fits(t, cli.ExitCmdletErrors, s.Password())
	out := readCSV(t, got.stdout)
	if strings.Join(out[0], ",") != "Tenant,Object,Status,Reason" || len(out) != len(changed)+2 {
		t.Fatalf("%d rows for %d: %v", len(out)-1, len(changed)+1, out[0])
	}
	for _, row := range out[1:] {
		if want := map[bool]string{true: "done", false: "failed"}[changed[row[1]]]; row[2] != want || (row[3] == "") != (want == "done") {
			t.Errorf("%v", row)
		}
	}
	if sent := s.Stats().Commands - before; sent != len(changed)+1 {
		t.Errorf("%d commands for %d rows", sent, len(changed)+1)
	}
	after := do(t, s.Password()+"\n", runAt(s, append(tenants, "--csv", "-", "--columns", "PrimarySmtpAddress,CustomAttribute1", "Get-Mailbox", "-ResultSize", "Unlimited")...)...)
	for _, row := range readCSV(t, after.stdout)[1:] {
		if (row[2] == "done") != changed[row[1]] {
			t.Errorf("%v", row)
		}
	}
	nothingLeft(t, s)
}

// --retry sends again what the server refused, in the same session, and nothing else: the
// commands are counted at the server. What was sent and got no answer is not sent again.
func TestRefusedRowsAreSentAgain(t *testing.T) {
	list := func(s *simulator.Server) []string {
		got := do(t, s.Password()+"\n", reportAt(s, "mailbox-list", "--tenant", nordsee, "--csv", "-", "--columns", "PrimarySmtpAddress", "--max-rows", "4")...)
		return column(readCSV(t, got.stdout), 0)
	}
	refused := simulator.Rule{Fault: simulator.Transient, On: simulator.Cmdlet, Cmdlet: "Set-Mailbox", Nth: []int{2, 5}}
	lost := simulator.Rule{Fault: simulator.DropAfter, On: simulator.Command, Nth: []int{2}}
	for name, c := range map[string]struct {
		rule  simulator.Rule
		flags []string
		code  int
		ran   int
		want  string // the states, in the order of the file
	}{
		"not wished":        {refused, []string{"--go-on"}, cli.ExitCmdletErrors, 4, "done,failed,done,done"},
		"once":              {refused, []string{"--go-on", "--retry", "1"}, cli.ExitCmdletErrors, 5, "done,failed,done,done"},
		"twice":             {refused, []string{"--go-on", "--retry", "2"}, cli.ExitDone, 6, "done,done,done,done"},
		"and then the rest": {refused, []string{"--retry", "2"}, cli.ExitDone, 6, "done,done,done,done"},
		"lost":              {lost, []string{"--retry", "3"}, cli.ExitConnect, 2, "done,unknown,not sent,not sent"},
		"lost, the rest":    {lost, []string{"--go-on", "--retry", "3"}, cli.ExitConnect, 4, "done,unknown,done,done"},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, simulator.Options{Rows: 20})
			rows := list(s)
			if err := s.SetFaults(&simulator.Faults{Rules: []simulator.Rule{c.rule}}); err != nil {
				t.Fatal(err)
			}
			got := do(t, s.Password()+"\n", runAt(s, append(c.flags, "--tenant", nordsee, "--each", written(t, strings.Join(rows, "\n")),
				"--map", "Identity=PrimarySmtpAddress", "--yes", "--csv", "-", "Set-Mailbox", "-CustomAttribute1", "done")...)...)
			got.fits(t, c.code, s.Password())
			if ran := s.Stats().CommandsByName["Set-Mailbox"]; ran != c.ran {
				t.Errorf("%d commands, want %d", ran, c.ran)
			}
			states := map[string]string{}
			out := readCSV(t, got.stdout)
			for _, row := range out[1:] {
				states[row[0]] = row[1]
			}
			var inOrder []string
			for _, object := range rows[1:] {
				inOrder = append(inOrder, states[object])
			}
			if got := strings.Join(inOrder, ","); got != c.want || len(out) != 5 {
				t.Errorf("%q, want %q: %v", got, c.want, out)
			}
			if c.code == cli.ExitDone && strings.Contains(got.stderr, "ERROR") {
				t.Errorf("an error is told of what was done in the end: %s", got.stderr)
			}
			nothingLeft(t, s)
		})
	}
}

// A report runs for each row, and the rows behind an error are not sent.
func TestEachRowByAReport(t *testing.T) {
	s := start(t, simulator.Options{Rows: 20})
	list := do(t, s.Password()+"\n", reportAt(s, "mailbox-list", "--tenant", nordsee, "--csv", "-", "--columns", "PrimarySmtpAddress", "--max-rows", "2")...)
	rows := column(readCSV(t, list.stdout), 0)
	name := written(t, strings.Join([]string{rows[0], rows[1], "nobody@nowhere.example", rows[2], ""}, "\n"))
	got := do(t, s.Password()+"\n", reportAt(s, "mailbox-permissions-one", "--tenant", nordsee, "--each", name, "--map", "mailbox=PrimarySmtpAddress", "--csv", "-")...)
	got.fits(t, cli.ExitCmdletErrors, s.Password())
	out := readCSV(t, got.stdout)
	if want := "Object,Status,Reason,User,AccessRights,IsInherited,Deny"; strings.Join(out[0], ",") != want {
		t.Errorf("columns %v", out[0])
	}
	states := map[string]string{}
	for _, row := range out[1:] {
		states[row[0]] = row[1]
	}
	if states[rows[1]] != "done" || states["nobody@nowhere.example"] != "failed" || states[rows[2]] != "not sent" {
		t.Errorf("states %v", states)
	}
	nothingLeft(t, s)
}

func TestEachShowsItsCommands(t *testing.T) {
	s := start(t, simulator.Options{})
	name := written(t, "Mail,Quota\na@b.example,5\n\"$true; Remove-Mailbox x\",7 GB\n")
	got := do(t, "", runAt(s, "--show", "--each", name, "--map", "Identity=Mail", "--map", "ProhibitSendQuota=Quota", "Set-Mailbox", "-UseDatabaseQuotaDefaults:$false")...)
	got.fits(t, cli.ExitDone, "")
	for _, want := range []string{
		"Set-Mailbox -Identity a@b.example -ProhibitSendQuota 5 -UseDatabaseQuotaDefaults:$false",
		"\nSet-Mailbox -Identity '$true; Remove-Mailbox x'",
	} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("%q is not in\n%s", want, got.stdout)
		}
	}
	if s.Stats().Requests != 0 {
		t.Error("a server was asked")
	}
}

func TestEachUsage(t *testing.T) {
	s := start(t, simulator.Options{})
	file := written(t, "Tenant,Mail\nother.example,a@b.example\n")
	gap := written(t, "Mail,Name\na@b.example,\n")
	set := []string{"Set-Mailbox", "-CustomAttribute1", "x"}
	for name, c := range map[string]struct {
		args  []string
		words []string
	}{
		"no map":                    {append([]string{"--each", file}, set...), []string{"--map"}},
		"a map alone":               {append([]string{"--map", "Identity=Mail"}, set...), []string{"--each"}},
		"go on alone":               {append([]string{"--go-on"}, set...), []string{"--each"}},
		"no such column":            {append([]string{"--each", file, "--map", "Identity=Address", "--yes"}, set...), []string{"Address", "Tenant, Mail"}},
		"nothing in a column":       {append([]string{"--each", gap, "--map", "Identity=Name", "--yes"}, set...), []string{"row 1", "Name"}},
		"another tenant":            {append([]string{"--tenant", nordsee, "--each", file, "--map", "Identity=Mail", "--yes"}, set...), []string{"other.example", "--tenant"}},
		"nobody to ask":             {append([]string{"--each", gap, "--map", "Identity=Mail"}, set...), []string{"--yes", "--show"}},
		"a parameter twice":         {append([]string{"--each", gap, "--map", "CustomAttribute1=Mail", "--yes"}, set...), []string{"row 1", "CustomAttribute1"}},
		"two on standard input":     {append([]string{"--each", "-", "--map", "Identity=Mail", "--yes"}, set...), []string{"--password-stdin"}},
		"several tenants, and none": {append([]string{"--tenant", nordsee, "--tenant", "alpenhof.example", "--each", gap, "--map", "Identity=Mail", "--yes"}, set...), []string{"column Tenant"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := do(t, s.Password()+"\n", runAt(s, c.args...)...)
			got.fits(t, cli.ExitUsage, s.Password())
			for _, word := range c.words {
				if !strings.Contains(got.stderr, word) {
					t.Errorf("%q is not in %q", word, got.stderr)
				}
			}
		})
	}
	if s.Stats().Requests != 0 {
		t.Error("a server was asked")
	}
}
