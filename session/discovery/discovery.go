// Package discovery finds out which tenant a domain belongs to, and in which of
// Microsoft's clouds it lies, before anybody signs in: from the OpenID documents
// that Entra publishes for every domain (OpenID Connect Discovery 1.0, section 4).
// It sends the domain and nothing else.
//
// The tenant's GUID is what a token is asked for and compared with; a name alone
// may stand for two tenants, one in each of two clouds.
package discovery

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"postroom/session"
	"postroom/session/endpoint"
	"postroom/session/proxy"
)

// Found is a tenant as its cloud publishes it.
type Found struct {
	// ID is the tenant's GUID in lower case.
	ID string
	// Cloud is where it lies.
	Cloud endpoint.Cloud
	// Region is Entra's word for where its directory is kept, such as EU; "" when
	// it did not say.
	Region string
	// Also are other clouds that have a tenant of the same name: another tenant.
	Also []endpoint.Cloud
}

// UnknownError is a domain that no cloud knows as a tenant's.
type UnknownError struct{ Name string }

// Error names the domain.
func (e *UnknownError) Error() string {
	return fmt.Sprintf("find the tenant: no cloud knows %q", e.Name)
}

// UnknownTenant gives the name.
func (e *UnknownError) UnknownTenant() string { return e.Name }

// ElsewhereError is a tenant that lies in other clouds than the endpoint's.
type ElsewhereError struct {
	Name   string
	Wanted endpoint.Cloud
	Clouds []endpoint.Cloud
}

// Error names them.
func (e *ElsewhereError) Error() string {
	return fmt.Sprintf("find the tenant: %q is in the cloud %s, not in %s", e.Name, join(e.Clouds), e.Wanted)
}

// OtherCloud gives the tenant's name and the clouds that have it.
func (e *ElsewhereError) OtherCloud() (tenant, clouds string) { return e.Name, join(e.Clouds) }

func join(clouds []endpoint.Cloud) string {
	var names []string
	for _, c := range clouds {
		names = append(names, string(c))
	}
	return strings.Join(names, ", ")
}

// Options say how is asked.
type Options struct {
	// Client makes the client that asks through a proxy and trusts these roots, nil
	// for the system's; nil is http.Client over proxy.NewTransportBy, with Proxies.
	Client func(proxy.Setting, *x509.CertPool) *http.Client
	// Proxies are the passwords of users at proxies; nil knows none.
	Proxies *proxy.Passwords
	// Home gives the GUID of the own tenant of a target's account, "" when nobody
	// has signed in yet; nil knows none.
	Home func(context.Context, session.Target) (string, error)
	// Program is the name that we ask under.
	Program string
}

// Finder finds tenants, and remembers what it found until the program ends. It
// may be used from several goroutines.
type Finder struct {
	o Options

	mu      sync.Mutex
	known   map[question]document
	clients map[way]*http.Client
}

type (
	question struct{ authority, name string }
	way      struct {
		proxy     proxy.Setting
		authority endpoint.Authority // the endpoint's own, beside roots
		roots     *x509.CertPool
	}
)

// New makes a Finder; nothing is asked yet.
func New(o Options) *Finder {
	if o.Client == nil {
		o.Client = func(s proxy.Setting, roots *x509.CertPool) *http.Client {
			return &http.Client{Transport: proxy.NewTransportBy(&proxy.Dialer{Setting: s, RootCAs: roots, Password: o.Proxies.Password})}
		}
	}
	return &Finder{o: o, known: map[question]document{}, clients: map[way]*http.Client{}}
}

// timeout bounds one question.
const timeout = 15 * time.Second

// answer is what one authority said.
type answer struct {
	authority string
	document
	err error
}

