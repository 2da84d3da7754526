package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"postroom/session"
	"postroom/session/access"
	"postroom/session/endpoint"
	"postroom/session/partner"
	"postroom/session/result"
)

// tenantsFlags are the flags of tenants.
type tenantsFlags struct {
	connectFlags
	graphURL             string
	fromGraph, json, yes bool
	confirm              bool
}

// runTenants does `postroom tenants [--json] | --confirm | --from-graph [flags]`.
func runTenants(ctx context.Context, args []string, s Streams) error {
	var flags tenantsFlags
	f := new(flag.FlagSet)
	flags.register(f)
	f.BoolVar(&flags.fromGraph, "from-graph", false, "add the tenants you manage as a partner, from Microsoft Graph")
	f.StringVar(&flags.graphURL, "graph", "", "with --from-graph: ask the Graph at `URL` (default: that of the endpoint's cloud)")
	f.BoolVar(&flags.yes, "yes", false, "with --from-graph: add them without asking")
	f.BoolVar(&flags.confirm, "confirm", false, "say that your lists of tenants and endpoints are right without what could not be read")
	f.BoolVar(&flags.json, "json", false, "write JSON")
	err := parse("tenants", f, args, s)
	if err == nil {
		err = noArguments("tenants", f)
	}
	if err == nil {
		err = flags.do(ctx, s, f)
	}
	if usage, ok := errors.AsType[*usageError](err); ok {
		usage.command = "tenants"
	}
	return err
}

func (o *tenantsFlags) do(ctx context.Context, s Streams, f *flag.FlagSet) error {
	known, err := openTenants(s)
	if err != nil {
		return err
	}
	if o.fromGraph {
		return o.take(ctx, s, known)
	}
	var needless []string
	f.Visit(func(given *flag.Flag) {
		if given.Name != "json" && given.Name != "confirm" {
			needless = append(needless, "--"+given.Name)
		}
	})
	if len(needless) > 0 {
		return &usageError{what: fmt.Sprintf("%s says nothing without --from-graph", strings.Join(needless, ", "))}
	}
	if o.confirm {
		return confirmLists(ctx, s, known)
	}
	return o.writeList(s, known.All())
}

// confirmLists says that the lists are right as they are, and how that is.
func confirmLists(ctx context.Context, s Streams, known *endpoint.Tenants) error {
	directory, err := openDirectory(s)
	if err != nil {
		return err
	}
	if err := access.Confirm(ctx, known, directory); err != nil {
		return err
	}
	readOnly, err := known.ReadOnly()
	if err != nil {
		return err
	}
	own := slices.DeleteFunc(directory.All(), func(e endpoint.Endpoint) bool { return !e.Own })
	say(s.Err, "postroom: confirmed: %s, %d of them read-only, and %s of your own\n",
		result.EnglishCount(len(known.All()), "tenant"), len(readOnly), result.EnglishCount(len(own), "endpoint"))
	return nil
}

// take asks Graph, shows what it offers, and takes in what is new.
func (o *tenantsFlags) take(ctx context.Context, s Streams, known *endpoint.Tenants) error {
	found, err := o.ask(ctx, s)
	if err != nil {
		return err
	}
	offers := known.Offers(found.Tenants)
	if err := o.writeOffers(s, offers); err != nil {
		return err
	}
	for _, refused := range found.Refused {
		Explain(s.Err, refused)
	}
	var refusal error
	if len(found.Refused) > 0 { // the list may not be all
		refusal = &shownError{code: exitCode(found.Refused[0])}
	}
	var chosen []endpoint.Tenant
	for _, offer := range offers {
		if offer.Useful() {
			chosen = append(chosen, offer.Tenant)
		}
	}
	if len(chosen) == 0 {
		say(s.Err, "postroom: nothing new\n")
		return refusal
	}
	agreed := o.yes
	if !agreed {
		if agreed, err = s.agree(ctx, fmt.Sprintf("Take these %d in?", len(chosen))); err != nil || !agreed {
			return join(err, refusal)
		}
	}
	done, err := known.Take(ctx, chosen)
	if err != nil {
		return err
	}
	say(s.Err, "postroom: %d added, %d with their id\n", len(done.Added), len(done.Changed))
	return refusal
}

