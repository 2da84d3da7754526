package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"postroom/session/holder"
	"postroom/session/jsonfile"
	"postroom/session/ledger"
)

func open(t *testing.T, dir string) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func entry(id string) ledger.Entry {
	return ledger.Entry{
		ShellID: id, URL: "https://ps.example.test/powershell-liveid/?DelegatedOrg=c.example",
		Configuration: "Microsoft.Exchange", Auth: "basic", Account: "admin@contoso.example",
		Tenant: "c.example", Endpoint: "eop", IdleTimeout: 15 * time.Minute,
	}
}

func reserve(t *testing.T, l *ledger.Ledger, id string) *ledger.Slot {
	t.Helper()
	s, err := l.Reserve(t.Context(), entry(id), 3, &ledger.Turn{Tell: func(q ledger.Queued) { t.Errorf("%s waits: %+v", id, q) }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ids(t *testing.T, read func() ([]ledger.Entry, error)) string {
	t.Helper()
	entries, err := read()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.ShellID+":"+string(e.State))
	}
	return strings.Join(out, " ")
}

func TestLifeOfAShell(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	s := reserve(t, l, "A")
	if got := ids(t, l.Entries); got != "A:reserved" {
		t.Fatalf("after Reserve: %s", got)
	}
	if err := s.Intend("https://ps.example.test/powershell-liveid/", nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Intend("https://pod7.example.test/powershell-liveid/", nil); err != nil {
		t.Fatal(err)
	}
	other := open(t, dir) // what is in the file, not in the memory of l
	if got := ids(t, other.Entries); got != "A:intended" {
		t.Fatalf("after Intend: %s", got)
	}
	cookies := []ledger.Cookie{{Name: "MS-WSMAN", Value: "pod7"}}
	if err := s.Opened("https://pod7.example.test/powershell-liveid/", cookies, 20*time.Minute); err != nil {
		t.Fatal(err)
	}
	entries, err := other.Entries()
	if err != nil || len(entries) != 1 {
		t.Fatalf("%v, %v", entries, err)
	}
	e := entries[0]
	if e.State != ledger.Opened || e.URL != "https://pod7.example.test/powershell-liveid/" ||
		e.Server != "ps.example.test" || e.PID != os.Getpid() || e.Started.IsZero() ||
		e.IdleTimeout != 20*time.Minute || !slices.Equal(e.Cookies, cookies) {
		t.Errorf("the entry is not complete: %+v", e)
	}
	if got := ids(t, other.Orphans); got != "" {
		t.Errorf("a live shell is an orphan: %s", got)
	}
	if err := s.Cleared(); err != nil {
		t.Fatal(err)
	}
	if err := s.Cleared(); err != nil {
		t.Errorf("second Cleared: %v", err)
	}
	if err := s.Intend("https://ps.example.test/", nil); !errors.Is(err, ledger.ErrCleared) {
		t.Errorf("Intend after Cleared: %v", err)
	}
	if got := ids(t, other.Entries); got != "" {
		t.Errorf("after Cleared: %s", got)
	}
}

func TestDeathLeavesWhatMayBeOnTheServer(t *testing.T) {
	dir := t.TempDir()
	dead, err := ledger.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	reserve(t, dead, "R")
	intended, opened := reserve(t, dead, "I"), reserve(t, dead, "O")
	if err := errors.Join(intended.Intend("https://ps.example.test/", nil),
		opened.Intend("https://ps.example.test/", nil), opened.Opened("https://ps.example.test/", nil, 0)); err != nil {
		t.Fatal(err)
	}
	if err := dead.Close(); err != nil { // drops the lock, as the system does at a death
		t.Fatal(err)
	}
	l := open(t, dir)
	if got := ids(t, l.Orphans); got != "I:intended O:opened" {
		t.Errorf("orphans: %s", got)
	}
	if used, _, err := l.Used(who(t, "ADMIN@contoso.example", "PS.example.test."), 3); used != 2 || err != nil {
		t.Errorf("used %d, %v; want the two left behind", used, err)
	}
	if err := opened.Cleared(); !errors.Is(err, ledger.ErrClosed) {
		t.Errorf("slot of a closed ledger: %v", err)
	}
	if err := l.Clear(t.Context(), "i"); err != nil { // ids are GUIDs: case does not matter
		t.Error(err)
	}
	if err := l.Clear(t.Context(), "I"); !errors.Is(err, ledger.ErrNoEntry) {
		t.Errorf("second Clear: %v", err)
	}
	if got := ids(t, l.Orphans); got != "O:opened" {
		t.Errorf("orphans: %s", got)
	}
}

func TestQueueIsFirstComeFirstServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		here, there := open(t, dir), open(t, dir) // two processes as far as the files know
		held := []*ledger.Slot{reserve(t, here, "1"), reserve(t, there, "2"), reserve(t, here, "3")}

		type place struct{ id, at string }
		var mu sync.Mutex
		var places []place
		var order []string
		got := make(chan *ledger.Slot, 4)
		for i, l := range []*ledger.Ledger{here, there, here, there} {
			id := string(rune('a' + i))
			go func() { // ends when its slot came
				s, err := l.Reserve(t.Context(), entry(id), 3, &ledger.Turn{Tell: func(q ledger.Queued) {
					mu.Lock()
					defer mu.Unlock()
					places = append(places, place{id, fmt.Sprint(q.Place)})
				}})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				order = append(order, id)
				mu.Unlock()
				got <- s
			}()
			time.Sleep(time.Second) // of the bubble: the next one comes later
		}
		if used, waiting, err := here.Used(who(t, entry("").Account, "ps.example.test"), 3); used != 3 || waiting != 4 || err != nil {
			t.Errorf("used %d, waiting %d, %v", used, waiting, err)
		}
		// Another account and another server have slots of their own.
		for _, e := range []ledger.Entry{entry("x"), entry("y")} {
			if e.ShellID == "x" {
				e.Account = "other@contoso.example"
			} else {
				e.URL = "https://mail.example.test/PowerShell/"
			}
			s, err := there.Reserve(t.Context(), e, 1, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Cleared(); err != nil {
				t.Error(err)
			}
		}
		for range 4 {
			if err := held[0].Cleared(); err != nil {
				t.Error(err)
			}
			held = append(held[1:], <-got)
			time.Sleep(time.Second)
		}
		mu.Lock()
		defer mu.Unlock()
		if want := []string{"a", "b", "c", "d"}; !slices.Equal(order, want) {
			t.Errorf("served in the order %v", order)
		}
		want := []place{
			{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"},
		}
		if !slices.Equal(places[:4], want) {
			t.Errorf("places at the start: %v", places[:4])
		}
		if last := places[len(places)-1]; last != (place{"d", "1"}) {
			t.Errorf("the last one to wait was %v", last)
		}
	})
}

// Who comes when a slot has just become free waits behind those who were there before, though
// they look only now and then.
func TestWhoComesLaterWaitsBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		here, there := open(t, dir), open(t, dir) // there hears of here's changes by looking
		first, err := here.Reserve(t.Context(), entry("1"), 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := make(chan *ledger.Slot)
		wants := func(l *ledger.Ledger, id string) {
			s, err := l.Reserve(t.Context(), entry(id), 1, nil)
			if err != nil {
				t.Error(err)
			}
			got <- s
		}
		go wants(there, "before") // ends when its slot came
		synctest.Wait()
		if err := first.Cleared(); err != nil {
			t.Fatal(err)
		}
		go wants(here, "later") // ends when its slot came
		for _, want := range []string{"before", "later"} {
			s := <-got
			if id := s.Entry().ShellID; id != want {
				t.Errorf("%s is served, want %s", id, want)
			}
			if err := s.Cleared(); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, t.TempDir())
		s := reserve(t, l, "1")
		cause := errors.New("the person pressed Cancel")
		ctx, cancel := context.WithCancelCause(t.Context())
		_, err := l.Reserve(ctx, entry("2"), 1, &ledger.Turn{Tell: func(ledger.Queued) { cancel(cause) }})
		if !errors.Is(err, cause) {
			t.Errorf("Reserve: %v", err)
		}
		if _, waiting, err := l.Used(who(t, entry("").Account, "ps.example.test"), 3); waiting != 0 || err != nil {
			t.Errorf("%d tickets stay in the queue, %v", waiting, err)
		}
		if err := s.Cleared(); err != nil {
			t.Fatal(err)
		}
		reserve(t, l, "3")
	})
}

func TestDeadWaiterDoesNotBlockTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		l := open(t, dir)
		held := reserve(t, l, "1")
		dead, err := ledger.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		gone := make(chan struct{})
		go func() { // ends with ctx
			defer close(gone)
			_, _ = dead.Reserve(ctx, entry("2"), 1, nil) // dies while it waits
		}()
		synctest.Wait()
		if err := dead.Close(); err != nil {
			t.Fatal(err)
		}
		if err := held.Cleared(); err != nil {
			t.Fatal(err)
		}
		s, err := l.Reserve(t.Context(), entry("3"), 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		<-gone
		if err := s.Cleared(); err != nil {
			t.Error(err)
		}
	})
}

func TestALeftShellCountsUntilTheServerDropsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, t.TempDir())
		s := reserve(t, l, "1")
		if err := s.Intend("https://ps.example.test/", nil); err != nil {
			t.Fatal(err)
		}
		if err := s.Abandon(); err != nil {
			t.Fatal(err)
		}
		e := s.Entry()
		frees, known := e.FreesAt()
		if !known || !frees.Equal(e.Alone.Add(16*time.Minute)) { // clocks differ
			t.Errorf("frees at %v, %v", frees, known)
		}
		if got := ids(t, l.Orphans); got != "1:left" {
			t.Errorf("orphans: %q", got)
		}
		before := time.Now()
		next, err := l.Reserve(t.Context(), entry("2"), 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(before); waited < 15*time.Minute || waited > 17*time.Minute {
			t.Errorf("waited %v for a server that drops after 15 minutes", waited)
		}
		if got := ids(t, l.Orphans); got != "1:left" {
			t.Errorf("the shell is forgotten although no Delete was confirmed: %q", got)
		}
		if err := next.Abandon(); err != nil { // nothing was sent
			t.Error(err)
		}
		if got := ids(t, l.Entries); got != "1:left" {
			t.Errorf("entries: %q", got)
		}
	})
}

