package remoting_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/psrp"
	"postroom/session/result"
	"postroom/session/simulator"
	"postroom/test/fixture"
)

// errTest is what tests give.
var errTest = errors.New("test: as arranged")

// patient is a context that outlasts the test's cancel, far longer than anything
// takes on a busy machine.
func patient(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func call(name string, args ...any) cmdlet.Invocation {
	inv := cmdlet.Invocation{Cmdlet: name}
	for i := 0; i < len(args); i += 2 {
		inv.Args = append(inv.Args, cmdlet.Arg{Name: args[i].(string), Value: args[i+1]})
	}
	return inv
}

func mailboxes(n int) cmdlet.Invocation { return call("Get-Mailbox", "ResultSize", int64(n)) }

// run starts a run and gives its end.
func (b *bench) run(ctx context.Context, inv cmdlet.Invocation, sink session.Sink) <-chan error {
	ended := make(chan error, 1)
	go func() { ended <- b.manager.Run(ctx, b.id, inv, sink) }() // ends with the run
	return ended
}

func TestRowsComeWhileTheCommandRuns(t *testing.T) {
	b := openBench(t, simulator.Options{Rows: 1000})
	ctx := patient(t)
	sink := newKeeper()
	sink.each = func(row int) error {
		if row != 1 {
			return nil
		}
		// The next Receive is on the wire while the first row is worked on,
		// and the server has more to tell.
		err := b.wire.wait(ctx, "request Receive of command", 2)
		if sent := b.server.Stats().Rows; sent >= 1000 {
			t.Errorf("the server had sent all %d rows before the sink took the first", sent)
		}
		if n := b.wire.count("response Receive of command done"); n != 0 {
			t.Error("the command was at its end before the first row came")
		}
		return err
	}
	if err := b.manager.Run(ctx, b.id, mailboxes(1000), sink); err != nil {
		t.Fatal(err)
	}
	if sink.rows != 1000 {
		t.Errorf("%d rows, want 1000", sink.rows)
	}
}

func TestMessagesKeepTheServersOrder(t *testing.T) {
	b := openBench(t, simulator.Options{Rows: 1200})
	b.faults(simulator.Rule{Fault: simulator.MicroDelay, On: simulator.Cmdlet})
	sink := newKeeper()
	if err := b.manager.Run(patient(t), b.id, call("Get-MailboxStatistics", "Server", "*"), sink); err != nil {
		t.Fatal(err)
	}
	kinds := slices.Compact(slices.Clone(sink.order))
	t.Logf("%v", kinds)
	first := slices.Index(sink.order, "row")
	if first < 0 || !slices.Contains(kinds, "progress") || !slices.Contains(kinds, "warning") {
		t.Fatalf("rows, progress and warnings were expected: %v", kinds)
	}
	percent := -1
	for _, m := range sink.said {
		if m.Kind == session.MessageProgress {
			if m.Progress.Percent < percent {
				t.Errorf("progress went from %d back to %d", percent, m.Progress.Percent)
			}
			percent = m.Progress.Percent
		}
	}
	if percent != 100 {
		t.Errorf("the last progress is %d, want 100", percent)
	}
}

func TestATerminatingErrorIsTheCommands(t *testing.T) {
	b := openBench(t, simulator.Options{Rows: 100})
	b.faults(simulator.Rule{Fault: simulator.HalfWay, On: simulator.Cmdlet})
	sink := newKeeper()
	err := b.manager.Run(patient(t), b.id, mailboxes(100), sink)
	var remote *psrp.RemoteError
	var partial *session.PartialError
	if !errors.As(err, &remote) || errors.As(err, &partial) || sink.rows == 0 {
		t.Errorf("%d rows, %v, want some and the server's own error", sink.rows, err)
	}
	b.setFaults(nil)
	b.works(t)
}

func TestAnErrorThatDoesNotEndTheCommandIsAMessage(t *testing.T) {
	b := openBench(t, simulator.Options{Rows: 10})
	sink := newKeeper()
	if err := b.manager.Run(patient(t), b.id, call("Get-Mailbox", "Identity", "nobody-of-this-name"), sink); err != nil {
		t.Fatal(err)
	}
	var remote *psrp.RemoteError
	if len(sink.said) != 1 || sink.said[0].Kind != session.MessageError || !errors.As(sink.said[0].Err, &remote) {
		t.Errorf("messages %+v, want one error", sink.said)
	}
}

// stopped checks the order of a stop on the wire: Signal crtl_c, the rest of
// the output to its end, Signal Terminate.
func (b *bench) stopped(t *testing.T) {
	t.Helper()
	if err := b.wire.wait(patient(t), "response Signal", 2); err != nil {
		t.Fatal(err)
	}
	stop, done, terminate := b.wire.first("request Signal stop"),
		b.wire.first("response Receive of command done"), b.wire.first("request Signal terminate")
	if stop < 0 || done < stop || terminate < done {
		t.Errorf("on the wire: stop at %d, the end of the output at %d, terminate at %d\n%s",
			stop, done, terminate, strings.Join(b.wire.lines, "\n"))
	}
}

func TestCancelReturnsWhileTheCommandIsSilent(t *testing.T) {
	b := openBench(t, simulator.Options{Rows: 100})
	b.faults(simulator.Rule{Fault: simulator.SlowCmdlet, On: simulator.Cmdlet, Delay: simulator.Duration(time.Hour), Limit: 1})
	ctx, cancel := context.WithCancel(patient(t))
	ended := b.run(ctx, mailboxes(10), newKeeper())
	if err := b.wire.wait(patient(t), "request Receive of command", 1); err != nil { // Command is answered
		t.Fatal(err)
	}
	b.played(t, simulator.SlowCmdlet, 1)
	cancel()
	err := <-ended
	var partial *session.PartialError
	if !errors.As(err, &partial) || partial.Unsure || !errors.Is(err, context.Canceled) {
		t.Errorf("the cancelled run: %v", err)
	}
	b.stopped(t)
	b.works(t)
}

func TestCancelReturnsWhileSendHangs(t *testing.T) {
	b := openBench(t, simulator.Options{Rows: 100})
	b.faults(simulator.Rule{Fault: simulator.Hang, On: simulator.Send, Limit: 1})
	ctx, cancel := context.WithCancel(patient(t))
	sink := newKeeper()
	sink.ask = func(context.Context, session.Prompt) (session.Answer, error) {
		return session.Answer{Choices: []int{0}}, nil
	}
	rule := b.firstName(t, "Get-TransportRule")
	ended := b.run(ctx, call("Remove-TransportRule", "Identity", rule), sink)
	b.played(t, simulator.Hang, 1)
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the cancelled run: %v", err)
	}
	if n := b.wire.count("response Send"); n != 0 {
		t.Error("Send was answered: it was meant to hang")
	}
	b.works(t) // waits until the stop is confirmed
	if b.wire.first("request Signal stop") < 0 {
		t.Error("the command was not stopped")
	}
}

