package cmdlet_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"postroom/session/cmdlet"
)

func TestWhatIsTypedIsSentAsTyped(t *testing.T) {
	type args = []cmdlet.Arg
	for _, c := range []struct {
		in   []string
		want args
	}{
		{[]string{"-Identity", "Rule 1"}, args{{"Identity", "Rule 1"}}},
		{[]string{"-Identity:Rule 1"}, args{{"Identity", "Rule 1"}}},
		{[]string{"jeff", "-Archive"}, args{{"", "jeff"}, {"Archive", cmdlet.Switch(true)}}},
		{[]string{"-Archive", "-X", "1"}, args{{"Archive", cmdlet.Switch(true)}, {"X", "1"}}},
		{[]string{"-Confirm:$false"}, args{{"Confirm", cmdlet.Switch(false)}}},
		{[]string{"-Confirm:", "$false"}, args{{"Confirm", cmdlet.Switch(false)}}},
		{[]string{"-Enabled", "$False"}, args{{"Enabled", false}}},
		{[]string{"-X", "$null"}, args{{"X", nil}}},
		{[]string{"-X", "a,b"}, args{{"X", "a,b"}}},
		{[]string{"-X", "'a,b',\"c d\""}, args{{"X", []string{"a,b", "c d"}}}},
		{[]string{"-X", "a,'b c'"}, args{{"X", "a,'b c'"}}},
		{[]string{"-X", "1,2"}, args{{"X", "1,2"}}},
		{[]string{"-X", "Smith, John"}, args{{"X", "Smith, John"}}},
		{[]string{"-X", "'Smith,John'"}, args{{"X", "Smith,John"}}},
		{[]string{"-X", "@('a')"}, args{{"X", []string{"a"}}}},
		{[]string{"-X", "@()"}, args{{"X", []string{}}}},
		{[]string{"-X", "@{Add='a','b'; Remove=@()}"}, args{{"X", map[string]any{"Add": []string{"a", "b"}, "Remove": []string{}}}}},
		{[]string{"-X", "5GB"}, args{{"X", "5GB"}}},
		{[]string{"-X", "-5"}, args{{"X", "-5"}}},
		{[]string{"-X", "007"}, args{{"X", "007"}}},
		{[]string{"-X", "+49123"}, args{{"X", "+49123"}}},
		{[]string{"-X", "3.14159265358979323846"}, args{{"X", "3.14159265358979323846"}}},
		{[]string{"-X", "'5'"}, args{{"X", "5"}}},
		{[]string{"-X", "it's"}, args{{"X", "it's"}}},
		{[]string{"-DisplayName", "Okafor,Ada"}, args{{"DisplayName", "Okafor,Ada"}}},
		{[]string{"-Identity", "CN=Ada,OU=Users,DC=contoso,DC=example"}, args{{"Identity", "CN=Ada,OU=Users,DC=contoso,DC=example"}}},
		{[]string{"-SubjectContainsWords", "Invoice 1,000 EUR"}, args{{"SubjectContainsWords", "Invoice 1,000 EUR"}}},
		{[]string{"-ProhibitSendQuota", "49.5 GB (53,150,220,288 bytes)"}, args{{"ProhibitSendQuota", "49.5 GB (53,150,220,288 bytes)"}}},
		{[]string{"-DisplayName", "1.10"}, args{{"DisplayName", "1.10"}}},
		{[]string{"-Alias", "5d"}, args{{"Alias", "5d"}}},
		{[]string{"-Alias", "3kb"}, args{{"Alias", "3kb"}}},
		{[]string{"-Alias", "0x1F"}, args{{"Alias", "0x1F"}}},
		{[]string{"-Alias", "1E2"}, args{{"Alias", "1E2"}}},
		{[]string{"-OWAEnabled:$true"}, args{{"OWAEnabled", true}}},
		{[]string{"-Name", "'t Hooft"}, args{{"Name", "'t Hooft"}}},
		{[]string{"-Name", "'Ada Okafor'"}, args{{"Name", "Ada Okafor"}}},
		{[]string{"-Name", "([Sales])"}, args{{"Name", "([Sales])"}}},
		{[]string{"-Name", "(E-Mail)"}, args{{"Name", "(E-Mail)"}}},
		{[]string{"-Name", "[External] x"}, args{{"Name", "[External] x"}}},
		{[]string{"-SearchQuery", `"a phrase"`}, args{{"SearchQuery", `"a phrase"`}}},
		{[]string{"-X", `"a","b c"`}, args{{"X", []string{"a", "b c"}}}},
		{[]string{"-X", "$true,$null"}, args{{"X", []any{true, nil}}}},
		{[]string{"-X", "@{a=1; b=@(1.10,'x'); c=$true}"}, args{{"X", map[string]any{"a": "1", "b": []string{"1.10", "x"}, "c": true}}}},
		{[]string{"-X", "a", "-x", "b", "-X", "@('c','d')"}, args{{"X", []string{"a", "b", "c", "d"}}}},
		{[]string{"-Filter", "{Name -like 'A*'}"}, args{{"Filter", "Name -like 'A*'"}}},
		{[]string{"-Name", "{x}"}, args{{"Name", "{x}"}}},
		{[]string{"-X", "[int]'0x1F'"}, args{{"X", "31"}}},
		{[]string{"-X", "[string]5kb"}, args{{"X", "5kb"}}},
		{[]string{"-X", "[string[]]('a','b')"}, args{{"X", []string{"a", "b"}}}},
		{[]string{"-Verbose", "x"}, args{{"Verbose", cmdlet.Switch(true)}, {"", "x"}}},
		{[]string{"-Verbose", "$true", "x"}, args{{"Verbose", cmdlet.Switch(true)}, {"", "x"}}},
		{[]string{"-X", "(Sales) Team"}, args{{"X", "(Sales) Team"}}},
		{[]string{"-X", "$home"}, args{{"X", "$home"}}},
		{[]string{"-X", `"Jeff" <jeff@x.com>`}, args{{"X", `"Jeff" <jeff@x.com>`}}},
		{[]string{"-X", "- see below"}, args{{"X", "- see below"}}},
		{[]string{"-X", "-see below"}, args{{"X", "-see below"}}},
		{[]string{"--", "-X"}, args{{"", "-X"}}},
		{[]string{"\u2013Identity", "a"}, args{{"Identity", "a"}}},
		{[]string{"-Filter", "Name -like 'a*'"}, args{{"Filter", "Name -like 'a*'"}}},
		{[]string{"-X", ""}, args{{"X", ""}}},
	} {
		inv, err := cmdlet.Reader{}.Arguments(append([]string{"Set-X"}, c.in...))
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		if inv.Cmdlet != "Set-X" || !reflect.DeepEqual(inv.Args, c.want) {
			t.Errorf("%q: %#v, want %#v", c.in, inv.Args, c.want)
		}
	}
}

