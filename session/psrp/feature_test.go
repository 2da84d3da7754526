package psrp_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func TestOpening(t *testing.T) {
	p := newPair(t, psrp.PoolOptions{
		MinRunspaces: 2, MaxRunspaces: 5, Host: psrp.HostInfo{Present: true, Title: "T"},
		Arguments: []clixml.Property{{Name: "a", Value: int32(7)}},
	}, psrp.ServerOptions{})
	must(t, p.pool.Open())
	o := one[psrp.Opening](t, p.toServer())
	if o.Pool != p.pool.ID() || o.MinRunspaces != 2 || o.MaxRunspaces != 5 || o.NullHost || o.Version != "2.3" {
		t.Fatalf("%+v", o)
	}
	if e := o.Arguments.(*clixml.Object).Entries; len(e) != 1 || e[0] != (clixml.Entry{Key: "a", Value: int32(7)}) {
		t.Fatalf("arguments %v", e)
	}
	must(t, p.server.Opened(map[string]any{"Edition": "Test"}))
	events := p.toClient()
	if n := one[psrp.Negotiated](t, events); n.Version != "2.3" || n.SerializationVersion != "1.1.0.1" {
		t.Fatalf("%+v", n)
	}
	data := one[psrp.PrivateData](t, events).Value.(*clixml.Object)
	if len(data.Entries) != 1 || data.Entries[0] != (clixml.Entry{Key: "Edition", Value: "Test"}) {
		t.Fatalf("private data %v", data)
	}
	if s := one[psrp.PoolStateChanged](t, events); s.State != psrp.PoolOpened || s.Err != nil {
		t.Fatalf("%+v", s)
	}
	must(t, p.server.Closed())
	if s := each[psrp.PoolStateChanged](p.toClient()); len(s) != 2 || s[0].State != psrp.PoolClosing || s[1].State != psrp.PoolClosed {
		t.Fatalf("%+v", s)
	}
}

func TestBrokenPool(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	must(t, p.pool.Open())
	p.toServer()
	must(t, p.server.Broken(&psrp.RemoteError{Message: "no", FullyQualifiedID: "Startup"}))
	s := one[psrp.PoolStateChanged](t, p.toClient())
	if s.State != psrp.PoolBroken || s.Err == nil || s.Err.Message != "no" || s.Err.FullyQualifiedID != "Startup" {
		t.Fatalf("%+v", s)
	}
	var state *psrp.StateError
	if err := p.pool.Start(psrp.NewGUID(), psrp.PipelineOptions{}, call("X")); !errors.As(err, &state) || state.Is != "Broken" || state.Want != "Opened" {
		t.Fatalf("Start: %v", err)
	}
}

func TestVersions(t *testing.T) {
	for _, c := range []struct{ client, server, agreed string }{
		{"2.3", "2.3", "2.3"}, {"2.3", "2.1", "2.1"}, {"2.1", "2.3", "2.1"}, {"2.3", "2.0", "2.0"}, {"2.2", "2.2", "2.2"},
	} {
		p := newPair(t, psrp.PoolOptions{Version: c.client}, psrp.ServerOptions{Version: c.server})
		p.open()
		if p.pool.Version() != c.agreed {
			t.Errorf("%v: %s", c, p.pool.Version())
		}
	}
	for _, v := range []string{"2.4", "3.0", "1.1", "x", "2."} {
		var version *psrp.VersionError
		if _, err := psrp.NewPool(psrp.PoolOptions{Version: v}); !errors.As(err, &version) {
			t.Errorf("a pool that announces %q: %v", v, err)
		}
	}
}

func TestArgumentValues(t *testing.T) {
	at := time.Date(2026, 11, 22, 1, 2, 3, 4500, time.UTC)
	zoned := at.In(time.FixedZone("", -90*60))
	values := []any{
		nil, "text \r\n\x00\U0001F600", true, false, int64(-5), int64(1) << 40, uint64(1) << 63, 1.5, at, zoned,
		90 * time.Minute,
		[]string{"a", "b"},
		[]string{},
		[]any{"a", int64(1), nil},
		map[string]any{"Add": []string{"x"}, "n": int64(1)},
		[]byte{0, 1, 255},
		cmdlet.Switch(true), cmdlet.Switch(false),
	}
	var args []cmdlet.Arg
	for i, v := range values {
		a := cmdlet.Arg{Value: v}
		if i%2 == 0 {
			a.Name = "P" + strings.Repeat("x", i)
		}
		args = append(args, a)
	}
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	r := p.start(psrp.PipelineOptions{}, call("Test", args...))
	for i, got := range r.Commands[0].Args {
		want := args[i]
		if s, ok := want.Value.(cmdlet.Switch); ok {
			want.Value = bool(s)
		}
		if a, ok := got.Value.(time.Time); ok {
			b, ok := want.Value.(time.Time)
			_, x := a.Zone()
			_, y := b.Zone()
			if !ok || !a.Equal(b) || x != y {
				t.Errorf("%v instead of %v", a, want.Value)
			}
			continue
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%#v instead of %#v", got, want)
		}
	}
	if sent := r.Sent[0].Args[4].Value; sent != int32(-5) {
		t.Errorf("a small number travels as %T", sent)
	}
}

