package job_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/job"
	"postroom/session/result"
)

// objects are the last words of what was sent, in its order.
func (b *bench) objects() string {
	var list []string
	for _, line := range b.sent {
		list = append(list, line[strings.LastIndex(line, " ")+1:])
	}
	return strings.Join(list, " ")
}

// answers gives for each command its next answer; an object without any is done.
func answers(of map[string][]error) func(line string, to session.Sink) error {
	return func(line string, _ session.Sink) error {
		object := line[strings.LastIndex(line, " ")+1:]
		list := of[object]
		if len(list) == 0 {
			return nil
		}
		of[object] = list[1:]
		return list[0]
	}
}

// What the server refused is sent again as often as is wished, and nothing else is: each
// row gives one result, and an error is told when it was the last word.
func TestRefusedRowsAreSentAgain(t *testing.T) {
	no := func(times int) []error {
		return slices.Repeat([]error{serverError{"busy, come again"}}, times)
	}
	lost := []error{&session.PartialError{Command: "Set-Mailbox", Unsure: true, Err: io.ErrUnexpectedEOF}}
	// What broke off, though a server's error was the cause.
	refusedLater := []error{&session.PartialError{Command: "Set-Mailbox", Unsure: true, Err: serverError{"no"}}}
	for name, c := range map[string]struct {
		on      job.OnError
		retries int
		answers map[string][]error
		sent    string
		want    []string
		errors  int
		state   job.State
	}{
		"none wished":                 {job.GoOnOnError, 0, map[string][]error{"b": no(1)}, "a b c", []string{"a|done", "b|failed", "c|done"}, 1, job.Done},
		"cured":                       {job.GoOnOnError, 1, map[string][]error{"b": no(1)}, "a b c b", []string{"a|done", "c|done", "b|done"}, 0, job.Done},
		"cured late":                  {job.GoOnOnError, 5, map[string][]error{"a": no(1), "b": no(3)}, "a b c a b b b", []string{"c|done", "a|done", "b|done"}, 0, job.Done},
		"not cured":                   {job.GoOnOnError, 2, map[string][]error{"b": no(9)}, "a b c b b", []string{"a|done", "c|done", "b|failed"}, 1, job.Done},
		"cured, and then the rest":    {job.StopOnError, 1, map[string][]error{"b": no(1)}, "a b b c", []string{"a|done", "b|done", "c|done"}, 0, job.Done},
		"not cured, and not the rest": {job.StopOnError, 2, map[string][]error{"b": no(9)}, "a b b b", []string{"a|done", "b|failed", "c|not sent"}, 1, job.Done},
		"lost":                        {job.StopOnError, 3, map[string][]error{"b": lost}, "a b", []string{"a|done", "b|unknown", "c|not sent"}, 0, job.Partial},
		"lost, and the rest":          {job.GoOnOnError, 3, map[string][]error{"b": lost}, "a b c", []string{"a|done", "b|unknown", "c|done"}, 0, job.Partial},
		"refused, then lost":          {job.GoOnOnError, 3, map[string][]error{"b": append(no(1), lost...)}, "a b c b", []string{"a|done", "c|done", "b|unknown"}, 0, job.Partial},
		"broken by the server":        {job.GoOnOnError, 3, map[string][]error{"b": refusedLater}, "a b c", []string{"a|done", "b|unknown", "c|done"}, 0, job.Partial},
		"refused where one is lost":   {job.GoOnOnError, 3, map[string][]error{"a": no(1), "b": lost}, "a b c", []string{"a|failed", "b|unknown", "c|done"}, 1, job.Partial},
	} {
		t.Run(name, func(t *testing.T) {
			e := eachOf("Set-Mailbox", c.on, "/a", "/b", "/c")
			b := eachBench(t, e, answers(c.answers), "a.example")
			b.work.Retries = c.retries
			j := job.New(b.work)
			if err := j.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := b.objects(); got != c.sent {
				t.Errorf("sent %q, want %q", got, c.sent)
			}
			if got := sorted(b.lines(t, "Object", "Status")); !slices.Equal(got, sorted(c.want)) {
				t.Errorf("rows %q, want %q", got, c.want)
			}
			if n := len(b.face.messages); n < c.errors || j.Status()[0].State != c.state {
				t.Errorf("%v, said %q", j.Status()[0].State, b.face.messages)
			}
			said := slices.DeleteFunc(slices.Clone(b.face.messages), func(m string) bool { return !strings.Contains(m, "busy") })
			if len(said) != c.errors {
				t.Errorf("errors %q, want %d", said, c.errors)
			}
		})
	}
}

// Of several commands of a row, or where rows came beside the error, something may have
// been done: what changes something is not sent again, what only reads is for a person.
func TestWhatMayHaveBeenDoneIsNotSentAgain(t *testing.T) {
	withRow := func(_ string, to session.Sink) error {
		to.BeginRow()
		to.Text([]byte("Name"), []byte("made"))
		if err := to.EndRow(); err != nil {
			return err
		}
		return serverError{"not all of it"}
	}
	refused := func(string, session.Sink) error { return serverError{"no"} }
	two := job.EachRow{Object: "x", Task: job.Command{Pipeline: cmdlet.Pipeline{{Cmdlet: "Get-Mailbox"}, {Cmdlet: "Set-Mailbox"}}}}
	for name, c := range map[string]struct {
		task  *job.Each
		how   func(string, session.Sink) error
		sent  int
		again bool // a person can ask for it
	}{
		"rows came":      {eachOf("New-Mailbox", job.GoOnOnError, "/x"), withRow, 1, false},
		"rows were read": {eachOf("Get-Mailbox", job.GoOnOnError, "/x"), withRow, 1, true},
		"two commands":   {job.NewEach([]job.EachRow{two}, job.GoOnOnError), refused, 1, false},
		"one command":    {eachOf("New-Mailbox", job.GoOnOnError, "/x"), refused, 4, true},
	} {
		t.Run(name, func(t *testing.T) {
			b := eachBench(t, c.task, c.how, "a.example")
			b.work.Retries = 3
			j := job.New(b.work)
			if err := j.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			if results := b.lines(t, "Status"); len(b.sent) != c.sent || results[len(results)-1] != "failed" || len(results) > 2 {
				t.Errorf("sent %q, rows %q", b.sent, b.lines(t, "Object"))
			}
			if got := c.task.Refusals(job.StopOnError) != nil; got != c.again || (len(j.Retryable()) > 0) != c.again {
				t.Errorf("can be asked for again: %t, want %t; targets %v", got, c.again, j.Retryable())
			}
		})
	}
}

