package reference_test

import (
	"cmp"
	"strings"
	"testing"
	"unicode/utf8"

	"postroom/assets"
	"postroom/session/reference"
)

// longest is how many characters a line of help has at most, so that it fits beside or
// under its field.
const longest = 110

// described are the cmdlets that have a synopsis of ours.
func described(r *reference.Reference) []string {
	var names []string
	for _, name := range r.Names(0) {
		if r.Described(name) {
			names = append(names, name)
		}
	}
	return names
}

func TestTextsAreWhole(t *testing.T) {
	r := reference.New()
	names := described(r)
	if len(names) < 400 {
		t.Errorf("%d cmdlets have a synopsis of ours, want 400", len(names))
	}
	written := map[string]bool{}
	for line := range strings.Lines(assets.CmdletReference().Parameters) {
		key, _, _ := strings.Cut(line, "\t")
		written[strings.ToLower(key)] = true
	}
	for _, name := range names {
		c, _ := r.Cmdlet(name)
		_, noun, _ := strings.Cut(strings.ToLower(name), "-")
		for _, p := range c.Parameters {
			parameter := strings.ToLower(p.Name)
			if !p.Hidden && !written[parameter] && !written[noun+" -"+parameter] && !written[strings.ToLower(name)+" -"+parameter] {
				t.Errorf("%s -%s: no line of help", name, p.Name)
			}
			checkText(t, name+" -"+p.Name, r.Help(name, p.Name))
		}
	}
}

func TestTextsInStyle(t *testing.T) {
	text := assets.CmdletReference()
	for file, lines := range map[string]string{"synopses": text.Synopses, "parameters": text.Parameters} {
		last := ""
		for line := range strings.Lines(lines) {
			cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			if len(cells) != 3 {
				t.Errorf("%s: %d cells: %s", file, len(cells), line)
				continue
			}
			key := strings.ToLower(cells[0])
			if cmp.Compare(last, key) >= 0 {
				t.Errorf("%s: %s stands behind %s: the lines are sorted by name, letter case aside, each once", file, key, last)
			}
			last = key
			checkText(t, cells[0], reference.Text{English: cells[1], German: cells[2]})
			if cells[1] == cells[2] {
				t.Errorf("%s: %s is the same in both languages", file, cells[0])
			}
		}
	}
}

func checkText(t *testing.T, what string, text reference.Text) {
	t.Helper()
	for _, s := range []string{text.English, text.German} {
		switch {
		case !strings.HasSuffix(s, "."), strings.HasSuffix(s, ".."), strings.TrimSpace(s) != s, strings.Contains(s, "  "), s == ".":
			t.Errorf("%s: %q is no sentence", what, s)
		case utf8.RuneCountInString(s) > longest:
			t.Errorf("%s: %d characters: %s", what, utf8.RuneCountInString(s), s)
		}
	}
}

func TestTheNearestTextIsTaken(t *testing.T) {
	r := reference.New()
	cases := []struct{ cmdlet, parameter, german string }{
		{"Set-Mailbox", "ForwardingSmtpAddress", "Die Adresse, an die weitergeleitet wird, auch außerhalb."},
		{"Set-Mailbox", "Type", "Macht es zum normalen, freigegebenen, Raum- oder Gerätepostfach."},
		{"New-DistributionGroup", "Type", "Ob die Gruppe nur Mail verteilt oder auch Rechte vergibt."},
		{"Get-AcceptedDomain", "identity", "Die akzeptierte Domäne, mit Name oder Kennung."},
		{"New-TransportRule", "ExceptIfSubjectContainsWords", "Gilt nicht, wenn der Betreff eines dieser Wörter enthält."},
		{"Get-UMDialPlan", "UnheardOfThing", "Unheard-Of-Thing."},
	}
	for _, test := range cases {
		if got := r.Help(test.cmdlet, test.parameter).In("de_AT.UTF-8"); got != test.german {
			t.Errorf("%s -%s: %s", test.cmdlet, test.parameter, got)
		}
	}
}

// TestEverythingHasWords is about cmdlets that nobody described: their own words do.
func TestEverythingHasWords(t *testing.T) {
	r := reference.New()
	for _, name := range r.Names(0) {
		checkText(t, name, r.Synopsis(name))
	}
	for name, want := range map[string]reference.Text{
		"Get-UMDialPlan":                {English: "Shows UM dial plans.", German: "Zeigt an: UM-Dial-Plan."},
		"New-SharedThing":               {English: "Creates a shared thing.", German: "Legt an: Shared-Thing."},
		"Remove-OutlookProtectionRule":  {English: "Deletes an Outlook protection rule.", German: "Löscht: Outlook-Protection-Regel."},
		"Get-MailboxDatabaseRedundancy": {English: "Shows mailbox database redundancies.", German: "Zeigt an: Postfach-Datenbank-Redundancy."},
		"Dump-ProvisioningCache":        {English: "Dump: provisioning cache.", German: "Dump: Provisioning-Cache."},
		"whoami":                        {English: "whoami.", German: "whoami."},
	} {
		if got := r.Synopsis(name); got != want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