// TestThreeWaysOfNaming gives the server half what PowerShell's proxies and
// Invoke-Command send.
func TestThreeWaysOfNaming(t *testing.T) {
	arg := func(n any, v clixml.Value) clixml.Value {
		return &clixml.Object{Extended: []clixml.Property{{Name: "N", Value: n}, {Name: "V", Value: v}}}
	}
	p := newPair(t, host(), psrp.ServerOptions{IsSwitch: func(_, parameter string) bool { return parameter == "S1" }})
	p.open()
	id := psrp.NewGUID()
	events, err := p.server.Receive(id, wire(t, 2, psrp.MsgCreatePipeline, p.pool.ID(), id, 99, &clixml.Object{Extended: []clixml.Property{
		{Name: "NoInput", Value: true},
		{Name: "PowerShell", Value: &clixml.Object{Extended: []clixml.Property{{Name: "Cmds", Value: &clixml.Object{
			Kind: clixml.List,
			Items: []clixml.Value{&clixml.Object{Extended: []clixml.Property{
				{Name: "Cmd", Value: "Get-X"},
				{Name: "IsScript", Value: false},
				{Name: "Args", Value: &clixml.Object{Kind: clixml.List, Items: []clixml.Value{
					arg("A", "1"), arg("-B:", "2"), arg("-C", nil), arg(nil, "3"), arg("-S1", nil), arg(nil, "4"), arg("-D", nil), arg("-E:", nil), arg("-", "x"),
				}}},
			}}},
		}}}}},
	}}))
	must(t, err)
	r := one[psrp.CreatePipeline](t, events)
	want := []cmdlet.Arg{
		{Name: "A", Value: "1"},
		{Name: "B", Value: "2"},
		{Name: "C", Value: "3"},
		{Name: "S1", Value: cmdlet.Switch(true)},
		{Value: "4"},
		{Name: "D", Value: cmdlet.Switch(true)},
		{Name: "E"},
		{Name: "-", Value: "x"},
	}
	if !reflect.DeepEqual(r.Commands[0].Args, want) {
		t.Fatalf("%#v", r.Commands[0].Args)
	}
}

func TestInputAndHistory(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	r := p.start(psrp.PipelineOptions{Input: true, AddToHistory: true, StreamOptions: psrp.InvocationInfoError | psrp.InvocationInfoDebug, NullHost: true}, call("A"), call("B"))
	if !r.Input || !r.AddHistory || r.StreamOptions != 5 || !r.NullHost || len(r.Commands) != 2 {
		t.Fatalf("%+v", r)
	}
	if _, err := p.server.HostCall(r.ID, psrp.HostWriteLine2, "x"); err == nil {
		t.Error("a host call to a null host")
	}
	must(t, p.pool.Input(r.ID, "one"), p.pool.Input(r.ID, nil), p.pool.Input(r.ID, int64(3)), p.pool.EndInput(r.ID))
	events := p.toServer()
	in := each[psrp.PipelineInput](events)
	if len(in) != 3 || in[0].Value != "one" || in[1].Value != nil || len(in[1].Payload) != 0 || in[2].Value != int64(3) {
		t.Fatalf("%#v", in)
	}
	one[psrp.EndOfInput](t, events)
	var state *psrp.StateError
	if err := p.pool.Input(r.ID, "late"); !errors.As(err, &state) {
		t.Fatalf("input after its end: %v", err)
	}
}

