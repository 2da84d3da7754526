package exchange

import (
	"slices"
	"strings"
	"sync"

	"postroom/session/cmdlet"
)

// offer is the cmdlets that a role may run at some services, with the
// parameters that they have there.
type offer struct {
	cmdlets map[string]*definition // by lower-case name
	names   []string               // sorted
}

type offerKey struct{ services, role string }

// makeOffers prepares the offers of all tenants; each is made when it is asked
// for first.
func (t *tables) makeOffers() {
	t.offers = map[offerKey]func() *offer{}
	for _, p := range append(slices.Clone(t.profiles), small(1)) {
		key := offerKey{p.Services, p.Role}
		if t.offers[key] == nil {
			t.offers[key] = sync.OnceValue(func() *offer { return t.newOffer(key) })
		}
	}
}

func (t *tables) newOffer(key offerKey) *offer {
	o := &offer{cmdlets: map[string]*definition{}}
	for _, name := range t.names {
		d := t.cmdlets[strings.ToLower(name)]
		if d.services != "" && (!strings.ContainsAny(d.services, key.services) || !t.allows(key.role, d)) {
			continue
		}
		o.cmdlets[strings.ToLower(name)] = d.at(key.services)
		o.names = append(o.names, name)
	}
	return o
}

// allows says whether a role has a cmdlet.
func (t *tables) allows(role string, d *definition) bool {
	switch role {
	case "reader":
		return slices.Contains([]string{"Get", "Search", "Test"}, d.verb())
	case "data":
		for _, c := range d.classes {
			if c.known {
				return true
			}
		}
		return false
	}
	return true
}

// at is the cmdlet with the parameters that it has at some services.
func (d *definition) at(services string) *definition {
	own := *d
	own.parameters = slices.DeleteFunc(slices.Clone(d.parameters), func(p parameter) bool { return p.services != "" && !strings.ContainsAny(p.services, services) })
	return &own
}

// only is the part of the offer that the names have.
func (o *offer) only(names []string) *offer {
	part := &offer{cmdlets: map[string]*definition{}}
	for _, name := range o.names {
		if d := o.find(name); d.services == "" || slices.Contains(names, name) { // a shell's own are always there
			part.cmdlets[strings.ToLower(name)] = d
			part.names = append(part.names, name)
		}
	}
	return part
}

// find finds a cmdlet by name, letter case and module aside.
func (o *offer) find(name string) *definition {
	if i := strings.LastIndexByte(name, '\\'); i >= 0 {
		name = name[i+1:]
	}
	return o.cmdlets[strings.ToLower(name)]
}

// match gives the cmdlets that the patterns name; no pattern means all.
func (o *offer) match(patterns []string) []*definition {
	if len(patterns) == 0 {
		patterns = []string{"*"}
	}
	var found []*definition
	for _, n := range o.names {
		if anyMatch(patterns, n) {
			found = append(found, o.find(n))
		}
	}
	return found
}

// Cmdlets says what a session may run: names, parameters and their types, as
// servers tell them. No pattern means all.
func (t *Tenant) Cmdlets(patterns []string) []cmdlet.Cmdlet {
	var list []cmdlet.Cmdlet
	for _, d := range t.offer().match(patterns) {
		c := cmdlet.Cmdlet{Name: d.name, DefaultSet: d.defaultSet}
		for _, p := range d.parameters {
			c.Parameters = append(c.Parameters, cmdlet.Parameter{Name: p.Name, Type: p.Type, Kind: p.Kind, Aliases: p.Aliases, Position: -1})
		}
		list = append(list, c)
	}
	return list
}

// CmdletsKey changes when the set of cmdlets does.
func (t *Tenant) CmdletsKey() uint32 { return uint32(hash(strings.Join(t.offer().names, ","))) }
