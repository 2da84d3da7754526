package runs_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"postroom/app/desktest"
	"postroom/session"
	"postroom/test/fixture"
)

// TestManyRowsInTheWindow: 120,000 mailboxes of 72 properties. It says what the process holds
// beside the table when they are there, and the longest that the UI thread was busy at once
// while they came, in its own processor time: other work of the machine does not count.
func TestManyRowsInTheWindow(t *testing.T) {
	fixture.Long(t)
	const mailboxes, properties = 120_000, 72
	b := newBench(t)
	b.usual = mailboxRows(30) // the letters of the fonts are measured with the first rows that a program shows
	b.run(b.tab("Get-Something", "Identity"))
	b.usual = func(_ context.Context, sink session.Sink) error {
		names := make([][]byte, properties)
		for i := range names {
			names[i] = fmt.Appendf(nil, "Property%d", i)
		}
		var text []byte
		for i := range mailboxes {
			sink.BeginRow()
			for col, name := range names {
				switch {
				case col < 12:
					text = fmt.Appendf(text[:0], "user%d-%d-%x@contoso.example and what else is there", i, col, i*7919)
					sink.Text(name, text)
				case col < 40:
					text = fmt.Appendf(text[:0], "Department %d", (i+col)%20)
					sink.Text(name, text)
				case col < 60:
					sink.Bool(name, (i+col)%3 == 0)
				case col < 66:
					sink.Int(name, int64(i*col))
				default:
					text = fmt.Appendf(text[:0], "SMTP:user%d@contoso.example", i)
					sink.List(name, [][]byte{text, []byte("x500:abc")}, fmt.Appendf(nil, "<LST><S>%s</S><S>x500:abc</S></LST>", text))
				}
			}
			if err := sink.EndRow(); err != nil {
				return err
			}
		}
		return nil
	}
	tab := b.tab("Get-Mailbox", "Identity")
	before := resident(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var longest time.Duration
	b.queue.Around = func(do func()) {
		from := threadTime(t)
		do()
		longest = max(longest, threadTime(t)-from)
	}
	tab.Form().Run()
	b.until("the rows", func() bool { return b.finished > 1 })
	after := resident(t)
	t.Logf("resident %d MB, %d MB before; the UI thread worked %v at once at most", after, before, longest)
	const limit = 245 // MB beside what a test of the window holds, which is some 55 MB
	if after-before > limit && !desktest.RaceDetector {
		t.Errorf("%d MB resident, %d MB before, want at most %d more", after, before, limit)
	}
	if longest > 8*time.Millisecond && !desktest.RaceDetector {
		t.Errorf("the UI thread was busy for %v at once", longest)
	}
}

// resident is the process's memory in MB.
func resident(t *testing.T) (mb int) {
	t.Helper()
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
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
