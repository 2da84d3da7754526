package endpoint

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"postroom/session/jsonfile"
)

const directoryVersion = 1

// The errors of a Directory.
var (
	ErrUnknownEndpoint = errors.New("endpoint: no endpoint with this ID or name")
	ErrCatalogued      = errors.New("endpoint: an endpoint of the catalogue cannot be changed; copy it")
	ErrNotRemembered   = errors.New("endpoint: this redirect may not be remembered")
)

// Directory is all places that one can connect to: the catalogue's and the
// person's own, which are kept in a file together with the redirects that the
// person allowed. Several processes may share the file. Reading methods work
// in memory; those that change something read and write the file.
type Directory struct {
	path      string
	catalogue []Endpoint

	mu    sync.Mutex
	kept  directoryFile
	aside []*jsonfile.SetAsideError
	lost  bool // a list that could not be read is missed, see Lost
}

type directoryFile struct {
	Own []Endpoint `json:"own"`
	// Redirects are the hosts that may be redirected to, by endpoint ID.
	Redirects map[string][]string `json:"redirects,omitempty"`
}

// OpenDirectory reads the person's endpoints at path beside catalogue; a
// missing file is none. A file that cannot be read is set aside; SetAside
// tells.
func OpenDirectory(path string, catalogue []Endpoint) (*Directory, error) {
	d := &Directory{path: path, catalogue: slices.Clone(catalogue)}
	err := jsonfile.Load(path, directoryVersion, &d.kept)
	var aside *jsonfile.SetAsideError
	if errors.As(err, &aside) {
		d.aside = append(d.aside, aside)
	} else if err != nil {
		return nil, err
	}
	kept, err := jsonfile.Aside(path)
	d.lost = len(kept) > 0
	return d, err
}

// SetAside returns the files that could not be read and were kept under
// another name.
func (d *Directory) SetAside() []*jsonfile.SetAsideError {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.aside)
}

// All returns the person's endpoints, then the catalogue's.
func (d *Directory) All() []Endpoint {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []Endpoint
	for _, e := range slices.Concat(d.kept.Own, d.catalogue) {
		out = append(out, e.Clone())
	}
	return out
}

// Find returns the endpoint with this ID, else the one with this name in any
// language, whatever its case and accents; ErrUnknownEndpoint when there is
// none or the name is not unique.
func (d *Directory) Find(idOrName string) (Endpoint, error) {
	all := d.All()
	for _, e := range all {
		if e.ID == idOrName {
			return e, nil
		}
	}
	var found []Endpoint
	for _, e := range all {
		if e.named(fold(strings.TrimSpace(idOrName))) {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		return Endpoint{}, fmt.Errorf("find %q: %w", idOrName, ErrUnknownEndpoint)
	}
	return found[0], nil
}

func (e Endpoint) named(folded string) bool {
	if fold(e.Name) == folded {
		return true
	}
	for _, t := range e.Texts {
		if fold(t.Name) == folded {
			return true
		}
	}
	return false
}

// Read understands an address or a line that connects, as parseAddress says; every face of
// the program reads one by it. Where the address leads to a known place, the endpoint is
// the one that is known, with its sign-in, limit and redirects; what the text itself says
// of the sign-in goes before that. It returns *TextError, or *DomainError
// for the tenant.
func (d *Directory) Read(text string) (Address, error) {
	a, given, err := parseAddress(text)
	if err != nil {
		return Address{}, err
	}
	if own, ok := d.ownClassic(given); ok {
		a.Endpoint = own
		return a, nil
	}
	if known, ok := d.Recognize(a.Endpoint); ok {
		known.Delegation = known.Delegation || a.Endpoint.Delegation
		if given.authentication != "" && known.Door != REST {
			known.Auth = a.Endpoint.Auth
		}
		if given.certified || given.device {
			known.Auth = preferring(known.Auth, a.Endpoint.Auth[0])
		}
		known.Modern = known.Modern.With(a.Endpoint.Modern)
		a.Endpoint = known
	} else if d.isLost() && a.Endpoint.Door != REST {
		a.Endpoint.SessionLimit = 1 // the person may have known a lower limit than is usual
	}
	return a, nil
}

func (d *Directory) isLost() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.lost
}

