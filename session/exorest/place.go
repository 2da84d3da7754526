package exorest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
)

// modulePath has the module file, whichever interface runs the cmdlets.
const modulePath = "/adminapi/v1.0"

// place is where a target's requests go, and for whom.
type place struct {
	base    *url.URL // of the front door: scheme, host, and the path up to the version
	tenant  string   // the GUID, in lower case
	scope   string
	module  string // the path before the module file
	version string // of the module whose file is asked for
}

// placeOf gives the place of a target whose tenant is known.
func placeOf(t session.Target, tenant string) (place, error) {
	m, err := t.Endpoint.SignIn()
	if err != nil {
		return place{}, fmt.Errorf("target %s: %w", t.Endpoint.Name, err)
	}
	u, err := url.Parse(t.Endpoint.URL)
	if err != nil || u.Host == "" || u.User != nil {
		return place{}, fmt.Errorf("target %s: %w", t.Endpoint.Name, errAddress)
	}
	if u.Scheme != "https" {
		return place{}, fmt.Errorf("target %s: %w", t.Endpoint.Name, errPlain)
	}
	before := strings.TrimRight(u.Path, "/")
	return place{
		base:   &url.URL{Scheme: u.Scheme, Host: u.Host, Path: before + m.BasePath},
		tenant: strings.ToLower(tenant), scope: m.Scope, module: before + modulePath, version: m.ModuleVersion,
	}, nil
}

var (
	errAddress = errors.New("exorest: the address has no host")
	errPlain   = errors.New("exorest: a token goes over https only")
	errForeign = errors.New("exorest: the host is not of this service")
)

// at gives the address of a resource of the tenant at a host.
func (p place) at(host, path, resource, query string) *url.URL {
	return &url.URL{Scheme: p.base.Scheme, Host: host, Path: path + "/" + p.tenant + "/" + resource, RawQuery: query}
}

// invokes names the resource that runs a cmdlet: InvokeCommand runs any; the
// documented interface has one for each noun that it knows.
func (p place) invokes(name string) string {
	if strings.HasPrefix(strings.ToLower(p.base.Path), "/adminapi/v2") {
		_, noun, _ := strings.Cut(name, "-")
		return noun
	}
	return "InvokeCommand"
}

// behindBase gives what stands in a path behind the place's own, or behind another version
// of the interface: the tenant and the resource.
func (p place) behindBase(path string) (rest string, ok bool) {
	if base := p.base.Path + "/"; len(path) > len(base) && strings.EqualFold(path[:len(base)], base) {
		return path[len(base):], true
	}
	parts := strings.SplitN(strings.TrimPrefix(path, "/"), "/", 3)
	if len(parts) < 3 || !strings.EqualFold(parts[0], "adminapi") {
		return "", false
	}
	return parts[2], true
}

// guid is a GUID in lower case.
var guid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// tenantOf gives the GUID of the target's tenant: the one that was chosen, else
// what can be found out.
func (d *Door) tenantOf(ctx context.Context, t session.Target) (string, error) {
	if id, ok := endpoint.ParseTenantID(t.Tenant.ID); ok {
		return id, nil
	}
	if d.options.FindTenant != nil {
		found, err := d.options.FindTenant(ctx, t)
		if err != nil {
			return "", fmt.Errorf("find the tenant %q: %w", t.Tenant.Domain, err)
		}
		if id, ok := endpoint.ParseTenantID(found); ok {
			return id, nil
		}
	}
	return "", fmt.Errorf("%w: %q", ErrNoTenant, t.Tenant.Domain)
}

// systemMailbox is the mailbox of every tenant that requests for no mailbox are
// routed by; auditMailbox that of the settings of the audit log.
const (
	systemMailbox = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}"
	auditMailbox  = "SystemMailbox{8cc370d3-822a-4ab8-a926-bb94bd0641a9}"
)

// anchor says by which mailbox a call is routed; byParameter that it is one of
// its arguments.
func (c *conn) anchor(i cmdlet.Invocation, account string) (text string, byParameter bool) {
	if strings.EqualFold(i.Cmdlet, "Set-AdminAuditLogConfig") {
		return "APP:" + auditMailbox + "@" + c.at.tenant, false
	}
	if text := mailboxOf(i, c.at.tenant); text != "" {
		return text, true
	}
	if c.target.Method() == endpoint.AuthApp || !c.target.Tenant.IsZero() || !strings.Contains(account, "@") {
		return "APP:" + systemMailbox + "@" + c.at.tenant, false
	}
	return "UPN:" + account, false
}

// address is an e-mail address, as far as it matters here.
var address = regexp.MustCompile(`^[^@\s\\/:|"']+@[^@\s\\/:|"']+\.[^@\s\\/:|"']+$`)

// ofMailboxes begin the nouns of cmdlets that go to the server of the mailbox.
func ofMailboxes() []string {
	return []string{
		"mailbox", "inboxrule", "mobiledevice", "calendarprocessing", "calendarnotification", "clutter", "focusedinbox", "messagecategory",
		"sweeprule", "userphoto", "textmessagingaccount", "eventsfromemail", "casmailbox",
	}
}

// mailboxOf is the routing by the mailbox that an argument names; "" without one.
func mailboxOf(i cmdlet.Invocation, tenant string) string {
	_, noun, _ := strings.Cut(strings.ToLower(i.Cmdlet), "-")
	of := false
	for _, begin := range ofMailboxes() {
		of = of || strings.HasPrefix(noun, begin)
	}
	if !of {
		return ""
	}
	for _, name := range []string{"Mailbox", "Identity"} {
		a, _ := i.Arg(name)
		text, _ := a.Value.(string)
		text, _, _ = strings.Cut(text, `:\`)
		switch {
		case address.MatchString(text):
			return "SMTP:" + text
		case guid.MatchString(strings.ToLower(text)):
			return "MBX:" + text + "@" + tenant
		}
	}
	return ""
}

// mostRedirects is how often a request is sent on.
const mostRedirects = 8

// region gives the host that a redirect leads to. Only the first label of the
// name counts, put before the name of the front door: so a foreign host cannot
// come in. A host that the target allows by name is taken as it stands.
func (c *conn) region(ctx context.Context, from *url.URL, location string) (string, error) {
	to, err := from.Parse(location)
	if err != nil || location == "" || to.Host == "" {
		return "", errForeign
	}
	if to.Scheme != "https" || to.User != nil {
		return "", errPlain
	}
	base := strings.ToLower(c.at.base.Hostname())
	if host := strings.ToLower(to.Hostname()); host != base && strings.HasSuffix(host, "."+familyOf(base)) {
		label, _, _ := strings.Cut(host, ".")
		if port := c.at.base.Port(); port != "" {
			return label + "." + serviceOf(base) + ":" + port, nil
		}
		return label + "." + serviceOf(base), nil
	}
	if err := c.target.MayRedirect(ctx, from, to); err != nil {
		return "", err
	}
	return to.Host, nil
}

// familyOf is what the names of a service's regions end in: Security &
// Compliance answers from hosts beside its front door.
func familyOf(base string) string {
	return strings.TrimPrefix(serviceOf(base), "ps.compliance.")
}

// serviceOf is the name before which regions put theirs: the front door of DoD's Security
// & Compliance is called by a region's already.
func serviceOf(base string) string {
	if rest, region := strings.CutPrefix(base, "l5."); region && strings.HasPrefix(rest, "ps.compliance.") {
		return rest
	}
	return base
}
