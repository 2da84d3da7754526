package psrp_test

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// TestClientSendsWhatPowerShellSends lets our client make the calls that
// PowerShell's client made in the recordings, and compares the messages as
// decoded trees. Ids, ciphertexts and the versions in .NET type names differ by
// nature. The cases that our client cannot ask for are counted, so that the
// comparison cannot quietly shrink.
func TestClientSendsWhatPowerShellSends(t *testing.T) {
	compared, skipped, piped := map[psrp.MessageType]int{}, map[string]int{}, map[string]int{}
	for _, c := range conversations(t) {
		if is24(c.name) || strings.Contains(c.name, "c21") || strings.Contains(c.name, "c22") || strings.Contains(c.name, "c24") {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			raw := rawMessages(t, c.pieces)
			r := newReplay(t, c, raw[0].pool)
			for _, p := range c.pieces {
				r.play(p, whole)
			}
			s := &sameCalls{t: t, recorded: map[string][]rawMessage{}, compared: compared, skipped: skipped, piped: piped}
			for _, m := range raw {
				if m.fromClient {
					s.recorded[callKey(m)] = append(s.recorded[callKey(m)], m)
				}
			}
			s.run(r.requests)
		})
	}
	t.Logf("compared %v, skipped %v, piped %v", compared, skipped, piped)
	for _, pipeline := range []string{"Get-FormatData | Measure-Object", "Get-Mailbox | Measure-Object", "Get-Mailbox | Select-Object"} {
		if piped[pipeline] == 0 {
			t.Errorf("%s was not compared", pipeline)
		}
	}
	for typ, least := range map[psrp.MessageType]int{
		psrp.MsgSessionCapability: 43, psrp.MsgInitRunspacePool: 43, psrp.MsgCreatePipeline: 117, psrp.MsgGetCommandMetadata: 2,
		psrp.MsgPipelineInput: 13, psrp.MsgEndOfPipelineInput: 4, psrp.MsgPipelineHostResponse: 9, psrp.MsgPublicKey: 2,
		psrp.MsgGetAvailableRunspaces: 5, psrp.MsgSetMinRunspaces: 1, psrp.MsgSetMaxRunspaces: 1, psrp.MsgResetRunspaceState: 1,
	} {
		if compared[typ] < least {
			t.Errorf("%v: only %d messages compared, at least %d were", typ, compared[typ], least)
		}
	}
}

func callKey(m rawMessage) string { return m.typ.String() + m.stream.String() }

// sameCalls makes the recorded calls with our client half against our server half.
type sameCalls struct {
	t        *testing.T
	pair     *pair
	recorded map[string][]rawMessage
	compared map[psrp.MessageType]int
	skipped  map[string]int
	piped    map[string]int // the pipelines of several commands, by their names
	started  map[psrp.GUID]bool
}

func (s *sameCalls) run(requests []psrp.Event) {
	s.t.Helper()
	s.started = map[psrp.GUID]bool{}
	for _, e := range requests {
		switch e := e.(type) {
		case psrp.Opening:
			s.open(e)
		case psrp.CreatePipeline:
			s.create(e)
		case psrp.GetCommandMetadata:
			if len(e.Namespace) > 0 {
				s.skipped["metadata of a module"]++
				continue
			}
			s.do(s.pair.pool.GetMetadata(e.ID, e.Names))
		case psrp.PipelineInput:
			if s.started[e.Pipeline] {
				s.do(s.pair.pool.Input(e.Pipeline, e.Value))
			}
		case psrp.EndOfInput:
			if s.started[e.Pipeline] {
				s.do(s.pair.pool.EndInput(e.Pipeline))
			}
		case psrp.HostResponse:
			if s.started[e.Pipeline] {
				s.answer(e)
			}
		case psrp.SetRunspaces:
			var err error
			if e.Which == psrp.MinRunspaces {
				_, err = s.pair.pool.SetMinRunspaces(e.Count)
			} else {
				_, err = s.pair.pool.SetMaxRunspaces(e.Count)
			}
			s.do(err)
		case psrp.GetAvailable:
			_, err := s.pair.pool.GetAvailable()
			s.do(err)
		case psrp.ResetState:
			_, err := s.pair.pool.ResetState()
			s.do(err)
		}
	}
}

