package job_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/job"
	"postroom/session/result"
)

// serverError is what a server reports for a cmdlet.
type serverError struct{ text string }

func (e serverError) Error() string     { return e.text }
func (e serverError) ErrorID() string   { return "" }
func (e serverError) Exception() string { return "" }

// eachOf makes a task of rows "tenant/object", which sends a command for each; the
// targets are the tenants in the order of their names.
func eachOf(command string, on job.OnError, rows ...string) *job.Each {
	var list []job.EachRow
	var tenants []string
	for _, r := range rows {
		tenant, _, _ := strings.Cut(r, "/")
		tenants = append(tenants, tenant)
	}
	tenants = slices.Compact(sorted(tenants))
	for _, r := range rows {
		tenant, object, _ := strings.Cut(r, "/")
		list = append(list, job.EachRow{Target: slices.Index(tenants, tenant), Object: object, Task: job.Command{
			Pipeline: cmdlet.Pipeline{{Cmdlet: command, Args: []cmdlet.Arg{{Name: "Identity", Value: object}}}},
		}})
	}
	return job.NewEach(list, on)
}

// eachBench answers each command of a bench by how; the command's text tells
// them apart.
func eachBench(t *testing.T, e *job.Each, how func(line string, to session.Sink) error, tenants ...string) *bench {
	t.Helper()
	b := newBench(3, tenants...)
	own := e.Own()
	if len(tenants) > 1 {
		own = append([]result.OwnColumn{result.TenantColumn}, own...)
	}
	b.table = result.NewTable(result.Provenance{}, own...)
	b.work.Task, b.work.Rows, b.work.InOrder = e, b.table.Builder(), true
	b.usual.run = func(_ context.Context, to session.Sink) error {
		b.mu.Lock()
		line := b.sent[len(b.sent)-1]
		b.mu.Unlock()
		return how(line, to)
	}
	return b
}

// table gives the cells of the named columns, a row each.
func (b *bench) lines(t *testing.T, columns ...string) []string {
	t.Helper()
	var lines []string
	for i, name := range columns {
		for n, text := range b.column(t, name) {
			if i == 0 {
				lines = append(lines, text)
			} else {
				lines[n] += "|" + text
			}
		}
	}
	return lines
}

func TestEachRowHasAResult(t *testing.T) {
	fails := func(line string, to session.Sink) error {
		switch {
		case strings.HasSuffix(line, " b"):
			return fmt.Errorf("run %s: %w", line, serverError{"no such mailbox"}) // the row names its command
		case strings.HasSuffix(line, " c"):
			to.Message(session.Message{Kind: session.MessageError, Text: "not allowed"})
		}
		return nil
	}
	for name, c := range map[string]struct {
		on   job.OnError
		want []string
		sent int
	}{
		"stop":  {job.StopOnError, []string{"a|done|", "b|failed|no such mailbox", "c|not sent|", "d|not sent|"}, 2},
		"go on": {job.GoOnOnError, []string{"a|done|", "b|failed|no such mailbox", "c|failed|not allowed", "d|done|"}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			e := eachOf("Set-Mailbox", c.on, "/a", "/b", "/c", "/d")
			b := eachBench(t, e, fails, "a.example")
			j := job.New(b.work)
			if err := j.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := b.lines(t, "Object", "Status", "Reason"); !slices.Equal(got, c.want) {
				t.Errorf("rows %q, want %q", got, c.want)
			}
			if len(b.sent) != c.sent {
				t.Errorf("sent %q", b.sent)
			}
			if s := j.Status()[0]; s.State != job.Done || s.Errors == 0 {
				t.Errorf("%v, %d errors", s.State, s.Errors)
			}
		})
	}
}

// The rest is what was not sent, and nothing of it was sent before.
func TestTheRestIsSentOnce(t *testing.T) {
	e := eachOf("Set-Mailbox", job.StopOnError, "/a", "/b", "/c", "/d")
	how := func(line string, _ session.Sink) error {
		if strings.HasSuffix(line, " b") {
			return serverError{"not allowed"}
		}
		return nil
	}
	b := eachBench(t, e, how, "a.example")
	j := job.New(b.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	rest := e.Rest(job.StopOnError)
	if rest == nil || rest.PowerShell() != "Set-Mailbox -Identity c\nSet-Mailbox -Identity d" {
		t.Fatalf("the rest is %+v", rest)
	}
	next := eachBench(t, rest, how, "a.example")
	if err := job.New(next.work).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	all := sorted(append(b.sent, next.sent...))
	if want := len(slices.Compact(slices.Clone(all))); want != len(all) || len(all) != 4 {
		t.Errorf("sent %q", all)
	}
	if rest.Rest(job.StopOnError) != nil {
		t.Error("there is a rest of nothing")
	}
}

// A person may ask again for what the server answered with an error: for that alone.
func TestWhatTheServerWouldNotDoCanBeAskedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"refused": {serverError{"not allowed"}, "Set-Mailbox -Identity b"},
		"unknown": {&session.PartialError{Command: "Set-Mailbox", Unsure: true, Err: io.ErrUnexpectedEOF}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := eachOf("Set-Mailbox", job.GoOnOnError, "/a", "/b", "/c")
			b := eachBench(t, e, func(line string, _ session.Sink) error {
				if strings.HasSuffix(line, " b") {
					return c.err
				}
				return nil
			}, "a.example")
			if err := job.New(b.work).Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			again := e.Refusals(job.StopOnError)
			if (again == nil) != (c.want == "") || again != nil && again.PowerShell() != c.want {
				t.Fatalf("again: %+v, want %q", again, c.want)
			}
			if again == nil {
				return
			}
			next := eachBench(t, again, func(string, session.Sink) error { return nil }, "a.example")
			if err := job.New(next.work).Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := again.Outcomes(); got[job.RowDone] != 3 || len(got) != 1 || again.Refusals(job.StopOnError) != nil {
				t.Errorf("in the end %v", got)
			}
		})
	}
}

