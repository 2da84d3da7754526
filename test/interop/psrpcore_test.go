package interop

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/psrp"
	"postroom/session/wsman"
)

func basicConfig(p *peer) wsman.Config {
	return wsman.Config{
		URL: p.url + "?DelegatedOrg=contoso.example&x=%20y", Configuration: "Microsoft.Exchange", Auth: wsman.Basic,
		Credential: credential.Credential{User: account, Secret: credential.NewSecret(password)}, RootCAs: p.roots,
		OperationTimeout: 20 * time.Second,
	}
}

func openBasic(t testing.TB, options psrp.PoolOptions, args ...string) (*peer, *remote) {
	t.Helper()
	p := startBasic(t, args...)
	r := open(t, basicConfig(p), options)
	t.Cleanup(func() {
		r.close()
		if n := p.count(t, "open_shells"); n != 0 {
			t.Errorf("%d shells were left behind", n)
		}
	})
	return p, r
}

func outputs(t testing.TB, events []psrp.Event) []clixml.Value {
	t.Helper()
	var values []clixml.Value
	for _, e := range events {
		if o, ok := e.(psrp.Output); ok {
			v, err := clixml.Decode(o.Payload)
			if err != nil {
				t.Fatalf("output %q: %v", o.Payload, err)
			}
			values = append(values, v)
		}
	}
	return values
}

// ending is the last state of a pipeline.
func ending(t testing.TB, events []psrp.Event) psrp.PipelineStateChanged {
	t.Helper()
	for i := len(events) - 1; i >= 0; i-- {
		if s, ok := events[i].(psrp.PipelineStateChanged); ok && s.State.Final() {
			return s
		}
	}
	t.Fatalf("no final state in %#v", events)
	return psrp.PipelineStateChanged{}
}

func wantCompleted(t testing.TB, events []psrp.Event) {
	t.Helper()
	if s := ending(t, events); s.State != psrp.PipelineCompleted {
		t.Fatalf("ended as %v: %v", s.State, s.Err)
	}
}

func TestPsrpcoreOpensAndTheURLArrivesVerbatim(t *testing.T) {
	p, r := openBasic(t, psrp.PoolOptions{})
	if got := r.shell.ID(); got != strings.ToUpper(r.pool.ID().String()) {
		t.Errorf("shell id %q is not the pool's %v", got, r.pool.ID())
	}
	if got := r.shell.IdleTimeout(); got != 900*time.Second {
		t.Errorf("idle timeout %v, the server said 900 s", got)
	}
	paths := fmt.Sprint(p.stats(t)["paths"])
	if paths != "[/powershell/?DelegatedOrg=contoso.example&x=%20y]" {
		t.Errorf("the server was asked for %s", paths)
	}
}

func TestPsrpcoreRefusesAWrongPassword(t *testing.T) {
	p := startBasic(t)
	config := basicConfig(p)
	config.Credential.Secret = credential.NewSecret("wrong")
	_, err := tryOpen(t, config, psrp.PoolOptions{})
	var auth *wsman.AuthError
	if !errors.As(err, &auth) || auth.HTTP != 401 {
		t.Fatalf("got %v, want an AuthError with 401", err)
	}
	if n := p.count(t, "Create"); n != 0 {
		t.Errorf("%d Creates came through", n)
	}
}

func TestPsrpcoreUnknownConfiguration(t *testing.T) {
	p := startBasic(t)
	config := basicConfig(p)
	config.Configuration = "Microsoft.PowerShell"
	_, err := tryOpen(t, config, psrp.PoolOptions{})
	if !errors.Is(err, wsman.FaultNoResource) {
		t.Fatalf("got %v, want %v", err, wsman.FaultNoResource)
	}
}

