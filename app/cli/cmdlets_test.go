package cli_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/reference"
	"postroom/session/simulator"
)

// described is a cmdlet as docs/command-line.md has it.
type described struct {
	Name, Synopsis, Risk, Retired, Source string
	ReplacedBy                            string `json:"replaced_by"`
	DefaultSet                            string `json:"default_set"`
	Services, Sets                        []string
	Parameters                            []describedParameter
}

type describedParameter struct {
	Name, Type, Kind, Help string
	Required               any
	Position               *int
	Sets, Aliases, Choices []string
	Several                bool
}

func describedBy(t *testing.T, o outcome) []described {
	t.Helper()
	if o.code != cli.ExitDone {
		t.Fatalf("exit %d: %s", o.code, o.stderr)
	}
	decoder := json.NewDecoder(strings.NewReader(o.stdout))
	decoder.DisallowUnknownFields()
	var list []described
	if err := decoder.Decode(&list); err != nil {
		t.Fatalf("%v in %.200s", err, o.stdout)
	}
	return list
}

func TestCmdletsWithoutAServer(t *testing.T) {
	home(t)
	t.Setenv("LC_ALL", "en_GB.UTF-8")
	list := describedBy(t, do(t, "", "cmdlets", "--offline", "--json", "get-messagetrace", "New-TransportRule", "Add-ADPermission"))
	if len(list) != 3 || list[0].Name != "Get-MessageTrace" || list[0].Risk != "reads" || list[1].Risk != "changes" {
		t.Fatalf("%+v", list)
	}
	trace, rule, permission := list[0], list[1], list[2]
	if trace.Retired != "going" || trace.ReplacedBy != "Get-MessageTraceV2" || trace.Source != "reference" || !slices.Contains(trace.Services, "EXO") {
		t.Errorf("%+v", trace)
	}
	for _, p := range rule.Parameters {
		switch p.Name {
		case "Name":
			if p.Required != true || p.Kind != "Text" || p.Position == nil {
				t.Errorf("%+v", p)
			}
		case "Mode":
			if p.Kind != "Choice" || !slices.Contains(p.Choices, "Audit") || len(p.Required.([]any)) != 0 || p.Position != nil {
				t.Errorf("%+v", p)
			}
		case "From":
			if !p.Several || p.Kind != "List" || p.Help != "Applies when the sender is one of these." {
				t.Errorf("%+v", p)
			}
		}
	}
	owner := slices.IndexFunc(permission.Parameters, func(p describedParameter) bool { return p.Name == "Owner" })
	if sets, ok := permission.Parameters[owner].Required.([]any); !ok || len(sets) != 1 || sets[0] != "Owner" {
		t.Errorf("Owner is required in its set alone: %v", permission.Parameters[owner].Required)
	}
}

func TestCmdletsOfAService(t *testing.T) {
	home(t)
	t.Setenv("LC_ALL", "de_AT.UTF-8")
	all := describedBy(t, do(t, "", "cmdlets", "--offline", "--json"))
	eop := do(t, "", "cmdlets", "--offline", "--service", "EOP")
	lines := strings.Count(eop.stdout, "\n") - 1
	if len(all) != 1402 || lines >= len(all) || lines < 200 {
		t.Errorf("%d of %d cmdlets are EOP's", lines, len(all))
	}
	says(t, eop.stdout, "Get-TransportRule", "Zeigt die Nachrichtenflussregeln")
	if strings.Contains(eop.stdout, "Get-MailboxDatabase ") || strings.Contains(eop.stdout, "Connect-ExchangeOnline") {
		t.Error("databases and client cmdlets are not EOP's")
	}
	says(t, do(t, "", "cmdlets", "--offline", "Get-QuarantineMessage").stdout,
		"Get-QuarantineMessage (reads)", "Parameter sets: Details, Summary", "-QuarantineTypes", "several", "HighConfPhish", "Zeigt die Nachrichten in Quarantäne",
		"Rows begin with: ReceivedTime, SenderAddress", "Limits: from 1, to 1000, by default 100")
	says(t, do(t, "", "cmdlets", "--offline", "Get-Mailbox").stdout,
		"Named by: name, alias", "Can ask for: ", "ForwardingSmtpAddress", "Rows also have: ")
}

func says(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not in %s", w, text)
		}
	}
}