// A tenant that opens at the second attempt has its rows sent then, each once with one
// result, and those behind it that waited for it.
func TestATenantThatOpensLaterHasItsRowsSent(t *testing.T) {
	for name, c := range map[string]struct {
		on   job.OnError
		sent string
	}{"stop": {job.StopOnError, "x y"}, "go on": {job.GoOnOnError, "y x"}} {
		t.Run(name, func(t *testing.T) {
			e := eachOf("Set-Mailbox", c.on, "a.example/x", "b.example/y")
			b := eachBench(t, e, answers(nil), "a.example", "b.example")
			b.places["a.example"] = &place{openErr: io.ErrUnexpectedEOF, closedFor: 1, run: b.usual.run}
			b.work.Retries = 1
			j := job.New(b.work)
			if err := j.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := sorted(b.lines(t, "Tenant", "Object", "Status")); !slices.Equal(got, []string{"a.example|x|done", "b.example|y|done"}) || b.objects() != c.sent {
				t.Errorf("rows %q, sent %q", got, b.objects())
			}
			if !job.Summarize(j.Status()).Whole() || !slices.Equal(sorted(b.face.ended), []string{"0 done", "1 done"}) {
				t.Errorf("states %v, told %q", states(j), b.face.ended)
			}
		})
	}
}

// How a target came out is told once, when nothing of it is tried again.
func TestATenantThatNeverOpensIsToldOnce(t *testing.T) {
	b := newBench(3, "a.example", "b.example")
	b.usual.run = rows(1, 0)
	b.places["a.example"] = &place{openErr: io.ErrUnexpectedEOF}
	b.work.Retries = 2
	j := job.New(b.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := sorted(b.attempts); !slices.Equal(got, []string{"a.example", "a.example", "a.example", "b.example"}) {
		t.Errorf("asked for %q", got)
	}
	if want := []string{"1 done", "0 failed"}; !slices.Equal(b.face.ended, want) {
		t.Errorf("told %q, want %q", b.face.ended, want)
	}
}

// refusedSignIn is an account that is not let in.
type refusedSignIn struct{ error }

func (refusedSignIn) SignInRefused() bool { return true }

// Nothing is tried again by itself where only a person can help: a sign-in that is refused
// (each attempt brings the account closer to being locked), and a tenant that was stopped.
func TestWhatNeedsAPersonIsNotTriedAgain(t *testing.T) {
	b := newBench(3, "a.example", "b.example", "c.example")
	b.usual = place{openErr: refusedSignIn{io.ErrUnexpectedEOF}}
	b.work.Retries = 3
	j := job.New(b.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if once := sorted(b.attempts); len(slices.Compact(slices.Clone(once))) != len(once) {
		t.Errorf("asked for %q", b.attempts)
	}

	b = newBench(3, "a.example", "b.example")
	b.work.Retries, b.work.Parallel = 3, 1
	b.usual.run = func(ctx context.Context, _ session.Sink) error {
		j.Stop()
		<-ctx.Done()
		return context.Cause(ctx)
	}
	j = job.New(b.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(b.sent) != 1 {
		t.Errorf("sent %q", b.sent)
	}
}

// Whoever asks for what was refused has a whole table afterwards: what was done stays in it
// and is not sent, the columns of ours stay ours.
func TestRowsAskedForAgainGiveAWholeTable(t *testing.T) {
	refused := map[string][]error{"x": {serverError{"no"}}}
	e := eachOf("Set-Mailbox", job.GoOnOnError, "a.example/w", "a.example/x", "b.example/y")
	b := eachBench(t, e, answers(refused), "a.example", "b.example")
	j := job.New(b.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again := j.Retryable(); !slices.Equal(again, []int{0}) {
		t.Fatalf("can be tried again: %v", again)
	}
	before := b.table.Snapshot()
	b.table = result.NewTable(result.Provenance{}, append([]result.OwnColumn{result.TenantColumn}, e.Own()...)...)
	if err := errors.Join(j.Carry(t.Context(), b.table.Builder(), before, 0), j.Retry(t.Context(), b.table.Builder())); err != nil {
		t.Fatal(err)
	}
	if got := sorted(b.lines(t, "Tenant", "Object", "Status", "Reason")); !slices.Equal(got, []string{"a.example|w|done|", "a.example|x|done|", "b.example|y|done|"}) {
		t.Errorf("rows %q", got)
	}
	if got := b.objects(); got != "w x y x" {
		t.Errorf("sent %q", got)
	}
	if headers := b.table.Snapshot().Headers(); len(headers) != 4 {
		t.Errorf("columns %q", headers)
	}
}