// everyType is what peer/cmdlets.py every_type sends, by name.
func everyType(t *testing.T) map[string]clixml.Value {
	t.Helper()
	guid, err := clixml.ParseGUID("00010203-0405-0607-0809-0a0b0c0d0e0f")
	if err != nil {
		t.Fatal(err)
	}
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	const second = 10_000_000
	moment := clixml.DateTimeOf(time.Date(2024, 2, 29, 23, 59, 58, 123456700, time.UTC))
	moment.Kind = clixml.Unspecified
	zoned := clixml.DateTimeOf(time.Date(2024, 2, 29, 23, 59, 58, 0, time.FixedZone("", -7*3600)))
	return map[string]clixml.Value{
		"String": "Zo\u00eb \u4e2d \U0001f600 _x0041_ a\r\nb\t\a <&>\"'",
		"Char":   clixml.Char('\u00e9'), "Bool": true, "Null": nil,
		"Byte": uint8(255), "SByte": int8(-128), "Int16": int16(-32768), "UInt16": uint16(65535),
		"Int32": int32(-2147483648), "UInt32": uint32(4294967295),
		"Int64": int64(-9223372036854775808), "UInt64": uint64(18446744073709551615),
		"Single": float32(1.5), "Double": 1e100, "Decimal": clixml.Decimal("79228162514264337593543950335"),
		"DateTime": moment, "Zoned": zoned,
		"Duration": clixml.Duration((24+2)*3600*second + 3*60*second + 4*second + 50),
		"Bytes":    all, "Guid": guid, "Uri": clixml.URI("https://example.org/a?b=c&d"),
		"Version": clixml.Version("15.20.7452.28"), "Xml": clixml.XML(`<a b="c">d</a>`),
		"ScriptBlock": clixml.ScriptBlock("Get-Mailbox | Out-Null"),
		"List":        &clixml.Object{Kind: clixml.List, Items: []clixml.Value{"a", int32(1), nil}},
		"Queue":       &clixml.Object{Kind: clixml.Queue, Items: []clixml.Value{"a", "b"}},
		"Stack":       &clixml.Object{Kind: clixml.Stack, Items: []clixml.Value{"a", "b"}},
		"Dict": &clixml.Object{Kind: clixml.Dictionary, Entries: []clixml.Entry{
			{Key: "k", Value: "v"}, {Key: int32(2), Value: int32(3)},
		}},
	}
}

// same compares a value that came with the one wanted; of objects, what they hold.
func same(got, want clixml.Value) bool {
	w, ok := want.(*clixml.Object)
	if !ok {
		return reflect.DeepEqual(got, want)
	}
	g, ok := got.(*clixml.Object)
	return ok && g.Kind == w.Kind && reflect.DeepEqual(g.Items, w.Items) && reflect.DeepEqual(g.Entries, w.Entries)
}

func TestPsrpcoreEveryTypeArrives(t *testing.T) {
	_, r := openBasic(t, psrp.PoolOptions{})
	events := r.run(psrp.PipelineOptions{}, cmdlet.Invocation{Cmdlet: "Get-EveryType"}, nil)
	wantCompleted(t, events)
	values := outputs(t, events)
	want := everyType(t)
	if len(values) != 2*len(want) {
		t.Fatalf("%d values came, want %d", len(values), 2*len(want))
	}
	for i, v := range values[:len(want)] {
		o, ok := v.(*clixml.Object)
		if !ok {
			t.Fatalf("value %d is %#v", i, v)
		}
		name, _ := o.Get("Name")
		inside, _ := o.Get("Value")
		expected, known := want[fmt.Sprint(name)]
		if !known {
			t.Fatalf("unexpected %v", name)
		}
		if !same(inside, expected) {
			t.Errorf("%v as a property: got %#v, want %#v", name, inside, expected)
		}
		if bare := values[len(want)+i]; !same(bare, expected) {
			t.Errorf("%v by itself: got %#v, want %#v", name, bare, expected)
		}
	}
}