func TestWhatReserveRefuses(t *testing.T) {
	l := open(t, t.TempDir())
	reserve(t, l, "1")
	for name, c := range map[string]struct {
		change func(*ledger.Entry)
		limit  int
		want   error
	}{
		"limit":     {func(*ledger.Entry) {}, 0, ledger.ErrLimit},
		"duplicate": {func(e *ledger.Entry) { e.ShellID = "1" }, 3, ledger.ErrDuplicate},
		"no id":     {func(e *ledger.Entry) { e.ShellID = " " }, 3, ledger.ErrIncomplete},
		"account":   {func(e *ledger.Entry) { e.Account = "" }, 3, ledger.ErrIncomplete},
		"no host":   {func(e *ledger.Entry) { e.URL = "/PowerShell/" }, 3, ledger.ErrURL},
		"password":  {func(e *ledger.Entry) { e.URL = "https://u:hunter2@h.example/" }, 3, ledger.ErrURL},
	} {
		e := entry("new")
		c.change(&e)
		_, err := l.Reserve(t.Context(), e, c.limit, nil)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error repeats the password: %v", name, err)
		}
	}
}

func TestTornAndForeignFilesAreSetAside(t *testing.T) {
	for name, content := range map[string]string{
		"empty":         "",
		"torn":          `{"version": 1, "data": {"entries": [{"shell_id": "A", "ur`,
		"other version": `{"version": 0, "data": {"entries": []}}`,
		"other type":    `{"version": 1, "data": {"entries": "none"}}`,
		"not JSON":      "\x00\x01\x02",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "ledger.json")
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			l := open(t, dir)
			aside := l.SetAside()
			if len(aside) != 1 {
				t.Fatalf("reported: %v", aside)
			}
			kept, err := os.ReadFile(aside[0].Kept)
			if err != nil || string(kept) != content {
				t.Errorf("kept %q, %v", kept, err)
			}
			reserve(t, l, "A")
		})
	}
}

