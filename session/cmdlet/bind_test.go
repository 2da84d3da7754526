package cmdlet_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"postroom/session/cmdlet"
)

var sample = cmdlet.Cmdlet{
	Name:       "Set-Sample",
	DefaultSet: "Identity",
	Parameters: []cmdlet.Parameter{
		{Name: "Identity", Type: "Microsoft.Exchange.Configuration.Tasks.MailboxIdParameter", Mandatory: true, Position: 0, Sets: []string{"Identity"}},
		{Name: "All", Type: "System.Management.Automation.SwitchParameter", Position: -1, Sets: []string{"All"}, Mandatory: true},
		{Name: "Count", Type: "System.Int32", Position: -1},
		{Name: "Small", Type: "System.Nullable`1[[System.Byte, mscorlib, Version=4.0.0.0]]", Position: -1},
		{Name: "Ratio", Type: "System.Double", Position: -1},
		{Name: "Hidden", Type: "System.Boolean", Position: -1, Aliases: []string{"hid"}},
		{Name: "Force", Type: "System.Management.Automation.SwitchParameter", Position: -1},
		{Name: "Action", Type: "Microsoft.Exchange.Action", Choices: []string{"Accept", "Reject", "Audit"}, Position: -1},
		{Name: "EmailAddresses", Type: "Microsoft.Exchange.Data.ProxyAddressCollection", Position: -1},
		{Name: "Members", Type: "System.String[]", Position: 1},
		{Name: "StartDate", Type: "System.Nullable`1[System.DateTime]", Position: -1},
		{Name: "Age", Type: "Microsoft.Exchange.Data.EnhancedTimeSpan", Position: -1},
		{Name: "MaxSize", Type: "Microsoft.Exchange.Data.ByteQuantifiedSize", Position: -1},
		{Name: "Quota", Type: "Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.ByteQuantifiedSize, Microsoft.Exchange.Data]]", Position: -1},
		{Name: "ResultSize", Type: "Microsoft.Exchange.Data.Unlimited`1[[System.UInt32, mscorlib]]", Position: -1},
		{Name: "Table", Type: "System.Collections.Hashtable", Position: -1},
		{Name: "Password", Type: "System.Security.SecureString", Position: -1},
		{Name: "Credential", Type: "System.Management.Automation.PSCredential", Position: -1},
		{Name: "Picture", Type: "System.Byte[]", Position: -1},
		{Name: "Comments", Type: "System.String", Position: -1},
		{Name: "Key", Type: "System.String", Secret: true, Position: -1},
		{Name: "ContentFilter", Type: "System.String", Position: -1},
	},
}

