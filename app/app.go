package app

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"postroom/app/cli"
	"postroom/app/demo"
	"postroom/app/folders"
	"postroom/app/settings"
	"postroom/app/tray"
	"postroom/assets"
	"postroom/session"
	"postroom/session/access"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/history"
	"postroom/session/jsonfile"
	"postroom/session/ledger"
	"postroom/session/signin"
)

// Deps are what the program is made of; tests give others.
type Deps struct {
	// Post runs a function on the UI thread, soon, without waiting.
	Post func(func())
	// Doors open sessions; nil means those to real servers.
	Doors session.Doors
	// Passwords keeps passwords; a *credential.Keyring in production.
	Passwords credential.Store
	// SignInKeys keeps the keys of sealed sign-ins, apart from the passwords, so that
	// forgetting those does not break these; nil means Passwords.
	SignInKeys credential.Store
	// Config and State are the folders of settings and of the ledger.
	Config, State string
	// Demo says how large the demo is.
	Demo demo.Options
	// Roots sign the certificates of servers; nil means the system's.
	Roots *x509.CertPool
}

// App is the desktop program: one window over one manager of sessions. Here the things of
// which the program has one are made and wired.
type App struct {
	fyne      fyne.App
	post      func(func()) // runs a function on the UI thread, soon, and never waits: fyne.Do, or a queue in tests
	manager   *session.Manager
	window    *mainWindow
	leftovers *tray.Leftovers
	stores
	ending

	roots    *x509.CertPool // that sign servers' certificates; nil for the system's
	demoSize demo.Options
}

// stores are what the program keeps on this computer.
type stores struct {
	vault     *credential.Vault
	access    *access.Access   // what people and applications sign in with
	keyring   credential.Store // below the vault; to see whether there is one
	settings  *settings.File
	config    string // folder of settings
	state     string // folder of the ledger
	history   *history.Book
	directory *endpoint.Directory
	tenants   *endpoint.Tenants
}

// ending is what the end of the program needs: what is still at work, and what is left.
type ending struct {
	over    atomic.Bool // nothing more is for the UI thread; set on it
	claim   func()      // takes the signals back from Fyne, see Start; UI thread only
	exports *exports

	work     sync.WaitGroup // what spawn started; a test waits for it before its folders go
	exit     func(error)    // ends the process, see Start; nil where something else does
	closing  chan struct{}  // closed when Shutdown begins
	shutdown sync.Once
	left     error // what Shutdown could not confirm; set by it once
}

// shutdownTime bounds what a person waits for when the program ends.
const shutdownTime = 10 * time.Second

// toolkitTime is how long Fyne may take to give the display back, and to answer
// somebody who wants to end the program.
const toolkitTime = 2 * time.Second

