package job_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/job"
	"postroom/session/result"
	"postroom/session/wsman"
)

func TestOneTargetGivesRowsAndKeepsItsSession(t *testing.T) {
	b := newBench(3, "a.example")
	b.usual.run = rows(3, 0)
	j := job.New(b.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := j.Status()[0]
	if s.State != job.Done || s.Rows != 3 || !s.Sent || s.Err != nil {
		t.Errorf("status %+v", s)
	}
	if got := b.table.Snapshot().Headers(); !slices.Equal(got, []string{"Name"}) {
		t.Errorf("columns %q", got)
	}
	if b.released != 0 {
		t.Error("the only target's session was closed: more is often asked of it")
	}
}

func TestSeveralTargetsMergeIntoOneTable(t *testing.T) {
	b := newBench(3, "a.example", "b.example")
	b.usual.run = func(_ context.Context, sink session.Sink) error {
		sink.BeginRow()
		sink.Text([]byte("Name"), []byte("x"))
		return sink.EndRow()
	}
	b.places["b.example"] = &place{run: func(_ context.Context, sink session.Sink) error {
		sink.BeginRow()
		sink.Text([]byte("tENANT"), []byte("the server's"))
		sink.Int([]byte("Size"), 7)
		return sink.EndRow()
	}}
	b.work.InOrder = true
	j := job.New(b.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	v := b.table.Snapshot()
	if got := v.Headers(); !slices.Equal(got, []string{"Tenant", "Name", "Tenant (server)", "Size"}) {
		t.Errorf("columns %q: ours is first, then the union of all", got)
	}
	if got := b.column(t, "Tenant"); !slices.Equal(got, []string{"a.example", "b.example"}) {
		t.Errorf("tenants %q", got)
	}
	if got := b.column(t, "Tenant (server)")[1]; got != "the server's" {
		t.Errorf("the server's own Tenant is %q", got)
	}
	if b.released != 2 {
		t.Errorf("%d sessions released of 2", b.released)
	}
}

// Three slots, thirty tenants: the next one connects while the last one
// disconnects, and the account never holds more than it may. The clock is the
// bubble's, so the figure is exact: what the requests of three slots take.
func TestThirtyTenantsUseAllThreeSlots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tenants []string
		for i := range 30 {
			tenants = append(tenants, fmt.Sprintf("t%02d.example", i))
		}
		b := newBench(3, tenants...)
		const request = 100 * time.Millisecond
		b.usual = place{open: 3 * request, run: rows(4, request), delete: request}
		j := job.New(b.work)
		began := time.Now()
		if err := j.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		bound := 30 / 3 * 8 * request
		if took := time.Since(began); took > bound*108/100 {
			t.Errorf("took %v, the bound of three slots is %v", took, bound)
		}
		if b.most != 3 {
			t.Errorf("%d sessions at once, 3 are allowed and to be used", b.most)
		}
		if got := job.Summarize(j.Status()); !got.Whole() || got.Rows != 120 {
			t.Errorf("summary %+v", got)
		}
	})
}

// A slot that is being given back keeps only itself: the next tenant connects, runs and ends
// while the last one still disconnects, and never more than the limit are there.
func TestTheNextConnectsWhileTheLastDisconnects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(2, "a.example", "b.example", "c.example", "d.example")
		b.usual = place{open: time.Second, run: rows(1, time.Second), delete: time.Second / 2}
		b.places["a.example"] = &place{run: rows(1, 0), delete: 9 * time.Second}
		began := time.Now()
		if err := job.New(b.work).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if want := []string{"1 done", "2 done", "3 done", "0 done"}; !slices.Equal(b.face.ended, want) {
			t.Errorf("ended %q, want %q", b.face.ended, want)
		}
		if took := time.Since(began); took != 9*time.Second || b.most != 2 {
			t.Errorf("took %v, %d at once", took, b.most)
		}
	})
}

func TestParallelIsTheMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(3, "a.example", "b.example", "c.example", "d.example")
		b.usual = place{open: time.Second, run: rows(1, time.Second)}
		b.work.Parallel = 2
		if err := job.New(b.work).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if b.most != 2 {
			t.Errorf("%d at once, 2 were wanted", b.most)
		}
	})
}