// ask lists the partner's tenants.
func (o *tenantsFlags) ask(ctx context.Context, s Streams) (partner.Found, error) {
	targets, err := o.resolve(s)
	if err != nil {
		return partner.Found{}, err
	}
	t := targets[0]
	switch {
	case t.Endpoint.Door != endpoint.REST:
		return partner.Found{}, &usageError{what: "--from-graph needs an endpoint of Microsoft 365, such as --endpoint microsoft-365", err: partner.ErrNotModern}
	case len(targets) > 1, !t.Tenant.IsZero() && t.Method() != endpoint.AuthApp:
		return partner.Found{}, &usageError{what: "--tenant is for an application alone, and names the partner's own tenant"}
	}
	if o.graphURL != "" {
		t.Endpoint.Modern.Graph = o.graphURL
	}
	if t, err = partner.At(t); err != nil {
		return partner.Found{}, &usageError{what: "--graph", err: err}
	}
	ctx = s.atKeyring(ctx)
	asked := []session.Target{t}
	var way *access.Access
	if way, err = o.enter(ctx, s, asked, nil); err != nil {
		return partner.Found{}, err
	}
	found, err := way.Graph.Customers(ctx, asked[0], func(until time.Time) {
		say(s.Err, "postroom: Microsoft Graph asks to wait until %s\n", until.Local().Format(time.TimeOnly))
	})
	if err != nil {
		return partner.Found{}, runError(err)
	}
	return found, nil
}

// tenantEntry is a tenant in JSON, a contract for scripts: docs/command-line.md.
type tenantEntry struct {
	Name     string   `json:"name"`
	Domain   string   `json:"domain"`
	ID       string   `json:"id"`
	Tags     []string `json:"tags"`
	Pinned   bool     `json:"pinned"`
	ReadOnly bool     `json:"read_only"`
}

// offerEntry is one that Graph offers.
type offerEntry struct {
	tenantEntry
	State string `json:"state"`
	Known string `json:"known"` // the domain that the list has for the GUID
}

func entryOf(t endpoint.Tenant) tenantEntry {
	return tenantEntry{Name: t.Name, Domain: t.Domain, ID: t.ID, Tags: slices.Concat([]string{}, t.Tags), Pinned: t.Pinned, ReadOnly: t.ReadOnly}
}

func (o *tenantsFlags) writeList(s Streams, list []endpoint.Tenant) error {
	entries := make([]tenantEntry, len(list))
	for i, t := range list {
		entries[i] = entryOf(t)
	}
	return writeEntries(s, o.json, entries, "NAME\tDOMAIN\tID\tTAGS\n", func(w io.Writer, e tenantEntry) {
		say(w, "%s\t%s\t%s\t%s\n", e.Name, endpoint.DisplayDomain(e.Domain), e.ID, strings.Join(e.Tags, ", "))
	})
}

// offerWords are the states of offers.
var offerWords = map[endpoint.OfferState]string{
	endpoint.OfferNew: "new", endpoint.OfferKnown: "known", endpoint.OfferUnnamed: "known without id", endpoint.OfferElsewhere: "known by another domain",
	endpoint.OfferOther: "known with another id", endpoint.OfferNoDomain: "no domain",
}

func (o *tenantsFlags) writeOffers(s Streams, offers []endpoint.Offer) error {
	entries := make([]offerEntry, len(offers))
	for i, offer := range offers {
		entries[i] = offerEntry{tenantEntry: entryOf(offer.Tenant), State: offerWords[offer.State]}
		if offer.State == endpoint.OfferElsewhere {
			entries[i].Known = offer.Known.Domain
		}
	}
	return writeEntries(s, o.json, entries, "STATE\tNAME\tDOMAIN\tID\n", func(w io.Writer, e offerEntry) {
		state := e.State
		if e.Known != "" {
			state += " " + endpoint.DisplayDomain(e.Known)
		}
		say(w, "%s\t%s\t%s\t%s\n", state, e.Name, endpoint.DisplayDomain(e.Domain), e.ID)
	})
}