// firstName gives the Name in the first row.
func (b *bench) firstName(t *testing.T, name string) string {
	t.Helper()
	sink := newKeeper()
	if err := b.manager.Run(patient(t), b.id, call(name), sink); err != nil {
		t.Fatal(err)
	}
	view := sink.table.Snapshot()
	col, ok := view.Column("Name")
	if rows, _ := view.Size(); !ok || rows == 0 {
		t.Fatalf("%s: no names", name)
	}
	return view.Cell(0, col)
}

// impatient is a bench that waits for the confirmation of a stop as the program
// does.
func impatient(t *testing.T, change ...func(*session.Target)) *bench {
	t.Helper()
	b := newBench(t, simulator.Options{Rows: 100}, change...)
	b.manager = session.NewManager(session.Options{Doors: behind(knows(b.server.Password())), Ledger: b.book})
	b.manager.Observe(b.heard)
	b.open(t)
	return b
}

// cancelWhileCommandHangs cancels a run whose Command the server does not answer.
func (b *bench) cancelWhileCommandHangs(t *testing.T) {
	t.Helper()
	b.faults(simulator.Rule{Fault: simulator.Hang, On: simulator.Command, Limit: 1})
	ctx, cancel := context.WithCancel(patient(t))
	ended := b.run(ctx, mailboxes(10), newKeeper())
	b.played(t, simulator.Hang, 1)
	cancel()
	err := <-ended
	var partial *session.PartialError
	if !errors.As(err, &partial) || !partial.Unsure || !errors.Is(err, context.Canceled) {
		t.Errorf("the cancelled run: %v, want that it is not known whether it ran", err)
	}
}

