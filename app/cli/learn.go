package cli

import (
	"context"
	"sync"

	"postroom/session"
	"postroom/session/endpoint"
)

// learned are the GUIDs of tenants that were found while connecting. It observes a
// session.Manager.
type learned struct {
	mu sync.Mutex
	of map[string]string // by domain
}

// learnFrom collects what the manager's sessions find out.
func learnFrom(m *session.Manager) *learned {
	l := &learned{of: map[string]string{}}
	m.Observe(l)
	return l
}

// SessionChanged hears of a tenant that was verified.
func (l *learned) SessionChanged(i session.Info) {
	if i.TenantID == "" || i.Tenant.Domain == "" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.of[i.Tenant.Domain] = i.TenantID
}

// keep notes them in the list of tenants, as far as they are in it without one.
func (l *learned) keep(ctx context.Context, s Streams) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.of) == 0 {
		return nil
	}
	known, err := openTenants(s)
	if err != nil {
		return err
	}
	for domain, id := range l.of {
		if err := known.Learn(ctx, endpoint.Tenant{Domain: domain}, id); err != nil {
			return err
		}
	}
	return nil
}