func TestArgumentsAreReadByTheirKinds(t *testing.T) {
	type args = []cmdlet.Arg
	for _, c := range []struct {
		in   []string
		want args
	}{
		{[]string{"-Force", "jeff"}, args{{"Force", cmdlet.Switch(true)}, {"", "jeff"}}},
		{[]string{"jeff", "a,b"}, args{{"", "jeff"}, {"", []string{"a", "b"}}}},
		{[]string{"-Identity", "x", "a,b"}, args{{"Identity", "x"}, {"", []string{"a", "b"}}}},
		{[]string{"a,b", "-Identity", "x"}, args{{"", []string{"a", "b"}}, {"Identity", "x"}}},
		{[]string{"-Ident", "5"}, args{{"Identity", "5"}}},
		{[]string{"-hid", "yes"}, args{{"Hidden", true}}},
		{[]string{"-Hidden:$true"}, args{{"Hidden", true}}},
		{[]string{"-Email", "a@x.com"}, args{{"EmailAddresses", []string{"a@x.com"}}}},
		{[]string{"-Email", "a,'b c', d"}, args{{"EmailAddresses", []string{"a", "b c", "d"}}}},
		{[]string{"-Email", "CN=Ada,OU=Users,DC=contoso"}, args{{"EmailAddresses", []string{"CN=Ada,OU=Users,DC=contoso"}}}},
		{[]string{"-Email", "smtp=a,b"}, args{{"EmailAddresses", []string{"smtp=a", "b"}}}},
		{[]string{"-Email", "Invoice 1,000 EUR"}, args{{"EmailAddresses", []string{"Invoice 1,000 EUR"}}}},
		{[]string{"-Email", "a", "-EmailAddresses", "b,c"}, args{{"EmailAddresses", []string{"a", "b", "c"}}}},
		{[]string{"-NoSuch", "x,y"}, args{{"NoSuch", "x,y"}}},
		{[]string{"-C", "x"}, args{{"C", "x"}}},
		{[]string{"a", "b", "c"}, args{{"", "a"}, {"", []string{"b"}}, {"", "c"}}},
		{[]string{"-Action", "Explode"}, args{{"Action", "Explode"}}},
		{[]string{"-MaxSize", "49.5 GB (53,150,220,288 bytes)"}, args{{"MaxSize", "49.5 GB (53,150,220,288 bytes)"}}},
		{[]string{"-Count", "[int]'0x1F'"}, args{{"Count", int64(31)}}},
		{[]string{"-Email", "'Smith, John'"}, args{{"EmailAddresses", []string{"Smith, John"}}}},
		{[]string{"-Email", "@{Add='a'}"}, args{{"EmailAddresses", map[string]any{"Add": "a"}}}},
		{[]string{"-Comments", "CN=Jeff,OU=Users"}, args{{"Comments", "CN=Jeff,OU=Users"}}},
		{[]string{"-Comments", "007"}, args{{"Comments", "007"}}},
		{[]string{"-Comments", "true"}, args{{"Comments", "true"}}},
		{[]string{"-act", "reject"}, args{{"Action", "Reject"}}},
		{[]string{"-act", "accept,audit"}, args{{"Action", "Accept, Audit"}}},
		{[]string{"-ResultSize", "unlimited"}, args{{"ResultSize", "Unlimited"}}},
		{[]string{"-MaxSize", "35MB"}, args{{"MaxSize", int64(35 << 20)}}},
		{[]string{"-Count", "-1"}, args{{"Count", int64(-1)}}},
		{[]string{"-ErrorAction", "Stop", "-vb", "-WhatIf:$false"}, args{{"ErrorAction", "Stop"}, {"Verbose", cmdlet.Switch(true)}, {"WhatIf", cmdlet.Switch(false)}}},
	} {
		inv, err := described.Arguments(append([]string{"Set-Sample"}, c.in...))
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		if !reflect.DeepEqual(inv.Args, c.want) {
			t.Errorf("%q: %#v, want %#v", c.in, inv.Args, c.want)
		}
	}
}