func TestRowsComeInTheOrderOfTheTargets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(3, "slow.example", "quick.example")
		b.places["slow.example"] = &place{run: rows(2, time.Minute)}
		b.usual.run = rows(2, 0)
		b.work.InOrder = true
		if err := job.New(b.work).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := []string{"slow.example", "slow.example", "quick.example", "quick.example"}
		if got := b.column(t, result.TenantColumn.Name()); !slices.Equal(got, want) {
			t.Errorf("order %q", got)
		}
	})
}

func TestStopKeepsWhatCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(1, "a.example", "b.example", "c.example")
		b.usual = place{run: rows(1000, time.Second)}
		b.places["a.example"] = &place{run: rows(2, time.Second)}
		j := job.New(b.work)
		time.AfterFunc(6*time.Second+time.Millisecond, j.Stop)
		if err := j.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := states(j); !slices.Equal(got, []job.State{job.Done, job.Stopped, job.Stopped}) {
			t.Errorf("states %v", got)
		}
		list := j.Status()
		if list[1].Rows != 4 || !errors.Is(list[1].Err, job.ErrStopped) || list[2].Sent {
			t.Errorf("stopped: %+v, not begun: %+v", list[1], list[2])
		}
		if n := len(b.column(t, "Name")); n != 6 {
			t.Errorf("%d rows kept of 6", n)
		}
		if b.open != 0 {
			t.Errorf("%d sessions left open", b.open)
		}
	})
}

func TestOneTargetIsStoppedAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(3, "a.example", "b.example")
		b.usual = place{run: rows(5, time.Second)}
		j := job.New(b.work)
		time.AfterFunc(1500*time.Millisecond, func() { j.StopTarget(0, job.ErrStopped) })
		if err := j.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := states(j); !slices.Equal(got, []job.State{job.Stopped, job.Done}) {
			t.Errorf("states %v", got)
		}
	})
}

// What lies between a run and its retry is no time of the run.
func TestThinkingBeforeARetryDoesNotCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(3, "a.example", "b.example")
		b.usual.run = rows(1, time.Second)
		b.places["b.example"] = &place{openErr: io.ErrUnexpectedEOF, run: rows(1, time.Second)}
		j := job.New(b.work)
		if err := j.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		once := j.Took()
		b.places["b.example"].openErr = nil
		<-time.After(time.Hour)
		if err := j.Retry(t.Context(), b.table.Builder()); err != nil {
			t.Fatal(err)
		}
		if took := j.Took(); once < time.Second || took < once+time.Second || took > time.Minute {
			t.Errorf("took %v, then %v with the retry", once, took)
		}
		if e := j.Entry(time.Now()); e.Seconds != j.Took().Seconds() {
			t.Errorf("the history says %v s, the run took %v", e.Seconds, j.Took())
		}
	})
}

