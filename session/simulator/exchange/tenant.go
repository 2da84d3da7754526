package exchange

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options say how much data there are, and which.
type Options struct {
	// Rows is how many mailboxes and how many traced messages each tenant has;
	// 0 means each tenant's own size.
	Rows int
	// Seed makes the data, and Epoch is the moment that they look back from.
	Seed  int64
	Epoch time.Time
	// Cmdlets are those that the roles keep; nil means all.
	Cmdlets []string
}

// Tenant is an organization with its data and the cmdlets of its role. It has a field for
// each kind of object that its cmdlets serve and change.
type Tenant struct {
	// Name is what people call it; Domain its default domain; ID its GUID.
	Name, Domain, ID string
	// Own is true for the organization that the accounts belong to, Delegated
	// for every one that they may administer.
	Own, Delegated bool

	domains           []string // accepted domains; the first is the default
	initial           string   // the onmicrosoft domain
	country, language string
	names             *names
	partners          []string
	seed              dice
	epoch             int64 // ticks
	server            string
	mailboxes         int
	mailUsers         int
	contacts          int
	groups            int
	quarantined       int
	traced            int
	services, role    string
	tables            sync.Map // *table by *class, made when they are first asked for
	recipients        []*class // of everything that takes mail
	offer             func() *offer
	mu                sync.Mutex // guards searches
	searches          map[string]int64
}

// profile is a line of data/tenants.txt.
type profile struct {
	name, domain, country, language, names, services, role string
	domains                                                []string
	sizes                                                  [6]int
}

func (t *tables) readTenants(text string) error {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, ";")
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		if len(f) != 9 || t.people[f[5]] == nil {
			return fmt.Errorf("tenants.txt: %q", line)
		}
		p := profile{name: f[0], domain: f[1], country: f[3], language: f[4], names: f[5], services: f[7], role: f[8]}
		if f[2] != "" {
			p.domains = strings.Split(f[2], ",")
		}
		for i, n := range strings.Fields(f[6]) {
			var err error
			if p.sizes[i], err = strconv.Atoi(n); err != nil {
				return fmt.Errorf("tenants.txt: %s: %w", p.name, err)
			}
		}
		t.profiles = append(t.profiles, p)
	}
	return nil
}

// smallCustomers is how many customers there are beside those of the table,
// too small to be listed and all of the same making.
const smallCustomers = 40

// small is the nth small customer, from 1: customer07.example.
func small(n int) profile {
	branches := []string{"Bakery", "Garage", "Law firm", "Dental practice", "Joinery", "Travel agency", "Bookshop", "Architects"}
	return profile{
		name: fmt.Sprintf("%s No. %d", branches[n%len(branches)], n), domain: fmt.Sprintf("customer%02d.example", n), country: "Ireland", language: "en-IE",
		names: "european", services: "X", role: "data", sizes: [6]int{8 + n%23, 2, 5, 3, 12, 240},
	}
}

// Service is all tenants.
type Service struct{ tenants []*Tenant }

// New makes the tenants. Equal options give equal data.
func New(o Options) *Service {
	t := load()
	profiles := slices.Clone(t.profiles)
	for n := range smallCustomers {
		profiles = append(profiles, small(n+1))
	}
	s := &Service{}
	for n, p := range profiles {
		s.tenants = append(s.tenants, newTenant(t, o, n, p))
	}
	return s
}

func newTenant(all *tables, o Options, n int, p profile) *Tenant {
	t := &Tenant{
		Name: p.name, Domain: p.domain, Own: n == 0, Delegated: p.role != "none", ID: guidText(mix(hash(p.domain))),
		domains: append([]string{p.domain}, p.domains...), initial: strings.Split(p.domain, ".")[0] + ".onmicrosoft.example", country: p.country, language: p.language,
		names: all.people[p.names], partners: all.lists["partners"], seed: mix(uint64(o.Seed), uint64(n)), epoch: ticksOf(o.Epoch),
		server: fmt.Sprintf("DB%dPR06MB7871", 3+n), mailboxes: p.sizes[0], mailUsers: p.sizes[1], contacts: p.sizes[2], groups: p.sizes[3], quarantined: p.sizes[4], traced: p.sizes[5],
		services: p.services, role: p.role, searches: map[string]int64{},
	}
	t.domains = append(t.domains, t.initial)
	if o.Rows > 0 {
		t.traced = o.Rows
		if t.mailboxes > 0 {
			t.mailboxes = o.Rows
		} else {
			t.mailUsers = o.Rows
		}
	}
	for _, name := range []string{"Mailbox", "MailUser", "MailContact", "DistributionGroup", "UnifiedGroup"} {
		t.recipients = append(t.recipients, all.classes[name])
	}
	t.offer = all.offers[offerKey{t.services, t.role}]
	if whole := t.offer; o.Cmdlets != nil {
		t.offer = sync.OnceValue(func() *offer { return whole().only(o.Cmdlets) })
	}
	return t
}

// Listed are the tenants that the accounts know by name: their own first, then
// the customers that have delegated.
func (s *Service) Listed() []*Tenant {
	var list []*Tenant
	for _, t := range s.tenants[:len(s.tenants)-smallCustomers] {
		if t.Delegated {
			list = append(list, t)
		}
	}
	return list
}

// Own is the accounts' own organization.
func (s *Service) Own() *Tenant { return s.tenants[0] }

// Find finds a tenant by any of its domains or by its GUID, nil when there is
// none.
func (s *Service) Find(name string) *Tenant {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	for _, t := range s.tenants {
		if slices.Contains(t.domains, name) || t.ID == name {
			return t
		}
	}
	return nil
}

// table is the tenant's table of a class.
func (t *Tenant) table(c *class) *table {
	tb, there := t.tables.Load(c)
	if !there {
		tb, _ = t.tables.LoadOrStore(c, newTable(t, c))
	}
	return tb.(*table)
}

// Server is the name of the machine that serves the tenant.
func (t *Tenant) Server() string { return t.server }

// Initial is the domain that the tenant began with.
func (t *Tenant) Initial() string { return t.initial }

// hash makes a key of a text (FNV-1a).
func hash(text string) uint64 { return hashBytes([]byte(text)) }

func hashBytes(text []byte) uint64 {
	var h uint64 = 14695981039346656037
	for _, b := range text {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h
}
