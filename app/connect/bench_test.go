package connect

import (
	"context"
	"fmt"
	"os"
	"testing"

	"fyne.io/fyne/v2"

	"postroom/app/demo"
	"postroom/app/desktest"
	"postroom/app/settings"
	"postroom/app/tenants"
	"postroom/app/tray"
	"postroom/assets"
	"postroom/session"
	"postroom/session/access"
	"postroom/session/catalogue"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/ledger"
	"postroom/session/signin"
)

func TestMain(m *testing.M) {
	if err := desktest.English(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// bench is a connector over the demo, with nothing else of the window.
type bench struct {
	*Connector
	*desktest.Queue
	demo   *demo.Demo
	signed *session.Target // set when a sign-in has worked
}

// usual are the cmdlets that the tests' role has: a server tells of its thousand in a
// second of the race detector's, which every sign-in would take.
var usual = []string{"Get-AcceptedDomain", "Get-Mailbox", "Set-Mailbox", "Get-TransportRule", "Get-Recipient", "Get-User"}

// newBench is a bench with the demo running and no dialog shown.
func newBench(t *testing.T, keyring credential.Store) *bench {
	t.Helper()
	d, q := desktest.New(t)
	d.Window.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { d.Sheets.Typed(k) })
	places, err := endpoint.ParseCatalogue(assets.Endpoints())
	check(t, err)
	directory, err := endpoint.OpenDirectory(t.TempDir()+"/endpoints.json", places)
	check(t, err)
	vault, err := credential.OpenVault(t.TempDir(), keyring)
	check(t, err)
	kept, err := settings.Open(t.TempDir())
	check(t, err)
	book, err := ledger.Open(t.TempDir())
	check(t, err)
	running, err := demo.Start(t.Context(), directory, demo.Options{Cmdlets: usual})
	check(t, err)
	passwords := signin.NewPasswords(vault)
	way := access.New(access.Options{SignIns: t.TempDir(), Keys: keyring, Passwords: passwords, Version: "0"})
	manager := session.NewManager(session.Options{Doors: way.Doors, Ledger: book})
	panel := tray.New(d, manager)
	b := &bench{Queue: q, demo: running}
	list := tenants.NewBook(d, running.Tenants, nil)
	b.Connector = New(Deps{
		Desk: d, Manager: manager, Directory: directory, Vault: vault, Access: way, Keyring: keyring, Settings: kept,
		Catalogues: catalogue.At(t.TempDir()),
		Window: Window{
			Book:   func(endpoint.Endpoint) *tenants.Book { return list },
			Demo:   func() *demo.Demo { return b.demo },
			Traced: func(t session.Target) session.Target { return t },
			Offers: panel.Offers,
			SignedIn: func(t session.Target, _ catalogue.Catalogue) {
				b.signed = &t
			},
		},
	})
	manager.Observe(session.ObserverFunc(func(session.Info) {
		q.Post(func() { b.SetSessions(manager.Sessions()) })
	}))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), desktest.Patience)
		defer cancel()
		_ = manager.CloseAll(ctx) // the server itself is asked
		if open := running.Server.Stats().OpenShells; open != 0 {
			t.Errorf("%d sessions are left on the server", open)
		}
		running.Stop()
	})
	return b
}

func withDemo(t *testing.T) (*bench, *desktest.Queue) {
	t.Helper()
	b := newBench(t, credential.NewMemory())
	return b, b.Queue
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (d *Dialog) over() bool { return d.attempt == nil }
