package simulator

import (
	"fmt"
	"slices"
	"strings"

	"postroom/session/psrp"
)

const groupView = `GroupType Alias DisplayName EmailAddresses PrimarySmtpAddress WindowsEmailAddress RecipientType RecipientTypeDetails ManagedBy Notes MemberJoinRestriction MemberDepartRestriction RequireSenderAuthenticationEnabled
	HiddenFromAddressListsEnabled HiddenGroupMembershipEnabled ModerationEnabled ModeratedBy AcceptMessagesOnlyFromSendersOrMembers BypassModerationFromSendersOrMembers GrantSendOnBehalfTo MaxReceiveSize ReportToManagerEnabled ReportToOriginatorEnabled
	SendOofMessageToOriginatorEnabled MailTip IsDirSynced ExternalDirectoryObjectId Identity Name DistinguishedName Guid WhenChanged WhenCreated IsValid`

func (all *catalogue) addGroupCmdlets(c *classes) {
	directory := "Microsoft.Exchange.Data.Directory.Management."
	groups := newView(c.group, groupView, directory+"DistributionGroup", directory+"DistributionGroupBase", directory+"MailEnabledRecipient", directory+"ADPresentationObject")
	all.add("Get-DistributionGroup", "Views distribution groups and mail-enabled security groups.", "Identity id:DistributionGroup 0 pipe in:Identity; Anr string in:AnrSet; ManagedBy id:GeneralRecipient in:ManagedBySet; RecipientTypeDetails enum[]:MailUniversalDistributionGroup|MailUniversalSecurityGroup|MailNonUniversalGroup|RoomList; ResultSize unlimited; Filter string; SortBy string",
		getter(recipientTasks+"GetDistributionGroup", &lister{views: []*view{groups}, conditions: []condition{{"Anr", "DisplayName", startsWith}, {"ManagedBy", "ManagedBy", oneOf}, {"RecipientTypeDetails", "RecipientTypeDetails", oneOf}}, limited: true}))
	settings := "Alias string; DisplayName string; PrimarySmtpAddress smtp; EmailAddresses mvp; ManagedBy mvp; MemberJoinRestriction enum:Open|Closed|ApprovalRequired; MemberDepartRestriction enum:Open|Closed; RequireSenderAuthenticationEnabled bool; HiddenFromAddressListsEnabled bool; ModerationEnabled bool; ModeratedBy mvp; AcceptMessagesOnlyFromSendersOrMembers mvp; MailTip string"
	all.add("Set-DistributionGroup", "Modifies distribution groups.", "Identity id:DistributionGroup 0 ! pipe; Name string max:64; "+settings+"; BypassSecurityGroupManagerCheck switch", definition{task: recipientTasks + "SetDistributionGroup", impact: alters, run: set(nil, c.group)})
	all.add("New-DistributionGroup", "Creates a distribution group.", "Name string ! 0 max:64; Members mvp; Type enum:Distribution|Security; Notes string; "+settings, definition{
		task: recipientTasks + "NewDistributionGroup", impact: alters,
		run: creation{class: c.group, view: groups, what: "distribution group", renames: map[string]string{"Type": "-"}, fill: fillGroup(c)}.run,
	})
	all.add("Remove-DistributionGroup", "Removes distribution groups.", "Identity id:DistributionGroup 0 ! pipe; BypassSecurityGroupManagerCheck switch", definition{task: recipientTasks + "RemoveDistributionGroup", impact: asks, run: remove(c.group), confirm: "Removing distribution group Identity:\"%s\"."})

	var members []*view
	for _, k := range []*class{c.mailbox, c.mailUser, c.contact, c.group} {
		members = append(members, newView(k, recipientView, directory+"ReducedRecipient", directory+"ADPresentationObject"))
	}
	all.add("Get-DistributionGroupMember", "Lists the members of a group.", "Identity id:DistributionGroupMember 0 ! pipe; ResultSize unlimited; ReadFromDomainController switch", definition{task: recipientTasks + "GetDistributionGroupMember", run: groupMembers(c, members)})
	who := "Identity id:DistributionGroup 0 ! pipe; Member id:RecipientWithAdUserGroup !; BypassSecurityGroupManagerCheck switch"
	all.add("Add-DistributionGroupMember", "Adds a member to a group.", who, definition{task: recipientTasks + "AddDistributionGroupMember", impact: alters, run: changeMembers(c, true)})
	all.add("Remove-DistributionGroupMember", "Takes a member out of a group.", who, definition{task: recipientTasks + "RemoveDistributionGroupMember", impact: asks, run: changeMembers(c, false), confirm: "Removing a member of the group \"%s\"."})
}

