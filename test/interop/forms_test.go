package interop

import (
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postroom/app/desktest"
	"postroom/app/runs"
	"postroom/app/settings"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/reference"
	"postroom/test/fixture"
)

// theForty are cmdlets that administrators of mail meet most, of each kind of form.
var theForty = strings.Fields(`
	New-Mailbox Set-Mailbox Get-Mailbox Remove-Mailbox Get-MailboxStatistics Set-CASMailbox Get-Recipient
	Add-MailboxPermission Remove-MailboxPermission Get-MailboxPermission Add-RecipientPermission Set-MailboxAutoReplyConfiguration
	Set-MailboxFolderPermission New-InboxRule New-MailContact New-MailUser Set-User
	New-DistributionGroup Set-DistributionGroup Add-DistributionGroupMember New-DynamicDistributionGroup Set-UnifiedGroup
	New-TransportRule Set-TransportRule Get-TransportRule New-InboundConnector New-OutboundConnector Set-RemoteDomain New-AcceptedDomain
	Get-QuarantineMessage Release-QuarantineMessage Get-MessageTraceV2 Start-HistoricalSearch Search-UnifiedAuditLog
	Set-HostedContentFilterPolicy New-AntiPhishPolicy Set-HostedOutboundSpamFilterPolicy New-SafeLinksPolicy
	New-TenantAllowBlockListItems Import-ExchangeCertificate New-MoveRequest New-RetentionPolicyTag`)

// described is a cmdlet for the peer.
type described struct {
	Name       string               `json:"name"`
	Parameters []describedParameter `json:"parameters"`
}

type describedParameter struct {
	Name    string   `json:"name"`
	Type    string   `json:"type"`
	Aliases []string `json:"aliases"`
}

// netType is a type's whole name, as metadata has it.
func netType(p reference.Parameter) string {
	element, list := strings.CutSuffix(p.Type, "[]")
	end := map[bool]string{true: "[]"}[list]
	const mscorlib = ", mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089]]"
	switch {
	case element == "MultiValuedProperty":
		return "Microsoft.Exchange.Data.MultiValuedProperty`1[[System.String" + mscorlib
	case element == "Unlimited" && p.Kind == cmdlet.UnlimitedByteSize:
		return "Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.ByteQuantifiedSize, Microsoft.Exchange.Data, Version=15.0.0.0]]"
	case element == "Unlimited":
		return "Microsoft.Exchange.Data.Unlimited`1[[System.UInt32" + mscorlib
	case element == "SwitchParameter", element == "PSCredential":
		return "System.Management.Automation." + element + end
	case element == "SecureString":
		return "System.Security." + element
	case strings.HasSuffix(element, "IdParameter"):
		return "Microsoft.Exchange.Configuration.Tasks." + element + end
	case strings.Contains(element, "."), strings.Contains(element, "`"):
		return p.Type
	case p.Kind == cmdlet.Choice:
		return "Microsoft.Exchange.Data." + element + end
	}
	return "System." + element + end
}