func TestAShellSurvivesALostFile(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	s := reserve(t, l, "A")
	if err := os.WriteFile(filepath.Join(dir, "ledger.json"), []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Intend("https://ps.example.test/", nil); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, l.Entries); got != "A:intended" {
		t.Errorf("entries: %s", got)
	}
	if len(l.SetAside()) != 1 {
		t.Errorf("reported: %v", l.SetAside())
	}
}

func TestUnwritableFolderStopsCreate(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	s := reserve(t, l, "A")
	// A folder in place of the file cannot be replaced by a rename.
	path := filepath.Join(dir, "ledger.json")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	var unusable *ledger.UnusableError
	if err := s.Intend("https://ps.example.test/", nil); !errors.As(err, &unusable) || unusable.Dir != dir {
		t.Errorf("Intend without a file: %v", err)
	}
	if _, err := ledger.Open(filepath.Join(path, "in the way", "\x00")); !errors.As(err, &unusable) {
		t.Errorf("Open of a folder that cannot be: %v", err)
	}
	if s.Entry().State != ledger.Reserved {
		t.Errorf("the state is %s although nothing was written", s.Entry().State)
	}
}

func TestFilesAreForTheUserAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	l := open(t, dir)
	reserve(t, l, "A")
	names, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		info, err := n.Info()
		if err != nil {
			t.Fatal(err)
		}
		if os.PathSeparator == '/' && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %v", n.Name(), info.Mode())
		}
		if strings.Contains(n.Name(), ".postroom-") {
			t.Errorf("%s was left behind", n.Name())
		}
	}
}

func TestLockFilesOfTheDeadAreSwept(t *testing.T) {
	dir := t.TempDir()
	for range 3 {
		l, err := ledger.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	open(t, dir)
	names, err := filepath.Glob(filepath.Join(dir, "alive-*"))
	if err != nil || len(names) != 1 {
		t.Errorf("%v, %v", names, err)
	}
}

// A Create that was never answered made a shell, if any, that nobody has used
// since: the time after which it is gone runs from the Create, and not from the
// start that finds the entry hours later.
func TestAnUnansweredCreateFreesItselfFromItsOwnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		dead := open(t, dir)
		unanswered, answered := reserve(t, dead, "unanswered"), reserve(t, dead, "answered")
		for _, s := range []*ledger.Slot{unanswered, answered} {
			if err := s.Intend("https://ps.example.test/", nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := answered.Opened("https://ps.example.test/", nil, 0); err != nil {
			t.Fatal(err)
		}
		asked := time.Now()
		if err := dead.Close(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour) // of the bubble's clock
		found := time.Now()
		next := open(t, dir)
		time.Sleep(10 * time.Minute)
		again := open(t, dir) // the second start after the death counts from the first
		left, err := again.Orphans()
		if err != nil || len(left) != 2 {
			t.Fatalf("orphans %v, %v", left, err)
		}
		for _, e := range left {
			frees, known := e.FreesAt()
			want := found.Add(16 * time.Minute)
			if e.ShellID == "unanswered" {
				want = asked.Add(19 * time.Minute) // a server may take three minutes to make it
			}
			if !known || !frees.Equal(want) {
				t.Errorf("%s frees at %v, %v, want %v", e.ShellID, frees, known, want)
			}
		}
		if used, _, err := next.Used(left[0].Holder(), 3); err != nil || used != 1 {
			t.Errorf("%d are counted, %v, want the answered one", used, err)
		}
	})
}

