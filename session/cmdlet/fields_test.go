package cmdlet_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"postroom/session/cmdlet"
)

// What a pasted line says stands in the form's fields, and the form makes the same call.
func TestALineFillsAForm(t *testing.T) {
	inv, err := oneCommand(described, "Set-Sample ada a,b -Count 0x1F -hid $true -Force:$false -StartDate 2024-01-02 -Email @{Add='x'} -Quota Unlimited -Password hunter2 -Comments $null -Content {Name -eq 'x'}")
	if err != nil {
		t.Fatal(err)
	}
	got, err := sample.Fields(inv)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"Identity": "ada", "Members": "a\nb", "Count": "31", "Hidden": "true", "Force": "false", "StartDate": "2024-01-02T00:00:00+01:00",
		"EmailAddresses": "@{Add='x'}", "Quota": "Unlimited", "Comments": "$null", "ContentFilter": "Name -eq 'x'",
	}
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s is %q, want %q", name, got[name], text)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d fields, want %d: %q", len(got), len(want), got)
	}
}

// What is shown for a secret is read back as one that is left out; the rest of the line is
// there, and no password of a line that has one is kept.
func TestSecretsAreLeftOut(t *testing.T) {
	for _, line := range []string{
		"Set-Sample ada -Key (Read-Host -AsSecureString) -Credential (Get-Credential 'kim') -Count 5",
		"Set-Sample ada -Key (ConvertTo-SecureString -String 'hunter2' -AsPlainText -Force) -Credential (Get-Credential) -Count 5",
		"Set-Sample ada -Key (ConvertTo-SecureString \"a)b (hunter2\" -AsPlainText) -Credential (Get-Credential -Message 'x)') -Count 5 | Select-Object Name",
	} {
		l, err := described.Line(line)
		wrong := cmdlet.BindErrors(err)
		if len(wrong) != 2 || wrong[0].Want != cmdlet.WantSecret || wrong[0].Parameter != "Key" || wrong[1].Parameter != "Credential" {
			t.Fatalf("%s: %v", line, err)
		}
		if strings.Contains(err.Error()+l.PowerShell(), "hunter2") {
			t.Errorf("the password is kept: %v %s", err, l.PowerShell())
		}
		fields, err := sample.Fields(l.Pipeline[0])
		if err != nil || len(fields) != 2 || fields["Identity"] != "ada" || fields["Count"] != "5" {
			t.Errorf("%q, %v", fields, err)
		}
	}
	if _, err := described.Line("Set-Sample ada -Comments (Read-Host)"); len(cmdlet.BindErrors(err)) != 1 || cmdlet.BindErrors(err)[0].Want != cmdlet.WantLiteral {
		t.Errorf("a text that is asked for: %v", err)
	}
}

// What the form has no field for is said by name, and the rest is filled in.
func TestWhatIsNotTakenOver(t *testing.T) {
	inv, err := oneCommand(cmdlet.Reader{}, "Set-Sample -Identity ada -NoSuch x -C y b c d")
	if err != nil {
		t.Fatal(err)
	}
	got, err := sample.Fields(inv)
	wrong := cmdlet.BindErrors(err)
	if got["Identity"] != "ada" || got["Members"] != "b" || len(wrong) != 4 {
		t.Fatalf("%q, %v", got, err)
	}
	for i, want := range []cmdlet.Want{cmdlet.WantKnown, cmdlet.WantUnambiguous, cmdlet.WantPosition, cmdlet.WantPosition} {
		if wrong[i].Want != want {
			t.Errorf("%v, want %v", wrong[i], want)
		}
	}
}

func TestFieldsMakeTheSameCall(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	typeable := func() string { return wholeCharacters(strings.ReplaceAll(randomText(r), "\x00", "")) } // no key types a NUL
	for range 5000 {
		inv := cmdlet.Invocation{Cmdlet: "Set-Sample", Args: []cmdlet.Arg{{Name: "Identity", Value: typeable()}}}
		for _, a := range []cmdlet.Arg{
			{Name: "Count", Value: int64(int32(r.Uint32()))},
			{Name: "Ratio", Value: r.NormFloat64()},
			{Name: "Hidden", Value: r.IntN(2) == 0},
			{Name: "Force", Value: cmdlet.Switch(r.IntN(2) == 0)},
			{Name: "Action", Value: "Reject"},
			{Name: "EmailAddresses", Value: []string{typeable(), typeable()}},
			{Name: "Members", Value: []string{typeable()}},
			{Name: "StartDate", Value: randomDate(r)},
			{Name: "Age", Value: time.Duration(r.Int64()/100) * 100},
			{Name: "MaxSize", Value: r.Int64()},
			{Name: "Quota", Value: "Unlimited"},
			{Name: "ResultSize", Value: int64(r.Uint32())},
			{Name: "Table", Value: map[string]any{"a": typeable(), "b": randomValue(r, 3)}},
			{Name: "Picture", Value: append([]byte{1}, typeable()...)},
			{Name: "Comments", Value: typeable()},
			{Name: "ContentFilter", Value: typeable()},
		} {
			if r.IntN(3) == 0 {
				inv.Args = append(inv.Args, a)
			}
		}
		fields, err := sample.Fields(inv)
		if err != nil {
			t.Fatal(err)
		}
		got, err := sample.Bind(fields, noon)
		if err != nil || !same(got, inv) {
			t.Fatalf("%q\n%#v\nread as %#v, %v", fields, inv, got, err)
		}
	}
}