// TestFormsOfRealMetadata: forty forms as a foreign server describes their cmdlets, with
// names, types and aliases alone, of those parameters that Exchange Online has, or where it
// has not the cmdlet, a server. Each is drawn and has a field for each parameter, what is
// needed first, help in words beside each, and no type in angle brackets.
func TestFormsOfRealMetadata(t *testing.T) {
	known := reference.New()
	var all []described
	for _, name := range theForty {
		fact, found := known.Cmdlet(name)
		if !found {
			t.Fatalf("there is no %s", name)
		}
		d := described{Name: name}
		here := reference.ExchangeOnline
		if !fact.Services.Any(here) {
			here = reference.ExchangeSE
		}
		for _, p := range fact.Parameters {
			if !p.Services.Any(here) {
				continue // no service has the parameters of all
			}
			d.Parameters = append(d.Parameters, describedParameter{Name: p.Name, Type: netType(p), Aliases: append([]string{}, p.Aliases...)})
		}
		d.Parameters = append(d.Parameters, describedParameter{Name: "Novelty", Type: "System.String", Aliases: []string{}}) // newer than the reference
		slices.SortFunc(d.Parameters, func(a, b describedParameter) int { return strings.Compare(a.Name, b.Name) })
		all = append(all, d)
	}
	file := filepath.Join(t.TempDir(), "cmdlets.json")
	text, err := json.Marshal(all)
	if err == nil {
		err = os.WriteFile(file, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("POSTROOM_TEST_CMDLETS", file)
	p := startBasic(t)
	m := manage(t, p)
	to := target(p, "contoso.example")
	to.Tenant.Name = "Contoso"
	id, err := m.Open(patient(t), to)
	if err != nil {
		t.Fatal(err)
	}
	said, err := m.Commands(patient(t), id)
	if err != nil || len(said) != len(theForty) {
		t.Fatalf("%d cmdlets, %v", len(said), err)
	}
	t.Setenv("LC_ALL", "en_US.UTF-8")
	t.Setenv("LANGUAGE", "en")
	d, q := desktest.New(t)
	dir := filepath.Join(fixture.Root(t), "out", "forms")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(said); i += fixture.OneOf(4) {
		c := said[i]
		if c.Name != all[i].Name || len(c.Parameters) != len(all[i].Parameters) {
			t.Fatalf("%s came as %s with %d parameters", all[i].Name, c.Name, len(c.Parameters))
		}
		tab := runs.New(runs.Deps{Desk: d, Manager: m, Known: known, Window: runs.Window{
			Traced: func(t session.Target) session.Target { return t }, Tenants: func() []endpoint.Tenant { return nil },
			Tabs: func() []*runs.Tab { return nil }, Changed: func() {}, Export: func(runs.Extract) {}, Columns: noColumns{},
		}}, c, to)
		desktest.Show(d, tab.Strip.Content, 1060, 720)
		q.Drain()
		seen := desktest.Text(d)
		for _, words := range []string{known.Synopsis(c.Name).English, "Run on Contoso"} {
			if !strings.Contains(seen, words) {
				t.Errorf("%s: %q is not on the form", c.Name, words)
			}
		}
		if strings.Contains(seen, "<") || strings.Contains(seen, "IdParameter") {
			t.Errorf("%s: there is a type on the form:\n%s", c.Name, seen)
		}
		for _, p := range c.Parameters {
			if !tab.Form().Has(p.Name) {
				t.Errorf("%s: -%s has no field", c.Name, p.Name)
			}
		}
		labels := tab.Form().ParameterSets()
		slices.Sort(labels)
		if len(slices.Compact(slices.Clone(labels))) != len(labels) {
			t.Errorf("%s: two sets have one name: %q", c.Name, labels)
		}
		first := true
		for _, name := range tab.Form().InSight() {
			fact, _ := known.Cmdlet(c.Name)
			p, _ := fact.Parameter(name)
			needed := p.Sets.Needed(tab.Form().ParameterSet())
			if needed && !first {
				t.Errorf("%s: -%s is needed and does not stand first: %v", c.Name, name, tab.Form().InSight())
			}
			first = first && needed
		}
		if !desktest.RaceDetector { // painting takes ten times as long beside it
			drawn := d.Window.Canvas().Capture()
			if n := colours(drawn); n < 20 {
				t.Errorf("%s: the picture has %d colours", c.Name, n)
			}
			save(t, filepath.Join(dir, c.Name+".png"), drawn)
		}
		tab.Close()
		q.Drain()
	}
}

// noColumns remembers no arrangement of columns.
type noColumns struct{}

func (noColumns) Arranged(string) settings.Columns { return settings.Columns{} }

func (noColumns) Arrange(string, func(*settings.Columns)) {}

// colours counts those of a picture: an empty one has few.
func colours(img image.Image) int {
	found := map[color.Color]bool{}
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y += 9 {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			found[img.At(x, y)] = true
		}
	}
	return len(found)
}

func save(t *testing.T, name string, img image.Image) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // Encode tells
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}