func (s *sameCalls) open(e psrp.Opening) {
	s.t.Helper()
	o := psrp.PoolOptions{ID: e.Pool, MinRunspaces: e.MinRunspaces, MaxRunspaces: e.MaxRunspaces, Host: psrp.HostInfo{Present: !e.NullHost}}
	if table, ok := e.Arguments.(*clixml.Object); ok {
		o.Arguments = []clixml.Property{}
		for _, entry := range table.Entries {
			o.Arguments = append(o.Arguments, clixml.Property{Name: entry.Key.(string), Value: entry.Value})
		}
	}
	s.pair = newPair(s.t, o, psrp.ServerOptions{})
	s.pair.packet = 1 << 20
	s.do(s.pair.pool.Open())
	if err := s.pair.server.Opened(nil); err != nil {
		s.t.Fatal(err)
	}
	s.pair.toClient()
}

func (s *sameCalls) create(e psrp.CreatePipeline) {
	s.t.Helper()
	host, _ := e.Value.Get("HostInfo")
	poolHost, _ := host.(*clixml.Object).Get("_useRunspaceHost")
	shell, _ := e.Value.Get("PowerShell")
	redirect, _ := shell.(*clixml.Object).Get("RedirectShellErrorOutputPipe")
	nested, _ := e.Value.Get("IsNested")
	own := ""
	switch state, _ := e.Value.Get("ApartmentState"); {
	case len(e.Statements) > 0:
		own = "several statements"
	case poolHost != true:
		own = "a host of the pipeline's own"
	case state.(*clixml.Object).ToString != "Unknown":
		own = "an apartment state"
	case nested != false || redirect != true:
		own = "a nested pipeline or the proxy's own settings"
	}
	o := psrp.PipelineOptions{Input: e.Input, StreamOptions: psrp.StreamOptions(e.StreamOptions), AddToHistory: e.AddHistory}
	for _, c := range e.Sent {
		if c.IsScript {
			own = "script text"
		}
		if c.Merges["MergePreviousResults"] != 0 {
			own = "unclaimed results"
		}
		for _, a := range c.Args {
			if strings.HasPrefix(a.Name, "-") && !strings.HasSuffix(a.Name, ":") {
				own = "a value beside its parameter's name"
			}
		}
	}
	if own != "" {
		s.skipped[own]++
		s.recorded[psrp.MsgCreatePipeline.String()+e.ID.String()] = nil
		return
	}
	for i, name := range []string{"MergeError", "MergeWarning", "MergeVerbose", "MergeDebug", "MergeInformation"} {
		m := psrp.Merge{From: psrp.MergeStream(i + 1)}
		switch e.Sent[0].Merges[name] {
		case 0:
			continue
		case 8:
			m.To = psrp.ToNull
		}
		o.Merge = append(o.Merge, m)
	}
	s.started[e.ID] = true
	if len(e.Commands) > 1 {
		s.piped[commandNames(e.Commands)]++
	}
	s.do(s.pair.pool.Start(e.ID, o, e.Commands...))
}

func commandNames(commands []cmdlet.Invocation) string {
	names := make([]string, len(commands))
	for i, c := range commands {
		names[i] = c.Cmdlet
	}
	return strings.Join(names, " | ")
}

func (s *sameCalls) answer(e psrp.HostResponse) {
	s.t.Helper()
	if _, err := s.pair.server.HostCall(e.Pipeline, e.Method); err != nil {
		s.t.Fatal(err)
	}
	s.pair.pipes = []psrp.GUID{e.Pipeline}
	c := one[psrp.HostCall](s.t, s.pair.toClient())
	if e.Err != nil {
		s.do(s.pair.pool.AnswerError(c, e.Err.Message))
		return
	}
	s.do(s.pair.pool.Answer(c, e.Value))
}

// do carries what a call queued to the server half and compares each message.
func (s *sameCalls) do(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	for {
		var pieces []piece
		for {
			packet, ok := s.pair.pool.Outgoing(1 << 20)
			if !ok {
				break
			}
			pieces = append(pieces, piece{fromClient: true, stream: packet.Pipeline, data: packet.Data})
			if _, err := s.pair.server.Receive(packet.Pipeline, packet.Data); err != nil {
				s.t.Fatal(err)
			}
		}
		for _, m := range rawMessages(s.t, pieces) {
			s.compare(m)
		}
		if len(s.pair.toClient()) == 0 {
			return
		}
	}
}

