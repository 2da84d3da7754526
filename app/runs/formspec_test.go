package runs

import (
	"slices"
	"testing"

	"postroom/session/cmdlet"
	"postroom/session/reference"
	"postroom/widgets"
)

// asServersSay is a cmdlet as a real server describes it: names, types and aliases, and
// nothing of sets, choices or what is required.
func asServersSay(t *testing.T, known *reference.Reference, name string) cmdlet.Cmdlet {
	t.Helper()
	fact, ok := known.Cmdlet(name)
	if !ok {
		t.Fatalf("the reference does not know %s", name)
	}
	c := cmdlet.Cmdlet{Name: name}
	for _, p := range fact.Parameters {
		c.Parameters = append(c.Parameters, cmdlet.Parameter{Name: p.Name, Type: p.Type, Kind: cmdlet.KindOf(p.Type), Aliases: p.Aliases, Position: -1})
	}
	return c
}

func TestFormSpecTakesFittingFields(t *testing.T) {
	known := reference.New()
	for _, c := range []struct {
		cmdlet, parameter string
		kind              widgets.FieldKind
	}{
		{"New-TransportRule", "ActivationDate", widgets.FieldDateTime},
		{"New-TransportRule", "Mode", widgets.FieldChoice},
		{"New-TransportRule", "AttachmentSizeOver", widgets.FieldSize},
		{"New-Mailbox", "Password", widgets.FieldSecret},
		{"Set-Mailbox", "EmailAddresses", widgets.FieldAddRemove},
		{"Set-Mailbox", "ProhibitSendQuota", widgets.FieldSize},
		{"Set-Mailbox", "HiddenFromAddressListsEnabled", widgets.FieldBool},
		{"Set-Mailbox", "Identity", widgets.FieldIdentity},
		{"Set-Mailbox", "RetainDeletedItemsFor", widgets.FieldDuration},
		{"Get-Mailbox", "Filter", widgets.FieldFilter},
		{"Get-Mailbox", "Archive", widgets.FieldSwitch},
		{"Set-MailboxAutoReplyConfiguration", "InternalMessage", widgets.FieldMultiline},
	} {
		spec := formSpec(known, asServersSay(t, known, c.cmdlet), cmdlet.Help{})
		i := slices.IndexFunc(spec.Fields, func(f widgets.Field) bool { return f.Name == c.parameter })
		if i < 0 {
			t.Errorf("%s -%s has no field", c.cmdlet, c.parameter)
			continue
		}
		if got := spec.Fields[i].Kind; got != c.kind {
			t.Errorf("%s -%s has a field of kind %d, want %d", c.cmdlet, c.parameter, got, c.kind)
		}
	}
}

// TestFormSpecHasTheServersParameters: the reference neither hides nor invents a field.
func TestFormSpecHasTheServersParameters(t *testing.T) {
	known := reference.New()
	for _, name := range known.Names(0) {
		c := asServersSay(t, known, name)
		c.Parameters = append(c.Parameters, cmdlet.Parameter{Name: "NobodyKnowsThis", Type: "System.String", Position: -1})
		spec := formSpec(known, c, cmdlet.Help{})
		if len(spec.Fields) != len(c.Parameters) {
			t.Fatalf("%s: %d fields for %d parameters", name, len(spec.Fields), len(c.Parameters))
		}
		for i, p := range c.Parameters {
			if spec.Fields[i].Name != p.Name {
				t.Errorf("%s: the field of -%s is called %s", name, p.Name, spec.Fields[i].Name)
			}
		}
	}
}