func TestArgumentsAreRefused(t *testing.T) {
	for _, c := range []struct {
		in   []string
		want cmdlet.Want
	}{
		{nil, cmdlet.WantCommand},
		{[]string{""}, cmdlet.WantCommand},
		{[]string{"X-Y", "-A", "@{a='x'"}, cmdlet.WantSyntax},
		{[]string{"X-Y", "-A", "@(1,"}, cmdlet.WantSyntax},
		{[]string{"X-Y", "-A", "@{a=$x}"}, cmdlet.WantLiteral},
		{[]string{"X-Y", "-A", "(Get-Date).AddFortnights(1)"}, cmdlet.WantLiteral},
		{[]string{"X-Y", "-A", "$(Get-Date)"}, cmdlet.WantLiteral},
		{[]string{"X-Y", "-A", "(Get-Mailbox ada).Name"}, cmdlet.WantLiteral},
		{[]string{"X-Y", "-A", "([math]::Pi)"}, cmdlet.WantLiteral},
		{[]string{"X-Y", "-A", "[datetime]'tomorrow'"}, cmdlet.WantKind},
		{[]string{"X-Y", "-A", "1", "-A"}, cmdlet.WantOnce},
		{[]string{"X-Y", "-WhatIf", "-WhatIf"}, cmdlet.WantOnce},
		{[]string{"Set-Sample", "-Count", "1", "-Count", "2"}, cmdlet.WantOnce},
		{[]string{"Set-Sample", "-Key", "a", "-Key", "b"}, cmdlet.WantOnce},
		{[]string{"Set-Sample", "-Identity"}, cmdlet.WantValue},
		{[]string{"Set-Sample", "-Identity", "-Force"}, cmdlet.WantValue},
		{[]string{"Set-Sample", "-Force", "-Fo"}, cmdlet.WantOnce},
		{[]string{"Set-Sample", "-Count", "1,2"}, cmdlet.WantKind},
		{[]string{"Set-Sample", "-StartDate", "tomorrow"}, cmdlet.WantKind},
	} {
		_, err := described.Arguments(c.in)
		var be *cmdlet.BindError
		if !errors.As(err, &be) || be.Want != c.want {
			t.Errorf("%q: %v, want %v", c.in, err, c.want)
		}
	}
}