func TestPsrpcoreParametersArriveAndComeBack(t *testing.T) {
	_, r := openBasic(t, psrp.PoolOptions{})
	secret := credential.NewSecret("s3cret \u00e4\u20ac")
	cases := []struct {
		arg             cmdlet.Arg
		pythonType, str string
		back            clixml.Value
	}{
		{cmdlet.Arg{Name: "Text", Value: "Zo\u00eb _x0041_ \U0001f600\n"}, "PSString", "Zo\u00eb _x0041_ \U0001f600\n", "Zo\u00eb _x0041_ \U0001f600\n"},
		{cmdlet.Arg{Name: "Yes", Value: true}, "bool", "True", true},
		{cmdlet.Arg{Name: "Force", Value: cmdlet.Switch(true)}, "bool", "True", true},
		{cmdlet.Arg{Name: "Small", Value: int64(-7)}, "PSInt", "-7", int32(-7)},
		{cmdlet.Arg{Name: "Large", Value: int64(1) << 40}, "PSInt64", "1099511627776", int64(1) << 40},
		{cmdlet.Arg{Name: "Huge", Value: uint64(18446744073709551615)}, "PSUInt64", "18446744073709551615", uint64(18446744073709551615)},
		{cmdlet.Arg{Name: "Real", Value: 0.1}, "PSDouble", "0.1", 0.1},
		{cmdlet.Arg{Name: "Nothing", Value: nil}, "NoneType", "None", nil},
		{cmdlet.Arg{Name: "Span", Value: 90 * time.Minute}, "PSDuration", "1:30:00", clixml.Duration(54_000_000_000)},
		{cmdlet.Arg{Name: "Raw", Value: []byte{0, 1, 255}}, "PSByteArray", "", []byte{0, 1, 255}},
		{cmdlet.Arg{Value: "positional"}, "PSString", "positional", "positional"},
		{cmdlet.Arg{Name: "Hidden", Value: secret}, "PSSecureString", secret.Reveal(), nil},
		{cmdlet.Arg{Name: "Cred", Value: cmdlet.PSCredential{User: "ann", Password: secret}}, "PSCredential", "ann " + secret.Reveal(), nil},
	}
	inv := cmdlet.Invocation{Cmdlet: "Get-Echo"}
	for _, c := range cases {
		inv.Args = append(inv.Args, c.arg)
	}
	inv.Args = append(inv.Args, cmdlet.Arg{Name: "Many", Value: []string{"a", "b"}})
	events := r.run(psrp.PipelineOptions{}, inv, nil)
	wantCompleted(t, events)
	values := outputs(t, events)
	if len(values) != len(inv.Args) {
		t.Fatalf("%d values came, want %d", len(values), len(inv.Args))
	}
	for i, c := range cases {
		o := values[i].(*clixml.Object)
		name, _ := o.Get("Name")
		kind, _ := o.Get("Type")
		text, _ := o.Get("Text")
		back, _ := o.Get("Value")
		var wantName clixml.Value
		if c.arg.Name != "" {
			wantName = c.arg.Name
		}
		if name != wantName || kind != c.pythonType {
			t.Errorf("argument %d arrived as %v %v, want %v %v", i, kind, name, c.pythonType, wantName)
		}
		if c.str != "" && text != c.str {
			t.Errorf("%s arrived as %q, want %q", c.arg.Name, text, c.str)
		}
		if c.back != nil && !reflect.DeepEqual(back, c.back) {
			t.Errorf("%s came back as %#v, want %#v", c.arg.Name, back, c.back)
		}
	}
	many, _ := values[len(cases)].(*clixml.Object).Get("Value")
	if o, ok := many.(*clixml.Object); !ok || !reflect.DeepEqual(o.Items, []clixml.Value{"a", "b"}) {
		t.Errorf("Many came back as %#v", many)
	}
}

// Several commands go as one pipeline: the peer finds each with its own parameters, in
// their order.
func TestPsrpcoreTakesAPipeline(t *testing.T) {
	_, r := openBasic(t, psrp.PoolOptions{})
	line, err := cmdlet.Reader{}.Line("Get-Echo -Identity 'Okafor,Ada' -OWAEnabled:$true | Get-Echo -Addresses @{Add='a','b'}")
	if err != nil {
		t.Fatal(err)
	}
	id := newGUID(t)
	r.do(func(p *psrp.Pool) error { return p.Start(id, psrp.PipelineOptions{}, line.Pipeline...) })
	events := r.drain(id, nil)
	wantCompleted(t, events)
	var got []string
	for _, v := range outputs(t, events) {
		o := v.(*clixml.Object)
		name, _ := o.Get("Name")
		kind, _ := o.Get("Type")
		got = append(got, fmt.Sprint(name, " ", kind))
	}
	want := []string{"Identity PSString", "OWAEnabled bool", "Addresses PSDict"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("arrived as %q, want %q", got, want)
	}
}