func TestFormSpecNamesSetsByWhatTellsThemApart(t *testing.T) {
	known := reference.New()
	spec := formSpec(known, asServersSay(t, known, "New-DynamicDistributionGroup"), cmdlet.Help{})
	var labels []string
	for _, s := range spec.Sets {
		labels = append(labels, s.Label)
	}
	slices.Sort(labels)
	if want := []string{"Included recipients", "Recipient filter"}; !slices.Equal(labels, want) {
		t.Errorf("the sets are %q, want %q", labels, want)
	}
	if spec := formSpec(known, asServersSay(t, known, "New-TransportRule"), cmdlet.Help{}); len(spec.Sets) != 0 {
		t.Errorf("a single set is offered as a choice: %v", spec.Sets)
	}
}

// TestSetsAreCalledByWhatTheyNeed, not by whatever few of them have.
func TestSetsAreCalledByWhatTheyNeed(t *testing.T) {
	known := reference.New()
	for name, want := range map[string]map[string]string{
		"Set-Mailbox":           {"Identity": "Default", "ExcludeFromAllHolds": "Exclude from all holds"},
		"Get-Mailbox":           {"AnrSet": "List", "Identity": "Identity", "DatabaseSet": "Database"},
		"Get-MailboxDatabase":   {"Identity": "List", "Server": "Server"},
		"Get-QuarantineMessage": {"Details": "Identity", "Summary": "Summary"},
		"New-Mailbox":           {"User": "User principal name", "Shared": "Shared"},
		"Search-Mailbox":        {"Identity": "Default"},
	} {
		spec := formSpec(known, asServersSay(t, known, name), cmdlet.Help{})
		for _, s := range spec.Sets {
			if label, told := want[s.Name]; told && s.Label != label {
				t.Errorf("%s: %s is called %q, want %q", name, s.Name, s.Label, label)
			}
			delete(want, s.Name)
		}
		if len(want) > 0 {
			t.Errorf("%s has not the sets %v", name, want)
		}
	}
}

// TestALineBeginsWithTheObject: servers name parameters by the alphabet.
func TestALineBeginsWithTheObject(t *testing.T) {
	c := asWritten(reference.New(), cmdlet.Cmdlet{Name: "Set-Mailbox", Parameters: []cmdlet.Parameter{
		{Name: "Alias", Position: -1}, {Name: "ForwardingSmtpAddress", Position: -1}, {Name: "Identity", Position: -1}, {Name: "Type", Position: -1},
	}})
	if got := boundAlone(c, map[string]string{"Type": "Shared", "Identity": "ada", "Alias": "a"}).PowerShell(); got != "Set-Mailbox -Identity ada -Alias a -Type Shared" {
		t.Errorf("written is %s", got)
	}
}

func TestWrongValue(t *testing.T) {
	c := cmdlet.Cmdlet{Name: "Set-X", Parameters: []cmdlet.Parameter{
		{Name: "N", Type: "System.Int32", Kind: cmdlet.Number, Position: -1},
		{Name: "Must", Type: "System.String", Mandatory: true, Position: -1},
		{Name: "Account", Kind: cmdlet.Credential, Secret: true, Position: -1},
	}}
	for _, wrong := range []struct{ field, text, want string }{
		{"N", "many", "It must be a number."},
		{"Account", "ada\n", "Account needs a user name and a password."},
		{"Account", "\nsecret", "Account needs a user name and a password."},
	} {
		if got := wrongValue(c, wrong.field, wrong.text); got != wrong.want {
			t.Errorf("%q in %s: %q, want %q", wrong.text, wrong.field, got, wrong.want)
		}
	}
	if wrong := wrongValue(c, "N", "5"); wrong != "" {
		t.Errorf("5 is wrong: %s", wrong)
	}
	if got := boundAlone(c, map[string]string{"N": "5"}).PowerShell(); got != "Set-X -N 5" {
		t.Errorf("an incomplete form is written as %q", got)
	}
}

