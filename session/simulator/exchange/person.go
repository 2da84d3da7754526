package exchange

import "strconv"

// person is whom a mailbox, a mail user or a contact belongs to: all that the
// columns are written from.
type person struct {
	t       *Tenant
	i       int
	d       dice
	added   bool // made by a New- cmdlet
	kind    string
	first   string
	last    string
	display string
	number  string // behind the name when it was there before; "" the first time
	alias   string
	domain  string
	city    string
	created int64 // ticks
	changed int64
}

// The kinds of recipients (RecipientTypeDetails).
const (
	userMailbox      = "UserMailbox"
	sharedMailbox    = "SharedMailbox"
	roomMailbox      = "RoomMailbox"
	equipmentMailbox = "EquipmentMailbox"
	mailUserKind     = "MailUser"
	guestMailUser    = "GuestMailUser"
	mailContactKind  = "MailContact"
	groupKind        = "MailUniversalDistributionGroup"
	securityGroup    = "MailUniversalSecurityGroup"
)

// The populations from which names are drawn: none may repeat an address of
// another.
const (
	mailboxPeople = iota
	mailUserPeople
	contactPeople
)

// firstDay is 2012-01-01, before which nothing was created.
const firstDay = 634_609_728_000_000_000

const ticksPerDay = 86_400 * ticksPerSecond

// mailboxOwner is the owner of mailbox i: one in twelve is shared, one in
// twenty-five a room, one in sixty equipment.
func mailboxOwner(t *Tenant, i int) person {
	p := person{t: t, i: i, d: t.seed.of(uint64(i) | mailboxPeople<<40), added: i >= t.Counts["mailboxes"]}
	switch {
	case !p.added && i%12 == 5:
		p.thing(sharedMailbox, t.names.Shared, i/12)
	case !p.added && i%25 == 7:
		p.thing(roomMailbox, t.names.Rooms, i/25)
	case !p.added && i%60 == 11:
		p.thing(equipmentMailbox, t.names.Equipment, i/60)
	default:
		p.person(userMailbox, i, "")
	}
	p.finish()
	return p
}

func mailUser(t *Tenant, i int) person {
	p := person{t: t, i: i, d: t.seed.of(uint64(i) | mailUserPeople<<40), added: i >= t.Counts["mailusers"]}
	kind := mailUserKind
	if i%9 == 4 && t.Counts["mailboxes"] > 0 {
		kind = guestMailUser
	}
	suffix := ".ext"
	if t.Counts["mailboxes"] == 0 { // standalone EOP: the people themselves are mail users
		kind, suffix = mailUserKind, ""
	}
	p.person(kind, i, suffix)
	p.finish()
	return p
}

func mailContact(t *Tenant, i int) person {
	p := person{t: t, i: i, d: t.seed.of(uint64(i) | contactPeople<<40), added: i >= t.Counts["contacts"]}
	p.person(mailContactKind, i, ".contact")
	p.finish()
	p.domain = pick(p.d.of(31), t.partners)
	return p
}

// person takes name number i: all combinations of first and last names in an
// order that the seed makes, then the same again with a number.
func (p *person) person(kind string, i int, suffix string) {
	n := p.t.names
	combinations := len(n.First) * len(n.Last)
	at := (i%combinations*step(combinations, p.t.seed.of(77).n(combinations)) + p.t.seed.of(78).n(combinations)) % combinations
	first, last := n.First[at%len(n.First)], n.Last[at/len(n.First)]
	if round := i / combinations; round > 0 {
		p.number = strconv.Itoa(round + 1)
	}
	p.kind, p.first, p.last = kind, first.text, last.text
	p.display = first.text + " " + last.text
	if n.FamilyFirst {
		p.display = last.text + " " + first.text
	}
	p.alias = first.ascii + "." + last.ascii + p.number + suffix
	if p.number != "" {
		p.display += " (" + p.number + ")"
	}
}

// step is a number that has no divisor in common with n, near to wish.
func step(n, wish int) int {
	for s := wish | 1; ; s++ {
		a, b := s, n
		for b != 0 {
			a, b = b, a%b
		}
		if a == 1 {
			return s
		}
	}
}

// thing is a shared mailbox, a room or a device: the qth of its kind.
func (p *person) thing(kind string, from []name, q int) {
	what := from[q%len(from)]
	place := q / len(from)
	city := p.t.names.Lists["cities"][place%len(p.t.names.Lists["cities"])]
	p.kind, p.display, p.alias = kind, what.text+" "+city, what.ascii+"-"+strconv.Itoa(place+1)
	if round := place / len(p.t.names.Lists["cities"]); round > 0 {
		p.number = strconv.Itoa(round + 1)
		p.display += " " + p.number
	}
	switch kind {
	case roomMailbox:
		p.alias = "room." + p.alias
	case equipmentMailbox:
		p.alias = "eq." + p.alias
	}
}

func (p *person) finish() {
	p.domain = p.t.Domains[0]
	if len(p.t.Domains) > 2 && p.d.of(1).one(7) {
		p.domain = p.t.Domains[1]
	}
	p.city = pick(p.d.of(2), p.t.names.Lists["cities"])
	p.created = firstDay + int64(p.d.of(3).n(4_900))*ticksPerDay + int64(p.d.of(4).n(ticksPerDay/7))*3
	p.changed = p.created + int64(p.d.of(5).n(300))*ticksPerDay + int64(p.d.of(6).n(ticksPerDay/9))*5
	if p.added {
		p.created, p.changed = p.t.epoch, p.t.epoch
	}
}

func (p *person) name() string {
	if p.kind == sharedMailbox || p.kind == userMailbox {
		return p.display
	}
	return p.alias
}
