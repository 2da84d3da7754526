package cmdlet_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"postroom/session/cmdlet"
)

func TestParseArgumentsWithoutADescription(t *testing.T) {
	type args = []cmdlet.Arg
	for _, c := range []struct {
		in   []string
		want args
	}{
		{[]string{"-Identity", "Rule 1"}, args{{"Identity", "Rule 1"}}},
		{[]string{"-Identity:Rule 1"}, args{{"Identity", "Rule 1"}}},
		{[]string{"jeff", "-Archive"}, args{{"", "jeff"}, {"Archive", cmdlet.Switch(true)}}},
		{[]string{"-Archive", "-X", "1"}, args{{"Archive", cmdlet.Switch(true)}, {"X", int64(1)}}},
		{[]string{"-Confirm:$false"}, args{{"Confirm", cmdlet.Switch(false)}}},
		{[]string{"-Confirm:", "$false"}, args{{"Confirm", cmdlet.Switch(false)}}},
		{[]string{"-Enabled", "$False"}, args{{"Enabled", false}}},
		{[]string{"-X", "$null"}, args{{"X", nil}}},
		{[]string{"-X", "a,b"}, args{{"X", []string{"a", "b"}}}},
		{[]string{"-X", "'a,b',\"c d\""}, args{{"X", []string{"a,b", "c d"}}}},
		{[]string{"-X", "a,'b c'"}, args{{"X", []string{"a", "b c"}}}},
		{[]string{"-X", "1,2"}, args{{"X", []any{int64(1), int64(2)}}}},
		{[]string{"-X", "Smith, John"}, args{{"X", "Smith, John"}}},
		{[]string{"-X", "'Smith,John'"}, args{{"X", "Smith,John"}}},
		{[]string{"-X", "@('a')"}, args{{"X", []string{"a"}}}},
		{[]string{"-X", "@()"}, args{{"X", []string{}}}},
		{[]string{"-X", "@{Add='a','b'; Remove=@()}"}, args{{"X", map[string]any{"Add": []string{"a", "b"}, "Remove": []string{}}}}},
		{[]string{"-X", "5GB"}, args{{"X", int64(5 << 30)}}},
		{[]string{"-X", "-5"}, args{{"X", int64(-5)}}},
		{[]string{"-X", "007"}, args{{"X", "007"}}},
		{[]string{"-X", "+49123"}, args{{"X", "+49123"}}},
		{[]string{"-X", "3.14159265358979323846"}, args{{"X", "3.14159265358979323846"}}},
		{[]string{"-X", "'5'"}, args{{"X", "5"}}},
		{[]string{"-X", "it's"}, args{{"X", "it's"}}},
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
		inv, err := cmdlet.ParseArguments(append([]string{"Set-X"}, c.in...), nil)
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		if inv.Cmdlet != "Set-X" || !reflect.DeepEqual(inv.Args, c.want) {
			t.Errorf("%q: %#v, want %#v", c.in, inv.Args, c.want)
		}
	}
}

func TestParseArgumentsByDescription(t *testing.T) {
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
		{[]string{"-Email", "Smith, John"}, args{{"EmailAddresses", []string{"Smith", "John"}}}},
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
		inv, err := cmdlet.ParseArguments(append([]string{"Set-Sample"}, c.in...), &sample)
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		if !reflect.DeepEqual(inv.Args, c.want) {
			t.Errorf("%q: %#v, want %#v", c.in, inv.Args, c.want)
		}
	}
}

func TestParseArgumentsRefuses(t *testing.T) {
	for _, c := range []struct {
		in   []string
		c    *cmdlet.Cmdlet
		want cmdlet.Want
	}{
		{nil, nil, cmdlet.WantCommand},
		{[]string{""}, nil, cmdlet.WantCommand},
		{[]string{"X-Y", "-A", "'open"}, nil, cmdlet.WantSyntax},
		{[]string{"X-Y", "-A", "@{a='x'"}, nil, cmdlet.WantSyntax},
		{[]string{"X-Y", "-A", "@(1,"}, nil, cmdlet.WantSyntax},
		{[]string{"X-Y", "-A", "@{a=$x}"}, nil, cmdlet.WantLiteral},
		{[]string{"Set-Sample", "-C", "x"}, &sample, cmdlet.WantUnambiguous},
		{[]string{"Set-Sample", "-NoSuch", "x"}, &sample, cmdlet.WantKnown},
		{[]string{"Set-Sample", "-Identity"}, &sample, cmdlet.WantValue},
		{[]string{"Set-Sample", "-Identity", "-Force"}, &sample, cmdlet.WantValue},
		{[]string{"Set-Sample", "-Force", "-Fo"}, &sample, cmdlet.WantOnce},
		{[]string{"Set-Sample", "a", "b", "c"}, &sample, cmdlet.WantPosition},
		{[]string{"Set-Sample", "-Count", "1,2"}, &sample, cmdlet.WantKind},
		{[]string{"Set-Sample", "-Action", "Explode"}, &sample, cmdlet.WantChoice},
	} {
		_, err := cmdlet.ParseArguments(c.in, c.c)
		var be *cmdlet.BindError
		if !errors.As(err, &be) || be.Want != c.want {
			t.Errorf("%q: %v, want %v", c.in, err, c.want)
		}
	}
	_, err := cmdlet.ParseArguments([]string{"Set-Sample", "-C", "x"}, &sample)
	var be *cmdlet.BindError
	if errors.As(err, &be); be == nil || !reflect.DeepEqual(be.Names, []string{"Count", "Credential", "Comments", "ContentFilter"}) {
		t.Errorf("ambiguous names: %v", be)
	}
}

func TestSecretsOfACommandLineAreTakenAsTheyStand(t *testing.T) {
	described := cmdlet.Cmdlet{Name: "New-X", Parameters: []cmdlet.Parameter{
		{Name: "Password", Type: "System.Security.SecureString", Position: -1},
	}}
	for _, password := range []string{"$true", "'quoted'", "'open", "@{a", "a,b", "007", "", "-5", "(x)"} {
		for _, c := range []*cmdlet.Cmdlet{nil, &described} {
			inv, err := cmdlet.ParseArguments([]string{"New-X", "-Password", password}, c)
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
	inv, err := cmdlet.ParseLine("New-X -NewPassword 'it''s'", nil)
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
		_, err := cmdlet.ParseLine(line, nil)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", line, err)
		}
	}
}
