package cli

import (
	"bytes"
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"postroom/app/folders"
	"postroom/session"
	"postroom/session/atomicfile"
	"postroom/session/endpoint"
	"postroom/session/holder"
)

// resolve makes one Target for each tenant, or one for the own organization.
func (t *connectFlags) resolve(s Streams) ([]session.Target, error) {
	at, err := t.place(s)
	if err != nil {
		return nil, err
	}
	account, err := t.account(at)
	if err != nil {
		return nil, err
	}
	roots, err := t.roots()
	if err != nil {
		return nil, err
	}
	known, err := openTenants(s)
	if err != nil {
		return nil, err
	}
	t.known = known
	tenants, err := t.tenantList(known)
	if err != nil {
		return nil, err
	}
	if len(tenants) > 0 && t.url != "" {
		at.Endpoint.Delegation = true // who names both knows that the server delegates
	}
	named := asSet(known, at.Tenant)
	for _, tenant := range tenants {
		if _, err := endpoint.OneTenant(named, tenant); err != nil {
			return nil, &usageError{command: "run", what: "--tenant names another tenant than the address", err: err}
		}
		if _, err := at.Endpoint.For(tenant); err != nil {
			return nil, &usageError{command: "run", what: "--tenant " + tenant.Name, err: err}
		}
	}
	if len(tenants) == 0 && !at.Tenant.IsZero() {
		tenants = []endpoint.Tenant{named}
	}
	base := session.Target{
		Endpoint: at.Endpoint, Account: account,
		RootCAs: roots, Limit: int(t.sessionLimit),
	}
	if len(tenants) == 0 {
		return []session.Target{base}, needsTenant(base)
	}
	targets := make([]session.Target, len(tenants))
	for i, tenant := range tenants {
		targets[i] = base
		targets[i].Tenant = tenant
	}
	return targets, nil
}

// needsTenant says that an application has to be told for whom it signs in, and that an
// address names a tenant where the account's own is meant.
func needsTenant(t session.Target) error {
	if _, err := t.Endpoint.For(t.Tenant); err != nil {
		return &usageError{command: "run", what: "cannot connect there", err: err}
	}
	if t.Method() == endpoint.AuthApp {
		return &usageError{command: "run", what: "--tenant is missing: an application has no tenant of its own"}
	}
	return nil
}

// account is who signs in: whom --user names, else whom the address does.
func (t *connectFlags) account(at endpoint.Address) (string, error) {
	user := cmp.Or(t.user, at.User)
	if at.Endpoint.Door == endpoint.REST && (user == "" || at.Endpoint.Auth[0] == endpoint.AuthApp) {
		return "", nil // chosen in the browser; an application has none
	}
	if user == "" {
		return "", &usageError{command: "run", what: "--user is missing: the account to sign in with"}
	}
	if !utf8.ValidString(user) {
		return "", &usageError{command: "run", what: fmt.Sprintf("--user %q is not UTF-8", user)}
	}
	account, err := holder.Clean(user)
	if err != nil {
		return "", &usageError{command: "run", what: fmt.Sprintf("--user %q is not an account", user), err: err}
	}
	return account, nil
}

// place is where the flags say to connect: the endpoint with what they change of it, and
// the tenant and the account that an address names.
func (t *connectFlags) place(s Streams) (endpoint.Address, error) {
	var at endpoint.Address
	switch {
	case t.url != "" && t.endpoint != "":
		return at, &usageError{command: "run", what: "--url and --endpoint both say where to connect: give one"}
	case t.url == "" && t.endpoint == "":
		return at, &usageError{command: "run", what: "--url or --endpoint is missing: where to connect"}
	}
	directory, err := openDirectory(s)
	if err != nil {
		return at, err
	}
	t.directory = directory
	if t.endpoint != "" {
		at.Endpoint, err = named(directory, t.endpoint)
	} else if at, err = directory.Read(t.url); err != nil {
		err = &usageError{command: "run", what: "--url is not an address to connect to", err: err}
	}
	if err != nil {
		return at, err
	}
	signsIn, err := endpoint.AuthorityTenant(t.authority)
	if err == nil {
		at.Tenant, err = endpoint.OneTenant(at.Tenant, signsIn)
	}
	if err != nil {
		return at, &usageError{command: "run", what: "--authority", err: err}
	}
	e := &at.Endpoint
	e.RedirectHosts = slices.Concat(e.RedirectHosts, directory.Redirects(e.ID)) // the catalogue's list is shared
	if t.configuration != "" {
		e.Configuration = t.configuration
	}
	if err := t.method(e); err != nil {
		return at, err
	}
	redirects, err := redirectHosts("run", t.allowRedirects)
	if err != nil {
		return at, err
	}
	e.RedirectHosts = slices.Concat(e.RedirectHosts, redirects)
	if err := e.Validate(); err != nil {
		return at, &usageError{command: "run", what: "cannot connect there", err: err}
	}
	return at, nil
}

