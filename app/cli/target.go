package cli

import (
	"bufio"
	"context"
	"crypto/x509"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"postroom/app/folders"
	"postroom/assets"
	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
)

// defaultConfiguration is the session configuration of all Exchange servers.
const defaultConfiguration = "Microsoft.Exchange"

// resolve makes one Target for each tenant, or one for the own organisation.
func (t *target) resolve(ctx context.Context, s Streams) ([]session.Target, error) {
	if t.user == "" {
		return nil, &usageError{what: "--user is missing: the account to sign in with"}
	}
	place, err := t.place()
	if err != nil {
		return nil, err
	}
	roots, err := t.roots()
	if err != nil {
		return nil, err
	}
	tenants, err := t.tenantList()
	if err != nil {
		return nil, err
	}
	secret, err := t.secret(ctx, s, place)
	if err != nil {
		return nil, err
	}
	base := session.Target{
		Endpoint: place, Credential: credential.Credential{User: t.user, Secret: secret},
		Auth: t.auth, RootCAs: roots, Limit: t.sessionLimit,
	}
	if len(tenants) == 0 {
		return []session.Target{base}, nil
	}
	targets := make([]session.Target, len(tenants))
	for i, tenant := range tenants {
		targets[i] = base
		targets[i].Tenant = tenant
		if _, err := place.For(tenant); err != nil {
			return nil, &usageError{what: "--tenant " + tenant.Domain, err: err}
		}
	}
	return targets, nil
}

// place is the endpoint that the flags name.
func (t *target) place() (endpoint.Endpoint, error) {
	var e endpoint.Endpoint
	switch {
	case t.url != "" && t.endpoint != "":
		return e, &usageError{what: "--url and --endpoint both say where to connect: give one"}
	case t.url != "":
		var err error
		if e, err = ownEndpoint(t.url); err != nil {
			return e, err
		}
	case t.endpoint != "":
		var err error
		if e, err = namedEndpoint(t.endpoint); err != nil {
			return e, err
		}
	default:
		return e, &usageError{what: "--url or --endpoint is missing: where to connect"}
	}
	if t.configuration != "" {
		e.Configuration = t.configuration
	}
	if t.auth != "" {
		e.Auth = []string{strings.ToLower(t.auth)}
	}
	e.RedirectHosts = append(e.RedirectHosts, t.allowRedirects...)
	if err := e.Validate(); err != nil {
		return e, &usageError{what: "the endpoint cannot be used", err: err}
	}
	return e, nil
}

// ownEndpoint is an endpoint made of a URL alone.
func ownEndpoint(address string) (endpoint.Endpoint, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return endpoint.Endpoint{}, &usageError{what: fmt.Sprintf("--url %q is not a URL such as https://host/PowerShell/", address), err: err}
	}
	return endpoint.Endpoint{
		ID: "url", Name: u.Host, URL: address, Kind: endpoint.KindOwn, Configuration: defaultConfiguration,
		Auth: []string{endpoint.AuthBasic}, SessionLimit: 3, Delegation: true, Own: true,
	}, nil
}

// namedEndpoint looks an endpoint up by ID or name: the person's own first.
func namedEndpoint(name string) (endpoint.Endpoint, error) {
	catalogue, err := endpoint.ParseCatalogue(assets.Endpoints())
	if err != nil {
		return endpoint.Endpoint{}, fmt.Errorf("read the catalogue of endpoints: %w", err)
	}
	dir, err := folders.Config()
	if err != nil {
		return endpoint.Endpoint{}, err
	}
	directory, err := endpoint.OpenDirectory(filepath.Join(dir, folders.Endpoints), catalogue)
	if err != nil {
		return endpoint.Endpoint{}, fmt.Errorf("read your own endpoints: %w", err)
	}
	e, err := directory.Find(name)
	if err != nil {
		var ids []string
		for _, known := range directory.All() {
			ids = append(ids, known.ID)
		}
		return e, &usageError{what: fmt.Sprintf("--endpoint %q; known are: %s", name, strings.Join(ids, ", ")), err: err}
	}
	if e.Closed != "" {
		return e, &usageError{what: e.Name + " is closed: " + e.Closed}
	}
	return e, nil
}

// roots are the certificates to trust, nil for the system's.
func (t *target) roots() (*x509.CertPool, error) {
	if t.ca == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(t.ca)
	if err != nil {
		return nil, &usageError{what: "--ca", err: err}
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, &usageError{what: fmt.Sprintf("--ca: %s has no certificate in PEM form", t.ca)}
	}
	return pool, nil
}

// tenantList are the tenants of --tenant and --tenants, in that order.
func (t *target) tenantList() ([]endpoint.Tenant, error) {
	domains := append([]string(nil), t.tenants...)
	if t.tenantsFile != "" {
		file, err := os.Open(t.tenantsFile)
		if err != nil {
			return nil, &usageError{what: "--tenants", err: err}
		}
		defer file.Close() //nolint:errcheck // it was only read
		lines := bufio.NewScanner(file)
		for lines.Scan() {
			line, _, _ := strings.Cut(lines.Text(), "#")
			if line = strings.TrimSpace(line); line != "" {
				domains = append(domains, line)
			}
		}
		if err := lines.Err(); err != nil {
			return nil, &usageError{what: "--tenants", err: err}
		}
	}
	tenants := make([]endpoint.Tenant, len(domains))
	for i, d := range domains {
		domain, err := endpoint.ParseDomain(d)
		if err != nil {
			return nil, &usageError{what: fmt.Sprintf("tenant %q", d), err: err}
		}
		tenants[i] = endpoint.Tenant{Name: domain, Domain: domain}
	}
	return tenants, nil
}

// secret is the password, from standard input or the keyring. Kerberos may do
// without one: its ticket cache has the identity.
func (t *target) secret(ctx context.Context, s Streams, e endpoint.Endpoint) (credential.Secret, error) {
	if t.passwordStdin {
		return passwordLine(s.In)
	}
	u, err := url.Parse(e.URL)
	if err != nil {
		return credential.Secret{}, &usageError{what: "--url", err: err}
	}
	return remembered(ctx, t.user, u.Host)
}
