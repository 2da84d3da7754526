package app

import (
	"fmt"

	"postroom/session/endpoint"
	"postroom/session/simulator"
)

// demo is the simulator that runs inside the program.
type demo struct {
	server   *simulator.Server
	endpoint endpoint.Endpoint
	tenants  []endpoint.Tenant
}

// newDemo starts the simulator. It listens on loopback alone.
func newDemo(directory *endpoint.Directory) (*demo, error) {
	server, err := simulator.Start(simulator.Options{Seed: 1})
	if err != nil {
		return nil, fmt.Errorf("start the demo: %w", err)
	}
	d := &demo{server: server, endpoint: endpoint.Endpoint{
		ID: "demo", Name: "Demo", Kind: endpoint.KindDemo, Configuration: "Microsoft.Exchange",
		Auth: []string{endpoint.AuthBasic}, SessionLimit: 3, Delegation: true,
	}}
	for _, e := range directory.All() {
		if e.Kind == endpoint.KindDemo {
			d.endpoint = e
		}
	}
	d.endpoint.URL = server.URL()
	for _, t := range server.Tenants() {
		d.tenants = append(d.tenants, endpoint.Tenant{Name: t.Name, Domain: t.Domain})
	}
	return d, nil
}

// stop ends the simulator, and every session on it.
func (d *demo) stop() {
	_ = d.server.Close() // the program ends; there is nobody to tell
}

// startDemo starts the simulator and offers to sign in to it.
func (w *mainWindow) startDemo() {
	if w.demo != nil {
		w.showDemoSignIn()
		return
	}
	w.app.spawn(func() { // ends when the simulator listens
		d, err := newDemo(w.app.directory)
		if err == nil {
			d.tenants, err = w.addTenants(d.tenants)
		}
		w.post(func() {
			if err != nil {
				w.desk.Problem(err)
				return
			}
			w.demo = d
			w.sessionsChanged()
			w.showDemoSignIn()
		})
	})
}

func (w *mainWindow) showDemoSignIn() *signIn {
	s := w.newSignIn()
	s.forDemo(w.demo)
	s.show()
	return s
}
