package exchange

import (
	"fmt"
	"maps"
	"slices"
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

// Tenant is an organization with its data and the cmdlets of its role.
type Tenant struct {
	profile
	// ID is its GUID.
	ID string
	// Own is true for the organization that the accounts belong to, Delegated
	// for every one that they may administer.
	Own, Delegated bool

	initial    string // the onmicrosoft domain
	names      *names
	partners   []string
	seed       dice
	epoch      int64 // ticks
	server     string
	tables     sync.Map // *table by *class, made when they are first asked for
	recipients []*class // of everything that takes mail
	offer      func() *offer
	mu         sync.Mutex // guards searches
	searches   map[string]int64
}

// profile is what data/tenants.json says of a tenant.
type profile struct {
	// Name is what people call it; Domain its default domain, Domains the others.
	Name, Domain string
	Domains      []string
	// Country, Language, and Names: the section of data/names.json.
	Country, Language, Names string
	// Services are X Exchange Online, C Security & Compliance, E standalone EOP,
	// 9 a server on the premises.
	Services string
	// Role: all; data (the cmdlets whose nouns have data of their own here);
	// reader (Get-, Search-, Test- alone); none (not delegated).
	Role string
	// Counts says how many rows there are of what data/classes.txt calls by a
	// word.
	Counts map[string]int
}

// smallCustomers is how many customers there are beside those of the table,
// too small to be listed and all of the same making.
const smallCustomers = 40

// small is the nth small customer, from 1: customer07.example.
func small(n int) profile {
	branches := []string{"Bakery", "Garage", "Law firm", "Dental practice", "Joinery", "Travel agency", "Bookshop", "Architects"}
	return profile{
		Name: fmt.Sprintf("%s No. %d", branches[n%len(branches)], n), Domain: fmt.Sprintf("customer%02d.example", n), Country: "Ireland", Language: "en-IE",
		Names: "european", Services: "X", Role: "data",
		Counts: map[string]int{"mailboxes": 8 + n%23, "mailusers": 2, "contacts": 5, "groups": 3, "quarantined": 12, "traced": 240},
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
	p.Counts = maps.Clone(p.Counts)
	if o.Rows > 0 {
		p.Counts["traced"] = o.Rows
		if p.Counts["mailboxes"] > 0 {
			p.Counts["mailboxes"] = o.Rows
		} else {
			p.Counts["mailusers"] = o.Rows
		}
	}
	t := &Tenant{
		profile: p, Own: n == 0, Delegated: p.Role != "none", ID: GUID(p.Domain), names: all.people[p.Names], partners: all.lists["partners"],
		seed: mix(uint64(o.Seed), uint64(n)), epoch: ticksOf(o.Epoch), server: fmt.Sprintf("DB%dPR06MB7871", 3+n), searches: map[string]int64{},
	}
	t.initial = t.label() + ".onmicrosoft.example"
	t.Domains = append(append([]string{p.Domain}, p.Domains...), t.initial)
	t.Counts["teams"], t.Counts["dynamic"], t.Counts["others"] = p.Counts["groups"]/3+1, p.Counts["groups"]/12+1, len(t.Domains)-2
	for _, name := range []string{"Mailbox", "MailUser", "MailContact", "DistributionGroup", "UnifiedGroup"} {
		t.recipients = append(t.recipients, all.classes[name])
	}
	t.offer = all.offers[offerKey{p.Services, p.Role}]
	if whole := t.offer; o.Cmdlets != nil {
		t.offer = sync.OnceValue(func() *offer { return whole().only(o.Cmdlets) })
	}
	return t
}

// label is the first part of the default domain.
func (t *Tenant) label() string {
	label, _, _ := strings.Cut(t.Domain, ".")
	return label
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
		if slices.Contains(t.Domains, name) || t.ID == name {
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
func hash(text string) uint64 {
	var h uint64 = 14695981039346656037
	for _, b := range []byte(text) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h
}