func TestStreams(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	r := p.start(psrp.PipelineOptions{}, call("X"))
	failure := &psrp.RemoteError{
		Message: "m", FullyQualifiedID: "f,X", Category: 7, CategoryReason: "R", CategoryActivity: "X", CategoryTarget: "t",
		CategoryTargetType: "String", CategoryText: "c", ExceptionType: "System.ArgumentException", ExceptionText: "et",
		Details: "d", RecommendedAction: "ra", Target: "t", StackTrace: "st",
	}
	progress := psrp.Progress{Pipeline: r.ID, Activity: "a", ActivityID: 1, ParentActivityID: -1, Status: "s", CurrentOperation: "o", PercentComplete: 50, SecondsRemaining: 9, Completed: true}
	info := psrp.Information{Pipeline: r.ID, Text: "i", Data: "i", Source: "src", Time: clixml.DateTimeOf(time.Unix(1e9, 0).UTC()), Tags: []string{"x"}, User: "u", Computer: "c", ProcessID: 1, NativeThreadID: 2, ManagedThreadID: 3}
	must(
		t,
		p.server.Record(psrp.Record{Pipeline: r.ID, Stream: psrp.Warning, Text: "w"}),
		p.server.Record(psrp.Record{Pipeline: r.ID, Stream: psrp.Verbose, Text: "v"}),
		p.server.Record(psrp.Record{Pipeline: r.ID, Stream: psrp.Debug, Text: "d"}),
		p.server.Error(r.ID, failure), p.server.Progress(progress), p.server.Information(info),
		p.server.Finish(r.ID, psrp.PipelineFailed, failure),
	)
	events := p.toClient()
	for i, want := range []struct {
		stream psrp.RecordStream
		text   string
	}{{psrp.Warning, "w"}, {psrp.Verbose, "v"}, {psrp.Debug, "d"}} {
		if got := events[i].(psrp.Record); got.Stream != want.stream || got.Text != want.text || got.Pipeline != r.ID {
			t.Errorf("%+v", got)
		}
	}
	sameError := func(got *psrp.RemoteError) {
		t.Helper()
		c := *got
		c.Value = nil
		if c != *failure || got.Value == nil {
			t.Errorf("error %+v", c)
		}
		if got.Error() != "d" {
			t.Errorf("text %q", got.Error())
		}
	}
	sameError(events[3].(psrp.ErrorRecord).Err)
	gotProgress := events[4].(psrp.Progress)
	gotProgress.Value = nil
	if gotProgress != progress {
		t.Errorf("%+v", gotProgress)
	}
	gotInfo := events[5].(psrp.Information)
	gotInfo.Value = nil
	if !reflect.DeepEqual(gotInfo, info) {
		t.Errorf("%+v", gotInfo)
	}
	end := events[6].(psrp.PipelineStateChanged)
	if end.State != psrp.PipelineFailed {
		t.Errorf("%+v", end)
	}
	sameError(end.Err)
}

func TestStop(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	r := p.start(psrp.PipelineOptions{Input: true}, call("X"))
	must(t, p.pool.Input(r.ID, "never sent"), p.pool.Stop(r.ID))
	if _, ok := p.pool.Outgoing(1000); ok || p.pool.PipelineState(r.ID) != psrp.PipelineStopping {
		t.Fatalf("after Stop: %v", p.pool.PipelineState(r.ID))
	}
	must(t, p.server.Finish(r.ID, psrp.PipelineStopped, nil))
	end := one[psrp.PipelineStateChanged](t, p.toClient())
	if end.State != psrp.PipelineStopped || end.Err == nil || end.Err.FullyQualifiedID != "PipelineStopped" {
		t.Fatalf("%+v", end)
	}
	p.pool.Forget(r.ID)
	p.server.Drop(r.ID)

	// One that waits for the session key was never sent.
	id := psrp.NewGUID()
	must(t, p.pool.Start(id, psrp.PipelineOptions{}, call("X", cmdlet.Arg{Value: secret("s")})), p.pool.Stop(id))
	if s := p.pool.PipelineState(id); s != psrp.PipelineStopped {
		t.Fatalf("state %v", s)
	}
	if events := p.settle(); len(each[psrp.CreatePipeline](events)) != 0 {
		t.Fatal("a stopped pipeline was sent")
	}
}

