package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/app/desktest"
	"postroom/session/cmdlet"
	"postroom/session/simulator"
	"postroom/widgets"
)

// A report opens from the list, runs at once where it asks nothing, shows its own
// columns first and the others on request, and follows to another tenant.
func TestAReportRunsFromTheList(t *testing.T) {
	a, q := connected(t)
	w := a.window
	q.Until(t, "the reports", func() bool { return len(w.reports.all) > 0 })
	w.opening.found(foundReport + "accepted-domains")
	tab := w.middle.open[0]
	q.Until(t, "the rows", func() bool { return tab.Ran() && tab.Shown() != nil })
	if want := []string{"DomainName", "DomainType", "Default", "InitialDomain", "MatchSubDomains", "AuthenticationType"}; !slices.Equal(tab.Shown().Headers(), want) {
		t.Errorf("columns %v, want %v", tab.Shown().Headers(), want)
	}
	if rows, _ := tab.Shown().Size(); rows == 0 || tab.Err() != nil {
		t.Errorf("%d rows, %v", rows, tab.Err())
	}
	w.tenants.chosen(widgets.Item{ID: demoTenant(w, 1).Domain})
	if len(w.middle.open) != 2 || w.middle.open[1].Report() == nil || w.middle.open[1].Target().Tenant.Domain == tab.Target().Tenant.Domain {
		t.Error("the report does not follow to another tenant")
	}
}

// Rows of several tenants say of which they are: on the screen, and so in the file.
func TestAReportOnSeveralTenantsBeginsWithTheTenant(t *testing.T) {
	a, q := connected(t)
	w := a.window
	q.Until(t, "the reports", func() bool { return len(w.reports.all) > 0 })
	w.opening.found(foundReport + "accepted-domains")
	tab := w.middle.open[0]
	q.Until(t, "the rows", func() bool { return tab.Ran() && tab.Shown() != nil })
	tab.UseTenants(w.demo.book.All()[:2])
	tab.Form().Run()
	q.Until(t, "the rows of both", func() bool {
		return !tab.Running() && tab.Grid().Source().Header(0) == "Tenant" // shown or hidden
	})
	if got := tab.Shown().Headers(); got[0] != "Tenant" || got[1] != "DomainName" {
		t.Errorf("the columns are %q", got)
	}
}

// A report that asks waits for its answers, and says beside the field what is
// missing.
func TestAReportAsks(t *testing.T) {
	a, q := connected(t)
	w := a.window
	q.Until(t, "the reports", func() bool { return len(w.reports.all) > 0 })
	tab := w.opening.report("mailbox-folders")
	if tab.Running() || tab.Ran() {
		t.Fatal("it runs without an answer")
	}
	tab.Form().Run()
	if tab.Running() {
		t.Fatal("it runs without an answer")
	}
	tab.Form().SetValues(map[string]string{"mailbox": "Anna Christiansen"})
	tab.Form().Run()
	q.Until(t, "the end", tab.Ran)
}

// What a service does not have says so in the list.
func TestReportsSayWhatTheyNeed(t *testing.T) {
	a, q := connected(t)
	w := a.window
	q.Until(t, "the reports", func() bool { return len(w.reports.all) > 0 })
	r, _ := w.reports.named("receive-connectors")
	if hint := w.reports.item(r).Hint; hint != "only in Exchange Server" {
		t.Errorf("%q", hint)
	}
	r, _ = w.reports.named("mailbox-sizes")
	w.accounts.now.cmdlets = slices.DeleteFunc(slices.Clone(w.accounts.now.cmdlets), func(c cmdlet.Cmdlet) bool { return c.Name == "Get-MailboxStatistics" })
	if hint := w.reports.item(r).Hint; hint != "needs Get-MailboxStatistics" {
		t.Errorf("%q", hint)
	}
}

// A report that asks for each row is stopped in the middle: what came is there, and the rest is
// asked for, not all of it again.
func TestAStoppedReportAsksForTheRest(t *testing.T) {
	a, q := connected(t)
	w := a.window
	q.Until(t, "the reports", func() bool { return len(w.reports.all) > 0 })
	sent := func() int { return w.demo.Server.Stats().CommandsByName["Get-DistributionGroupMember"] }
	faults(t, w, simulator.Rule{Fault: simulator.SlowCmdlet, On: simulator.Cmdlet, Cmdlet: "Get-DistributionGroupMember", Nth: []int{6, 7, 8}, Delay: simulator.Duration(time.Hour)})
	w.opening.found(foundReport + "group-members")
	tab := w.middle.open[0]
	q.Until(t, "the calls", func() bool { return sent() >= 6 })
	tab.Stop()
	q.Until(t, "the end", func() bool { return !tab.Running() && desktest.Buttons(w.desk)["Ask for the rest"] != nil })
	stopped := sent()
	faults(t, w)
	desktest.Press(t, w.desk, "Ask for the rest")
	q.Until(t, "the rest", func() bool { return !tab.Running() && tab.Summary().Whole() })
	if desktest.Buttons(w.desk)["Ask for the rest"] != nil || strings.Contains(desktest.Text(w.desk), "Incomplete:") {
		t.Error("it is said to be incomplete still")
	}
	groups := ran(t, w, q, "Get-DistributionGroup").Summary().Rows
	if twice := sent() - groups; twice < 1 || twice > 3 || stopped < 6 || tab.Summary().Rows < groups {
		t.Errorf("%d calls, %d before it was stopped, for %d groups: only those that hung are sent twice", sent(), stopped, groups)
	}
}
