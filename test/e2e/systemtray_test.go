package e2e

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"postroom/test/fixture"
)

// The names of the desktop's tray (freedesktop's StatusNotifierItem) and of the
// menu that an item has (com.canonical.dbusmenu).
const (
	watcherName = "org.kde.StatusNotifierWatcher"
	watcherPath = dbus.ObjectPath("/StatusNotifierWatcher")
	menuPath    = dbus.ObjectPath("/StatusNotifierItem/menu")
	menuName    = "com.canonical.dbusmenu"
)

// messageBus is a bus of the test's own.
type messageBus struct {
	bus     *dbus.Conn
	address string
	daemon  *exec.Cmd
}

// busOfTest is the configuration of a bus that starts nothing by itself: a session's own starts
// a keyring that is asked for and not there, as the person who runs the tests.
const busOfTest = `<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`

// startBus starts a bus.
func startBus(t *testing.T) *messageBus {
	t.Helper()
	if _, err := exec.LookPath("dbus-daemon"); err != nil {
		t.Skip("dbus-daemon is not installed: make setup installs it")
	}
	config := filepath.Join(t.TempDir(), "bus.conf")
	if err := os.WriteFile(config, []byte(busOfTest), 0o600); err != nil {
		t.Fatal(err)
	}
	daemon := exec.Command("dbus-daemon", "--config-file", config, "--nofork", "--print-address")
	out, err := daemon.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	stopAtEnd(t, daemon)
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	b := &messageBus{address: strings.TrimSpace(address), daemon: daemon}
	if b.bus, err = dbus.Connect(b.address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.bus.Close() })
	return b
}

// desktopTray is a desktop that shows a tray: it hears of items.
type desktopTray struct {
	*messageBus
	items chan string // names on the bus
}

// RegisterStatusNotifierItem is what an item calls.
func (d *desktopTray) RegisterStatusNotifierItem(_ string, sender dbus.Sender) *dbus.Error {
	d.items <- string(sender)
	return nil
}

// startTray starts a session bus with a tray on it.
func startTray(t *testing.T) *desktopTray {
	t.Helper()
	d := &desktopTray{messageBus: startBus(t), items: make(chan string, 8)}
	if err := d.bus.Export(d, watcherPath, watcherName); err != nil {
		t.Fatal(err)
	}
	if _, err := d.bus.RequestName(watcherName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return d
}

// menuEntry is an entry of a menu as dbusmenu lays it out.
type menuEntry struct {
	ID         int32
	Properties map[string]dbus.Variant
	Children   []dbus.Variant
}

// click clicks an entry of the item's menu by its label.
func (d *desktopTray) click(item, label string) error {
	menu := d.bus.Object(item, menuPath)
	var revision uint32
	var root menuEntry
	if err := menu.Call(menuName+".GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root); err != nil {
		return err
	}
	var labels []string
	for _, child := range root.Children {
		var e menuEntry
		if err := dbus.Store([]any{child.Value()}, &e); err != nil {
			return err
		}
		text, ok := e.Properties["label"].Value().(string)
		if !ok {
			continue // a separator
		}
		if text == label {
			return menu.Call(menuName+".Event", 0, e.ID, "clicked", dbus.MakeVariant(""), uint32(0)).Err
		}
		labels = append(labels, text)
	}
	return fmt.Errorf("the tray's menu has no %q, only %q", label, labels)
}

// TestQuitInTheTray: the tray's Quit is a way out like the others.
func TestQuitInTheTray(t *testing.T) {
	fixture.Long(t)
	t.Parallel()
	d := startDisplay(t)
	tray := startTray(t)
	s := startServer(t)
	env := withEndpoint(t, s)
	w := startWindow(t, d, s, append(env, "DBUS_SESSION_BUS_ADDRESS="+tray.address))
	item := <-tray.items
	w.connect(t, s)
	// The menu may be made anew between the look at it and the click, which nobody hears then.
	// Another click at a program that ends changes nothing, or finds nobody.
	var clicked error
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the last click: %v", clicked)
		}
	})
	wait(t, "the end", long, func() bool {
		select {
		case <-w.ended:
			return true
		default:
			clicked = tray.click(item, "Quit")
			return false
		}
	})
	s.empty(t)
	cleanLedger(t, env)
}
