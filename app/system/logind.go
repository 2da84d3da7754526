package system

import (
	"context"
	"fmt"
	"os"

	"github.com/godbus/dbus/v5"
)

// Events is what the computer tells about itself. Both are called on the
// goroutine that watches.
type Events struct {
	Ending func() // it shuts down, or the user logs off; returns when all is closed
	Woke   func() // it was asleep
}

// The names of logind's D-Bus interface (org.freedesktop.login1).
const (
	logindName      = "org.freedesktop.login1"
	logindPath      = dbus.ObjectPath("/org/freedesktop/login1")
	logindInterface = "org.freedesktop.login1.Manager"
	logindShutdown  = "PrepareForShutdown"
	logindSleep     = "PrepareForSleep"
)

// WatchLogind listens to systemd's logind until ctx ends, and asks it to wait
// a moment before it shuts down, so that sessions can be closed. An error says
// why it cannot be listened to; the signals that end every process on a
// shutdown are then what is left, and after them the ledger.
func WatchLogind(ctx context.Context, e Events) error {
	bus, err := dbus.ConnectSystemBus(dbus.WithContext(ctx))
	if err != nil {
		return fmt.Errorf("listen to logind: %w", err)
	}
	defer bus.Close() //nolint:errcheck // the end of ctx closes it too
	for _, member := range []string{logindShutdown, logindSleep} {
		if err = bus.AddMatchSignalContext(ctx, dbus.WithMatchObjectPath(logindPath),
			dbus.WithMatchInterface(logindInterface), dbus.WithMatchMember(member)); err != nil {
			return fmt.Errorf("listen to logind: %w", err)
		}
	}
	signals := make(chan *dbus.Signal, 8)
	bus.Signal(signals)
	lock, err := inhibit(ctx, bus)
	if err != nil {
		return err
	}
	defer lock.Close() //nolint:errcheck // closing gives the shutdown free
	for {
		select {
		case s, ok := <-signals:
			if !ok {
				return nil
			}
			switch begins, member := prepare(s); {
			case member == logindShutdown && begins:
				e.Ending()
				return nil
			case member == logindSleep && !begins:
				e.Woke()
			}
		case <-ctx.Done():
			return nil
		}
	}
}

// inhibit takes logind's lock that delays a shutdown. Closing it lets go.
func inhibit(ctx context.Context, bus *dbus.Conn) (*os.File, error) {
	var fd dbus.UnixFD
	call := bus.Object(logindName, logindPath).CallWithContext(ctx, logindInterface+".Inhibit", 0,
		"shutdown", "Postroom", "Sessions on servers are being disconnected", "delay")
	if err := call.Store(&fd); err != nil {
		return nil, fmt.Errorf("ask logind to wait: %w", err)
	}
	return os.NewFile(uintptr(fd), "logind inhibitor"), nil
}

// prepare reads one of logind's two signals: whether it begins or has ended.
func prepare(s *dbus.Signal) (begins bool, member string) {
	if len(s.Body) != 1 {
		return false, ""
	}
	begins, ok := s.Body[0].(bool)
	if !ok {
		return false, ""
	}
	switch s.Name {
	case logindInterface + "." + logindShutdown:
		return begins, logindShutdown
	case logindInterface + "." + logindSleep:
		return begins, logindSleep
	}
	return false, ""
}