func TestCancelReturnsWhileCommandHangs(t *testing.T) {
	b := openBench(t, simulator.Options{Rows: 100}) // it waits for longer than anybody needs to look
	b.cancelWhileCommandHangs(t)
	if b.wire.count("response Command")+b.wire.count("error Command") != 0 {
		t.Error("Run returned only after Command had ended")
	}
}

// The stop of a command that may have arrived cannot be confirmed, so the session is
// closed.
func TestAStopOfACommandThatHangsClosesTheSession(t *testing.T) {
	t.Parallel() // it waits for most of its time
	b := impatient(t)
	b.cancelWhileCommandHangs(t)
	info, err := b.heard.ended(patient(t), b.id)
	if err != nil || !errors.Is(info.Err, session.ErrStopUnconfirmed) {
		t.Errorf("the session ended with %v, %v, want ErrStopUnconfirmed", info.Err, err)
	}
	if n := b.server.Stats().OpenShells; n != 0 {
		t.Errorf("%d sessions are left on the server", n)
	}
}

func TestAStopThatIsNotConfirmedClosesTheSession(t *testing.T) {
	t.Parallel() // it waits for most of its time
	b := impatient(t, func(t *session.Target) { t.Runspaces = 2 })
	b.faults(
		simulator.Rule{Fault: simulator.SlowCmdlet, On: simulator.Cmdlet, Delay: simulator.Duration(time.Hour)},
		simulator.Rule{Fault: simulator.Hang, On: simulator.Signal},
	)
	ctx, cancel := context.WithCancel(patient(t))
	cancelled := b.run(ctx, mailboxes(10), newKeeper())
	other := b.run(patient(t), mailboxes(20), newKeeper())
	if err := b.wire.wait(patient(t), "request Receive of command", 2); err != nil { // Command is answered
		t.Fatal(err)
	}
	b.played(t, simulator.SlowCmdlet, 2)
	cancel()
	if err := <-cancelled; !errors.Is(err, context.Canceled) {
		t.Errorf("the cancelled run: %v", err)
	}
	var partial *session.PartialError
	if err := <-other; !errors.As(err, &partial) || !errors.Is(err, session.ErrStopUnconfirmed) {
		t.Errorf("the session's other run: %v, want it partial, with the reason", err)
	}
	if _, err := b.heard.ended(patient(t), b.id); err != nil {
		t.Fatal(err)
	}
	if n := b.server.Stats().OpenShells; n != 0 {
		t.Errorf("%d sessions are left on the server", n)
	}
}

func TestAnErrorOfTheSinkStopsTheRun(t *testing.T) {
	b := openBench(t, simulator.Options{Rows: 20000})
	sink := newKeeper()
	sink.each = func(row int) error {
		if row == 10 {
			return errTest
		}
		return nil
	}
	err := b.manager.Run(patient(t), b.id, mailboxes(20000), sink)
	var partial *session.PartialError
	if !errors.As(err, &partial) || !errors.Is(err, errTest) || partial.Rows != 9 || sink.rows != 10 {
		t.Errorf("%d rows were offered, %v, want the sink's error after 9", sink.rows, err)
	}
	b.stopped(t)
	b.works(t)
}

