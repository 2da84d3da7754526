package endpoint

import (
	"fmt"
	"strings"
)

// TenantsError is more than one tenant where one is meant: an address or a line that names
// two, or a flag beside an address with another. Nothing was chosen.
type TenantsError struct {
	One, Other string // as people write them
}

// Error names both.
func (e *TenantsError) Error() string {
	return fmt.Sprintf("endpoint: two tenants are named: %s and %s", e.One, e.Other)
}

// OneTenant gives the one tenant that all of named are; those that are zero name none. It
// returns *TenantsError when two differ, and a domain beside a GUID counts as two unless
// one of them has both.
func OneTenant(named ...Tenant) (Tenant, error) {
	var one Tenant
	for _, t := range named {
		switch {
		case t.IsZero():
		case one.IsZero():
			one = t
		case t.Domain == one.Domain, t.ID != "" && t.ID == one.ID:
			if one.Domain == one.ID { // the other may have its domain too
				one = t
			}
		default:
			return Tenant{}, &TenantsError{One: DisplayDomain(one.Domain), Other: DisplayDomain(t.Domain)}
		}
	}
	return one, nil
}

// namedTenant is a tenant of which a text has the domain or the GUID. It returns
// *DomainError.
func namedTenant(name string) (Tenant, error) {
	if id, ok := ParseTenantID(name); ok {
		return Tenant{Name: id, Domain: id, ID: id, Color: assignColor(id, nil)}, nil
	}
	domain, err := ParseDomain(withoutPunctuation(name))
	if err != nil {
		return Tenant{}, err
	}
	return Tenant{Name: DisplayDomain(domain), Domain: domain, Color: assignColor(domain, nil)}, nil
}

// AuthorityTenant is the tenant in the address of an authority, such as
// https://login.microsoftonline.com/contoso.com; zero where it names none. It returns
// *DomainError.
func AuthorityTenant(authority string) (Tenant, error) {
	name := authorityTenant(authority)
	if name == "" {
		return Tenant{}, nil
	}
	return namedTenant(name)
}

// tenant is the one that the parameters and the address name; more are those of the address.
func (c connection) tenant(more ...string) (Tenant, error) {
	names := append(c.tenants[:len(c.tenants):len(c.tenants)], more...)
	if name := authorityTenant(c.authority); name != "" {
		names = append(names, name)
	}
	named := make([]Tenant, len(names))
	for i, name := range names {
		if strings.TrimSpace(name) == "" { // who writes DelegatedOrg= means no own tenant
			return Tenant{}, &TextError{Reason: TextBadValue, Name: delegatedOrg}
		}
		var err error
		if named[i], err = namedTenant(name); err != nil {
			return Tenant{}, err
		}
	}
	return OneTenant(named...)
}

// isTenant says that a parameter names the tenant.
func isTenant(name string) bool {
	return name == "delegatedorganization" || name == "organization"
}

// pathTenant is the tenant in the path of an address of the REST door, such as
// /adminapi/beta/contoso.onmicrosoft.com/InvokeCommand.
func pathTenant(path string) []string {
	parts := adminParts(path)
	if len(parts) < 3 || strings.EqualFold(parts[2], "InvokeCommand") {
		return nil
	}
	return parts[2:3]
}

// adminParts are the parts of a path of the REST door, adminapi the first; nil for another.
func adminParts(path string) []string {
	if parts := strings.Split(strings.Trim(path, "/"), "/"); strings.EqualFold(parts[0], "adminapi") {
		return parts
	}
	return nil
}