func TestRetryIsForWhatFailedOnly(t *testing.T) {
	b := newBench(3, "a.example", "b.example", "c.example")
	b.usual.run = rows(1, 0)
	b.places["b.example"] = &place{openErr: io.ErrUnexpectedEOF, run: rows(1, 0)}
	j := job.New(b.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := states(j); !slices.Equal(got, []job.State{job.Done, job.Failed, job.Done}) {
		t.Fatalf("states %v: one failure must not end the rest", got)
	}
	if again := j.Retryable(); !slices.Equal(again, []int{1}) {
		t.Fatalf("retryable %v", again)
	}
	b.places["b.example"].openErr = nil
	if err := j.Retry(t.Context(), b.table.Builder()); err != nil {
		t.Fatal(err)
	}
	if !job.Summarize(j.Status()).Whole() {
		t.Errorf("states %v", states(j))
	}
	if want := []string{"a.example", "b.example", "b.example", "c.example"}; !slices.Equal(sorted(b.attempts), want) {
		t.Errorf("asked %q", b.attempts)
	}
	if got := sorted(b.column(t, result.TenantColumn.Name())); !slices.Equal(got, []string{"a.example", "b.example", "c.example"}) {
		t.Errorf("rows of %q", got)
	}
}

// A change that may have reached the server is never sent again, also not by
// the retry of a whole job.
// A tenant that needs a sign-in is a state of its row: the others go on, and after
// the sign-in that tenant alone is asked.
func TestASignInIsAStateOfOneTenant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(3, "a.example", "b.example", "c.example")
		b.usual.run = rows(2, 0)
		needed := &session.NeedsSignInError{Account: "anna@partner.example", Tenant: "b.example"}
		b.places["b.example"] = &place{openErr: needed, run: rows(2, 0)}
		b.work.InOrder = true
		j := job.New(b.work)
		if err := j.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		list := j.Status()
		if list[0].State != job.Done || list[1].State != job.SignIn || list[2].State != job.Done || !list[1].NeedsPerson() {
			t.Fatalf("states %s %s %s", list[0].State, list[1].State, list[2].State)
		}
		sum := job.Summarize(list)
		if sum.Whole() || len(sum.WithErrors) != 0 || !slices.Equal(sum.NeedSignIn, []int{1}) || sum.ByState[job.SignIn] != 1 || !sum.Ended() || list[1].State.String() != "sign-in" {
			t.Errorf("summary %+v", sum)
		}
		b.places["b.example"].openErr = nil
		asked := len(b.attempts)
		if err := j.Resume(t.Context(), b.table.Builder(), 0, 1); err != nil { // the first is done, and stays so
			t.Fatal(err)
		}
		if again := b.attempts[asked:]; !slices.Equal(again, []string{"b.example"}) {
			t.Errorf("asked again: %v", again)
		}
		if s := job.Summarize(j.Status()); !s.Whole() || s.Rows != 6 {
			t.Errorf("after the sign-in: %+v", s)
		}
	})
}