func TestClosingTheSessionEndsItsRun(t *testing.T) {
	b := openBench(t, simulator.Options{Rows: 20000})
	sink := newKeeper()
	closed := make(chan error, 1)
	sink.each = func(row int) error {
		if row == 1 {
			go func() { closed <- b.manager.Close(patient(t), b.id) }() // ends when the session is closed
		}
		return nil
	}
	// Endless enough: closing comes in between.
	b.faults(simulator.Rule{Fault: simulator.Slow, On: simulator.Receive, Rate: 64 << 10})
	err := b.manager.Run(patient(t), b.id, mailboxes(20000), sink)
	var partial *session.PartialError
	if !errors.As(err, &partial) || !errors.Is(err, session.ErrClosed) || partial.Rows != sink.rows || sink.rows == 0 {
		t.Errorf("%d rows, %v, want a partial run of a closed session", sink.rows, err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if sink.rows != sink.table.Len() {
		t.Errorf("%d rows were kept of %d", sink.table.Len(), sink.rows)
	}
}

// csv runs a call and gives its result as a file would have it.
func (b *bench) csv(ctx context.Context, inv cmdlet.Invocation) (string, error) {
	var out bytes.Buffer
	stream := result.NewStream(&out, result.StreamOptions{})
	err := b.manager.Run(ctx, b.id, inv, runSink{stream})
	err = errors.Join(err, stream.Flush(context.WithoutCancel(ctx)))
	return out.String(), err
}

func TestParallelRunsGiveWhatSerialOnesGive(t *testing.T) {
	n := 800 / fixture.OneOf(4)
	b := openBench(t, simulator.Options{Rows: n}, func(t *session.Target) { t.Runspaces = 4 })
	calls := []cmdlet.Invocation{
		mailboxes(n), call("Get-User"), mailboxes(n / 2), call("Get-MessageTrace"),
		call("Get-DistributionGroup"), mailboxes(10), call("Get-OrganizationConfig"),
	}
	want := make([]string, len(calls))
	for i, c := range calls {
		var err error
		if want[i], err = b.csv(patient(t), c); err != nil || strings.Count(want[i], "\n") < 2 {
			t.Fatalf("%s: %d bytes, %v", c.PowerShell(), len(want[i]), err)
		}
	}
	ctx := patient(t)
	var all sync.WaitGroup
	for range 2 {
		for i, c := range calls {
			all.Go(func() { // ends with the run
				if got, err := b.csv(ctx, c); err != nil || got != want[i] {
					t.Errorf("%s at the same time as others: %v, %d bytes, want %d", c.PowerShell(), err, len(got), len(want[i]))
				}
			})
		}
	}
	all.Wait()
}

func TestQuestionsAreAnswered(t *testing.T) {
	b := openBench(t, simulator.Options{Rows: 50})
	rule := b.firstName(t, "Get-TransportRule")
	remove := call("Remove-TransportRule", "Identity", rule)
	again := call("Remove-TransportRule", "identity", rule) // another text, as the server counts calls by theirs

	sink := newKeeper() // nobody is there: the server is told, and does nothing
	err := b.manager.Run(patient(t), b.id, remove, sink)
	if len(sink.asked) != 1 || sink.asked[0].Kind != session.PromptChoice || len(sink.asked[0].Choices) != 4 {
		t.Fatalf("asked %+v", sink.asked)
	}
	if told := slices.Contains(sink.order, "error"); err == nil && !told {
		t.Error("a question without an answer passed in silence")
	}
	if got := b.firstName(t, "Get-TransportRule"); got != rule {
		t.Error("the rule is gone although nobody confirmed it")
	}

	sink = newKeeper()
	sink.ask = func(context.Context, session.Prompt) (session.Answer, error) {
		return session.Answer{Choices: []int{0}}, nil
	}
	if err := b.manager.Run(patient(t), b.id, again, sink); err != nil {
		t.Fatal(err)
	}
	if got := b.firstName(t, "Get-TransportRule"); got == rule {
		t.Error("the rule is there although it was confirmed")
	}

	// An answer that does not fit breaks the run off instead of guessing.
	before := b.firstName(t, "Get-TransportRule")
	bad := newKeeper()
	bad.ask = func(context.Context, session.Prompt) (session.Answer, error) {
		return session.Answer{Choices: []int{17}}, nil
	}
	err = b.manager.Run(patient(t), b.id, call("Remove-TransportRule", "Identity", before), bad)
	var partial *session.PartialError
	if !errors.As(err, &partial) {
		t.Errorf("a choice that does not exist: %v", err)
	}
	if got := b.firstName(t, "Get-TransportRule"); got != before {
		t.Error("the rule is gone after an answer that does not fit")
	}
	b.works(t)
}

func TestAMissingParameterIsAskedFor(t *testing.T) {
	b := openBench(t, simulator.Options{Rows: 50})
	name := b.firstName(t, "Get-Mailbox")
	sink := newKeeper()
	sink.ask = func(_ context.Context, p session.Prompt) (session.Answer, error) {
		if p.Kind != session.PromptFields || len(p.Fields) != 1 || p.Fields[0].Name != "Identity" || p.Fields[0].Secret || !p.Fields[0].Mandatory {
			t.Errorf("asked %+v", p)
		}
		return session.Answer{Values: map[string]string{"Identity": name}}, nil
	}
	if err := b.manager.Run(patient(t), b.id, call("Set-Mailbox", "CustomAttribute1", "x"), sink); err != nil {
		t.Fatal(err)
	}
	if len(sink.asked) != 1 || len(sink.said) != 0 {
		t.Errorf("asked %d times, told %+v", len(sink.asked), sink.said)
	}
}

// A password goes out encrypted, as a parameter and as an answer: the key is
// exchanged first, and the trace does not have it.
func TestSecretsTravelEncrypted(t *testing.T) {
	const password = "Geheim-4711-geheim"
	b := openBench(t, simulator.Options{Rows: 50})
	domain := b.target.Tenant.Domain
	create := func(name string, args ...any) *keeper {
		t.Helper()
		sink := newKeeper()
		sink.ask = func(_ context.Context, p session.Prompt) (session.Answer, error) {
			if p.Kind != session.PromptFields || len(p.Fields) != 1 || !p.Fields[0].Secret {
				t.Errorf("asked %+v", p)
			}
			return session.Answer{Secrets: map[string]credential.Secret{"Password": credential.NewSecret(password)}}, nil
		}
		inv := call("New-Mailbox", append([]any{"Name", name, "MicrosoftOnlineServicesID", name + "@" + domain}, args...)...)
		if err := b.manager.Run(patient(t), b.id, inv, sink); err != nil || sink.rows != 1 {
			t.Errorf("%s: %d rows, %v, %+v", inv.PowerShell(), sink.rows, err, sink.said)
		}
		if strings.Contains(inv.PowerShell(), password) {
			t.Error("the command's text shows the password")
		}
		return sink
	}
	if sink := create("anna1", "Password", cmdlet.Secret(credential.NewSecret(password))); len(sink.asked) != 0 {
		t.Errorf("asked %+v although the password was given", sink.asked)
	}
	if sink := create("bert1"); len(sink.asked) != 1 {
		t.Errorf("asked %d times for the password, want 1", len(sink.asked))
	}
	if strings.Contains(b.wire.text(), password) || strings.Contains(b.wire.text(), b.server.Password()) {
		t.Error("a password is in the trace")
	}
}

// A secret waits for the key. Cancelled meanwhile, the command was never sent,
// and nothing has to be stopped.
func TestACommandThatWaitsForTheKeyIsNotSent(t *testing.T) {
	b := openBench(t, simulator.Options{Rows: 50})
	b.faults(simulator.Rule{Fault: simulator.Hang, On: simulator.Send, Limit: 1})
	ctx, cancel := context.WithCancel(patient(t))
	ended := b.run(ctx, call("New-Mailbox", "Name", "anna1", "Password", cmdlet.Secret(credential.NewSecret("x"))), newKeeper())
	b.played(t, simulator.Hang, 1)
	cancel()
	err := <-ended
	var partial *session.PartialError
	if !errors.Is(err, context.Canceled) || errors.As(err, &partial) {
		t.Errorf("a run that was never sent: %v", err)
	}
	if n := b.server.Stats().CommandsByName["New-Mailbox"]; n != 0 || b.wire.count("request Command") != 0 {
		t.Error("the command was sent")
	}
}

func TestACommandWhoseAnswerIsLostIsNotSentAgain(t *testing.T) {
	for _, c := range []struct {
		fault simulator.Fault
		ran   int
	}{
		{simulator.DropBefore, 0}, {simulator.DropAfter, 1}, {simulator.Truncate, 1}, {simulator.BadGateway, 0},
	} {
		t.Run(string(c.fault), func(t *testing.T) {
			b := openBench(t, simulator.Options{Rows: 10})
			b.faults(simulator.Rule{Fault: c.fault, On: simulator.Command, Limit: 1})
			err := b.manager.Run(patient(t), b.id, call("Set-OrganizationConfig", "DisplayName", "x", "Confirm", cmdlet.Switch(false)), newKeeper())
			var partial *session.PartialError
			if !errors.As(err, &partial) || !partial.Unsure {
				t.Errorf("%v, want that it is not known whether it ran", err)
			}
			if n := b.wire.count("request Command"); n != 1 {
				t.Errorf("Command was sent %d times", n)
			}
			b.setFaults(nil)
			if id, err := b.manager.Open(patient(t), b.target); err == nil { // the same, or a new one if it was closed
				b.id = id
			}
			b.works(t)
		})
	}
}

// Answers are lost with rows in them. Either all rows come, or the run says
// that it is partial: never quietly fewer.
func TestLostRowsAreNeverQuiet(t *testing.T) {
	t.Parallel()
	// A Receive whose answer was the last waits for a minute of the server's clock,
	// which goes five hundred times as fast as the machine's.
	clock := simulator.NewManualClock(time.Now())
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	over := make(chan struct{})
	defer close(over)
	go func() { // ends with the test
		for {
			select {
			case <-tick.C:
				clock.Advance(time.Second)
			case <-over:
				return
			}
		}
	}()
	const rows = 300
	whole, partly := 0, 0
	// Which answer is lost hangs on how many there are, and that on the machine: it goes on
	// until both ends were seen.
	step := int64(fixture.OneOf(4))
	for seed := int64(0); seed < 20 || (whole == 0 || partly == 0) && seed < 20*20; seed += step {
		b := openBench(t, simulator.Options{Rows: rows, MaxEnvelope: 64 << 10, Clock: clock, IdleTimeout: 24 * time.Hour})
		for _, fault := range []simulator.Fault{simulator.DropAfter, simulator.Truncate} {
			if b.id, _ = b.manager.Open(patient(t), b.target); b.id == 0 {
				continue // the answer to its opening was lost
			}
			b.setFaults(&simulator.Faults{Seed: seed, Rules: []simulator.Rule{{Fault: fault, On: simulator.Receive, Probability: 0.03}}})
			sink := newKeeper()
			err := b.manager.Run(patient(t), b.id, mailboxes(rows), sink)
			b.setFaults(nil)
			var partial *session.PartialError
			switch {
			case err == nil && sink.rows != rows:
				t.Errorf("seed %d: %d rows of %d, and no error", seed, sink.rows, rows)
			case err == nil:
				whole++
			case !errors.As(err, &partial) || partial.Rows != sink.rows || partial.Unsure:
				t.Errorf("seed %d: %d rows, %v, want a PartialError that says so", seed, sink.rows, err)
			default:
				partly++
			}
			if sink.table.Len() != sink.rows {
				t.Errorf("seed %d: %d rows were kept of %d", seed, sink.table.Len(), sink.rows)
			}
		}
	}
	t.Logf("%d runs whole, %d partial", whole, partly)
	if partly == 0 || whole == 0 {
		t.Error("the faults did not show both ends")
	}
}

func TestAPoolThatBreaksWhileOpening(t *testing.T) {
	b := newBench(t, simulator.Options{Rows: 10})
	b.faults(simulator.Rule{Fault: simulator.BrokenPool, On: simulator.Create, Limit: 1})
	_, err := b.manager.Open(patient(t), b.target)
	var remote *psrp.RemoteError
	if !errors.Is(err, session.ErrServerEnded) || !errors.As(err, &remote) {
		t.Errorf("Open = %v, want the server's reason", err)
	}
	if n := b.server.Stats().OpenShells; n != 0 {
		t.Errorf("%d sessions are left on the server", n)
	}
	b.open(t)
	b.works(t)
}

// The next command goes out while the server frees the one before: that round trip is
// nobody's to wait for. Only so many may be unfreed, so that a server that frees none is
// not filled.
func TestTheNextCommandDoesNotWaitForTheLastToBeFreed(t *testing.T) {
	b := openBench(t, simulator.Options{Rows: 20})
	b.faults(simulator.Rule{Fault: simulator.Hang, On: simulator.Signal})
	for range 3 {
		sink := newKeeper()
		if err := b.manager.Run(patient(t), b.id, mailboxes(3), sink); err != nil || sink.rows != 3 {
			t.Fatalf("%d rows, %v", sink.rows, err)
		}
	}
	if n := b.wire.count("response Signal"); n != 0 {
		t.Errorf("%d commands were freed, the server was to free none", n)
	}
	fourth := b.run(patient(t), mailboxes(3), newKeeper())
	if err := b.manager.Close(patient(t), b.id); err != nil {
		t.Error(err)
	}
	if err := <-fourth; err == nil {
		t.Error("a fourth command went out while none was freed")
	}
}
