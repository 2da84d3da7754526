package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"postroom/session/reference"
	"postroom/session/search"
)

func everything(tb testing.TB) *search.Index {
	tb.Helper()
	r := reference.New()
	return search.New(r.Entries(r.Names(0)))
}

func titles(found []search.Entry, n int) []string {
	var list []string
	for _, e := range found[:min(n, len(found))] {
		list = append(list, e.Title)
	}
	return list
}

// TestAsPeopleAsk has, for each question, what must be among the first ten.
func TestAsPeopleAsk(t *testing.T) {
	x := everything(t)
	for query, wanted := range map[string]string{
		"forward":              "Get-Mailbox Set-Mailbox Get-InboxRule",
		"forwarding":           "Get-Mailbox Set-Mailbox",
		"Weiterleitung":        "Get-Mailbox Set-Mailbox Get-InboxRule",
		"who has access":       "Get-MailboxPermission",
		"wer hat Zugriff":      "Get-MailboxPermission",
		"spam":                 "Get-HostedContentFilterPolicy Set-HostedContentFilterPolicy",
		"spamm":                "Get-HostedContentFilterPolicy",
		"zu groß":              "Get-TransportConfig Set-Mailbox",
		"zu gross":             "Get-TransportConfig",
		"quarantine":           "Get-QuarantineMessage Release-QuarantineMessage",
		"quarantäne":           "Get-QuarantineMessage",
		"qarantine":            "Get-QuarantineMessage",
		"get-mailbox":          "Get-Mailbox",
		"transportrule":        "Get-TransportRule New-TransportRule",
		"mail flow rule":       "Get-TransportRule New-TransportRule Set-TransportRule",
		"abwesenheit":          "Get-MailboxAutoReplyConfiguration Set-MailboxAutoReplyConfiguration",
		"out of office":        "Set-MailboxAutoReplyConfiguration",
		"send as":              "Get-RecipientPermission Add-RecipientPermission",
		"PopEnabled":           "Set-CASMailbox",
		"HighConfPhish":        "Get-QuarantineMessage",
		"message trcae":        "Get-MessageTraceV2",
		"nachrichtenverfolgng": "Get-MessageTrackingLog",
		"shared mailbox":       "Get-Mailbox",
		"zertifikat":           "Get-ExchangeCertificate",
	} {
		first := titles(x.Find(query, search.Preference{}), 10)
		for name := range strings.FieldsSeq(wanted) {
			if !slices.Contains(first, name) {
				t.Errorf("%q: %s is not among %v", query, name, first)
			}
		}
	}
}

func TestANameIsFoundFirst(t *testing.T) {
	x := everything(t)
	for _, name := range reference.New().Names(0) {
		if first := titles(x.Find(name, search.Preference{}), 1); !slices.Equal(first, []string{name}) {
			t.Errorf("%s gives %v", name, first)
		}
	}
}

func TestNonsenseFindsNothing(t *testing.T) {
	if found := everything(t).Find("xqzzy", search.Preference{}); len(found) != 0 {
		t.Errorf("found %v", titles(found, 5))
	}
}

func entry(title string) search.Entry { return search.Entry{ID: title, Title: title} }

