package endpoint

import (
	"context"
	"slices"
)

// OfferState is what a list of tenants knows of one that is offered to it.
type OfferState int

// The states of an offer.
const (
	OfferNew       OfferState = iota
	OfferKnown                // in the list, and nothing new is known of it
	OfferUnnamed              // in the list, without the GUID that is known now
	OfferElsewhere            // in the list under another domain: the GUID is the same
	OfferOther                // the list has another GUID for this domain
	OfferNoDomain             // no domain is known; it cannot be taken in
)

// Offer is a tenant that could be taken into a list.
type Offer struct {
	Tenant Tenant
	State  OfferState
	Known  Tenant // the list's own; zero for a new one
}

// Useful says that taking the offer in changes the list, and raises no doubt.
func (o Offer) Useful() bool { return o.State == OfferNew || o.State == OfferUnnamed }

// Offers compares tenants with the list, in their order. A tenant that is offered
// twice, by its GUID or its domain, is listed once.
func (t *Tenants) Offers(offered []Tenant) []Offer {
	t.mu.Lock()
	defer t.mu.Unlock()
	var offers []Offer
	for _, x := range offered {
		if domain, err := ParseDomain(x.Domain); err == nil {
			x.Domain = domain
		} else {
			x.Domain = ""
		}
		again := slices.ContainsFunc(offers, func(o Offer) bool {
			return x.ID != "" && o.Tenant.ID == x.ID || x.Domain != "" && o.Tenant.Domain == x.Domain
		})
		if !again {
			offers = append(offers, offerOf(t.list, x))
		}
	}
	return offers
}

func offerOf(list []Tenant, x Tenant) Offer {
	o := Offer{Tenant: x}
	byID := slices.IndexFunc(list, func(kept Tenant) bool { return x.ID != "" && kept.ID == x.ID })
	byDomain := -1
	if x.Domain != "" {
		byDomain = indexOf(list, x.Domain)
	}
	switch {
	case byDomain >= 0 && (list[byDomain].ID == x.ID || x.ID == ""):
		o.State, o.Known = OfferKnown, list[byDomain].clone()
	case byDomain >= 0 && list[byDomain].ID != "":
		o.State, o.Known = OfferOther, list[byDomain].clone()
	case byID >= 0:
		o.State, o.Known = OfferElsewhere, list[byID].clone()
	case byDomain >= 0:
		o.State, o.Known = OfferUnnamed, list[byDomain].clone()
	case x.Domain == "":
		o.State = OfferNoDomain
	}
	return o
}

// Take takes offered tenants in: new ones as Add does, known ones by filling in the
// GUID. Name, colour, tags and marks of a known tenant stay as they are, and so does
// a GUID that the list has. Tenants without a domain are left out.
func (t *Tenants) Take(ctx context.Context, offered []Tenant) (Imported, error) {
	var done Imported
	err := t.update(ctx, func(list *[]Tenant) error {
		for _, x := range offered {
			if err := done.take(list, x); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Imported{}, err
	}
	return done, nil
}

func (r *Imported) take(list *[]Tenant, x Tenant) error {
	if domain, err := ParseDomain(x.Domain); err == nil {
		x.Domain = domain
	} else {
		x.Domain = ""
	}
	switch o := offerOf(*list, x); o.State {
	case OfferNew:
		kept, err := complete(x, *list)
		if err != nil {
			return err
		}
		*list = append(*list, kept)
		r.Added = append(r.Added, kept)
	case OfferUnnamed:
		i := indexOf(*list, x.Domain)
		(*list)[i].ID = x.ID
		r.Changed = append(r.Changed, (*list)[i].clone())
	case OfferKnown, OfferElsewhere, OfferOther:
		r.Unchanged++
	case OfferNoDomain:
	}
	return nil
}
