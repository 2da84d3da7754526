package runs_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"postroom/app/desktest"
	"postroom/app/runs"
	"postroom/session"
	"postroom/session/result"
	"postroom/test/fixture"
	"postroom/test/manyrows"
	"postroom/widgets"
)

// TestManyRowsInTheWindow: 120,000 mailboxes of 72 properties. It says what the process holds
// beside the table when they are there, and the longest that the UI thread was busy at once
// while they came, in its own processor time: other work of the machine does not count.
// `make test-long` runs it beside the race detector and without.
func TestManyRowsInTheWindow(t *testing.T) {
	fixture.Long(t)
	all := manyrows.Shape{Unique: 12, Repeated: 28, Bools: 20, Ints: 6, Lists: 6} // 72 properties
	count := 120_000
	if desktest.RaceDetector { // which keeps memory and time of its own: fewer show the same races
		count = 6_000
	}
	b := newBench(t)
	b.usual = mailboxRows(30) // the letters of the fonts are measured with the first rows that a program shows
	b.run(b.tab("Get-Something", "Identity"))
	b.usual = func(_ context.Context, sink session.Sink) error {
		rows := manyrows.Of(all, " and what else is there beside the address")
		for i := range count {
			if err := rows.Put(sink, i); err != nil {
				return err
			}
		}
		return nil
	}
	tab := b.tab("Get-Mailbox", "Identity")
	before := resident(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var steps uiSteps
	b.queue.Around = func(do func()) { steps.measure(t, "redraw", do) }
	tab.Form().Run()
	b.until("the rows", func() bool { return b.finished > 1 })
	after := resident(t)
	t.Logf("resident %d MB, %d MB before, %d MB at most; the UI thread worked %v at once at most", after, before, memory(t, "VmHWM:"), steps.longest)
	const limit = 245 // MB beside what a test of the window holds, which is some 55 MB
	if after-before > limit && !desktest.RaceDetector {
		t.Errorf("%d MB resident, %d MB before, want at most %d more", after, before, limit)
	}
}

// TestAMillionRowsArrive: while they do, and while both processors have other work, somebody
// sorts, selects all, filters, groups and scrolls; no step of the UI thread works
// through all rows. (Its own processor time is measured: wall time would measure the other work.)
func TestAMillionRowsArrive(t *testing.T) {
	fixture.Long(t)
	total := 1_000_000
	if desktest.RaceDetector { // as above
		total = 40_000
	}
	portion := total / 40
	b := newBench(t)
	b.usual = mailboxRows(30) // as above
	b.run(b.tab("Get-Something", "Identity"))
	turn := make(chan struct{}, 1)
	var sent atomic.Int64
	b.usual = func(ctx context.Context, sink session.Sink) error {
		rows := manyrows.Of(manyrows.Usual, "")
		for i := range total {
			if err := rows.Put(sink, i*7919%total); err != nil {
				return err
			}
			sent.Store(int64(i + 1))
			if (i+1)%portion == 0 { // the next ones come when these are seen: so there are forty redraws and more
				select {
				case <-turn:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		return nil
	}
	stop := make(chan struct{})
	var busy sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		busy.Go(func() { // ends with the test
			for n := uint64(1); ; n = n*6364136223846793005 + 1 {
				if n%1_000_003 == 0 {
					select {
					case <-stop:
						return
					default:
					}
				}
			}
		})
	}
	defer busy.Wait()
	defer close(stop)
	tab := b.tab("Get-Mailbox", "Identity")
	grid := tab.Grid()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	steps := uiSteps{}
	doing := "rows come"
	b.queue.Around = func(do func()) {
		steps.measure(t, doing, do)
		select {
		case turn <- struct{}{}:
		default:
		}
	}
	tab.Form().Run()
	for _, c := range []struct {
		portions int // that have come
		what     string
		do       func()
	}{
		{6, "scroll", func() { grid.SetCurrent(total/10, 3) }},
		{10, "sort by a number", func() { tab.Sort(widgets.SortKey{Col: column(t, tab, "Property32"), Order: widgets.Descending}) }},
		{16, "select all", func() { grid.TypedShortcut(&fyne.ShortcutSelectAll{}) }},
		{20, "filter by a word", func() { tab.Filter("department") }},
		{24, "select a million by turns", func() {
			grid.SetSelected([]widgets.RowRange{{First: 10, Last: total * 3 / 10}, {First: total*3/10 + 2, Last: total / 2}})
		}},
		{28, "sort by a text", func() { tab.Sort(widgets.SortKey{Col: column(t, tab, "Property1"), Order: widgets.Ascending}) }},
		{32, "filter away", func() { tab.Filter("user12") }},
		{36, "all again", func() { tab.Filter("") }},
	} {
		b.until(c.what, func() bool { return int(sent.Load()) >= c.portions*portion })
		doing = c.what
		steps.measure(t, c.what+", itself", c.do)
	}
	b.until("the rows", func() bool { return b.finished > 1 })
	b.settle()
	shown := tab.Shown()
	step := func(what string, do func()) {
		doing = what
		steps.measure(t, what+", itself", do)
		b.settle()
	}
	millionSelected(t, b, tab, step)
	millionGroups(t, b, tab, step)
	t.Logf("%d steps, the longest %v (%s)", steps.count, steps.longest, steps.where)
	for _, line := range steps.over {
		t.Log(line)
	}
	steps.check(t, shown)
}

// millionSelected does all that can be done with a million selected rows.
func millionSelected(t *testing.T, b *bench, tab *runs.Tab, step func(what string, do func())) {
	t.Helper()
	grid := tab.Grid()
	rows, _ := tab.Shown().Size()
	at := fyne.NewPos(40, 60)
	step("select all", func() { grid.TypedShortcut(&fyne.ShortcutSelectAll{}) })
	step("export the selection", tab.Export)
	if n := len(b.exported); n == 0 {
		t.Fatal("nothing was exported")
	} else if selected, _ := b.exported[n-1].Selected.Size(); selected != rows {
		t.Errorf("%d of %d rows were exported", selected, rows)
	}
	step("a row's menu", func() { grid.OnMenu(rows/2, 3, at) })
	step("copy them as a line", func() { tab.CopyLine() })
	step("copy them", grid.Copy)
	step("do something for them", tab.ForRows)
	step("the current cell", func() { grid.SetCurrent(rows-2, 3) })
	step("another column", func() { grid.SetCurrent(rows-2, column(t, tab, "Property36")) })
	step("details", func() { grid.OnDetails(rows/2, 3) })
	step("the end of the details", func() { b.desk.Sheets.Top().Hide() })
	step("a filter's values", func() { grid.OnFilter(column(t, tab, "Property1"), at) })
	step("the end of the filter", func() { b.desk.Sheets.Top().Hide() })
	step("find", func() { grid.TypedRune('~') }) // which no cell has
}

// millionGroups groups a million rows by a column that has another value in each.
func millionGroups(t *testing.T, b *bench, tab *runs.Tab, step func(what string, do func())) {
	t.Helper()
	grid := tab.Grid()
	rows, _ := tab.Shown().Size()
	heading := func() { grid.OnHeaderMenu(column(t, tab, "Property1"), fyne.NewPos(40, 60)) }
	size := func() int { n, _ := grid.Source().Size(); return n }
	step("a column's menu", heading)
	step("group", func() { b.choose("Group by this column") })
	if size() != 2*rows {
		t.Errorf("%d lines show %d groups of one row", size(), rows)
	}
	step("a group's menu", heading)
	step("fold all", func() { b.chooseIn("Groups", "Fold all groups") })
	if size() != rows {
		t.Errorf("%d lines show %d folded groups", size(), rows)
	}
	step("open one", func() { grid.OnFold(5) })
	if size() != rows+1 {
		t.Errorf("%d lines show %d folded groups and an open one", size(), rows)
	}
	step("select all", func() { grid.TypedShortcut(&fyne.ShortcutSelectAll{}) })
	step("fold it", func() { grid.OnFold(5) })
}

// uiSteps measures what the UI thread does at once, in its own processor time.
type uiSteps struct {
	count   int
	longest time.Duration
	where   string   // the longest was
	over    []string // those of more than half of what is allowed
}

// longestStep is what the UI thread may do at once.
const longestStep = 8 * time.Millisecond

func (s *uiSteps) measure(t *testing.T, what string, do func()) {
	t.Helper()
	from := threadTime(t)
	do()
	took := threadTime(t) - from
	s.count++
	if took > s.longest {
		s.longest, s.where = took, what
	}
	if took > longestStep/2 {
		s.over = append(s.over, fmt.Sprintf("step %d, %s: %v", s.count, what, took))
	}
}

// check holds the longest step against the time in which the same thread, beside the same
// other work, looks once at a cell of each row: what works through all rows on the UI thread
// is no tenth of that. How near a quiet machine comes to longestStep is in docs/performance.md.
func (s *uiSteps) check(t *testing.T, view *result.View) {
	t.Helper()
	rows, columns := view.Size()
	from, letters := threadTime(t), 0
	for row := range rows {
		letters += len(view.Cell(row, row%columns))
	}
	once := threadTime(t) - from
	t.Logf("%d rows are looked at once in %v, %d bytes", rows, once, letters)
	if s.longest > once/10 && !desktest.RaceDetector {
		t.Errorf("the UI thread was busy for %v at once (%s); a look at each row takes %v", s.longest, s.where, once)
	}
}

// resident is the process's memory in MB.
func resident(t *testing.T) int { return memory(t, "VmRSS:") }

// memory is a figure of the process's memory in MB.
func memory(t *testing.T, name string) (mb int) {
	t.Helper()
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			if _, err := fmt.Sscan(rest, &mb); err != nil {
				t.Fatal(err)
			}
		}
	}
	return mb >> 10
}

// threadTime is the processor time of this thread.
func threadTime(t *testing.T) time.Duration {
	t.Helper()
	const ofThread = 1 // RUSAGE_THREAD, getrusage(2)
	var u syscall.Rusage
	if err := syscall.Getrusage(ofThread, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
