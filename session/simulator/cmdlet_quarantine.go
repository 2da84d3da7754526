package simulator

import (
	"fmt"

	"postroom/session/clixml"
	"postroom/session/psrp"
)

const quarantineTasks = "Microsoft.Exchange.Management.FfoQuarantine."

func (all *catalogue) addQuarantineCmdlets(c *classes) {
	messages := newView(c.junk, "", quarantineTasks+"QuarantineMessage", "Microsoft.Exchange.Configuration.ObjectModel.ConfigurableObject")
	list := &lister{views: []*view{messages}, conditions: []condition{
		{"SenderAddress", "SenderAddress", oneOf},
		{"RecipientAddress", "RecipientAddress", oneOf},
		{"Subject", "Subject", startsWith},
		{"MessageId", "MessageId", equals},
		{"QuarantineTypes", "QuarantineTypes", oneOf},
		{"Type", "Type", oneOf},
		{"ReleaseStatus", "ReleaseStatus", oneOf},
		{"Direction", "Direction", equals},
		{"Reported", "Reported", equals},
		{"StartReceivedDate", "ReceivedTime", notBefore},
		{"EndReceivedDate", "ReceivedTime", notAfter},
		{"StartExpiresDate", "Expires", notBefore},
		{"EndExpiresDate", "Expires", notAfter},
	}}
	all.add("Get-QuarantineMessage", "Lists messages in quarantine.", `Identity id:QuarantineMessage 0 pipe in:Details; SenderAddress string[] in:Summary; RecipientAddress string[]; Subject string in:Summary; MessageId string in:Summary;
		QuarantineTypes enum[]:Bulk|HighConfPhish|Malware|Phish|Spam|SPOMalware|TransportRule in:Summary; Type enum[]:Bulk|HighConfPhish|Malware|Phish|Spam|SPOMalware|TransportRule in:Summary; ReleaseStatus enum[]:Approved|Denied|Error|NotReleased|PreparingToRelease|Released|Requested in:Summary;
		Direction enum:Inbound|Outbound in:Summary; StartReceivedDate date in:Summary; EndReceivedDate date in:Summary; StartExpiresDate date in:Summary; EndExpiresDate date in:Summary; Reported bool in:Summary; MyItems switch in:Summary; EntityType enum:Email|SharePointOnline; Page int min:1 max:10000 in:Summary; PageSize int min:1 max:1000 in:Summary`,
		definition{task: quarantineTasks + "GetQuarantineMessage", run: func(x *execution) *psrp.RemoteError {
			if x.args.has("Identity") || x.piped {
				return list.get(x)
			}
			size := x.args.number("PageSize", 100)
			x.out = &window{output: x.out, skip: (x.args.number("Page", 1) - 1) * size, take: size}
			return list.getAll(x, unlimited)
		}})
	all.byName["get-quarantinemessage"].meta.DefaultSet = "Summary"
	all.add("Release-QuarantineMessage", "Releases messages from quarantine.", "Identity id:QuarantineMessage 0 pipe in:Identity !; Identities string[] in:Identities; ReleaseToAll switch; User string[]; ActionType enum:Release|Deny|Approve|Request; AllowSender switch; Force switch; ReportFalsePositive switch; EntityType enum:Email|SharePointOnline",
		definition{task: quarantineTasks + "ReleaseQuarantineMessage", impact: alters, run: release(c)})
	all.add("Delete-QuarantineMessage", "Deletes messages in quarantine for good.", "Identity id:QuarantineMessage 0 ! pipe; EntityType enum:Email|SharePointOnline; HardDelete switch", definition{task: quarantineTasks + "DeleteQuarantineMessage", impact: asks, run: remove(c.junk), confirm: "Deleting the quarantined message \"%s\" for good."})
	all.add("Get-QuarantineMessageHeader", "Shows the header of a quarantined message.", "Identity id:QuarantineMessage 0 ! pipe; RecipientAddress string; EntityType enum:Email|SharePointOnline", definition{task: quarantineTasks + "GetQuarantineMessageHeader", run: quarantineHeader(c)})
	all.add("Preview-QuarantineMessage", "Shows a quarantined message.", "Identity id:QuarantineMessage 0 ! pipe; RecipientAddress string; EntityType enum:Email|SharePointOnline", definition{task: quarantineTasks + "PreviewQuarantineMessage", run: quarantinePreview(c)})
}

