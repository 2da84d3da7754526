package simulator_test

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"testing"
	"time"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
	"postroom/session/simulator"
	"postroom/test/fixture"
)

var epoch = time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC)

// ofSomeMailbox is a call that lists something of the first mailbox that has it, or of
// the last; false in a tenant without mailboxes.
func ofSomeMailbox(t *testing.T, c *client, name string) (i cmdlet.Invocation, ok bool) {
	t.Helper()
	for _, mailbox := range c.run(call("Get-Mailbox")).values(t, "Guid") {
		if i, ok = call(name, "Mailbox", mailbox), true; len(c.run(i).rows) > 0 {
			break
		}
	}
	return i, ok
}

// everyGet are calls of the Get- cmdlets of the tenant that list something of
// their own, with what they cannot do without: from the first by steps.
func everyGet(t *testing.T, c *client, first, step int) (calls []cmdlet.Invocation) {
	t.Helper()
	r := c.describe(t, "Get-*", "Search-*", "Test-ServiceHealth")
	if len(r.metadata) < 90 {
		t.Fatalf("%d Get- cmdlets", len(r.metadata))
	}
	value := func(name, column string) string {
		if r := c.run(call(name, "ResultSize", int64(1))); r.err == nil && len(r.rows) > 0 {
			return r.get(t, 0, column)
		}
		return ""
	}
	person := value("Get-Recipient", "PrimarySmtpAddress")
	for n := first % step; n < len(r.metadata); n += step {
		m := r.metadata[n]
		i := call(m.Name)
		switch m.Name {
		case "Get-Command", "Get-Help", "Get-FormatData", "Get-MessageTraceDetail", "Get-MessageTraceDetailV2", "Get-QuarantineMessageHeader":
			continue
		case "Search-MessageTrackingReport", "Get-BillingPolicy", "Get-FeatureConfiguration":
			continue // of a report, and of a policy, that the tables have nothing of
		case "Get-InboxRule", "Get-SweepRule": // without a mailbox the caller's, who has none
			of, ok := ofSomeMailbox(t, c, m.Name)
			if !ok {
				continue
			}
			i = of
		case "Get-MobileDeviceStatistics":
			i = call(m.Name, "Mailbox", person)
		case "Get-RoleGroupMember":
			i = call(m.Name, "Identity", "Hygiene Management")
		case "Get-PublicFolderClientPermission":
			i = call(m.Name, "Identity", `\`)
		case "Get-MailTrafficSummaryReport":
			i = call(m.Name, "Category", "TopMailSender")
		case "Get-TenantAllowBlockListItems":
			i = call(m.Name, "ListType", "Sender")
		case "Get-DistributionGroupMember":
			i = call(m.Name, "Identity", value("Get-DistributionGroup", "Alias"))
		case "Get-DynamicDistributionGroupMember":
			i = call(m.Name, "Identity", value("Get-DynamicDistributionGroup", "Alias"))
		case "Get-UnifiedGroupLinks":
			i = call(m.Name, "Identity", value("Get-UnifiedGroup", "Alias"), "LinkType", "Members")
		case "Search-UnifiedAuditLog", "Search-AdminAuditLog":
			i = call(m.Name, "StartDate", epoch.Add(-30*24*time.Hour), "EndDate", epoch)
		}
		for range 4 { // what else is asked for
			missing := missingOf(c.run(i, call("Select-Object", "First", int64(1))))
			if len(missing) == 0 {
				break
			}
			for _, name := range missing {
				i.Args = append(i.Args, cmdlet.Arg{Name: name, Value: needed(name, person)})
			}
		}
		calls = append(calls, i)
	}
	return calls
}

// missingOf are the parameters that a call without a host lacks.
func missingOf(r result) []string {
	if r.err == nil || !strings.HasPrefix(r.err.FullyQualifiedID, "MissingMandatoryParameter") {
		return nil
	}
	_, names, _ := strings.Cut(strings.TrimSuffix(r.err.Message, "."), "parameters: ")
	return strings.Fields(names)
}

func needed(name, person string) any {
	if known, ok := map[string]string{"ResourceType": "HVE", "RecommendedPolicyType": "Standard"}[name]; ok {
		return known
	}
	switch {
	case strings.HasPrefix(name, "Start"):
		return epoch.Add(-24 * time.Hour)
	case strings.HasPrefix(name, "End"):
		return epoch
	}
	return person
}

// aboutMailboxes are the cmdlets that have no rows where there are no mailboxes.
func aboutMailboxes(name string) bool {
	return strings.Contains(name, "Mailbox") || strings.Contains("Get-MobileDevice Get-InboxRule Get-RecipientPermission Get-CalendarProcessing Get-SweepRule Get-Place Get-ADPermission Get-MobileDeviceStatistics Get-ActiveSyncDevice Get-DistributionGroupMember", name)
}

func TestEveryGetAnswersInEveryTenant(t *testing.T) {
	s := start(t, simulator.Options{Rows: 30, Epoch: epoch})
	for first, tenant := range s.Tenants() {
		if tenant.Domain == "alpenhof.example" {
			continue // its role has no cmdlet that Nordsee's has not
		}
		c := mustOpen(t, s, dial{tenant: tenant.Domain, nullHost: true})
		for _, i := range everyGet(t, c, first, fixture.OneOf(15)) {
			r := c.run(i)
			if r.state != psrp.PipelineCompleted || len(r.errors) > 0 {
				t.Errorf("%s: %s: state %v, error %v, errors %v", tenant.Domain, i.PowerShell(), r.state, r.err, r.errors)
				continue
			}
			if len(r.rows) == 0 && !aboutMailboxes(i.Cmdlet) {
				t.Errorf("%s: %s: no rows", tenant.Domain, i.PowerShell())
			}
			for _, p := range r.payloads[:min(len(r.payloads), 4)] {
				checkRow(t, tenant.Domain+": "+i.Cmdlet, p)
			}
			for n, name := range r.types {
				if name == "" || name != r.types[0] {
					t.Errorf("%s: %s: row %d is a %q", tenant.Domain, i.Cmdlet, n, name)
				}
			}
			for n := range r.rows {
				if len(r.rows[n]) != len(r.rows[0]) {
					t.Errorf("%s: %s: row %d has %d columns, the first %d", tenant.Domain, i.Cmdlet, n, len(r.rows[n]), len(r.rows[0]))
				}
			}
		}
		c.close()
	}
}

var (
	typeNames  = regexp.MustCompile(`(?s)<TN .*?</TN>`)
	realDomain = regexp.MustCompile(`(?i)\b[a-z0-9äöü\-]+(\.[a-z0-9\-]+)*\.(com|de|net|org|at|ch|fr|jp|uk|eu|io|info)\b`)
)

// checkRow checks that a row is written as the format has it, byte for byte,
// that it says where it came from, and that no real domain is in it: all of
// the data's end in .example.
func checkRow(t *testing.T, what, p string) {
	t.Helper()
	v, err := clixml.Decode([]byte(p))
	if err != nil {
		t.Fatalf("%s: %v\n%s", what, err, p)
	}
	again, err := clixml.Append(nil, v)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if string(again) != p {
		t.Fatalf("%s: written as\n%s\nand not as\n%s", what, p, again)
	}
	if o, ok := v.(*clixml.Object); ok {
		for _, name := range []string{"PSComputerName", "RunspaceId", "PSShowComputerName", "SerializationData"} {
			if _, has := o.Get(name); !has {
				t.Errorf("%s: no %s", what, name)
			}
		}
	}
	if found := realDomain.FindString(typeNames.ReplaceAllString(p, "")); found != "" {
		t.Errorf("%s: %q", what, found)
	}
}

// fingerprint is a sum over all that a tenant shows but for the runspace,
// which is another one each time.
func fingerprint(t *testing.T, o simulator.Options, tenant string, step int) string {
	t.Helper()
	s := start(t, o)
	c := mustOpen(t, s, dial{tenant: tenant, nullHost: true})
	defer c.close()
	sum := sha256.New()
	for _, i := range everyGet(t, c, 0, step) {
		for _, p := range c.run(i).payloads {
			before, after, _ := strings.Cut(p, `N="RunspaceId">`)
			sum.Write([]byte(before + after[min(36, len(after)):]))
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func TestDataDependOnSeedAndEpochAlone(t *testing.T) {
	o, step := simulator.Options{Rows: 30, Seed: 7, Epoch: epoch}, fixture.OneOf(5)
	first, again := fingerprint(t, o, "soleil.example", step), fingerprint(t, o, "soleil.example", step)
	if first != again {
		t.Error("the same seed gave other data")
	}
	o.Seed = 8
	if fingerprint(t, o, "soleil.example", step) == first {
		t.Error("another seed gave the same data")
	}
	if fingerprint(t, simulator.Options{Rows: 30, Seed: 7, Epoch: epoch}, "customer07.example", step) == first {
		t.Error("another tenant has the same data")
	}
}

func TestThereAreRowsByTheThousand(t *testing.T) {
	fixture.Long(t)
	s := start(t, simulator.Options{Epoch: epoch})
	want := map[string]map[string]int{
		"nordsee-logistik.example": {"Get-Mailbox": 6412, "Get-MailUser": 310, "Get-MailContact": 877, "Get-DistributionGroup": 412, "Get-Recipient": 6412 + 310 + 877 + 412},
		"tannenberg.example":       {"Get-MailUser": 2117},
		"":                         {"Get-Mailbox": 246},
	}
	for tenant, counts := range want {
		c := mustOpen(t, s, dial{tenant: tenant})
		for name, n := range counts {
			if r := c.run(call(name, "ResultSize", "Unlimited")); len(r.rows) != n || len(r.warnings) > 0 {
				t.Errorf("%s %s: %d rows, warnings %q; want %d", tenant, name, len(r.rows), r.warnings, n)
			}
		}
		c.close()
	}
}

func TestMailboxesAreBelievable(t *testing.T) {
	fixture.Long(t)
	s := start(t, simulator.Options{Epoch: epoch})
	c := mustOpen(t, s, dial{tenant: "nordsee-logistik.example"})
	defer c.close()
	r := c.run(call("Get-Mailbox", "ResultSize", "Unlimited"))
	seen := map[string]int{}
	kinds := map[string]int{}
	var nonASCII, unlimited, multi, forwarded, breaks, nulls int
	address := regexp.MustCompile(`^[a-z0-9.\-]+@[a-zäöü.\-]+\.example$`)
	for i, row := range r.rows {
		for _, key := range []string{"PrimarySmtpAddress", "Alias", "Guid", "UserPrincipalName"} {
			v := key + " " + r.get(t, i, key)
			if at, twice := seen[v]; twice {
				t.Fatalf("rows %d and %d share %s", at, i, v)
			}
			seen[v] = i
		}
		if a := r.get(t, i, "PrimarySmtpAddress"); !address.MatchString(a) {
			t.Fatalf("address %q", a)
		}
		kinds[r.get(t, i, "RecipientTypeDetails")]++
		if strings.IndexFunc(r.get(t, i, "DisplayName"), func(c rune) bool { return c > 0x7F }) >= 0 {
			nonASCII++
		}
		if r.get(t, i, "ProhibitSendQuota") == "Unlimited" {
			unlimited++
		}
		if strings.Contains(r.get(t, i, "EmailAddresses"), "|") {
			multi++
		}
		if r.get(t, i, "ForwardingSmtpAddress") != "" {
			forwarded++
		}
		if strings.Contains(r.get(t, i, "MailTip"), "\r\n") {
			breaks++
		}
		for _, cl := range row {
			if cl.text == "" {
				nulls++
			}
		}
	}
	if kinds["UserMailbox"] < 5000 || kinds["SharedMailbox"] < 200 || kinds["RoomMailbox"] < 100 || kinds["EquipmentMailbox"] < 20 {
		t.Errorf("kinds: %v", kinds)
	}
	for what, n := range map[string]int{"non-ASCII names": nonASCII, "unlimited quotas": unlimited, "multi-valued": multi, "forwarded": forwarded, "line breaks": breaks, "nulls": nulls} {
		if n < 30 {
			t.Errorf("%s: %d of %d", what, n, len(r.rows))
		}
	}
	if got := r.get(t, 0, "ProhibitSendReceiveQuota"); !strings.HasSuffix(got, " bytes)") {
		t.Errorf("quota %q", got)
	}
	if !strings.HasPrefix(r.types[0], "Microsoft.Exchange.Data.Directory.Management.Mailbox") {
		t.Errorf("type %s", r.types[0])
	}
	if n := len(r.rows[0]); n < 60 {
		t.Errorf("%d columns", n)
	}
}

func TestRowsAreMadeOnRequest(t *testing.T) {
	if _, err := simulator.Start(simulator.Options{Rows: simulator.MaxRows + 1}); err == nil {
		t.Error("more rows than MaxRows were promised")
	}
	// Up to 100,000 rows there is an index of them; above that all are looked through.
	s := start(t, simulator.Options{Rows: simulator.MaxRows / 4 / fixture.OneOf(12), Epoch: epoch})
	c := mustOpen(t, s, dial{})
	defer c.close()
	c.shell.RaiseEnvelope()
	n := 3000 / fixture.OneOf(10)
	r := c.run(call("Get-Mailbox", "ResultSize", int64(n)))
	if len(r.rows) != n || len(r.warnings) != 1 {
		t.Fatalf("%d rows, warnings %q", len(r.rows), r.warnings)
	}
	one := c.run(call("Get-Mailbox", "", r.get(t, n-1, "PrimarySmtpAddress")))
	if len(one.rows) != 1 || one.get(t, 0, "Guid") != r.get(t, n-1, "Guid") {
		t.Fatalf("a mailbox was not found again by its address: %d rows", len(one.rows))
	}
}

func TestTraceLooksBackFromTheEpoch(t *testing.T) {
	s := start(t, simulator.Options{Epoch: epoch})
	c := mustOpen(t, s, dial{tenant: "alpenhof.example"})
	defer c.close()
	r := c.run(call("Get-MessageTraceV2", "ResultSize", int64(5000)))
	if len(r.rows) < 1500 {
		t.Fatalf("%d rows in two days", len(r.rows))
	}
	status := map[string]int{}
	for i := range r.rows {
		at, err := time.Parse("2006-01-02T15:04:05.9999999", r.get(t, i, "Received"))
		if err != nil {
			t.Fatal(err)
		}
		if at.After(epoch) || at.Before(epoch.Add(-48*time.Hour)) {
			t.Fatalf("row %d was received at %s", i, at)
		}
		status[r.get(t, i, "Status")]++
	}
	if status["Delivered"] == 0 || status["Failed"] == 0 || status["Quarantined"] == 0 || status["FilteredAsSpam"] == 0 {
		t.Errorf("status: %v", status)
	}
	week := c.run(call("Get-MessageTraceV2", "StartDate", epoch.Add(-9*24*time.Hour), "EndDate", epoch.Add(-7*24*time.Hour), "Status", []string{"Failed"}))
	for i := range week.rows {
		if got := week.get(t, i, "Status"); got != "Failed" {
			t.Errorf("row %d: %s", i, got)
		}
	}
	if len(week.rows) == 0 {
		t.Error("no failed message in two days of last week")
	}
	far := c.run(call("Get-MessageTraceV2", "StartDate", epoch.Add(-30*24*time.Hour), "EndDate", epoch))
	if len(far.errors) != 1 || !strings.Contains(far.errors[0].Message, "10 days") {
		t.Errorf("thirty days gave %v", far.errors)
	}
	detail := c.run(call("Get-MessageTraceDetailV2", "MessageTraceId", r.get(t, 0, "MessageTraceId"), "RecipientAddress", r.get(t, 0, "RecipientAddress")))
	if len(detail.rows) < 3 || detail.get(t, 0, "Event") != "Receive" {
		t.Errorf("detail: %v", detail.rows)
	}
}

func TestGroupMembersAreRecipients(t *testing.T) {
	s := start(t, simulator.Options{Epoch: epoch})
	c := mustOpen(t, s, dial{tenant: "alpenhof.example"})
	defer c.close()
	groups := c.run(call("Get-DistributionGroup"))
	members := 0
	for i := range 6 {
		r := c.run(call("Get-DistributionGroupMember", "Identity", groups.get(t, i, "PrimarySmtpAddress")))
		members += len(r.rows)
		for n := range r.rows {
			if found := c.run(call("Get-Recipient", "Identity", r.get(t, n, "PrimarySmtpAddress"))); len(found.rows) != 1 {
				t.Errorf("member %s is no recipient", r.get(t, n, "PrimarySmtpAddress"))
			}
		}
	}
	if members == 0 {
		t.Error("six groups without a member")
	}
}
