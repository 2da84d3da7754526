package reference_test

import (
	"testing"

	"postroom/session/cmdlet"
	"postroom/session/reference"
)

// TestObjectsAreFoundByWhatListsThem: an identity of any cmdlet is found by a call that the
// account may run and that needs nothing else.
func TestObjectsAreFoundByWhatListsThem(t *testing.T) {
	r := reference.New()
	mayAll := func(name string) (cmdlet.Cmdlet, bool) {
		fact, found := r.Cmdlet(name)
		server := cmdlet.Cmdlet{Name: fact.Name}
		for _, p := range fact.Parameters {
			server.Parameters = append(server.Parameters, cmdlet.Parameter{Name: p.Name, Type: p.Type, Position: -1})
		}
		return server, found
	}
	for _, c := range []struct{ cmdlet, parameter, call string }{
		{"Set-Mailbox", "Identity", "Get-Mailbox -Anr ada -ResultSize 200"},
		{"Set-CASMailbox", "Identity", "Get-Mailbox -Anr ada -ResultSize 200"},
		{"Add-MailboxPermission", "Identity", "Get-Mailbox -Anr ada -ResultSize 200"},
		{"Add-MailboxPermission", "User", "Get-Recipient -Anr ada -ResultSize 200"},
		{"Add-DistributionGroupMember", "Member", "Get-Recipient -Anr ada -ResultSize 200"},
		{"Add-DistributionGroupMember", "Identity", "Get-DistributionGroup -Anr ada -ResultSize 200"},
		{"New-TransportRule", "From", "Get-Recipient -Anr ada -ResultSize 200"},
		{"Set-TransportRule", "Identity", "Get-TransportRule -ResultSize 2000"},
		{"Set-InboundConnector", "Identity", "Get-InboundConnector -ResultSize 2000"},
		{"New-Mailbox", "Database", "Get-MailboxDatabase"},
		{"Set-HostedContentFilterPolicy", "Identity", "Get-HostedContentFilterPolicy"},
	} {
		fact, _ := r.Cmdlet(c.cmdlet)
		p, found := fact.Parameter(c.parameter)
		if !found || !p.Names() {
			t.Errorf("%s -%s names no object: %+v", c.cmdlet, c.parameter, p)
		}
		f, found := r.Finder(c.cmdlet, p, mayAll)
		if got := f.Call("ada").PowerShell(); !found || got != c.call {
			t.Errorf("%s -%s is found by %q, want %q", c.cmdlet, c.parameter, got, c.call)
		}
	}
	fact, _ := r.Cmdlet("Set-Mailbox")
	p, _ := fact.Parameter("Identity")
	mayOne := func(name string) (cmdlet.Cmdlet, bool) {
		if name == "Get-Recipient" {
			return mayAll(name)
		}
		return cmdlet.Cmdlet{}, false
	}
	if f, found := r.Finder("Set-Mailbox", p, mayOne); !found || f.Cmdlet != "Get-Recipient" {
		t.Errorf("with Get-Recipient alone: %+v", f)
	}
	if f, found := r.Finder("Set-Mailbox", p, func(string) (cmdlet.Cmdlet, bool) { return cmdlet.Cmdlet{}, false }); found {
		t.Errorf("with nothing: %+v", f)
	}
	finds := 0
	for _, name := range r.Names(0) {
		c, _ := r.Cmdlet(name)
		for _, p := range c.Parameters {
			if !p.Names() {
				continue
			}
			if f, found := r.Finder(name, p, mayAll); found {
				finds++
				if cmdlet.RiskOf(f.Cmdlet) != cmdlet.Reads {
					t.Errorf("%s -%s is found by %s", name, p.Name, f.Cmdlet)
				}
			}
		}
	}
	t.Logf("%d identities are found", finds)
	if finds < 1000 {
		t.Errorf("%d identities are found", finds)
	}
}