func TestPsrpcoreAllStreamsInOrder(t *testing.T) {
	_, r := openBasic(t, psrp.PoolOptions{})
	events := r.run(psrp.PipelineOptions{}, cmdlet.Invocation{Cmdlet: "Write-Streams"}, nil)
	wantCompleted(t, events)
	var said []string
	for _, e := range events {
		switch e := e.(type) {
		case psrp.Output:
			v, err := clixml.Decode(e.Payload)
			if err != nil {
				t.Fatal(err)
			}
			said = append(said, fmt.Sprintf("output %v", v))
		case psrp.Record:
			said = append(said, fmt.Sprintf("%v %s", e.Stream, e.Text))
		case psrp.Progress:
			said = append(said, fmt.Sprintf("progress %s %d %s/%s %d%% %ds %v", e.Activity, e.ActivityID, e.Status, e.CurrentOperation, e.PercentComplete, e.SecondsRemaining, e.Completed))
		case psrp.Information:
			said = append(said, fmt.Sprintf("information %s from %s %v by %s at %s, %d", e.Text, e.Source, e.Tags, e.User, e.Computer, e.ProcessID))
		case psrp.ErrorRecord:
			said = append(said, fmt.Sprintf("error %s|%s|%s|%d %s %s %s|%s", e.Err.Message, e.Err.Details, e.Err.FullyQualifiedID, e.Err.Category, e.Err.CategoryReason, e.Err.CategoryTarget, e.Err.Target, e.Err.RecommendedAction))
		case psrp.PipelineStateChanged:
		default:
			said = append(said, fmt.Sprintf("%#v", e))
		}
	}
	want := []string{
		"output one", "Warning Micro delay applied.", "Verbose verbose text", "Debug debug text",
		"progress Searching 7 half way/mailbox 5 50% 3s false",
		"information information text from Write-Streams [interop tag2] by ann at EX01, 42",
		"error The mailbox 'nobody' couldn't be found.|details say more|Id,Get-Mailbox|13 ManagementObjectNotFoundException nobody nobody|look again",
		"progress Searching 7 done/ -1% -1s true", "output two",
	}
	if !reflect.DeepEqual(said, want) {
		t.Errorf("said\n%s\nwant\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
	}
}

func TestPsrpcoreTerminatingErrorKeepsTheOutput(t *testing.T) {
	_, r := openBasic(t, psrp.PoolOptions{})
	events := r.run(psrp.PipelineOptions{}, cmdlet.Invocation{Cmdlet: "Write-Failure"}, nil)
	if got := outputs(t, events); !reflect.DeepEqual(got, []clixml.Value{"kept"}) {
		t.Errorf("output %v", got)
	}
	s := ending(t, events)
	if s.State != psrp.PipelineFailed || s.Err == nil || s.Err.Message != "You don't have access." || s.Err.FullyQualifiedID != "AccessDenied,Set-Mailbox" {
		t.Errorf("ended as %v with %#v", s.State, s.Err)
	}
	unknown := r.run(psrp.PipelineOptions{}, cmdlet.Invocation{Cmdlet: "Get-Nothing"}, nil)
	if s := ending(t, unknown); s.State != psrp.PipelineFailed || s.Err == nil || s.Err.FullyQualifiedID != "CommandNotFoundException" {
		t.Errorf("an unknown command ended as %v with %#v", s.State, s.Err)
	}
}

func TestPsrpcoreFragmentsBothWays(t *testing.T) {
	p, r := openBasic(t, psrp.PoolOptions{})
	const size = 1_000_003
	events := r.run(psrp.PipelineOptions{}, cmdlet.Invocation{Cmdlet: "Get-Blob", Args: []cmdlet.Arg{{Name: "Size", Value: int64(size)}}}, nil)
	wantCompleted(t, events)
	got := outputs(t, events)[0].(string)
	if want := strings.Repeat("0123456789abcdef", size/16+1)[:size]; got != want {
		t.Errorf("%d bytes came, want %d, or they differ", len(got), len(want))
	}
	long := strings.Repeat("\u00e4 <&> ", 60_000)
	events = r.run(psrp.PipelineOptions{}, cmdlet.Invocation{Cmdlet: "Get-Echo", Args: []cmdlet.Arg{{Name: "Long", Value: long}}}, nil)
	wantCompleted(t, events)
	back, _ := outputs(t, events)[0].(*clixml.Object).Get("Value")
	if back != long {
		t.Errorf("a parameter of %d bytes came back different", len(long))
	}
	if n := p.count(t, "largest_request"); n > 153_600 {
		t.Errorf("a request had %d bytes, the server takes 153600", n)
	}
	if n := p.count(t, "sent_stdin"); n == 0 {
		t.Error("a call that does not fit into Command was not continued by Send")
	}
}

func TestPsrpcoreKeyExchangeBothWays(t *testing.T) {
	_, r := openBasic(t, psrp.PoolOptions{})
	// The server's own SecureString comes before any key: the client keeps the
	// ciphertext, asks for the key, and decrypts then.
	events := r.run(psrp.PipelineOptions{}, cmdlet.Invocation{Cmdlet: "Get-UnaskedSecret"}, nil)
	wantCompleted(t, events)
	v, _ := outputs(t, events)[0].(*clixml.Object).Get("Secret")
	sealed, ok := v.(clixml.SecureString)
	if !ok {
		t.Fatalf("Secret is %#v", v)
	}
	select {
	case <-r.ready:
	default:
		r.do(func(p *psrp.Pool) error { return p.RequestKey() })
	}
	select {
	case <-r.ready:
	case <-patient(t).Done():
		t.Fatal("no session key")
	}
	decrypt := func(s clixml.SecureString) string {
		r.mu.Lock()
		defer r.mu.Unlock()
		text, err := r.pool.Decrypt(s)
		if err != nil {
			t.Errorf("decrypt: %v", err)
		}
		return text
	}
	if got := decrypt(sealed); got != "s3cret \u00e4\u20ac" {
		t.Errorf("the server's secret is %q", got)
	}
	for _, text := range []string{"", "a", "p\u00e4ssw\u00f6rd \U0001f511", strings.Repeat("long ", 500)} {
		events := r.run(psrp.PipelineOptions{}, cmdlet.Invocation{Cmdlet: "Test-Secret", Args: []cmdlet.Arg{
			{Name: "Password", Value: credential.NewSecret(text)},
		}}, nil)
		wantCompleted(t, events)
		o := outputs(t, events)[0].(*clixml.Object)
		if clear, _ := o.Get("Clear"); clear != text {
			t.Errorf("%q arrived as %q", text, clear)
		}
		back, _ := o.Get("Secret")
		if got := decrypt(back.(clixml.SecureString)); got != text {
			t.Errorf("%q came back as %q", text, got)
		}
	}
}

func TestPsrpcoreHostAsksAndIsAnswered(t *testing.T) {
	_, r := openBasic(t, psrp.PoolOptions{Host: psrp.HostInfo{Present: true, Title: "interop"}})
	answer := func(_ psrp.GUID, e psrp.Event) {
		call, ok := e.(psrp.HostCall)
		if !ok || !call.NeedsAnswer() {
			return
		}
		secret := credential.NewSecret("geh\u00e4im")
		r.do(func(p *psrp.Pool) error {
			switch call.Method {
			case psrp.HostPrompt:
				prompt, ok := call.AsPrompt()
				if !ok || len(prompt.Fields) != 2 || prompt.Fields[0].Secret || !prompt.Fields[1].Secret || prompt.Fields[0].Help != "whom" {
					t.Errorf("prompt %#v", prompt)
				}
				return p.Answer(call, map[string]any{"Identity": "bob", "Password": secret})
			case psrp.HostPromptForChoice:
				choice, ok := call.AsChoice()
				if !ok || len(choice.Choices) != 2 || choice.Choices[1].Label != "&No" || choice.Message != "Are you sure?" {
					t.Errorf("choice %#v", choice)
				}
				return p.Answer(call, int32(1))
			case psrp.HostPromptForCredential2:
				asked, ok := call.AsCredential()
				if !ok || asked.User != "ann" || asked.Target != "target" {
					t.Errorf("credential %#v", asked)
				}
				return p.Answer(call, cmdlet.PSCredential{User: "ann", Password: secret})
			case psrp.HostReadLine:
				return p.Answer(call, "typed")
			case psrp.HostReadLineAsSecureString:
				return p.Answer(call, secret)
			default:
				return p.AnswerError(call, "not supported by this host")
			}
		})
	}
	events := r.run(psrp.PipelineOptions{}, cmdlet.Invocation{Cmdlet: "Test-Prompt"}, answer)
	wantCompleted(t, events)
	want := []clixml.Value{
		"identity=bob", "password=geh\u00e4im", "choice=1", "credential=ann:geh\u00e4im", "line=typed", "secret=geh\u00e4im", "refused=ErrorRecord",
	}
	if got := outputs(t, events); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPsrpcoreTakesInput(t *testing.T) {
	_, r := openBasic(t, psrp.PoolOptions{})
	id := newGUID(t)
	inputs := []clixml.Value{"one", int32(2), true, "\u4e2d"}
	r.do(func(p *psrp.Pool) error {
		return p.Start(id, psrp.PipelineOptions{Input: true}, cmdlet.Invocation{Cmdlet: "Test-Input"})
	})
	for _, v := range inputs {
		r.do(func(p *psrp.Pool) error { return p.Input(id, v) })
	}
	r.do(func(p *psrp.Pool) error { return p.EndInput(id) })
	events := r.drain(id, nil)
	wantCompleted(t, events)
	if got, want := outputs(t, events), append(inputs, "count=4"); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPsrpcoreStopIsAStop(t *testing.T) {
	p, r := openBasic(t, psrp.PoolOptions{})
	stopped := false
	events := r.run(psrp.PipelineOptions{}, cmdlet.Invocation{Cmdlet: "Wait-Forever"}, func(id psrp.GUID, e psrp.Event) {
		if _, ok := e.(psrp.Output); ok && !stopped {
			stopped = true
			r.do(func(p *psrp.Pool) error { return p.Stop(id) })
			if err := r.shell.Signal(patient(t), strings.ToUpper(id.String()), wsman.SignalStop); err != nil {
				t.Errorf("signal: %v", err)
			}
		}
	})
	if s := ending(t, events); s.State != psrp.PipelineStopped {
		t.Errorf("ended as %v: %v", s.State, s.Err)
	}
	if p.count(t, "stop") != 1 || p.count(t, "terminate") != 1 {
		t.Errorf("the server saw %v", p.stats(t))
	}
	// The pool lives on.
	wantCompleted(t, r.run(psrp.PipelineOptions{}, cmdlet.Invocation{Cmdlet: "Get-Mailbox"}, nil))
}

func TestPsrpcoreParallelPipelinesDoNotMix(t *testing.T) {
	_, r := openBasic(t, psrp.PoolOptions{MinRunspaces: 1, MaxRunspaces: 3})
	var wait sync.WaitGroup
	for n := range 3 {
		id := newGUID(t)
		rows := 40 * (n + 1)
		r.do(func(p *psrp.Pool) error {
			return p.Start(id, psrp.PipelineOptions{}, cmdlet.Invocation{Cmdlet: "Get-Mailbox", Args: []cmdlet.Arg{{Name: "ResultSize", Value: int64(rows)}}})
		})
		wait.Go(func() { // ends with the pipeline, or with patience
			got, err := countRows(patient(t), r, id)
			if err != nil || got != rows {
				t.Errorf("pipeline %d gave %d rows, want %d (%v)", n, got, rows, err)
			}
		})
	}
	wait.Wait()
}

func countRows(ctx context.Context, r *remote, id psrp.GUID) (int, error) {
	rows := 0
	for {
		events, done, err := r.receive(ctx, id)
		if err != nil {
			return rows, err
		}
		for _, e := range events {
			o, ok := e.(psrp.Output)
			if !ok {
				continue
			}
			v, err := clixml.Decode(o.Payload)
			if err != nil {
				return rows, err
			}
			if name, _ := v.(*clixml.Object).Get("Identity"); name != fmt.Sprintf("mailbox%06d", rows) {
				return rows, fmt.Errorf("row %d is %v", rows, name)
			}
			rows++
		}
		if done {
			return rows, r.shell.Signal(ctx, strings.ToUpper(id.String()), wsman.SignalTerminate)
		}
	}
}

func TestPsrpcoreCountsRunspaces(t *testing.T) {
	_, r := openBasic(t, psrp.PoolOptions{MinRunspaces: 1, MaxRunspaces: 2})
	calls := []struct {
		name string
		call func(*psrp.Pool) (int64, error)
		want psrp.Availability
	}{
		{"available", func(p *psrp.Pool) (int64, error) { return p.GetAvailable() }, psrp.Availability{Count: 2, Accepted: true}},
		{"maximum", func(p *psrp.Pool) (int64, error) { return p.SetMaxRunspaces(5) }, psrp.Availability{Count: -1, Accepted: true}},
		{"minimum", func(p *psrp.Pool) (int64, error) { return p.SetMinRunspaces(2) }, psrp.Availability{Count: -1, Accepted: true}},
		{"available after", func(p *psrp.Pool) (int64, error) { return p.GetAvailable() }, psrp.Availability{Count: 5, Accepted: true}},
		{"reset", func(p *psrp.Pool) (int64, error) { return p.ResetState() }, psrp.Availability{Count: -1, Accepted: true}},
	}
	for _, c := range calls {
		r.do(func(p *psrp.Pool) (err error) {
			c.want.CallID, err = c.call(p)
			return err
		})
		if got := r.availability(t); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

// availability waits for the answer to a call about runspaces.
func (r *remote) availability(t *testing.T) psrp.Availability {
	t.Helper()
	for {
		select {
		case e := <-r.told:
			if a, ok := e.(psrp.Availability); ok {
				return a
			}
		case <-patient(t).Done():
			t.Fatal("no answer")
		}
	}
}

func TestPsrpcoreOlderServers(t *testing.T) {
	for _, version := range []string{psrp.Version20, psrp.Version21, psrp.Version22} {
		t.Run(version, func(t *testing.T) {
			_, r := openBasic(t, psrp.PoolOptions{}, "--version", version)
			if got := r.pool.Version(); got != version {
				t.Errorf("version %s is in force, the server has %s", got, version)
			}
			events := r.run(psrp.PipelineOptions{}, cmdlet.Invocation{Cmdlet: "Test-Secret", Args: []cmdlet.Arg{
				{Name: "Password", Value: credential.NewSecret("s3cret")},
			}}, nil)
			wantCompleted(t, events)
			if clear, _ := outputs(t, events)[0].(*clixml.Object).Get("Clear"); clear != "s3cret" {
				t.Errorf("the secret arrived as %v", clear)
			}
		})
	}
}

func TestPsrpcoreTinyFragments(t *testing.T) {
	for _, size := range []string{"22", "61", "100"} {
		t.Run(size, func(t *testing.T) {
			_, r := openBasic(t, psrp.PoolOptions{}, "--fragment", size, "--answer-bytes", "50000")
			events := r.run(psrp.PipelineOptions{}, cmdlet.Invocation{Cmdlet: "Get-Mailbox", Args: []cmdlet.Arg{{Name: "ResultSize", Value: int64(5)}}}, nil)
			wantCompleted(t, events)
			for i, v := range outputs(t, events) {
				if name, _ := v.(*clixml.Object).Get("Identity"); name != fmt.Sprintf("mailbox%06d", i) {
					t.Errorf("row %d is %v", i, name)
				}
			}
			if n := len(outputs(t, events)); n != 5 {
				t.Errorf("%d rows, want 5", n)
			}
		})
	}
}

func TestPsrpcoreDescribesCommands(t *testing.T) {
	_, r := openBasic(t, psrp.PoolOptions{MaxRunspaces: 2})
	id := newGUID(t)
	r.do(func(p *psrp.Pool) error { return p.GetMetadata(id, []string{"Get-*"}) })
	events := r.drain(id, nil)
	wantCompleted(t, events)
	var names []string
	count := -1
	for _, e := range events {
		switch e := e.(type) {
		case psrp.MetadataCount:
			count = e.Count
		case psrp.Metadata:
			names = append(names, e.Command.Name)
		}
	}
	if count == -1 || len(names) != count {
		t.Errorf("count %d, commands %v", count, names)
	}
}

func TestPsrpcoreShellThatIsGone(t *testing.T) {
	p := startBasic(t)
	r := open(t, basicConfig(p), psrp.PoolOptions{})
	record := r.shell.Record()
	r.close()
	client, err := wsman.New(basicConfig(p))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	again, err := client.Attach(record)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Delete(patient(t)); err != nil && !errors.Is(err, wsman.FaultShellGone) {
		t.Errorf("delete of a shell that is gone: %v", err)
	}
	if _, err := again.Receive(patient(t), ""); !errors.Is(err, wsman.FaultShellGone) {
		t.Errorf("receive from a shell that is gone: %v", err)
	}
}