func TestAChangeIsSentOnce(t *testing.T) {
	b := newBench(3, "a.example", "b.example")
	b.work.Task = job.Command{Pipeline: cmdlet.Pipeline{{Cmdlet: "Set-Mailbox"}}}
	b.usual.run = func(context.Context, session.Sink) error {
		return &session.PartialError{Command: "Set-Mailbox", Unsure: true, Err: io.ErrUnexpectedEOF}
	}
	b.places["b.example"] = &place{openErr: io.ErrUnexpectedEOF, run: rows(0, 0)}
	j := job.New(b.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := states(j); !slices.Equal(got, []job.State{job.Partial, job.Failed}) {
		t.Errorf("states %v", got)
	}
	if again := j.Retryable(); !slices.Equal(again, []int{1}) {
		t.Errorf("retryable %v: only what was never sent", again)
	}
	b.places["b.example"].openErr = nil
	if err := j.Retry(t.Context(), b.table.Builder()); err != nil {
		t.Fatal(err)
	}
	if want := []string{"a.example Set-Mailbox", "b.example Set-Mailbox"}; !slices.Equal(sorted(b.sent), want) {
		t.Errorf("sent %q", b.sent)
	}
}

func TestAReadOnlyTenantIsSentNothingThatChanges(t *testing.T) {
	for _, c := range []struct {
		command string
		want    job.State
	}{{"Get-Mailbox", job.Done}, {"Set-Mailbox", job.Failed}, {"Remove-Mailbox", job.Failed}, {"Frobnicate-It", job.Failed}} {
		b := newBench(3, "a.example", "b.example")
		b.usual.run = rows(1, 0)
		b.work.Task = job.Command{Pipeline: cmdlet.Pipeline{{Cmdlet: c.command}}}
		b.work.Targets[0].Tenant.ReadOnly = true
		j := job.New(b.work)
		if err := j.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		s := j.Status()[0]
		var refused *job.ReadOnlyError
		if s.State != c.want || (c.want == job.Failed) != errors.As(s.Err, &refused) {
			t.Errorf("%s: %v, %v", c.command, s.State, s.Err)
		}
		if asked := slices.Contains(b.attempts, "a.example"); asked != (c.want == job.Done) {
			t.Errorf("%s: a session was opened: %t", c.command, asked)
		}
		if c.want == job.Failed && len(j.Retryable()) != 0 {
			t.Errorf("%s can be tried again", c.command)
		}
	}
}

// marks says what is read-only beside what the targets say.
type marks func(domain string) (string, error)

func (m marks) ReadOnly(_ context.Context, t session.Target) (string, error) {
	return m(t.Tenant.Domain)
}

// TestTheListHoldsAChangeBack: what the list says now, or cannot say, comes before what a
// target was made with. Reading asks for nobody's leave.
func TestTheListHoldsAChangeBack(t *testing.T) {
	unknown := errors.New("nobody knows")
	for command, reads := range map[string]bool{"Get-Mailbox": true, "Set-Mailbox": false} {
		b := newBench(3, "a.example", "b.example", "c.example")
		b.usual.run = rows(1, 0)
		b.work.Task = job.Command{Pipeline: cmdlet.Pipeline{{Cmdlet: command}}}
		b.work.Marks = marks(func(domain string) (string, error) {
			switch domain {
			case "a.example":
				return "other.example", nil
			case "b.example":
				return "", unknown
			}
			return "", nil
		})
		j := job.New(b.work)
		if err := j.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if reads {
			if len(b.attempts) != 3 {
				t.Errorf("%s reached %q", command, b.attempts)
			}
			continue
		}
		if !slices.Equal(b.attempts, []string{"c.example"}) {
			t.Errorf("%s reached %q", command, b.attempts)
		}
		var readOnly *job.ReadOnlyError
		var held *job.HeldBackError
		s := j.Status()
		if !errors.As(s[0].Err, &readOnly) || readOnly.Tenant != "other.example" || !errors.As(s[1].Err, &held) || !errors.Is(s[1].Err, unknown) || s[2].Err != nil {
			t.Errorf("%v, %v, %v", s[0].Err, s[1].Err, s[2].Err)
		}
		if again := j.Retryable(); !slices.Equal(again, []int{1}) {
			t.Errorf("retryable are %v: what cannot be told may be told later", again)
		}
	}
}

// Each attempt with a wrong password brings the account closer to being locked.
func TestAWrongPasswordIsTriedOnce(t *testing.T) {
	b := newBench(3, "a.example", "b.example", "c.example", "d.example")
	b.usual = place{openErr: &wsman.HTTPError{Status: 401}}
	j := job.New(b.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(b.attempts) != 1 {
		t.Errorf("%d sign-ins with a wrong password", len(b.attempts))
	}
	if got := states(j); !slices.Equal(got, []job.State{job.Failed, job.Skipped, job.Skipped, job.Skipped}) {
		t.Errorf("states %v", got)
	}
}

// Once the account was let in, a refusal is about the one tenant.
func TestARefusalAfterASignInIsTheTenantsOwn(t *testing.T) {
	b := newBench(1, "a.example", "b.example", "c.example")
	b.usual.run = rows(1, 0)
	b.places["b.example"] = &place{openErr: &wsman.HTTPError{Status: 401}}
	j := job.New(b.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := states(j); !slices.Equal(got, []job.State{job.Done, job.Failed, job.Done}) {
		t.Errorf("states %v", got)
	}
}

var errEnough = errors.New("enough")

// limited takes only so many rows.
type limited struct {
	*result.Builder
	left int
}

func (l *limited) EndRow() error {
	if err := l.Builder.EndRow(); err != nil {
		return err
	}
	if l.left--; l.left < 0 {
		return errEnough
	}
	return nil
}

func TestEnoughRowsEndTheJob(t *testing.T) {
	for _, tenants := range []int{1, 3} {
		t.Run(fmt.Sprint(tenants), func(t *testing.T) {
			b := newBench(1, []string{"a.example", "b.example", "c.example"}[:tenants]...)
			b.usual.run = rows(10, 0)
			b.work.Rows = &limited{Builder: b.table.Builder(), left: 4}
			j := job.New(b.work)
			if err := j.Run(t.Context()); !errors.Is(err, errEnough) {
				t.Fatalf("error %v", err)
			}
			got := job.Summarize(j.Status())
			if got.ByState[job.Stopped] != tenants || got.Rows != 4 || len(b.attempts) != 1 {
				t.Errorf("summary %+v, asked %q", got, b.attempts)
			}
		})
	}
}

// sated takes a row and says that it was the last.
type sated struct {
	*result.Builder
	left int
}

func (s *sated) EndRow() error {
	if err := s.Builder.EndRow(); err != nil {
		return err
	}
	if s.left--; s.left == 0 {
		return fmt.Errorf("the last: %w", job.ErrEnough)
	}
	return nil
}

// The row that was enough was taken: the job counts it, as the history does.
func TestTheLastRowWantedCounts(t *testing.T) {
	for _, tenants := range []int{1, 3} {
		b := newBench(1, []string{"a.example", "b.example", "c.example"}[:tenants]...)
		b.usual.run = rows(10, 0)
		b.work.Rows = &sated{Builder: b.table.Builder(), left: 4}
		j := job.New(b.work)
		if err := j.Run(t.Context()); !errors.Is(err, job.ErrEnough) {
			t.Fatalf("error %v", err)
		}
		if got := job.Summarize(j.Status()); got.Rows != 4 || b.table.Len() != 4 {
			t.Errorf("%d tenants: %d rows counted, %d taken", tenants, got.Rows, b.table.Len())
		}
		if e := j.Entry(time.Now()); e.Rows != 4 {
			t.Errorf("the history says %d rows", e.Rows)
		}
	}
}

// What came of a tenant before it is tried again does not come twice; what the
// others gave stays, every cell of it.
func TestCarryKeepsTheRowsOfTheOthers(t *testing.T) {
	table := result.NewTable(result.Provenance{}, result.TenantColumn)
	b := table.Builder()
	for i, tenant := range []string{"a.example", "b.example", "a.example"} {
		b.BeginRow()
		b.Own(result.TenantColumn, []byte(tenant))
		b.Text([]byte("Text"), []byte("x"))
		b.Null([]byte("Null"))
		b.Bool([]byte("Bool"), true)
		b.Int([]byte("Int"), -5)
		b.Uint([]byte("Uint"), 1<<63)
		b.Float([]byte("Float"), 1.5)
		b.Decimal([]byte("Decimal"), []byte("1.10"))
		b.Time([]byte("Time"), result.Time{Ticks: 638000000000000000, Kind: result.TimeLocal, OffsetMinutes: 60})
		b.Duration([]byte("Duration"), 36000000000)
		b.Bytes([]byte("Bytes"), []byte{0, 255})
		b.List([]byte("List"), [][]byte{[]byte("p"), []byte("q")}, []byte("<L/>"))
		b.Nested([]byte("Nested"), []byte("shown"), []byte("<N/>"))
		if i == 2 {
			b.Text([]byte("Late"), []byte("y"))
		}
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	before := table.Snapshot()
	next := result.NewTable(result.Provenance{}, result.TenantColumn)
	w := newBench(3, "a.example", "b.example")
	w.usual.run = rows(1, 0)
	w.places["b.example"] = &place{openErr: io.ErrUnexpectedEOF}
	j := job.New(w.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	// the first target came whole, and is not tried again whatever is asked
	if err := j.Carry(t.Context(), next.Builder(), before, 0, 1); err != nil {
		t.Fatal(err)
	}
	after := next.Snapshot()
	if got := after.Headers(); !slices.Equal(got, before.Headers()) {
		t.Fatalf("columns %q", got)
	}
	n, cols := after.Size()
	if n != 2 {
		t.Fatalf("%d rows", n)
	}
	for row, was := range []int{0, 2} {
		for col := range cols {
			if got, want := fmt.Sprintf("%#v", after.Value(row, col)), fmt.Sprintf("%#v", before.Value(was, col)); got != want {
				t.Errorf("row %d, %s: %s, want %s", row, after.Header(col), got, want)
			}
		}
	}
}

// Each target counts once: as good, with errors, left, or as one to sign in for.
func TestSummarizeByTarget(t *testing.T) {
	list := []job.Status{
		{State: job.Done, Rows: 3, Warnings: 1},
		{State: job.Done, Rows: 2, Errors: 1},
		{State: job.Partial, Rows: 4},
		{State: job.Failed, Errors: 1},
		{State: job.SignIn},
		{State: job.Skipped},
		{State: job.Stopped},
		{State: job.Stopped, Rows: 1},
	}
	got := job.Summarize(list)
	if got.Good != 2 || got.Left != 2 || !slices.Equal(got.WithErrors, []int{1, 2, 3}) || !slices.Equal(got.NeedSignIn, []int{4}) {
		t.Errorf("%+v", got)
	}
	if got.Rows != 10 || got.Errors != 2 || got.Warnings != 1 || got.Targets != len(list) || got.Whole() || !got.Ended() {
		t.Errorf("%+v", got)
	}
}

func TestMessagesKeepTheServersOrder(t *testing.T) {
	b := newBench(3, "a.example", "b.example")
	b.usual.run = func(_ context.Context, sink session.Sink) error {
		for i := range 50 {
			kind := session.MessageWarning
			if i%10 == 9 {
				kind = session.MessageError
			}
			sink.Message(session.Message{Kind: kind, Text: fmt.Sprint(i)})
		}
		return nil
	}
	j := job.New(b.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for at := range 2 {
		n := 0
		for _, m := range b.face.messages {
			if text, is := strings.CutPrefix(m, fmt.Sprint(at, " ")); is {
				if text != fmt.Sprint(n) {
					t.Fatalf("target %d: message %d is %q", at, n, text)
				}
				n++
			}
		}
		if s := j.Status()[at]; n != 50 || s.Errors != 5 || s.Warnings != 45 || s.State != job.Done {
			t.Errorf("target %d: %d messages, %+v", at, n, s)
		}
	}
}

func TestProgressIsNested(t *testing.T) {
	b := newBench(3, "a.example")
	var seen [][]string
	var j *job.Job
	b.usual.run = func(_ context.Context, sink session.Sink) error {
		say := func(id, parent int, activity string, done bool) {
			sink.Message(session.Message{Kind: session.MessageProgress, Progress: session.Progress{ID: id, Parent: parent, Activity: activity, Completed: done}})
			var names []string
			for _, p := range j.Status()[0].Progress {
				names = append(names, p.Activity)
			}
			seen = append(seen, names)
		}
		say(1, -1, "all", false)
		say(2, 1, "one database", false)
		say(1, -1, "all, half", false)
		say(1, -1, "all", true)
		return nil
	}
	j = job.New(b.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := "[[all] [all one database] [all, half one database] []]"
	if got := fmt.Sprint(seen); got != want {
		t.Errorf("progress %v, want %v", got, want)
	}
}

func TestATargetSaysThatItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(1, "a.example")
		b.usual = place{open: time.Hour, run: rows(0, 0)}
		j := job.New(b.work)
		ended := make(chan error)
		go func() { ended <- j.Run(t.Context()) }()
		synctest.Wait()
		info := session.Info{Holder: b.work.Targets[0].Holder(), Account: "ada@contoso.example", Endpoint: b.work.Targets[0].Endpoint, Tenant: b.work.Targets[0].Tenant}
		info.State = session.Waiting // asked for: what is in its way is not known yet
		j.SessionChanged(info)
		if s := j.Status()[0]; s.State != job.Connecting {
			t.Errorf("before a wait it is %v", s.State)
		}
		info.Place, info.Wait = 2, session.Wait{For: session.WaitSlot}
		j.SessionChanged(info)
		if s := j.Status()[0]; s.State != job.Waiting || s.Place != 2 {
			t.Errorf("%v, place %d", s.State, s.Place)
		}
		info.State, info.Place, info.Wait = session.Connecting, 0, session.Wait{}
		j.SessionChanged(info)
		if s := j.Status()[0]; s.State != job.Connecting || s.Place != 0 {
			t.Errorf("%v, place %d", s.State, s.Place)
		}
		j.Stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