func fillGroup(c *classes) func(*execution, func(string, any)) {
	return func(x *execution, put func(string, any)) {
		name := x.args.text("Name")
		alias := x.args.text("Alias")
		if alias == "" {
			alias = strings.ToLower(plainASCII(name))
		}
		address := x.args.text("PrimarySmtpAddress")
		if address == "" {
			address = alias + "@" + x.tenant.domains[0]
		}
		put("Alias", alias)
		put("PrimarySmtpAddress", address)
		put("EmailAddresses", []string{"SMTP:" + address})
		if !x.args.has("DisplayName") {
			put("DisplayName", name)
		}
		kind := groupKind
		if strings.EqualFold(x.args.text("Type"), "Security") {
			kind = securityGroup
			put("GroupType", "Universal, SecurityEnabled")
		}
		put("RecipientType", kind)
		put("RecipientTypeDetails", kind)
		var aliases []string
		for _, m := range x.args.list("Members") {
			if t, problem := x.one(m, c.mailbox, c.mailUser, c.contact, c.group); problem == nil {
				aliases = append(aliases, t.alias())
			}
		}
		put(memberColumn, aliases)
	}
}

// alias is the alias of a recipient.
func (t target) alias() string {
	k, _ := t.table.class.column("Alias")
	var r record
	t.table.load(t.table.state.Load(), t.index, &r, t.table.mask([]int{k}))
	return r.cells[k].display()
}

// memberList is the members' aliases of a group.
func (t target) memberList() []string {
	k, _ := t.table.class.column(memberColumn)
	var r record
	t.table.load(t.table.state.Load(), t.index, &r, t.table.mask([]int{k}))
	list := make([]string, len(r.cells[k].items))
	for i, item := range r.cells[k].items {
		list[i] = string(item)
	}
	return list
}

func groupMembers(c *classes, views []*view) func(*execution) *psrp.RemoteError {
	return func(x *execution) *psrp.RemoteError {
		limit := x.args.number("ResultSize", defaultResultSize)
		var aliases []string
		problem := x.each([]*class{c.group}, func(t target) *psrp.RemoteError {
			aliases = append(aliases, t.memberList()...)
			return nil
		})
		if problem != nil || len(aliases) == 0 {
			return problem
		}
		wanted := map[string]bool{}
		for _, a := range aliases {
			wanted[strings.ToLower(a)] = true
		}
		sent := int64(0)
		var r record
		for _, v := range views {
			tb := x.tenant.tables[v.class]
			alias, _ := v.class.column("Alias")
			ch, need := tb.state.Load(), tb.mask(v.need, []int{alias})
			for i := range tb.rows(ch) {
				if !tb.load(ch, i, &r, need) || !wanted[strings.ToLower(string(r.cells[alias].text))] {
					continue
				}
				if sent++; sent > limit {
					(&lister{}).warnMore(x, limit)
					return nil
				}
				if !x.out.row(v, &r) {
					return nil
				}
			}
		}
		return nil
	}
}

func changeMembers(c *classes, add bool) func(*execution) *psrp.RemoteError {
	return func(x *execution) *psrp.RemoteError {
		m, problem := x.one(x.args.text("Member"), c.mailbox, c.mailUser, c.contact, c.group)
		if problem != nil {
			return x.fail(problem)
		}
		alias := m.alias()
		return x.each([]*class{c.group}, func(t target) *psrp.RemoteError {
			list := t.memberList()
			has := slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, alias) })
			switch {
			case add && has:
				return x.exchangeProblem(categoryInvalidData, "Microsoft.Exchange.Management.Tasks.MemberAlreadyExistsException", "", fmt.Sprintf("The recipient \"%s\" is already a member of the group \"%s\".", m.name(), t.name()))
			case !add && !has:
				return x.exchangeProblem(categoryInvalidData, "Microsoft.Exchange.Management.Tasks.MemberNotFoundException", "", fmt.Sprintf("The recipient \"%s\" isn't a member of the group \"%s\".", m.name(), t.name()))
			case add:
				list = append(list, alias)
			default:
				list = slices.DeleteFunc(list, func(s string) bool { return strings.EqualFold(s, alias) })
			}
			k, _ := t.table.class.column(memberColumn)
			t.table.set(t.index, map[int]value{k: {kind: kindList, items: list}})
			return nil
		})
	}
}
