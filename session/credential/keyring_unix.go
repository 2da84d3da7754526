//go:build linux || freebsd || netbsd || openbsd || dragonfly

package credential

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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
	promptInterface     = "org.freedesktop.Secret.Prompt"
	noObject            = dbus.ObjectPath("/")
	isLockedError       = "org.freedesktop.Secret.Error.IsLocked"
)

// prepareSystem unlocks the collection that go-keyring is going to use.
//
// go-keyring could do so itself, but it waits for its prompt without end,
// cannot take it back, and does not tell dismissed from failed. So the prompt
// is ours, on a connection of our own, and go-keyring finds the collection
// open.
func prepareSystem(ctx context.Context, mayPrompt bool, waiting func()) error {
	conn, err := connectBus(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // nothing is left to be said on it
	s := secretService{conn: conn, object: conn.Object(secretsName, secretsPath)}

	collection, err := s.collection(ctx)
	if err != nil {
		return err
	}
	locked, err := s.locked(ctx, collection)
	if err != nil || !locked {
		return err
	}
	if !mayPrompt {
		return ErrLocked
	}
	waiting()
	return s.unlock(ctx, collection)
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

func (s secretService) locked(ctx context.Context, collection dbus.ObjectPath) (bool, error) {
	var locked bool
	err := s.property(ctx, collection, collectionInterface, "Locked", &locked)
	return locked, err
}

// unlock opens the service's prompt and returns when the collection is
// unlocked, by the prompt or otherwise, when the prompt was dismissed, or when
// ctx ends.
//
// A prompt that nobody waits for any more stays on the screen: its Dismiss
// method ends the whole of gnome-keyring-daemon 42.1 while the dialog is up
// (TestRealKeyring found it), and a dialog too many is the lesser evil.
func (s secretService) unlock(ctx context.Context, collection dbus.ObjectPath) error {
	signals := make(chan *dbus.Signal, 16)
	s.conn.Signal(signals)
	// Every signal of the service is a reason to look again; the connection is
	// private, so nothing else arrives.
	if err := s.conn.AddMatchSignalContext(ctx, dbus.WithMatchSender(secretsName)); err != nil {
		return explainSystem(err)
	}
	var unlocked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err := s.object.CallWithContext(ctx, serviceInterface+".Unlock", 0, []dbus.ObjectPath{collection}).Store(&unlocked, &prompt)
	if err != nil {
		return explainSystem(err)
	}
	if prompt == noObject {
		return s.mustBeOpen(ctx, collection)
	}
	if err := s.conn.Object(secretsName, prompt).CallWithContext(ctx, promptInterface+".Prompt", 0, "").Err; err != nil {
		return explainSystem(err)
	}
	return s.awaitPrompt(ctx, collection, prompt, signals)
}

func (s secretService) awaitPrompt(ctx context.Context, collection, prompt dbus.ObjectPath, signals <-chan *dbus.Signal) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case sig, ok := <-signals:
			if !ok {
				return &UnavailableError{Reason: ReasonNoBus, Err: errors.New("the session bus went away")}
			}
			if sig.Path == prompt && sig.Name == promptInterface+".Completed" {
				return s.completed(ctx, collection, sig)
			}
			locked, err := s.locked(ctx, collection)
			if err != nil {
				return err
			}
			if !locked {
				return nil
			}
		}
	}
}

func (s secretService) completed(ctx context.Context, collection dbus.ObjectPath, sig *dbus.Signal) error {
	err := s.mustBeOpen(ctx, collection)
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

func (s secretService) mustBeOpen(ctx context.Context, collection dbus.ObjectPath) error {
	locked, err := s.locked(ctx, collection)
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
