package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/simulator"
)

// found gives the names that a list of JSON has, in its order.
func found(t *testing.T, o outcome) []string {
	t.Helper()
	o.fits(t, cli.ExitDone, "")
	var list []struct{ Name string }
	if err := json.Unmarshal([]byte(o.stdout), &list); err != nil || list == nil {
		t.Fatalf("%v in %.200q", err, o.stdout)
	}
	names := make([]string, len(list))
	for i, e := range list {
		names[i] = e.Name
	}
	return names
}

// TestFindAnswersWords: what people say, in both languages and misspelt, has its answer
// among the first, whatever the language of the session; the list for people has the same
// in the same order, in that language.
func TestFindAnswersWords(t *testing.T) {
	home(t)
	cmdlets, reports := []string{"cmdlets", "--offline"}, []string{"report"}
	for _, test := range []struct {
		command             []string
		language, text      string
		want, said, foreign string
	}{
		{cmdlets, "en_GB.UTF-8", "forward", "Get-Mailbox", "Shows mailboxes", "Zeigt"},
		{cmdlets, "en_GB.UTF-8", "Weiterleitung", "Get-Mailbox", "Shows mailboxes", "Zeigt"},
		{cmdlets, "de_DE.UTF-8", "zu groß", "Get-MailboxStatistics", "Zeigt Größe", "Shows"},
		{cmdlets, "de_DE.UTF-8", "  ZU   GROSS ", "Get-MailboxStatistics", "Zeigt Größe", "Shows"},
		{cmdlets, "de_DE.UTF-8", "Weiterleitun", "Get-InboxRule", "Posteingangsregeln", "Shows"},
		{reports, "en_GB.UTF-8", "forward", "mailbox-forwarding", "Mailboxes that forward", "Postfächer"},
		{reports, "de_DE.UTF-8", "wer hat Zugriff", "mailbox-full-access", "Vollzugriff auf Postfächer", "Full access"},
		{reports, "de_DE.UTF-8", "forwarding", "mailbox-forwarding", "Postfächer mit Weiterleitung", "that forward"},
	} {
		t.Setenv("LC_ALL", "")
		t.Setenv("LC_MESSAGES", "")
		t.Setenv("LANG", test.language)
		args := append(append([]string{}, test.command...), "--find", test.text)
		names := found(t, do(t, "", append(args, "--json")...))
		if at := strings.Join(names[:min(3, len(names))], " "); !strings.Contains(at+" ", test.want+" ") {
			t.Errorf("%s: the first of %d are %s, want %s", args, len(names), at, test.want)
		}
		list := do(t, "", args...)
		list.fits(t, cli.ExitDone, "")
		lines := strings.Split(strings.TrimSpace(list.stdout), "\n")
		if test.command[0] == "cmdlets" {
			lines = lines[1:] // the heads of the columns
		}
		if len(lines) != len(names) {
			t.Fatalf("%s: %d lines, %d entries of JSON", args, len(lines), len(names))
		}
		for i, line := range lines {
			if name, _, _ := strings.Cut(line, " "); name != names[i] {
				t.Errorf("%s: line %d is of %s, JSON has %s", args, i, name, names[i])
			}
		}
		if !strings.Contains(list.stdout, test.said) || strings.Contains(list.stdout, test.foreign) {
			t.Errorf("%s in %s:\n%.600s", args, test.language, list.stdout)
		}
	}
}

// TestFindNarrowsToAService: what a service has not is not found for it.
func TestFindNarrowsToAService(t *testing.T) {
	home(t)
	all := found(t, do(t, "", "cmdlets", "--offline", "--json", "--find", "spam"))
	old := found(t, do(t, "", "cmdlets", "--offline", "--service", "2010", "--json", "--find", "spam"))
	is := func(names []string, name string) bool {
		return strings.Contains(strings.Join(names, " ")+" ", name+" ")
	}
	if !is(all, "Get-HostedContentFilterPolicy") || is(old, "Get-HostedContentFilterPolicy") || len(old) == 0 {
		t.Errorf("%d everywhere, in 2010 %v", len(all), old)
	}
}

// TestFindOfTheAccount: a server's list is searched alike, and has only what the account
// may run.
func TestFindOfTheAccount(t *testing.T) {
	home(t)
	s := start(t, simulator.Options{})
	args := []string{"cmdlets", "--url", s.URL(), "--ca", s.CAFile(), "--user", s.Account(), "--password-stdin", "--json", "--find", "Weiterleitung"}
	names := found(t, do(t, s.Password()+"\n", args...))
	if len(names) == 0 || names[0] != "Get-Mailbox" {
		t.Errorf("%v", names)
	}
	nothingLeft(t, s)
	before := s.Stats().Requests
	do(t, s.Password()+"\n", append(args[:len(args)-1:len(args)-1], "?!")...).fits(t, cli.ExitUsage, s.Password(), "no word")
	do(t, s.Password()+"\n", append(args[:len(args):len(args)], "Get-Mailbox")...).fits(t, cli.ExitUsage, s.Password(), "Get-Mailbox")
	if now := s.Stats().Requests; now != before {
		t.Errorf("wrong usage sent %d requests", now-before)
	}
}

// TestFindOfNothing: what means nothing is an empty list; what has no word in it is wrong
// usage, and never the list of everything.
func TestFindOfNothing(t *testing.T) {
	home(t)
	for _, command := range [][]string{{"cmdlets", "--offline"}, {"report"}} {
		for _, text := range []string{"qqqqzzzz", "-x9q9", strings.Repeat("a", 5000)} {
			if names := found(t, do(t, "", append(command[:len(command):len(command)], "--json", "--find", text)...)); len(names) > 0 {
				t.Errorf("%v --find %.20q found %v", command, text, names)
			}
		}
		for text, word := range map[string]string{"": "empty", "   ": "no word", "-*&(": "no word", "\xff\xfe": "no word", "\t\n": "no word"} {
			o := do(t, "", append(command[:len(command):len(command)], "--find", text)...)
			if o.fits(t, cli.ExitUsage, "", word, "--find"); o.stdout != "" {
				t.Errorf("%v --find %q wrote %.100q", command, text, o.stdout)
			}
		}
	}
	do(t, "", "report", "--find", "spam", "--remove", "mine").fits(t, cli.ExitUsage, "", "--find", "--remove")
	do(t, "", "report", "spam", "--find", "spam").fits(t, cli.ExitUsage, "", "spam")
}