func (s *sameCalls) compare(ours rawMessage) {
	s.t.Helper()
	list := s.recorded[callKey(ours)]
	if len(list) == 0 {
		if ours.typ == psrp.MsgPublicKey {
			return // PowerShell encrypted with the key of an earlier exchange
		}
		s.t.Fatalf("PowerShell sent no %v here", ours.typ)
	}
	theirs := list[0]
	s.recorded[callKey(ours)] = list[1:]
	want, got := normalForm(s.t, theirs), normalForm(s.t, ours)
	if want != got {
		s.t.Fatalf("%v\nPowerShell sent %s\nours is        %s", ours.typ, want, got)
	}
	s.compared[ours.typ]++
}

// normalForm writes a payload as text without what differs by nature.
func normalForm(t *testing.T, m rawMessage) string {
	t.Helper()
	v, err := clixml.Decode(m.payload)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	n := normalizer{&b, m.typ}
	n.write(v, "")
	return b.String()
}

type normalizer struct {
	b   *strings.Builder
	typ psrp.MessageType
}

var assemblyVersion = regexp.MustCompile(`Version=[0-9.]+`)

func (n normalizer) write(v clixml.Value, name string) {
	switch v := v.(type) {
	case clixml.SecureString:
		n.b.WriteString("(ciphertext)")
	case string:
		switch {
		case name == "PublicKey" || name == "title":
			v = "(" + name + ")"
		case name == "N":
			v = strings.TrimSuffix(strings.TrimPrefix(v, "-"), ":")
		}
		fmt.Fprintf(n.b, "%q", v)
	case *clixml.Object:
		n.object(v, name)
	case int64:
		// A whole number of a cmdlet's argument is sent in 32 bits where it fits.
		if n.typ == psrp.MsgCreatePipeline && v >= math.MinInt32 && v <= math.MaxInt32 {
			fmt.Fprintf(n.b, "int32(%d)", v)
			return
		}
		fmt.Fprintf(n.b, "int64(%d)", v)
	case int32:
		switch name {
		case "width", "height", "ci", "x", "y":
			v = 0
		}
		fmt.Fprintf(n.b, "int32(%d)", v)
	default:
		fmt.Fprintf(n.b, "%T(%v)", v, v)
	}
}

func (n normalizer) object(o *clixml.Object, name string) {
	first := ""
	if len(o.Types) > 0 {
		first = o.Types[0]
	}
	switch {
	case first == "System.Management.Automation.SwitchParameter":
		// PowerShell's proxies send the object where ours sends its value.
		present, _ := o.Get("IsPresent")
		fmt.Fprintf(n.b, "%T(%v)", present, present)
		return
	case name == "V" && slices.Contains(o.Types, "System.Enum"):
		// Our client has no .NET enums: the server converts their names.
		fmt.Fprintf(n.b, "%q", o.ToString)
		return
	}
	types := slices.Clone(o.Types)
	for i := range types {
		types[i] = assemblyVersion.ReplaceAllString(types[i], "Version=")
	}
	if name == "V" && o.Kind == clixml.List {
		types = []string{"list"}
	}
	fmt.Fprintf(n.b, "{%q", types)
	if o.HasToString {
		fmt.Fprintf(n.b, " text %q", o.ToString)
	}
	if o.HasBase {
		n.b.WriteString(" base ")
		n.write(o.Base, "")
	}
	if o.Kind != clixml.None {
		n.b.WriteString(" " + o.Kind.String() + "[")
		for _, item := range o.Items {
			n.write(item, "")
			n.b.WriteString(" ")
		}
		n.entries(o)
		n.b.WriteString("]")
	}
	for _, list := range [][]clixml.Property{o.Adapted, o.Extended} {
		n.b.WriteString(" (")
		for _, p := range list {
			n.b.WriteString(p.Name + "=")
			n.write(p.Value, p.Name)
			n.b.WriteString(" ")
		}
		n.b.WriteString(")")
	}
	n.b.WriteString("}")
}

// entries writes a dictionary by its keys: .NET's hash tables have no order.
func (n normalizer) entries(o *clixml.Object) {
	var list []string
	for _, e := range o.Entries {
		var b strings.Builder
		one := normalizer{&b, n.typ}
		one.write(e.Key, "")
		b.WriteString(": ")
		name := ""
		if n.typ == psrp.MsgInitRunspacePool && e.Key == int32(9) {
			name = "title"
		}
		if wrapped, ok := e.Value.(*clixml.Object); ok && name != "" {
			for _, p := range wrapped.Extended {
				one.write(p.Name, "")
			}
		} else {
			one.write(e.Value, name)
		}
		list = append(list, b.String())
	}
	slices.Sort(list)
	n.b.WriteString(strings.Join(list, ", "))
}
