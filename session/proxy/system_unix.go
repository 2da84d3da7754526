//go:build unix && !darwin

package proxy

import (
	"context"
	"errors"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// patience is how long the desktop may take to say which proxy it has.
const patience = 5 * time.Second

// ofSystem asks the desktop: its proxy portal where there is one, which knows
// GNOME's and KDE's settings and runs PAC scripts; else the settings themselves.
// Without a desktop there is no proxy.
func ofSystem(ctx context.Context, server *url.URL) (*url.URL, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	found, err := askPortal(ctx, server)
	if err == nil {
		return first("portal", found)
	}
	if errors.Is(err, context.Canceled) {
		return nil, err
	}
	switch desktop := os.Getenv("XDG_CURRENT_DESKTOP"); {
	case os.Getenv("KDE_FULL_SESSION") != "" || strings.Contains(desktop, "KDE"):
		return ofKDE(server)
	case desktop != "": // the others keep their proxy where GNOME does
		return ofGNOME(ctx, server)
	}
	return nil, nil //nolint:nilnil // a service or a plain terminal: the environment was asked
}

var errNoPortal = errors.New("no proxy portal")

// askPortal calls org.freedesktop.portal.ProxyResolver.Lookup. A bus or a
// portal is never started for it.
func askPortal(ctx context.Context, server *url.URL) ([]string, error) {
	conn, err := dbus.SessionBusPrivateNoAutoStartup()
	if err != nil {
		return nil, errNoPortal
	}
	defer conn.Close()                                          //nolint:errcheck // it was only read from
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // unblocks Auth and Hello
	defer stop()
	if err := errors.Join(conn.Auth(nil), conn.Hello()); err != nil {
		return nil, errNoPortal
	}
	var found []string
	call := conn.Object("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop").
		CallWithContext(ctx, "org.freedesktop.portal.ProxyResolver.Lookup", dbus.FlagNoAutoStart, server.String())
	if err := call.Store(&found); err != nil {
		return nil, errNoPortal
	}
	return found, nil
}