func TestBindReadsTextByKind(t *testing.T) {
	for _, c := range []struct {
		parameter, text string
		want            any
	}{
		{"Comments", " as it is, 'quotes' too ", " as it is, 'quotes' too "},
		{"Comments", "''", ""},
		{"Comments", "$null", nil},
		{"Count", " 5 ", int64(5)},
		{"Count", "-2147483648", int64(-2147483648)},
		{"Count", "10KB", int64(10240)},
		{"Count", "0x1F", int64(31)},
		{"Small", "255", int64(255)},
		{"Ratio", "1.5", 1.5},
		{"Ratio", "1e-3", 0.001},
		{"Hidden", "Yes", true},
		{"hid", "$false", false},
		{"Force", "true", cmdlet.Switch(true)},
		{"Force", "false", cmdlet.Switch(false)},
		{"Action", "reject", "Reject"},
		{"Action", "audit, ACCEPT", "Audit, Accept"},
		{"EmailAddresses", "a@x.com, b@x.com", []string{"a@x.com", "b@x.com"}},
		{"EmailAddresses", "Smith, John\nDoe, Jane\n\n", []string{"Smith, John", "Doe, Jane"}},
		{"EmailAddresses", `"Smith, John", plain,'it''s'`, []string{"Smith, John", "plain", "it's"}},
		{"EmailAddresses", "@()", []string{}},
		{"EmailAddresses", "@{Add='a','b'; Remove='c'}", map[string]any{"Add": []string{"a", "b"}, "Remove": "c"}},
		{"StartDate", "2024-03-04T05:06:07Z", time.Date(2024, 3, 4, 5, 6, 7, 0, time.UTC)},
		{"StartDate", "2024-03-04 05:06", time.Date(2024, 3, 4, 5, 6, 0, 0, berlin)},
		{"StartDate", "3/4/2024 5:06 pm", time.Date(2024, 3, 4, 17, 6, 0, 0, berlin)},
		{"StartDate", "4.3.2024", time.Date(2024, 3, 4, 0, 0, 0, 0, berlin)},
		{"Age", "1.02:03:04.5", 26*time.Hour + 3*time.Minute + 4500*time.Millisecond},
		{"Age", "-00:05", -5 * time.Minute},
		{"Age", "1d12h", 36 * time.Hour},
		{"MaxSize", "10 MB", int64(10 << 20)},
		{"MaxSize", "1024 B", int64(1024)},
		{"MaxSize", "99 GB (106,300,440,576 bytes)", "99 GB (106,300,440,576 bytes)"},
		{"EmailAddresses", "Invoice 1,000 EUR", []string{"Invoice 1,000 EUR"}},
		{"EmailAddresses", "'a','b'", []string{"a", "b"}},
		{"Comments", "1.10", "1.10"},
		{"Comments", "'t Hooft", "'t Hooft"},
		{"Comments", `"a phrase"`, `"a phrase"`},
		{"Comments", "$true", true},
		{"ContentFilter", "{Name -like 'A*'}", "Name -like 'A*'"},
		{"Age", "30", 30 * 24 * time.Hour},
		{"StartDate", "(Get-Date).AddDays(-2).Date", time.Date(2026, 11, 25, 0, 0, 0, 0, berlin)},
		{"Quota", "unlimited", "Unlimited"},
		{"Quota", "49.5GB", int64(53150220288)},
		{"ResultSize", "UNLIMITED", "Unlimited"},
		{"ResultSize", "4294967295", int64(4294967295)},
		{"Table", "@{a=1; b=$true; 'c d'=@{e=$null}}", map[string]any{"a": "1", "b": true, "c d": map[string]any{"e": nil}}},
		{"Picture", "AQID", []byte{1, 2, 3}},
	} {
		values := map[string]string{"Identity": "x", c.parameter: c.text}
		inv, err := sample.Bind(values, noon)
		if err != nil {
			t.Errorf("%s %q: %v", c.parameter, c.text, err)
			continue
		}
		p, _ := sample.Parameter(c.parameter)
		arg, ok := inv.Arg(p.Name)
		if !ok {
			t.Errorf("%s %q: no argument in %#v", c.parameter, c.text, inv)
			continue
		}
		want := c.want
		if w, isTime := want.(time.Time); isTime {
			if got, _ := arg.Value.(time.Time); !got.Equal(w) {
				t.Errorf("%s %q: %v, want %v", c.parameter, c.text, arg.Value, want)
			}
			continue
		}
		if !reflect.DeepEqual(arg.Value, want) {
			t.Errorf("%s %q: %#v, want %#v", c.parameter, c.text, arg.Value, want)
		}
	}
}

func TestBindRefusesWithAReason(t *testing.T) {
	for _, c := range []struct {
		parameter, text string
		want            cmdlet.Want
	}{
		{"Count", "five", cmdlet.WantKind},
		{"Count", "1.5", cmdlet.WantKind},
		{"Count", "2147483648", cmdlet.WantRange},
		{"Count", "99999999999999999999", cmdlet.WantRange},
		{"Small", "-1", cmdlet.WantRange},
		{"Hidden", "maybe", cmdlet.WantKind},
		{"Force", "x", cmdlet.WantKind},
		{"Action", "Explode", cmdlet.WantChoice},
		{"StartDate", "15/01/2024", cmdlet.WantKind},
		{"StartDate", "2024-02-30", cmdlet.WantKind},
		{"Age", "24:00:00", cmdlet.WantKind},
		{"Age", "1:2:3:4", cmdlet.WantKind},
		{"Age", "10675199.00:00:00", cmdlet.WantRange},
		{"MaxSize", "10 apples", cmdlet.WantKind},
		{"MaxSize", "-1", cmdlet.WantRange},
		{"Quota", "some", cmdlet.WantKind},
		{"ResultSize", "-1", cmdlet.WantRange},
		{"EmailAddresses", "@{Add='a'", cmdlet.WantSyntax},
		{"EmailAddresses", "@{Add=$(Get-Date)}", cmdlet.WantLiteral},
		{"Table", "a=1", cmdlet.WantKind},
		{"Table", "@{a=1;A=2}", cmdlet.WantOnce},
		{"Picture", "not base64!", cmdlet.WantKind},
		{"Credential", "only-a-user", cmdlet.WantCredential},
		{"Credential", "no-password\n", cmdlet.WantCredential},
		{"Credential", "\nno-user", cmdlet.WantCredential},
		{"NoSuch", "x", cmdlet.WantKnown},
	} {
		_, err := sample.Bind(map[string]string{"Identity": "x", c.parameter: c.text}, noon)
		var be *cmdlet.BindError
		if !errors.As(err, &be) {
			t.Errorf("%s %q: %v, want a *BindError", c.parameter, c.text, err)
			continue
		}
		if be.Want != c.want || be.Parameter != c.parameter {
			t.Errorf("%s %q: %v %v, want %v", c.parameter, c.text, be.Parameter, be.Want, c.want)
		}
		if p, _ := sample.Parameter(c.parameter); p.Name != "Credential" && be.Text != c.text {
			t.Errorf("%s: text %q, want %q", c.parameter, be.Text, c.text)
		}
	}
}

