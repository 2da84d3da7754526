// Package partner asks Microsoft Graph which tenants a partner looks after: those
// with a delegated administration (GDAP, tenantRelationships/delegatedAdminCustomers)
// and those with a contract (contracts). Both lists need consent in the partner's own
// tenant: DelegatedAdminRelationship.Read.All for the one, Directory.Read.All for the
// other; CrossTenantInformation.ReadBasic.All gives the domain of a tenant that only
// the first list has. What was not consented to is left out and told.
//
// Paths, properties and permissions are those of learn.microsoft.com/graph/api
// (tenantrelationship-list-delegatedadmincustomers, contract-list with resources/contract,
// tenantrelationship-findtenantinformationbytenantid), read on 28 November 2026; each is
// there for v1.0 in every cloud. Which of its tenants a partner sees only as a contract
// was not tried against a live partner. The Graph's address is a setting of the endpoint.
//
// It only reads. A token goes to the Graph of the endpoint's cloud and to no other
// host, whatever an answer says.
package partner

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"postroom/session"
	"postroom/session/endpoint"
	"postroom/session/proxy"
)

// Options say how is asked.
type Options struct {
	// Tokens gives access tokens. It must be set.
	Tokens session.Tokens
	// FindTenant gives the GUID of the partner's own tenant. It must be set.
	FindTenant func(context.Context, session.Target) (string, error)
	// Proxies are the passwords of users at proxies; nil knows none.
	Proxies *proxy.Passwords
	// Client makes the client that asks through a proxy and trusts these roots, nil
	// for the system's; nil is http.Client over proxy.NewTransportBy, with Proxies.
	Client func(proxy.Setting, *x509.CertPool) *http.Client
	// Program is the name that we ask under.
	Program string
}

// Graph asks. It may be used from several goroutines.
type Graph struct{ o Options }

// New makes a Graph; nothing is asked yet.
func New(o Options) *Graph {
	if o.Client == nil {
		o.Client = func(s proxy.Setting, roots *x509.CertPool) *http.Client {
			return &http.Client{Transport: proxy.NewTransportBy(&proxy.Dialer{Setting: s, RootCAs: roots, Password: o.Proxies.Password})}
		}
	}
	return &Graph{o: o}
}

// Found are a partner's tenants.
type Found struct {
	// Tenants are sorted by name. Each has its GUID; one whose domain could not be
	// found out has none.
	Tenants []endpoint.Tenant
	// Refused are the lists and look-ups that the account or the application may not
	// read, a *RefusedError each, where another list could be read.
	Refused []error
}

// ErrNotModern is an endpoint where nobody signs in at Entra.
var ErrNotModern = errors.New("partner: only an endpoint of Microsoft 365 leads to Microsoft Graph")

// At gives the target at the Graph of its cloud: what a token is asked for there, of
// the account's own tenant. An application names the partner's tenant, which stays.
func At(t session.Target) (session.Target, error) {
	if t.Endpoint.Door != endpoint.REST {
		return t, ErrNotModern
	}
	var err error
	t.Endpoint, _, err = t.Endpoint.AtGraph()
	if t.Method() != endpoint.AuthApp {
		t.Tenant = endpoint.Tenant{}
	}
	return t, err
}

// Customers lists the tenants that the target's account looks after. waits, which
// may be nil, is told until when Graph wants to be left alone.
//
// Errors: ErrNotModern, those of the token, *RefusedError where neither list may be
// read, *ThrottledError, *AnswerError, *ForeignLinkError and those of the network.
func (g *Graph) Customers(ctx context.Context, t session.Target, waits func(until time.Time)) (Found, error) {
	a, err := g.ask(ctx, t, waits)
	if err != nil {
		return Found{}, fmt.Errorf("list the tenants of the partner: %w", err)
	}
	defer a.client.CloseIdleConnections()
	var found Found
	delegated, err := a.delegated(ctx)
	if found.refusal(err) != nil {
		return Found{}, fmt.Errorf("list the tenants of the partner: %w", err)
	}
	contracts, err := a.contracts(ctx)
	if found.refusal(err) != nil {
		return Found{}, fmt.Errorf("list the tenants of the partner: %w", err)
	}
	if len(found.Refused) == 2 {
		return Found{}, fmt.Errorf("list the tenants of the partner: %w", found.Refused[0])
	}
	found.Tenants = together(contracts, delegated)
	if err := a.domains(ctx, &found); err != nil {
		return Found{}, fmt.Errorf("list the tenants of the partner: %w", err)
	}
	slices.SortStableFunc(found.Tenants, func(x, y endpoint.Tenant) int {
		return cmp.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name))
	})
	return found, nil
}

