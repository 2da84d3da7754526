//go:build linux || freebsd || netbsd || openbsd || dragonfly

package credential

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/godbus/dbus/v5"
)

// maxSecret is 0: the Secret Service sets no limit.
const maxSecret = 0

// Names of the freedesktop.org Secret Service API, draft 0.2.
const (
	secretsName         = "org.freedesktop.secrets"
	secretsPath         = dbus.ObjectPath("/org/freedesktop/secrets")
	loginCollection     = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
	serviceInterface    = "org.freedesktop.Secret.Service"
	collectionInterface = "org.freedesktop.Secret.Collection"
	itemInterface       = "org.freedesktop.Secret.Item"
	promptInterface     = "org.freedesktop.Secret.Prompt"
	noObject            = dbus.ObjectPath("/")
	ownerChanged        = "org.freedesktop.DBus.NameOwnerChanged"
	isLockedError       = "org.freedesktop.Secret.Error.IsLocked"
)

// unlocker unlocks the collection that go-keyring is going to use.
//
// go-keyring could do so itself, but it waits for its prompt without end,
// cannot leave it, and does not tell dismissed from failed. So the prompt is
// ours, on a connection of our own, and go-keyring finds the collection open.
//
// A prompt that nobody waits for any more stays on the screen, and the next
// operation waits for that one instead of asking for a second. It can neither
// be dismissed nor left alone: both end gnome-keyring-daemon (42 to 50) while
// the dialog is up, with all that it holds for others; its Dismiss method at
// once, a client that goes away with the next prompt (gkd-secret-unlock.c,
// perform_next_unlock: assertion failed: !self->current).
type unlocker struct {
	open *openPrompt // guarded by the keyring's turn; nil before the first one
}

// newPrepare returns what brings the keyring to where go-keyring does not
// prompt.
func newPrepare() prepare {
	return (&unlocker{}).prepare
}