// ownClassic gives the place of the person's own at the classic door that a command
// names: who keeps one means it.
func (d *Directory) ownClassic(given connection) (Endpoint, bool) {
	u, err := url.Parse(given.classic)
	if err != nil || given.classic == "" {
		return Endpoint{}, false
	}
	e, err := given.endpoint(guess(u))
	if err != nil {
		return Endpoint{}, false
	}
	e.URL = given.classic
	known, ok := d.Recognize(e)
	if given.authentication != "" {
		known.Auth = e.Auth
	}
	return known, ok && known.Own
}

// preferring puts a sign-in method first.
func preferring(all []string, method string) []string {
	rest := slices.DeleteFunc(slices.Clone(all), func(m string) bool { return m == method })
	return append([]string{method}, rest...)
}

// Recognize returns the endpoint that leads to the same place as e, such as
// the catalogue's for a pasted address: same URL but for case of the host, a
// slash at the end and the tenant, and the same configuration. Of several it is the
// person's own, else the one of e's kind.
func (d *Directory) Recognize(e Endpoint) (Endpoint, bool) {
	key := placeOf(e)
	var first Endpoint
	found := false
	for _, known := range d.All() {
		if key == "" || placeOf(known) != key {
			continue
		}
		if known.Own || known.Kind == e.Kind {
			return known, true
		}
		if !found {
			first, found = known, true
		}
	}
	return first, found
}

// Closed says why the operator no longer answers where e leads, in the language
// of a BCP 47 tag; empty if nothing is known. An address of the person in
// Microsoft's clouds is as closed as the catalogue's at the same door.
func (d *Directory) Closed(e Endpoint, language string) string {
	if e.Closed != "" {
		return e.In(language).Closed
	}
	if e.Door == REST {
		return ""
	}
	u, err := url.Parse(e.URL)
	if err != nil || u.Host == "" {
		return ""
	}
	host := canonicalHost(u.Hostname())
	for _, known := range d.catalogue {
		at, err := url.Parse(known.URL)
		if err != nil || known.Closed == "" {
			continue
		}
		sent := func(pattern string) bool { return matchHost(pattern, host) }
		if canonicalHost(at.Hostname()) == host || known.Kind == e.Kind && slices.ContainsFunc(known.RedirectHosts, sent) {
			return known.In(language).Closed
		}
	}
	return ""
}

func placeOf(e Endpoint) string {
	u, err := url.Parse(e.URL)
	if err != nil || u.Host == "" {
		return ""
	}
	_, query, _ := strings.Cut(e.URL, "?")
	return strings.Join([]string{
		u.Scheme, canonicalHost(u.Hostname()), effectivePort(u),
		strings.ToLower(strings.TrimSuffix(u.Path, "/")), query, strings.ToLower(e.Configuration), string(cmp.Or(e.Door, Remoting)),
	}, "\n")
}

// Add keeps an endpoint of the person and returns it with the ID that it was
// given. It returns *InvalidError.
func (d *Directory) Add(ctx context.Context, e Endpoint) (Endpoint, error) {
	e = e.Clone()
	e.Own = true
	if err := e.ValidateKept(); err != nil {
		return Endpoint{}, err
	}
	err := d.update(ctx, func(f *directoryFile) error {
		e.ID = d.freeID(e.Name, f.Own)
		f.Own = append(f.Own, e)
		return nil
	})
	return e, err
}

// ValidateKept is Validate for an endpoint that is to be kept: it serves many tenants, so
// its address names none, nor does that of its authority, where it would be forgotten:
// ErrNamesTenant.
func (e Endpoint) ValidateKept() error {
	if err := e.withoutTenant(); err != nil {
		return err
	}
	if name := authorityTenant(e.Modern.Authority); name != "" && e.Door == REST {
		return namesTenant("Modern.Authority", name)
	}
	return e.Validate()
}

// Edit replaces the person's endpoint that has e's ID.
func (d *Directory) Edit(ctx context.Context, e Endpoint) error {
	e = e.Clone()
	e.Own = true
	if err := e.ValidateKept(); err != nil {
		return err
	}
	return d.change(ctx, e.ID, func(f *directoryFile, i int) { f.Own[i] = e })
}

