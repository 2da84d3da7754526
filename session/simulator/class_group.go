package simulator

import (
	"slices"
	"strconv"
	"strings"
)

// group is a distribution group.
type group struct {
	t       *tenant
	i       int
	d       dice
	added   bool
	kind    string
	name    string
	alias   string
	created int64
}

func distributionGroup(t *tenant, i int) group {
	g := group{t: t, i: i, d: t.seed.of(uint64(i) | 3<<40), added: i >= t.groups, kind: groupKind}
	department := t.names.departments[i%len(t.names.departments)]
	city := t.names.cities[i/len(t.names.departments)%len(t.names.cities)]
	g.name = department + " " + city
	if round := i / (len(t.names.departments) * len(t.names.cities)); round > 0 {
		g.name += " " + strconv.Itoa(round+1)
	}
	g.alias = "dl-" + strconv.Itoa(1000+i)
	if i%6 == 3 {
		g.kind = securityGroup
		g.alias = "sg-" + strconv.Itoa(1000+i)
	}
	g.created = firstDay + int64(g.d.of(1).n(4_000))*ticksPerDay + int64(g.d.of(2).n(86_400))*ticksPerSecond
	if g.added {
		g.created = t.epoch
	}
	return g
}

// members are the indices of a group's members: of its tenant's mailboxes, or
// of its mail users when it has none.
func (g *group) members() []int {
	of := g.t.mailboxes
	if of == 0 {
		of = g.t.mailUsers
	}
	if g.added || of == 0 || g.i%17 == 9 { // some groups are empty
		return nil
	}
	n := min(2+g.d.of(3).n(40), of)
	first, stride := g.d.of(4).n(of), step(of, g.d.of(5).n(of))
	list := make([]int, n)
	for k := range list {
		list[k] = (first + k*stride%of) % of
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (g *group) owners() []string {
	if g.added || g.t.mailboxes == 0 || g.i%13 == 6 { // some have no owner
		return nil
	}
	a := mailboxOwner(g.t, g.d.of(6).n(g.t.mailboxes))
	if g.d.of(7).one(3) {
		b := mailboxOwner(g.t, g.d.of(8).n(g.t.mailboxes))
		return []string{a.name(), b.name()}
	}
	return []string{a.name()}
}

func groupColumns() []column[group] {
	return []column[group]{
		{"Name", kindText, nil, func(v *group, p pen) { p.text(v.name) }},
		{"Alias", kindText, nil, func(v *group, p pen) { p.text(v.alias) }},
		{"DisplayName", kindText, nil, func(v *group, p pen) { p.text(v.name) }},
		{"Identity", kindText, nil, func(v *group, p pen) { p.text(v.name) }},
		{"PrimarySmtpAddress", kindText, nil, func(v *group, p pen) { p.text(v.alias, "@", v.t.domains[0]) }},
		{"WindowsEmailAddress", kindText, nil, func(v *group, p pen) { p.text(v.alias, "@", v.t.domains[0]) }},
		{"EmailAddresses", kindList, addressList(), func(v *group, p pen) {
			p.list("SMTP:"+v.alias+"@"+v.t.domains[0], "smtp:"+v.alias+"@"+v.t.initial)
		}},
		{"GroupType", kindText, nil, func(v *group, p pen) {
			p.text(map[bool]string{true: "Universal, SecurityEnabled", false: "Universal"}[v.kind == securityGroup])
		}},
		{"RecipientType", kindText, nil, func(v *group, p pen) { p.text(v.kind) }},
		{"RecipientTypeDetails", kindText, nil, func(v *group, p pen) { p.text(v.kind) }},
		{"ManagedBy", kindList, recipientList(), func(v *group, p pen) { p.list(v.owners()...) }},
		{"Notes", kindText, nil, func(v *group, p pen) {
			if v.d.of(9).one(4) {
				p.text("Zweck: \"", v.name, "\"\r\nPflege: IT")
			} else {
				p.text("")
			}
		}},
		{"MemberJoinRestriction", kindText, nil, func(v *group, p pen) { p.text(pick(v.d.of(10), []string{"Closed", "Open", "ApprovalRequired"})) }},
		{"MemberDepartRestriction", kindText, nil, func(v *group, p pen) { p.text("Open") }},
		{"RequireSenderAuthenticationEnabled", kindBool, nil, func(v *group, p pen) { p.yes(!v.d.of(11).one(5)) }},
		{"HiddenFromAddressListsEnabled", kindBool, nil, func(v *group, p pen) { p.yes(v.d.of(12).one(10)) }},
		{"HiddenGroupMembershipEnabled", kindBool, nil, func(v *group, p pen) { p.yes(false) }},
		{"ModerationEnabled", kindBool, nil, func(v *group, p pen) { p.yes(v.d.of(13).one(15)) }},
		{"ModeratedBy", kindList, recipientList(), func(v *group, p pen) { p.list() }},
		{"AcceptMessagesOnlyFromSendersOrMembers", kindList, recipientList(), func(v *group, p pen) { p.list() }},
		{"BypassModerationFromSendersOrMembers", kindList, recipientList(), func(v *group, p pen) { p.list() }},
		{"GrantSendOnBehalfTo", kindList, recipientList(), func(v *group, p pen) { p.list() }},
		{"MaxReceiveSize", kindText, nil, func(v *group, p pen) { p.text("Unlimited") }},
		{"ReportToManagerEnabled", kindBool, nil, func(v *group, p pen) { p.yes(false) }},
		{"ReportToOriginatorEnabled", kindBool, nil, func(v *group, p pen) { p.yes(true) }},
		{"SendOofMessageToOriginatorEnabled", kindBool, nil, func(v *group, p pen) { p.yes(false) }},
		{"MailTip", kindText, nil, func(v *group, p pen) {}},
		{"IsDirSynced", kindBool, nil, func(v *group, p pen) { p.yes(v.t.mailboxes == 0) }},
		{"Guid", kindGUID, nil, func(v *group, p pen) { p.guid(v.d.of(14)) }},
		{"ExternalDirectoryObjectId", kindText, nil, func(v *group, p pen) { p.text(guidText(v.d.of(15))) }},
		{"DistinguishedName", kindText, nil, func(v *group, p pen) {
			p.text("CN=", v.name, ",OU=", v.t.initial, ",OU=Microsoft Exchange Hosted Organizations,DC=EURPR06A014,DC=PROD,DC=OUTLOOK,DC=EXAMPLE")
		}},
		{"WhenCreated", kindTime, nil, func(v *group, p pen) { p.time(v.created, clockLocal) }},
		{"WhenChanged", kindTime, nil, func(v *group, p pen) { p.time(v.created, clockLocal) }},
		{"IsValid", kindBool, nil, func(v *group, p pen) { p.yes(true) }},
		// the members that cmdlets added and took away, by alias; not shown
		{memberColumn, kindList, stringList(), func(v *group, p pen) {
			var list []string
			for _, i := range v.members() {
				list = append(list, v.t.memberAlias(i))
			}
			p.list(list...)
		}},
	}
}

// memberColumn holds a group's members by alias. No cmdlet shows it.
const memberColumn = "(members)"

func (t *tenant) memberAlias(i int) string {
	if t.mailboxes == 0 {
		m := mailUser(t, i)
		return m.alias
	}
	m := mailboxOwner(t, i)
	return m.alias
}

func plainASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7F {
			return r
		}
		return -1
	}, s)
}