// release is Release-QuarantineMessage: to all recipients or to those named;
// a message that was released is an error.
func release(c *classes) func(*execution) *psrp.RemoteError {
	return func(x *execution) *psrp.RemoteError {
		if list := x.args.list("Identities"); len(list) > 0 && !x.args.has("Identity") {
			x.identities = list
		}
		count := 0
		problem := x.each([]*class{c.junk}, func(t target) *psrp.RemoteError {
			k, _ := c.junk.column("ReleaseStatus")
			var r record
			t.table.load(t.table.state.Load(), t.index, &r, nil)
			if r.cells[k].display() == "RELEASED" && !x.args.on("Force") {
				return x.exchangeProblem(categoryInvalidOperation, "Microsoft.Exchange.Management.FfoQuarantine.MessageAlreadyReleasedException", t.name(), fmt.Sprintf("The message %s has already been released.", t.name()))
			}
			status := map[string]string{"Deny": "DENIED", "Request": "REQUESTED"}[x.args.text("ActionType")]
			if status == "" {
				status = "RELEASED"
			}
			to := x.args.list("User")
			if len(to) == 0 {
				q := quarantinedMessage(x.tenant, t.index)
				to = []string{q.to.alias + "@" + q.to.domain}
			}
			released, _ := c.junk.column("Released")
			users, _ := c.junk.column("ReleasedUser")
			yes := int64(0)
			if status == "RELEASED" {
				yes = 1
			}
			t.table.set(t.index, map[int]value{k: {kind: kindText, text: status}, released: {kind: kindBool, number: yes}, users: {kind: kindList, items: to}})
			count++
			x.progress("Releasing messages", fmt.Sprintf("%d released", count), int32(min(count, 99)))
			return nil
		})
		if count > 0 {
			x.progress("Releasing messages", "Completed", 100)
		}
		return problem
	}
}

func quarantineHeader(c *classes) func(*execution) *psrp.RemoteError {
	return func(x *execution) *psrp.RemoteError {
		return x.each([]*class{c.junk}, func(t target) *psrp.RemoteError {
			q := quarantinedMessage(x.tenant, t.index)
			to := q.to.alias + "@" + q.to.domain
			header := "Received: from mail." + q.sender()[3:] + " (203.0.113.9) by " + x.tenant.server + ";\r\n\t" + timeOf(q.at).Format("Mon, 2 Jan 2006 15:04:05 -0700") + "\r\nFrom: \"=?utf-8?B?R2V3aW5u?=\" <" + q.sender() + ">\r\nTo: <" + to + ">\r\nX-Forefront-Antispam-Report: CIP:203.0.113.9;CTRY:AQ;LANG:de;SCL:9;SFV:SPM;\r\n"
			x.out.object(objectOf(quarantineTasks+"QuarantineMessageHeader", clixml.Property{Name: "Identity", Value: q.identity()}, clixml.Property{Name: "Organization", Value: x.tenant.initial}, clixml.Property{Name: "Header", Value: header}))
			return nil
		})
	}
}

func quarantinePreview(c *classes) func(*execution) *psrp.RemoteError {
	return func(x *execution) *psrp.RemoteError {
		return x.each([]*class{c.junk}, func(t target) *psrp.RemoteError {
			q := quarantinedMessage(x.tenant, t.index)
			x.out.object(objectOf(quarantineTasks+"QuarantineMessagePreview", clixml.Property{Name: "Identity", Value: q.identity()}, clixml.Property{Name: "SenderAddress", Value: q.sender()},
				clixml.Property{Name: "Body", Value: "<html><body><p>Klicken Sie <a href=\"http://winner-lotto.example/?a=1&b=2\">hier</a>!</p></body></html>"}, clixml.Property{Name: "IsHtml", Value: true}))
			return nil
		})
	}
}
