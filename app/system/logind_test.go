package system

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
)

// fakeLogind answers Inhibit with the writing end of a pipe: when that is
// closed, the lock was let go.
type fakeLogind struct{ locks chan lock }

type lock struct{ read, write *os.File }

func (f fakeLogind) Inhibit(_, _, _, _ string) (dbus.UnixFD, *dbus.Error) {
	read, write, err := os.Pipe()
	if err != nil {
		return 0, dbus.MakeFailedError(err)
	}
	f.locks <- lock{read, write} // the reply is sent later, and the end must be open then
	return dbus.UnixFD(write.Fd()), nil
}

// startBus starts a bus of its own and makes it the system's.
func startBus(t *testing.T) *dbus.Conn {
	t.Helper()
	if _, err := exec.LookPath("dbus-daemon"); err != nil {
		t.Skip("dbus-daemon is not installed: make setup installs it")
	}
	daemon := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address")
	out, err := daemon.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = daemon.Process.Kill(); _ = daemon.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", strings.TrimSpace(address))
	bus, err := dbus.Connect(strings.TrimSpace(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bus.Close() })
	return bus
}

func TestLogindWaitsUntilSessionsAreClosed(t *testing.T) {
	bus := startBus(t)
	logind := fakeLogind{locks: make(chan lock, 1)}
	if err := bus.Export(logind, logindPath, logindInterface); err != nil {
		t.Fatal(err)
	}
	if _, err := bus.RequestName(logindName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	woke, ended := make(chan struct{}, 1), make(chan struct{})
	watched := make(chan error, 1)
	go func() { // ends with the shutdown
		watched <- WatchLogind(t.Context(), Events{Woke: func() { woke <- struct{}{} }, Ending: func() { close(ended) }})
	}()
	lock := <-logind.locks
	defer lock.read.Close()  //nolint:errcheck // nothing was written
	defer lock.write.Close() //nolint:errcheck // nothing was written
	emit := func(member string, begins bool) {
		if err := bus.Emit(logindPath, logindInterface+"."+member, begins); err != nil {
			t.Fatal(err)
		}
	}
	emit(logindSleep, true)
	emit(logindSleep, false)
	<-woke
	emit(logindShutdown, true)
	<-ended
	if err := <-watched; err != nil {
		t.Error(err)
	}
}

func TestWithoutLogindTheReasonIsTold(t *testing.T) {
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere")
	if err := WatchLogind(context.Background(), Events{}); err == nil {
		t.Error("no error without a bus")
	}
}