// A connection that breaks off leaves it unknown whether the server did it; the
// rows behind are not sent, whatever the person wished of errors.
func TestABrokenConnectionIsNotARowsError(t *testing.T) {
	e := eachOf("Set-Mailbox", job.GoOnOnError, "/a", "/b", "/c")
	b := eachBench(t, e, func(line string, _ session.Sink) error {
		if strings.HasSuffix(line, " b") {
			return &session.PartialError{Command: "Set-Mailbox", Unsure: true, Err: io.ErrUnexpectedEOF}
		}
		return nil
	}, "a.example")
	j := job.New(b.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := b.lines(t, "Object", "Status"); !slices.Equal(got, []string{"a|done", "b|unknown", "c|not sent"}) {
		t.Errorf("rows %q", got)
	}
	if s := j.Status()[0]; s.State != job.Partial || !errors.Is(s.Err, io.ErrUnexpectedEOF) {
		t.Errorf("%v, %v", s.State, s.Err)
	}
}

// Rows of several tenants go each to its own, one tenant after the other; an
// error in the first keeps the rest of all from being sent.
func TestEachRowGoesToItsTenant(t *testing.T) {
	for name, c := range map[string]struct {
		fails string
		sent  []string
		want  []string
	}{
		"all well": {"", []string{"a.example Set-Mailbox -Identity x", "a.example Set-Mailbox -Identity z", "b.example Set-Mailbox -Identity y"}, []string{"a.example|x|done", "a.example|z|done", "b.example|y|done"}},
		"an error": {"x", []string{"a.example Set-Mailbox -Identity x"}, []string{"a.example|x|failed", "a.example|z|not sent", "b.example|y|not sent"}},
	} {
		t.Run(name, func(t *testing.T) {
			e := eachOf("Set-Mailbox", job.StopOnError, "a.example/x", "b.example/y", "a.example/z")
			b := eachBench(t, e, func(line string, _ session.Sink) error {
				if c.fails != "" && strings.HasSuffix(line, " "+c.fails) {
					return serverError{"no"}
				}
				return nil
			}, "a.example", "b.example")
			if err := job.New(b.work).Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(b.sent, c.sent) {
				t.Errorf("sent %q", b.sent)
			}
			if got := sorted(b.lines(t, "Tenant", "Object", "Status")); !slices.Equal(got, c.want) {
				t.Errorf("rows %q", got)
			}
		})
	}
}

// A tenant that no session can be had for leaves its rows not sent, with why.
func TestRowsOfATenantThatDoesNotOpen(t *testing.T) {
	e := eachOf("Get-MailboxPermission", job.GoOnOnError, "a.example/x", "b.example/y")
	b := eachBench(t, e, func(string, session.Sink) error { return nil }, "a.example", "b.example")
	b.places["a.example"] = &place{openErr: io.ErrUnexpectedEOF}
	if err := job.New(b.work).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := sorted(b.lines(t, "Object", "Status", "Reason"))
	if len(got) != 2 || !strings.HasPrefix(got[0], "x|not sent|") || !strings.Contains(got[0], "broke off before its end") || got[1] != "y|done|" {
		t.Errorf("rows %q", got)
	}
}

// What a command gives stands behind its object, in as many rows as came.
func TestRowsOfEachObject(t *testing.T) {
	e := eachOf("Get-MailboxPermission", job.GoOnOnError, "/a", "/b")
	b := eachBench(t, e, func(line string, to session.Sink) error {
		if strings.HasSuffix(line, " b") {
			return nil
		}
		for _, user := range []string{"ada", "ben"} {
			to.BeginRow()
			to.Text([]byte("User"), []byte(user))
			to.Text([]byte("Status"), []byte("the server's"))
			if err := to.EndRow(); err != nil {
				return err
			}
		}
		return nil
	}, "a.example")
	if err := job.New(b.work).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := b.lines(t, "Object", "Status", "User", "Status (server)"); !slices.Equal(got, []string{"a|done|ada|the server's", "a|done|ben|the server's", "b|done||"}) {
		t.Errorf("rows %q", got)
	}
	if r := e.Results(); r[0].Rows != 2 || r[1].State != job.RowDone {
		t.Errorf("results %+v", r)
	}
}

// Stopping leaves no row without a result, and says why in a person's words and language.
func TestStoppingTellsOfEachRow(t *testing.T) {
	for language, want := range map[string]string{
		"":   "Stopped before the server had answered. It is not known whether the server ran the command.",
		"de": "Angehalten, bevor der Server geantwortet hatte. Es ist unklar, ob der Server den Befehl ausgeführt hat.",
	} {
		for _, unsure := range []bool{true, false} { // false: the server confirmed the stop, and not what it had done by then
			stoppingTells(t, language, want, unsure)
		}
	}
}

func stoppingTells(t *testing.T, language, want string, unsure bool) {
	t.Helper()
	e := eachOf("Set-Mailbox", job.GoOnOnError, "/a", "/b", "/c")
	e.Speak(language)
	var j *job.Job
	b := eachBench(t, e, func(line string, _ session.Sink) error {
		if strings.HasSuffix(line, " b") {
			j.Stop()
			return &session.PartialError{Command: "Set-Mailbox", Unsure: unsure, Err: context.Canceled}
		}
		return nil
	}, "a.example")
	j = job.New(b.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := b.lines(t, "Object", "Status", "Reason"); !slices.Equal(got, []string{"a|done|", "b|unknown|" + want, "c|not sent|"}) {
		t.Errorf("rows %q", got)
	}
}