func TestWhatWasUsedComesFirst(t *testing.T) {
	x := search.New([]search.Entry{entry("Rule 10"), entry("Rule 2"), entry("Rule 1"), entry("Rule 3"), entry("Other")})
	p := search.Preference{
		Favourites: []string{entry("Rule 10").Key()},
		Recent:     []string{entry("Rule 3").Key(), entry("Gone").Key(), entry("Rule 10").Key()},
	}
	for query, want := range map[string]string{
		"rule": "Rule 10, Rule 3, Rule 1, Rule 2",
		"":     "Rule 10, Rule 3, Other, Rule 1, Rule 2",
		" \t":  "Rule 10, Rule 3, Other, Rule 1, Rule 2",
	} {
		if got := strings.Join(titles(x.Find(query, p), 9), ", "); got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
	if got := strings.Join(titles(x.Find("", search.Preference{}), 9), ", "); got != "Other, Rule 1, Rule 2, Rule 3, Rule 10" {
		t.Errorf("natural order: %s", got)
	}
}

func TestKindsAreFoundTogether(t *testing.T) {
	x := search.New([]search.Entry{
		{Kind: search.Tenant, ID: "contoso.example", Title: "Contoso", Details: []string{"contoso.example"}},
		{Kind: search.Report, ID: "mailbox-sizes", Title: "Mailbox sizes", Names: []string{"how big", "Postfach voll"}},
		{Kind: search.Setting, ID: "language", Title: "Language", Names: []string{"Sprache"}},
		{Kind: search.Cmdlet, ID: "Get-Mailbox", Title: "Get-Mailbox"},
		{Kind: search.Cmdlet, ID: "contoso.example", Title: "Another"},
	})
	for query, want := range map[string]string{
		"contoso": "Contoso", "how big": "Mailbox sizes", "postfach": "Mailbox sizes", "sprahe": "Language",
		"mailbox": "Mailbox sizes, Get-Mailbox", "mailbox sizes of contoso": "Mailbox sizes",
	} {
		if got := strings.Join(titles(x.Find(query, search.Preference{}), 9), ", "); got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
	keys := map[string]bool{}
	for _, e := range x.Find("", search.Preference{}) {
		keys[e.Key()] = true
	}
	if len(keys) != x.Len() {
		t.Errorf("%d keys for %d entries", len(keys), x.Len())
	}
}

// TestFitsOfTwoIndexesAreCompared: a word that an index has fits better than the same one
// misspelt in another, a title better than a detail; nothing fits nothing.
func TestFitsOfTwoIndexesAreCompared(t *testing.T) {
	fit := func(query string, e search.Entry) int {
		return search.New([]search.Entry{e}).Fit(query, search.Preference{})
	}
	light, detail := entry("Light"), search.Entry{Title: "Set-Policy", Details: []string{"LightTheme"}}
	for i, fits := range [][2]int{
		{fit("light", light), fit("light", detail)},
		{fit("lihgt", light), fit("lihgt", detail)},
		{fit("right", entry("Send As rights")), fit("right", light)},
		{fit("light", detail), fit("mail", light)},
	} {
		if fits[0] <= fits[1] {
			t.Errorf("%d: %d is to be more than %d", i, fits[0], fits[1])
		}
	}
	if got := fit("mail", light) + fit(" ", light); got != 0 {
		t.Errorf("nothing found, and nothing asked: %d", got)
	}
}

func TestMisspeltByALetter(t *testing.T) {
	x := search.New([]search.Entry{entry("Weiterleitung"), entry("Rotate")})
	for _, query := range []string{"weiterlietung", "weiterleitng", "weiterrleitung", "weiterleitumg", "wieterleitung", "weiterlit"} {
		if got := titles(x.Find(query, search.Preference{}), 2); !slices.Equal(got, []string{"Weiterleitung"}) {
			t.Errorf("%s finds %v", query, got)
		}
	}
	for _, query := range []string{"wieterlietung", "rta", "rotxxx"} {
		if got := titles(x.Find(query, search.Preference{}), 2); len(got) != 0 {
			t.Errorf("%s finds %v", query, got)
		}
	}
}

// keyStrokes is a question as it is typed, letter by letter.
func keyStrokes() []string {
	var all []string
	for _, q := range []string{"who has access", "Weiterleitung", "quarantine messga", "transport rule", "zu groß"} {
		for i := range q {
			all = append(all, q[:i])
		}
	}
	return all
}

// BenchmarkKeyStroke is one letter typed, over all cmdlets and as many reports as there are.
func BenchmarkKeyStroke(b *testing.B) {
	r := reference.New()
	entries := r.Entries(r.Names(0))
	for i := range 180 {
		entries = append(entries, search.Entry{
			Kind: search.Report, ID: fmt.Sprint(i), Title: fmt.Sprintf("Report %d on mailboxes", i),
			Names: []string{"Postfachgröße", "who may read"}, Texts: []string{"Which mailboxes are nearly full?"},
		})
	}
	x := search.New(entries)
	strokes := keyStrokes()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		x.Find(strokes[i%len(strokes)], search.Preference{Recent: []string{"0Get-Mailbox"}})
		i++
	}
}

// BenchmarkNew makes the cmdlets of an account searchable.
func BenchmarkNew(b *testing.B) {
	r := reference.New()
	names := r.Names(0)[:800]
	b.ReportAllocs()
	for b.Loop() {
		search.New(r.Entries(names))
	}
}