// refusal keeps a refusal, and gives any other error.
func (f *Found) refusal(err error) error {
	if refused, ok := errors.AsType[*RefusedError](err); ok {
		f.Refused = append(f.Refused, refused)
		return nil
	}
	return err
}

// together joins lists; a tenant that several have is in it once.
func together(lists ...[]endpoint.Tenant) []endpoint.Tenant {
	var all []endpoint.Tenant
	at := map[string]int{}
	for _, list := range lists {
		for _, x := range list {
			i, known := at[x.ID]
			if !known {
				at[x.ID] = len(all)
				all = append(all, x)
				continue
			}
			all[i].Domain = cmp.Or(all[i].Domain, x.Domain)
			all[i].Name = cmp.Or(all[i].Name, x.Name)
		}
	}
	return all
}

// delegated are the tenants with a delegated administration: delegatedAdminCustomer has
// id and tenantId, both the tenant's GUID, and displayName.
func (a *asking) delegated(ctx context.Context) ([]endpoint.Tenant, error) {
	type customer struct {
		ID     string `json:"id"`
		Tenant string `json:"tenantId"`
		Name   string `json:"displayName"`
	}
	list, err := all[customer](ctx, a, "tenantRelationships/delegatedAdminCustomers")
	return tenantsOf(list, func(c customer) endpoint.Tenant {
		return endpoint.Tenant{ID: cmp.Or(c.Tenant, c.ID), Name: c.Name}
	}), err
}

// contracts are the tenants with a contract. defaultDomainName and displayName are
// copies from when the contract was made, and may be old.
func (a *asking) contracts(ctx context.Context) ([]endpoint.Tenant, error) {
	type contract struct {
		Tenant string `json:"customerId"`
		Domain string `json:"defaultDomainName"`
		Name   string `json:"displayName"`
	}
	list, err := all[contract](ctx, a, "contracts")
	return tenantsOf(list, func(c contract) endpoint.Tenant {
		return endpoint.Tenant{ID: c.Tenant, Domain: c.Domain, Name: c.Name}
	}), err
}

// tenantsOf reads entries; one without a GUID names no tenant.
func tenantsOf[T any](list []T, read func(T) endpoint.Tenant) []endpoint.Tenant {
	var tenants []endpoint.Tenant
	for _, entry := range list {
		x := read(entry)
		id, ok := endpoint.ParseTenantID(x.ID)
		if !ok {
			continue
		}
		x.ID, x.Name = id, strings.TrimSpace(x.Name)
		if domain, err := endpoint.ParseDomain(x.Domain); err == nil {
			x.Domain = domain
		} else {
			x.Domain = ""
		}
		tenants = append(tenants, x)
	}
	return tenants
}

// domains finds out the domains that the lists do not have. A refusal ends it: the
// next tenant's would be refused as well.
func (a *asking) domains(ctx context.Context, found *Found) error {
	for i := range found.Tenants {
		x := &found.Tenants[i]
		if x.Domain != "" {
			continue
		}
		var said struct {
			Domain string `json:"defaultDomainName"`
			Name   string `json:"displayName"`
		}
		err := a.get(ctx, a.address("tenantRelationships/findTenantInformationByTenantId(tenantId='"+x.ID+"')"), &said)
		if _, refused := errors.AsType[*RefusedError](err); refused {
			return found.refusal(err)
		}
		if answer, other := errors.AsType[*AnswerError](err); other && answer.Status == http.StatusNotFound {
			continue // gone meanwhile
		}
		if err != nil {
			return err
		}
		x.Name = cmp.Or(x.Name, said.Name)
		if domain, parsing := endpoint.ParseDomain(said.Domain); parsing == nil {
			x.Domain = domain
		}
	}
	return nil
}