// TestFormSpecOffersNoSetThatAnotherContains: Get-Mailbox by identity takes whatever
// Get-Mailbox without one does.
func TestFormSpecOffersNoSetThatAnotherContains(t *testing.T) {
	known := reference.New()
	c := asServersSay(t, known, "Get-Mailbox")
	c.Parameters = slices.DeleteFunc(c.Parameters, func(p cmdlet.Parameter) bool {
		return p.Name != "Identity" && p.Name != "Filter" && p.Name != "ResultSize"
	})
	if spec := formSpec(known, c, cmdlet.Help{}); len(spec.Sets) != 0 {
		t.Errorf("the sets %v are offered", spec.Sets)
	}
}

// TestFormSpecSaysWhatTheCmdletDoes, and what to use when it goes.
func TestFormSpecSaysWhatTheCmdletDoes(t *testing.T) {
	known := reference.New()
	for name, want := range map[string]string{
		"Set-Mailbox":       "Changes a mailbox: forwarding, addresses, limits, type, holds.",
		"Get-MessageTrace":  "Shows what became of messages of the last ten days (older version). It is being retired; use Get-MessageTraceV2 instead.",
		"Get-MailboxSearch": "Shows mailbox searches. No longer available in Microsoft 365.",
	} {
		if got := formSpec(known, asServersSay(t, known, name), cmdlet.Help{}).About; got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := formSpec(known, cmdlet.Cmdlet{Name: "Get-Mailbox", Synopsis: "The server's own words."}, cmdlet.Help{}).About; got != "The server's own words." {
		t.Errorf("a server's synopsis became %q", got)
	}
}

// TestAFormBeginsWithTheSetThatPeopleMean: a list where the cmdlet reads and needs nothing
// for it, else the set by which an object is named.
func TestAFormBeginsWithTheSetThatPeopleMean(t *testing.T) {
	known := reference.New()
	for name, want := range map[string]string{
		"Get-QuarantineMessage": "Summary", "Get-MailboxStatistics": "Identity", "Remove-Mailbox": "Identity", "Set-Mailbox": "Identity",
		"New-Mailbox": "User", "New-RemoteMailbox": "Default", "New-RoleGroup": "Default", "Add-MailboxPermission": "AccessRights", "Connect-Mailbox": "User",
		"New-SendConnector": "AddressSpaces",
	} {
		if got := formSpec(known, asServersSay(t, known, name), cmdlet.Help{}).DefaultSet; got != want {
			t.Errorf("%s begins with %q, want %q", name, got, want)
		}
	}
}

// asServiceSays is a cmdlet as a server of these services describes it.
func asServiceSays(t *testing.T, known *reference.Reference, name string, services reference.Services) cmdlet.Cmdlet {
	t.Helper()
	c := asServersSay(t, known, name)
	fact, _ := known.Cmdlet(name)
	var kept []cmdlet.Parameter
	for i, p := range fact.Parameters {
		if p.Services.Any(services) {
			kept = append(kept, c.Parameters[i])
		}
	}
	c.Parameters = kept
	return c
}

// TestAFormBeginsWithASetOfTheService, and offers no set of another service.
func TestAFormBeginsWithASetOfTheService(t *testing.T) {
	known := reference.New()
	for _, test := range []struct {
		cmdlet, begins string
		services       reference.Services
		without        string // a set that is not offered there
	}{
		{"Release-QuarantineMessage", "Release to all", reference.ExchangeOnline, ""},
		{"Set-Mailbox", "Default", reference.ExchangeOnline, ""},
		{"Set-MailUser", "Default", reference.ExchangeOnline, ""},
		{"Set-OrganizationConfig", "Default", reference.ExchangeOnline, "AdfsAuthenticationParameter"},
		{"Start-ManagedFolderAssistant", "Default", reference.ExchangeOnline, ""},
		{"Get-Mailbox", "List", reference.ExchangeOnline, "DatabaseSet"},
		{"Get-Mailbox", "List", reference.Exchange2019, ""},
		{"Enable-Mailbox", "Archive", reference.ExchangeOnline, "LinkedRoomMailbox"},
		{"Enable-RemoteMailbox", "Default", reference.Exchange2019, ""},
		{"Connect-Mailbox", "User", reference.Exchange2019, ""},
		{"Disable-Mailbox", "Archive", reference.Exchange2019, ""},
		{"Get-MoveRequestStatistics", "Identity", reference.Exchange2019, "IdentityCloud"},
		{"Get-MailboxRestoreRequestStatistics", "Identity", reference.Exchange2019, "IdentityCloud"},
		{"New-Mailbox", "User principal name", reference.Exchange2019, "FederatedUser"},
		{"New-Mailbox", "Microsoft online services ID", reference.ExchangeOnline, "LinkedRoomMailbox"},
		{"New-MailUser", "User principal name", reference.Exchange2019, ""},
		{"New-DynamicDistributionGroup", "Included recipients", reference.ExchangeOnline, ""},
		{"New-ManagementRoleAssignment", "User", reference.ExchangeOnline, "Computer"},
		{"New-ManagementScope", "Recipient restriction filter", reference.Exchange2019, ""},
		{"New-MigrationBatch", "Onboarding", reference.ExchangeOnline, ""},
		{"New-MoveRequest", "Migration local", reference.Exchange2019, ""},
		{"New-MailboxDatabase", "Non recovery", reference.Exchange2019, ""},
		{"Undo-SoftDeletedMailbox", "Soft deleted mailbox", reference.ExchangeOnline, ""},
		{"Get-MailboxStatistics", "", reference.ExchangeOnline, "Database"}, // one set is left: none is offered
		{"Remove-Mailbox", "", reference.ExchangeOnline, "StoreMailboxIdentity"},
		{"Set-MailboxRegionalConfiguration", "", reference.Exchange2019, "MailboxLocation"},
	} {
		spec := formSpec(known, asServiceSays(t, known, test.cmdlet, test.services), cmdlet.Help{})
		begins := ""
		for _, s := range spec.Sets {
			if s.Name == spec.DefaultSet {
				begins = s.Label
			}
			if s.Name == test.without {
				t.Errorf("%s in %s: the set %s is offered", test.cmdlet, test.services, s.Name)
			}
		}
		if begins != test.begins {
			t.Errorf("%s in %s begins with %q, want %q of %v", test.cmdlet, test.services, begins, test.begins, spec.Sets)
		}
	}
	for _, services := range []reference.Services{reference.ExchangeOnline, reference.Exchange2019, reference.ExchangeOnlineProtection, reference.SecurityCompliance} {
		for _, name := range known.Names(services) {
			spec := formSpec(known, asServiceSays(t, known, name, services), cmdlet.Help{})
			if len(spec.Sets) > 0 && !slices.ContainsFunc(spec.Sets, func(s widgets.ParameterSet) bool { return s.Name == spec.DefaultSet }) {
				t.Errorf("%s in %s begins with %q, which is not among %v", name, services, spec.DefaultSet, spec.Sets)
			}
		}
	}
}

// TestWhatOnlyAnotherServiceNeedsIsNotNeeded: a parameter whose sets are all of other
// services is there, since the server has it, and no call needs it.
func TestWhatOnlyAnotherServiceNeedsIsNotNeeded(t *testing.T) {
	known := reference.New()
	spec := formSpec(known, asServiceSays(t, known, "New-Mailbox", reference.ExchangeOnline), cmdlet.Help{})
	needs := map[string]widgets.Requirement{}
	for _, f := range spec.Fields {
		needs[f.Name] = f.Needs
	}
	if got, there := needs["Migration"]; !there || got.Always || len(got.In) > 0 {
		t.Errorf("-Migration: %v, needs %+v", there, got)
	}
	if !needs["Name"].Always || !slices.Contains(needs["Password"].In, spec.DefaultSet) {
		t.Errorf("-Name needs %+v, -Password %+v in %s", needs["Name"], needs["Password"], spec.DefaultSet)
	}
}
