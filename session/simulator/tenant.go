package simulator

import (
	"slices"
	"strings"
	"sync"
)

// Tenant is an organisation that an account may administer.
type Tenant struct {
	// Name is what people call it; Domain the domain that DelegatedOrg= takes.
	Name, Domain string
	// Own is true for the account's own organisation, for which no DelegatedOrg=
	// is needed.
	Own bool
}

// tenant is an organisation with its data.
type tenant struct {
	Tenant
	domains   []string // accepted domains; the first is the default
	initial   string   // the onmicrosoft domain
	country   string
	language  string
	delegated bool
	names     *names
	seed      dice
	epoch     int64 // ticks
	server    string

	mailboxes, mailUsers, contacts, groups, quarantined, traced int

	tables map[*class]*table
	mu     sync.Mutex
	kept   map[*class][][]value
}

// world is all tenants and their classes.
type world struct {
	tenants []*tenant
	classes *classes
}

// profile is how a tenant is described.
type profile struct {
	name, domain, country, language                             string
	domains                                                     []string
	names                                                       *names
	mailboxes, mailUsers, contacts, groups, quarantined, traced int
	notDelegated                                                bool
}

func profiles() []profile {
	return []profile{
		{name: "Postroom Partner AG", domain: "postroom.example", country: "Switzerland", language: "de-CH", names: europeanNames(), mailboxes: 246, mailUsers: 38, contacts: 121, groups: 44, quarantined: 186, traced: 4_200},
		{name: "Nordsee Logistik GmbH & Co. KG", domain: "nordsee-logistik.example", domains: []string{"nordsee-spedition.example", "fähre-nordsee.example"}, country: "Germany", language: "de-DE", names: germanNames(), mailboxes: 6_412, mailUsers: 310, contacts: 877, groups: 412, quarantined: 1_940, traced: 24_000},
		{name: "Alpenhof Hotels AG", domain: "alpenhof.example", domains: []string{"alpenhof-gastein.example"}, country: "Austria", language: "de-AT", names: germanNames(), mailboxes: 853, mailUsers: 64, contacts: 240, groups: 95, quarantined: 702, traced: 9_600},
		{name: "Brasserie du Soleil SARL", domain: "soleil.example", country: "France", language: "fr-FR", names: frenchNames(), mailboxes: 128, mailUsers: 12, contacts: 66, groups: 21, quarantined: 214, traced: 3_100},
		{name: "富士見製作所 (Fujimi Works)", domain: "fujimi.example", domains: []string{"fujimi-tokyo.example"}, country: "Japan", language: "ja-JP", names: japaneseNames(), mailboxes: 1_480, mailUsers: 90, contacts: 310, groups: 130, quarantined: 655, traced: 12_400},
		{name: "Klinikum Tannenberg", domain: "tannenberg.example", country: "Germany", language: "de-DE", names: germanNames(), mailUsers: 2_117, contacts: 95, groups: 160, quarantined: 1_033, traced: 15_800},
		{name: "Closed Shop Ltd", domain: "closed.example", country: "United Kingdom", language: "en-GB", names: europeanNames(), mailboxes: 40, groups: 6, quarantined: 12, traced: 300, notDelegated: true},
	}
}

func newWorld(o Options) *world {
	w := &world{classes: newClasses()}
	for n, p := range profiles() {
		t := &tenant{
			Tenant: Tenant{Name: p.name, Domain: p.domain, Own: n == 0}, domains: append([]string{p.domain}, p.domains...),
			initial: strings.Split(p.domain, ".")[0] + ".onmicrosoft.example", country: p.country, language: p.language, delegated: !p.notDelegated,
			names: p.names, seed: mix(uint64(o.Seed), uint64(n)), epoch: ticksOf(o.Epoch), mailboxes: p.mailboxes, mailUsers: p.mailUsers,
			contacts: p.contacts, groups: p.groups, quarantined: p.quarantined, traced: p.traced, kept: map[*class][][]value{},
		}
		t.domains = append(t.domains, t.initial)
		t.server = "DB" + string(rune('3'+n)) + "PR06MB7871"
		if o.Rows > 0 {
			t.traced = o.Rows
			if t.mailboxes > 0 {
				t.mailboxes = o.Rows
			} else {
				t.mailUsers = o.Rows
			}
		}
		t.tables = map[*class]*table{}
		for _, c := range w.classes.all {
			t.tables[c] = newTable(t, c)
		}
		w.tenants = append(w.tenants, t)
	}
	return w
}

// delegated lists the tenants that the accounts may administer.
func (w *world) delegated() []Tenant {
	var list []Tenant
	for _, t := range w.tenants {
		if t.delegated {
			list = append(list, t.Tenant)
		}
	}
	return list
}

// own is the accounts' own organisation.
func (w *world) own() *tenant { return w.tenants[0] }

// tenant finds a tenant by any of its domains, nil when there is none.
func (w *world) tenant(domain string) *tenant {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	for _, t := range w.tenants {
		if slices.Contains(t.domains, domain) {
			return t
		}
	}
	return nil
}

// fixed gives the kept rows of a class; they are made once.
func (t *tenant) fixed(c *class, rows func(*tenant) []row, defaults []value) [][]value {
	t.mu.Lock()
	defer t.mu.Unlock()
	if kept, ok := t.kept[c]; ok {
		return kept
	}
	kept := [][]value{}
	for i, r := range rows(t) {
		kept = append(kept, c.keep(t, i, r, defaults))
	}
	t.kept[c] = kept
	return kept
}

// keep turns a row into values. Guid, ExchangeObjectId and the like that the
// row does not name are made from the row's place.
func (c *class) keep(t *tenant, i int, r row, defaults []value) []value {
	values := slices.Clone(defaults)
	for name, v := range r {
		k, ok := c.column(name)
		if !ok {
			panic("simulator: class " + c.name + " has no column " + name) // the tables of this package are wrong
		}
		kept, err := c.columns[k].value(v)
		if err != nil {
			panic("simulator: class " + c.name + ", column " + name + ": " + err.Error()) // the tables of this package are wrong
		}
		values[k] = kept
	}
	for k, info := range c.columns {
		if info.kind == kindGUID && values[k].kind == kindNil {
			values[k] = value{kind: kindGUID, text: guidText(t.seed.of(uint64(len(c.name))<<32 | uint64(i)).of(hash(c.name)))}
		}
	}
	return values
}

// hash makes a key of a text (FNV-1a).
func hash(text string) uint64 {
	var h uint64 = 14695981039346656037
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return h
}