// redirectHosts reads the values of --allow-redirect.
func redirectHosts(command string, given []string) ([]string, error) {
	var hosts []string
	for _, text := range given {
		host, err := endpoint.ParseRedirectHost(text)
		if err != nil {
			return nil, &usageError{command: command, what: fmt.Sprintf("--allow-redirect %q is not the name of a host, such as mail.contoso.example or mail.contoso.example:8443", text)}
		}
		hosts = append(hosts, host)
	}
	return hosts, nil
}

// method sets how is signed in, and where, with which application and certificate. A
// modern sign-in makes the address one of the REST door.
func (t *connectFlags) method(e *endpoint.Endpoint) error {
	method := strings.ToLower(t.auth)
	if method != "" && !slices.Contains(signInMethods(), method) {
		return &usageError{command: "run", what: fmt.Sprintf("--auth %q is none of %s", t.auth, strings.Join(signInMethods(), ", "))}
	}
	modern := t.authority+t.clientID+t.certificate+t.scope+t.basePath+t.moduleVersion != ""
	switch {
	case method == "" && t.certificate != "":
		method = endpoint.AuthApp
	case method == "" && modern && e.Door != endpoint.REST:
		method = endpoint.AuthModern
	}
	if modern && method != "" && !endpoint.IsModern(method) {
		return &usageError{command: "run", what: "--authority, --client-id, --certificate, --scope, --base-path and --module-version are for --auth modern, device and app"}
	}
	if method != "" {
		e.Auth = []string{method}
	}
	if endpoint.IsModern(method) && e.Door != endpoint.REST {
		e.Door, e.SessionLimit, e.Configuration, e.Delegation = endpoint.REST, 0, "", true
	}
	e.Modern = e.Modern.With(endpoint.Modern{
		Authority: t.authority, ClientID: t.clientID, Certificate: t.certificate, Scope: t.scope, BasePath: t.basePath, ModuleVersion: t.moduleVersion,
	})
	return nil
}

// signInMethods are the values of --auth.
func signInMethods() []string {
	return []string{endpoint.AuthBasic, endpoint.AuthNTLM, endpoint.AuthKerberos, endpoint.AuthModern, endpoint.AuthDevice, endpoint.AuthApp}
}

// openDirectory reads the catalogue and the person's own endpoints.
func openDirectory(s Streams) (*endpoint.Directory, error) {
	catalogue, err := Endpoints()
	if err != nil {
		return nil, err
	}
	dir, err := folders.Config()
	if err != nil {
		return nil, err
	}
	directory, err := endpoint.OpenDirectory(filepath.Join(dir, folders.Endpoints), catalogue)
	if err != nil {
		return nil, fmt.Errorf("read your own endpoints: %w", err)
	}
	for _, aside := range directory.SetAside() {
		Explain(s.Err, aside)
	}
	return directory, nil
}

// named looks an endpoint up by ID or name.
func named(directory *endpoint.Directory, name string) (endpoint.Endpoint, error) {
	e, err := directory.Find(name)
	if err != nil {
		var ids []string
		for _, known := range directory.All() {
			ids = append(ids, known.ID)
		}
		return e, &usageError{command: "run", what: fmt.Sprintf("there is no endpoint %q; there are: %s", name, strings.Join(ids, ", "))}
	}
	if e.Closed != "" {
		return e, &usageError{command: "run", what: e.Name + " is closed: " + e.Closed}
	}
	return e, nil
}

