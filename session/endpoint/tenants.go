package endpoint

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"postroom/session/jsonfile"
)

const tenantsVersion = 1

// The errors of Tenants.
var (
	ErrUnknownTenant   = errors.New("endpoint: no tenant with this domain")
	ErrDuplicateTenant = errors.New("endpoint: a tenant with this domain exists")
)

// Tenants is the list of the organizations that are looked after, kept in a
// file that several processes may share. Reading methods work in memory and
// are cheap enough for the UI thread; those that change the list read and
// write the file and are not. It may be used from several goroutines.
type Tenants struct {
	path string

	mu    sync.Mutex
	list  []Tenant // by name
	index []searchKeys
	aside []*jsonfile.SetAsideError
}

// OpenTenants reads the list at path; a missing file is an empty list. A file
// that cannot be read is set aside and the list begins empty; SetAside tells.
func OpenTenants(path string) (*Tenants, error) {
	t := &Tenants{path: path}
	var list []Tenant
	err := jsonfile.Load(path, tenantsVersion, &list)
	var aside *jsonfile.SetAsideError
	if errors.As(err, &aside) {
		t.aside = append(t.aside, aside)
	} else if err != nil {
		return nil, err
	}
	t.show(list)
	return t, nil
}

// SetAside returns the files that could not be read and were kept under
// another name.
func (t *Tenants) SetAside() []*jsonfile.SetAsideError {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.aside)
}

// All returns the tenants by name.
func (t *Tenants) All() []Tenant {
	t.mu.Lock()
	defer t.mu.Unlock()
	return cloneTenants(t.list)
}

