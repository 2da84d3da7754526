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
	p := person{t: t, i: i, d: t.seed.of(uint64(i) | 3<<40).of(hash(kind)), kind: kind, domain: t.domains[0]}
	n := t.names
	p.city = n.cities[i/len(n.departments)%len(n.cities)]
	p.display = n.departments[i%len(n.departments)] + " " + p.city
	if kind == "GroupMailbox" {
		p.display = "Team " + p.display
	}
	if round := i / (len(n.departments) * len(n.cities)); round > 0 {
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
	if t.mailboxes == 0 {
		return mailUser(t, d.n(max(t.mailUsers, 1)))
	}
	return mailboxOwner(t, d.n(t.mailboxes))
}

// someAliases are the aliases of some of the tenant's people, each once.
func (t *Tenant) someAliases(d dice, least, most int) []string {
	of, who := t.mailboxes, mailboxOwner
	if of == 0 {
		of, who = t.mailUsers, mailUser
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
	return strings.Replace(pick(d, t.names.subjects), "%d", itoa(1+d.of(1).n(9_999)), 1)
}

// names are what people, rooms and subjects of a tenant are made of: a section
// of data/names.txt.
type names struct {
	first, last                           []name
	familyFirst                           bool
	cities, departments, titles, subjects []string
	shared, rooms, equipment              []name
}

// name is a name and its spelling in an address.
type name struct{ text, ascii string }

func nameList(list string) []name {
	var all []name
	for entry := range strings.SplitSeq(list, ",") {
		text, ascii, ok := strings.Cut(strings.TrimSpace(entry), "|")
		if !ok {
			ascii = strings.ReplaceAll(strings.ToLower(text), " ", "-")
		}
		all = append(all, name{text, ascii})
	}
	return all
}

// readNames reads data/names.txt.
func readNames(text string) map[string]*names {
	all := map[string]*names{}
	var n *names
	for line := range strings.Lines(text) {
		key, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch key {
		case "names":
			words := strings.Fields(rest)
			n = &names{familyFirst: len(words) > 1}
			all[words[0]] = n
		case "first":
			n.first = nameList(rest)
		case "last":
			n.last = nameList(rest)
		case "shared":
			n.shared = nameList(rest)
		case "rooms":
			n.rooms = nameList(rest)
		case "equipment":
			n.equipment = nameList(rest)
		case "cities":
			n.cities = strings.Split(rest, "; ")
		case "departments":
			n.departments = strings.Split(rest, "; ")
		case "titles":
			n.titles = strings.Split(rest, "; ")
		case "subjects":
			n.subjects = strings.Split(rest, "; ")
		}
	}
	return all
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
