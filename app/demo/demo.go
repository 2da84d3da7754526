// Package demo is the simulator that runs inside the program, with what the
// window needs to offer it as a place to connect to.
package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"postroom/app/folders"
	"postroom/session/endpoint"
	"postroom/session/simulator"
)

// Demo is a simulator that runs.
type Demo struct {
	Server *simulator.Server
	// Endpoint is its classic door, Online its door of Exchange Online: the same
	// tenants and data through both.
	Endpoint, Online endpoint.Endpoint
	// Tenants are the simulator's. They are made up, so they are kept apart from
	// the person's own and are gone when the program ends.
	Tenants *endpoint.Tenants

	dir string // of the tenants' file
}

// Options say how large a demo is; the zero value is the one that people get.
type Options struct {
	// Cmdlets are those that its accounts may run, where their roles allow it; nil
	// means all that the roles allow.
	Cmdlets []string
	// Rows is how many mailboxes each tenant has; 0 means each tenant's own size.
	Rows int
}

// Start starts the simulator. It listens on loopback alone. Not for the UI
// thread: it makes keys and writes files.
func Start(ctx context.Context, directory *endpoint.Directory, o Options) (*Demo, error) {
	dir, err := os.MkdirTemp("", "postroom-demo-*")
	if err != nil {
		return nil, fmt.Errorf("start the demo: %w", err)
	}
	server, err := simulator.Start(simulator.Options{Seed: 1, REST: true, Cmdlets: o.Cmdlets, Rows: o.Rows})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the demo: %w", err), os.RemoveAll(dir))
	}
	d := &Demo{Server: server, dir: dir, Endpoint: endpoint.Endpoint{
		ID: "demo", Name: "Demo", Kind: endpoint.KindDemo, Configuration: "Microsoft.Exchange",
		Auth: []string{endpoint.AuthBasic}, SessionLimit: 3, Delegation: true,
	}, Online: endpoint.Endpoint{
		ID: "demo-online", Name: "Demo, Exchange Online", Kind: endpoint.KindDemo, Door: endpoint.REST,
		Auth: []string{endpoint.AuthModern, endpoint.AuthDevice, endpoint.AuthApp}, Delegation: true,
	}}
	for _, e := range directory.All() {
		switch {
		case e.Kind != endpoint.KindDemo:
		case e.Door == endpoint.REST:
			d.Online = e
		default:
			d.Endpoint = e
		}
	}
	d.Endpoint.URL = server.URL()
	d.Online.URL = server.RESTURL()
	d.Online.Modern = endpoint.Modern{Authority: server.AuthorityURL(), ClientID: server.ClientID(), Certificate: server.CertificateFile(), Graph: server.GraphURL()}
	d.Tenants, err = endpoint.OpenTenants(filepath.Join(dir, folders.Tenants))
	for _, t := range server.Tenants() {
		if err == nil {
			_, err = d.Tenants.Add(ctx, endpoint.Tenant{Name: t.Name, Domain: t.Domain})
		}
	}
	if err != nil {
		d.Stop()
		return nil, fmt.Errorf("list the demo's tenants: %w", err)
	}
	return d, nil
}

// At tells whether an address is the demo's own. A demo that does not run has
// none.
func (d *Demo) At(address string) bool {
	if d == nil {
		return false
	}
	same := func(e endpoint.Endpoint) bool { // an address that we made ourselves, and that nobody spells anew
		return strings.EqualFold(strings.TrimRight(address, "/"), strings.TrimRight(e.URL, "/"))
	}
	return same(d.Endpoint) || same(d.Online)
}

// Stop ends the simulator, and every session on it.
func (d *Demo) Stop() {
	_ = d.Server.Close() // the program ends; there is nobody to tell
	_ = os.RemoveAll(d.dir)
}