func (u *unlocker) prepare(ctx context.Context, want access) error {
	for told := false; ; told = true {
		changed, err := u.look(ctx, want)
		if err != nil || changed == nil {
			return err
		}
		if !told {
			want.waiting()
		}
		select {
		case <-changed:
			if _, over, err := u.open.state(); over && err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// look returns nil when the keyring, and the entry in it, is not locked. When one
// is, there is a prompt, the one that is open or a new one, and the channel is closed when
// something has changed.
func (u *unlocker) look(ctx context.Context, want access) (<-chan struct{}, error) {
	conn, err := connectBus(ctx)
	if err != nil {
		return nil, err
	}
	handedOn := false
	defer func() {
		if !handedOn {
			_ = conn.Close() // nothing is left to be said on it
		}
	}()
	s := secretService{conn: conn, object: conn.Object(secretsName, secretsPath)}
	collection, err := s.collection(ctx)
	if err != nil {
		return nil, err
	}
	changed, over := (<-chan struct{})(nil), true
	if u.open != nil { // before the look, so that no change is missed
		changed, over, _ = u.open.state()
	}
	locked, err := s.lockedFor(ctx, collection, want)
	switch {
	case err != nil || locked.path == "":
		return nil, err
	case !want.mayPrompt:
		return nil, ErrLocked
	case !over:
		return changed, nil
	}
	path, signals, err := s.unlock(ctx, locked.path)
	if err != nil {
		return nil, err
	}
	handedOn = true
	u.open = &openPrompt{changed: make(chan struct{})}
	changed, _, _ = u.open.state()
	go u.open.stay(context.WithoutCancel(ctx), s, locked, path, signals) // ends with the prompt, the service or the bus
	return changed, nil
}

// openPrompt is a prompt that was asked for.
type openPrompt struct {
	mu      sync.Mutex
	changed chan struct{} // closed, and another put in its place, with every change
	over    bool
	err     error // why the keyring is not open, when it is over
}

func (p *openPrompt) state() (changed <-chan struct{}, over bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.changed, p.over, p.err
}

func (p *openPrompt) change(over bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over, p.err = over, err
	close(p.changed)
	p.changed = make(chan struct{})
}

// stay shows the prompt and stays with it to its end, whoever waits for it,
// even when the keyring was unlocked elsewhere in the meantime.
func (p *openPrompt) stay(ctx context.Context, s secretService, locked lockable, path dbus.ObjectPath, signals <-chan *dbus.Signal) {
	err := s.mustBeOpen(ctx, locked)
	if path != noObject {
		err = p.shown(ctx, s, locked, path, signals)
	}
	_ = s.conn.Close() // nothing is left to be said on it
	p.change(true, err)
}

func (p *openPrompt) shown(ctx context.Context, s secretService, locked lockable, path dbus.ObjectPath, signals <-chan *dbus.Signal) error {
	if err := s.conn.Object(secretsName, path).CallWithContext(ctx, promptInterface+".Prompt", 0, "").Err; err != nil {
		return explainSystem(err)
	}
	for sig := range signals {
		switch {
		case sig.Path == path && sig.Name == promptInterface+".Completed":
			return s.completed(ctx, locked, sig)
		case sig.Name == ownerChanged:
			return &UnavailableError{Reason: ReasonNoService, Err: errors.New("the keyring's service went away")}
		}
		p.change(false, nil)
	}
	return &UnavailableError{Reason: ReasonNoBus, Err: errors.New("the session bus went away")}
}

// connectBus opens a private connection. It never starts a bus: dbus-launch
// would start one per attempt, without a keyring on it.
func connectBus(ctx context.Context) (*dbus.Conn, error) {
	conn, err := dbus.SessionBusPrivateNoAutoStartup()
	if err != nil {
		return nil, &UnavailableError{Reason: ReasonNoBus, Err: err}
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // unblocks Auth and Hello
	defer stop()
	err = conn.Auth(nil)
	if err == nil {
		err = conn.Hello()
	}
	if ctx.Err() != nil {
		_ = conn.Close() // the context's error counts
		return nil, ctx.Err()
	}
	if err != nil {
		_ = conn.Close() // the first error counts
		return nil, &UnavailableError{Reason: ReasonNoBus, Err: err}
	}
	return conn, nil
}

type secretService struct {
	conn   *dbus.Conn
	object dbus.BusObject
}

func (s secretService) property(ctx context.Context, path dbus.ObjectPath, iface, name string, out any) error {
	var v dbus.Variant
	call := s.conn.Object(secretsName, path).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, iface, name)
	if err := call.Store(&v); err != nil {
		return explainSystem(err)
	}
	if err := v.Store(out); err != nil {
		return &UnavailableError{Err: fmt.Errorf("property %s: %w", name, err)}
	}
	return nil
}

// collection picks as go-keyring does: the login collection, else the default.
func (s secretService) collection(ctx context.Context) (dbus.ObjectPath, error) {
	var all []dbus.ObjectPath
	if err := s.property(ctx, secretsPath, serviceInterface, "Collections", &all); err != nil {
		return "", err
	}
	if slices.Contains(all, loginCollection) {
		return loginCollection, nil
	}
	var path dbus.ObjectPath
	if err := s.object.CallWithContext(ctx, serviceInterface+".ReadAlias", 0, "default").Store(&path); err != nil {
		return "", explainSystem(err)
	}
	if path == noObject {
		return "", &UnavailableError{Reason: ReasonNoCollection}
	}
	return path, nil
}

// lockable is a collection, or an item in one, which may be locked on its own.
type lockable struct {
	path  dbus.ObjectPath
	iface string
}

func (s secretService) locked(ctx context.Context, l lockable) (bool, error) {
	var locked bool
	err := s.property(ctx, l.path, l.iface, "Locked", &locked)
	return locked, err
}

// lockedFor gives what is locked of what is wanted: the collection, else the
// entry; the zero lockable when neither is.
func (s secretService) lockedFor(ctx context.Context, collection dbus.ObjectPath, want access) (lockable, error) {
	whole := lockable{collection, collectionInterface}
	if locked, err := s.locked(ctx, whole); err != nil || locked {
		return whole, err
	}
	if want.ref == "" {
		return lockable{}, nil
	}
	var items []dbus.ObjectPath
	which := map[string]string{"service": want.service, "username": want.ref} // as go-keyring looks for it
	if err := s.conn.Object(secretsName, collection).CallWithContext(ctx, collectionInterface+".SearchItems", 0, which).Store(&items); err != nil {
		return lockable{}, explainSystem(err)
	}
	for _, path := range items {
		item := lockable{path, itemInterface}
		if locked, err := s.locked(ctx, item); err != nil || locked {
			return item, err
		}
	}
	return lockable{}, nil
}

// unlock asks for a prompt, which is noObject when none is needed, and for the
// signals that tell of it.
func (s secretService) unlock(ctx context.Context, object dbus.ObjectPath) (dbus.ObjectPath, <-chan *dbus.Signal, error) {
	signals := make(chan *dbus.Signal, 16)
	s.conn.Signal(signals)
	// Every signal of the service is a reason to look again; the connection is
	// private, so nothing else arrives.
	for _, match := range [][]dbus.MatchOption{
		{dbus.WithMatchSender(secretsName)},
		{dbus.WithMatchInterface("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, secretsName)},
	} {
		if err := s.conn.AddMatchSignalContext(ctx, match...); err != nil {
			return "", nil, explainSystem(err)
		}
	}
	var unlocked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err := s.object.CallWithContext(ctx, serviceInterface+".Unlock", 0, []dbus.ObjectPath{object}).Store(&unlocked, &prompt)
	if err != nil {
		return "", nil, explainSystem(err)
	}
	return prompt, signals, nil
}

func (s secretService) completed(ctx context.Context, l lockable, sig *dbus.Signal) error {
	err := s.mustBeOpen(ctx, l)
	if dismissed, ok := firstBool(sig.Body); errors.Is(err, ErrLocked) && ok && dismissed {
		return ErrDismissed
	}
	return err
}

func firstBool(body []any) (value, ok bool) {
	if len(body) == 0 {
		return false, false
	}
	value, ok = body[0].(bool)
	return value, ok
}

func (s secretService) mustBeOpen(ctx context.Context, l lockable) error {
	locked, err := s.locked(ctx, l)
	if err == nil && locked {
		return ErrLocked
	}
	return err
}

// explainSystem tells what a D-Bus error says about the keyring, by its name.
func explainSystem(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var named dbus.Error
	if !errors.As(err, &named) {
		return &UnavailableError{Err: err}
	}
	switch {
	case named.Name == isLockedError:
		return ErrLocked
	case named.Name == "org.freedesktop.DBus.Error.ServiceUnknown",
		named.Name == "org.freedesktop.DBus.Error.NameHasNoOwner",
		strings.HasPrefix(named.Name, "org.freedesktop.DBus.Error.Spawn."):
		return &UnavailableError{Reason: ReasonNoService, Err: err}
	}
	return &UnavailableError{Err: err}
}
