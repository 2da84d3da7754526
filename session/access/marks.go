package access

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"postroom/session"
	"postroom/session/discovery"
	"postroom/session/endpoint"
	"postroom/session/holder"
)

// Marks tells for which tenants nothing but reading may be sent. What the person set in
// the list of tenants holds however one is addressed: by any of its domains, by its GUID,
// or as the account's own. It is a job's Marks.
type Marks struct {
	Tenants   *endpoint.Tenants
	Directory *endpoint.Directory
	// Find gives the GUID of a target's tenant, as discovery.Finder does.
	Find func(context.Context, session.Target) (string, error)
}

// Lost gives *endpoint.LostError while one of a person's lists that could not be read is
// missed, see Confirm.
func Lost(tenants *endpoint.Tenants, directory *endpoint.Directory) error {
	if err := tenants.Lost(); err != nil {
		return err
	}
	return directory.Lost()
}

// Confirm says that a person's lists are right without what could not be read.
func Confirm(ctx context.Context, tenants *endpoint.Tenants, directory *endpoint.Directory) error {
	return errors.Join(tenants.Confirm(ctx), directory.Confirm(ctx))
}

// UnsureError is a target of which nobody can tell whether it is a tenant that is set to
// read-only.
type UnsureError struct {
	Tenant string // the domain of the one that is set so
	Err    error  // why
}

// Error names the tenant.
func (e *UnsureError) Error() string {
	return fmt.Sprintf("find out whether this is %s, which is set to read-only: %v", e.Tenant, e.Err)
}

// Unwrap gives the cause.
func (e *UnsureError) Unwrap() error { return e.Err }

// PerhapsReadOnly gives the tenant.
func (e *UnsureError) PerhapsReadOnly() string { return e.Tenant }

// ReadOnly gives the domain of the tenant that the target is of, where that is set to
// read-only, else "". An error means that nobody can tell: *UnsureError, or
// *endpoint.LostError.
func (m Marks) ReadOnly(ctx context.Context, t session.Target) (string, error) {
	if err := m.Directory.Lost(); err != nil && t.Endpoint.Kind != endpoint.KindDemo {
		return "", err
	}
	if t.Tenant.IsZero() && t.Endpoint.Door != endpoint.REST && !t.Endpoint.Delegation {
		return "", nil // a server of one's own, which has no tenants
	}
	marked, err := m.Tenants.ReadOnly()
	if err != nil || len(marked) == 0 {
		return "", err
	}
	domain := t.Tenant.Domain
	if t.Tenant.IsZero() {
		domain = homeDomain(t.Account)
	}
	for _, x := range marked {
		if x.Domain == domain && domain != "" || x.ID == t.Tenant.ID && x.ID != "" {
			return x.Domain, nil
		}
	}
	if t.Endpoint.Door != endpoint.REST {
		return "", nil // there a tenant is its domain
	}
	return m.byID(ctx, t, marked)
}

// homeDomain is the domain of an account that has one, as lists of tenants have it.
func homeDomain(account string) string {
	clean, _ := holder.Clean(account) // what is no account has no domain
	_, domain, _ := strings.Cut(clean, "@")
	domain, err := endpoint.ParseDomain(domain)
	if err != nil {
		return ""
	}
	return domain
}

// byID compares the GUIDs, which a tenant has one of and which all its domains lead to.
func (m Marks) byID(ctx context.Context, t session.Target, marked []endpoint.Tenant) (string, error) {
	id, err := m.Find(ctx, t)
	if err != nil {
		return "", &UnsureError{Tenant: marked[0].Domain, Err: err}
	}
	for _, x := range marked {
		its := x.ID
		if its == "" {
			of := t
			of.Tenant = x
			its, err = m.Find(ctx, of)
		}
		_, unknown := errors.AsType[*discovery.UnknownError](err)
		_, elsewhere := errors.AsType[*discovery.ElsewhereError](err)
		switch {
		case unknown, elsewhere: // the target's cloud has no such tenant
			err = nil
		case err != nil:
			return "", &UnsureError{Tenant: x.Domain, Err: err}
		case strings.EqualFold(its, id):
			return x.Domain, nil
		}
	}
	return "", nil
}