func TestRunspaceCalls(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	low, err1 := p.pool.SetMinRunspaces(2)
	high, err2 := p.pool.SetMaxRunspaces(3)
	free, err3 := p.pool.GetAvailable()
	reset, err4 := p.pool.ResetState()
	must(t, err1, err2, err3, err4)
	events := p.toServer()
	want := []psrp.Event{
		psrp.SetRunspaces{CallID: low, Which: psrp.MinRunspaces, Count: 2},
		psrp.SetRunspaces{CallID: high, Which: psrp.MaxRunspaces, Count: 3},
		psrp.GetAvailable{CallID: free},
		psrp.ResetState{CallID: reset},
	}
	if !reflect.DeepEqual(events, want) {
		t.Fatalf("%#v", events)
	}
	must(t, p.server.Accept(low), p.server.Refuse(high), p.server.Available(free, 1<<33), p.server.Accept(reset))
	answers := []psrp.Event{
		psrp.Availability{CallID: low, Count: -1, Accepted: true},
		psrp.Availability{CallID: high, Count: -1},
		psrp.Availability{CallID: free, Count: 1 << 33, Accepted: true},
		psrp.Availability{CallID: reset, Count: -1, Accepted: true},
	}
	if got := p.toClient(); !reflect.DeepEqual(got, answers) {
		t.Fatalf("%#v", got)
	}
	old := newPair(t, psrp.PoolOptions{Version: "2.2"}, psrp.ServerOptions{})
	old.open()
	var state *psrp.StateError
	if _, err := old.pool.ResetState(); !errors.As(err, &state) {
		t.Fatalf("ResetState at 2.2: %v", err)
	}
}

func TestMetadata(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	id := psrp.NewGUID()
	p.pipes = append(p.pipes, id)
	must(t, p.pool.GetMetadata(id, []string{"Get-*"}))
	m := one[psrp.GetCommandMetadata](t, p.toServer())
	if m.ID != id || !reflect.DeepEqual(m.Names, []string{"Get-*"}) || m.Types != 271 {
		t.Fatalf("%+v", m)
	}
	sent := cmdlet.Cmdlet{Name: "Get-Mailbox", Parameters: []cmdlet.Parameter{
		{Name: "Identity", Type: "System.String", Aliases: []string{"Id"}, Position: -1},
		{Name: "Archive", Type: "System.Management.Automation.SwitchParameter", Kind: cmdlet.SwitchKind, Position: -1},
		{Name: "Password", Type: "System.Security.SecureString", Kind: cmdlet.SecretKind, Secret: true, Position: -1},
	}}
	must(t, p.server.Metadata(id, []cmdlet.Cmdlet{sent}), p.server.Finish(id, psrp.PipelineCompleted, nil))
	events := p.toClient()
	if one[psrp.MetadataCount](t, events).Count != 1 {
		t.Fatal("another count")
	}
	got := one[psrp.Metadata](t, events)
	if !reflect.DeepEqual(got.Command, sent) || got.Value == nil {
		t.Fatalf("%+v", got.Command)
	}
	one[psrp.PipelineStateChanged](t, events)
}

func TestUserEvent(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	sent := psrp.UserEvent{Identifier: 3, Source: "My.Event", Time: clixml.DateTimeOf(time.Unix(5, 0).UTC()), Sender: "s", Args: int32(1), Data: "d", Computer: "c", RunspaceID: psrp.NewGUID()}
	must(t, p.server.UserEvent(sent))
	if got := one[psrp.UserEvent](t, p.toClient()); !reflect.DeepEqual(got, sent) {
		t.Fatalf("%+v", got)
	}
}

func TestConnect(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	r := p.start(psrp.PipelineOptions{}, call("X"))
	second, err := psrp.NewPool(psrp.PoolOptions{ID: p.pool.ID()})
	must(t, err, second.Connect())
	p.pool = second
	c := one[psrp.Connecting](t, p.toServer())
	if c.Pool != second.ID() || c.MinRunspaces != -1 || c.MaxRunspaces != -1 {
		t.Fatalf("%+v", c)
	}
	must(t, p.server.Connected(1, 4, map[string]any{}))
	events := p.toClient()
	if got := one[psrp.PoolInitData](t, events); got != (psrp.PoolInitData{MinRunspaces: 1, MaxRunspaces: 4}) {
		t.Fatalf("%+v", got)
	}
	if one[psrp.PoolStateChanged](t, events).State != psrp.PoolOpened || second.State() != psrp.PoolOpened {
		t.Fatal("not open")
	}
	one[psrp.PrivateData](t, events)
	must(t, second.Adopt(r.ID), p.server.Output(r.ID, "x"), p.server.Finish(r.ID, psrp.PipelineCompleted, nil))
	if end := one[psrp.PipelineStateChanged](t, p.toClient()); end.State != psrp.PipelineCompleted {
		t.Fatalf("%+v", end)
	}
}