func TestBindReportsEveryField(t *testing.T) {
	_, err := sample.Bind(map[string]string{"Count": "x", "Hidden": "y"}, noon)
	all := cmdlet.BindErrors(err)
	if len(all) != 3 {
		t.Fatalf("%d errors, want 3: %v", len(all), err)
	}
	if all[0].Parameter != "Identity" || all[0].Want != cmdlet.WantValue {
		t.Errorf("first error is %v, want Identity to want a value", all[0])
	}
}

func TestMandatoryFollowsTheSetInUse(t *testing.T) {
	if _, err := sample.Bind(map[string]string{"All": "true"}, noon); err != nil {
		t.Errorf("a parameter of another set is given, so Identity is not needed: %v", err)
	}
	if _, err := sample.Bind(map[string]string{"Count": "1"}, noon); err == nil {
		t.Error("no error without Identity in the default set")
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	const password = "correct horse"
	inv, err := sample.Bind(map[string]string{
		"Identity": "x", "Password": password, "Key": password, "Credential": "kim@contoso.com\n" + password,
	}, noon)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("call", "call", inv)
	encoded, err := json.Marshal(inv)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		inv.PowerShell(), fmt.Sprintf("%v %+v %#v %s %q %x", inv, inv, inv, inv, inv, inv), string(encoded), log.String(),
	} {
		if strings.Contains(text, password) || strings.Contains(text, fmt.Sprintf("%x", password)) {
			t.Errorf("the password is in %q", text)
		}
	}
	for _, name := range []string{"Password", "Key"} {
		arg, _ := inv.Arg(name)
		if s, ok := arg.Value.(cmdlet.Secret); !ok || s.Reveal() != password {
			t.Errorf("%s is a %T, want a secret with the password", name, arg.Value)
		}
	}
	arg, _ := inv.Arg("Credential")
	if c, ok := arg.Value.(cmdlet.PSCredential); !ok || c.User != "kim@contoso.com" || c.Password.Reveal() != password {
		t.Errorf("credential is %T", arg.Value)
	}
	want := "Set-Sample -Identity x -Password (Read-Host -AsSecureString) -Credential (Get-Credential 'kim@contoso.com') -Key (Read-Host -AsSecureString)"
	if got := inv.PowerShell(); got != want {
		t.Errorf("PowerShell text is %q, want %q", got, want)
	}
	_, err = sample.Bind(map[string]string{"Identity": "x", "Credential": password}, noon)
	if err == nil || strings.Contains(err.Error(), password) {
		t.Errorf("error %v, want one without the text", err)
	}
}