func TestCmdletsOfTheAccount(t *testing.T) {
	s := start(t, simulator.Options{Rows: 10})
	t.Setenv("LC_ALL", "C")
	flags := slices.Concat([]string{"cmdlets"}, at(s)[1:])
	listed := do(t, s.Password()+"\n", append(flags, "--json")...)
	list := describedBy(t, listed)
	names := []string{}
	for _, c := range list {
		names = append(names, c.Name)
		if c.Source == "reference" {
			t.Errorf("%s is not the server's", c.Name)
		}
	}
	if !slices.Contains(names, "Get-Mailbox") || len(names) >= 1402 {
		t.Errorf("%d cmdlets: %v", len(names), names)
	}
	mailbox := list[slices.Index(names, "Get-Mailbox")]
	if mailbox.Source != "server and reference" || len(mailbox.Sets) == 0 || mailbox.Synopsis == "" {
		t.Errorf("%+v", mailbox)
	}
	nothingLeft(t, s)
	before := s.Stats().Commands
	if again := do(t, s.Password()+"\n", append(flags, "--json")...); again.stdout != listed.stdout || s.Stats().Commands != before {
		t.Errorf("with the same key the server was asked %d times more", s.Stats().Commands-before)
	}
	do(t, s.Password()+"\n", append(flags, "Get-Nonsense")...).fits(t, cli.ExitUsage, s.Password(), `"Get-Nonsense"`, "postroom help cmdlets")
	nothingLeft(t, s)
}

func TestCmdletsWrongUsage(t *testing.T) {
	home(t)
	for _, test := range []struct {
		args  []string
		words []string
	}{
		{[]string{"cmdlets"}, []string{"--url or --endpoint", "postroom help cmdlets"}},
		{[]string{"cmdlets", "--offline", "--service", "Notes"}, []string{"Notes", "EXO"}},
		{[]string{"cmdlets", "--service", "EXO"}, []string{"--offline"}},
		{[]string{"cmdlets", "--offline", "--user", "a@b.example"}, []string{"--user", "--offline"}},
		{[]string{"cmdlets", "--offline", "Get-EXOMailbox"}, []string{`"Get-EXOMailbox"`}},
		{[]string{"cmdlets", "--offline", "Get-TransportRul"}, []string{"perhaps Get-TransportRule"}},
	} {
		do(t, "", test.args...).fits(t, cli.ExitUsage, "", test.words...)
	}
}

// TestRowsBeginAsInTheWindow: what a row is about stands first, in files and on the
// terminal; a file has all columns, those about how a row travelled last.
func TestRowsBeginAsInTheWindow(t *testing.T) {
	s := start(t, simulator.Options{Rows: 5})
	csv := readCSV(t, do(t, s.Password()+"\n", at(s, "--csv", "-", "Get-Mailbox")...).stdout)
	if got := csv[0][:4]; !slices.Equal(got, []string{"DisplayName", "PrimarySmtpAddress", "UserPrincipalName", "RecipientTypeDetails"}) {
		t.Errorf("the file begins with %v", got)
	}
	first := slices.IndexFunc(csv[0], reference.Incidental)
	if first < 0 || slices.ContainsFunc(csv[0][first:], func(name string) bool { return !reference.Incidental(name) }) {
		t.Errorf("from column %d on %v", first, csv[0][max(0, first):])
	}
	travelled := csv[0][len(csv[0])-1]
	if name := slices.Index(csv[0], "Name"); name < 3 || !slices.Contains(column(csv[1:], name), csv[1][name]) || csv[1][0] == "" {
		t.Errorf("%v", csv[1])
	}
	chosen := readCSV(t, do(t, s.Password()+"\n", at(s, "--csv", "-", "--columns", travelled+",Alias", "Get-Mailbox")...).stdout)
	if !slices.Equal(chosen[0], []string{travelled, "Alias"}) {
		t.Errorf("chosen columns are %v", chosen[0])
	}
	piped := readCSV(t, do(t, s.Password()+"\n", at(s, "--csv", "-", "--line", "Get-Mailbox | Select-Object Alias, DisplayName")...).stdout)
	if got := piped[0]; !slices.Equal(got, []string{"Alias", "DisplayName"}) {
		t.Errorf("Select-Object's columns are %v", got)
	}
	var out bytes.Buffer
	doIn(t.Context(), cli.Streams{In: strings.NewReader(s.Password() + "\n"), Out: &out, Width: 2000}, at(s, "Get-Mailbox")...)
	says(t, out.String(), "DisplayName", "PrimarySmtpAddress")
	if strings.Contains(out.String(), travelled) {
		t.Errorf("the terminal shows %s: %.300s", travelled, out.String())
	}
}

// TestCmdletsHaveTheServersHelp: where nobody wrote words of ours, what the session's
// Get-Help says stands.
func TestCmdletsHaveTheServersHelp(t *testing.T) {
	s := start(t, simulator.Options{Rows: 10})
	t.Setenv("LC_ALL", "C")
	flags := slices.Concat([]string{"cmdlets"}, at(s)[1:])
	r := reference.New()
	for _, c := range describedBy(t, do(t, s.Password()+"\n", append(flags, "--json")...)) {
		if r.Described(c.Name) || !strings.HasPrefix(c.Name, "Get-") || c.Source == "server" {
			continue
		}
		one := describedBy(t, do(t, s.Password()+"\n", append(flags, "--json", c.Name)...))[0]
		if want := "Use the " + c.Name + " cmdlet to view"; !strings.HasPrefix(one.Synopsis, want) {
			t.Errorf("%s: %s", c.Name, one.Synopsis)
		}
		return
	}
	t.Error("the simulator has no cmdlet without words of ours")
}