// An entry from a time when the computer's clock was years ahead does not hold
// its slot for years.
func TestAClockThatWasWrongHoldsNoSlot(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	s := reserve(t, l, "1")
	if err := s.Intend("https://ps.example.test/", nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Abandon(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "ledger.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	alone := s.Entry().Alone
	ahead := strings.ReplaceAll(string(text), alone.Format("2006-01-02T"), alone.AddDate(5, 0, 0).Format("2006-01-02T"))
	if err := os.WriteFile(path, []byte(ahead), 0o600); err != nil || ahead == string(text) {
		t.Fatal("the file was not changed", err)
	}
	left, err := open(t, dir).Orphans()
	if err != nil || len(left) != 1 {
		t.Fatalf("orphans %v, %v", left, err)
	}
	if frees, known := left[0].FreesAt(); !known || frees.After(time.Now().AddDate(0, 0, 1)) {
		t.Errorf("it frees itself at %v, %v", frees, known)
	}
}

// The ledger of a newer program is whole, and its shells are real: an older one
// opens no session that it would not count right.
func TestTheLedgerOfANewerProgramStays(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "ledger.json")
	const text = `{"version": 99, "data": {"shells": {"A": {}}}}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var newer *jsonfile.NewerError
	if _, err := ledger.Open(dir); !errors.As(err, &newer) {
		t.Errorf("Open: %v", err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != text {
		t.Errorf("%s, %v", b, err)
	}
}

// A reader that meets a torn file does not set aside the good one that another
// process has put there since.
func TestManyWhoReadATornFileSetItAsideOnce(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	for range 20 {
		if err := os.WriteFile(filepath.Join(dir, "ledger.json"), []byte("torn"), 0o600); err != nil {
			t.Fatal(err)
		}
		before := len(l.SetAside())
		var readers sync.WaitGroup
		for range 8 {
			readers.Go(func() {
				if _, err := l.Entries(); err != nil {
					t.Error(err)
				}
			})
		}
		readers.Wait()
		if n := len(l.SetAside()) - before; n != 1 {
			t.Fatalf("%d files were set aside, want the torn one", n)
		}
	}
}

// A file of the version before there were holders is read: its shells count, its
// queue stands, its refusal is minded, however it spelled account and server.
func TestAFileOfAnEarlierVersionIsRead(t *testing.T) {
	dir := t.TempDir()
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339Nano)
	raw := `{"version":1,"data":{"last_ticket":7,
		"entries":[
			{"shell_id":"A","url":"https://ps.example.test/PowerShell","configuration":"Microsoft.Exchange","auth":"basic",
			 "account":"Anna@Contoso.example","server":"PS.example.test:443","state":"opened","owner":"gone","created":"2026-11-01T08:00:00Z"},
			{"shell_id":"B","url":"https://ps.example.test/PowerShell","configuration":"Microsoft.Exchange","auth":"basic",
			 "account":" anna@contoso.example","server":"ps.example.test.","state":"opened","owner":"gone","created":"2026-11-01T08:00:00Z"},
			{"shell_id":"C","url":"https://ps.example.test/PowerShell","configuration":"Microsoft.Exchange","auth":"basic",
			 "account":"","server":"ps.example.test","state":"opened","owner":"gone","created":"2026-11-01T08:00:00Z"}],
		"queue":[{"number":7,"key":"anna@contoso.example\nps.example.test","owner":"gone"},{"number":6,"key":"","owner":"gone"}],
		"refused":[{"key":"anna@contoso.example\nps.example.test","until":"` + until + `","frees":"` + until + `"}]}}`
	if err := os.WriteFile(filepath.Join(dir, "ledger.json"), []byte(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	l := open(t, dir)
	anna := who(t, "anna@contoso.example", "https://ps.example.test/")
	if used, _, err := l.Used(anna, 3); used != 2 || err != nil || len(l.SetAside()) > 0 {
		t.Errorf("%d of her shells count (%v), files set aside: %v", used, err, l.SetAside())
	}
	if left, err := l.Orphans(); len(left) != 3 || err != nil {
		t.Errorf("left open: %v, %v", left, err)
	}
	if _, holds, err := l.Refused(anna); !holds || err != nil {
		t.Errorf("the refusal is not minded: %v", err)
	}
}

func who(t *testing.T, account, address string) holder.Holder {
	t.Helper()
	h, err := holder.Of(account, address)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// A refusal is known to all processes until its time is over; one of a clock
// that was ahead is not minded for years.
func TestARefusalIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		one, other := open(t, dir), open(t, dir)
		r := ledger.Refusal{Until: time.Now().Add(time.Minute), Frees: time.Now().Add(15 * time.Minute)}
		if err := one.Refuse(t.Context(), who(t, "Admin@contoso.example", "ps.example.test"), r); err != nil {
			t.Fatal(err)
		}
		got, holds, err := other.Refused(who(t, "admin@contoso.example", "PS.example.test:443"))
		if err != nil || !holds || !got.Until.Equal(r.Until) || !got.Frees.Equal(r.Frees) {
			t.Errorf("%+v, %v, %v, want %+v", got, holds, err, r)
		}
		if _, holds, err := other.Refused(who(t, "admin@contoso.example", "elsewhere.example")); holds || err != nil {
			t.Errorf("another server: %v, %v", holds, err)
		}
		time.Sleep(time.Minute)
		if _, holds, err := other.Refused(who(t, "admin@contoso.example", "ps.example.test")); holds || err != nil {
			t.Errorf("after its time: %v, %v", holds, err)
		}
		r.Until = time.Now().AddDate(5, 0, 0)
		if err := one.Refuse(t.Context(), who(t, "admin@contoso.example", "ps.example.test"), r); err != nil {
			t.Fatal(err)
		}
		if _, holds, err := other.Refused(who(t, "admin@contoso.example", "ps.example.test")); holds || err != nil {
			t.Errorf("for years: %v, %v", holds, err)
		}
	})
}

// What may be one account to the server counts as one, though nobody here can tell:
// else its limit would be overrun. Who waits behind another spelling comes after it, and
// is told of its sessions.
func TestSpellingsThatMayBeOneAccountShareItsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		here, there := open(t, dir), open(t, dir)
		spelled := func(id, account string) ledger.Entry {
			e := entry(id)
			e.Account = account
			return e
		}
		first, err := here.Reserve(t.Context(), spelled("1", `CONTOSO\josé`), 3, nil)
		if err != nil {
			t.Fatal(err)
		}
		for id, account := range map[string]string{"2": "jose@contoso.example", "3": "José"} {
			if _, err := there.Reserve(t.Context(), spelled(id, account), 3, nil); err != nil {
				t.Fatal(err)
			}
		}
		for _, account := range []string{`contoso\jose`, "jose@contoso.example", "josé"} {
			if used, _, err := here.Used(who(t, account, "ps.example.test"), 3); used != 3 || err != nil {
				t.Errorf("%s has %d of 3, %v", account, used, err)
			}
		}
		if used, _, err := here.Used(who(t, "jose@fabrikam.example", "ps.example.test"), 3); used != 2 || err != nil {
			t.Errorf("another domain's has %d, want those whose domain nobody knows; %v", used, err)
		}
		var told ledger.Queued
		got := make(chan error, 1)
		go func() { // ends when the first is cleared
			_, err := there.Reserve(t.Context(), spelled("4", "JOSE"), 3, &ledger.Turn{Tell: func(q ledger.Queued) { told = q }})
			got <- err
		}()
		synctest.Wait()
		if told.Place != 1 || len(told.Held) != 3 {
			t.Errorf("the fourth is told %+v", told)
		}
		refused := ledger.Refusal{Until: time.Now().Add(time.Minute), Frees: time.Now().Add(15 * time.Minute)}
		if err := here.Refuse(t.Context(), who(t, "jose", "ps.example.test"), refused); err != nil {
			t.Fatal(err)
		}
		if _, holds, err := there.Refused(who(t, "jose@contoso.example", "ps.example.test")); !holds || err != nil {
			t.Errorf("a refusal of what may be the account is not minded: %v", err)
		}
		if err := first.Cleared(); err != nil {
			t.Error(err)
		}
		if err := <-got; err != nil {
			t.Error(err)
		}
	})
}