func TestKindOf(t *testing.T) {
	for name, want := range map[string]cmdlet.Kind{
		"System.String": cmdlet.Text,
		"System.Int32":  cmdlet.Number, "System.UInt64": cmdlet.Number, "System.Decimal": cmdlet.Number, "int": cmdlet.Number,
		"System.Nullable`1[[System.Int32, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089]]": cmdlet.Number,
		"System.Nullable[bool]":                        cmdlet.Bool,
		"System.Boolean":                               cmdlet.Bool,
		"System.Management.Automation.SwitchParameter": cmdlet.SwitchKind,
		"switch":          cmdlet.SwitchKind,
		"System.DateTime": cmdlet.Date,
		"Microsoft.Exchange.ExchangeSystem.ExDateTime":                                                                   cmdlet.Date,
		"System.Nullable`1[[Microsoft.Exchange.ExchangeSystem.ExDateTime, Microsoft.Exchange.Common, Version=15.0.0.0]]": cmdlet.Date,
		"System.TimeSpan":                            cmdlet.Duration,
		"Microsoft.Exchange.Data.EnhancedTimeSpan":   cmdlet.Duration,
		"Microsoft.Exchange.Data.ByteQuantifiedSize": cmdlet.ByteSize,
		"Microsoft.Exchange.Data.Unlimited`1[[System.UInt32, mscorlib, Version=4.0.0.0]]": cmdlet.UnlimitedNumber,
		"Microsoft.Exchange.Data.Unlimited`1[System.Int32]":                               cmdlet.UnlimitedNumber,
		"Microsoft.Exchange.Data.Unlimited<System.UInt32>":                                cmdlet.UnlimitedNumber,
		"Unlimited": cmdlet.Text,
		"Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.ByteQuantifiedSize, Microsoft.Exchange.Data]]": cmdlet.UnlimitedByteSize,
		"Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.EnhancedTimeSpan, Microsoft.Exchange.Data]]":   cmdlet.Text,
		"System.String[]": cmdlet.List,
		"System.Byte[]":   cmdlet.File,
		"System.Char[]":   cmdlet.Text,
		"Microsoft.Exchange.Configuration.Tasks.RecipientIdParameter":                                 cmdlet.Text,
		"Microsoft.Exchange.Configuration.Tasks.RecipientIdParameter[]":                               cmdlet.List,
		"Microsoft.Exchange.Data.SmtpAddress":                                                         cmdlet.Text,
		"Microsoft.Exchange.Data.ProxyAddress":                                                        cmdlet.Text,
		"Microsoft.Exchange.Data.ProxyAddressCollection":                                              cmdlet.List,
		"Microsoft.Exchange.Data.MultiValuedProperty`1[[System.String, mscorlib, Version=4.0.0.0]]":   cmdlet.List,
		"Microsoft.Exchange.Data.MultiValuedProperty`1[Microsoft.Exchange.Data.SmtpDomain]":           cmdlet.List,
		"System.Collections.Generic.List`1[[System.Byte, mscorlib]]":                                  cmdlet.File,
		"System.Collections.Generic.Dictionary`2[[System.String, mscorlib],[System.Int32, mscorlib]]": cmdlet.Hashtable,
		"System.Collections.Hashtable":                                                                cmdlet.Hashtable,
		"System.Security.SecureString":                                                                cmdlet.SecretKind,
		"System.Management.Automation.PSCredential":                                                   cmdlet.Credential,
		"Some.Vendor.Type": cmdlet.Text,
		"":                 cmdlet.Text,
		"System.Int32, mscorlib, Version=4.0.0.0":                                                   cmdlet.Number,
		"Microsoft.Exchange.Data.Directory.SystemConfiguration.OrganizationalUnitIdParameter+Inner": cmdlet.Text,
	} {
		if got := cmdlet.KindOf(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestRisk(t *testing.T) {
	for name, want := range map[string]cmdlet.Risk{
		"Get-Mailbox": cmdlet.Reads, "Test-MAPIConnectivity": cmdlet.Reads, "microsoft.exchange\\Get-Mailbox": cmdlet.Reads,
		"Set-Mailbox": cmdlet.Changes, "New-TransportRule": cmdlet.Changes, "Frobnicate-X": cmdlet.Changes, "odd": cmdlet.Changes,
		"Enable-Mailbox": cmdlet.Changes, "Release-QuarantineMessage": cmdlet.Changes,
		"REMOVE-Mailbox": cmdlet.Destroys, "Disable-Mailbox": cmdlet.Destroys, "Clear-MobileDevice": cmdlet.Destroys,
		"Delete-QuarantineMessage": cmdlet.Destroys, "Search-Mailbox": cmdlet.Destroys,
		"New-ComplianceSearchAction": cmdlet.Destroys, "New-ComplianceSearch": cmdlet.Changes, "Check-PurviewConfig": cmdlet.Reads,
	} {
		if got := (cmdlet.Cmdlet{Name: name}).Risk(); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