// Find finds the tenant of a domain, or of a GUID, in the cloud of an endpoint of
// the REST door. All clouds are asked, so that a tenant elsewhere, or of the same
// name in two, is told; what another cloud than the endpoint's fails to answer is
// left out. roots may sign the authority's certificate, nil for the system's.
//
// Errors: *endpoint.DomainError, *endpoint.InvalidError, *UnknownError,
// *ElsewhereError, *AnswerError, and those of the network.
func (f *Finder) Find(ctx context.Context, e endpoint.Endpoint, roots *x509.CertPool, name string) (Found, error) {
	m, err := e.SignIn()
	if err != nil {
		return Found{}, fmt.Errorf("find the tenant: %w", err)
	}
	asked, ok := endpoint.ParseTenantID(name)
	if !ok {
		if asked, err = endpoint.ParseDomain(name); err != nil {
			return Found{}, err
		}
	}
	client, err := f.client(e, way{e.Proxy, e.Authority, roots})
	if err != nil {
		return Found{}, fmt.Errorf("find the tenant: %w", err)
	}
	if err = f.prepare(ctx, e, m.Authority); err != nil {
		return Found{}, fmt.Errorf("find the tenant: %w", err)
	}
	asking, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	answers := f.askAll(asking, client, authorities(m.Authority), asked)
	found, err := judge(name, endpoint.CloudOf(m.Authority), answers)
	_, err = f.o.Proxies.Heed(ctx, err)
	return found, err
}

// prepare gets what the proxy on the way to the authority asks for.
func (f *Finder) prepare(ctx context.Context, e endpoint.Endpoint, authority string) error {
	server, err := url.Parse(authority)
	if err != nil {
		return err
	}
	return f.o.Proxies.Prepare(ctx, e.Proxy, server)
}

// ErrNoTenant is a target that names no tenant, and of which nobody knows whose own
// is meant.
var ErrNoTenant = errors.New("find the tenant: none is chosen, and the account's own is not known")

// Tenant gives the GUID of a target's tenant: the one that is kept, else what is
// found. Of the account's own, which has no name, it is where the account is at
// home: as its sign-in says, else by the domain of its name. Errors are those of
// Find, and ErrNoTenant.
func (f *Finder) Tenant(ctx context.Context, t session.Target) (string, error) {
	if id, ok := endpoint.ParseTenantID(t.Tenant.ID); ok {
		return id, nil
	}
	name := t.Tenant.Domain
	if name == "" && f.o.Home != nil && t.Method() != endpoint.AuthApp {
		home, err := f.o.Home(ctx, t)
		if err != nil || home != "" {
			return home, err
		}
	}
	if name == "" {
		if _, domain, ok := strings.Cut(t.Account, "@"); ok {
			name = domain
		}
	}
	if name == "" {
		return "", ErrNoTenant
	}
	found, err := f.Find(ctx, t.Endpoint, t.RootCAs, name)
	return found.ID, err
}

// authorities are all that may know a name: the endpoint's own first, then, where
// that is one of Microsoft's, the others.
func authorities(own string) []string {
	all := []string{own}
	if endpoint.CloudOf(own) == endpoint.CloudOwn {
		return all
	}
	for _, other := range endpoint.Authorities() {
		if other != own {
			all = append(all, other)
		}
	}
	return all
}

func (f *Finder) askAll(ctx context.Context, client *http.Client, all []string, name string) []answer {
	answers := make([]answer, len(all))
	var wait sync.WaitGroup
	for i, authority := range all {
		wait.Go(func() { // ends with its answer, or with ctx
			d, err := f.ask(ctx, client, question{authority, name})
			answers[i] = answer{authority, d, err}
		})
	}
	wait.Wait()
	return answers
}

func (f *Finder) client(e endpoint.Endpoint, w way) (*http.Client, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.clients[w]; c != nil {
		return c, nil
	}
	roots, err := e.Roots(w.roots)
	if err != nil {
		return nil, err
	}
	c := f.o.Client(w.proxy, roots)
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	f.clients[w] = c
	return c, nil
}

// judge makes one answer of all; the first is of the endpoint's own authority.
func judge(name string, wanted endpoint.Cloud, answers []answer) (Found, error) {
	var here *Found
	var others []endpoint.Cloud
	for _, a := range answers {
		if a.err != nil {
			continue
		}
		switch cloud := a.cloud(a.authority); {
		case cloud != wanted:
			if !slices.Contains(others, cloud) {
				others = append(others, cloud)
			}
		case here == nil:
			here = &Found{ID: a.tenant, Cloud: cloud, Region: a.Region}
		}
	}
	unknown, isUnknown := errors.AsType[*UnknownError](answers[0].err)
	switch {
	case here != nil:
		here.Also = others
		return *here, nil
	case len(others) > 0:
		return Found{}, &ElsewhereError{Name: name, Wanted: wanted, Clouds: others}
	case isUnknown:
		unknown.Name = name
		return Found{}, unknown
	}
	return Found{}, fmt.Errorf("find the tenant %s: %w", name, answers[0].err)
}