// New makes the program and its window, not yet shown. Nothing is opened on
// any server.
func New(f fyne.App, d Deps) (*App, error) {
	book, err := ledger.Open(d.State)
	if err != nil {
		return nil, fmt.Errorf("open the ledger of sessions: %w", err)
	}
	vault, err := credential.OpenVault(d.Config, d.Passwords)
	if err != nil {
		return nil, fmt.Errorf("open the list of accounts: %w", err)
	}
	catalogue, err := cli.Endpoints()
	if err != nil {
		return nil, err
	}
	directory, err := endpoint.OpenDirectory(filepath.Join(d.Config, folders.Endpoints), catalogue)
	if err != nil {
		return nil, fmt.Errorf("read your own endpoints: %w", err)
	}
	tenants, err := endpoint.OpenTenants(filepath.Join(d.Config, folders.Tenants))
	if err != nil {
		return nil, fmt.Errorf("read your tenants: %w", err)
	}
	kept, err := settings.Open(d.Config)
	var settingsAside *jsonfile.SetAsideError
	if err != nil && !errors.As(err, &settingsAside) {
		return nil, fmt.Errorf("read the settings: %w", err)
	}
	if err := speak(kept.Get().Language); err != nil {
		return nil, err
	}
	if d.SignInKeys == nil {
		d.SignInKeys = d.Passwords
	}
	passwords := signin.NewPasswords(vault)
	var a *App
	way := access.New(access.Options{
		SignIns: filepath.Join(d.State, folders.SignIns), Keys: d.SignInKeys, Passwords: passwords, Version: assets.Version,
		Notice: func(err error) { a.post(func() { a.window.desk.Problem(err) }) },
	})
	doors := d.Doors
	if doors == nil {
		doors = way.Doors
	}
	a = &App{
		fyne: f, manager: session.NewManager(session.Options{Doors: doors, Ledger: book}), roots: d.Roots, demoSize: d.Demo,
		stores: stores{
			vault: vault, access: way, keyring: d.Passwords, settings: kept, config: d.Config, state: d.State,
			history: history.Open(filepath.Join(d.State, folders.History)), directory: directory, tenants: tenants,
		},
		ending: ending{claim: func() {}, exports: newExports(), closing: make(chan struct{})},
	}
	a.post = func(f func()) {
		d.Post(func() {
			if !a.over.Load() { // after its end Fyne runs such a function wherever it comes from
				f()
			}
		})
	}
	f.SetIcon(fyne.NewStaticResource("postroom.png", assets.Icon())) // of windows, tray and notifications, also of a build without FyneApp.toml
	f.Settings().SetTheme(themeOf(kept.Get().Theme))                 // before the first widget: an entry keeps the theme that it was born under
	a.window = newMainWindow(a)
	passwords.AskAtProxies(a.window.connector.AskAtProxy)
	a.leftovers = &tray.Leftovers{Desk: a.window.desk, Manager: a.manager, Passwords: passwords, Directory: directory, Roots: d.Roots}
	a.tellSetAside(book)
	if settingsAside != nil {
		a.window.desk.Problem(settingsAside)
	}
	a.manager.Observe(&sessionNews{post: a.post, hear: func(news []session.Info) { a.window.heard(news) }})
	f.Lifecycle().SetOnStopped(func() {
		a.over.Store(true) // also when Fyne ended by itself
		ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
		defer cancel()
		_ = a.Shutdown(ctx) // the window is gone; main tells what is left
	})
	return a, nil
}

// tellSetAside says which files could not be read and were kept under another
// name. Of the lists of tenants and endpoints tellLost says more.
func (a *App) tellSetAside(book *ledger.Ledger) {
	for _, aside := range book.SetAside() {
		a.window.desk.Problem(aside)
	}
	for _, aside := range a.vault.SetAside() {
		a.window.desk.Problem(aside)
	}
}

// Show shows the window and looks for sessions that an earlier run of the
// program left on servers.
func (a *App) Show() {
	a.window.window.Show()
	a.spawn(a.leftovers.CleanUp)           // ends when the servers have answered, or after a minute
	a.spawn(a.tick)                        // ends with Shutdown
	a.spawn(a.window.schedules.tellFailed) // ends when the file is read
	a.spawn(a.window.tenants.tellLost)     // ends when the files are read
}

// tick moves the clock of the session panel.
func (a *App) tick() {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			a.window.sessions.Tick(now)
		case <-a.closing:
			return
		}
	}
}

// spawn starts a goroutine. A panic in it closes all sessions before the
// program dies of it.
func (a *App) spawn(f func()) {
	a.work.Go(func() { // ends when f does; each caller says when that is
		defer a.manager.Guard()
		f()
	})
}

// Shutdown closes every session on its server. The first call does the work,
// further ones wait for it. It returns what the servers did not confirm; that
// stays in the ledger for the next start.
func (a *App) Shutdown(ctx context.Context) error {
	a.shutdown.Do(func() {
		close(a.closing)
		a.left = a.manager.CloseAll(ctx)
	})
	return a.left
}

// endAfter ends the process when it has not ended by itself some time later. Fyne's
// GLFW waits for other programs on the UI thread, and without end: for one that owns
// the clipboard when something is pasted, and for the clipboard's manager when the
// window has gone (glfw/glfw#2346 and glfw/glfw#2888). Neither may keep a session open, nor a
// process without a window.
func (a *App) endAfter(d time.Duration) {
	if a.exit == nil {
		return
	}
	time.AfterFunc(d, func() { // the process has ended before, unless the toolkit hangs
		ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
		defer cancel()
		a.exit(a.Shutdown(ctx))
	})
}
