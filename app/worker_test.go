package app

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"postroom/app/desktest"
	"postroom/app/settings"
	"postroom/session/result"
)

// goroutine names the one that calls.
func goroutine() string {
	b := make([]byte, 64)
	name, _, _ := strings.Cut(string(b[:runtime.Stack(b, false)]), " [")
	return name
}

// TestWhatWaitsIsHandedToAWorker: what may wait for the network, a file or the keyring
// happens only where a worker takes it; without one the window has done nothing of it.
func TestWhatWaitsIsHandedToAWorker(t *testing.T) {
	a, q := connected(t)
	w := a.window
	x := extracted(t, ran(t, w, q, "Get-TransportRule"))
	w.connector.ShowPasswords()
	q.Until(t, "the accounts", func() bool { return desktest.Buttons(w.desk)["Forget"] != nil })
	to, _ := w.opening.target()

	there := make(chan string, 1)
	w.desk.Spawn(func() { there <- goroutine() }) // ends at once
	if <-there == goroutine() {
		t.Fatal("a worker is the UI thread")
	}

	var mu sync.Mutex
	var held []func()
	spawn := w.desk.Spawn
	w.desk.Spawn = func(f func()) {
		mu.Lock()
		defer mu.Unlock()
		held = append(held, f)
	}
	name := filepath.Join(t.TempDir(), "rows.csv")
	happened := map[string]func() bool{
		"the file":    func() bool { _, err := os.Stat(name); return err == nil },
		"the command": func() bool { return w.demo.Server.Stats().CommandsByName["Get-AcceptedDomain"] > 0 },
		"the keyring": func() bool { _, err := a.vault.Lookup(t.Context(), to.Holder()); return err != nil },
		"the settings": func() bool {
			b, err := os.ReadFile(filepath.Join(a.config, "settings.json"))
			return err == nil && strings.Contains(string(b), "dark")
		},
	}
	for what, yet := range happened {
		if yet() {
			t.Fatalf("%s: before anything was done", what)
		}
	}
	desktest.Press(t, w.desk, "Forget all")
	desktest.Press(t, w.desk, "Forget all") // it is asked about
	w.desk.Sheets.Top().Leave()
	w.exporter.write(name, x.Shown, result.Options{})
	w.opening.cmdlet("Get-AcceptedDomain").Form().Run()
	w.look.choose(settings.Dark)
	for what, yet := range happened {
		if yet() {
			t.Errorf("%s: the UI thread has done it itself", what)
		}
	}
	mu.Lock()
	w.desk.Spawn = spawn
	for _, f := range held {
		spawn(f)
	}
	mu.Unlock()
	for what, yet := range happened {
		q.Until(t, what, yet)
	}
}