// Remove forgets the person's endpoint with this ID and what it may be
// redirected to.
func (d *Directory) Remove(ctx context.Context, id string) error {
	return d.change(ctx, id, func(f *directoryFile, i int) {
		f.Own = slices.Delete(f.Own, i, i+1)
		delete(f.Redirects, id)
	})
}

// AllowRedirect is Endpoint.AllowRedirect with the hosts that the person has
// allowed for e.
func (d *Directory) AllowRedirect(e Endpoint, from, to *url.URL) error {
	return e.AllowRedirect(from, to, d.Redirects(e.ID)...)
}

// At returns the endpoints at a host, which may have a port: each with the hosts
// that the person has allowed for it among those that it may redirect to.
func (d *Directory) At(host string) []Endpoint {
	asked := &url.URL{Host: host}
	var at []Endpoint
	for _, e := range d.All() {
		u, err := url.Parse(e.URL)
		if err != nil || canonicalHost(u.Hostname()) != canonicalHost(asked.Hostname()) {
			continue
		}
		if port := asked.Port(); port == "" && effectivePort(u) != effectivePort(&url.URL{Scheme: u.Scheme}) ||
			port != "" && effectivePort(u) != port {
			continue
		}
		e.RedirectHosts = slices.Concat(e.RedirectHosts, d.Redirects(e.ID)) // the catalogue's list is shared
		at = append(at, e)
	}
	return at
}

// Redirects returns the hosts that the person has allowed for an endpoint.
func (d *Directory) Redirects(id string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.kept.Redirects[id])
}

// RememberRedirect allows what was refused, from now on, for one endpoint and
// exactly the host that was shown. Only Askable refusals can be remembered.
func (d *Directory) RememberRedirect(ctx context.Context, id string, refused *RedirectRefused) error {
	host, err := ParseRedirectHost(refused.Host)
	if !refused.Askable() || err != nil {
		return fmt.Errorf("remember %s: %w", refused.Host, ErrNotRemembered)
	}
	return d.update(ctx, func(f *directoryFile) error {
		if f.Redirects == nil {
			f.Redirects = map[string][]string{}
		}
		if !slices.Contains(f.Redirects[id], host) {
			f.Redirects[id] = append(f.Redirects[id], host)
		}
		return nil
	})
}

// ForgetRedirects takes back what the person allowed for an endpoint.
func (d *Directory) ForgetRedirects(ctx context.Context, id string) error {
	return d.update(ctx, func(f *directoryFile) error {
		delete(f.Redirects, id)
		return nil
	})
}

func (d *Directory) freeID(name string, own []Endpoint) string {
	base := slug(name)
	if base == "" {
		base = "endpoint"
	}
	taken := func(id string) bool {
		return slices.ContainsFunc(slices.Concat(own, d.catalogue), func(e Endpoint) bool { return e.ID == id })
	}
	id := base
	for n := 2; taken(id); n++ {
		id = base + "-" + strconv.Itoa(n)
	}
	return id
}

func (d *Directory) change(ctx context.Context, id string, fn func(*directoryFile, int)) error {
	if slices.ContainsFunc(d.catalogue, func(e Endpoint) bool { return e.ID == id }) {
		return fmt.Errorf("change %s: %w", id, ErrCatalogued)
	}
	return d.update(ctx, func(f *directoryFile) error {
		i := slices.IndexFunc(f.Own, func(e Endpoint) bool { return e.ID == id })
		if i < 0 {
			return fmt.Errorf("change %s: %w", id, ErrUnknownEndpoint)
		}
		fn(f, i)
		return nil
	})
}

func (d *Directory) update(ctx context.Context, fn func(*directoryFile) error) error {
	var after directoryFile
	aside, err := jsonfile.Update(ctx, d.path, directoryVersion, func(f *directoryFile) error {
		if err := fn(f); err != nil {
			return err
		}
		after = *f
		return nil
	})
	d.mu.Lock()
	defer d.mu.Unlock()
	if aside != nil {
		d.aside, d.lost = append(d.aside, aside), true
	}
	if err != nil {
		return err
	}
	d.kept = after
	return nil
}
