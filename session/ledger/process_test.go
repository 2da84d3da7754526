package ledger_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/session/ledger"
	"postroom/test/fixture"
)

const (
	childDir    = "POSTROOM_TEST_LEDGER_DIR"
	childServer = "POSTROOM_TEST_LEDGER_SERVER"
	childSeed   = "POSTROOM_TEST_LEDGER_SEED"
	limit       = 3
)

// TestMain lets the test binary be a process of its own, to be killed.
func TestMain(m *testing.M) {
	if os.Getenv(childDir) != "" {
		if err := child(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// child opens and closes shells on the parent's server from several
// goroutines, for as long as it lives or 25 rounds each.
func child() error {
	var seed uint64
	if _, err := fmt.Sscan(os.Getenv(childSeed), &seed); err != nil {
		return err
	}
	l, err := ledger.Open(os.Getenv(childDir))
	if err != nil {
		return err
	}
	errs := make([]error, 3)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { errs[i] = visits(l, rand.New(rand.NewPCG(seed, uint64(i)))) }) // ends after its rounds
	}
	wg.Wait()
	return errors.Join(append(errs, l.Close())...)
}

func visits(l *ledger.Ledger, random *rand.Rand) error {
	conn, err := net.Dial("tcp", os.Getenv(childServer))
	if err != nil {
		return err
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	ask := func(format string, args ...any) error {
		fmt.Fprintf(conn, format+"\n", args...)
		_, err := answers.ReadString('\n')
		return err
	}
	for range 25 {
		if err := visit(l, random, ask); err != nil {
			return err
		}
	}
	return nil
}

func visit(l *ledger.Ledger, random *rand.Rand, ask func(string, ...any) error) error {
	account := fmt.Sprintf("admin%d@contoso.example", random.IntN(2))
	e := entry(fmt.Sprintf("%016X", random.Uint64()))
	e.Account = account
	e.IdleTimeout = 0 // the server of this test never drops a shell by itself
	s, err := l.Reserve(context.Background(), e, limit, nil)
	if err != nil {
		return err
	}
	if random.IntN(10) == 0 {
		return s.Cleared() // changed our mind before anything was sent
	}
	if err := s.Intend(e.URL, nil); err != nil {
		return err
	}
	if err := ask("create %s %s", account, e.ShellID); err != nil {
		return err
	}
	if err := s.Opened(e.URL, nil, 0); err != nil {
		return err
	}
	if err := ask("delete %s %s", account, e.ShellID); err != nil {
		return err
	}
	return s.Cleared()
}

// server counts the shells that are open on it, as Exchange does.
type server struct {
	net.Listener
	mu      sync.Mutex
	open    map[string]map[string]bool // account, shell
	deleted map[string]bool            // shell
	most    int
	created int
}

func startServer(t *testing.T) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{Listener: l, open: map[string]map[string]bool{}, deleted: map[string]bool{}}
	var wg sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); wg.Wait() })
	wg.Go(func() { // ends when the listener is closed
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { s.serve(conn) }) // ends with the child's connection
		}
	})
	return s
}

func (s *server) serve(conn net.Conn) {
	defer conn.Close()
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		var verb, account, shell string
		if _, err := fmt.Sscan(lines.Text(), &verb, &account, &shell); err != nil {
			return // the child was killed in the middle of a line
		}
		if verb == "create" {
			s.create(account, shell)
		} else {
			s.delete(account, shell)
		}
		if _, err := io.WriteString(conn, "ok\n"); err != nil {
			return
		}
	}
}

func (s *server) create(account, shell string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.deleted[shell] {
		return // the line was still on its way when its process was killed
	}
	if s.open[account] == nil {
		s.open[account] = map[string]bool{}
	}
	s.open[account][shell] = true
	s.created++
	s.most = max(s.most, len(s.open[account]))
}

func (s *server) delete(account, shell string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open[account], shell)
	s.deleted[shell] = true
}

func (s *server) count() (open int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, shells := range s.open {
		open += len(shells)
	}
	return open
}

func startChild(t *testing.T, dir, address string, seed int) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, childServer+"="+address, fmt.Sprintf("%s=%d", childSeed, seed))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// TestLimitHoldsOverProcessesAndKills runs processes that open and close
// shells, kills every second one with SIGKILL in the middle, and looks after
// what they leave, as the next start does. The judge is the server.
func TestLimitHoldsOverProcessesAndKills(t *testing.T) {
	fixture.Long(t)
	dir := t.TempDir()
	s := startServer(t)
	l := open(t, dir)
	children := 8
	if testing.Short() {
		children = 4
	}
	var wg sync.WaitGroup
	for i := range children {
		cmd := startChild(t, dir, s.Addr().String(), i)
		kill := i%2 == 0
		wg.Go(func() { // ends with the child
			if kill {
				waitFor(func() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.created > 10*(i+1) })
				_ = cmd.Process.Kill() // it may have finished
				_ = cmd.Wait()         // reports the kill
				return
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("child %d: %v", i, err)
			}
		})
	}
	finished := make(chan struct{})
	go func() { wg.Wait(); close(finished) }() // ends with the children
	for running := true; running; {
		select {
		case <-finished:
			running = false
		case <-time.After(20 * time.Millisecond):
		}
		closeOrphans(t, l, s)
	}
	closeOrphans(t, l, s)
	if s.most > limit {
		t.Errorf("an account had %d shells open at once, the limit is %d", s.most, limit)
	}
	if s.most < limit {
		t.Errorf("at most %d shells were open: the test did not press", s.most)
	}
	if n := s.count(); n != 0 {
		t.Errorf("%d shells are left on the server", n)
	}
	if got := ids(t, l.Entries); got != "" {
		t.Errorf("left in the ledger: %s", got)
	}
	t.Logf("%d shells by %d processes, %d at once", s.created, children, s.most)
}

func waitFor(ready func() bool) {
	for range 2000 {
		if ready() {
			return
		}
		<-time.After(5 * time.Millisecond)
	}
}

func closeOrphans(t *testing.T, l *ledger.Ledger, s *server) {
	t.Helper()
	orphans, err := l.Orphans()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range orphans {
		s.delete(e.Account, e.ShellID)
		if err := l.Clear(t.Context(), e.ShellID); err != nil {
			t.Error(err)
		}
	}
}

// TestNoSecretInTheFiles writes a full entry and looks at every byte.
func TestNoSecretInTheFiles(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	s := reserve(t, l, "A")
	if err := s.Intend("https://u:hunter2@ps.example.test/", nil); !errors.Is(err, ledger.ErrURL) {
		t.Errorf("Intend with a password in the URL: %v", err)
	}
	if err := s.Opened("https://u:hunter2@ps.example.test/", nil, 0); !errors.Is(err, ledger.ErrURL) {
		t.Errorf("Opened with a password in the URL: %v", err)
	}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), "hunter2") {
			t.Errorf("%s holds the password", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