func TestSecretsOfACommandLineAreTakenAsTheyStand(t *testing.T) {
	secretive := cmdlet.Cmdlet{Name: "New-X", Parameters: []cmdlet.Parameter{
		{Name: "Password", Type: "System.Security.SecureString", Position: -1},
	}}
	for _, password := range []string{"$true", "'quoted'", "'open", "@{a", "a,b", "007", "", "-5", "(x)", "(Get-Date)", "{x}"} {
		for _, reader := range []cmdlet.Reader{{}, {Kinds: kinds{secretive}}} {
			inv, err := reader.Arguments([]string{"New-X", "-Password", password})
			if err != nil {
				t.Errorf("%v", err)
				continue
			}
			s, ok := inv.Args[0].Value.(cmdlet.Secret)
			if !ok || s.Reveal() != password {
				t.Errorf("%q is %#v", password, inv.Args[0].Value)
			}
			if got := inv.PowerShell(); got != "New-X -Password (Read-Host -AsSecureString)" {
				t.Errorf("written as %q", got)
			}
		}
	}
	inv, err := oneCommand(cmdlet.Reader{}, "New-X -NewPassword 'it''s'")
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := inv.Args[0].Value.(cmdlet.Secret); !ok || s.Reveal() != "it's" {
		t.Errorf("%#v", inv.Args[0].Value)
	}
	for _, line := range []string{
		"New-X -Password 'hunter2", "New-X -Password (hunter2)", "New-X -Password \"$hunter2\"", "New-X -A $x -Password hunter2",
		"New-X -A 'open -Password hunter2", "New-X -A {\n -Password hunter2",
	} {
		_, err := cmdlet.Reader{}.Line(line)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// What a line has in the place of a secret is not the secret, on the command line and in a
// form.
func TestWhatAsksForASecretIsNoSecret(t *testing.T) {
	password := cmdlet.Parameter{Name: "Password", Type: "System.Security.SecureString", Position: -1}
	form := cmdlet.Cmdlet{Name: "New-Mailbox", Parameters: []cmdlet.Parameter{password}}
	for text, taken := range map[string]bool{
		"(ConvertTo-SecureString 'x' -AsPlainText -Force)": false,
		"(Read-Host -AsSecureString)":                      false,
		" ( get-credential )":                              false,
		"(Read-Hosts)":                                     true,
		"Read-Host":                                        true,
		"(Read-Host":                                       true,
		"()":                                               true,
	} {
		_, typed := form.Bind(map[string]string{"Password": text}, time.Now())
		_, given := cmdlet.Reader{}.Arguments([]string{"New-Mailbox", "-Password", text})
		for face, err := range map[string]error{"a form": typed, "the command line": given} {
			var wrong *cmdlet.BindError
			if taken && err != nil || !taken && (!errors.As(err, &wrong) || wrong.Want != cmdlet.WantSecret) {
				t.Errorf("%s, %q: %v", face, text, err)
			}
		}
	}
}
