package exchange

import "strings"

// populations make the persons of a class, by the words of data/classes.txt.
func populations() map[string]func(t *Tenant, i int) person {
	return map[string]func(t *Tenant, i int) person{
		"mailboxes": mailboxOwner,
		"mailusers": mailUser,
		"contacts":  mailContact,
		"groups":    distributionGroup,
		"teams":     func(t *Tenant, i int) person { return group(t, i, "GroupMailbox", "team-") },
		"dynamic":   func(t *Tenant, i int) person { return group(t, i, "DynamicDistributionGroup", "dyn-") },
	}
}

// distributionGroup is a group; each sixth one is for security.
func distributionGroup(t *Tenant, i int) person {
	if i%6 == 3 {
		return group(t, i, securityGroup, "sg-")
	}
	return group(t, i, groupKind, "dl-")
}

// group is named after a department and a city.
func group(t *Tenant, i int, kind, prefix string) person {
	p := person{t: t, i: i, d: t.seed.of(uint64(i) | 3<<40).of(hash(kind)), kind: kind, domain: t.Domains[0]}
	cities, departments := t.names.Lists["cities"], t.names.Lists["departments"]
	p.city = cities[i/len(departments)%len(cities)]
	p.display = departments[i%len(departments)] + " " + p.city
	if kind == "GroupMailbox" {
		p.display = "Team " + p.display
	}
	if round := i / (len(departments) * len(cities)); round > 0 {
		p.number = itoa(round + 1)
		p.display += " " + p.number
	}
	p.alias = prefix + itoa(1000+i)
	p.created = firstDay + int64(p.d.of(1).n(4_000))*ticksPerDay + int64(p.d.of(2).n(86_400))*ticksPerSecond
	p.changed = p.created + int64(p.d.of(3).n(300))*ticksPerDay
	return p
}

// someone is one of the tenant's people.
func (t *Tenant) someone(d dice) person {
	if t.Counts["mailboxes"] == 0 {
		return mailUser(t, d.n(max(t.Counts["mailusers"], 1)))
	}
	return mailboxOwner(t, d.n(t.Counts["mailboxes"]))
}

// someAliases are the aliases of some of the tenant's people, each once.
func (t *Tenant) someAliases(d dice, least, most int) []string {
	of, who := t.Counts["mailboxes"], mailboxOwner
	if of == 0 {
		of, who = t.Counts["mailusers"], mailUser
	}
	n := min(least+d.of(1).n(most-least+1), of)
	if of == 0 || n == 0 {
		return nil
	}
	first, stride := d.of(2).n(of), step(of, d.of(3).n(of))
	list := make([]string, n)
	for k := range list {
		p := who(t, (first+k*stride%of)%of)
		list[k] = p.alias
	}
	return list
}

// subject writes a subject with a number in it, where there is a place for one.
func (t *Tenant) subject(d dice) string {
	return strings.Replace(pick(d, t.names.Lists["subjects"]), "%d", itoa(1+d.of(1).n(9_999)), 1)
}

// names are what people, rooms, groups and subjects of a tenant are made of, by
// language: a section of data/names.json. A subject has %d where a number goes.
type names struct {
	First, Last              []name
	FamilyFirst              bool
	Shared, Rooms, Equipment []name
	Lists                    map[string][]string `json:"words"`
}

// name is a name and its spelling in an address. Where that differs, the table
// has both: Björn|bjoern.
type name struct{ text, ascii string }

// UnmarshalText reads a name.
func (n *name) UnmarshalText(text []byte) error {
	var differs bool
	if n.text, n.ascii, differs = strings.Cut(string(text), "|"); !differs {
		n.ascii = strings.ReplaceAll(strings.ToLower(n.text), " ", "-")
	}
	return nil
}

// plainASCII leaves what may stand in an address.
func plainASCII(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7F && !strings.ContainsRune(`"\@,;:<>()[]`, r) {
			return r
		}
		return -1
	}, s))
}