// Find returns the tenant with this domain, written in any way that
// ParseDomain understands.
func (t *Tenants) Find(domain string) (Tenant, error) {
	ascii, err := ParseDomain(domain)
	if err != nil {
		return Tenant{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	i := indexOf(t.list, ascii)
	if i < 0 {
		return Tenant{}, fmt.Errorf("find %s: %w", ascii, ErrUnknownTenant)
	}
	return t.list[i].clone(), nil
}

// Known returns the tenant of the list with the domain of x, or, where that is not
// known, with its GUID.
func (t *Tenants) Known(x Tenant) (Tenant, bool) {
	if x.Domain == x.ID {
		x.Domain = "" // its GUID alone is known
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.list, func(kept Tenant) bool {
		return x.Domain != "" && kept.Domain == x.Domain || x.Domain == "" && x.ID != "" && kept.ID == x.ID
	})
	if i < 0 {
		return Tenant{}, false
	}
	return t.list[i].clone(), true
}

// Identify notes the GUID of the tenant with this domain, as its cloud publishes it.
func (t *Tenants) Identify(ctx context.Context, domain, id string) error {
	guid, ok := ParseTenantID(id)
	if !ok {
		return &InvalidError{Field: "Tenant.ID", Value: id, Want: "a GUID"}
	}
	return t.change(ctx, domain, func(list []Tenant, i int) ([]Tenant, error) {
		list[i].ID = guid
		return list, nil
	})
}

// Learn notes the GUID of a tenant of the list that has none yet; of one that is not
// in the list, or has one, nothing is changed and no file is written.
func (t *Tenants) Learn(ctx context.Context, x Tenant, id string) error {
	kept, ok := t.Known(x)
	if !ok || kept.ID != "" || id == "" {
		return nil
	}
	return t.Identify(ctx, kept.Domain, id)
}

// Tags returns all tags in use, in alphabetical order.
func (t *Tenants) Tags() []string {
	var tags []string
	for _, x := range t.All() {
		tags = append(tags, x.Tags...)
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

// Add adds a tenant and returns it as it is kept: its domain in ASCII, its
// name the domain when it had none, its colour assigned when it had none. It
// returns *DomainError, *ColorError or ErrDuplicateTenant.
func (t *Tenants) Add(ctx context.Context, x Tenant) (Tenant, error) {
	var kept Tenant
	err := t.update(ctx, func(list *[]Tenant) error {
		var err error
		if kept, err = complete(x, *list); err != nil {
			return err
		}
		if indexOf(*list, kept.Domain) >= 0 {
			return fmt.Errorf("add %s: %w", kept.Domain, ErrDuplicateTenant)
		}
		*list = append(*list, kept)
		return nil
	})
	return kept, err
}

// Edit replaces the tenant with this domain by x, whose domain may be another.
// It returns the errors of Add and ErrUnknownTenant.
func (t *Tenants) Edit(ctx context.Context, domain string, x Tenant) (Tenant, error) {
	var kept Tenant
	err := t.change(ctx, domain, func(list []Tenant, i int) ([]Tenant, error) {
		others := slices.Delete(slices.Clone(list), i, i+1)
		var err error
		if kept, err = complete(x, others); err != nil {
			return nil, err
		}
		if indexOf(others, kept.Domain) >= 0 {
			return nil, fmt.Errorf("edit %s: %w", kept.Domain, ErrDuplicateTenant)
		}
		list[i] = kept
		return list, nil
	})
	return kept, err
}

// Remove takes the tenant with this domain off the list.
func (t *Tenants) Remove(ctx context.Context, domain string) error {
	return t.change(ctx, domain, func(list []Tenant, i int) ([]Tenant, error) {
		return slices.Delete(list, i, i+1), nil
	})
}

// Pin puts the tenant first wherever tenants are offered.
func (t *Tenants) Pin(ctx context.Context, domain string) error {
	return t.change(ctx, domain, func(list []Tenant, i int) ([]Tenant, error) {
		list[i].Pinned = true
		return list, nil
	})
}

// Unpin undoes Pin.
func (t *Tenants) Unpin(ctx context.Context, domain string) error {
	return t.change(ctx, domain, func(list []Tenant, i int) ([]Tenant, error) {
		list[i].Pinned = false
		return list, nil
	})
}

// Used notes when a tenant was last connected to.
func (t *Tenants) Used(ctx context.Context, domain string, at time.Time) error {
	return t.change(ctx, domain, func(list []Tenant, i int) ([]Tenant, error) {
		list[i].LastUsed = at.UTC()
		return list, nil
	})
}

// change is update for one tenant that must exist.
func (t *Tenants) change(ctx context.Context, domain string, fn func(list []Tenant, i int) ([]Tenant, error)) error {
	ascii, err := ParseDomain(domain)
	if err != nil {
		return err
	}
	return t.update(ctx, func(list *[]Tenant) error {
		i := indexOf(*list, ascii)
		if i < 0 {
			return fmt.Errorf("change %s: %w", ascii, ErrUnknownTenant)
		}
		next, err := fn(*list, i)
		if err != nil {
			return err
		}
		*list = next
		return nil
	})
}

func (t *Tenants) update(ctx context.Context, fn func(*[]Tenant) error) error {
	var after []Tenant
	aside, err := jsonfile.Update(ctx, t.path, tenantsVersion, func(list *[]Tenant) error {
		if err := fn(list); err != nil {
			return err
		}
		sortTenants(*list)
		after = *list
		return nil
	})
	if aside != nil {
		t.mu.Lock()
		t.aside = append(t.aside, aside)
		t.mu.Unlock()
	}
	if err != nil {
		return err
	}
	t.show(after)
	return nil
}

// show makes list what the reading methods answer from.
func (t *Tenants) show(list []Tenant) {
	list = cloneTenants(list)
	sortTenants(list)
	index := make([]searchKeys, len(list))
	for i, x := range list {
		index[i] = keysOf(x)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.list, t.index = list, index
}

// complete checks x and fills what is missing, beside the others.
func complete(x Tenant, others []Tenant) (Tenant, error) {
	x = x.clone()
	domain, err := ParseDomain(x.Domain)
	if err != nil {
		return Tenant{}, err
	}
	x.Domain = domain
	if x.Name = strings.TrimSpace(x.Name); x.Name == "" {
		x.Name = DisplayDomain(domain)
	}
	x.Color = strings.ToLower(strings.TrimSpace(x.Color))
	if x.Color == "" {
		var used []string
		for _, o := range others {
			used = append(used, o.Color)
		}
		x.Color = assignColor(domain, used)
	} else if _, err := luminance(x.Color); err != nil {
		return Tenant{}, err
	}
	x.Tags = cleanTags(x.Tags)
	return x, nil
}

// cleanTags cuts tags at what separates them in a list, trims and sorts them, and
// drops empty and repeated ones.
func cleanTags(tags []string) []string {
	var out []string
	for tag := range strings.FieldsFuncSeq(strings.Join(tags, ";"), func(r rune) bool { return r == ',' || r == ';' || r == '|' }) {
		if tag = strings.TrimSpace(tag); tag != "" {
			out = append(out, tag)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (t Tenant) clone() Tenant {
	t.Tags = slices.Clone(t.Tags)
	return t
}

func cloneTenants(list []Tenant) []Tenant {
	out := make([]Tenant, len(list))
	for i, x := range list {
		out[i] = x.clone()
	}
	return out
}

func indexOf(list []Tenant, domain string) int {
	return slices.IndexFunc(list, func(x Tenant) bool { return x.Domain == domain })
}

func sortTenants(list []Tenant) {
	slices.SortStableFunc(list, func(a, b Tenant) int {
		return cmp.Or(cmp.Compare(fold(a.Name), fold(b.Name)), cmp.Compare(a.Domain, b.Domain))
	})
}