// roots are the certificates to trust, nil for the system's.
func (t *signInFlags) roots() (*x509.CertPool, error) {
	if t.ca == "" {
		return nil, nil
	}
	pem, err := atomicfile.Read(t.ca, endpoint.AuthorityMost)
	if err != nil {
		return nil, &usageError{what: "--ca", err: err}
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, &usageError{what: fmt.Sprintf("--ca: %s has no certificate in PEM form", t.ca)}
	}
	return pool, nil
}

// tenantList are the tenants of --tenant and --tenants, in that order, each
// once: the second time would give the same rows again.
func (t *connectFlags) tenantList(known *endpoint.Tenants) ([]endpoint.Tenant, error) {
	var tenants []endpoint.Tenant
	at := map[string]int{}
	add := func(tenant endpoint.Tenant) {
		name := cmp.Or(tenant.Domain, tenant.ID)
		kept := asSet(known, endpoint.Tenant{Name: name, Domain: tenant.Domain, ID: tenant.ID})
		kept.Domain = cmp.Or(kept.Domain, kept.ID)
		i, again := at[kept.Domain]
		if !again {
			i = len(tenants)
			at[kept.Domain] = i
			tenants = append(tenants, kept)
		}
		tenants[i].ReadOnly = tenants[i].ReadOnly || tenant.ReadOnly // a list of one's own may say it, too
	}
	for _, text := range t.tenants {
		if id, ok := endpoint.ParseTenantID(text); ok {
			add(endpoint.Tenant{ID: id})
			continue
		}
		domain, parseErr := endpoint.ParseDomain(text)
		if parseErr != nil {
			return nil, &usageError{command: "run", what: fmt.Sprintf("--tenant %q", text), err: parseErr}
		}
		add(endpoint.Tenant{Domain: domain})
	}
	if t.tenantsFile == "" {
		return tenants, nil
	}
	listed, err := readTenants(t.tenantsFile)
	for _, l := range listed {
		add(l.Tenant)
	}
	return tenants, err
}

// asSet gives a tenant with what the person has set about it in the window, such as
// that nothing may be changed there: that holds here too, however it was named.
func asSet(known *endpoint.Tenants, tenant endpoint.Tenant) endpoint.Tenant {
	if kept, ok := known.Known(tenant); ok {
		return kept
	}
	return tenant
}

// openTenants reads the window's list of tenants.
func openTenants(s Streams) (*endpoint.Tenants, error) {
	dir, err := folders.Config()
	if err != nil {
		return nil, err
	}
	known, err := endpoint.OpenTenants(filepath.Join(dir, folders.Tenants))
	if err != nil {
		return nil, fmt.Errorf("read your list of tenants: %w", err)
	}
	for _, aside := range known.SetAside() {
		Explain(s.Err, aside)
	}
	return known, nil
}

// readTenants reads a list as the window's import does: domains line by line,
// or a spreadsheet's CSV. A line that names none is an error here: a report
// that leaves a customer out must not look whole.
func readTenants(name string) ([]endpoint.Listed, error) {
	raw, err := atomicfile.Read(name, endpoint.MaxList)
	if errors.Is(err, atomicfile.ErrTooLarge) {
		return nil, &usageError{command: "run", what: "--tenants " + name, err: endpoint.ErrListTooLong}
	}
	if err != nil {
		return nil, &usageError{command: "run", what: "--tenants", err: err}
	}
	listed, wrong := endpoint.ParseTenants(withoutComments(raw))
	if len(wrong) > 0 {
		return nil, &usageError{command: "run", what: fmt.Sprintf("--tenants %s, line %d: %q", name, wrong[0].Line, wrong[0].Text), err: wrong[0].Err}
	}
	if len(listed) == 0 {
		return nil, &usageError{command: "run", what: fmt.Sprintf("--tenants: %s names no domain", name)}
	}
	return listed, nil
}

// withoutComments empties the lines that begin with #, so that the others keep
// their numbers.
func withoutComments(raw []byte) []byte {
	var kept []byte
	for line := range bytes.Lines(raw) {
		if bytes.HasPrefix(bytes.TrimLeft(line, "\uFEFF \t"), []byte("#")) {
			line = []byte("\n")
		}
		kept = append(kept, line...)
	}
	return kept
}
